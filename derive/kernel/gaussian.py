"""Exact numbers a + i b with rational a and b, kept as integers over one positive denominator in lowest terms."""

from __future__ import annotations

from fractions import Fraction
from math import gcd


class Gaussian:
    """A Gaussian rational (p + i q)/d; immutable, hashable, exact."""

    __slots__ = ("d", "p", "q")

    def __init__(self, re: Fraction | int = 0, im: Fraction | int = 0) -> None:
        if type(re) is int and type(im) is int:
            self.p, self.q, self.d = re, im, 1
            return
        a, b = Fraction(re), Fraction(im)
        self.p, self.q, self.d = _lowest(a.numerator * b.denominator, b.numerator * a.denominator, a.denominator * b.denominator)

    @property
    def re(self) -> Fraction:
        """The real part."""
        return Fraction(self.p, self.d)

    @property
    def im(self) -> Fraction:
        """The imaginary part."""
        return Fraction(self.q, self.d)

    def __add__(self, other: Gaussian) -> Gaussian:
        if self.d == other.d == 1:
            return _make(self.p + other.p, self.q + other.q, 1)
        return _make(*_lowest(self.p * other.d + other.p * self.d, self.q * other.d + other.q * self.d, self.d * other.d))

    def __sub__(self, other: Gaussian) -> Gaussian:
        if self.d == other.d == 1:
            return _make(self.p - other.p, self.q - other.q, 1)
        return _make(*_lowest(self.p * other.d - other.p * self.d, self.q * other.d - other.q * self.d, self.d * other.d))

    def __mul__(self, other: Gaussian) -> Gaussian:
        p = self.p * other.p - self.q * other.q
        q = self.p * other.q + self.q * other.p
        d = self.d * other.d
        return _make(p, q, 1) if d == 1 else _make(*_lowest(p, q, d))

    def __neg__(self) -> Gaussian:
        return _make(-self.p, -self.q, self.d)

    def inverse(self) -> Gaussian:
        """1/z; ZeroDivisionError for z = 0."""
        norm = self.p * self.p + self.q * self.q
        if not norm:
            raise ZeroDivisionError("division by zero")
        return _make(*_lowest(self.p * self.d, -self.q * self.d, norm))

    def conjugate(self) -> Gaussian:
        """a - i b."""
        return _make(self.p, -self.q, self.d)

    def __bool__(self) -> bool:
        return bool(self.p or self.q)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gaussian) and self.p == other.p and self.q == other.q and self.d == other.d

    def __hash__(self) -> int:
        return hash((self.p, self.q, self.d))

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """A readable and exact form, as in `3/2`, `-i`, `1/2 - 3 i`."""
        if not self.q:
            return str(self.re)
        imaginary = "i" if abs(self.im) == 1 else f"{abs(self.im)} i"
        if not self.p:
            return imaginary if self.q > 0 else f"-{imaginary}"
        return f"{self.re} {'+' if self.q > 0 else '-'} {imaginary}"

    def pair(self) -> list[str]:
        """For JSON: the two rationals as strings."""
        return [str(self.re), str(self.im)]


def _lowest(p: int, q: int, d: int) -> tuple[int, int, int]:
    common = gcd(p, q, d)
    return (p // common, q // common, d // common) if common > 1 else (p, q, d)


def _make(p: int, q: int, d: int) -> Gaussian:
    made = object.__new__(Gaussian)
    made.p, made.q, made.d = p, q, d
    return made


ZERO = Gaussian(0)
ONE = Gaussian(1)
IMAGINARY = Gaussian(0, 1)
