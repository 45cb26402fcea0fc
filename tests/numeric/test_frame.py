"""The moving eigenbasis: its series against diagonalisations at displaced slow times, and its free phases."""

import numpy as np
import pytest

from numeric.ensembles import ensemble
from numeric.frame import moving_frame
from numeric.series import Orders, covariant
from numeric.streams import stream

N, ORDER = 12, 4
EACH = pytest.mark.parametrize("name", ["GOE", "GUE", "GSE"])


def matrices(name):
    """H, H', H'' at tau0: a Hamiltonian that is not linear in the slow time, with no close levels."""
    law = ensemble(name)
    for draw in range(64):
        parts = [law.sample(stream(5, name, k, draw), N).astype(complex) for k in range(3)]
        levels = np.linalg.eigvalsh(parts[0])[:: 1 + law.kramers]
        if np.diff(levels).min() > 0.2 * np.diff(levels).mean():
            return parts
    raise AssertionError("no sample with well separated levels")


def gauge(key=0):
    return stream(6, key).uniform(0.3, 1.0, (2 * ORDER, N))


def frame_of(name, order=ORDER, key=0, dtype=complex):
    h, v, w = matrices(name)
    taylor = [np.asarray(x, dtype=dtype) for x in (h, v, w / 2)]
    return moving_frame(taylor, order, gauge(key), kramers=ensemble(name).kramers, start=h)


def lab(name, d):
    h, v, w = matrices(name)
    return h + d * v + d * d * w / 2


def f(x):
    return np.exp(-x / 2) * (1 + x * x)


def function_of(matrix):
    energies, vectors = np.linalg.eigh(matrix)
    return (vectors * f(energies)) @ vectors.conj().T


@EACH
def test_levels_are_those_of_the_displaced_matrix_to_the_order_kept(name):
    errors = {}
    for order in (1, 2, 3, 4):
        frame = frame_of(name, order)
        for d in (2e-3, 1e-3):
            series = sum(frame.energies[k] * d**k for k in range(order + 1))
            errors[order, d] = np.abs(series - np.linalg.eigvalsh(lab(name, d))).max()
        rate = np.log2(errors[order, 2e-3] / errors[order, 1e-3])
        small = errors[order, 1e-3] < 1e-13
        assert small or rate > order + 0.5, f"order {order}: the error falls as d^{rate:.2f}"
    assert errors[4, 1e-3] < 1e-3 * errors[1, 1e-3]


@EACH
def test_basis_diagonalises_the_displaced_matrix_and_stays_unitary(name):
    frame, d = frame_of(name), 1e-3
    basis = frame.basis @ sum(frame.turn[k] * d**k for k in range(ORDER + 1))
    assert np.abs(basis.conj().T @ basis - np.eye(N)).max() < 1e-10
    moved = basis.conj().T @ lab(name, d) @ basis
    assert np.abs(moved - np.diag(np.diagonal(moved))).max() < 1e-9


@EACH
def test_connection_gives_the_slow_derivative_of_projectors_and_functions(name):
    """d f(H)/dtau from the connection, against centred differences of matrix functions."""
    frame, step = frame_of(name), 1e-4
    levels = np.diag(f(frame.energies[0])).astype(complex)
    h = 1e-6
    slope = np.diag((f(frame.energies[0] + h) - f(frame.energies[0] - h)) / (2 * h) * frame.energies[1])
    a = frame.gauge_and_mixing[0]
    inside = slope + a @ levels - levels @ a
    outside = (function_of(lab(name, step)) - function_of(lab(name, -step))) / (2 * step)
    difference = frame.basis @ inside @ frame.basis.conj().T - outside
    assert np.abs(difference).max() < 1e-6 * np.abs(outside).max()
    backwards = slope - (a @ levels - levels @ a)  # the planted error: a connection of the wrong sign
    difference = frame.basis @ backwards @ frame.basis.conj().T - outside
    assert np.abs(difference).max() > 0.1 * np.abs(outside).max()


@EACH
def test_what_is_constant_in_the_lab_has_no_slow_derivative_and_what_moves_has_its_own(name):
    frame = frame_of(name)
    orders = Orders(0, ORDER - 1)
    x = stream(9).standard_normal((N, N)) + 0j
    still = covariant(frame.carry([x]), frame.connection, orders)
    assert np.abs(still).max() < 1e-9 * np.abs(frame.carry([x])).max()
    h, v, w = matrices(name)
    hamiltonian = frame.carry([h, v, w / 2])
    assert np.abs(hamiltonian[0, 0].squeeze() - np.diag(frame.energies[0])).max() < 1e-12
    first = covariant(hamiltonian, frame.connection, orders)
    assert np.abs(first - frame.carry([v, w])[:, :ORDER]).max() < 1e-8
    second = covariant(first, frame.connection, Orders(0, ORDER - 2))
    assert np.abs(second - frame.carry([w])[:, : ORDER - 1]).max() < 1e-7


@EACH
def test_phases_are_free_and_change_nothing_but_the_diagonal_of_the_connection(name):
    one, other = frame_of(name, key=0), frame_of(name, key=1)
    assert np.array_equal(one.energies[1], other.energies[1])
    assert np.allclose(one.energies, other.energies, rtol=1e-9, atol=1e-9)
    first, second = one.gauge_and_mixing[0], other.gauge_and_mixing[0]
    off = ~np.eye(N, dtype=bool)
    assert np.array_equal(first[off], second[off])
    assert (np.abs(np.diagonal(first) - np.diagonal(second)) > 0).all()
    assert np.abs(first + first.conj().T).max() < 1e-12


def test_doublets_are_one_point_and_the_connection_is_diagonal_on_them():
    frame = frame_of("GSE")
    assert frame.points.shape == (ORDER + 1, N // 2)
    assert frame.degeneracy == 2
    a = frame.gauge_and_mixing
    for p in range(N // 2):
        assert (a[:, 2 * p, 2 * p + 1] == 0).all()
        assert (a[:, 2 * p + 1, 2 * p] == 0).all()
    assert frame.projectors.sum(axis=2).squeeze() == pytest.approx(np.eye(N))


def test_doublets_taken_as_levels_of_their_own_are_seen_to_be_wrong():
    """The planted error: without `kramers` the gap of a doublet divides: noise over noise, then over its square."""
    h, v, w = matrices("GSE")
    with np.errstate(all="ignore"):
        wrong = moving_frame([h, v, w / 2], ORDER, gauge())
    first, second = (np.array([a[2 * p, 2 * p + 1] for p in range(N // 2)]) for a in wrong.gauge_and_mixing[:2])
    assert not np.isfinite(first).all() or np.abs(first).max() > 1e-3  # rightly it is 0
    assert not np.isfinite(second).all() or np.abs(second).max() > 1e3


@EACH
def test_single_precision_stays_single_and_close(name):
    single, double = frame_of(name, dtype=np.complex64), frame_of(name)
    assert single.gauge_and_mixing.dtype == single.basis.dtype == np.complex64
    assert single.points.dtype == np.float32
    scale = np.abs(double.gauge_and_mixing[1]).max()
    assert 0 < np.abs(single.gauge_and_mixing[1] - double.gauge_and_mixing[1]).max() < 1e-4 * scale
