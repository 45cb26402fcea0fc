"""The dimension of every expression, and the check that an equation's two sides agree.

One table by node.  A sum whose terms differ, or an equation whose sides differ, raises `DimensionMismatch`.  The number
zero has every dimension.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Rational

from derive.language import atoms, base, operations, relations
from derive.language.dimension import DIMENSIONLESS, ENERGY, Dimension


class DimensionMismatch(base.LanguageError):
    """Two things that are added or equated have different dimensions."""


def dimension_of(expression: Any) -> Dimension | None:
    """The dimension of an expression; None for zero, which has every dimension."""
    if isinstance(expression, Rational):
        return None if expression == 0 else DIMENSIONLESS
    rule = _RULES.get(type(expression))
    if rule is None:
        raise base.LanguageError(
            f"dimensions: unknown node {type(expression).__name__}; give it a line in derive/language/units.py"
        )
    return rule(expression)


def check_dimensions(equation: relations.Equation) -> Dimension | None:
    """The common dimension of an equation's sides; DimensionMismatch where there is none."""
    return _common([equation.lhs, equation.rhs], "the sides of the equation")


def _common(parts: list[Any], what: str) -> Dimension | None:
    found: Dimension | None = None
    for part in parts:
        dimension = dimension_of(part)
        if dimension is None:
            continue
        if found is not None and dimension != found:
            raise DimensionMismatch(f"{what} differ in dimension: {found} against {dimension}, in {part!r:.80}")
        found = dimension
    return found


def _product(parts: list[Any]) -> Dimension | None:
    total = DIMENSIONLESS
    for part in parts:
        dimension = dimension_of(part)
        if dimension is None:
            return None
        total = total * dimension
    return total


def _power(e: Any) -> Dimension | None:
    dimension = dimension_of(e.base)
    return dimension if dimension is None else dimension**e.exponent


def _apply(e: Any) -> Dimension:
    total: Dimension = e.function.dimension
    for order, argument in zip(e.orders, e.arguments, strict=True):
        unit = dimension_of(argument)
        if order:
            total = total / (unit or DIMENSIONLESS) ** order
    return total


def _coordinate_power(operand: Any, coordinate: Any, power: int) -> Dimension | None:
    dimension = dimension_of(operand)
    return None if dimension is None else dimension * atoms.KINDS[coordinate.kind] ** power


def _member(e: Any) -> Dimension:
    order = e.order if isinstance(e.order, int) else None
    if order is None:
        # eps^j rho_j has the dimension of rho for every j; only differences of orders enter an equation
        return e.family.dimension / e.family.unit**e.order.shift
    return e.family.dimension / e.family.unit**order


def _choice(e: Any) -> Dimension | None:
    return _common(list(e.options.values()), f"the options of the choice {e.name!r}")


def _inverse_argument(e: Any) -> Dimension:
    argument = dimension_of(e.argument) or DIMENSIONLESS
    return DIMENSIONLESS / argument ** (1 + e.order)


def _step(e: Any) -> Dimension:
    dimension_of(e.argument)
    return DIMENSIONLESS


def _integral(e: Any) -> Dimension | None:
    _common([e.args[1], *e.args[2:]], "an integral's coordinate and its limits")
    return _coordinate_power(e.args[0], e.args[1], 1)


def _at(e: Any) -> Dimension | None:
    _common([e.args[1], e.args[2]], "a coordinate and the value it is set to")
    return dimension_of(e.args[0])


def _flow(e: Any) -> Dimension | None:
    operand, time, hbar = e.args
    action, quantum = dimension_of(time), dimension_of(hbar)
    if action is not None and quantum is not None and action * ENERGY != quantum:
        raise DimensionMismatch(f"a flow over {time!r:.40}: time times energy is {action * ENERGY}, against hbar in {quantum}")
    return dimension_of(operand)


_RULES: dict[type, Callable[[Any], Dimension | None]] = {
    base.Sum: lambda e: _common(list(e.args), "the terms of a sum"),
    base.Product: lambda e: _product(list(e.args)),
    base.Power: _power,
    base.Imaginary: lambda e: DIMENSIONLESS,
    atoms.Coordinate: lambda e: atoms.KINDS[e.kind],
    atoms.Parameter: lambda e: e.dimension,
    atoms.Hamiltonian: lambda e: ENERGY,
    atoms.Operator: lambda e: e.dimension,
    atoms.Member: _member,
    atoms.Apply: _apply,
    operations.Commutator: lambda e: _product(list(e.args)),
    operations.Adjoint: lambda e: dimension_of(e.args[0]),
    operations.Trace: lambda e: dimension_of(e.args[0]),
    operations.Delta: _inverse_argument,
    operations.Theta: _step,
    operations.Level: lambda e: ENERGY,
    operations.Ket: lambda e: DIMENSIONLESS,
    operations.Bra: lambda e: DIMENSIONLESS,
    operations.LevelSum: lambda e: dimension_of(e.args[1]),
    operations.D: lambda e: _coordinate_power(e.args[0], e.args[1], -1),
    operations.Integral: _integral,
    operations.Infinity: lambda e: None,
    operations.Unprinted: lambda e: None,
    operations.Average: lambda e: dimension_of(e.args[0]),
    operations.Heisenberg: _flow,
    operations.At: _at,
    operations.Continuation: lambda e: e.args[0].dimension,
    operations.Placeholder: lambda e: None,
    relations.Choice: _choice,
}
