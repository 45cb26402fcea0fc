"""Numbers a + b i over a field: the integers modulo 2^61 - 1, or the rationals.  Pairs, so that i is there in both.

2^61 - 1 is prime and 3 modulo 4, so that -1 has no root modulo it and the pairs are a field.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

P = 2**61 - 1
Number = tuple[Any, Any]


class Field:
    """Arithmetic of pairs; `modulus` 0 stands for the rationals."""

    def __init__(self, modulus: int) -> None:
        self.modulus = modulus
        self.zero: Number = (0, 0)
        self.one: Number = (1, 0)
        self.i: Number = (0, 1)

    def of(self, value: Fraction | int) -> Number:
        value = Fraction(value)
        if not self.modulus:
            return (value, 0)
        return (value.numerator * pow(value.denominator, -1, self.modulus) % self.modulus, 0)

    def add(self, x: Number, y: Number) -> Number:
        a, b = x[0] + y[0], x[1] + y[1]
        return (a % self.modulus, b % self.modulus) if self.modulus else (a, b)

    def mul(self, x: Number, y: Number) -> Number:
        a, b = x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]
        return (a % self.modulus, b % self.modulus) if self.modulus else (a, b)

    def neg(self, x: Number) -> Number:
        return ((-x[0]) % self.modulus, (-x[1]) % self.modulus) if self.modulus else (-x[0], -x[1])

    def inverse(self, x: Number) -> Number:
        norm = x[0] * x[0] + x[1] * x[1]
        if not (norm % self.modulus if self.modulus else norm):
            raise ZeroDivisionError("division by zero")
        scale = pow(norm, -1, self.modulus) if self.modulus else Fraction(1) / norm
        return self.mul((x[0], -x[1]), (scale, 0))


PRIME, RATIONAL = Field(P), Field(0)
