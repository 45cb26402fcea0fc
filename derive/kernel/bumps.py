"""Fields that are exact polynomials in the energy, on the interval [0, 1]: differential polynomials are integrated over it.

A polynomial is the list of its coefficients, lowest first.  With a common denominator D, a product of powers of fields, a Laurent
polynomial in the jets becomes P/D; where D divides P the integral is a rational number.

Signs on [0, 1] are read off the coefficients b_i in Bernstein's basis, p = sum_i b_i C(n, i) E^i (1 - E)^(n - i): if none is
negative neither is p, and if the first and the last are positive as well, so is p.  That is sufficient, not necessary.

A bump vanishes at both ends with its derivatives up to an order m; continued by zero it has m continuous derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import comb

from derive.kernel.errors import Refused
from derive.kernel.jets import Jets, Var, name_of, order_in

Polynomial = list[Fraction]


def trimmed(p: Polynomial) -> Polynomial:
    while p and not p[-1]:
        p = p[:-1]
    return p


def plus(p: Polynomial, q: Polynomial) -> Polynomial:
    length = max(len(p), len(q))
    filled = [[*r, *[Fraction(0)] * (length - len(r))] for r in (p, q)]
    return trimmed([a + b for a, b in zip(*filled, strict=True)])


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    made = [Fraction(0)] * max(len(p) + len(q) - 1, 0)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            made[i + j] += a * b
    return trimmed(made)


def power(p: Polynomial, k: int) -> Polynomial:
    made = [Fraction(1)]
    for _ in range(k):
        made = times(made, p)
    return made


def slope(p: Polynomial, order: int = 1) -> Polynomial:
    for _ in range(order):
        p = [a * k for k, a in enumerate(p)][1:]
    return trimmed(p)


def divided(p: Polynomial, q: Polynomial) -> Polynomial:
    """p/q where q divides p; Refused elsewhere."""
    p, q = trimmed(p), trimmed(q)
    if not q:
        raise Refused("a field that one divides by vanishes")
    quotient = [Fraction(0)] * max(len(p) - len(q) + 1, 0)
    while len(p) >= len(q):
        factor, shift = p[-1] / q[-1], len(p) - len(q)
        quotient[shift] = factor
        p = plus(p, [*[Fraction(0)] * shift, *(-factor * b for b in q)])
    if p:
        raise Refused("the integrand is no polynomial with these fields")
    return trimmed(quotient)


def integral(p: Polynomial) -> Fraction:
    """The integral from 0 to 1."""
    return sum((a / (k + 1) for k, a in enumerate(p)), Fraction(0))


def bernstein(p: Polynomial) -> list[Fraction]:
    """The coefficients in Bernstein's basis of the polynomial's own degree."""
    n = len(p) - 1
    return [sum((Fraction(comb(i, k), comb(n, k)) * p[k] for k in range(i + 1)), Fraction(0)) for i in range(n + 1)]


def is_positive(p: Polynomial) -> bool:
    """Whether the coefficients show that p > 0 on [0, 1]."""
    found = bernstein(trimmed(p))
    return bool(found) and min(found) >= 0 and found[0] > 0 and found[-1] > 0


def is_nonnegative(p: Polynomial) -> bool:
    """Whether the coefficients show that p >= 0 on [0, 1]."""
    return all(b >= 0 for b in bernstein(trimmed(p)))


def is_bump(p: Polynomial, order: int) -> bool:
    """Whether it vanishes at 0 and at 1 with its derivatives up to an order."""
    return all(not sum(slope(p, k)) and not any(slope(p, k)[:1]) for k in range(order + 1))


def base_of(v: Var, energy: str) -> Var:
    """The field of a jet, with its derivatives in other coordinates: these are fields of the energy of their own."""
    return ("jet", v[1], tuple(pair for pair in v[2] if pair[0] != energy))


def substituted(p: Jets, energy: str, fields: Mapping[Var, Polynomial], constants: Mapping[Var, Fraction]) -> Polynomial:
    """The differential polynomial on polynomial fields, as a polynomial in the energy; Refused where it is none."""

    def value(v: Var) -> Polynomial:
        if v == ("coord", energy):
            return [Fraction(0), Fraction(1)]
        if v[0] != "jet":
            if v not in constants:
                raise Refused(f"no value is given for {name_of(v)}")
            return trimmed([constants[v]])
        if base_of(v, energy) not in fields:
            raise Refused(f"no polynomial is given for {name_of(base_of(v, energy))}")
        return slope(fields[base_of(v, energy)], order_in(v, energy))

    values = {v: value(v) for v in p.variables}
    below = {v: max(-dict(m).get(v, 0) for m in p.terms) for v in p.divisors}
    top: Polynomial = []
    for monomial, c in p.terms.items():
        if c.im:
            raise Refused("an imaginary number in what is integrated")
        term = trimmed([c.re])
        powers = {**dict(monomial), **{v: dict(monomial).get(v, 0) + k for v, k in below.items()}}
        for v, k in powers.items():
            term = times(term, power(values[v], k))
        top = plus(top, term)
    bottom = [Fraction(1)]
    for v, k in below.items():
        bottom = times(bottom, power(values[v], k))
    return divided(top, bottom)
