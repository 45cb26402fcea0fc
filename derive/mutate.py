"""Systematic changes of an equation: what a misprint or a slip of the pen would do to it.

A mutation changes one place of one link: a term's sign, a factor 2 or 1/2, a term dropped, two operators swapped, a derivative or
a prime dropped (PEN); an energy for the slow time in a derivative or the other way round, one field for another, an operator
where the flow has carried it, f(H) for f(E) or the other way round (LETTER).  The places are found from the nodes alone; the
letters of the second sort are those of the claim itself, or of a list that is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Integer, Rational, Tuple

from derive.language import (
    Average,
    Bra,
    Chain,
    Coordinate,
    D,
    Delta,
    Equation,
    Hamiltonian,
    Heisenberg,
    Ket,
    Node,
    Operator,
    Product,
    Sum,
    Trace,
    subexpressions,
)
from derive.language.atoms import Apply, Function, Member


@dataclass(frozen=True)
class Mutation:
    """A changed claim: which link (from 0), what was done, and where."""

    link: int
    kind: str
    place: str
    claim: Equation | Chain


PEN = ("sign", "factor 2", "factor 1/2", "drop term", "swap factors", "drop derivative", "drop prime")
LETTER = ("E for tau", "another field", "without the flow", "H for E")
KINDS = (*PEN, *LETTER)


@dataclass(frozen=True)
class Letters:
    """What may stand in another's place, each in the order in which it was first written."""

    coordinates: tuple[Coordinate, ...] = ()
    hamiltonians: tuple[Hamiltonian, ...] = ()
    fields: tuple[Apply, ...] = ()

    def other_coordinate(self, one: Coordinate) -> Coordinate | None:
        """An energy for a slow time, and the other way round."""
        wanted = {"energy": "slow", "slow": "energy"}.get(one.kind)
        return next((c for c in self.coordinates if c.kind == wanted), None)

    def other_field(self, one: Apply) -> Function | None:
        """The first other field that is written at coordinates of the same kinds."""
        kinds = _kinds(one)
        found = (f.function for f in self.fields if f.function != one.function and _kinds(f) == kinds)
        return None if kinds is None else next(found, None)


def letters_of(expressions: Iterable[Basic]) -> Letters:
    """The letters of some expressions."""
    parts = [part for expression in expressions for part in subexpressions(expression)]
    return Letters(
        coordinates=tuple(dict.fromkeys(p for p in parts if isinstance(p, Coordinate))),
        hamiltonians=tuple(dict.fromkeys(p for p in parts if isinstance(p, Hamiltonian))),
        fields=tuple(dict.fromkeys(p for p in parts if isinstance(p, Apply) and _kinds(p) is not None)),
    )


def _kinds(field: Apply) -> tuple[str, ...] | None:
    """The kinds of the coordinates at which a field stands; None for an arbitrary function, and for other arguments."""
    if field.function.arbitrary or not field.arguments or not all(isinstance(a, Coordinate) for a in field.arguments):
        return None
    kinds = tuple(a.kind for a in field.arguments)
    return kinds if "energy" in kinds else None


def mutations(claim: Equation | Chain, kinds: tuple[str, ...] = PEN, others: Letters | None = None) -> Iterator[Mutation]:
    """Every mutation of every link of a claim; `others` are letters that may be put in besides the claim's own."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise ValueError(f"kinds of mutation: expected some of {', '.join(KINDS)}, came {', '.join(unknown)}")
    mine = letters_of([claim])
    letters = mine if others is None else Letters(*(tuple(dict.fromkeys((*a, *b))) for a, b in _paired(mine, others)))
    for number, link in enumerate(claim.links):
        seen = {link}
        for side in (0, 1):
            for kind in kinds:
                made = _LETTERS[kind](link.args[side], letters) if kind in LETTER else _CHANGES[kind](link.args[side])
                for place, changed in made:
                    sides = [link.args[0], link.args[1]]
                    sides[side] = changed
                    new = Equation(sides[0], sides[1], link.role, link.modulo)
                    if new in seen:
                        continue
                    seen.add(new)
                    where = ("left side" if side == 0 else "right side") + (f", {place}" if place else "")
                    yield Mutation(number, kind, where, _with_link(claim, number, new))


def _paired(a: Letters, b: Letters) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    yield a.coordinates, b.coordinates
    yield a.hamiltonians, b.hamiltonians
    yield a.fields, b.fields


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


def operator_valued(expression: Basic) -> bool:
    """Whether an expression is an operator or a vector, whose place in a product matters; numbers may stand anywhere."""
    if isinstance(expression, Trace | Average):
        return False
    if isinstance(expression, Hamiltonian | Operator | Member | Ket | Bra):
        return True
    return any(operator_valued(part) for part in expression.args)


def _is_vector(expression: Basic) -> bool:
    """Whether it is a bra, a ket or a derivative of one: it has its place in a product, or the product has no meaning."""
    return isinstance(expression, Bra | Ket) or (isinstance(expression, D) and _is_vector(expression.args[0]))


def _swap(expression: Basic) -> Change:
    for found, put in _places(expression, Product):
        for k in range(len(found.args) - 1):
            a, b = found.args[k], found.args[k + 1]
            if a != b and all(operator_valued(x) and not _is_vector(x) for x in (a, b)):
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


def _other_coordinate(expression: Basic, letters: Letters) -> Change:
    for found, put in _places(expression, D):
        other = letters.other_coordinate(found.args[1])
        if other is not None:
            yield f"{other!r} for {found.args[1]!r} in {found!r:.40}", put(D(found.args[0], other))


def _other_field(expression: Basic, letters: Letters) -> Change:
    for found, put in _places(expression, Apply):
        other = letters.other_field(found)
        if other is not None:
            yield f"{other.name} for {found!r:.40}", put(Apply(other, Tuple(*found.args[1].args), Tuple(*found.arguments)))


def _without_flow(expression: Basic, letters: Letters) -> Change:
    for found, put in _places(expression, Heisenberg):
        yield f"{found.args[0]!r:.30} where the flow has carried it", put(found.args[0])


def _other_argument(expression: Basic, letters: Letters) -> Change:
    energy = next((c for c in letters.coordinates if c.kind == "energy"), None)
    for found, put in _places(expression, Apply):
        for k, argument in enumerate(found.arguments):
            other: Basic | None = None
            if isinstance(argument, Hamiltonian):
                other = energy
            elif isinstance(argument, Coordinate) and argument.kind == "energy":
                other = next(iter(letters.hamiltonians), None)
            if other is not None:
                arguments = [*found.arguments[:k], other, *found.arguments[k + 1 :]]
                yield f"{other!r} for {argument!r} in {found!r:.40}", put(Apply(found.function, found.args[1], Tuple(*arguments)))


_LETTERS: dict[str, Callable[[Any, Letters], Change]] = {
    "E for tau": _other_coordinate,
    "another field": _other_field,
    "without the flow": _without_flow,
    "H for E": _other_argument,
}
