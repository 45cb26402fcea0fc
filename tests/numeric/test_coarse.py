"""The interpreter of large samples against brute force on small matrices, and its refusals."""

import numpy as np
import pytest

from dense import HBAR, Dense
from derive.language import (
    Average,
    Bra,
    D,
    Delta,
    Equation,
    Heisenberg,
    Integral,
    Ket,
    LevelSum,
    Power,
    Trace,
    Unprinted,
)
from judging import JAIN, PRINTED
from model_case import E, H, Sigma, V, X, case, delta, dH, f, g, hbar, m, n, occupation, rhos, s, t, tau, u, unknown
from numeric.coarse import levels
from numeric.coarse import words as w
from numeric.coarse.unfold import derivative, integral, sized
from numeric.refusals import Refusal

ON_GRID = 1e-3  # of d_E by differences: a seventh derivative of the kernel times (width/5)^6/140
LAWS = ("GOE", "GUE")
OURS = case()
RESTORED = {**PRINTED, "limits and sums": "restored"}


def close(a, b, accuracy):
    """Equal to the accuracy, over the largest element of either."""
    a, b = np.asarray(a), np.asarray(b)
    return np.abs(a - b).max() <= accuracy * max(np.abs(a).max(), np.abs(b).max())


def field_of(run, e):
    return w.scalar(run.value(e), "a field")[0]


def numbers_of(run, e):
    return w.scalar(run.value(e), "a number")[:, 0]


# Fields --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("shape", ["gaussian", "gumbel"])
def test_fields_are_kernel_averages(law, shape):
    dense = Dense(law, 12, shape=shape)
    run = dense.reading(OURS, {})
    one = np.eye(12)
    density = dense.smeared(one)
    assert close(field_of(run, Sigma), density, 1e-13)
    assert close(field_of(run, Sigma * u), dense.smeared(dense.v), 1e-8)  # u is cut off where Sigma is 1e-9 of its largest
    inside = density > 1e-3 * density.max()
    assert close(field_of(run, u)[inside], dense.smeared(dense.v)[inside] / density[inside], 1e-12)
    assert close(field_of(run, Trace(Delta(E - H, 2) * dH)), dense.smeared(dense.v, order=2), 1e-12)


@pytest.mark.parametrize("law", LAWS)
def test_correlation_by_exponentials(law):
    dense = Dense(law, 10)
    run = dense.reading(OURS, {}, c=0.0)
    moment = 0.7
    for time in (moment, -moment):
        carried = dense.flow(dense.v, time, dense.tau)
        ours = w.scalar(run.value(Trace(delta * dH * Heisenberg(dH, s, hbar)), ((s, time),)), "a trace")[0]
        assert close(ours, dense.smeared(dense.v @ carried), 1e-12)
    memory = dense.over_time(dense.v, -1.1, 0.0, dense.tau)
    assert close(
        field_of(run, Trace(delta * dH * Integral(Heisenberg(dH, s, hbar), s, -t, 0))), dense.smeared(dense.v @ memory), 1e-12
    )
    assert close(
        field_of(run, Trace(delta * Integral(Heisenberg(dH, s, hbar), s, -t, 0) * dH)), dense.smeared(memory @ dense.v), 1e-12
    )


def test_encoded_correlation_and_its_integral():
    """C of the paper, complex as printed, u a number: the definition is opened and the flow integrated."""
    dense = Dense("GUE", 12)
    run = dense.reading(JAIN, RESTORED, fast=0.9)
    C, int_C = JAIN["35"].claim.lhs, JAIN["36"].claim.lhs.args[1].args[0]
    density, mean = dense.smeared(np.eye(12)), dense.smeared(dense.v)
    memory = dense.over_time(dense.v, -0.9, 0.0, dense.tau)
    u_of_E = mean / density
    expected = (dense.smeared(dense.v @ memory) - u_of_E * dense.smeared(memory)) / density - 0.9 * 0 * u_of_E
    inside = density > 1e-2 * density.max()
    assert close(field_of(run, int_C)[inside], expected[inside], 1e-9)
    at_zero = field_of(run, C.function(0, *C.arguments[1:]))
    assert close(at_zero[inside], (dense.smeared(dense.v @ dense.v) / density - u_of_E**2)[inside], 1e-9)
    assert np.abs(at_zero.imag).max() < 1e-12


@pytest.mark.parametrize("law", LAWS)
def test_d_tau_of_fields_at_fixed_energy(law):
    dense = Dense(law, 12, width=0.4)
    run = dense.reading(OURS, {})
    one = np.eye(12)
    density = dense.smeared(one)
    inside = density > 1e-2 * density.max()

    def mean(tau):
        return dense.smeared(dense.v, tau) / dense.smeared(one, tau)

    assert close(field_of(run, D(Sigma, tau)), dense.differentiated(lambda tau: dense.smeared(one, tau)), 1e-8)
    assert close(field_of(run, D(u, tau))[inside], dense.differentiated(mean)[inside], 1e-7)
    assert close(field_of(run, D(Sigma * u, tau)), dense.differentiated(lambda tau: dense.smeared(dense.v, tau)), 1e-7)
    assert close(field_of(run, D(Sigma, tau)), -field_of(run, D(Sigma * u, E)), ON_GRID)


def test_slope_in_energy_of_a_field_is_that_of_the_kernel():
    dense = Dense("GUE", 12)
    run = dense.reading(OURS, {})
    assert close(field_of(run, D(Sigma, E)), dense.smeared(np.eye(12), order=1), ON_GRID)
    assert close(field_of(run, D(Trace(delta), E)), field_of(run, Trace(Delta(E - H, 1))), ON_GRID)


# T1 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
def test_reference_T1_by_finite_differences_at_forty(law):
    """Tr g d_tau int_0^t dt' (d_tau rho_0)(t' - t), both slow derivatives by differences of matrices."""
    dense, time = Dense(law, 40), 1.3
    run = dense.reading(JAIN, RESTORED, fast=time)

    def slow_change(tau, step=2e-4):
        return (
            8 * (dense.state(tau + step) - dense.state(tau - step)) - dense.state(tau + 2 * step) + dense.state(tau - 2 * step)
        ) / (12 * step)

    def memory(tau):
        return dense.over_time(slow_change(tau), -time, 0.0, tau)

    moved = dense.differentiated(memory, step=2e-4)
    expected = [np.trace(dense.function(values) @ moved) for values in dense.given.test(dense.levels, 0)]
    ours = numbers_of(run, JAIN["30"].claim.lhs)
    assert close(ours, expected, 1e-4)
    assert np.abs(ours.imag).max() < 1e-10 * np.abs(ours).max()  # T1 is real


def test_T1_is_minus_the_trace_of_the_moving_test_function():
    """Tr g d_tau X = -Tr (d_tau g) X, for Tr g X = 0 at every slow time; by divided differences of g."""
    dense, time = Dense("GUE", 30), 0.8
    run = dense.reading(JAIN, RESTORED, fast=time)
    v = dense.sample().dH
    gaps = dense.levels[:, None] - dense.levels[None, :] + np.eye(30)
    p = dense.populations
    change = v * (p[:, None] - p[None, :]) / gaps
    frequency = (dense.levels[:, None] - dense.levels[None, :]) / HBAR
    phases = np.where(frequency == 0, time, (1 - np.exp(-1j * frequency * time)) / (1j * frequency + (frequency == 0)))
    expected = []
    for values in dense.given.test(dense.levels, 0):
        turned = v * (values[:, None] - values[None, :]) / gaps
        expected.append(-np.trace(turned @ (change * phases)))
    assert close(numbers_of(run, JAIN["30"].claim.lhs), expected, 1e-10)


@pytest.mark.parametrize("law", LAWS)
def test_slow_derivative_of_carried_operators(law):
    """Tr g(H) d_tau int ds V(s) and Tr g(H) V d_tau p(H), g held at its own slow time."""
    dense, time = Dense(law, 14), 0.9
    run = dense.reading(OURS, {}, fast=time)
    tests = [dense.function(values) for values in dense.given.test(dense.levels, 0)]
    moved = dense.differentiated(lambda tau: dense.over_time(dense.v, -time, 0.0, tau))
    ours = numbers_of(run, Trace(g(H) * D(Integral(Heisenberg(dH, s, hbar), s, -t, 0), tau)))
    assert close(ours, [np.trace(test @ moved) for test in tests], 1e-6)
    turned = dense.differentiated(dense.state)
    ours = numbers_of(run, Trace(g(H) * dH * D(rhos[0], tau)))
    assert close(ours, [np.trace(test @ dense.v @ turned) for test in tests], 1e-6)


def test_first_member_is_populations_less_memory():
    dense, time = Dense("GUE", 14), 0.9
    run = dense.reading(OURS, {}, fast=time)
    memory = dense.over_time(dense.differentiated(dense.state), -time, 0.0, dense.tau)
    still = dense.function(dense.given.member(1, dense.levels, 0)[0])
    expected = [np.trace(dense.function(values) @ dense.v @ (still - memory)) for values in dense.given.test(dense.levels, 0)]
    assert close(numbers_of(run, Trace(g(H) * dH * rhos[1])), expected, 1e-6)


def test_bra_ket_and_sum_over_levels():
    dense = Dense("GUE", 12)
    run = dense.reading(OURS, {})
    assert close(field_of(run, LevelSum(n, Bra(n) * delta * dH * dH * Ket(n))), dense.smeared(dense.v @ dense.v), 1e-12)
    single = field_of(run, Bra(n) * delta * dH * Ket(n))
    whole = field_of(run, Trace(delta * dH))
    assert 0 < np.abs(single).sum() < np.abs(whole).sum()


# Rewriting -----------------------------------------------------------------------------------------------


def test_rewriting_changes_no_value(monkeypatch):
    monkeypatch.setattr(levels, "PER_WIDTH", 20)  # what is left is the difference between the two ways
    dense = Dense("GUE", 12)
    run = dense.reading(OURS, {})
    product = g(E) * Sigma * u * u
    written = derivative(product, E)
    grid = w.slope_in_energy(run.sample, w.scalar(run.value(product), "a field"))
    assert written != D(product, E)
    assert close(w.scalar(run.value(written), "a field"), grid, 1e-5)
    once = Power(Sigma + 1, -2)
    assert close(field_of(run, derivative(once, E)), w.slope_in_energy(run.sample, field_of(run, once)), 1e-5)


def test_terms_are_those_of_the_print_with_derivatives_of_products_written_out():
    assert len(sized(D(Sigma * u, E), 0)) == 2
    assert len(sized(Integral(g(E) * D(g(E) * Sigma * u, E), E), Trace(X))) == 4
    assert len(sized(Trace((dH - u) * (dH - u)), 0)) == 1  # under a trace nothing is split
    assert sized(Sigma, Sigma)[0] != sized(Sigma, Sigma)[1]


def test_time_integral_leaves_the_flow_alone():
    inside = integral(Trace(delta * (dH - u) * (Heisenberg(dH, s, hbar) - u)), s, -t, 0, {})
    flows = [part for part in _all(inside) if isinstance(part, Integral)]
    assert flows
    assert all(isinstance(part.args[0], Heisenberg) for part in flows)


def _all(e):
    yield e
    for part in e.args:
        yield from _all(part)


# Refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        Trace(X),
        Trace(delta * delta),
        Integral(Trace(dH), E),
        Integral(Heisenberg(dH, s, hbar), s, Unprinted(), t),
        Trace(Integral(Heisenberg(dH, s, hbar) * Heisenberg(dH, s, hbar), s, -t, 0)),
        unknown(E, tau),
        Trace(rhos[2]),
        D(Trace(dH * rhos[1]), t),
        Trace(g(H) * D(D(rhos[0], tau) * dH, tau)),
        Power(dH, -1),
        f(E, tau),
        D(D(occupation(E, tau), tau), tau),
        Trace(V),
        LevelSum(n, Bra(n) * dH * Ket(m)),
        tau * Sigma,
        D(Trace(g(H) * dH * dH), tau),
    ],
    ids=range(16),
)
def test_what_has_no_value_is_refused(expression):
    run = Dense("GUE", 8).reading(OURS, {})
    with pytest.raises(Refusal) as refusal:
        w.scalar(run.value(expression), "this")
    assert str(refusal.value)


def test_equation_between_operators_is_refused():
    from numeric.limit import terms

    with pytest.raises(Refusal, match="operator"):
        terms(Dense("GUE", 8).reading(OURS, {}), Equation(dH, H))


def test_average_outside_the_spectrum_is_zero_and_finite():
    run = Dense("GUE", 8, width=0.05).reading(OURS, {})
    values = field_of(run, Average(dH * dH, E))
    assert np.isfinite(values).all()
