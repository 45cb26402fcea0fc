"""What an ensemble of random matrices is: a frozen law from which matrices are drawn.

Normalisation, the same for all: the mean square of an off-diagonal element is

    <|H_mn|^2> = sigma^2 = sigma2_times_size / size,

so that for large size the levels fill a semicircle of radius 2 sqrt(sigma2_times_size),
2 by default. What differs (diagonal elements, elements that must vanish) is stated by each
ensemble. Energies carry no unit; sigma2_times_size is an energy squared.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

Matrices: TypeAlias = NDArray[np.float64 | np.complex128]

MAX_SIZE: Final = 20_000  # one complex matrix of this size already fills 6.4 GB


@dataclass(frozen=True)
class Ensemble(ABC):
    """A law for Hermitian matrices of every size, without state.

    `beta` is Dyson's index: the density of small spacings s goes as s**beta (0: no repulsion).
    `kramers` says that every level is a doublet, so that statistics of spacings need each
    level counted once. `sigma2_times_size` is the scale of the module docstring, finite and
    above 0.

    Law: sample_many(rng, size, count) equals, to the byte, count successive sample(rng, size).

    Source: F. J. Dyson, J. Math. Phys. 3, 1199 (1962); M. L. Mehta, Random Matrices, ch. 2.
    """

    name: ClassVar[str]
    beta: ClassVar[int]
    kramers: ClassVar[bool]

    sigma2_times_size: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.sigma2_times_size) and self.sigma2_times_size > 0):
            raise ValueError(
                f"{self.name}: expected sigma2_times_size finite and above 0, "
                f"came {self.sigma2_times_size!r}; it is size times the mean square of an "
                "off-diagonal element, 1 for a spectrum of radius 2"
            )

    @property
    def radius(self) -> float:
        """Half the width of the spectrum for large size, 2 sqrt(size sigma^2)."""
        return 2 * math.sqrt(self.sigma2_times_size)

    def sigma2(self, size: int) -> float:
        """The scale sigma^2 at this size, the mean square of an off-diagonal element."""
        return self.sigma2_times_size / self._checked_size(size)

    @final
    def sample(self, rng: np.random.Generator, size: int) -> Matrices:
        """One matrix, shape (size, size), exactly Hermitian.

        ValueError for a size that is no integer in 1..MAX_SIZE or that the ensemble has not.
        """
        matrix: Matrices = self.sample_many(rng, size, 1)[0]
        return matrix

    @final
    def sample_many(self, rng: np.random.Generator, size: int, count: int) -> Matrices:
        """Independent matrices, shape (count, size, size), each exactly Hermitian."""
        if not isinstance(rng, np.random.Generator):
            raise TypeError(
                f"{self.name}: expected a numpy.random.Generator, came {type(rng).__name__}; "
                "make one with numeric.streams.stream(seed, ...)"
            )
        size = self._checked_size(size)
        if not _is_integer(count) or count < 1:
            raise ValueError(f"{self.name}: expected a count of matrices that is an integer of at least 1, came {count!r}")
        return self._draw(rng, size, int(count))

    def _checked_size(self, size: int) -> int:
        if not _is_integer(size) or not 1 <= size <= MAX_SIZE:
            raise ValueError(
                f"{self.name}: expected a matrix size that is an integer in 1..{MAX_SIZE}, "
                f"came {size!r}; pass the dimension of the matrix"
            )
        return int(size)

    @abstractmethod
    def _draw(self, rng: np.random.Generator, size: int, count: int) -> Matrices:
        """As sample_many, with arguments already checked; one matrix after the other."""


def _is_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
