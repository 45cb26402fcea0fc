"""Exact polynomials: in one real variable, as series in the small parameter, and in z and its conjugate.

    Polynomial   c_0 + c_1 y + c_2 y^2 + ..  over Q, as {power: coefficient} without zeros
    Harmonics    sum of c_pq z^p zbar^q over Q(i), as {(p, q): coefficient} without zeros.  With z = A exp(i omega0 T0) the term
                 (p, q) is A^p Abar^q exp(i (p - q) omega0 T0): p - q is its harmonic

`Work` counts the products of terms, long numbers for more than one, and stops at a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, isqrt
from typing import Any

from sympy import Rational

from derive.kernel.gaussian import Gaussian
from derive.scales.errors import ScalesError, brief

Polynomial = dict[int, Fraction]
Harmonics = dict[tuple[int, int], Gaussian]

MOST_WORK = 500_000  # products of two terms; some three seconds
MOST_BITS = 4_096  # of a numerator or a denominator that is given
MOST_ROOTS = 5_000  # rational numbers that are tried as roots
MOST_DIVISORS = 10**6  # a root p/q is sought among the divisors of numbers up to the square of this


class Work:
    """Counts the products of terms; ScalesError at the bound.

    Numbers of n bits are multiplied and brought to lowest terms in a time of order n^2: with k = n // 256, 1 + k + k^2 count.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = MOST_WORK if most is None else most
        self.done = 0

    def spend(self, products: int, bits: int = 0) -> None:
        k = bits // 256
        self.done += products * (1 + k + k * k)
        if self.done > self.most:
            raise ScalesError(
                f"the expansion needs more than {self.most} products of terms (long numbers count for several); "
                "ask for a lower order, a force of lower degree or shorter coefficients"
            )


def exact(value: Any, what: str) -> Fraction:
    """An exact number as a Fraction; floats are refused."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Rational):
        raise ScalesError(f"{what}: expected an exact number (int, Fraction, sympy.Rational), came {brief(value)}")
    found = Fraction(int(value.p), int(value.q)) if isinstance(value, Rational) else Fraction(value)
    if bits(found) > MOST_BITS:
        raise ScalesError(f"{what}: expected a numerator and a denominator of at most {MOST_BITS} bits, came {bits(found)}")
    return found


def bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def longest(numbers: Iterable[Gaussian | Fraction]) -> int:
    """The bits of the longest integer in these numbers."""
    return max((bits(c) if isinstance(c, Fraction) else max(abs(c.p), abs(c.q), c.d).bit_length() for c in numbers), default=0)


# in z and zbar


def accumulate(total: Harmonics, extra: Harmonics, factor: Gaussian) -> None:
    """total += factor * extra, in place."""
    for key, value in extra.items():
        _add(total, key, value * factor)


def multiply(left: Harmonics, right: Harmonics, work: Work) -> Harmonics:
    work.spend(len(left) * len(right), longest((*left.values(), *right.values())))
    found: Harmonics = {}
    for (p, q), a in left.items():
        for (r, s), b in right.items():
            _add(found, (p + r, q + s), a * b)
    return found


def _add(total: Harmonics, key: tuple[int, int], value: Gaussian) -> None:
    known = total.get(key)
    value = value if known is None else known + value
    if value:
        total[key] = value
    elif known is not None:
        del total[key]


# in one real variable


def plus(left: Polynomial, right: Polynomial, factor: Fraction | int = 1) -> Polynomial:
    """left + factor * right."""
    found = dict(left)
    for power, value in right.items():
        found[power] = found.get(power, Fraction(0)) + factor * value
    return {power: value for power, value in sorted(found.items()) if value}


def times(left: Polynomial, right: Polynomial, work: Work) -> Polynomial:
    work.spend(len(left) * len(right), longest((*left.values(), *right.values())))
    found: Polynomial = {}
    for p, a in left.items():
        for q, b in right.items():
            found[p + q] = found.get(p + q, Fraction(0)) + a * b
    return {power: value for power, value in sorted(found.items()) if value}


def value_at(polynomial: Polynomial, y: Fraction) -> Fraction:
    return sum((c * y**k for k, c in polynomial.items()), Fraction(0))


def slope(polynomial: Polynomial) -> Polynomial:
    return {k - 1: k * c for k, c in polynomial.items() if k}


def composed(outer: Sequence[Polynomial], inner: Sequence[Polynomial], order: int, work: Work) -> list[Polynomial]:
    """sum over n of eps^n outer_n(y) at y = sum over k of eps^k inner_k, up to eps^order; missing terms of a series are zero."""
    found: list[Polynomial] = [{} for _ in range(order + 1)]
    degree = max((power for p in outer[: order + 1] for power in p), default=0)
    powers: list[Polynomial] = [{0: Fraction(1)}, *({} for _ in range(order))]
    for degree_now in range(degree + 1):
        for n, polynomial in enumerate(outer[: order + 1]):
            if degree_now in polynomial:
                for k in range(order + 1 - n):
                    found[n + k] = plus(found[n + k], powers[k], polynomial[degree_now])
        powers = [_cauchy(powers, inner, k, work) for k in range(order + 1)]
    return found


def _cauchy(left: Sequence[Polynomial], right: Sequence[Polynomial], k: int, work: Work) -> Polynomial:
    found: Polynomial = {}
    for i in range(max(0, k - len(right) + 1), k + 1):
        found = plus(found, times(left[i], right[k - i], work))
    return found


def square_root(number: Fraction) -> Fraction | None:
    """The rational square root of a number >= 0, or None."""
    p, q = isqrt(number.numerator), isqrt(number.denominator)
    return Fraction(p, q) if p * p == number.numerator and q * q == number.denominator else None


def positive_roots(polynomial: Polynomial) -> tuple[Fraction, ...]:
    """All positive roots, each once, where all are rational; ScalesError where there may be others.

    A root r/s in lowest terms has r | c_0 and s | c_n (Gauss).  What is left when these roots are divided out has no positive
    root if its coefficients do not change sign (Descartes).
    """
    lowest = min(polynomial, default=0)
    left = {k - lowest: c for k, c in polynomial.items()}
    found: list[Fraction] = []
    for root in _candidates(left):
        while len(left) > 1 and not value_at(left, root):
            found.append(root)
            left = _without(left, root)
    signs = [c > 0 for _, c in sorted(left.items())]
    if any(a != b for a, b in pairwise(signs)):
        raise ScalesError(
            f"the square of the amplitude solves an equation of degree {max(left)} and may be irrational: expected rational roots"
        )
    return tuple(sorted(set(found)))


def _candidates(polynomial: Polynomial) -> list[Fraction]:
    if len(polynomial) < 2:
        return []
    scale = 1
    for value in polynomial.values():
        scale = scale * value.denominator // gcd(scale, value.denominator)
    ends = [abs(int(polynomial[k] * scale)) for k in (0, max(polynomial))]
    common = gcd(*(int(value * scale) for value in polynomial.values()))
    first, last = (_divisors(end // common) for end in ends)
    if len(first) * len(last) > MOST_ROOTS:
        raise ScalesError(f"the rational roots are not sought: there are more than {MOST_ROOTS} candidates")
    return sorted({Fraction(p, q) for p in first for q in last})


def _divisors(number: int) -> list[int]:
    if number > MOST_DIVISORS**2:
        raise ScalesError(f"the rational roots are not sought: {number.bit_length()} bits are too many to list the divisors")
    low = [k for k in range(1, isqrt(number) + 1) if number % k == 0]
    return sorted({*low, *(number // k for k in low)})


def _without(polynomial: Polynomial, root: Fraction) -> Polynomial:
    """The polynomial divided by (y - root), of which it is a multiple."""
    found: Polynomial = {}
    carry = Fraction(0)
    for power in range(max(polynomial), 0, -1):
        carry = polynomial.get(power, Fraction(0)) + carry * root
        if carry:
            found[power - 1] = carry
    return found
