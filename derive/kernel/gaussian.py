"""Exact numbers a + i b with rational a and b."""

from __future__ import annotations

from fractions import Fraction


class Gaussian:
    """A Gaussian rational; immutable, hashable, exact."""

    __slots__ = ("im", "re")

    def __init__(self, re: Fraction | int = 0, im: Fraction | int = 0) -> None:
        self.re = re if isinstance(re, Fraction) else Fraction(re)
        self.im = im if isinstance(im, Fraction) else Fraction(im)

    def __add__(self, other: Gaussian) -> Gaussian:
        return Gaussian(self.re + other.re, self.im + other.im)

    def __sub__(self, other: Gaussian) -> Gaussian:
        return Gaussian(self.re - other.re, self.im - other.im)

    def __mul__(self, other: Gaussian) -> Gaussian:
        if not self.im and not other.im:
            return Gaussian(self.re * other.re)
        return Gaussian(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def __neg__(self) -> Gaussian:
        return Gaussian(-self.re, -self.im)

    def inverse(self) -> Gaussian:
        """1/z; ZeroDivisionError for z = 0."""
        norm = self.re * self.re + self.im * self.im
        return Gaussian(self.re / norm, -self.im / norm)

    def conjugate(self) -> Gaussian:
        """a - i b."""
        return Gaussian(self.re, -self.im)

    def __bool__(self) -> bool:
        return bool(self.re) or bool(self.im)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gaussian) and self.re == other.re and self.im == other.im

    def __hash__(self) -> int:
        return hash((self.re, self.im))

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """A readable and exact form, as in `3/2`, `-i`, `1/2 - 3 i`."""
        if not self.im:
            return str(self.re)
        imaginary = "i" if abs(self.im) == 1 else f"{abs(self.im)} i"
        if not self.re:
            return imaginary if self.im > 0 else f"-{imaginary}"
        return f"{self.re} {'+' if self.im > 0 else '-'} {imaginary}"

    def pair(self) -> list[str]:
        """For JSON: the two rationals as strings."""
        return [str(self.re), str(self.im)]


ZERO = Gaussian(0)
ONE = Gaussian(1)
IMAGINARY = Gaussian(0, 1)
