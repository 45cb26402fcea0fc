"""The Gaussian orthogonal ensemble: real symmetric matrices, Dyson's beta = 1."""

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from numeric.ensembles.base import Ensemble, Matrices


@final
@dataclass(frozen=True)
class GOE(Ensemble):
    """Real symmetric H with P(H) proportional to exp(-Tr H^2 / (4 sigma^2)).

    H = sigma (X + X^T) / sqrt(2), X of independent standard normals, hence

        <H_mn^2> = sigma^2  (m != n),    <H_nn^2> = 2 sigma^2,    <Tr H^2> / size = 1 + 1/size

    (the last with sigma2_times_size = 1). Drawn as float64.

    Source: M. L. Mehta, Random Matrices, ch. 2 (orthogonal ensemble); the scale is ours.
    """

    name: ClassVar[str] = "GOE"
    beta: ClassVar[int] = 1
    kramers: ClassVar[bool] = False

    def _draw(self, rng: np.random.Generator, size: int, count: int) -> Matrices:
        x = rng.standard_normal((count, size, size))
        return math.sqrt(self.sigma2(size) / 2) * (x + np.swapaxes(x, -1, -2))
