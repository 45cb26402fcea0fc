"""Stability boundaries of Mathieu's and Hill's equations: published coefficients, characteristic values, Floquet's map."""

from fractions import Fraction
from math import cos, pi

import pytest
from scipy.integrate import solve_ivp
from scipy.special import mathieu_a, mathieu_b

from derive.scales import boundary


def fractions(*texts):
    return tuple(map(Fraction, texts))


def test_mathieu_has_the_published_boundaries():
    assert boundary(1, "odd", 3) == fractions("1", "1", "-1/8", "-1/64")
    assert boundary(1, "even", 3) == fractions("1", "-1", "-1/8", "1/64")
    assert boundary(0, "even", 4) == fractions("0", "0", "-1/2", "0", "7/128")
    assert boundary(2, "even", 4) == fractions("4", "0", "5/12", "0", "-763/13824")
    assert boundary(2, "odd", 4) == fractions("4", "0", "-1/12", "0", "5/13824")


def value(series, eps):
    return sum(float(c) * eps**n for n, c in enumerate(series))


@pytest.mark.parametrize("m", [0, 1, 2, 3])
def test_the_boundaries_are_the_characteristic_values(m):
    """a = delta and q = -eps; SciPy takes q > 0 here: an even boundary for m odd turns into the odd one with -q."""
    q = 0.2
    assert value(boundary(m, "even", 12), -q) == pytest.approx(mathieu_a(m, q), abs=1e-9)
    if m:
        assert value(boundary(m, "odd", 12), -q) == pytest.approx(mathieu_b(m, q), abs=1e-9)


def floquet_trace(delta, eps, potential):
    """The trace of the map of (x, x') over one period 2 pi; |trace| <= 2 where the motion is bounded."""

    def rhs(t, y):
        spring = delta + eps * sum(2 * float(w) * cos(k * t) for k, w in potential.items())
        return y[1], -spring * y[0], y[3], -spring * y[2]

    end = solve_ivp(rhs, (0, 2 * pi), (1, 0, 0, 1), rtol=1e-12, atol=1e-13, method="DOP853").y[:, -1]
    return end[0] + end[3]


@pytest.mark.parametrize("potential", [{2: 1}, {2: 1, 4: Fraction(-1, 3)}, {1: Fraction(1, 2), 2: 1}], ids=str)
@pytest.mark.parametrize("m", [1, 2])
def test_the_motion_turns_unbounded_at_the_boundaries(m, potential):
    """Inside the tongue the trace leaves [-2, 2], outside it does not, and on both boundaries a solution is periodic."""
    eps = 0.1
    low, high = sorted(value(boundary(m, parity, 8, potential), eps) for parity in ("even", "odd"))
    width = high - low
    assert width > 1e-4
    for edge, outside in ((low, -1), (high, 1)):
        assert abs(floquet_trace(edge, eps, potential) - 2) < 1e-6 * width
        assert floquet_trace(edge + outside * width / 10, eps, potential) < 2 - 1e-3 * width**2
        assert floquet_trace(edge - outside * width / 10, eps, potential) > 2 + 1e-3 * width**2


def test_a_wrong_boundary_is_seen_by_floquet():
    right = boundary(1, "odd", 8)
    for place in (1, 2, 3):
        wrong = [-c if n == place else c for n, c in enumerate(right)]
        assert abs(floquet_trace(value(wrong, 0.1), 0.1, {2: 1}) - 2) > 1e-5
