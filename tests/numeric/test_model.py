"""The model and its slow and fast derivatives, against differences.

Slow derivatives are compared with differences between interpreters at displaced slow times, which share the
sample but no series; the state and the members of its expansion with differences in time.
"""

import numpy as np
import pytest
from sympy import Rational

import numeric.denote
import numeric.series
from derive import language
from derive.language import (
    Adjoint,
    At,
    Average,
    Bra,
    Commutator,
    D,
    Delta,
    Heisenberg,
    Integral,
    Ket,
    Level,
    LevelSum,
    Power,
    Theta,
    Trace,
)
from interpreting import EACH, READING, denoted, hamiltonian, matrix, numbers, running
from model_case import (
    H0,
    E,
    H,
    I,
    Sigma,
    V,
    X,
    Y,
    delta,
    dH,
    eps,
    f,
    g,
    hbar,
    later,
    m,
    n,
    occupation,
    p_of,
    q,
    rho,
    rhos,
    s,
    still,
    t,
    tau,
    tp,
    u,
)
from numeric.denote import fast_time
from numeric.distribution import Smooth
from numeric.interpreter import Scope
from numeric.kernels import KERNELS
from numeric.measure import NOW

# Slow and fast derivatives ---------------------------------------------------------------------------

MOVING = [
    Trace(g(H) * X),
    Trace(f(H, tau) * X * g(H) * dH),
    Trace(X * Heisenberg(dH, s, hbar) * Y * dH),
    Trace(g(H) * Integral(Heisenberg(dH, tp - t, hbar), tp, 0, t) * X),
    Trace(rhos[1] * X) + Trace(rhos[2] * Y),
    Trace(rho * g(H)),
    LevelSum(n, g(Level(n)) * (Bra(n) * X * Ket(n))),
    LevelSum(n, LevelSum(m, Level(n) * g(Level(m)) * (Bra(n) * X * Ket(m)) * (Bra(m) * Y * Ket(n)))),
    Trace(D(H, tau) * D(g(H), tau)) * Power(Trace(g(H)), -2),
    q(1, t, tau) * Trace(occupation(H, tau) * X),
    Trace(Adjoint(X * dH) * occupation.partial(1, 0)(H, tau) * Y),
    Trace(delta * X),
    Trace(f(E, tau) * Delta(E - H, 1) * X * dH),
    Trace(Theta(E - H) * X),
    Sigma * u,
    Sigma * Average(X * dH, E) * g(E),
    LevelSum(n, f(E, tau) * Delta(E - Level(n)) * (Bra(n) * X * Ket(n))),
    g(E) / f(E, tau),
]


@EACH
@pytest.mark.parametrize("expression", MOVING, ids=range(len(MOVING)))
def test_slow_derivative_is_the_difference_between_displaced_slow_times(name, expression):
    run, step = running(name, fast=None), 2e-4
    inside = numbers(D(expression, tau), run)
    sides = [numbers(expression, run.at(run.model.tau + k * step)) for k in (-2, -1, 1, 2)]
    if isinstance(denoted(expression, run), Smooth):
        levels = run.model.frame().points[0] - 0.13  # held fixed: d_tau is at fixed E
        sides = [denoted(expression, run.at(run.model.tau + k * step)).jets(levels, 0)[0].reshape(-1) for k in (-2, -1, 1, 2)]
        inside = inside.reshape(-1)
    outside = (sides[0] - 8 * sides[1] + 8 * sides[2] - sides[3]) / (12 * step)
    assert np.abs(inside - outside).max() < 1e-7 * max(np.abs(outside).max(), 1e-3)
    assert np.abs(outside).max() > 1e-4, "nothing moves: the comparison says nothing"


@EACH
def test_second_slow_derivative(name):
    run, step = running(name, fast=None), 2e-3
    expression = Trace(g(H) * X * dH)
    inside = numbers(D(D(expression, tau), tau), run)
    sides = [numbers(D(expression, tau), run.at(run.model.tau + k * step)) for k in (-2, -1, 1, 2)]
    outside = (sides[0] - 8 * sides[1] + 8 * sides[2] - sides[3]) / (12 * step)
    assert inside == pytest.approx(outside, rel=1e-6)


OPERATORS = [g(H), f(H, tau) * X * g(H), Heisenberg(dH, s, hbar) * still, rhos[1], Commutator(g(H), dH * X)]


@EACH
@pytest.mark.parametrize("expression", OPERATORS, ids=range(len(OPERATORS)))
def test_slow_derivative_of_an_operator_is_the_difference_in_the_lab(name, expression):
    run, step = running(name, fast=None), 2e-4
    assert matrix(dH, run) == pytest.approx(run.model.matrices[1], abs=1e-12)
    sides = [matrix(expression, run.at(run.model.tau + k * step)) for k in (-2, -1, 1, 2)]
    outside = (sides[0] - 8 * sides[1] + 8 * sides[2] - sides[3]) / (12 * step)
    assert np.abs(matrix(D(expression, tau), run) - outside).max() < 1e-7 * np.abs(outside).max()


@pytest.mark.parametrize("expression", OPERATORS, ids=range(len(OPERATORS)))
def test_planted_error_in_the_connection_is_seen(monkeypatch, expression):
    """The comparison above finds a connection of the wrong sign."""
    honest = numeric.series.covariant
    for module in ("energy", "model"):
        monkeypatch.setattr(f"numeric.{module}.covariant", lambda x, a, orders: honest(x, -a, orders))
    with pytest.raises(AssertionError):
        test_slow_derivative_of_an_operator_is_the_difference_in_the_lab("GUE", expression)


@EACH
@pytest.mark.parametrize("order", [1, 2])
def test_members_solve_the_expanded_equation(name, order):
    """i hbar d_t rho_j + [rho_j, H] = -i hbar d_tau rho_(j-1), by differences in t and tau."""
    run, h = running(name, fast=None), 1e-3
    weights = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}

    def lab(j, time, tau):
        return matrix(At(rhos[j], t, time), run.at(run.model.tau + tau))

    time = language.Parameter("e", eps.dimension)  # the value of a parameter serves as a time
    fast = sum(w * lab(order, time + k * Rational(h), 0) for k, w in weights.items()) / h
    slow = sum(w * lab(order - 1, time, k * h) for k, w in weights.items()) / h
    hamilton, _ = hamiltonian(run)
    now = lab(order, time, 0)
    left = 1j * run.model.hbar * fast + now @ hamilton - hamilton @ now
    right = -1j * run.model.hbar * slow
    assert np.abs(left - right).max() < 1e-8
    assert np.abs(right).max() > 1e-3


@EACH
def test_members_start_on_the_diagonal_and_the_first_two_have_their_trace(name):
    run = running(name, fast=None)
    for order, trace in ((0, 1.0), (1, None), (2, None)):
        start = run.flat(At(rhos[order], t, 0), Scope(NOW), "")[0, 0].squeeze()
        assert np.abs(start - np.diag(np.diagonal(start))).max() < 1e-12
        if trace is not None:
            assert np.trace(start) == pytest.approx(trace)
    bare = running(name, fast=None, bare=True)
    assert not bare.flat(At(rhos[1], t, 0), Scope(NOW), "").any()


@EACH
def test_exact_state_obeys_the_von_neumann_equation_by_differences(name):
    run = running(name)
    model, h = run.model, 1e-3
    time = model.time(t)
    assert run.model.parameter(eps) * time == pytest.approx(model.tau)
    weights = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}
    rate = sum(w * model._evolved(time + k * h) for k, w in weights.items()) / h
    hamilton, now = hamiltonian(run)[0], model._evolved(time)
    assert np.abs(1j * model.hbar * rate - (hamilton @ now - now @ hamilton)).max() < 1e-7
    assert np.abs(matrix(rho, run) - now).max() < 1e-12
    assert np.trace(now) == pytest.approx(1)
    assert np.linalg.eigvalsh(now) == pytest.approx(np.linalg.eigvalsh(model._evolved(0.0)))
    assert np.abs(matrix(D(rho, t), run) - rate).max() < 1e-7
    second = sum(w * matrix_at(run, D(rho, t), time + k * h) for k, w in weights.items()) / h
    assert np.abs(matrix(D(D(rho, t), t), run) - second).max() < 1e-6


def matrix_at(run, expression, time):
    other = running(run.model.ensemble)
    other._times[t] = type(run.time(t, Scope(NOW)))(run.time(t, Scope(NOW)).array.copy())
    other._times[t].array[0] = time
    return matrix(expression, other)


def test_bound_fast_times_and_their_limits():
    run = running()
    direct = numbers(Integral(Heisenberg(X, s, hbar), s, -t, 0), run)
    mirrored = numbers(Integral(Heisenberg(X, -s, hbar), s, 0, t), run)
    assert np.abs(direct - numbers(still, run)).max() > 0.1
    assert direct == pytest.approx(mirrored, abs=1e-12)
    edge = D(Integral(Heisenberg(still, s, hbar), s, 0, t), t)
    assert numbers(edge, run) == pytest.approx(numbers(Heisenberg(still, t, hbar), run), abs=1e-11)
    flow = D(Heisenberg(still, t, hbar), t)
    turning = I * Commutator(H, Heisenberg(still, t, hbar)) / hbar
    assert numbers(flow, run) == pytest.approx(numbers(turning, run), abs=1e-11)


def test_operator_at_another_slow_time_is_constant_from_then_on():
    run = running()
    early = At(g(H), tau, 0)
    levels, vectors = np.linalg.eigh(run.model.matrices[0])
    values = denoted(g(E), run).jets(levels, 0)[0].reshape(-1)
    assert matrix(early, run) == pytest.approx((vectors * values) @ vectors.conj().T)
    assert np.abs(numbers(D(early, tau), run)).max() < 1e-10
    assert matrix(H0 + tau * V, run) == pytest.approx(hamiltonian(run)[0])


def test_symbols_are_found_by_the_shape_of_their_equations():
    roles = READING.roles
    assert (roles.start, roles.slope, roles.state, roles.family) == (H0, V, rho, rhos)
    assert (roles.hbar, roles.epsilon) == (hbar, eps)
    assert roles.member_of(occupation) == 0
    assert roles.member_of(later) == 1
    assert roles.member_of(g) is None
    assert {d.symbol for d in READING.definitions} == {Sigma.function, u.function, p_of}
    assert fast_time(D(rho, t), {}) == t
    assert fast_time(D(rho, tau), {}) is None


@EACH
def test_functions_known_at_the_levels_solve_solvability_exactly(name):
    run = running(name, fast=None)
    for function, order in ((occupation, 0), (later, 1)):
        assert np.diagonal(matrix_of_levels(function(H, tau), run)) == pytest.approx(
            np.diagonal(run.flat(rhos[order], Scope(NOW), "")[0, 0].squeeze())
        )
        rate = numbers(D(function(Level(n), tau), tau), run)
        assert np.abs(rate).max() < 1e-12
        partial = numbers(function.partial(0, 1)(Level(n), tau), run)
        slope = numbers(function.partial(1, 0)(Level(n), tau) * D(Level(n), tau), run)
        assert partial == pytest.approx(-slope, abs=1e-12)
        assert np.abs(partial).max() > 1e-4


def matrix_of_levels(expression, run):
    return run.flat(expression, Scope(NOW), "")[0, 0].squeeze()


# The free phases -------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("expression", MOVING, ids=range(len(MOVING)))
def test_phases_of_the_kets_drop_out(name, expression):
    one, other = running(name, fast=None), running(name, fast=None, gauge=1)
    first, second = (numbers(D(expression, tau), run) for run in (one, other))
    assert first == pytest.approx(second, rel=1e-9, abs=1e-9)


def test_phases_are_seen_where_they_should_be():
    overlap = Bra(n) * D(Ket(n), tau)
    first, second = (numbers(overlap, running(gauge=k)).reshape(-1) for k in (0, 1))
    assert np.abs(first - second).min() > 1e-3
    assert np.abs(first.real).max() == 0


# Precision -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expression", MOVING, ids=range(len(MOVING)))
def test_single_precision_is_kept_throughout(expression):
    double = numbers(expression, running(fast=None))
    single = numbers(expression, running(fast=None, dtype=np.complex64))
    assert single.dtype == np.complex64
    scale = np.abs(double).max()
    assert 1e-12 * scale < np.abs(single - double).max() < 1e-3 * scale
    assert len(KERNELS) >= 2
