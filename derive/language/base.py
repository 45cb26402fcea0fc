"""The root of the language: unevaluated nodes with exact arithmetic.

Vocabulary
    Node        every expression is one; a SymPy `Basic`, so equality is structural and hashing is stable
    Sum, Product, Power, Imaginary
                arithmetic as it was written: nothing is flattened, sorted, cancelled or evaluated

SymPy's own `Add`, `Mul`, `Eq` and `Derivative` rewrite what they are given (`Eq(x, x)` becomes `True`), so none of
them is used.  Numbers are SymPy `Rational`s; a float is refused, because a verdict cannot rest on a rounded number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Basic, Integer, Rational
from sympy.core.symbol import Str


class LanguageError(ValueError):
    """An expression that the language cannot hold: says what was expected, what came and what to do."""


class Node(Basic):
    """An expression of the language.

    Subclasses fix the meaning; this class gives the arithmetic notation.  `a * b` keeps its order (operators do not
    commute), `a - b` is `Sum(a, Product(-1, b))`, `a / b` is `Product(a, Power(b, -1))`.
    """

    _op_priority = 100.0

    def __add__(self, other: Any) -> Node:
        return Sum(self, node(other))

    def __radd__(self, other: Any) -> Node:
        return Sum(node(other), self)

    def __sub__(self, other: Any) -> Node:
        return Sum(self, -node_of(other))

    def __rsub__(self, other: Any) -> Node:
        return Sum(node(other), -self)

    def __mul__(self, other: Any) -> Node:
        return Product(self, node(other))

    def __rmul__(self, other: Any) -> Node:
        return Product(node(other), self)

    def __truediv__(self, other: Any) -> Node:
        if isinstance(other, int | Fraction | Rational):
            if other == 0:
                raise LanguageError("division by zero: expected a nonzero denominator; write the equation without it")
            return Product(Rational(1) / Rational(other), self)
        return Product(self, Power(node(other), -1))

    def __rtruediv__(self, other: Any) -> Node:
        return Product(node(other), Power(self, -1))

    def __pow__(self, exponent: Any) -> Node:
        return Power(self, exponent)

    def __neg__(self) -> Node:
        return Product(Integer(-1), self)

    def __pos__(self) -> Node:
        return self

    def __repr__(self) -> str:
        from derive.language.printing import printed

        return printed(self)

    __str__ = __repr__

    def _repr_latex_(self) -> str | None:
        from derive.notebook import expression

        return expression(self)


def node(value: Any) -> Basic:
    """`value` as an expression: a Node as it is, an exact number as a SymPy Rational; anything else is refused."""
    if isinstance(value, bool):
        raise LanguageError(f"expected an expression or an exact number, came the truth value {value}")
    if isinstance(value, Node | Rational):
        return value
    if isinstance(value, int | Fraction):
        return Rational(value)
    raise LanguageError(
        f"expected an expression of derive.language or an exact number (int, Fraction, sympy.Rational), came "
        f"{type(value).__name__} {value!s:.60}; build it from the nodes of derive.language"
    )


def node_of(value: Any) -> Node:
    """`value` as a Node: numbers are wrapped in a one-factor Product so that the arithmetic notation works on them."""
    made = node(value)
    return made if isinstance(made, Node) else Product(made)


def name_of(value: Any) -> Str:
    """A name, kept as it was written: a nonempty string."""
    if isinstance(value, Str):
        return value
    if not isinstance(value, str) or not value:
        raise LanguageError(f"expected a nonempty name, came {value!r}")
    return Str(value)


class Sum(Node):
    """`Sum(a, b, ...)`: the sum in the order written; `Sum()` is zero."""

    def __new__(cls, *terms: Any) -> Sum:
        return Basic.__new__(cls, *(node(t) for t in terms))

    def __add__(self, other: Any) -> Node:
        return Sum(*self.args, node(other))

    def __sub__(self, other: Any) -> Node:
        return Sum(*self.args, -node_of(other))


class Product(Node):
    """`Product(a, b, ...)`: the product in the order written; the factors need not commute; `Product()` is one."""

    def __new__(cls, *factors: Any) -> Product:
        return Basic.__new__(cls, *(node(f) for f in factors))

    def __mul__(self, other: Any) -> Node:
        return Product(*self.args, node(other))


class Power(Node):
    """`Power(a, k)`: an integer power; a negative one is a division, allowed for scalars that do not vanish."""

    def __new__(cls, base: Any, exponent: Any) -> Power:
        if isinstance(exponent, bool) or not isinstance(exponent, int | Integer):
            raise LanguageError(f"expected an integer exponent, came {exponent!r}; roots are not in the language")
        return Basic.__new__(cls, node(base), Integer(exponent))

    @property
    def base(self) -> Basic:
        return self.args[0]

    @property
    def exponent(self) -> int:
        return int(self.args[1])


class Imaginary(Node):
    """The imaginary unit."""

    def __new__(cls) -> Imaginary:
        return Basic.__new__(cls)
