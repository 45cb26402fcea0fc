"""What holds only up to something is a premise with a remainder of which nothing else is known."""

import pytest

from derive import Derivation, Step
from derive.kernel.replay import replay
from derive.language import (
    SLOW,
    TIME,
    D,
    Equation,
    Function,
    ModuloDerivative,
    ModuloPower,
    Operator,
    Parameter,
    Trace,
)
from derive.prover import infer
from derive.remainders import made_exact
from planted.statement import E, H, delta, g, t, tau

eps = Parameter("eps", SLOW / TIME)
r, s = (Function(name, 2)(E, t) for name in "rs")
T, W = (Function(name, 1)(tau) for name in "TW")
A, B = (Operator(name, (tau,)) for name in "AB")


def mod(left, right, power):
    return Equation(left, right, modulo=ModuloPower(eps, power))


def turn(left, right):
    return Equation(left, right, modulo=ModuloDerivative(tau))


def judged(claim, premise, role="postulate"):
    steps = (Step("P", role, premise), Step("C", "claim", claim, cites=("P",)))
    (found,) = infer(Derivation(name="posed", title="posed", source="tests", steps=steps), "C", {}, seconds=20)
    return found


FOLLOWS = {
    "itself": (mod(r, eps * s, 2), mod(r, eps * s, 2)),
    "its slope": (mod(D(r, E), eps * D(s, E), 2), mod(r, eps * s, 2)),
    "itself, up to a derivative": (turn(T, W), turn(T, W)),
    "under a trace": (turn(Trace(A), Trace(B)), turn(A, B)),
}
FAILS = {
    "exactly": (Equation(r, eps * s), mod(r, eps * s, 2)),
    "to a higher power": (mod(r, eps * s, 3), mod(r, eps * s, 2)),
    "without a term": (mod(r, 0, 2), mod(r, eps * s, 2)),
    "from a lower power": (mod(D(r, E), eps * D(s, E), 2), mod(r, eps * s, 1)),
    "exactly, without the derivative": (Equation(T, W), turn(T, W)),
    "traces alike": (Equation(Trace(A), Trace(B)), turn(A, B)),
}


@pytest.mark.parametrize("name", FOLLOWS)
def test_it_follows_up_to_the_same(name):
    found = judged(*FOLLOWS[name])
    assert found.verdict == "valid", found.reason
    replay(found.certificate)


@pytest.mark.parametrize("name", FAILS)
def test_more_than_that_is_refuted(name):
    found = judged(*FAILS[name])
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


def test_what_holds_for_every_function_has_no_one_remainder():
    for_every_g = turn(Trace(g(H) * A), Trace(g(H) * B))
    assert made_exact("P", for_every_g) is None
    found = judged(Equation(Trace(H * A), Trace(H * B)), for_every_g)
    assert found.verdict == "undecided"
    assert "(P), up to something" in found.reason


def test_an_identity_up_to_something_is_asked_of_no_model():
    """It says nothing of the rest: what is false beside it is refuted."""
    identity = turn(D(Trace(g(H)), tau), 0)
    found = judged(Equation(Trace(delta * A), Trace(delta * B)), identity, "claim")
    assert found.verdict == "invalid"


def test_the_remainder_depends_on_what_its_equation_speaks_of():
    _, right = made_exact("4", mod(r, eps * s, 2))
    assert ("fun", "R of (4)", (0, 0), (("coord", "energy:E"), ("coord", "time:t")), 1, 0) in right[-1]
    _, right = made_exact("4", turn(A, B))
    assert right[-1] == ("d", "slow:tau", ("op", "R of (4)", "", ("slow:tau",), 0))
