"""A premise d_t X = .. is used whichever way it is written: put in for d_t X, and combined like any other."""

import pytest

from derive.kernel.replay import replay
from derive.language import Commutator, D, Trace
from planted.statement import H, I, V, X, Y, g, hbar, t
from posing import infer_posed

WRITTEN = {
    "solved": (D(X, t), -I / hbar * Commutator(H, X)),
    "times i hbar": (I * hbar * D(X, t), Commutator(H, X)),
    "twice": (2 * D(X, t), -2 * I / hbar * Commutator(H, X)),
    "sides swapped": (Commutator(H, X), I * hbar * D(X, t)),
}
TRUE = {
    "the trace": (D(Trace(X), t), 0),
    "a function of H": (D(Trace(g(H) * X), t), 0),
    "the square": (D(X * X, t), -I / hbar * Commutator(H, X * X)),
}
FALSE = {
    "the trace": (D(Trace(X), t), Trace(X)),
    "another operator": (D(Trace(V * X), t), 0),
    "the square, the other way": (D(X * X, t), I / hbar * Commutator(H, X * X)),
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name, written):
    found = infer_posed(TRUE[name], WRITTEN[written])
    assert found.verdict == "valid", found.reason
    replay(found.certificate)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", FALSE)
def test_a_slip_is_refuted(name, written):
    found = infer_posed(FALSE[name], WRITTEN[written], spoken=(Trace(V * V), 1))
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


def test_with_a_source():
    assert infer_posed((D(Trace(X), t), Trace(Y)), (D(X, t), Y)).verdict == "valid"
    assert infer_posed((D(Trace(X), t), 2 * Trace(Y)), (D(X, t), Y)).verdict == "invalid"
