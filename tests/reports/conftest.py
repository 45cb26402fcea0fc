"""A small derivation, and judges that answer what a test tells them.

The prover and the truth layer have tests of their own; here they are played, so that every verdict, crash and
delay can be had.  `play` takes {label: answer}; an answer is a verdict, one for each link, or a function
of the assignment that returns one of these (or raises, or sleeps).
"""

import importlib
import sys
import types

import pytest

from derive import Derivation, Prose, Reading, Step
from derive.language import Choice, Coordinate, Equation, Function, chain, choices_in
from derive.verdicts import Inference, Truth


def module(name):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:  # not written yet
        sys.modules[name] = types.ModuleType(name)
        return sys.modules[name]


PROVER, TRUTH = module("derive.prover"), module("numeric.truth")

E = Coordinate("E", "energy")
f, g, u = Function("f"), Function("g"), Function("u")

CERTIFICATE = {"kind": "certificate", "rules": [["trace", 1], ["d_E", "2/3"]]}
COUNTERMODEL = {"kind": "countermodel", "H": [["1", "0"], ["0", "2"]]}


@pytest.fixture
def small():
    """1 <- 2 <- 3 (a chain of two links) and 2 <- 4; 2 and 4 leave open what u means; W1 speaks of 3."""
    open_u = Choice("u of", ("E", u(E)), ("H", f(E)))
    return Derivation(
        name="small",
        title="A small derivation",
        source="",
        steps=(
            Step("1", "definition", Equation(f(E), g(E)), latex=r"f = g"),
            Step("2", "claim", Equation(f(E), open_u), ("1",), latex=r"f = u", note="What u means is open."),
            Step("3", "claim", chain(f(E), g(E), ("definition", u(E))), cites=("2",), latex=r"f = g = u"),
            Step("4", "claim", Equation(g(E), open_u), cites=("2",), latex=r"g = u"),
        ),
        prose=(
            Prose("W1", "f and u are the same.", cites=("3",)),
            Prose("W2", "f is g.", claim=Equation(f(E), g(E))),
        ),
        readings=(Reading("u of", "What does u depend on?", {"E": "the energy", "H": "the operator"}),),
    )  # fmt: skip


def choices_of(derivation, label):
    found = {}
    for name in (*derivation.ancestors(label), label):
        for choice, labels in choices_in(derivation[name].claim).items():
            known = found.get(choice, ())
            found[choice] = known + tuple(one for one in labels if one not in known)
    return found


def inference(verdict):
    return Inference(
        verdict,
        f"because it is {verdict}",
        certificate=CERTIFICATE if verdict in ("valid", "conditional") else None,
        countermodel=COUNTERMODEL if verdict == "invalid" else None,
        assumptions=("tail",) if verdict == "conditional" else (),
    )


def truth(verdict):
    measured = ({"ensemble": "GUE", "size": 32, "residual": 1 / 3},) if verdict != "undecided" else ()
    return Truth(verdict, f"because it is {verdict}", measurements=measured)


def answer(answers, default, label, assignment, links, make):
    found = answers.get(label, default)
    found = found(assignment) if callable(found) else found
    found = [found] * links if isinstance(found, str) else found
    return tuple(make(one) if isinstance(one, str) else one for one in found)


@pytest.fixture
def play(monkeypatch):
    """play(inferences, truths) decides what the judges say; what is not told is valid and exact."""

    def set_up(inferences=None, truths=None, choices=choices_of):
        def infer(derivation, label, assignment, *, seconds):
            links = len(derivation[label].links)
            return answer(inferences or {}, "valid", label, assignment, links, inference)

        def judge(derivation, label, assignment, seed, profile):
            return answer(truths or {}, "exact", label, assignment, len(derivation[label].links), truth)

        monkeypatch.setattr(PROVER, "choices_of", choices, raising=False)
        monkeypatch.setattr(PROVER, "infer", infer, raising=False)
        monkeypatch.setattr(TRUTH, "judge", judge, raising=False)

    set_up()
    return set_up


SMALL_FILE = """
from derive import Derivation, Step
from derive.language import Coordinate, Equation, Function

E = Coordinate("E", "energy")
f, g = Function("f"), Function("g")
derivation = Derivation(
    name="mine", title="Mine", source="",
    steps=(
        Step("1", "definition", Equation(f(E), g(E))),
        Step("2", "claim", Equation(g(E), f(E)), cites=("1",)),
        Step("a b", "claim", Equation(g(E), g(E)), cites=("2",)),
    ),
)
"""


@pytest.fixture
def mine(tmp_path):
    """The path of a user's file with the steps 1, 2 and 'a b'."""
    path = tmp_path / "mine.py"
    path.write_text(SMALL_FILE, encoding="utf-8")
    return path


@pytest.fixture
def derive(capsys):
    """derive("check", "jain") runs the command line here and gives (exit code, stdout, stderr)."""
    from reports.cli import main

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run
