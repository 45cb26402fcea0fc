"""Integrals over times, nested and differentiated, on finite models: a second-order step of perturbation theory in time."""

import pytest

from derive.kernel.replay import replay
from derive.language import D, Heisenberg, Integral, Operator, Trace
from derive.second.replay import replay_second
from planted.statement import K, X, Y, Z, hbar, s, sp, t
from posing import infer_posed

W = Operator("W0", ())
SPOKEN_OF = (Trace(K * W) * Trace(X * Y * Z), 1)


def flow(x, time):
    return Heisenberg(x, time, hbar)


def over(body, time, lower, upper):
    return Integral(body, time, lower, upper)


SECOND = over(over(flow(K, s) * flow(K, sp), sp, 0, s), s, 0, t)
FIRST = over(flow(K, s), s, 0, t)
TRIANGLE = over(over(Trace(flow(K, s) * W), sp, 0, s), s, 0, t)
TRUE = {
    "the second order of an evolution": (D(SECOND, t), flow(K, t) * FIRST),
    "differentiated twice": (D(D(SECOND, t), t), D(flow(K, t) * FIRST, t)),
    "a triangle": (over(over(1, sp, 0, s), s, 0, t), t * t / 2),
    "its other half": (over(over(1, sp, s, t), s, 0, t), t * t / 2),
    "one letter for both times": (over(over(1, s, 0, s), s, 0, t), t * t / 2),
    "integrated over one of its sides": (TRIANGLE, over(s * Trace(flow(K, s) * W), s, 0, t)),
    "one integral, differentiated twice": (D(D(over(s * s * s * Trace(K), s, 0, t), t), t), 3 * t * t * Trace(K)),
    "and three times": (D(D(D(FIRST, t), t), t), D(D(flow(K, t), t), t)),
}
FALSE = {
    "twice the second order": (D(SECOND, t), 2 * flow(K, t) * FIRST),
    "in the other order of time": (D(SECOND, t), FIRST * flow(K, t)),
    "a square": (over(over(1, sp, 0, s), s, 0, t), t * t),
    "without the other side": (TRIANGLE, over(Trace(flow(K, s) * W), s, 0, t)),
    "one integral, differentiated twice": (D(D(over(s * s * Trace(K), s, 0, t), t), t), 3 * t * Trace(K)),
    "and three times": (D(D(D(FIRST, t), t), t), D(flow(K, t), t)),
}


@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name):
    found = infer_posed(TRUE[name], spoken=SPOKEN_OF)
    assert found.verdict == "valid", found.reason
    replay(found.certificate)
    assert replay_second(found.certificate).values > 0


@pytest.mark.parametrize("name", FALSE)
def test_a_slip_is_refuted(name):
    found = infer_posed(FALSE[name], spoken=SPOKEN_OF)
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)
    assert replay_second(found.countermodel).values > 0
