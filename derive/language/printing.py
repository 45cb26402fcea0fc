"""The printed form of an expression: readable, fully bracketed, and injective.

Injective: two expressions print alike only if they are equal.  Every operation keeps its brackets, names that are not
plain identifiers are quoted, and what a symbol carries besides its name (coordinates, dimension, flags) is printed by
`declaration`, which `printed(..., declared=True)` appends.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sympy import Basic, Integer, Rational, Tuple
from sympy.core.symbol import Str

from derive.language import atoms, base, operations, relations

NUMBERED = "\x00"


def printed(expression: Basic, declared: bool = False) -> str:
    """The printed form; with `declared`, followed by one line a symbol saying what the symbol carries."""
    if not declared:
        return _text(expression)
    leaves = {part for part in relations.subexpressions(expression) if isinstance(part, atoms.Named)}
    numbered = _numbered(leaves)
    text = _text(expression.xreplace(numbered))
    leaves = {numbered.get(leaf, leaf) for leaf in leaves}
    return "\n".join([text, *sorted(declaration(leaf) for leaf in leaves)])


def _numbered(leaves: set[Any]) -> dict[Any, Any]:
    """Symbols that share a name, each with a name of its own: a number that no quoted or plain name can hold."""
    found = {}
    for name in sorted({leaf.name for leaf in leaves}):
        alike = sorted((leaf for leaf in leaves if leaf.name == name), key=declaration)
        for k, leaf in enumerate(alike if len(alike) > 1 else (), 1):
            found[leaf] = leaf.func(Str(f"{NUMBERED}{k}{NUMBERED}{name}"), *leaf.args[1:])
    return found


def declaration(leaf: atoms.Named) -> str:
    """What a symbol carries: its kind and every argument it was made with."""
    return f"  {_name(leaf.name)}: {type(leaf).__name__}({', '.join(_raw(a) for a in leaf.args[1:])})"


def _name(name: str) -> str:
    if name.startswith(NUMBERED):
        _, number, name = name.split(NUMBERED, 2)
        return f"{_name(name)}#{number}"
    return name if name.isidentifier() and name.isascii() else json.dumps(name)


def _raw(value: Basic) -> str:
    if isinstance(value, Str):
        return _name(value.name)
    if isinstance(value, Tuple):
        return "(" + ", ".join(_raw(v) for v in value.args) + ")"
    return _text(value)


def _apply(e: Any) -> str:
    orders = "" if not any(e.orders) else "^(" + ",".join(map(str, e.orders)) + ")"
    return f"{_name(e.function.name)}{orders}({', '.join(map(_text, e.arguments))})"


def _member(e: Any) -> str:
    order = _text(e.args[1]) if isinstance(e.args[1], atoms.Order) else str(e.order)
    return f"{_name(e.family.name)}[{order}]"


def _product(e: Any) -> str:
    if len(e.args) == 2 and e.args[0] == Integer(-1) and not isinstance(e.args[1], Rational):
        return f"(-{_text(e.args[1])})"
    return "(" + " * ".join(map(_text, e.args)) + ")" if len(e.args) > 1 else _call("Product")(e)


def _sum(e: Any) -> str:
    return "(" + " + ".join(map(_text, e.args)) + ")" if len(e.args) > 1 else _call("Sum")(e)


def _call(word: str) -> Callable[[Any], str]:
    return lambda e: f"{word}({', '.join(map(_text, e.args))})"


def _equation(e: Any) -> str:
    tail = "" if isinstance(e.modulo, relations.Exactly) else f" modulo {_text(e.modulo)}"
    role = "" if e.role is None else f" [{e.role}]"
    return f"{_text(e.args[0])} = {_text(e.args[1])}{tail}{role}"


def _choice(e: Any) -> str:
    body = " | ".join(f"{_name(label)}: {_text(value)}" for label, value in e.options.items())
    return f"<{_name(e.name)}? {body}>"


_FORMS: dict[type, Callable[[Any], str]] = {
    base.Sum: _sum,
    base.Product: _product,
    base.Power: lambda e: f"({_text(e.base)})^{e.exponent}",
    base.Imaginary: lambda e: "I",
    atoms.Coordinate: lambda e: _name(e.name),
    atoms.Parameter: lambda e: _name(e.name),
    atoms.Index: lambda e: _name(e.name),
    atoms.Order: lambda e: _name(e.name) + (f"{e.shift:+d}" if e.shift else ""),
    atoms.Hamiltonian: lambda e: _name(e.name),
    atoms.Operator: lambda e: _name(e.name),
    atoms.Family: lambda e: _name(e.name),
    atoms.Member: _member,
    atoms.Function: lambda e: _name(e.name),
    atoms.Apply: _apply,
    operations.Commutator: lambda e: f"[{_text(e.args[0])}, {_text(e.args[1])}]",
    operations.Adjoint: _call("adjoint"),
    operations.Trace: lambda e: f"Tr({_text(e.args[0])})",
    operations.Delta: lambda e: f"delta{chr(39) * e.order}({_text(e.argument)})",
    operations.Theta: lambda e: f"Theta({_text(e.argument)})",
    operations.Level: lambda e: f"E_({_text(e.args[0])})",
    operations.Ket: lambda e: f"|{_text(e.args[0])}>",
    operations.Bra: lambda e: f"<{_text(e.args[0])}|",
    operations.LevelSum: lambda e: f"sum_({_text(e.args[0])})({_text(e.args[1])})",
    operations.D: lambda e: f"d_{_text(e.args[1])}({_text(e.args[0])})",
    operations.Infinity: lambda e: "oo",
    operations.Unprinted: lambda e: "unprinted",
    operations.Integral: _call("int"),
    operations.Average: lambda e: f"avg({_text(e.args[0])}; {_text(e.args[1])})",
    operations.Heisenberg: _call("flow"),
    operations.At: lambda e: f"at({_text(e.args[0])}; {_text(e.args[1])} := {_text(e.args[2])})",
    operations.Continuation: _call("dots"),
    operations.Placeholder: lambda e: f"undefined({_name(e.name)})",
    relations.Exactly: lambda e: "nothing",
    relations.ModuloDerivative: _call("total derivative in"),
    relations.ModuloPower: _call("power"),
    relations.Nonzero: lambda e: f"{_text(e.args[0])} != 0",
    relations.SimpleSpectrum: _call("simple spectrum of "),
    relations.Equation: _equation,
    relations.Chain: lambda e: "; ".join(_text(link) for link in e.links),
    relations.Choice: _choice,
}


def _text(expression: Any) -> str:
    if isinstance(expression, Rational):
        return str(expression) if expression >= 0 and expression.q == 1 else f"({expression})"
    form = _FORMS.get(type(expression))
    if form is None:
        raise base.LanguageError(f"printing: unknown node {type(expression).__name__}; give it a line in printing.py")
    return form(expression)
