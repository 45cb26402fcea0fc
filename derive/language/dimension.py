"""Physical dimensions as exponents of energy, time and slow time.

The fast time t and the slow time tau = eps t are different coordinates with different units, so eps has the dimension
slow/time and hbar that of energy times time.  `DIMENSIONLESS + ...` is the product of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Basic, Rational, Tuple

from derive.language.base import LanguageError


@dataclass(frozen=True)
class Dimension:
    """energy^e time^t slow^s."""

    energy: Fraction = Fraction(0)
    time: Fraction = Fraction(0)
    slow: Fraction = Fraction(0)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(self.energy + other.energy, self.time + other.time, self.slow + other.slow)

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __pow__(self, k: int) -> Dimension:
        return Dimension(self.energy * k, self.time * k, self.slow * k)

    def __str__(self) -> str:
        parts = [("energy", self.energy), ("time", self.time), ("slow time", self.slow)]
        shown = [name if k == 1 else f"{name}^{k}" for name, k in parts if k]
        return " ".join(shown) or "1"

    def as_tuple(self) -> Tuple:
        return Tuple(*(Rational(x) for x in (self.energy, self.time, self.slow)))


DIMENSIONLESS = Dimension()
ENERGY = Dimension(energy=Fraction(1))
TIME = Dimension(time=Fraction(1))
SLOW = Dimension(slow=Fraction(1))
ACTION = ENERGY * TIME


def dimension_tuple(value: Any) -> Basic:
    """`value` (a Dimension, or the Tuple kept in a node) as the Tuple kept in a node."""
    if isinstance(value, Dimension):
        return value.as_tuple()
    if isinstance(value, Tuple) and len(value) == 3:
        return value
    raise LanguageError(f"expected a Dimension, came {value!r}; build it from ENERGY, TIME, SLOW and DIMENSIONLESS")


def dimension_from(kept: Basic) -> Dimension:
    """The Dimension kept in a node."""
    return Dimension(*(Fraction(int(x.p), int(x.q)) for x in kept.args))
