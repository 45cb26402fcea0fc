"""The second checker on evidence between smooth fields: it agrees where the kernel is right, and refuses what is corrupted."""

import copy
import json
import random
import subprocess
import sys
from collections import Counter

import pytest

import derive
from checkout import ROOT
from derive.kernel import KernelError
from derive.kernel.errors import Malformed
from derive.kernel.replay import replay, sealed
from derive.prover import infer
from derive.second import Disagrees, NoMeaning, replay_second, words
from derive.second.names import variable
from derive.second.words import value
from jain_readings import HEADLINE, JAIN

CORRECTED = derive.load("jain_corrected")
RESTORED = {"limits and sums": "restored"}
STEPS = (
    *((JAIN, label, {}) for label in ("36", "38", "41", "44")),
    *((JAIN, label, HEADLINE) for label in ("30", "39", "43", "45")),
    (JAIN, "42", RESTORED),
    (JAIN, "47", {**RESTORED, "p1": "whole"}),
    *((CORRECTED, label, {}) for label in ("C8", "C9", "C10", "C12", "C13", "41")),
)
UNREAD_OR_REFUSED = (Disagrees, NoMeaning, ZeroDivisionError)


def is_refused(evidence):
    """Whether the second checker does not agree to it, under a seal of its own."""
    try:
        replay_second(sealed(evidence))
    except UNREAD_OR_REFUSED:
        return True
    return False


def plain(evidence):
    return {key: copy.deepcopy(part) for key, part in json.loads(json.dumps(evidence)).items() if key != "digest"}


@pytest.fixture(scope="module")
def stored():
    """label -> evidence of the kind `fields`."""
    found = {}
    for derivation, label, chosen in STEPS:
        readings = {**{reading.name: next(iter(reading.options)) for reading in derivation.readings}, **chosen}
        for number, one in enumerate(infer(derivation, label, readings, seconds=60)):
            evidence = one.certificate or one.countermodel
            if evidence is not None and evidence["kind"] == "fields":
                found[f"{derivation.name} {label}.{number}"] = json.loads(json.dumps(evidence))
    return found


@pytest.fixture(scope="module")
def proofs(stored):
    return {name: e for name, e in stored.items() if e["answer"] == "follows"}


def test_it_agrees_with_the_kernel(stored):
    for name, evidence in stored.items():
        replay(evidence)
        assert replay_second(evidence).values > 0, name
    assert Counter(e["answer"] for e in stored.values())["follows"] >= 12
    assert any(e["answer"] == "fails" for e in stored.values())
    assert any(e["modulo"] for e in stored.values())
    assert any(e["levels"] for e in stored.values())
    assert any(" [" in k for e in stored.values() for k in e["values"]), "an integral without end, as a whole"


# corrupted certificates


def negated(number):
    return number[1:] if number.startswith("-") else f"-{number}" if number != "0" else "0"


def turned(evidence):
    """A changed sign in each multiplier's each term."""
    for step in range(len(evidence["steps"])):
        for term in range(len(evidence["steps"][step][2])):
            forged = plain(evidence)
            c = forged["steps"][step][2][term][0]
            forged["steps"][step][2][term][0] = [negated(c[0]), negated(c[1])]
            yield forged


def doubled(evidence):
    for step in range(len(evidence["steps"])):
        forged = plain(evidence)
        forged["steps"][step][2] = forged["steps"][step][2] * 2
        yield forged


def dropped(evidence):
    for step in range(len(evidence["steps"])):
        forged = plain(evidence)
        del forged["steps"][step]
        yield forged
        if len(evidence["steps"][step][2]) > 1:
            forged = plain(evidence)
            del forged["steps"][step][2][0]
            yield forged


def swapped(evidence):
    """Another premise for a step."""
    places = sorted({step[0] for step in evidence["steps"]})
    for step, other in ((n, p) for n, s in enumerate(evidence["steps"]) for p in places if p != s[0]):
        forged = plain(evidence)
        forged["steps"][step][0] = other
        yield forged


def steeper(evidence):
    """One derivative of a premise more."""
    for step, place in ((n, k) for n, s in enumerate(evidence["steps"]) for k in range(len(s[1]))):
        forged = plain(evidence)
        forged["steps"][step][1][place][1] += 1
        yield forged


def other_claims(evidence):
    lhs, rhs = evidence["claim"]
    if rhs != ["num", "0"]:
        yield {**plain(evidence), "claim": [["prod", ["num", "2"], lhs], rhs]}
        yield {**plain(evidence), "claim": [lhs, ["prod", ["num", "-1"], rhs]]}
    if rhs[0] == "sum":
        yield {**plain(evidence), "claim": [lhs, ["sum", *rhs[2:]]]}
    if lhs[0] == "sum":
        yield {**plain(evidence), "claim": [["sum", *lhs[2:]], rhs]}


@pytest.mark.parametrize("corrupt", [turned, doubled, dropped, swapped, steeper, other_claims])
def test_a_corrupted_certificate_is_refused(corrupt, proofs):
    tried = 0
    for name, evidence in proofs.items():
        for forged in corrupt(evidence):
            tried += 1
            assert is_refused(forged), name
    assert tried >= 12, tried


def test_a_certificate_without_what_is_declared_is_refused(proofs):
    tried = 0
    for evidence in proofs.values():
        if evidence["nonzero"]:
            tried += 1
            with pytest.raises(Disagrees, match="nonzero"):
                replay_second(sealed({**plain(evidence), "nonzero": []}))
            with pytest.raises(Disagrees, match="nonzero"):
                replay_second(sealed({**plain(evidence), "nonzero": [{"name": "hbar", "term": ["par", "hbar"]}]}))
    assert tried >= 5


def test_a_point_at_which_a_premise_fails_is_refused(proofs):
    """Every number of the certificate of (44) in turn: those that its premises speak of may not change."""
    evidence = next(e for name, e in proofs.items() if " 44." in name)
    said = Counter()
    for key, number in evidence["values"].items():
        forged = plain(evidence)
        forged["values"][key] = f"{number}7" if "/" not in number else "5"
        try:
            replay_second(sealed(forged))
        except Disagrees:
            said["refused"] += 1
        else:
            replay(sealed(forged))  # then the kernel finds nothing wrong with it either
            said["free"] += 1
    assert said["refused"] >= 8, said


# refutations


@pytest.fixture(scope="module")
def refutation(stored):
    return next(e for e in stored.values() if e["answer"] == "fails")


def test_a_corrupted_refutation_is_refused(refutation):
    lhs, rhs = refutation["claim"]
    forgeries = [
        {"witness": [negated(refutation["witness"][0]), "0"]},
        {"witness": ["0", "0"]},
        {"claim": [lhs, lhs]},
        {"claim": [rhs, lhs]},
        {"claim": [["prod", ["num", "2"], lhs], rhs]},
        {"answer": "follows"},
        {"answer": "perhaps"},
        {"values": {}},
        {"nonzero": []},
        {"rewrites": []},
        {"energy": "energy:F"},
        {"hamiltonian": ["G", ["slow:tau"]]},
    ]
    for change in forgeries:
        assert is_refused({**plain(refutation), **change}), change


def test_a_changed_number_of_a_refutation_is_refused(refutation):
    """But one that cancels in the claim; then the kernel finds nothing wrong with it either."""
    free = []
    for key, number in refutation["values"].items():
        forged = plain(refutation)
        forged["values"][key] = f"{number}7"
        if not is_refused(forged):
            free.append(key)
            replay(sealed(forged))
    assert len(free) <= 1 < 6 <= len(refutation["values"]), free


def test_one_moment_under_two_spellings_has_one_number(refutation):
    """Tr delta V V(s) is its own adjoint up to the order of its letters: two numbers for it are one too many."""
    (name,) = (k for k in refutation["values"] if k.startswith("(jet int") and k.endswith(" ())"))
    e_minus, e_plus = "((par hbar) -1)) ()) (-1 0))", "((par hbar) -1)) ()) (1 0))"
    other = name.replace(e_minus, "<>").replace(e_plus, e_minus).replace("<>", e_plus)
    assert other != name
    number = refutation["values"][name]
    for mine, agrees in ((number, True), (f"{number}1", False)):
        forged = sealed({**plain(refutation), "values": {**refutation["values"], other: mine}})
        if agrees:
            replay_second(forged)
        else:
            with pytest.raises(Disagrees, match="two spellings"):
                replay_second(forged)


# one changed byte


def changed(text, rng):
    place = rng.randrange(len(text))
    return text[:place] + chr(rng.randrange(32, 127)) + text[place + 1 :]


def test_a_changed_byte_under_the_old_seal_is_refused(stored):
    rng, tried = random.Random(0), 0
    evidences = list(stored.values())
    while tried < 1000:
        evidence = evidences[tried % len(evidences)]
        try:
            forged = json.loads(changed(json.dumps(evidence), rng))
        except ValueError:
            continue
        if forged == evidence:
            continue
        tried += 1
        with pytest.raises(Disagrees):
            replay_second(forged)


def complaint_of_the_kernel(evidence):
    try:
        replay(evidence)
    except Malformed:  # what it does not read, by a stricter grammar, it does not refute
        return ""
    except KernelError as error:
        return str(error)
    return ""


def test_a_changed_byte_under_a_new_seal_is_never_agreed_to_where_the_kernel_refuses(stored):
    """A change of a premise's name, or of a number that nothing binds, leaves the meaning alone, and both accept it.  A changed
    name of a number leaves a point that says less: the kernel asks for the number; here, where the combination vanishes all the
    same and the premises hold whatever the number is, nothing is lost."""
    rng, said = random.Random(0), Counter()
    cheap = [e for e in stored.values() if len(json.dumps(e)) < 8000]
    while sum(said.values()) < 1000:
        text = json.dumps(plain(cheap[sum(said.values()) % len(cheap)]))
        try:
            forged = json.loads(changed(text, rng))
        except ValueError:
            continue
        if not isinstance(forged, dict) or forged == json.loads(text):
            continue
        forged = sealed(forged)
        try:
            replay_second(forged)
        except Disagrees:
            said["refused"] += 1
            continue
        except NoMeaning:
            said["unread"] += 1
            continue
        said["agreed"] += 1
        complaint = complaint_of_the_kernel(forged)
        if complaint:
            same = {k: v for k, v in forged.items() if k not in ("values", "digest")}
            assert same == {k: v for k, v in json.loads(text).items() if k != "values"}, complaint
            assert "does not say" in complaint
            assert forged["answer"] == "follows", complaint
    assert said["refused"] > 100, said
    assert said["agreed"] < 100, said


# two routes


def test_words_have_the_same_numbers_with_flint_and_without(stored):
    assert words.fast_matrix is not None, "python-flint is in the extra `test`"
    seen = 0
    for evidence in stored.values():
        for name in evidence["values"]:
            named = variable(name, evidence["energy"])
            inner = named[1][1] if named[0] == "jet" and named[1][0] == "int" else named[1]
            if isinstance(inner, tuple) and inner[0] == "moment":
                seen += 1
                assert value(inner[1]) == value(inner[1], fast=False)
    assert seen >= 50


def test_it_says_the_same_without_flint(stored, monkeypatch):
    with_flint = [replay_second(e) for e in stored.values()]
    monkeypatch.setattr(words, "fast_matrix", None)
    assert [replay_second(e) for e in stored.values()] == with_flint
    forged = [next(turned(e)) for e in stored.values() if e["steps"]]
    for one in forged:
        assert is_refused(one)


ALONE = """
import json, sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p] + [sys.argv[1]]
from derive.second import replay_second
for evidence in json.load(sys.stdin):
    replay_second(evidence)
print(sorted(name for name in sys.modules if name.split(".")[0] in ("flint", "sympy", "numpy") or "derive.kernel" in name))
"""


def test_it_reads_fields_with_the_standard_library_alone(stored):
    cheap = [e for e in stored.values() if len(json.dumps(e)) < 12000]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(ROOT)],
        input=json.dumps(cheap),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
