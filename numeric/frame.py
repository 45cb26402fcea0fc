"""The moving eigenbasis of H(tau) as a Taylor series around tau0: exact slow derivatives of any order.

From the Taylor coefficients of H(tau0 + d) = sum_k H_k d^k and one diagonalisation H_0 = U_0 diag(E)
U_0^dagger follow, order by order in d and by matrix products alone,

    U(d) = U_0 W(d),    W' = W A,    W(0) = 1,              the basis {|n>}
    G = W^dagger U_0^dagger H' U_0 W,                       the slow derivative of H in that basis
    E_n' = G_nn,    A_mn = G_mn / (E_n - E_m) (m != n),     A_nn = i a_n,

A_mn = <m|n'>.  The real a_n(d) are free (the phases of the kets); they are given and must drop out of
whatever is true. Levels that coincide (Kramers doublets) are told by `kramers`: levels 2k and 2k+1 are
one point of the spectrum. Time reversal keeps G a multiple of the identity on a doublet, and A is taken
as diagonal there.

Shapes: N states, P points (P = N, or N/2 with doublets), order K: K + 1 coefficients of E and W, K of A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from numeric.series import COLUMN, POINT, ROW, SLOW, Array, spread

Complexes: TypeAlias = NDArray[np.complexfloating[Any, Any]]
Reals: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Frame:
    """The moving eigenbasis to a given order; see the module for the letters."""

    order: int
    points: Reals  # (K+1, P): distinct levels
    point_of: NDArray[np.intp]  # (N,): the point on which a state lies
    basis: Complexes  # (N, N): U_0
    turn: Complexes  # (K+1, N, N): W
    gauge_and_mixing: Complexes  # (K, N, N): A

    @property
    def size(self) -> int:
        return int(self.point_of.size)

    @property
    def degeneracy(self) -> int:
        return self.size // int(self.points.shape[1])

    @property
    def energies(self) -> Reals:
        """E_n(d) for every state, shape (K+1, N)."""
        return self.points[:, self.point_of]

    @property
    def connection(self) -> Array:
        """A as an array of numeric.series."""
        return spread(self.gauge_and_mixing, SLOW, ROW, COLUMN)

    def carry(self, lab: Sequence[Array]) -> Array:
        """U^dagger X U for X = sum_k lab[k] d^k, as an array of numeric.series."""
        inner = [self.basis.conj().T @ x @ self.basis for x in lab]
        count = self.order + 1
        turned = [_sum(inner[j] @ self.turn[i - j] for j in range(min(i + 1, len(inner)))) for i in range(count)]
        back = [w.conj().T for w in self.turn]
        return spread(
            np.stack([_sum(back[i - j] @ turned[j] for j in range(i + 1)) for i in range(count)]),
            SLOW,
            ROW,
            COLUMN,
        )

    @property
    def projectors(self) -> Array:
        """The projector on each point, as an array of numeric.series."""
        chosen = self.point_of[None, :] == np.arange(self.points.shape[1])[:, None]
        return spread(
            (chosen[:, :, None] * np.eye(self.size)).astype(self.basis.dtype),
            POINT,
            ROW,
            COLUMN,
        )


def moving_frame(
    hamiltonian: Sequence[Complexes],
    order: int,
    gauge: Reals,
    *,
    kramers: bool = False,
    start: Complexes | None = None,
) -> Frame:
    """The frame of H = sum_k hamiltonian[k] d^k, in the precision of its matrices.

    `start` is hamiltonian[0] in double precision, if it is known better than in that of the matrices.

    `gauge[k, n]` is the coefficient of d^k in a_n, shape (>= order, N).  Without doublets the levels must
    be distinct.
    """
    dtype = hamiltonian[0].dtype
    size = len(hamiltonian[0])
    # in double precision, so that phases and the bases of doublets are the same in every precision
    energies, basis = np.linalg.eigh(start if start is not None else hamiltonian[0].astype(np.complex128))
    energies, basis = energies.astype(hamiltonian[0].real.dtype), basis.astype(dtype)
    step = 2 if kramers else 1
    point_of = np.arange(size) // step
    slopes = [(k + 1) * (basis.conj().T @ h @ basis) for k, h in enumerate(hamiltonian[1:])]

    points = np.zeros((order + 1, size // step), dtype=energies.dtype)
    points[0] = energies.reshape(-1, step).mean(axis=1)
    apart = point_of[:, None] != point_of[None, :]
    turn = np.zeros((order + 1, size, size), dtype=dtype)
    turn[0] = np.eye(size)
    connection = np.zeros((order, size, size), dtype=dtype)

    def gap(k: int) -> Reals:
        level = points[k][point_of]
        return np.asarray(level[None, :] - level[:, None])

    nearest = np.where(apart, gap(0), 1)
    for k in range(order):
        moved = np.zeros((size, size), dtype=dtype)
        for j, slope in enumerate(slopes[: k + 1]):
            for i in range(k - j + 1):
                moved += turn[i].conj().T @ slope @ turn[k - j - i]
        diagonal = np.diagonal(moved).real.reshape(-1, step).mean(axis=1)
        points[k + 1] = diagonal / (k + 1)
        for j in range(k):
            moved -= connection[j] * gap(k - j)
        connection[k] = np.where(apart, moved / nearest, 0)
        connection[k][np.diag_indices(size)] = 1j * gauge[k].astype(energies.dtype)
        turn[k + 1] = _sum(turn[j] @ connection[k - j] for j in range(k + 1)) / (k + 1)
    return Frame(order, points, point_of, basis, turn, connection)


def _sum(parts: Any) -> Any:
    total = None
    for part in parts:
        total = part if total is None else total + part
    return total
