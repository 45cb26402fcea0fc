"""Levels and the slow derivative of H in their basis, of one sample or of several alike: what both have in common.

    energies   (..., N)       dH   (..., N, N)       fields of E   (..., M) on a grid

The first axis, if there is one, runs over samples of one law, drive and size; everything else is written with the last axes,
so that one sample and a batch are read by the same rules.  The grids of a batch begin below each sample's own spectrum, with one
step and one number of points.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, Final

import numpy as np

from numeric.coarse.drives import Drive
from numeric.kernels import Kernel

PER_WIDTH: Final = 5  # points of the energy grid in one width of the kernel
MARGIN: Final = 7  # widths beyond the ends of the spectrum


class Levels(ABC):
    """Spectra, what moves them, and the grid on which fields of the energy are smooth."""

    drive: Drive
    size: int  # states; each level that is kept stands for `degeneracy` of them
    seed: int
    hbar: float
    kernel: Kernel
    phases: bool

    @property
    @abstractmethod
    def energies(self) -> Any:
        """The levels, ascending, shape (..., N)."""

    @property
    @abstractmethod
    def dH(self) -> Any:
        """d_tau H in their basis, shape (..., N, N)."""

    @property
    def count(self) -> int:
        """How many levels are kept: each of GSE's doublets is one, without phases."""
        return int(self.energies.shape[-1])

    @property
    def degeneracy(self) -> int:
        return self.size // self.count

    def per_sample(self, values: Any) -> Any:
        """Numbers that belong to the samples, one each or one for all, beside arrays (..., K, N)."""
        return np.asarray(values)[..., None, None]

    @cached_property
    def velocity(self) -> Any:
        """dE_n/dtau, shape (..., N)."""
        return np.diagonal(self.dH, axis1=-2, axis2=-1).real.copy()

    @cached_property
    def acceleration(self) -> Any:
        """d^2 E_n/dtau^2 = (d^2H)_nn + 2 sum_m |dH_nm|^2/(E_n - E_m)."""
        return self.drive.second * self.energies - 2 * (np.abs(self.dH) ** 2 * self.inverse_gaps).sum(axis=-1)

    @cached_property
    def gaps(self) -> Any:
        """E_b - E_a at (a, b)."""
        return self.energies[..., None, :] - self.energies[..., :, None]

    @cached_property
    def meetings(self) -> Any:
        """Where a level meets itself or its doublet."""
        return np.nonzero(self.gaps == 0)

    @cached_property
    def inverse_gaps(self) -> Any:
        """1/(E_b - E_a), and 0 for a level and its own doublet."""
        gaps = self.gaps
        return np.divide(1.0, gaps, out=np.zeros_like(gaps), where=gaps != 0)

    @cached_property
    def connection(self) -> Any:
        """A_ab = V_ab/(E_b - E_a), transposed: at (b, a)."""
        return np.ascontiguousarray(np.swapaxes(self.dH * self.inverse_gaps, -1, -2))

    # The axis of energies ------------------------------------------------------------------------

    @cached_property
    def grid(self) -> Any:
        low, high = self.energies[..., 0], self.energies[..., -1]
        reach = MARGIN * self.kernel.width
        points = np.arange(0.0, float((high - low).max()) + 2 * reach + self.step, self.step)
        return (low - reach)[..., None] + points

    @property
    def step(self) -> float:
        return self.kernel.width / PER_WIDTH

    @cached_property
    def _smears(self) -> dict[int, Any]:
        return {}

    def smear(self, order: int, weights: Any) -> Any:
        """sum_n c_n K_w^(order)(E - E_n) over all states on the grid; order -1 is the step.  (..., K, N) -> (..., K, M)."""
        if order not in self._smears:
            apart = self.grid[..., None, :] - self.energies[..., :, None]
            self._smears[order] = self.kernel.integral(apart) if order < 0 else self.kernel.derivative(order, apart)
        shape, weights = self._smears[order], np.asarray(weights) * self.degeneracy
        if not np.iscomplexobj(weights):
            return weights @ shape
        return np.ascontiguousarray(weights.real) @ shape + 1j * (np.ascontiguousarray(weights.imag) @ shape)

    # The frozen flow -----------------------------------------------------------------------------

    @cached_property
    def _flows(self) -> dict[Any, Any]:
        return {}

    def _carried(self, time: Any) -> Any:
        """exp(i E_a time/hbar) times the conjugate of that at b, at (a, b)."""
        z = np.exp(1j / self.hbar * np.asarray(time)[..., None] * self.energies)
        return z[..., :, None] * z.conj()[..., None, :]

    def flowing(self, rate: Any, offset: Any, low: Any, high: Any) -> Any:
        """int_low^high dx exp(i (E_a - E_b)(rate x + offset)/hbar) at (a, b); each argument one number, or one a sample.

        The difference of both ends over i (E_a - E_b) rate/hbar; high - low where a level meets itself or its doublet.
        """
        key = tuple(np.asarray(x, float).tobytes() for x in (rate, offset, low, high))
        if key not in self._flows:
            length = self.per_sample(np.subtract(high, low))
            if not np.any(rate):
                self._flows[key] = length * self._carried(offset)
            else:
                ends = self._carried(np.multiply(rate, high) + offset) - self._carried(np.multiply(rate, low) + offset)
                ends *= self.per_sample(1j * self.hbar / np.asarray(rate)) * self.inverse_gaps  # minus 1/frequency
                ends[self.meetings] = np.broadcast_to(length, ends.shape)[self.meetings]
                self._flows[key] = ends
        return self._flows[key]
