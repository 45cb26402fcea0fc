"""A definition whose symbol does not know a coordinate says that what it stands for does not depend on it: that must follow."""

import pytest

from derive import Derivation, Step
from derive.kernel.replay import replay
from derive.language import Bra, Commutator, D, Equation, Function, Ket, Level, Operator, Trace
from derive.prover import infer
from planted.statement import H0, H, I, K, V, X, dH, hbar, n, t, tau


def definition(*equation, given=None):
    steps = [] if given is None else [Step("P", "postulate", Equation(*given))]
    steps.append(Step("D", "definition", Equation(*equation), cites=("P",) if given else ()))
    (found,) = infer(Derivation(name="posed", title="posed", source="tests", steps=tuple(steps)), "D", {})
    return found


MOVED = (I * hbar * D(X, t), Commutator(H, X))
SAYS_MORE = {
    "a trace without its time": ((Function("Z")(tau), Trace(X)), "t"),
    "an operator that does not move": ((Operator("Q", ()), X), "tau"),
    "a constant": ((Function("c0", 0)(), Trace(dH)), "tau"),
    "a trace of what else moves": ((Function("Z")(tau), Trace(X * V)), "t"),
    "an operator through its derivative": ((D(Operator("Q", (tau,)), tau), X), "t"),
}
ONLY_NAMES = {
    "with its coordinates": ((Function("Z", 2)(t, tau), Trace(X)), None),
    "a trace that the flow keeps": ((Function("Z")(tau), Trace(X)), MOVED),
    "a constant speed": ((Function("c0", 0)(), Trace(dH)), (H, H0 + tau * V)),
    "of an operator that does not move": ((Function("q")(Level(n)), Bra(n) * K * Ket(n)), None),
    "along tau = eps t": ((Function("F")(t), Trace(H)), None),
    "beside something": ((Function("F", 2)(t, tau) + 1, Trace(X)), (Trace(X * H), 1)),
}


@pytest.mark.parametrize("name", SAYS_MORE)
def test_what_a_definition_says_beside_is_judged(name):
    equation, coordinate = SAYS_MORE[name]
    found = definition(*equation)
    assert found.verdict == "invalid"
    assert f"that it does not depend on {coordinate}" in found.reason
    replay(found.countermodel)


SPOKEN_OF = (Trace(X * H), 1)
NOT_SOLVED = {
    "beside something": (Function("Z")(tau) + 1, Trace(X)),
    "on the right": (Trace(X), Function("Z")(tau)),
    "through its derivative": (D(Function("Z")(tau), tau), Trace(X)),
}


@pytest.mark.parametrize("name", NOT_SOLVED)
def test_so_is_one_that_is_not_solved_for_what_it_fixes(name):
    found = definition(*NOT_SOLVED[name], given=SPOKEN_OF)
    assert found.verdict == "invalid"
    assert "that it does not depend on t" in found.reason


@pytest.mark.parametrize("name", NOT_SOLVED)
def test_where_two_symbols_are_new_it_does_not_say_which_it_fixes(name):
    found = definition(*NOT_SOLVED[name])
    assert (found.verdict, found.reason) == ("undecided", "it brings in X, Z and does not say which of them it fixes")


def test_where_another_trace_moves_it_is_invalid_too():
    assert definition(Function("Z")(tau), Trace(X * V), given=MOVED).verdict == "invalid"


@pytest.mark.parametrize("name", ONLY_NAMES)
def test_a_definition_that_only_names_is_not_judged(name):
    equation, given = ONLY_NAMES[name]
    assert definition(*equation, given=given).verdict == "not-applicable"
