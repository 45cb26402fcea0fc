"""One large sample: the levels of H(tau), the slow derivative of H in their basis, and a smoothing kernel.

Spectra are drawn in law from the tridiagonal model: with a_k normal of variance 2 and b_k a chi variable of
beta k degrees of freedom, the matrix of diagonal a_k/sqrt(2) and off-diagonal b_k/sqrt(2) has the levels of
the beta-ensemble of weight exp(-lambda^2/2).  The ensembles' own weights (numeric/ensembles) make the levels
sigma sqrt(2) lambda for GOE, sigma lambda for GUE and for the doublets of GSE.

    Sigma counts states, so each of GSE's doublets twice;
    Heisenberg's time is t_H = 2 pi hbar (density of distinct levels): 2 pi hbar Sigma, for GSE half of that.

Energies carry no unit, C(0) is about 1, hbar is given.

Without phases: a trace of two matrices that are W times functions of both levels is linear in |W_mn|^2.  With the moduli
at their root mean square nothing in it is random but the levels, so every W_mn may as well be positive, and each of GSE's
doublets one level that counts twice,

    sum over the block of |W|^2 = 2 sigma^2 for each of its two rows:    W_ab = sqrt(2) sigma, a != b.

A product of more than two matrices needs the phases, and is refused (numeric/coarse/words.py).

Source: I. Dumitriu and A. Edelman, J. Math. Phys. 43, 5830 (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from scipy.linalg import eigh_tridiagonal

from numeric.coarse.drives import Drive, matrix_of
from numeric.coarse.levels import Levels
from numeric.ensembles import ensemble
from numeric.ensembles.base import Ensemble
from numeric.kernels import Kernel
from numeric.streams import stream


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


@final
@dataclass(frozen=True, eq=False)
class Sample(Levels):
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
    phases: bool = True  # of the elements of W; see the module

    def __post_init__(self) -> None:
        if not self.phases and (self.ballistic or not self.mean_squares):
            raise ValueError("a sample without phases has its elements at their root mean square and no diagonal of W")

    def stream(self, what: str) -> np.random.Generator:
        return stream(self.seed, "coarse", self.law, self.drive.name, self.size, self.index, what)

    @cached_property
    def energies(self) -> Any:
        law = ensemble(self.law if self.drive.ensemble_levels else "Poisson")
        drawn = levels(law, self.stream("levels"), self.size)
        return self.drive.stretch * (drawn if self.phases or not law.kramers else drawn[::2])

    @cached_property
    def dH(self) -> Any:
        law = ensemble(self.law)
        if not self.phases:
            modulus = (law.sigma2(self.size) * self.degeneracy) ** 0.5
            return matrix_of(self.drive, self.energies, modulus * (1.0 - np.eye(self.count)))
        w = law.sample(self.stream("W"), self.size)
        if self.mean_squares:
            w = at_mean_square(law, w)
        if not self.ballistic:
            w[np.diag_indices(self.size)] = 0
        return matrix_of(self.drive, self.energies, w)


@final
@dataclass(frozen=True, eq=False)
class Batch(Levels):
    """Samples of one law, drive, size and kernel, along the first axis."""

    members: tuple[Sample, ...]
    drive: Drive
    size: int
    seed: int
    hbar: float
    kernel: Kernel
    phases: bool

    @cached_property
    def energies(self) -> Any:
        return np.stack([one.energies for one in self.members])

    @cached_property
    def dH(self) -> Any:
        return np.stack([one.dH for one in self.members])


def together(members: Sequence[Sample]) -> Batch:
    """ValueError for samples that differ in more than their number."""
    first = members[0]
    alike = {(one.law, one.drive.name, one.size, one.hbar, one.kernel, one.phases, one.mean_squares) for one in members}
    if len(alike) != 1:
        raise ValueError(f"expected samples of one law, drive, size and kernel, came {len(alike)} kinds")
    return Batch(tuple(members), first.drive, first.size, first.seed, first.hbar, first.kernel, first.phases)
