"""The second checker: it agrees with the kernel where the kernel is right, refuses what is false, and shares nothing with it."""

import json
import subprocess
import sys

import pytest

import derive
from checkout import ROOT
from derive.kernel.replay import replay, sealed
from derive.prover import infer
from derive.second import Disagrees, NoMeaning, replay_second
from planted import attacks, averages, deltas, exponentials, functions, operators, products, scales

JAIN = derive.load("jain")
PRINTED = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
LABELS = ("4", "6", "8", "9", *map(str, range(14, 20)), "21", "22", "24", "25", "26", "28", "33", "35", "37", "49", "50")
TOPICS = (operators, functions, exponentials, deltas, products, scales, averages, attacks)


def evidence_of(found):
    return [json.loads(json.dumps(e)) for one in found if (e := one.certificate or one.countermodel) is not None]


@pytest.fixture(scope="module")
def stored():
    """(label, evidence) of many steps of the paper."""
    return [(label, e) for label in LABELS for e in evidence_of(infer(JAIN, label, PRINTED))]


@pytest.fixture(scope="module")
def planted():
    """(name, evidence) of the corpus."""
    every = [one for topic in TOPICS for one in (*topic.TRUE, *topic.FALSE)]
    return [(one.name, e) for one in every for e in evidence_of(infer(one.derivation, "claim", {}))]


def opinion(evidence):
    try:
        replay_second(evidence)
    except NoMeaning as error:
        return f"unread: {error}"
    return "agrees"


def test_it_agrees_on_the_paper(stored):
    said = {label: opinion(e) for label, e in stored}
    assert set(said.values()) == {"agrees"}, said
    assert {e["kind"] for _, e in stored} == {"certificate", "countermodel", "all"}


def test_it_agrees_on_the_planted_corpus(planted):
    said = [opinion(e) for _, e in planted]
    assert all(word == "agrees" or word.startswith("unread") for word in said)
    assert len(planted) >= 150
    assert said.count("agrees") >= 0.95 * len(said), sorted(set(said))


# what is false is refused

ALSO_TRUE = {"14", "50"}  # X = 0: twice X is 0 as well


def forged(evidence):
    """Certificates of something else under a digest of their own: the claim's left side twice."""
    lhs, rhs = evidence["claim"]
    without = {key: value for key, value in evidence.items() if key != "model"}
    return sealed({**without, "claim": [["prod", ["num", "2"], lhs], rhs]})


def test_a_certificate_of_something_else_is_refused(stored):
    tried = 0
    for label, evidence in stored:
        homogeneous = evidence.get("claim", [0, 0])[1] == ["num", "0"] or label in ALSO_TRUE
        if evidence["kind"] != "certificate" or homogeneous or evidence["closing"][0] == "commutant":
            continue
        tried += 1
        with pytest.raises(Disagrees):
            replay_second(forged(evidence))
    assert tried >= 12


def test_a_step_with_another_factor_is_refused(stored):
    tried = 0
    for _, evidence in stored:
        if evidence["kind"] == "certificate" and evidence["steps"]:
            steps = [{**evidence["steps"][0], "factor": ["prod", ["num", "3"], evidence["steps"][0]["factor"]]}]
            without = {key: value for key, value in evidence.items() if key != "model"}
            tried += 1
            with pytest.raises(Disagrees):
                replay_second(sealed({**without, "steps": [*steps, *evidence["steps"][1:]]}))
    assert tried >= 5


def test_a_model_is_no_countermodel_and_the_other_way_round(stored):
    models = [e["model"] for _, e in stored if e["kind"] == "certificate" and e.get("model")]
    models += [e for _, e in stored if e["kind"] == "countermodel"]
    assert len(models) >= 15
    for model in models:
        other = {"model": "countermodel", "countermodel": "model"}[model["kind"]]
        with pytest.raises(Disagrees, match=r"holds on the model|does not hold on the model"):
            replay_second(sealed({**model, "kind": other}))


def test_a_changed_number_in_a_model_that_a_premise_speaks_of_is_refused():
    (found,) = infer(JAIN, "24", PRINTED)
    model = json.loads(json.dumps(found.certificate))["model"]
    assert opinion(model) == "agrees"
    values = {**model["values"], "level|1": model["values"]["level|0"]}  # two levels become one
    changed = sealed({**model, "values": values})
    with pytest.raises((Disagrees, ZeroDivisionError)):
        replay_second(changed)


def test_a_changed_byte_is_refused(stored):
    for _, evidence in stored[:6]:
        with pytest.raises(Disagrees, match="digest"):
            replay_second({**evidence, "digest": "0" * 64})
    with pytest.raises(Disagrees, match="kind"):
        replay_second({"digest": ""})


def test_what_it_cannot_read_is_no_agreement():
    with pytest.raises(NoMeaning, match="hunch"):
        replay_second(sealed({"kind": "hunch"}))


def test_a_premise_of_another_thing_names_no_function_of_h():
    """[rho, V] = 0 does not say that rho is a function of H."""
    (found,) = infer(JAIN, "16", PRINTED)
    evidence = json.loads(json.dumps(found.certificate))
    assert evidence["closing"][0] == "commutant"
    text = json.dumps(evidence["premises"])
    other = json.loads(text.replace('["ham", "H", ["slow:tau"]]', '["op", "V", "", [], 0]'))
    without = {key: value for key, value in evidence.items() if key != "model"}
    with pytest.raises(Disagrees, match="commutes"):
        replay_second(sealed({**without, "premises": other}))
    with pytest.raises(Disagrees, match="new name"):
        replay_second(sealed({**without, "simple": ""}))


# apart from the kernel

ALONE = """
import json, sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p] + [sys.argv[1]]
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sympy", "numpy", "scipy", "mpmath") or name.startswith("derive.kernel"):
            raise RuntimeError("imported " + name)
        if name.split(".")[0] == "flint":
            raise ImportError("not here")
sys.meta_path.insert(0, Refuse())
from derive.second import replay_second
for evidence in json.load(sys.stdin):
    replay_second(evidence)
print(sorted(name for name in sys.modules if name.startswith("derive.")))
"""


def test_it_replays_without_the_kernel_sympy_and_numpy(stored):
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(ROOT)],
        input=json.dumps([e for _, e in stored[:8]]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "derive.kernel" not in done.stdout
    for _, e in stored[:8]:
        replay(e)  # the kernel agrees, by its own ways
