"""The Gaussian unitary ensemble: complex Hermitian matrices, Dyson's beta = 2."""

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from numeric.ensembles.base import Ensemble, Matrices


@final
@dataclass(frozen=True)
class GUE(Ensemble):
    """Complex Hermitian H with P(H) proportional to exp(-Tr H^2 / (2 sigma^2)).

    H = sigma (Z + Z^dagger) / 2, real and imaginary parts of Z independent standard normals,
    hence

        <|H_mn|^2> = sigma^2,  <H_mn^2> = 0  (m != n),    <H_nn^2> = sigma^2,
        <Tr H^2> / size = 1

    (the last with sigma2_times_size = 1). Drawn as complex128.

    Source: M. L. Mehta, Random Matrices, ch. 2 (unitary ensemble); the scale is ours.
    """

    name: ClassVar[str] = "GUE"
    beta: ClassVar[int] = 2
    kramers: ClassVar[bool] = False

    def _draw(self, rng: np.random.Generator, size: int, count: int) -> Matrices:
        # a view, not x + 1j * y: no second array, and a matrix's numbers stay consecutive
        z = rng.standard_normal((count, size, size, 2)).view(np.complex128)[..., 0]
        return math.sqrt(self.sigma2(size)) / 2 * (z + np.swapaxes(z.conj(), -1, -2))
