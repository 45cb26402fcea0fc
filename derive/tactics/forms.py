"""The forms in which a premise may be put to use: orders of a hierarchy, indices, instances of a scheme, derivatives, flows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from derive.kernel.algebra import Expression
from derive.kernel.bodies import commuting
from derive.kernel.diagrams import energies_in
from derive.kernel.errors import KernelError
from derive.kernel.rules import HOLE, free_levels
from derive.kernel.terms import Term, coordinates_in, replace_term, sub, walk
from derive.tactics.problem import Problem
from derive.tactics.unparse import Unparser, function_body

# in which way the premises are put to use: as they stand or integrated, differentiated, or with the last moves of a list
AS_IT_IS, DERIVED, ENDING = "as it is", "derived", "ending"
Moves = list[Any]


def endings(claim: Term, *premises: Term) -> list[list[Moves]]:
    """Last moves that a claim asks for: a time held where the claim holds it, then the flows that are spoken of."""
    held = sorted({(part[2], part[3]) for part in walk(claim) if part[0] == "at"}, key=repr)
    at_a_time = [[*more, ["at", token, value]] for token, value in held for more in ([], [["d", token]])]
    carried = [[["flow", time, hbar]] for time, hbar in _flows(claim, *premises)]
    return [some for some in (at_a_time, carried) if some]


def _flows(*terms: Term) -> list[tuple[Term, str]]:
    """The times and the hbar of the flows in some terms, but for flows over a time that is integrated."""
    bound = {part[1] for term in terms for part in walk(term) if part[0] == "int"}
    found = {(part[2], part[3][1]) for term in terms for part in walk(term) if part[0] == "flow" and part[3][0] == "par"}
    return sorted(((time, hbar) for time, hbar in found if not coordinates_in(time) & bound), key=repr)


def forms_of(problem: Problem, place: int, target: Expression, how: str, last: Sequence[Moves]) -> Iterator[Moves]:
    """The moves that put premise `place` into a form which may touch the target: `how` it is used, and with which moves last."""
    premise = sub(*problem.premises[place])
    heads: list[list[Any]] = [[]]
    for ansatz in problem.series:
        symbol = problem.premises[ansatz][0]
        if place != ansatz and any(part == symbol for part in walk(premise)):
            parameter = next(part[4] for part in walk(problem.premises[ansatz][1]) if part[0] == "series")
            family = next(part[1] for part in walk(problem.premises[ansatz][1]) if part[0] == "series")
            whole: list[list[Any]] = [[]] if any(letter[:3] == symbol[:3] for letter in _letters(target)) else []
            heads = [*whole, *([["scales", ansatz], ["order", parameter, k]] for k in _orders_of(target, family))]
    indexed: list[list[Any]] = []
    for head in heads:
        names = {part[2][0] for part in walk(premise) if part[0] == "op" and isinstance(part[2], tuple)}
        if not names:
            indexed.append(head)
        for name in sorted(names):
            families = {part[1] for part in walk(premise) if part[0] == "op" and isinstance(part[2], tuple)}
            orders = {k + 1 for family in families for k in _orders_of(target, family) if isinstance(k, int)}
            orders |= {k for family in families for k in _orders_of(target, family) if isinstance(k, int) and k >= 1}
            indexed.append(head)
            indexed.extend([*head, ["index", name, k]] for k in sorted(orders))
    for head in indexed:
        for instance in _instances(problem, premise, target):
            if how == ENDING:
                yield from ([*head, *instance, *moves] for moves in last)
            elif how == AS_IT_IS:
                yield [*head, *instance]
                sums = [*_integrals(problem, premise, target), *_sums(problem, premise, target)]
                yield from ([*head, *instance, *moves] for moves in sums)
            else:
                tokens = sorted({*_tokens_of(target), *problem.running})
                yield from ([*head, *instance, ["d", token]] for token in tokens)
                yield from ([*head, *instance, ["d", token], ["d", token]] for token in tokens)


def _orders_of(target: Expression, family: str) -> list[Any]:
    found: set[Any] = set()
    for letter in _letters(target):
        if letter[0] == "op" and letter[1] == family and letter[2] not in ("", "ham"):
            order = letter[2] if isinstance(letter[2], int) else tuple(letter[2][:2])
            if isinstance(order, int) or isinstance(order[1], int):  # the dots of a series are no order
                found.add(order)
    return sorted(found, key=repr)


def _letters(target: Expression) -> Iterator[Any]:
    for scalars, word in target:
        for item, _ in scalars:
            if item[0] == "tr":
                yield from item[1]
            elif item[0] == "elem":
                yield from item[2]
        yield from word


def _tokens_of(target: Expression) -> list[str]:
    """The coordinates that something in the target is differentiated in."""
    found: set[str] = set()
    for letter in _letters(target):
        if letter[0] == "op":
            found |= {token for token, _ in letter[4]}
        elif letter[0] == "dd":
            found |= {token for part in letter[2] for token, _ in part[4]}
    for scalars, _ in target:
        for item, _ in scalars:
            if item[0] == "fun":
                found |= {a[1] for k, a in zip(item[2], item[3], strict=True) if k and a[0] == "coord"}
    return sorted(found)


def _instances(problem: Problem, premise: Term, target: Expression) -> Iterator[list[Any]]:
    yield []
    functions = sorted({part[1] for part in walk(premise) if part[0] == "fun" and part[5] and len(part[3]) == 1})
    operators = sorted({part[1] for part in walk(premise) if part[0] == "op" and part[4]})
    if len(functions) == 1:
        yield from ([["function", functions[0], body]] for body in _functions_of_h(problem, target))
    if _says_commuting(premise):
        yield from ([["commutes", body]] for body in _functions_of_h(problem, target) if body != HOLE)
    if len(operators) == 1:
        unparser = Unparser(problem.frame)
        for letter in sorted({x for x in _letters(target) if x[0] == "op"}, key=repr):
            yield [["operator", operators[0], unparser.letter(letter)]]


def _says_commuting(premise: Term) -> bool:
    try:
        commuting(premise)
    except KernelError:
        return False
    return True


def _integrals(problem: Problem, premise: Term, target: Expression) -> Iterator[list[Any]]:
    """Integrals over an energy that the premise holds and the target does not, against functions that the target has of H."""
    here = set(energies_in(target))
    for token in sorted({part[1] for part in walk(premise) if part[0] == "coord" and part[1].startswith("energy:")} - here):
        yield [["integral", token]]
        for body in _functions_of_h(problem, target):
            yield [["left", replace_term(body, HOLE, ("coord", token))], ["integral", token]]


def _sums(problem: Problem, premise: Term, target: Expression) -> Iterator[list[Any]]:
    """Sums over a level at which the premise stands and the target does not, with the target's functions of H beside it."""
    for name in sorted(set(free_levels(premise)) - set(_labels_in(target))):
        yield [["levels", name]]
        for body in _functions_of_h(problem, target):
            yield [["left", replace_term(body, HOLE, ("level", name))], ["levels", name]]


def _labels_in(target: Expression) -> Iterator[str]:
    """The names of the levels that stand in an expression, as far as they are matrix elements or functions at a level."""
    for scalars, _ in target:
        for item, _ in scalars:
            if item[0] == "elem":
                yield from (item[1], item[3])
            elif item[0] == "lev":
                yield item[2]


def _functions_of_h(problem: Problem, target: Expression) -> Iterator[Term]:
    """The functions of H that the target holds, and the factors of products of them, with a hole for H."""
    profiles = {letter[1] for letter in _letters(target) if letter[0] == "f"}
    for profile in sorted({piece for each in profiles for piece in _pieces(each)}, key=repr):
        with contextlib.suppress(KernelError):
            yield function_body(profile, problem.frame)


def _pieces(profile: Any) -> Iterator[Any]:
    """A product of functions of the level, and its factors one by one."""
    yield profile
    if len(profile) > 1:
        yield from ((basic,) for basic in profile)
