"""Ways in which a residual may be closed: vanishing, total derivatives, initial values, commutants.

Each function proposes the body of a certificate (or None); the kernel decides whether it shows anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from derive.kernel.algebra import Expression, letters, merge_scalars, trace
from derive.kernel.diagrams import NormalForm, normal_form
from derive.kernel.errors import KernelError
from derive.kernel.gaussian import Gaussian
from derive.kernel.terms import Term, coordinates_in, sub, to_json, walk
from derive.tactics.linear import Step, combine
from derive.tactics.problem import Problem
from derive.tactics.solve import combination
from derive.tactics.unparse import Unparser

Body = dict[str, Any]


def vanishing(problem: Problem, claim: Term) -> Body | None:
    """residual(claim) = sum of steps."""
    steps = combine(problem, claim)
    return None if steps is None else {"steps": steps, "closing": ["vanishes"]}


def total_derivative(problem: Problem, claim: Term, token: str) -> Body | None:
    """residual(claim) = d X / d token, with X found by lowering one derivative in each monomial (integration by parts)."""
    target = problem.expression(claim)
    goal = normal_form(target)
    unparser = Unparser(problem.frame)
    potentials: list[Term] = []
    vectors: list[NormalForm] = []
    for monomial in _primitives(target, token):
        try:
            term = unparser.expression({monomial: Gaussian(1)})
            vector = normal_form(problem.expression(("d", token, term)))
        except KernelError:
            continue
        if term not in potentials:
            potentials.append(term)
            vectors.append(vector)
    found = combination(goal, vectors)
    if found is None:
        return None
    parts = [("prod", unparser.number(c), potentials[k]) for k, c in found]
    return {"steps": [], "closing": ["derivative", token, ("sum", *parts)]}


def _primitives(target: Expression, token: str) -> Iterator[Any]:
    """Monomials with one derivative in `token` fewer: a jet lowered, d f(H) replaced by f(H)."""
    for scalars, word in target:
        for place, (item, exponent) in enumerate(scalars):
            if item[0] == "tr" and exponent == 1:
                rest = scalars[:place] + scalars[place + 1 :]
                for lowered in _lowered(item[1], token):
                    for (extra, _), _c in trace(letters(*lowered)).items():
                        yield merge_scalars(rest, extra), word
            if item[0] == "fun" and exponent == 1:
                rest = scalars[:place] + scalars[place + 1 :]
                for slot, argument in enumerate(item[3]):
                    if argument == ("coord", token) and item[2][slot] > 0:
                        fewer = tuple(k - (n == slot) for n, k in enumerate(item[2]))
                        yield merge_scalars(rest, (((*item[:2], fewer, *item[3:]), 1),)), word
        for lowered in _lowered(word, token):
            yield scalars, lowered


def _lowered(word: Any, token: str) -> Iterator[Any]:
    for place, letter in enumerate(word):
        if letter[0] == "op":
            jets = dict(letter[4])
            if jets.get(token, 0) > (letter[2] == "ham"):
                jets[token] -= 1
                kept = tuple(sorted((t, k) for t, k in jets.items() if k))
                yield (*word[:place], (*letter[:4], kept, letter[5]), *word[place + 1 :])
        elif letter[0] == "dd" and len(letter[2]) == 1:
            yield (*word[:place], ("f", letter[1]), *word[place + 1 :])
        elif letter[0] == "f":
            for k, basic in enumerate(letter[1]):
                if basic[0] == "fun":
                    for slot, argument in enumerate(basic[3]):
                        if argument == ("coord", token) and basic[2][slot] > 0:
                            less = tuple(o - (j == slot) for j, o in enumerate(basic[2]))
                            profile = (*letter[1][:k], (*basic[:2], less, *basic[3:]), *letter[1][k + 1 :])
                            yield (*word[:place], ("f", profile), *word[place + 1 :])


def initial_value(problem: Problem, claim: Term, hbar: str, initial: list[tuple[str, Term]]) -> Body | None:
    """The claim X = 0 from d_t X (+ (i/hbar)[H, X]) = 0 and X = 0 at the value of t that an initial condition names."""
    for token, value in initial:
        try:
            start = combine(problem, ("at", claim, token, value))
        except KernelError:
            continue
        if start is None:
            continue
        hamiltonian: Term = ("ham", problem.frame.name, problem.frame.coords)
        for flow in ("", hbar) if hbar else ("",):
            change: Term = ("d", token, claim)
            if flow:
                rate = ("prod", ("i",), ("pow", ("par", flow), -1), ("comm", hamiltonian, claim))
                change = ("sum", change, rate)
            try:
                steps = combine(problem, change)
            except KernelError:
                continue
            if steps is not None:
                return {"steps": steps, "closing": ["initial value", token, value, flow, start]}
    return None


def initial_conditions(problem: Problem, claim: Term) -> list[tuple[str, Term]]:
    """The times that a premise about the claim's operators, or the claim itself, holds at a value; and the times up to which the
    claim integrates what is not given as a function of the time, with the time from which it does."""
    speaks_of = {part[1] for part in walk(problem.rewritten(claim)) if part[0] == "op"}
    found: dict[tuple[str, Term], None] = {}
    for term in (*(sub(*equation) for equation in problem.premises), claim):
        if term == claim or speaks_of & {part[1] for part in walk(term) if part[0] == "op"}:
            found |= {(part[2], part[3]): None for part in walk(term) if part[0] == "at"}
    for part in walk(claim):
        if part[0] == "int" and part[3][0] == "coord" and part[3][1].startswith("time:") and _is_symbolic(part[4], part[1]):
            found[part[3][1], part[2]] = None
    bound = {part[1] for part in walk(claim) if part[0] == "int"}
    return [(token, value) for token, value in found if token not in coordinates_in(value) and not coordinates_in(value) & bound]


def _is_symbolic(body: Term, time: str) -> bool:
    """Whether an integral over the time stays a symbol: an operator is held at it, or a function stands at it."""
    held = (part[3] for part in walk(body) if part[0] == "at")
    return any(time in coordinates_in(term) for term in (*held, *(part for part in walk(body) if part[0] == "fun")))


def commutant(problem: Problem, claim: tuple[Term, Term]) -> Iterator[Body]:
    """The claim X = f(H) with f new, from each premise that might say [X, H] = 0."""
    lhs, rhs = claim
    lhs = lhs[-1] if lhs[0] == "prod" else lhs
    functions = [part for part in walk(rhs) if part[0] == "fun"]
    if lhs[0] != "op" or len(functions) != 1 or functions[0][1] not in problem.fresh:
        return
    for k in sorted(problem.usable):
        if any(part == lhs for part in walk(sub(*problem.premises[k]))):
            yield {"steps": [], "closing": ["commutant", k, functions[0][1]]}


def as_json(body: Body) -> Body:
    """The body with its terms as JSON lists."""

    def steps(items: list[Step]) -> list[Step]:
        return [
            {"premise": s["premise"], "moves": to_json(tuple(map(tuple, s["moves"]))), "factor": to_json(s["factor"])}
            for s in items
        ]

    closing = list(body["closing"])
    if closing[0] == "initial value":
        closing[4] = steps(closing[4])
    return {
        "steps": steps(body["steps"]),
        "closing": [to_json(part) if isinstance(part, tuple) else part for part in closing],
    }


def ways(problem: Problem, equation: tuple[Term, Term], modulo: str, simple: bool) -> Iterator[Callable[[], Body | None]]:
    """The ways to close a claim, each still to be tried: it may hold up to a total derivative, and levels may be simple."""
    claim = sub(*equation)
    yield partial(vanishing, problem, claim)
    if modulo:
        yield partial(total_derivative, problem, claim, modulo)
    if simple:
        for body in commutant(problem, equation):
            yield partial(_as_it_is, body)
    initial = initial_conditions(problem, claim)
    if initial:
        hbar = next((part[1] for part in _hbar_terms(problem)), "")
        yield partial(initial_value, problem, claim, hbar, initial)


def _as_it_is(body: Body) -> Body:
    return body


def speaks_of_what_moves(problem: Problem, claim: Term) -> bool:
    """Whether a premise d_x A = B is put in for d_x A, and the claim speaks of A."""
    moved = {part[:3] for k in problem.rewrites for part in walk(problem.premises[k][0]) if part[0] == "d" for part in walk(part)}
    spoken = {part[:3] for part in walk(problem.rewritten(claim)) if part[0] in ("op", "fun")}
    return bool(moved & spoken)


def _hbar_terms(problem: Problem) -> list[Term]:
    """The parameters that multiply a commutator's time derivative somewhere: candidates for hbar."""
    found: list[Term] = []
    for equation in problem.premises:
        if any(part[0] == "comm" for part in walk(sub(*equation))):
            found.extend(part for part in walk(sub(*equation)) if part[0] == "par")
    return found


__all__ = ["Body", "as_json", "commutant", "initial_value", "speaks_of_what_moves", "total_derivative", "vanishing", "ways"]
