"""The powers of a small parameter in an expression, collected on the tree of the language.

Let F be built from an unknown X by sums, products with what does not hold X, and nodes that are linear in their operand.  Then
F is affine in X, and with the derivation

    d_t  ->  d_t + eps d_1 + eps^2 d_2 + ...           (one slow time for each power of eps)

in the place of every derivative in the fast time t, it is a finite sum

    F = sum over (p, f) of  c_pf eps^p f,              c_pf rational,

of words f in which X stands at most once.  The map (p, f) -> c_pf is what `Grading.pieces` returns.  Rules:

    (eps^p f) (eps^q g) = eps^(p+q) f g                the order of the factors is kept
    [eps^p f, eps^q g] = eps^(p+q) [f, g]              bilinear
    L(eps^p f) = eps^p L(f)                            trace, adjoint (eps is real), sum over levels, energy average,
                                                       frozen flow, integral over an energy, derivative
    d_t(eps^p f) = eps^p d_t f + eps^(p+1) d_1 f + ...

What holds neither eps nor X nor a derivative in t is one factor and is not looked into.

A derivative in t of what changes slowly beside X is refused.  In the language t and tau are independent, so d_t (H X) is
H d_t X; along the motion, where tau = eps t, it is more.  Before the expansion the two mean the same only if H is outside.
Levels, eigenvectors, energy averages and the frozen flow name no Hamiltonian but belong to one: they change slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Basic, Integer, Rational

from derive.language import (
    Adjoint,
    Average,
    Bra,
    Choice,
    Commutator,
    Coordinate,
    D,
    Hamiltonian,
    Heisenberg,
    Imaginary,
    Integral,
    Ket,
    Level,
    LevelSum,
    Member,
    Operator,
    Parameter,
    Placeholder,
    Power,
    Product,
    Sum,
    Trace,
    subexpressions,
)
from derive.scales.errors import ScalesError

Factors = tuple[Basic, ...]
Pieces = dict[tuple[int, Factors], Fraction]

MAX_PIECES = 2_000
MAX_PAIRS = 20_000  # of words, multiplied in one product
MAX_EXPONENT = 64
MAX_DEPTH = 64  # of brackets
MAX_NODES = 20_000

TOO_MANY = f"the expansion has more than {MAX_PIECES} terms; write the equation with fewer brackets"

SPECTRAL = (Level, Ket, Bra, Average, Heisenberg)  # of the frozen Hamiltonian, which they do not name

# nodes linear in one argument: which one
LINEAR: dict[type, int] = {Trace: 0, Adjoint: 0, LevelSum: 1, Average: 0, Heisenberg: 0, Integral: 0}


@dataclass(frozen=True)
class Grading:
    """The unknown, the small parameter, the fast time and the slow times (the k-th goes with the k-th power)."""

    unknown: Operator
    parameter: Parameter
    fast: Coordinate
    slow: tuple[Coordinate, ...]

    def pieces(self, expression: Basic) -> Pieces:
        """The powers of the parameter with their words; ScalesError where the expression is not of the form above."""
        if not self.touches(expression):
            return _untouched(expression)
        rule = _RULES.get(type(expression))
        found = rule(self, expression) if rule else self._other(expression)
        if len(found) > MAX_PIECES:
            raise ScalesError(TOO_MANY)
        return found

    def holds_unknown(self, expression: Basic) -> bool:
        return any(part == self.unknown for part in subexpressions(expression))

    def touches(self, expression: Basic) -> bool:
        """Whether the expression holds the unknown, the parameter or a derivative in the fast time."""
        return any(
            part in (self.unknown, self.parameter) or (isinstance(part, D | Choice | Placeholder) and self._matters(part))
            for part in subexpressions(expression)
        )

    def _matters(self, part: Basic) -> bool:
        return not isinstance(part, D) or part.args[1] == self.fast

    def depends(self, expression: Basic, coordinate: Coordinate) -> bool:
        """Whether an expression may change with a coordinate; the unknown changes with every time."""
        return self.holds_unknown(expression) or depends(expression, coordinate)

    def times(self, left: Pieces, right: Pieces, joined: Callable[[Factors, Factors], Factors]) -> Pieces:
        """The bilinear product of two gradings, word by word."""
        if len(left) * len(right) > MAX_PAIRS:
            raise ScalesError(f"a product of {len(left)} terms and {len(right)}: expected at most {MAX_PAIRS} pairs of terms")
        total: Pieces = {}
        for (p, f), a in left.items():
            for (q, g), b in right.items():
                if any(map(self.holds_unknown, f)) and any(map(self.holds_unknown, g)):
                    raise ScalesError(
                        f"the equation is not linear in the unknown: {word(1, f)} times {word(1, g)} holds {self.unknown} twice; "
                        "expected coefficients that do not depend on it"
                    )
                _add(total, p + q, joined(f, g), a * b)
        return total

    def _other(self, expression: Any) -> Pieces:
        if self.holds_unknown(expression):
            raise ScalesError(
                f"the equation is not linear in the unknown: {self.unknown} stands inside {type(expression).__name__}, which is "
                "not a linear operation of the table in derive/scales/grading.py"
            )
        raise ScalesError(
            f"{expression!r:.60} is not a polynomial in the small parameter {self.parameter}; "
            "expected sums and products of its powers 0, 1, 2, ..."
        )


def require_size(expression: Any, what: str) -> None:
    """ScalesError for an expression too large or too deep to be walked through in reasonable time."""
    todo, seen = [(expression, 0)], 0
    while todo:
        part, depth = todo.pop()
        seen += 1
        if seen > MAX_NODES or depth > MAX_DEPTH:
            raise ScalesError(f"{what}: expected at most {MAX_NODES} nodes and {MAX_DEPTH} brackets one inside the other")
        todo += [(argument, depth + 1) for argument in getattr(part, "args", ())]


def depends(expression: Any, coordinate: Coordinate) -> bool:
    """Whether an expression may change with the coordinate, by what its leaves are declared to depend on."""
    if isinstance(expression, SPECTRAL) and coordinate.kind == "slow":
        return True
    if isinstance(expression, Operator | Hamiltonian):
        return coordinate in expression.coordinates
    if isinstance(expression, Member):
        family, order = expression.family, expression.order
        return coordinate in (family.coordinates_of(order) if isinstance(order, int) else family.coordinates)
    if isinstance(expression, D):
        return depends(expression.args[0], coordinate)
    return expression == coordinate or any(depends(argument, coordinate) for argument in expression.args)


def word(number: Fraction | int, factors: Sequence[Basic]) -> Basic:
    """number times the factors as one expression; a minus sign is taken up by a commutator, -[A, B] = [B, A]."""
    factors = list(factors)
    place = next((k for k, f in enumerate(factors) if isinstance(f, Commutator)), None)
    if number < 0 and place is not None:
        left, right = factors[place].args
        factors[place], number = Commutator(right, left), -number
    if number != 1 or not factors:
        factors = [Rational(Fraction(number)), *factors]
    return factors[0] if len(factors) == 1 else Product(*factors)


def total(parts: Sequence[Basic]) -> Basic:
    """The sum of the parts: a bare zero for none, the part itself for one."""
    if not parts:
        return Integer(0)
    return parts[0] if len(parts) == 1 else Sum(*parts)


def replaced(expression: Basic, old: Basic, new: Basic) -> Basic:
    """Every occurrence of `old` replaced by `new`."""
    if expression == old:
        return new
    if not any(part == old for part in subexpressions(expression)):
        return expression
    return expression.func(*(replaced(argument, old, new) for argument in expression.args))


def _add(pieces: Pieces, power: int, factors: Factors, number: Fraction) -> None:
    value = pieces.get((power, factors), Fraction(0)) + number
    if value:
        pieces[power, factors] = value
    else:
        pieces.pop((power, factors), None)


def _untouched(expression: Any) -> Pieces:
    """A word without the unknown and the parameter: the number in front, then its factors."""
    number, factors = Fraction(1), []
    todo = [expression]
    while todo:
        part = todo.pop(0)
        if isinstance(part, Product):
            todo = [*part.args, *todo]
        elif isinstance(part, Rational):
            number *= Fraction(int(part.p), int(part.q))
        else:
            factors.append(part)
    return {(0, tuple(factors)): number} if number else {}


def _sum(grading: Grading, expression: Any) -> Pieces:
    found: Pieces = {}
    for part in expression.args:
        for (power, factors), number in grading.pieces(part).items():
            _add(found, power, factors, number)
    return found


def _product(grading: Grading, expression: Any) -> Pieces:
    found: Pieces = {(0, ()): Fraction(1)}
    for part in expression.args:
        found = grading.times(found, grading.pieces(part), lambda f, g: f + g)
        if len(found) > MAX_PIECES:
            raise ScalesError(TOO_MANY)
    return found


def _power(grading: Grading, expression: Any) -> Pieces:
    exponent = expression.exponent
    if exponent < 0:
        if grading.holds_unknown(expression):
            raise ScalesError(f"the equation is not linear in the unknown: it is divided by {expression.base!r:.60}")
        raise ScalesError(
            f"a negative power of the small parameter {grading.parameter} or of a sum that holds it, in {expression!r:.60}; "
            "multiply the equation by it"
        )
    if exponent > MAX_EXPONENT:
        raise ScalesError(f"the exponent {exponent} is too high: expected at most {MAX_EXPONENT} on what holds the parameter")
    return _product(grading, Product(*([expression.base] * exponent)))


def _commutator(grading: Grading, expression: Any) -> Pieces:
    left, right = map(grading.pieces, expression.args)
    return grading.times(left, right, lambda f, g: (Commutator(word(1, f), word(1, g)),))


def _derivative(grading: Grading, expression: Any) -> Pieces:
    operand, coordinate = expression.args
    if coordinate in grading.slow and grading.holds_unknown(operand):
        raise ScalesError(
            f"the unknown {grading.unknown} is differentiated in the slow time {coordinate}, which only its expansion knows; "
            f"expected derivatives in {grading.fast}"
        )
    scales = {0: coordinate}
    if coordinate == grading.fast:
        scales |= dict(enumerate(grading.slow, start=1))
    found: Pieces = {}
    for (power, factors), number in grading.pieces(operand).items():
        body = word(1, factors)
        if coordinate == grading.fast and any(depends(body, time) for time in grading.slow):
            raise ScalesError(
                f"the derivative in {coordinate} of {body!r:.60}, which changes with a slow time by itself: whether that is "
                f"held fixed is not said; expected derivatives of {grading.unknown}, with the product rule written out"
            )
        for extra, time in scales.items():
            if grading.depends(body, time):
                _add(found, power + extra, (D(body, time),), number)
    return found


def _linear(grading: Grading, expression: Any) -> Pieces:
    place = LINEAR[type(expression)]
    others = [a for k, a in enumerate(expression.args) if k != place]
    for other in others:
        if grading.touches(other):
            grading._other(expression)
    if isinstance(expression, Integral) and expression.args[1].kind != "energy":
        raise ScalesError(
            f"an integral over the time {expression.args[1]} of what holds the unknown, the small parameter or a derivative in "
            f"{grading.fast}: expected an equation without memory"
        )
    found: Pieces = {}
    for (power, factors), number in grading.pieces(expression.args[place]).items():
        arguments = list(expression.args)
        arguments[place] = word(1, factors)
        _add(found, power, (expression.func(*arguments),), number)
    return found


def _undecided(grading: Grading, expression: Any) -> Pieces:
    raise ScalesError(f"the choice {expression.name!r} is open; decide it with derive.language.resolve first")


def _undefined(grading: Grading, expression: Any) -> Pieces:
    raise ScalesError(f"{expression.name!r} is not defined in print; expected an equation of defined symbols")


_RULES: dict[type, Callable[[Grading, Any], Pieces]] = {
    Operator: lambda grading, e: {(0, (e,)): Fraction(1)},
    Parameter: lambda grading, e: {(1, ()): Fraction(1)},
    Imaginary: lambda grading, e: {(0, (e,)): Fraction(1)},
    Sum: _sum,
    Product: _product,
    Power: _power,
    Commutator: _commutator,
    D: _derivative,
    Choice: _undecided,
    Placeholder: _undefined,
    **dict.fromkeys(LINEAR, _linear),
}
