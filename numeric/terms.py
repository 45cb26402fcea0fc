"""An equation as a list of terms, lhs - rhs, each of which is measured by itself.

The majorant of a residual is the sum of the sizes of its terms, so what is linear is opened as far as it
goes: sums in products, traces, derivatives, integrals, averages, the flow; a commutator is its two
products.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any, Final

from sympy import Integer

from derive.language import (
    Adjoint,
    At,
    Average,
    Commutator,
    D,
    Heisenberg,
    Integral,
    LevelSum,
    Order,
    Product,
    Sum,
    Trace,
    subexpressions,
)
from numeric.recognise import summands

MOST: Final = 48
FIRST_OPERAND: Final = (Adjoint, At, Average, D, Heisenberg, Integral, Trace)


def terms_of(lhs: Any, rhs: Any, opened: bool) -> list[Any]:
    """The terms of lhs - rhs; `opened` by linearity, else the summands of the two sides as written."""
    take = _opened if opened else summands
    return [*take(lhs), *(Product(-1, term) for term in take(rhs) if term != 0)]


def _opened(e: Any) -> list[Any]:
    if isinstance(e, Sum):
        return [term for part in e.args for term in _opened(part)]
    if isinstance(e, Product):
        parts = [_opened(part) for part in e.args]
        if not 1 < prod(map(len, parts)) <= MOST:
            return [e]
        return [Product(*chosen) for chosen in product(*parts)]
    if isinstance(e, Commutator):
        pairs = list(product(_opened(e.args[0]), _opened(e.args[1])))
        return [Product(a, b) for a, b in pairs] + [Product(-1, b, a) for a, b in pairs]
    if isinstance(e, FIRST_OPERAND):
        return [e.func(term, *e.args[1:]) for term in _opened(e.args[0])]
    if isinstance(e, LevelSum):
        return [LevelSum(e.args[0], term) for term in _opened(e.args[1])]
    return [e]


def orders_in(e: Any) -> list[Any]:
    """The symbolic orders j that an expression holds, without their shifts."""
    found = []
    for part in subexpressions(e):
        if isinstance(part, Order) and part.args[0] not in found:
            found.append(part.args[0])
    return found


def at_order(e: Any, value: int) -> Any:
    """The expression with every symbolic order j set to `value`."""
    if isinstance(e, Order):
        return Integer(value + e.shift)
    if not e.args or not any(isinstance(part, Order) for part in subexpressions(e)):
        return e
    return e.func(*(at_order(argument, value) for argument in e.args))
