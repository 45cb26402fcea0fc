"""A step becomes a delta under d_E, and takes what stands beside it at its point: on finite models as in normal forms."""

import pytest

from derive.kernel.replay import replay
from derive.language import D, Delta, Heisenberg, Theta, Trace
from planted.statement import H0, A, E, H, V, X, Y, a, delta, g, hbar, s, tau
from posing import infer_posed

STEP = Theta(E - H)
N = Trace(STEP)
MOVES = (H, H0 + tau * V)


def flow(x):
    return Heisenberg(x, s, hbar)


def counted(x):
    return Trace(STEP * A * flow(x))


TRUE = {
    "at a fixed energy": ((D(E * Theta(E - a), E), Theta(E - a) + a * Delta(E - a)),),
    "beside E": ((D(E * N, E), N + E * Trace(delta)), MOVES),
    "up to E": ((D(Trace((E - H) * STEP), E), N), MOVES),
    "beside a function": ((D(g(E) * N, E), D(g(E), E) * N + g(E) * Trace(delta)), MOVES),
    "twice": ((D(D(E * E * N, E), E), 2 * N + 2 * E * Trace(delta) + D(E * E * Trace(delta), E)), MOVES),
}
NOT_REFUTED = {
    "beside a flow": ((D(E * counted(X), E), counted(Y) + E * Trace(delta * A * flow(Y))), (X - Y, 0)),
    "a function beside a flow": (
        (D(g(E) * counted(X), E), D(g(E), E) * counted(Y) + g(E) * Trace(delta * A * flow(Y))),
        (X - Y, 0),
    ),
}
FALSE = {
    "at a fixed energy": ((D(E * Theta(E - a), E), Theta(E - a) + 2 * a * Delta(E - a)),),
    "without the step": ((D(E * N, E), E * Trace(delta)), MOVES),
    "twice the step": ((D(Trace((E - H) * STEP), E), 2 * N), MOVES),
    "beside a flow": ((D(E * counted(X), E), E * Trace(delta * A * flow(Y))), (X - Y, 0)),
}


@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name):
    found = infer_posed(*TRUE[name])
    assert found.verdict == "valid", found.reason
    replay(found.certificate)


@pytest.mark.parametrize("name", NOT_REFUTED)
def test_it_is_not_refuted(name):
    assert infer_posed(*NOT_REFUTED[name]).verdict != "invalid"


@pytest.mark.parametrize("name", FALSE)
def test_a_slip_is_refuted(name):
    found = infer_posed(*FALSE[name])
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)
