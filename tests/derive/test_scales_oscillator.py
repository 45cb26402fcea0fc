"""Multiple scales of oscillators: published coefficients, and numbers that know nothing of the expansion."""

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import pi

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import ellipk

from derive.kernel.gaussian import Gaussian
from derive.scales import Oscillator

DUFFING = Oscillator({(3, 0): -1})
VAN_DER_POL = Oscillator({(0, 1): 1, (2, 1): -1})
DAMPED = Oscillator({(0, 1): -2})


def fractions(*texts):
    return tuple(map(Fraction, texts))


def single(polynomials, powers):
    """The coefficients of polynomials that are known to have one term each."""
    assert all(set(p) <= {k} for p, k in zip(polynomials, powers, strict=True))
    return tuple(p.get(k, Fraction(0)) for p, k in zip(polynomials, powers, strict=True))


def floats(polynomials, eps, y):
    return sum(eps**n * sum(float(c) * y**k for k, c in p.items()) for n, p in enumerate(polynomials))


# Duffing, x'' + x + eps x^3 = 0 ------------------------------------------------------------------------

BY_FIRST_HARMONIC = fractions("1", "3/8", "-15/256", "123/8192")
BY_DISPLACEMENT = fractions("1", "3/8", "-21/256", "81/2048", "-6549/262144")


def test_duffing_has_the_published_coefficients_in_both_amplitudes():
    """-15/256 goes with the first harmonic, -21/256 with the initial displacement."""
    flow = DUFFING.slow_flow(4)
    assert single(flow.frequency(), (0, 2, 4, 6, 8))[:4] == BY_FIRST_HARMONIC
    assert single(flow.frequency_by_displacement(), (0, 2, 4, 6, 8)) == BY_DISPLACEMENT
    assert flow.displacement()[:2] == ({1: 1}, {3: Fraction(1, 32)})
    assert not any(flow.amplitude_rate())


def duffing_frequency(eps):
    """omega of x'' + x + eps x^3 = 0 with x(0) = 1, x'(0) = 0: sqrt(1 + eps) agm(1, sqrt(1 - m)), m = eps/(2 + 2 eps)."""
    with localcontext() as context:
        context.prec = 120
        e = Decimal(eps)
        a, b = Decimal(1), (1 - e / (2 + 2 * e)).sqrt()
        for _ in range(12):
            a, b = (a + b) / 2, (a * b).sqrt()
        return (1 + e).sqrt() * a


def orders_of_agreement(coefficients):
    """log2 of the ratio of the errors at eps and eps/2, the order of the first term that is missing or wrong."""
    with localcontext() as context:
        context.prec = 120
        errors = []
        for eps in (Decimal(2) ** -20, Decimal(2) ** -21):
            series = sum(eps**n * Decimal(c.numerator) / Decimal(c.denominator) for n, c in enumerate(coefficients))
            errors.append(abs(duffing_frequency(eps) - series))
        return round(float((errors[0] / errors[1]).ln() / Decimal(2).ln()), 3)


def test_the_agm_is_the_elliptic_integral():
    eps = 0.7
    assert float(duffing_frequency(eps)) == pytest.approx(pi * (1 + eps) ** 0.5 / (2 * ellipk(eps / (2 + 2 * eps))), rel=1e-14)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 8])
def test_duffing_agrees_with_the_elliptic_integral_to_its_order(order):
    series = DUFFING.slow_flow(order).frequency_by_displacement()
    assert orders_of_agreement(single(series, [2 * n for n in range(order + 1)])) == pytest.approx(order + 1, abs=0.01)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_wrong_coefficient_is_seen_at_its_order(place):
    wrong = list(BY_DISPLACEMENT)
    wrong[place] += Fraction(1, 10**4)
    assert orders_of_agreement(wrong) == pytest.approx(place, abs=0.01)


def test_the_two_amplitudes_are_not_interchangeable():
    assert orders_of_agreement(BY_FIRST_HARMONIC) == pytest.approx(2, abs=0.01)


def first_harmonic(rhs, start, period, samples=256):
    times = np.arange(samples) * period / samples
    found = solve_ivp(rhs, (0, period), start, t_eval=times, rtol=1e-12, atol=1e-13, method="DOP853").y[0]
    return abs(2 * np.mean(found * np.exp(-2j * pi * times / period)))


def test_the_amplitude_of_duffing_is_that_of_the_first_harmonic():
    errors = []
    for eps in (0.2, 0.1):
        omega = float(duffing_frequency(eps))
        a = first_harmonic(lambda _, y, e=eps: (y[1], -y[0] - e * y[0] ** 3), (1, 0), 2 * pi / omega)
        errors.append(abs(omega - floats(DUFFING.slow_flow(3).frequency(), eps, a)))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4, abs=0.3)


# Van der Pol, x'' + x = eps (1 - x^2) x' ---------------------------------------------------------------


def test_van_der_pol_has_the_published_coefficients():
    (cycle,) = VAN_DER_POL.slow_flow(8).limit_cycles()
    assert cycle.amplitude[:3] == fractions("2", "0", "1/64")
    assert cycle.frequency == fractions("1", "0", "-1/16", "0", "17/3072", "0", "35/884736", "0", "-678899/5096079360")
    assert cycle.attracts
    assert [n**2 for n in cycle.amplitude[:2]] == [4, 0] == list(cycle.squared_amplitude[:2])


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_a_lower_order_is_the_beginning_of_a_higher_one(order):
    (short,), (long,) = (VAN_DER_POL.slow_flow(n).limit_cycles() for n in (order, 6))
    assert short.frequency == long.frequency[: order + 1]
    assert short.amplitude == long.amplitude[:order]


def turned_round():
    """With eps < 0 time runs backwards: the cycle repels."""
    return Oscillator({(0, 1): -1, (2, 1): 1}).slow_flow(4).limit_cycles()


def test_the_reversed_van_der_pol_cycle_repels():
    (cycle,) = turned_round()
    (forward,) = VAN_DER_POL.slow_flow(4).limit_cycles()
    assert not cycle.attracts
    assert cycle.frequency == forward.frequency


def landing(rhs, height):
    """Where and when the motion from (height, 0) has its next maximum."""

    def speed(_, y):
        return y[1]

    speed.direction, speed.terminal = -1, True
    exact = {"rtol": 1e-13, "atol": 1e-14, "method": "DOP853"}
    away = solve_ivp(rhs, (0, 1), (height, 0), **exact).y[:, -1]  # the start itself is a maximum
    found = solve_ivp(rhs, (1, 20), away, events=speed, **exact)
    return found.y_events[0][0][0], found.t_events[0][0]


@cache
def cycle_of(force, eps):
    """Frequency and first harmonic of the limit cycle near x = 2 of x'' + x = force(x, x', eps): it returns to its maximum."""

    def rhs(_, y):
        return y[1], -y[0] + force(y[0], y[1], eps)

    height = brentq(lambda x: landing(rhs, x)[0] - x, 1.5, 2.5, xtol=1e-15, rtol=1e-14)
    period = landing(rhs, height)[1]
    return {"frequency": 2 * pi / period, "amplitude": first_harmonic(rhs, (height, 0), period)}


def order_of_remainder(force, name, series, eps):
    """The power of eps by which the cycle differs from its series, between eps and 3/2 eps."""
    errors = [abs(cycle_of(force, e)[name] - sum(float(c) * e**n for n, c in enumerate(series))) for e in (eps, 1.5 * eps)]
    return np.log(errors[1] / errors[0]) / np.log(1.5)


def van_der_pol(x, v, eps):
    return eps * (1 - x**2) * v


def with_spring(x, v, eps):
    return -eps * x**3 + eps**2 * (1 - x**2) * v


@pytest.mark.parametrize("name", ["frequency", "amplitude"])
def test_van_der_pol_agrees_with_its_integration(name):
    """Known up to eps^9; odd powers are zero, so the next is eps^10.  Any one coefficient wrong is seen as a lower power."""
    (cycle,) = VAN_DER_POL.slow_flow(10).limit_cycles()
    series = getattr(cycle, name)[:10]
    assert order_of_remainder(van_der_pol, name, series, 0.4) == pytest.approx(10, abs=0.4)
    for place, right in enumerate(series):
        for off in (right / 10 or Fraction(1, 1000), -right / 10 or Fraction(-1, 1000)):
            wrong = [*series[:place], right + off, *series[place + 1 :]]
            assert order_of_remainder(van_der_pol, name, wrong, 0.4) < 9.5


@pytest.mark.parametrize(("name", "known"), [("frequency", 5), ("amplitude", 4)])
def test_a_cycle_that_the_second_order_fixes_agrees_with_its_integration(name, known):
    """Damping at eps^2: from psi_1 .. psi_5 the amplitude up to eps^3, the frequency, through the spring at eps, up to eps^4."""
    (cycle,) = Oscillator([{(3, 0): -1}, {(0, 1): 1, (2, 1): -1}]).slow_flow(5).limit_cycles()
    series = getattr(cycle, name)
    assert len(series) == known
    assert order_of_remainder(with_spring, name, series, 0.02) == pytest.approx(known, abs=0.4)
    assert order_of_remainder(with_spring, name, series[:-1], 0.02) == pytest.approx(known - 1, abs=0.4)


def test_two_limit_cycles():
    """Re psi_1 = -1/2 + 5/2 s - 2 s^2 = -2 (s - 1) (s - 1/4): the small cycle repels, the large one attracts."""
    force = {(0, 1): -1, (2, 1): 5, (4, 1): -2}
    small, large = Oscillator(force).slow_flow(3).limit_cycles()
    assert (small.squared_amplitude[0], large.squared_amplitude[0]) == (1, 4)
    assert (small.attracts, large.attracts) == (False, True)


# Linear and quadratic ---------------------------------------------------------------------------------


def test_the_damped_oscillator_decays_at_exactly_eps():
    flow = DAMPED.slow_flow(12)
    assert flow.amplitude_rate() == ({}, {1: -1}, *({} for _ in range(11)))
    frequency = single(flow.frequency(), [0] * 13)
    assert frequency[:5] == fractions("1", "0", "-1/2", "0", "-1/8")
    binomial = [Fraction(1)]  # sqrt(1 - y) = sum of C(1/2, k) (-y)^k
    for k in range(1, 7):
        binomial.append(binomial[-1] * (Fraction(1, 2) - k + 1) / k * -1)
    assert frequency[::2] == tuple(binomial)
    assert flow.limit_cycles() == ()


def test_a_quadratic_spring_has_the_published_frequency():
    """x'' + x + eps x^2 = 0: 1 - 5/12 eps^2 a^2, and the mean is moved to -eps a^2/2."""
    flow = Oscillator({(2, 0): -1}).slow_flow(2)
    assert flow.frequency() == ({0: 1}, {}, {2: Fraction(-5, 12)})
    assert flow.terms[1][1, 1] == Gaussian(-2)


def test_a_force_linear_in_x_shifts_the_frequency():
    """x'' + (1 + eps) x = 0: sqrt(1 + eps); the same as a second force of the second order put in."""
    assert single(Oscillator({(1, 0): -1}).slow_flow(3).frequency(), [0] * 4) == fractions("1", "1/2", "-1/8", "1/16")
    twice = Oscillator([{(1, 0): -2}, {(1, 0): -1}]).slow_flow(4)  # (1 + eps)^2
    assert single(twice.frequency(), [0] * 5) == fractions("1", "1", "0", "0", "0")


def test_the_unit_of_time_can_be_changed():
    """x'' + w^2 x + eps x^3 = 0 is w^2 times the equation with eps/w^2 in the time w t."""
    w = Fraction(3, 2)
    scaled, plain = Oscillator({(3, 0): -1}, w).slow_flow(3).frequency(), DUFFING.slow_flow(3).frequency()
    assert scaled == tuple({k: c * w / w ** (2 * n) for k, c in p.items()} for n, p in enumerate(plain))


# The series solves the equation -----------------------------------------------------------------------

MIXED = Oscillator([{(2, 0): 1, (1, 1): Fraction(1, 2), (0, 3): -1, (0, 0): 2}, {(1, 2): 3, (0, 1): -1}], Fraction(3, 2))


def along(flow, series, eps):
    """d/dt of {(p, q): number} along z' = i omega0 z + z sum of eps^n psi_n, by the chain rule, exactly."""
    found = {}
    for (p, q), c in series.items():
        rates = {0: Gaussian(0, flow.omega0)}
        for n, rate in enumerate(flow.rates, start=1):
            for k, r in rate.items():
                rates[k] = rates.get(k, Gaussian()) + r * Gaussian(eps**n)
        for k, r in rates.items():
            key = (p + k, q + k)
            found[key] = found.get(key, Gaussian()) + c * (r * Gaussian(p) + r.conjugate() * Gaussian(q))
    return found


def at(series, z):
    total = Gaussian()
    for (p, q), c in series.items():
        for factor, power in ((z, p), (z.conjugate(), q)):
            for _ in range(power):
                c = c * factor
        total = total + c
    return total


def defect(oscillator, flow, eps):
    """x'' + omega0^2 x - eps f_1 - eps^2 f_2 - .. at one point, exactly."""
    x = {}
    for n, term in enumerate(flow.terms):
        for key, c in term.items():
            x[key] = x.get(key, Gaussian()) + c * Gaussian(eps**n)
    v = along(flow, x, eps)
    z = Gaussian(Fraction(1, 3), Fraction(1, 5))
    here, speed, force = at(x, z), at(v, z), Gaussian()
    for n, f in enumerate(oscillator.forces, start=1):
        for (i, j), c in f.items():
            part = Gaussian(c * eps**n)
            for factor in [here] * i + [speed] * j:
                part = part * factor
            force = force + part
    left = at(along(flow, v, eps), z) + here * Gaussian(oscillator.omega0**2) - force
    assert not here.im
    assert not left.im
    return abs(left.re)


def order_of_defect(oscillator, flow):
    errors = [defect(oscillator, flow, Fraction(1, 2**k)) for k in (40, 41)]
    return round(float(np.log2(float(errors[0] / errors[1]))), 2)


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("oscillator", [DUFFING, VAN_DER_POL, MIXED], ids=["duffing", "van der pol", "mixed"])
def test_the_defect_is_of_the_next_order(oscillator, order):
    assert order_of_defect(oscillator, oscillator.slow_flow(order)) == order + 1


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_wrong_rate_or_term_leaves_a_defect_of_its_order(place):
    for wrong in ("rates", "terms"):
        flow = MIXED.slow_flow(3)
        part = flow.rates[place - 1] if wrong == "rates" else flow.terms[place]
        key = next(iter(part))
        mirror = key if wrong == "rates" else key[::-1]
        part[key] = part[key] + Gaussian(Fraction(1, 7))
        if mirror != key:
            part[mirror] = part[mirror] + Gaussian(Fraction(1, 7))
        assert order_of_defect(MIXED, flow) == place


CHANGED = [(k, key) for k, force in enumerate(MIXED.forces) for key in force]


@pytest.mark.parametrize(("place", "key"), CHANGED, ids=str)
@pytest.mark.parametrize("factor", [-1, 2, 0])
def test_the_flow_of_a_changed_equation_does_not_solve_the_given_one(place, key, factor):
    """A sign, a factor 2 and a dropped term of eps^k f_k leave a defect of order k."""
    forces = [dict(force) for force in MIXED.forces]
    forces[place][key] *= factor
    changed = Oscillator(forces, MIXED.omega0).slow_flow(3)
    assert (changed.rates, changed.terms) != (MIXED.slow_flow(3).rates, MIXED.slow_flow(3).terms)
    assert order_of_defect(MIXED, changed) == place + 1
