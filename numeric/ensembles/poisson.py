"""Independent levels: the integrable control, Dyson's beta = 0."""

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from numeric.ensembles.base import Ensemble, Matrices


@final
@dataclass(frozen=True)
class Poisson(Ensemble):
    """Diagonal H with independent levels of semicircle density; neither chaos nor repulsion.

    The levels are drawn from Wigner's density with the radius R that the Gaussian ensembles
    reach for large size,

        p(E) = 2 sqrt(R^2 - E^2) / (pi R^2),   R^2 = 4 sigma2_times_size,   <E^2> = R^2 / 4,

    as E = R sqrt(U) cos(pi U'), U and U' uniform on [0, 1): the projection of a uniform disc
    onto its diameter. Density and second moment are thus those of the others, and only the
    correlations differ. Off-diagonal elements are exactly zero, so that sigma^2 is here the
    mean square of a level divided by the size. Two samples commute: a control for statements
    about spectra, and for whatever must come out trivial when V commutes with H0.

    Levels are not sorted. Drawn as float64.

    Source: M. V. Berry and M. Tabor, Proc. R. Soc. London A 356, 375 (1977).
    """

    name: ClassVar[str] = "Poisson"
    beta: ClassVar[int] = 0
    kramers: ClassVar[bool] = False

    def _draw(self, rng: np.random.Generator, size: int, count: int) -> Matrices:
        u, v = np.moveaxis(rng.random((count, 2, size)), 1, 0)
        h = np.zeros((count, size, size))
        diagonal = np.arange(size)
        h[:, diagonal, diagonal] = self.radius * np.sqrt(u) * np.cos(math.pi * v)
        return h
