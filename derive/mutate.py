"""Systematic changes of an equation: what a misprint or a slip of the pen would do to it.

A mutation changes one place of one link: a term's sign, a factor 2 or 1/2, a term dropped, two factors swapped, a derivative or
a prime dropped.  The places are found from the nodes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Integer, Rational, Tuple

from derive.language import Chain, D, Delta, Equation, Node, Product, Sum
from derive.language.atoms import Apply


@dataclass(frozen=True)
class Mutation:
    """A changed claim: which link (from 0), what was done, and where."""

    link: int
    kind: str
    place: str
    claim: Equation | Chain


KINDS = ("sign", "factor 2", "factor 1/2", "drop term", "swap factors", "drop derivative", "drop prime")


def mutations(claim: Equation | Chain, kinds: tuple[str, ...] = KINDS) -> Iterator[Mutation]:
    """Every mutation of every link of a claim."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise ValueError(f"kinds of mutation: expected some of {', '.join(KINDS)}, came {', '.join(unknown)}")
    for number, link in enumerate(claim.links):
        seen = {link}
        for side in (0, 1):
            for kind in kinds:
                for place, changed in _CHANGES[kind](link.args[side]):
                    sides = [link.args[0], link.args[1]]
                    sides[side] = changed
                    new = Equation(sides[0], sides[1], link.role, link.modulo)
                    if new in seen:
                        continue
                    seen.add(new)
                    where = ("left side" if side == 0 else "right side") + (f", {place}" if place else "")
                    yield Mutation(number, kind, where, _with_link(claim, number, new))


def _with_link(claim: Equation | Chain, number: int, link: Equation) -> Equation | Chain:
    if isinstance(claim, Equation):
        return link
    return Chain(*(link if k == number else known for k, known in enumerate(claim.links)))


Change = Iterator[tuple[str, Basic]]


def _places(expression: Basic, kind: type | tuple[type, ...]) -> Iterator[tuple[Basic, Callable[[Basic], Basic]]]:
    """Every node of a kind inside an expression, with the function that puts another in its place."""
    if isinstance(expression, kind):
        yield expression, lambda new: new
    if not isinstance(expression, Node | Tuple):
        return
    for number, argument in enumerate(expression.args):
        for found, put in _places(argument, kind):

            def replace(new: Basic, number: int = number, put: Callable[[Basic], Basic] = put) -> Basic:
                arguments = list(expression.args)
                arguments[number] = put(new)
                return expression.func(*arguments)

            yield found, replace


def _terms(expression: Basic, change: Callable[[Basic], Basic | None], word: str) -> Change:
    """A change of each term of each sum, or of the whole side where it is no sum."""
    if not isinstance(expression, Sum) and expression != Integer(0):
        new = change(expression)
        if new is not None:
            yield f"{word} the whole", new
    for found, put in _places(expression, Sum):
        for number, term in enumerate(found.args):
            new = change(term)
            terms = [*found.args[:number], *([] if new is None else [new]), *found.args[number + 1 :]]
            if terms:
                yield f"{word} term {number + 1} of {found!r:.40}", put(Sum(*terms) if len(terms) > 1 else terms[0])


def _sign(expression: Basic) -> Change:
    return _terms(expression, lambda term: Product(Integer(-1), term), "minus")


def _double(expression: Basic) -> Change:
    return _terms(expression, lambda term: Product(Integer(2), term), "twice")


def _halve(expression: Basic) -> Change:
    return _terms(expression, lambda term: Product(Rational(1, 2), term), "half")


def _drop(expression: Basic) -> Change:
    return _terms(expression, lambda term: None, "without")


def _swap(expression: Basic) -> Change:
    for found, put in _places(expression, Product):
        for k in range(len(found.args) - 1):
            a, b = found.args[k], found.args[k + 1]
            if a != b:
                yield f"{a!r:.20} and {b!r:.20} swapped", put(Product(*found.args[:k], b, a, *found.args[k + 2 :]))


def _underived(expression: Basic) -> Change:
    for found, put in _places(expression, D):
        yield f"without the derivative of {found!r:.40}", put(found.args[0])


def _unprimed(expression: Basic) -> Change:
    for found, put in _places(expression, Delta):
        if found.order:
            yield f"without the prime of {found!r:.40}", put(Delta(found.argument, found.order - 1))
    for found, put in _places(expression, Apply):
        for k, order in enumerate(found.orders):
            if order:
                less = Tuple(*(Integer(o - (j == k)) for j, o in enumerate(found.orders)))
                yield (
                    f"without the derivative of {found!r:.40}",
                    put(Apply(found.function, less, Tuple(*found.arguments))),
                )


_CHANGES: dict[str, Callable[[Any], Change]] = {
    "sign": _sign,
    "factor 2": _double,
    "factor 1/2": _halve,
    "drop term": _drop,
    "swap factors": _swap,
    "drop derivative": _underived,
    "drop prime": _unprimed,
}
