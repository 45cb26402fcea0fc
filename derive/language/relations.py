"""Equations, chains and printed choices.

Vocabulary
    Equation    lhs = rhs with its role and, where the print says so, what it holds modulo
    Chain       a = b = c as its links (equations), each with its own role
    Nonzero, SimpleSpectrum
                statements that only an assumption can make
    Choice      an open question of the print inside an expression: named options, one expression each
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Tuple
from sympy.core.symbol import Str

from derive.language.base import LanguageError, Node, Product, name_of, node

ROLES = ("definition", "postulate", "ansatz", "condition", "claim", "procedure")


class Exactly(Node):
    """The equation holds as it stands."""

    def __new__(cls) -> Exactly:
        return Basic.__new__(cls)


class ModuloDerivative(Node):
    """The equation holds up to the total derivative of something in the given coordinate."""

    def __new__(cls, coordinate: Any) -> ModuloDerivative:
        return Basic.__new__(cls, node(coordinate))


class ModuloPower(Node):
    """The equation holds up to terms of the given power of a small parameter."""

    def __new__(cls, parameter: Any, power: Any) -> ModuloPower:
        return Basic.__new__(cls, node(parameter), node(power))


class Equation(Node):
    """lhs = rhs, unevaluated.

    `role` is one of definition, postulate, ansatz, condition, claim, procedure; None takes the role of its step.
    `modulo` says up to what it holds: Exactly(), ModuloDerivative(tau), ModuloPower(eps, 3), or a Choice of these.
    """

    def __new__(cls, lhs: Any, rhs: Any, role: Any = None, modulo: Any = None) -> Equation:
        if isinstance(role, Str):
            role = role.name
        if role is not None and role != "step" and role not in ROLES:
            raise LanguageError(f"role: expected one of {', '.join(ROLES)}, came {role!r}")
        modulo = Exactly() if modulo is None else modulo
        return Basic.__new__(cls, node(lhs), node(rhs), Str(role or "step"), node(modulo))

    @property
    def lhs(self) -> Any:
        return _side(self.args[0])

    @property
    def rhs(self) -> Any:
        return _side(self.args[1])

    @property
    def role(self) -> str | None:
        return None if self.args[2].name == "step" else str(self.args[2].name)

    @property
    def modulo(self) -> Basic:
        return self.args[3]

    @property
    def links(self) -> tuple[Equation, ...]:
        return (self,)


class Chain(Node):
    """a = b = c = ...: its links are equations; `chain(a, ("definition", b), c)` builds one."""

    def __new__(cls, *links: Any) -> Chain:
        if not links or not all(isinstance(link, Equation) for link in links):
            raise LanguageError(f"chain: expected one or more Equations as links, came {links!r}")
        return Basic.__new__(cls, *links)

    @property
    def links(self) -> tuple[Equation, ...]:
        return tuple(self.args)

    @property
    def lhs(self) -> Any:
        return self.links[0].lhs

    @property
    def rhs(self) -> Any:
        return self.links[-1].rhs


class Nonzero(Node):
    """An assumption: the scalar does not vanish where the equations are used, so one may divide by it."""

    def __new__(cls, scalar: Any) -> Nonzero:
        return Basic.__new__(cls, node(scalar))


class SimpleSpectrum(Node):
    """An assumption: the levels of the frozen Hamiltonian are distinct, so what commutes with it is a function of it."""

    def __new__(cls, hamiltonian: Any) -> SimpleSpectrum:
        return Basic.__new__(cls, node(hamiltonian))


def _side(side: Basic) -> Basic:
    """A side one can calculate with: a bare number is wrapped, so that `-equation.rhs` is a node."""
    return side if isinstance(side, Node) else Product(side)


def chain(first: Any, *rest: Any) -> Chain:
    """`chain(a, b, ("definition", c))`: a = b (claim) = c (definition); a link without a role takes the step's."""
    links = []
    left = first
    for item in rest:
        role, right = item if isinstance(item, tuple) else (None, item)
        links.append(Equation(left, right, role))
        left = right
    return Chain(*links)


class Choice(Node):
    """An open question of the print: `Choice("u of", ("E", u(E)), ("H", u(H)))`.

    The same name and label mean the same decision wherever they stand, so an assignment is held fixed along a derivation.
    """

    def __new__(cls, name: Any, *options: Any) -> Choice:
        made = []
        for option in options:
            label, value = option
            made.append(Tuple(name_of(label), node(value)))
        labels = [option.args[0].name for option in made]
        if len(made) < 1 or len(set(labels)) != len(labels):
            raise LanguageError(f"choice {name}: expected at least one option with distinct labels, came {labels}")
        return Basic.__new__(cls, name_of(name), *made)

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def options(self) -> dict[str, Basic]:
        return {str(option.args[0].name): option.args[1] for option in self.args[1:]}


@lru_cache(maxsize=1 << 16)
def subexpressions(expression: Basic) -> tuple[Basic, ...]:
    """The expression and everything in it, outermost first."""
    return (expression, *(part for argument in expression.args for part in subexpressions(argument)))


def choices_in(expression: Basic) -> dict[str, tuple[str, ...]]:
    """The names of the choices an expression holds, with the labels it offers for each."""
    found: dict[str, tuple[str, ...]] = {}
    for part in subexpressions(expression):
        if isinstance(part, Choice):
            known = found.get(part.name, ())
            found[part.name] = known + tuple(label for label in part.options if label not in known)
    return found


def resolve(expression: Any, assignment: Mapping[str, str]) -> Any:
    """The expression with every choice decided; a choice that the assignment does not decide is refused."""
    if isinstance(expression, Choice):
        label = assignment.get(expression.name)
        if label not in expression.options:
            raise LanguageError(f"choice {expression.name!r}: expected one of {', '.join(expression.options)}, came {label!r}")
        return resolve(expression.options[label], assignment)
    if not expression.args or not choices_in(expression):
        return expression
    return expression.func(*(resolve(argument, assignment) for argument in expression.args))
