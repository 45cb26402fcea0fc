"""Stored evidence: it replays alone, a changed byte is refused, and so are forgeries with a digest of their own."""

import json
import random
import subprocess
import sys

import pytest

import derive
from checkout import ROOT
from derive.kernel import KernelError
from derive.kernel.errors import Malformed, Refused
from derive.kernel.replay import digest, replay, sealed
from derive.prover import infer

JAIN = derive.load("jain")
PRINTED = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
FALSE_26 = {"equation (26)": "operator", "u of": "E"}
MODULO_31 = {"equation (31)": "trace modulo"}
ALONE = ("4", "6", "8", "9", *map(str, range(14, 20)), "21", "22", "24", "25", "27", "28", "31", "33", "49", "50")
STORED = (
    *((label, {}) for label in ALONE),
    ("26", FALSE_26),
    ("31", MODULO_31),
    ("31", {**MODULO_31, "Phi": "function"}),
)


@pytest.fixture(scope="module")
def stored():
    """(name, evidence) of the chosen steps, as JSON would bring it back."""
    found = []
    for label, choices in STORED:
        for one in infer(JAIN, label, {**PRINTED, **choices}):
            evidence = one.certificate or one.countermodel
            if evidence is not None:
                found.append((f"({label}) {one.verdict}", json.loads(json.dumps(evidence))))
    return found


# alone

REPLAYER = """
import json, sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p] + [sys.argv[1]]
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sympy", "numpy", "scipy", "mpmath", "flint"):
            raise RuntimeError("imported " + name)
sys.meta_path.insert(0, Refuse())
from derive.kernel.replay import replay
for evidence in json.load(sys.stdin):
    replay(evidence)
print(len([name for name in sys.modules if name.startswith("derive.")]), "sympy" in sys.modules, "numpy" in sys.modules)
"""


def alone(evidence):
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", REPLAYER, str(ROOT)],
        input=json.dumps(evidence),
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_replays_without_sympy_and_numpy(stored):
    assert {name.split(")")[0].strip("(") for name, _ in stored} == {*ALONE, "26"}
    kinds = {evidence["kind"] for _, evidence in stored}
    assert kinds == {"certificate", "all", "countermodel", "loop"}
    done = alone([evidence for _, evidence in stored])
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[1:] == ["False", "False"]


def test_the_lonely_process_refuses_too(stored):
    _, evidence = stored[0]
    done = alone([{**evidence, "digest": "0" * 64}])
    assert done.returncode != 0
    assert "Refused" in done.stderr


# one byte


def test_one_changed_byte_is_refused(stored):
    rng = random.Random(7)
    accepted, tried = [], 0
    for _ in range(1000):
        name, evidence = rng.choice(stored)
        data = bytearray(json.dumps(evidence).encode())
        place = rng.randrange(len(data))
        new = rng.choice([b for b in b'0123456789-+/.,:"[]{} aeE_xtru' if b != data[place]])
        data[place] = new
        try:
            read = json.loads(data)
        except ValueError:
            continue
        if read == evidence:
            continue  # white space between tokens, which says nothing
        tried += 1
        try:
            replay(read)
        except (Malformed, Refused):
            continue
        accepted.append((name, place, chr(new)))
    assert not accepted
    assert tried > 300  # the others are no JSON any more, which no reader takes


@pytest.mark.parametrize("junk", [None, [], "text", 3, {}, {"kind": "certificate"}, {"kind": "proof"}, {"kind": []}])
def test_junk_is_refused(junk):
    with pytest.raises(KernelError):
        replay(junk)
    if isinstance(junk, dict):
        with pytest.raises(KernelError):
            replay(sealed(junk))


# forgeries with a digest of their own


def forged(evidence, change):
    copy = json.loads(json.dumps(evidence))
    change(copy)
    assert digest(copy) != evidence["digest"]
    return sealed(copy)


def put(*path, value):
    def change(evidence):
        for key in path[:-1]:
            evidence = evidence[key]
        evidence[path[-1]] = value

    return change


def every_op(change):
    """A change of every number that belongs to an off-diagonal element."""

    def run(evidence):
        for key, number in evidence["values"].items():
            parts = key.split("|")
            if parts[0] in ("ham", "op") and parts[-1] != parts[-2]:
                change(evidence, key, number)

    return run


def drop_premise(evidence):
    evidence["premises"].pop()


def unhermitian(evidence, key, number):
    if key.endswith("|0|1"):
        evidence["values"][key] = [str(int(number[0]) + 1), number[1]]


def degenerate(evidence):
    evidence["values"]["level|1"] = evidence["values"]["level|0"]


def twist_loop(evidence):
    matrix = evidence["matrices"]["H"]
    matrix["1"][0][0] = ["99", "0"]


def swap_sides_with_another_claim(evidence):
    evidence["claim"] = [["num", "1"], ["num", "0"]]


FORGERIES = {
    "a wrong factor": ("(17) valid", put("steps", 0, "factor", value=["num", "7"])),
    "no step": ("(17) valid", put("steps", value=[])),
    "a move left out": ("(17) valid", put("steps", 0, "moves", value=[])),
    "a move that is none": ("(17) valid", put("steps", 0, "moves", value=[["hope"]])),
    "a step from a premise that is not there": ("(17) valid", put("steps", 0, "premise", value=9)),
    "a dropped premise": ("(17) valid", drop_premise),
    "a dropped definition": ("(24) conditional", drop_premise),
    "a definition not used": ("(24) conditional", put("rewrites", value=[])),
    "a missing nonzero": ("(24) conditional", put("nonzero", value=[])),
    "a nonzero of something else": ("(24) conditional", put("nonzero", value=[{"name": "hbar", "term": ["par", "hbar"]}])),
    "a simple spectrum that nobody assumed": ("(16) conditional", put("simple", value="")),
    "a closing that is none": ("(24) conditional", put("closing", value=["obviously"])),
    "a derivative that was not allowed": ("(24) conditional", put("closing", value=["derivative", "slow:tau", ["num", "0"]])),
    "a derivative, allowed by the forger, of nothing": (
        "(31) valid",
        put("closing", value=["derivative", "slow:tau", ["num", "0"]]),
    ),
    "a derivative without the permission": ("(31) valid", put("modulo", value=[])),
    "an assumption removed: the initial value": ("(4) conditional", put("closing", 4, value=[])),
    "the other parts of the chain": ("(15) valid", put("parts", value=[])),
    "a claim swapped": ("(24) conditional", swap_sides_with_another_claim),
    "a claim swapped in (50)": ("(50) valid", swap_sides_with_another_claim),
    "a claim swapped in a model": ("(33) invalid", put("claim", value=[["num", "0"], ["num", "0"]])),
    "another Hamiltonian": ("(24) conditional", put("hamiltonian", value=["G", ["slow:tau"]])),
    "a model that is not Hermitian": ("(26) invalid", every_op(unhermitian)),
    "a degenerate model": ("(26) invalid", degenerate),
    "a witness of the forger's": ("(33) invalid", put("witness", 0, 2, value=["1234", "0"])),
    "no witness": ("(33) invalid", put("witness", value=[])),
    "a model of no size": ("(33) invalid", put("size", value=0)),
    "a model without numbers": ("(33) invalid", put("values", value={})),
    "a countermodel called a model": ("(33) invalid", put("kind", value="model")),
    "a loop that is not Hermitian": ("(31) invalid", twist_loop),
    "a loop with another integral": ("(31) invalid", put("integral", value=["1", "0"])),
    "a loop with no integral": ("(31) invalid", put("integral", value=["0", "0"])),
    "a loop in another coordinate": ("(31) invalid", put("modulo", value=["time:t"])),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name, stored):
    which, change = FORGERIES[name]
    kind = "loop" if name.startswith("a loop") else None
    evidence = next(e for n, e in stored if n == which and (kind is None or e["kind"] == kind))
    replay(evidence)
    with pytest.raises(KernelError):
        replay(forged(evidence, change))


def test_a_model_that_violates_a_premise_is_refused(stored):
    """Every number of the countermodel to (26) that a premise speaks of, changed in turn: some premise or the witness fails."""
    evidence = next(e for n, e in stored if n == "(26) invalid")
    refused = 0
    for key, number in evidence["values"].items():
        if key.split("|")[0] not in ("fun", "op"):
            continue
        parts = key.split("|")
        if parts[0] == "op" and parts[-1] != parts[-2]:
            continue  # its mirror would have to follow
        try:
            replay(forged(evidence, put("values", key, value=[f"{number[0]}7", number[1]])))
        except Refused:
            refused += 1
    assert refused >= 3
