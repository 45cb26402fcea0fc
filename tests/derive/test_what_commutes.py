"""What commutes with H commutes with every function of H, however the premise is written, and only then."""

import pytest

from derive.kernel.bodies import commuting
from derive.kernel.errors import Malformed
from derive.kernel.replay import replay
from derive.kernel.rules import move
from derive.language import Commutator, Theta, Trace
from derive.second.germs import NoMeaning
from derive.second.moves import moved
from derive.second.replay import replay_second
from planted.statement import E, H, I, V, X, Y, Z, delta, f, g, hbar
from posing import infer_posed

SPOKEN_OF = (Trace(V * V) * Trace(X * Y * Z), 1)
WRITTEN = {
    "[X, H] = 0": (Commutator(X, H), 0),
    "[H, X] = 0": (Commutator(H, X), 0),
    "0 = [X, H]": (0, Commutator(X, H)),
    "i hbar [H, X] = 0": (I * hbar * Commutator(H, X), 0),
}
TRUE = {
    "a function": (Commutator(X, g(H)), 0),
    "two functions": (Commutator(g(H) * f(H), X), 0),
    "a delta": (delta * X, X * delta),
    "a step": (Commutator(X, Theta(E - H)), 0),
    "a moment": (Trace(delta * X * V), Trace(X * delta * V)),
}
FALSE = {
    "another operator": ((Commutator(X, V), 0), WRITTEN["[X, H] = 0"]),
    "the other operator": ((Commutator(Y, g(H)), 0), WRITTEN["[X, H] = 0"]),
    "a moment of another": ((Trace(delta * Y * V), Trace(Y * delta * V)), WRITTEN["[X, H] = 0"]),
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name, written):
    found = infer_posed(TRUE[name], WRITTEN[written], spoken=SPOKEN_OF)
    assert found.verdict == "valid", found.reason
    replay(found.certificate)
    assert replay_second(found.certificate).values > 0


@pytest.mark.parametrize("name", FALSE)
def test_a_slip_is_refuted(name):
    claim, premise = FALSE[name]
    found = infer_posed(claim, premise, spoken=SPOKEN_OF)
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


@pytest.mark.parametrize("premise", [(Commutator(X, V), 0), (Commutator(X, H) + Y, 0), (X * H, 0)])
def test_nothing_else_says_so(premise):
    assert infer_posed((Commutator(X, g(H)), 0), premise, spoken=SPOKEN_OF).verdict not in ("valid", "conditional")


HAM, OP, OTHER, HOLE = ("ham", "H", ()), ("op", "X", "", (), 0), ("op", "Y", "", (), 0), ("hole",)
ZERO = ("prod", ("num", "-1"), ("num", "0"))
SAYS_IT = ("sum", ("comm", OP, HAM), ZERO)
FUNCTION = ("fun", "g", (0,), (HOLE,), 1, 0)


def test_the_two_checkers_read_it_alike():
    assert commuting(SAYS_IT) == (OP, HAM)
    assert move(SAYS_IT, ["commutes", FUNCTION], []) == moved(SAYS_IT, [["commutes", FUNCTION]], [])


@pytest.mark.parametrize(
    "residual",
    [
        ("sum", ("comm", OP, OTHER), ZERO),
        ("sum", ("comm", OP, HAM), OTHER),
        ("sum", ("comm", OP, HAM), ("comm", OTHER, HAM)),
        ("sum", ("prod", OTHER, ("comm", OP, HAM)), ZERO),
        ("tr", ("prod", OTHER, ("comm", OP, HAM))),
        ("sum", ("prod", OP, HAM), ZERO),
        ("sum", ZERO, ZERO),
    ],
)
def test_both_checkers_refuse_what_says_something_else(residual):
    with pytest.raises(Malformed, match="commutes"):
        move(residual, ["commutes", FUNCTION], [])
    with pytest.raises(NoMeaning):
        moved(residual, [["commutes", FUNCTION]], [])


@pytest.mark.parametrize("body", [OTHER, ("prod", HOLE, OTHER), ("comm", HOLE, OTHER)])
def test_both_checkers_refuse_what_is_no_function_of_H(body):
    with pytest.raises(Malformed, match="function of the Hamiltonian"):
        move(SAYS_IT, ["commutes", body], [])
    with pytest.raises(NoMeaning):
        moved(SAYS_IT, [["commutes", body]], [])
