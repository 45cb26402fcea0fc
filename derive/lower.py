"""From the language to the kernel: one explicit table, loud on an unknown node.

The bridge is only notation: it decides nothing and rewrites nothing.  Names go over as they are, coordinates as tokens
`kind:name`, and a function keeps whether it is smooth and whether it is arbitrary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Rational

from derive.kernel.terms import Term
from derive.language import atoms, base, operations
from derive.language.relations import Equation


class UnknownNode(base.LanguageError):
    """An expression that the kernel has no head for."""


def token(coordinate: atoms.Coordinate) -> str:
    """The kernel's name of a coordinate."""
    return f"{coordinate.kind}:{coordinate.name}"


def lower(expression: Any) -> Term:
    """The kernel term of an expression without open choices; UnknownNode where the table has no line."""
    if isinstance(expression, Rational):
        return ("num", str(expression))
    rule = _TABLE.get(type(expression))
    if rule is None:
        raise UnknownNode(
            f"lowering: no line for the node {type(expression).__name__}; expected a node of derive.language "
            "with its choices decided; add a line to derive/lower.py"
        )
    return rule(expression)


def residual(equation: Equation) -> Term:
    """lhs - rhs as a term."""
    return ("sum", lower(equation.args[0]), ("prod", ("num", "-1"), lower(equation.args[1])))


def _tokens(coordinates: tuple[atoms.Coordinate, ...]) -> tuple[str, ...]:
    return tuple(sorted(token(c) for c in coordinates))


def _member(e: atoms.Member) -> Term:
    family = e.family
    if isinstance(e.order, int):
        return ("op", family.name, e.order, _tokens(family.coordinates_of(e.order)), 0)
    return ("op", family.name, (e.order.name, e.order.shift, *family.slow_only), _tokens(family.coordinates), 0)


def _apply(e: atoms.Apply) -> Term:
    function = e.function
    return (
        "fun",
        function.name,
        e.orders,
        tuple(lower(a) for a in e.arguments),
        int(function.smooth),
        int(function.arbitrary),
    )


def _continuation(e: operations.Continuation) -> Term:
    family, parameter, start = e.args
    return ("series", family.name, _tokens(family.coordinates), family.slow_only, parameter.name, int(start))


_TABLE: dict[type, Callable[[Any], Term]] = {
    base.Sum: lambda e: ("sum", *map(lower, e.args)),
    base.Product: lambda e: ("prod", *map(lower, e.args)),
    base.Power: lambda e: ("pow", lower(e.base), e.exponent),
    base.Imaginary: lambda e: ("i",),
    atoms.Coordinate: lambda e: ("coord", token(e)),
    atoms.Parameter: lambda e: ("par", e.name),
    atoms.Hamiltonian: lambda e: ("ham", e.name, _tokens(e.coordinates)),
    atoms.Operator: lambda e: ("op", e.name, "", _tokens(e.coordinates), int(e.arbitrary)),
    atoms.Member: _member,
    atoms.Apply: _apply,
    operations.Commutator: lambda e: ("comm", lower(e.args[0]), lower(e.args[1])),
    operations.Adjoint: lambda e: ("adj", lower(e.args[0])),
    operations.Trace: lambda e: ("tr", lower(e.args[0])),
    operations.Delta: lambda e: ("delta", e.order, lower(e.argument)),
    operations.Theta: lambda e: ("theta", lower(e.argument)),
    operations.Level: lambda e: ("level", e.args[0].name),
    operations.Ket: lambda e: ("ket", e.args[0].name),
    operations.Bra: lambda e: ("bra", e.args[0].name),
    operations.LevelSum: lambda e: ("lsum", e.args[0].name, lower(e.args[1])),
    operations.D: lambda e: ("d", token(e.args[1]), lower(e.args[0])),
    operations.Infinity: lambda e: ("oo",),
    operations.Unprinted: lambda e: ("unprinted",),
    operations.Integral: lambda e: ("int", token(e.args[1]), lower(e.args[2]), lower(e.args[3]), lower(e.args[0])),
    operations.Average: lambda e: ("avg", lower(e.args[0]), token(e.args[1])),
    operations.Heisenberg: lambda e: ("flow", lower(e.args[0]), lower(e.args[1]), lower(e.args[2])),
    operations.At: lambda e: ("at", lower(e.args[0]), token(e.args[1]), lower(e.args[2])),
    operations.Continuation: _continuation,
    operations.Placeholder: lambda e: ("undefined", e.name),
}
