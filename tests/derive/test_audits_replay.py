"""Evidence of audits replayed: what was changed, forged or swapped is refused, with the seal mended."""

import copy
import json
import subprocess
import sys
from fractions import Fraction
from functools import cache

import pytest

import derive
from checkout import ROOT
from derive.audits import audit, check_audit
from derive.kernel import bumps, jets
from derive.kernel.audits import KINDS, stage_of
from derive.kernel.errors import KernelError, Malformed, Refused
from derive.kernel.replay import sealed

E, TAU, T = "energy:E", "slow:tau", "time:t"


@cache
def answers(case):
    return audit(derive.load(case))


def evidence(case, label, question):
    (one,) = (a for a in answers(case) if a.label == label and a.question == question)
    return copy.deepcopy(dict(one.certificate or one.countermodel))


def forged(body, **changes):
    """The evidence with other fields and a seal that fits."""
    return sealed({k: v for k, v in {**body, **changes}.items() if k != "digest"})


def everything():
    return [
        a.certificate or a.countermodel for case in ("jain", "smoluchowski") for a in answers(case) if a.verdict in ("yes", "no")
    ]


def test_there_is_evidence_of_many_kinds():
    assert len({e["kind"] for e in everything()}) >= 10
    assert {e["kind"] for e in everything()} <= set(KINDS)


def test_evidence_is_plain_json_without_floats():
    def floats(value):
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    for one in everything():
        assert json.loads(json.dumps(one)) == one
        assert not floats(one)


def test_one_changed_field_breaks_the_seal():
    for one in everything():
        for key in one:
            with pytest.raises(KernelError):
                check_audit({**one, key: "changed" if key != "positive" else ["changed"]})


def test_one_changed_number_is_refused_though_the_seal_is_mended():
    """Every number of every countermodel by polynomials, and of every flux and form, matters or is refused."""
    changed = 0
    for one in everything():
        for key in ("flux", "drift", "diffusion", "integral"):
            if one.get(key):
                text = json.dumps(one[key])
                other = text.replace('"1"', '"3"', 1) if '"1"' in text else '"12345"'
                with pytest.raises(KernelError):
                    check_audit(forged(one, **{key: json.loads(other)}))
                changed += 1
    assert changed > 10


def test_no_evidence_shows_another_verdict():
    """A certificate relabelled as any other kind is refused, unless that kind shows the same answer."""
    for one in everything():
        shown = check_audit(one)
        for kind in KINDS:
            try:
                other = check_audit(forged(one, kind=kind))
            except KernelError:
                continue
            assert other[0] != shown[0] or other == shown


@pytest.mark.parametrize("question", ["norm", "carried", "stationary", "diffusion form", "entropy"])
def test_the_evidence_is_about_its_own_equation(question):
    """That of the classical equation with the paper's result put in its place, and the other way round."""
    mine, other = evidence("jain", "47", question), evidence("smoluchowski", "6", question)
    verdicts = []
    for body, equation in ((mine, other["equation"]), (other, mine["equation"])):
        try:
            verdicts.append(check_audit(forged(body, equation=equation))[1])
        except KernelError:
            verdicts.append("refused")
    different = question in ("norm", "diffusion form", "entropy")
    assert ("refused" in verdicts) is different


# Polynomial countermodels --------------------------------------------------------------------------------


BUMP = [0, 0, 0, 1, -3, 3, -1]  # E^3 (1 - E)^3


def leak(**fields):
    """The countermodel to the norm of (47) with other polynomials in it, and the integral that they give."""
    body = evidence("jain", "47", "norm")
    kept = {v[1]: [v, q] for v, q in body["fields"]}
    for name, q in {"Sigma": [1], "G2": [1, 0, 1], "eta": BUMP, **fields}.items():
        kept[name][1] = [str(Fraction(x)) for x in q]
    read = {jets.var_from(v): bumps.trimmed([Fraction(x) for x in q]) for v, q in kept.values()}
    constants = {jets.var_from(v): Fraction(x) for v, x in body["constants"]}
    try:
        integral = bumps.integral(bumps.substituted(stage_of(body).evolution.right, E, read, constants))
    except KernelError:
        integral = Fraction(1)
    return forged(body, fields=list(kept.values()), integral=str(integral))


def test_other_polynomials_will_do_with_their_own_integral():
    for fields in ({}, {"G2": [1, 0, 0, 1]}, {"G2": [1, -2, 1]}, {"Sigma": [2]}, {"G2": [0, 0, 1]}):
        assert check_audit(leak(**fields)) == ("norm", "no")
    with pytest.raises(Refused, match="the stated integral"):
        check_audit(forged(leak(G2=[1, 0, 0, 1]), integral="1"))


NOTHING_SHOWN = {
    "no bump": {"eta": [1]},
    "a tent": {"eta": [0, 1, -1]},
    "two derivatives short": {"eta": [0, 0, 1, -2, 1]},
    "lopsided to the left": {"eta": [0, 0, 1, -3, 3, -1]},
    "lopsided to the right": {"eta": [0, 0, 0, 1, -1]},
    "Sigma < 0": {"Sigma": [-1]},
    "Sigma = 0": {"Sigma": []},
    "Sigma changes sign": {"Sigma": [1, -2]},
    "Sigma vanishes at an end": {"Sigma": [0, 1]},
    "does not divide": {"Sigma": [2, 1]},
    "G2 < 0": {"G2": [-1, 0, -1]},
    "G2 < 0 at one end": {"G2": [-1, 0, 2]},
    "G2 < 0 at the other": {"G2": [1, 0, -2]},
    "a flat G2": {"G2": [1]},
    "too long": {"G2": [1] * 201},
}


@pytest.mark.parametrize("name", NOTHING_SHOWN)
def test_polynomials_that_show_nothing_are_refused(name):
    with pytest.raises(KernelError):
        check_audit(leak(**NOTHING_SHOWN[name]))


@pytest.mark.parametrize(
    "changes",
    [
        {"bumps": []},
        {"bumps": ["eta", "Sigma"]},
        {"bumps": ["G2"]},
        {"bumps": ["stranger"]},
        {"constants": []},
        {"constants": [[["par", "eps"], "-1"]]},
        {"constants": [[["par", "eps"], "0"]]},
        {"constants": [[["par", "eps"], "0.5"]]},
        {"constants": [[["par", "eps"], 1]]},
        {"integral": "0"},
        {"integral": "1/0"},
        {"integral": -1},
        {"fields": []},
        {"fields": 3},
        {"time": "energy:E"},
        {"energy": "slow:tau"},
        {"unknown": "u"},
        {"unknown": "stranger"},
        {"clock": ["slow:tau", "time:t", "eps"]},
        {"clock": ["time:t"]},
        {"carrier": {}},
        {"feeder": {}},
        {"equation": []},
        {"equation": [["num", "0"], ["num", "0"]]},
        {"equation": [["tr", ["num", "0"]], ["num", "0"]]},
    ],
    ids=str,
)
def test_a_countermodel_to_the_norm_cannot_be_forged(changes):
    with pytest.raises(KernelError):
        check_audit(forged(evidence("jain", "47", "norm"), **changes))


def fun(name, *tokens):
    return ["fun", name, [0] * len(tokens), [["coord", token] for token in tokens], 1, 0]


def conserved():
    """d_t N = d_E(a(t) N_E) keeps the norm, whatever a, a function of the time alone."""
    n, a = fun("N", E, T), fun("a", T)
    return {
        "equation": [["d", T, n], ["d", E, ["prod", a, ["d", E, n]]]],
        "time": T, "energy": E, "unknown": "N", "clock": None, "carrier": None, "feeder": None, "small": None,
        "positive": [], "nonnegative": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "positive"),
    [
        (["d", E, ["d", E, "N"]], True),
        (["d", E, "N"], True),
        (["prod", ["num", "-1"], "N"], True),
        (["prod", ["num", "-1"], ["d", E, ["d", E, "N"]]], False),
        (["sum", ["d", E, ["d", E, "N"]], ["prod", ["num", "-1"], ["d", E, ["d", E, ["d", E, ["d", E, "N"]]]]]], False),
        (["d", E, ["d", E, ["d", E, "N"]]], False),
        (["sum", ["d", E, ["d", E, "N"]], ["prod", ["i"], "N"]], False),
        (["prod", ["i"], ["d", E, ["d", E, "N"]]], False),
        (["sum", ["d", E, ["d", E, "N"]], ["coord", E]], False),
        (["prod", ["coord", E], ["d", E, ["d", E, "N"]]], False),
    ],
    ids=range(10),
)
def test_the_maximum_principle_is_for_real_second_order_without_source(rate, positive):
    n = fun("N", E, T)

    def put(data):
        return n if data == "N" else [put(part) for part in data] if isinstance(data, list) else data

    body = {**conserved(), "equation": [["d", T, n], put(rate)], "kind": "positive"}
    if positive:
        assert check_audit(sealed(body)) == ("positivity", "yes")
    else:
        with pytest.raises(Refused):
            check_audit(sealed(body))


def test_a_field_without_the_energy_is_a_constant():
    """With a(E) smuggled in for a(t), int a N'' dE is not 0: a forged countermodel to a norm that is kept."""
    bump = [str(x) for x in (0, 0, 0, 1, -3, 3, -1)]
    for a, integral in ((["0", "0", "1"], "1/70"), (["0", "0", "1"], "0"), (["0", "0", "1"], "1/140")):
        body = {
            "fields": [[["jet", "N", []], bump], [["jet", "a", []], a]],
            "constants": [],
            "bumps": ["N"],
            "integral": integral,
        }
        with pytest.raises(Refused, match="does not depend on the energy"):
            check_audit(sealed({**conserved(), "kind": "leak", **body}))
    flux = [[["1", "0"], [[["jet", "N", [[E, 1]]], 1], [["jet", "a", []], 1]]]]
    assert check_audit(sealed({**conserved(), "kind": "flux", "flux": flux})) == ("norm", "yes")


# Values at a point ---------------------------------------------------------------------------------------


def at_a_point(case, label, question, **values):
    body = evidence(case, label, question)
    kept = {json.dumps(v): x for v, x in body["values"]}
    kept |= {
        json.dumps(["jet", name.split("_")[0], [[E, name.count("E")]] if "_" in name else []]): x for name, x in values.items()
    }
    return forged(body, values=[[json.loads(v), x] for v, x in kept.items()])


@pytest.mark.parametrize(
    "values",
    [
        {"p1": "1"},
        {"p1_E": "1"},
        {"p1_EE": "0"},
        {"p1_EE": "-1"},
        {"Sigma": "-1"},
        {"Sigma": "0"},
        {"G2": "-1"},
        {"Sigma": "1e2"},
    ],
    ids=str,
)
def test_positivity_is_refuted_only_where_the_density_touches_zero(values):
    body = evidence("jain", "45.2", "positivity")
    assert check_audit(body) == ("positivity", "no")
    renamed = {name.replace("p1", "N"): x for name, x in values.items()}
    with pytest.raises(KernelError):
        check_audit(at_a_point("jain", "45.2", "positivity", **renamed))


def test_values_must_be_complete_and_given_once():
    body = evidence("jain", "45.2", "positivity")
    with pytest.raises(KernelError):
        check_audit(forged(body, values=body["values"][1:]))
    with pytest.raises(Malformed):
        check_audit(forged(body, values=[*body["values"], body["values"][0]]))
    with pytest.raises(KernelError):
        check_audit(forged(body, values=[]))


def test_a_remainder_must_not_vanish():
    body = evidence("jain", "47", "diffusion form")
    for changes in ({"part": "source"}, {"part": "order"}, {"part": "other"}, {"values": [[v, "0"] for v, _ in body["values"]]}):
        with pytest.raises(KernelError):
            check_audit(forged(body, **changes))


# Hypotheses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["carried", "stationary", "entropy"])
def test_a_comparison_needs_its_continuity_equation(question):
    with pytest.raises(Refused, match="continuity equation"):
        check_audit(forged(evidence("smoluchowski", "6", question), carrier=None))


def test_the_continuity_equation_must_be_one():
    body = evidence("smoluchowski", "6", "carried")
    s, u = fun("Sigma", E, TAU), fun("u", E, TAU)
    for right in (["prod", u, ["d", E, s]], s, ["num", "0"], ["d", E, ["prod", s, s]], ["d", E, ["d", E, s]]):
        with pytest.raises(KernelError):
            check_audit(forged(body, carrier={**body["carrier"], "equation": [["d", TAU, s], right]}))


def test_the_clock_is_needed_where_it_was_used():
    with pytest.raises(KernelError):
        check_audit(forged(evidence("smoluchowski", "6", "carried"), clock=None))
    with pytest.raises(KernelError):
        check_audit(forged(evidence("smoluchowski", "6", "carried"), clock=[T, TAU, "hbar"]))


@pytest.mark.parametrize("question", ["positivity", "entropy"])
def test_the_signs_are_needed_where_they_were_used(question):
    body = evidence("smoluchowski", "6", question)
    assert check_audit(body)[1] == "yes"
    with pytest.raises(Refused):
        check_audit(forged(body, nonnegative=[]))
    if question == "entropy":
        with pytest.raises(Refused, match="positive"):
            check_audit(forged(body, positive=[]))


def test_the_source_is_fed_by_a_field_in_it():
    body = evidence("jain", "45.2", "stationary")
    own = {"name": "x", "field": "p1", "time": TAU, "equation": body["equation"]}
    flow = {**body["carrier"], "time": TAU}
    stranger = {"name": "x", "field": "x", "time": TAU, "equation": [["d", TAU, fun("x", E, TAU)], ["num", "0"]]}
    fed = {**body["feeder"], "equation": [body["feeder"]["equation"][0], fun("Sigma", E, TAU)]}
    for feeder in (None, own, flow, stranger, fed):
        with pytest.raises(KernelError):
            check_audit(forged(body, feeder=feeder))


def test_dimensions_are_those_that_are_given():
    body = evidence("jain", "47", "dimensions")
    table = body["dimensions"]
    wrong = [
        {**table, "eps": ["0", "0", "0"]},
        {**table, "G2": ["0", "0", "0"]},
        {},
        {**table, "u": ["1", "0"]},
        {**table, "u": 3},
    ]
    for dimensions in wrong:
        with pytest.raises(KernelError):
            check_audit(forged(body, dimensions=dimensions))


def test_terms_of_wrong_dimension_that_cancel_are_seen():
    body = evidence("jain", "47", "dimensions")
    stray = fun("u", E, TAU)
    lhs, rhs = body["equation"]
    padded = [lhs, ["sum", rhs, stray, ["prod", ["num", "-1"], stray]]]
    with pytest.raises(Refused):
        check_audit(forged(body, equation=padded))
    assert check_audit(forged(body, equation=padded, kind="not homogeneous")) == ("dimensions", "no")


@pytest.mark.parametrize("data", [None, 3, [], {}, {"kind": "flux"}, {"kind": "no such kind"}, {"kind": ["flux"]}], ids=str)
def test_what_is_no_evidence_is_refused(data):
    with pytest.raises(KernelError):
        check_audit(data)


def test_the_evidence_replays_where_nothing_is_installed():
    """-S hides every installed package: the standard library and the kernel are enough."""
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from derive.kernel.audits import check_audit\n"
        "print(sum(check_audit(one)[1] in ('yes', 'no') for one in json.load(sys.stdin)))"
    )
    stored = everything()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(ROOT)],
        input=json.dumps(stored), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == str(len(stored)), done.stderr
