"""One large sample: the levels of H(tau), the slow derivative of H in their basis, and a smoothing kernel.

Spectra are drawn in law from the tridiagonal model: with a_k normal of variance 2 and b_k a chi variable of
beta k degrees of freedom, the matrix of diagonal a_k/sqrt(2) and off-diagonal b_k/sqrt(2) has the levels of
the beta-ensemble of weight exp(-lambda^2/2).  The ensembles' own weights (numeric/ensembles) make the levels
sigma sqrt(2) lambda for GOE, sigma lambda for GUE and for the doublets of GSE.

    Sigma counts states, so each of GSE's doublets twice;
    Heisenberg's time is t_H = 2 pi hbar (density of distinct levels): 2 pi hbar Sigma, for GSE half of that.

Energies carry no unit, C(0) is about 1, hbar is given.

Source: I. Dumitriu and A. Edelman, J. Math. Phys. 43, 5830 (2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.linalg import eigh_tridiagonal

from numeric.coarse.drives import Drive, matrix_of
from numeric.ensembles import ensemble
from numeric.ensembles.base import Ensemble
from numeric.kernels import Kernel
from numeric.streams import stream

PER_WIDTH: Final = 5  # points of the energy grid in one width of the kernel
MARGIN: Final = 7  # widths beyond the ends of the spectrum


def levels(law: Ensemble, rng: np.random.Generator, size: int) -> Any:
    """Sorted levels with the multiplicity of the ensemble, shape (size,)."""
    if law.beta == 0:
        return np.sort(np.diagonal(law.sample(rng, size)))
    distinct = size // 2 if law.kramers else size
    diagonal = rng.standard_normal(distinct)
    off = np.sqrt(rng.chisquare(law.beta * np.arange(distinct - 1, 0, -1)) / 2)
    points = eigh_tridiagonal(diagonal, off, eigvals_only=True)
    scale = law.sigma2(size) ** 0.5 * (2**0.5 if law.beta == 1 else 1)
    return np.repeat(scale * points, 2 if law.kramers else 1)


def at_mean_square(law: Ensemble, w: Any) -> Any:
    """The matrix with each |W_mn|^2 at its mean, phases and signs as they are; for GSE each quaternion's norm."""
    n = len(w)
    scale = law.sigma2(n) ** 0.5
    diagonal = np.arange(n)
    if law.kramers:
        norms = np.sqrt(np.abs(w[::2, ::2]) ** 2 + np.abs(w[::2, 1::2]) ** 2)
        factor = np.kron(2**0.5 * scale / norms, np.ones((2, 2)))
    else:
        factor = scale / np.abs(w)
    factor[diagonal, diagonal] = (2 / law.beta if law.beta != 4 else 1) ** 0.5 * scale / np.abs(np.diagonal(w))
    return w * factor


@dataclass(frozen=True, eq=False)
class Sample:
    """A draw of (H, dH); `index` numbers the draws of one seed."""

    law: str
    drive: Drive
    size: int
    seed: int
    index: int
    hbar: float
    kernel: Kernel
    mean_squares: bool = False  # W's elements at their root mean square modulus
    ballistic: bool = True  # with the diagonal of W, which does not decay

    def stream(self, what: str) -> np.random.Generator:
        return stream(self.seed, "coarse", self.law, self.drive.name, self.size, self.index, what)

    @cached_property
    def energies(self) -> Any:
        law = ensemble(self.law if self.drive.ensemble_levels else "Poisson")
        drawn = levels(law, self.stream("levels"), self.size)
        return self.drive.stretch * drawn

    @cached_property
    def dH(self) -> Any:
        law = ensemble(self.law)
        w = law.sample(self.stream("W"), self.size)
        if self.mean_squares:
            w = at_mean_square(law, w)
        if not self.ballistic:
            w[np.diag_indices(self.size)] = 0
        return matrix_of(self.drive, self.energies, w)

    @cached_property
    def velocity(self) -> Any:
        """dE_n/dtau, shape (N,)."""
        return np.diagonal(self.dH).real.copy()

    @cached_property
    def acceleration(self) -> Any:
        """d^2 E_n/dtau^2 = (d^2H)_nn + 2 sum_m |dH_nm|^2/(E_n - E_m)."""
        return self.drive.second * self.energies - 2 * (np.abs(self.dH) ** 2 * self.inverse_gaps).sum(axis=1)

    @cached_property
    def gaps(self) -> Any:
        """E_b - E_a at (a, b)."""
        return self.energies[None, :] - self.energies[:, None]

    @cached_property
    def inverse_gaps(self) -> Any:
        """1/(E_b - E_a), and 0 for a level and its own doublet."""
        gaps = self.gaps
        return np.divide(1.0, gaps, out=np.zeros_like(gaps), where=gaps != 0)

    # The axis of energies ------------------------------------------------------------------------

    @cached_property
    def grid(self) -> Any:
        low, high = self.energies[0], self.energies[-1]
        reach = MARGIN * self.kernel.width
        step = self.kernel.width / PER_WIDTH
        return np.arange(low - reach, high + reach + step, step)

    @property
    def step(self) -> float:
        return self.kernel.width / PER_WIDTH

    @cached_property
    def _smears(self) -> dict[int, Any]:
        return {}

    def smear(self, order: int, weights: Any) -> Any:
        """sum_n c_n K_w^(order)(E - E_n) on the grid; order -1 is the step.  Shape (..., N) -> (..., M)."""
        if order not in self._smears:
            apart = self.grid[None, :] - self.energies[:, None]
            shape = self.kernel.integral(apart) if order < 0 else self.kernel.derivative(order, apart)
            self._smears[order] = shape
        return weights @ self._smears[order]

    @property
    def flow_memory(self) -> dict[Any, Any]:
        return self._flows

    @cached_property
    def _flows(self) -> dict[Any, Any]:
        return {}

    def flowing(self, rate: float, offset: float, low: float, high: float) -> Any:
        """int_low^high dx exp(i (E_a - E_b)(rate x + offset)/hbar) at (a, b)."""
        key = (rate, offset, low, high)
        if key not in self._flows:
            frequency = self.gaps / -self.hbar
            length, middle = high - low, rate * (high + low) / 2 + offset
            sinc = np.sinc(frequency * (rate * length / (2 * np.pi)))
            phase: Any = length if middle == 0 else length * np.exp(1j * middle * frequency)
            self._flows[key] = phase * sinc
        return self._flows[key]
