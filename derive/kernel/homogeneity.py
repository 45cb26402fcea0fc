"""The physical dimension of an equation between fields, term by term as it is written.

A dimension is the exponents of energy, time and slow time.  A sum is homogeneous when its terms have one dimension, and so is an
equation when its sides have; the number zero has every dimension.  Nothing is multiplied out first, so that two terms of wrong
dimension that cancel are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from derive.kernel.errors import KernelError, Malformed, Unsupported
from derive.kernel.jets import rational
from derive.kernel.terms import Term

Dimension = tuple[Fraction, ...]

UNITS = ("energy", "time", "slow")
NONE: Dimension = (Fraction(0),) * len(UNITS)


class Mixed(KernelError):
    """A sum of terms of different dimensions."""


def table_from(data: Any) -> dict[str, Dimension]:
    """The dimensions of the symbols from JSON data: name -> exponents of the UNITS."""
    if not isinstance(data, dict) or any(not isinstance(row, list) or len(row) != len(UNITS) for row in data.values()):
        raise Malformed("dimensions: expected for each symbol the exponents of energy, time and slow time")
    return {str(name): tuple(rational(x) for x in row) for name, row in data.items()}


def dimension(term: Term, table: Mapping[str, Dimension]) -> Dimension | None:
    """The dimension of a term, None for zero; Mixed where a sum in it has none."""
    match term:
        case ("num", value):
            return NONE if Fraction(value) else None
        case ("i",):
            return NONE
        case ("par", name):
            return _known(name, table)
        case ("coord", token):
            return _unit(token)
        case ("sum", *parts):
            return common(parts, table)
        case ("prod", *parts):
            found = [dimension(part, table) for part in parts]
            return None if None in found else _times((d, 1) for d in found if d is not None)
        case ("pow", base, exponent):
            inner = dimension(base, table)
            return None if inner is None else _times([(inner, exponent)])
        case ("d", token, operand):
            inner = dimension(operand, table)
            return None if inner is None else _times([(inner, 1), (_unit(token), -1)])
        case ("fun", name, orders, arguments, *_):
            tokens = [(a[1], k) for a, k in zip(arguments, orders, strict=True)]
            return _times([(_known(name, table), 1), *((_unit(token), -k) for token, k in tokens)])
    raise Unsupported(f"the dimension of {term[0]!r} in an equation between smooth fields")


def common(terms: Iterable[Term], table: Mapping[str, Dimension]) -> Dimension | None:
    """The one dimension of some terms; Mixed where there are two."""
    found = {d for term in terms if (d := dimension(term, table)) is not None}
    if len(found) > 1:
        raise Mixed(f"{len(found)} dimensions in one sum")
    return found.pop() if found else None


def is_homogeneous(equation: tuple[Term, Term], table: Mapping[str, Dimension]) -> bool:
    """Whether the sides of an equation, and the terms of every sum in it, have one dimension."""
    try:
        common(equation, table)
    except Mixed:
        return False
    return True


def _known(name: str, table: Mapping[str, Dimension]) -> Dimension:
    if name not in table:
        raise Malformed(f"dimensions: none is given for {name}")
    return table[name]


def _unit(token: str) -> Dimension:
    kind = token.partition(":")[0]
    if kind not in UNITS:
        raise Malformed(f"coordinate: expected an energy, a time or a slow time, came {token}")
    return tuple(Fraction(unit == kind) for unit in UNITS)


def _times(powers: Iterable[tuple[Dimension, int]]) -> Dimension:
    total = NONE
    for factor, k in powers:
        total = tuple(a + k * b for a, b in zip(total, factor, strict=True))
    return total
