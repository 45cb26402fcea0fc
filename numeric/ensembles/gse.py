"""The Gaussian symplectic ensemble: quaternion self-dual matrices, Dyson's beta = 4."""

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from numeric.ensembles.base import Ensemble, Matrices


@final
@dataclass(frozen=True)
class GSE(Ensemble):
    """Complex Hermitian H of even size = 2n that commutes with a time reversal, Theta^2 = -1.

    Theta = (1_n (x) i sigma_y) K, K the complex conjugation: basis vectors 2k and 2k+1 are
    Kramers partners, and so are the sorted levels 2k and 2k+1. With J = 1_n (x) i sigma_y,
    J H* J^T = H holds exactly, because every 2 x 2 block of H is a real quaternion,

        H_[j,k] = [[ A_jk ,  B_jk ],
                   [-B_jk*,  A_jk*]],    A = sigma (Z + Z^dagger) / 2,  B = sigma (W - W^T) / 2,

    real and imaginary parts of Z and W (n x n) independent standard normals.

    What sigma^2 means: the mean square of every off-diagonal element of the size x size
    matrix, <|A_jk|^2> = <|B_jk|^2> = sigma^2 for j != k, save for the two inside a diagonal
    block, which vanish: B_kk = 0 (Theta forbids H to connect a state with its partner). The
    diagonal is real, equal on partners, <A_kk^2> = sigma^2. Hence P(H) is proportional to
    exp(-Tr H^2 / (4 sigma^2)) and <Tr H^2> / size = 1 - 1/size (sigma2_times_size = 1).

    Drawn as complex128; an odd size is a ValueError.

    Source: F. J. Dyson, J. Math. Phys. 3, 1199 (1962); M. L. Mehta, Random Matrices, ch. 2
    (symplectic ensemble). Mehta counts n quaternion rows, we count 2n complex ones.
    """

    name: ClassVar[str] = "GSE"
    beta: ClassVar[int] = 4
    kramers: ClassVar[bool] = True

    def _checked_size(self, size: int) -> int:
        size = super()._checked_size(size)
        if size % 2:
            raise ValueError(f"GSE: expected an even size = 2n (n Kramers pairs), came {size}; take {size + 1}")
        return size

    def _draw(self, rng: np.random.Generator, size: int, count: int) -> Matrices:
        n = size // 2
        z, w = np.moveaxis(rng.standard_normal((count, 2, n, n, 2)).view(np.complex128)[..., 0], 1, 0)
        a, b = z + np.swapaxes(z.conj(), -1, -2), w - np.swapaxes(w, -1, -2)
        h = np.empty((count, size, size), dtype=np.complex128)
        h[:, 0::2, 0::2] = a
        h[:, 0::2, 1::2] = b
        h[:, 1::2, 0::2] = -b.conj()
        h[:, 1::2, 1::2] = a.conj()
        h *= math.sqrt(self.sigma2(size)) / 2
        return h
