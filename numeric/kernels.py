"""Nascent deltas: smooth K_w of width w with int K_w = 1, and their derivatives, in closed form.

    K_w(x) = k(x / w) / w,    K_w^(m)(x) = k^(m)(x / w) / w^(m+1),    Theta_w(x) = int_-inf^x K_w

Each shape k has mean 0 and variance 1, so that w is a standard deviation, in the unit of x. With
m_3 its third moment, for a smooth f of moderate growth,

    int K_w(x) f(x) dx    = f(0) + w^2/2 f''(0) + w^3 m_3/6 f'''(0) + O(w^4),
    int K_w(E - x) f(x) dx = f(E) + w^2/2 f''(E) - w^3 m_3/6 f'''(E) + O(w^4):

the leading error is the same for all, the next one tells the asymmetric kernel from the others.

Evaluated in double precision at least (extended for longdouble) and returned in the dtype of x. In
units of roundoff of the largest value the error is below 3 for the step and K_w of every kernel, and
grows with the order, most for Gumbel (200 at order 8); longdouble's Gaussian step has some 20.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Reals: TypeAlias = NDArray[np.floating[Any]]
Float = TypeVar("Float", bound=np.floating[Any])

MAX_ORDER: Final = 8
MIN_WIDTH: Final = 1e-30  # the power width**9 must stay a normal double
MAX_WIDTH: Final = 1e30


@dataclass(frozen=True)
class Kernel(ABC):
    """A nascent delta of standard deviation `width`, a finite number in 1e-30..1e30.

    Laws, for every kernel, width and order m < MAX_ORDER:

        d/dx integral(x) = derivative(0, x),    d/dx derivative(m, x) = derivative(m + 1, x),
        integral(-inf) = 0,    integral(+inf) = 1.

    `third_moment` is m_3 = int z^3 k(z) dz of the unit shape.
    """

    name: ClassVar[str]
    third_moment: ClassVar[float]

    width: float

    def __post_init__(self) -> None:
        if not MIN_WIDTH <= self.width <= MAX_WIDTH:  # false for nan too
            raise ValueError(
                f"kernel {self.name}: expected a width in {MIN_WIDTH}..{MAX_WIDTH}, came "
                f"{self.width!r}; it is a standard deviation in the unit of the energies"
            )

    @final
    def derivative(self, order: int, x: NDArray[Float]) -> NDArray[Float]:
        """K_w^(order)(x), same shape and dtype as x, in units of x^-(order+1).

        ValueError unless order is an integer in 0..MAX_ORDER and x real floating. At +-inf the
        value is 0; nan stays nan.
        """
        if not _is_integer(order) or not 0 <= order <= MAX_ORDER:
            raise ValueError(
                f"kernel {self.name}: expected an order that is an integer in 0..{MAX_ORDER}, "
                f"came {order!r}; the integral has a method of its own"
            )
        z = self._unit(x)
        scale = z.dtype.type(self.width) ** (int(order) + 1)
        return np.asarray(self._shape(int(order), z) / scale, dtype=np.asarray(x).dtype)

    @final
    def integral(self, x: NDArray[Float]) -> NDArray[Float]:
        """Theta_w(x) = int_-inf^x K_w, same shape and dtype as x; ValueError unless x is real floating."""
        return np.asarray(self._step(self._unit(x)), dtype=np.asarray(x).dtype)

    def _unit(self, x: NDArray[Float]) -> Reals:
        """x / width, in double precision or better."""
        x = np.asarray(x)
        if not np.issubdtype(x.dtype, np.floating):
            raise ValueError(
                f"kernel {self.name}: expected real floating energies, came dtype {x.dtype}; "
                "convert integers with astype(float), take the real part of real complex numbers"
            )
        z: Reals = np.asarray(x, dtype=np.promote_types(x.dtype, np.float64)) / self.width
        return np.asarray(z)

    @abstractmethod
    def _shape(self, order: int, z: Reals) -> Reals:
        """k^(order)(z), with arguments already checked."""

    @abstractmethod
    def _step(self, z: Reals) -> Reals:
        """int_-inf^z k."""


@final
@dataclass(frozen=True)
class Gaussian(Kernel):
    """k(z) = exp(-z^2/2) / sqrt(2 pi), symmetric and entire.

    k^(m) = (-1)^m He_m k, with He_(j+1) = z He_j - j He_(j-1).

    Source: DLMF 18.5 (Rodrigues), 18.9 (recurrence), 7.6.2 (series of the step).
    """

    name: ClassVar[str] = "gaussian"
    third_moment: ClassVar[float] = 0.0

    def _shape(self, order: int, z: Reals) -> Reals:
        z = np.clip(z, -200, 200)  # k underflows to 0 before, in every dtype; He stays finite
        previous, he = np.zeros_like(z), np.ones_like(z)
        for j in range(order):
            previous, he = he, z * he - j * previous
        density = np.exp(-z * z / 2) / np.sqrt(2 * _pi(z))
        return np.asarray((-1) ** order * he * density)

    def _step(self, z: Reals) -> Reals:
        if z.dtype == np.float64:
            return np.asarray(ndtr(z))
        # SciPy has no extended precision: 1/2 + k(z) sum_j z^(2j+1) / (2j+1)!!, terms of one sign
        z = np.clip(z, -13, 13)  # the step differs from 0 or 1 by less than 1e-37 beyond
        term = z.copy()
        total = z.copy()
        j = 1
        while np.any(np.abs(term) > np.finfo(z.dtype).eps * np.abs(total) / 8):
            term = term * z * z / (2 * j + 1)
            total = total + term
            j += 1
        return np.asarray(np.clip(0.5 + self._shape(0, z) * total, 0, 1))


@final
@dataclass(frozen=True)
class Gumbel(Kernel):
    """k(z) = c t e^-t, t = exp(-(c z + gamma)), c = pi/sqrt(6): asymmetric, positive, entire.

    Exponential to the right, doubly exponential to the left. The third moment is the first that tells
    it from a symmetric kernel, m_3 = 12 sqrt(6) zeta(3) / pi^3 = 1.1395...; gamma, Euler's constant,
    makes the mean 0. k = c S'(y) for the step S = e^-t at y = c z + gamma. With d/dy = -t d/dt and
    Stirling's numbers {n, j} of the second kind,

        S^(n)(y) = (-1)^n e^-t sum_j {n, j} (-t)^j.

    Source: E. J. Gumbel, Statistics of Extremes (1958), ch. 5; DLMF 26.8 (Stirling numbers).
    """

    name: ClassVar[str] = "gumbel"
    third_moment: ClassVar[float] = 12 * math.sqrt(6) * 1.2020569031595942 / math.pi**3

    def _shape(self, order: int, z: Reals) -> Reals:
        n = order + 1
        c, t = self._hazard(z)
        series = np.zeros_like(t)
        for j in range(n, 0, -1):
            series = (series + (-1) ** j * _stirling(n, j)) * t
        return np.asarray((-1) ** n * c**n * np.exp(-t) * series)

    def _step(self, z: Reals) -> Reals:
        return np.asarray(np.exp(-self._hazard(z)[1]))

    @staticmethod
    def _hazard(z: Reals) -> tuple[np.floating[Any], Reals]:
        """c and t; t is cut where e^-t is 0 in every dtype, so that t^9 stays finite."""
        c = _pi(z) / np.sqrt(z.dtype.type(6))
        gamma = z.dtype.type("0.577215664901532860606512090082402431")
        return c, np.exp(-np.maximum(c * z + gamma, -10))


@final
@dataclass(frozen=True)
class Logistic(Kernel):
    """k(z) = (c/4) sech^2(c z / 2), c = pi/sqrt(3): symmetric, with exponential tails.

    k = c S'(c z) for the logistic step S(v) = 1 / (1 + e^-v), whose derivatives are, for v >= 0 and
    with q = e^-v and Eulerian numbers <n, j>,

        S^(n)(v) = (-1)^(n+1) q sum_j (-1)^j <n, j> q^j / (1 + q)^(n+1),

    and S^(n)(-v) = (-1)^(n+1) S^(n)(v). Written in q the tails keep their relative accuracy.

    Source: A. A. Minai and R. D. Williams, Neural Networks 6, 845 (1993); DLMF 26.14.
    """

    name: ClassVar[str] = "logistic"
    third_moment: ClassVar[float] = 0.0

    def _shape(self, order: int, z: Reals) -> Reals:
        n = order + 1
        c = _pi(z) / np.sqrt(z.dtype.type(3))
        q = np.exp(-np.abs(c * z))
        numerator = np.zeros_like(q)
        for j in reversed(range(n)):
            numerator = numerator * q + (-1) ** j * _eulerian(n, j)
        sign = np.where(z < 0, 1, (-1) ** order)
        return np.asarray(sign * c**n * q * numerator / (1 + q) ** (n + 1))

    def _step(self, z: Reals) -> Reals:
        c = _pi(z) / np.sqrt(z.dtype.type(3))
        q = np.exp(-np.abs(c * z))
        return np.asarray(np.where(z < 0, q, 1) / (1 + q))


KERNELS: Final[Mapping[str, type[Kernel]]] = MappingProxyType(
    {
        "gaussian": Gaussian,
        "gumbel": Gumbel,
        "logistic": Logistic,
    }
)


def kernel(name: str, width: float) -> Kernel:
    """The kernel of that name and width; ValueError for a name that is not in KERNELS."""
    if name not in KERNELS:
        raise ValueError(
            f"expected the name of a kernel, one of {', '.join(KERNELS)}; came {name!r}; "
            "a new kernel is a class and a line of KERNELS in numeric/kernels.py"
        )
    return KERNELS[name](width)


def _is_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _pi(like: Reals) -> np.floating[Any]:
    """pi in the precision of an array: np.pi has only a double's digits."""
    quarter: np.floating[Any] = np.arctan(like.dtype.type(1))
    return 4 * quarter


def _eulerian(n: int, j: int) -> int:
    """Permutations of n things with j ascents (DLMF 26.14.6)."""
    return sum((-1) ** i * math.comb(n + 1, i) * (j + 1 - i) ** n for i in range(j + 1))


def _stirling(n: int, j: int) -> int:
    """Partitions of n things into j parts, none empty (DLMF 26.8.6)."""
    surjections: int = sum((-1) ** (j - i) * math.comb(j, i) * i**n for i in range(j + 1))
    return surjections // math.factorial(j)
