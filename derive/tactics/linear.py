"""Proposes a certificate: the claim's residual as a sum of factors times rules applied to the premises' residuals.

Nothing is guessed about a particular equation.  Monomials of the target are matched against monomials of each premise; where
a premise's word stands inside a word of the target, the rest of that word is the context to multiply by, and the ratio of
the scalars is the factor.  Exact linear algebra then says whether some combination of these instances is the target; the
residue of a combination can be matched again, a few rounds deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.kernel.algebra import Expression, Scalars, Word, add_into, merge_profiles, merge_scalars
from derive.kernel.diagrams import NormalForm, normal_form
from derive.kernel.errors import KernelError
from derive.kernel.gaussian import Gaussian
from derive.kernel.rules import move
from derive.kernel.split import split_vector
from derive.kernel.tally import WORK
from derive.kernel.terms import Term, neg, sub
from derive.tactics.forms import AS_IT_IS, DERIVED, ENDING, Moves, endings, forms_of
from derive.tactics.polynomials import opened
from derive.tactics.problem import Problem
from derive.tactics.solve import combination
from derive.tactics.unparse import Unparser

MAX_CANDIDATES = 60
MAX_FRONTIER = 24
ROUNDS = 3

Step = dict[str, Any]


def residual_after(problem: Problem, steps: list[Step], claim: Term) -> Term:
    """The claim less the steps."""
    parts = [claim]
    for step in steps:
        term = sub(*problem.premises[step["premise"]])
        for rule in step["moves"]:
            term = move(term, rule, list(problem.premises))
        parts.append(neg(("prod", step["factor"], term)))
    return ("sum", *parts)


def combine(problem: Problem, claim: Term) -> list[Step] | None:
    """Steps that make the claim vanish, or None where this tactic finds none."""
    target = problem.expression(claim)
    goal = normal_form(target)
    if not goal or not split_vector([goal])[0]:
        return []
    search = _Search(problem, goal)
    spoken = endings(claim, *(side for k in problem.usable for side in problem.premises[k]))
    for search.how, search.last in ((AS_IT_IS, []), (DERIVED, []), *((ENDING, last) for last in spoken)):
        frontier = opened(target)
        for _ in range(ROUNDS):
            fresh = search.widen(frontier)
            found = _solved(goal, search.vectors)
            if found is not None:
                return [_weighted(problem, search.steps[k], c) for k, c in found]
            if not fresh or search.full:
                break
            frontier = dict(list(fresh.items())[:MAX_FRONTIER])
    return None


class _Search:
    """The instances of the premises gathered so far, with their normal forms."""

    def __init__(self, problem: Problem, goal: NormalForm) -> None:
        self.problem = problem
        self.known = set(goal)
        self.steps: list[Step] = []
        self.vectors: list[NormalForm] = []
        self.seen: set[Any] = set()
        self.end = WORK.count + problem.effort
        self.how = AS_IT_IS
        self.last: list[Moves] = []

    @property
    def full(self) -> bool:
        return len(self.steps) >= MAX_CANDIDATES or WORK.count > self.end

    def widen(self, frontier: Expression) -> Expression:
        """Adds the instances that touch the frontier; returns the monomials they bring in."""
        fresh: Expression = {}
        for step in _candidates(self, frontier):
            if self.full:
                break
            try:
                value = self.problem.expression(neg(residual_after(self.problem, [step], ("num", "0"))))
                vector = normal_form(value)
            except KernelError:
                continue
            if not vector:
                continue
            self.steps.append(step)
            self.vectors.append(vector)
            if any(key not in self.known for key in vector):
                self.known |= set(vector)
                add_into(fresh, {m: c for m, c in value.items() if m not in frontier})
        return fresh


def _solved(goal: NormalForm, vectors: list[NormalForm]) -> list[tuple[int, Gaussian]] | None:
    found = combination(goal, vectors)
    if found is not None or not vectors:
        return found
    try:
        first, *rest = split_vector([goal, *vectors])
    except KernelError:
        return None
    return combination(first, rest)


def _weighted(problem: Problem, step: Step, weight: Gaussian) -> Step:
    if weight == Gaussian(1):
        return step
    number = Unparser(problem.frame).number(weight)
    return {**step, "factor": ("prod", number, step["factor"])}


def _candidates(search: _Search, target: Expression) -> Iterator[Step]:
    problem, seen = search.problem, search.seen
    for place in sorted(problem.usable):
        for forms in forms_of(problem, place, target, search.how, search.last):
            term = sub(*problem.premises[place])
            try:
                for rule in forms:
                    term = move(term, rule, list(problem.premises))
                premise = problem.expression(term)
            except KernelError:
                continue
            WORK.count += len(premise) * len(target)
            if search.full:
                return
            for left, right, closed, ratio in _contexts(problem, premise, target):
                key = (place, repr(forms), left, right, closed, ratio)
                if key in seen:
                    continue
                seen.add(key)
                unparser = Unparser(problem.frame)
                try:
                    moves = _around(unparser, left, right) + ([["trace"]] if closed else [])
                    factor = ("prod", *unparser.scalars(ratio))
                except KernelError:
                    continue
                yield {"premise": place, "moves": [*forms, *moves], "factor": factor}


# contexts: where a premise's monomial stands inside a monomial of the target

Context = tuple[Word, Word, bool, Scalars]  # left, right, under a trace, factor


def _contexts(problem: Problem, premise: Expression, target: Expression) -> Iterator[Context]:
    for scalars_p, word_p in premise:
        for scalars_t, word_t in target:
            for left, right, closed, rest in _placed(word_p, scalars_t, word_t):
                ratio = _ratio(problem, rest, scalars_p)
                if ratio is not None:
                    yield left, right, closed, ratio


def _placed(word_p: Word, scalars_t: Scalars, word_t: Word) -> Iterator[Context]:
    if not word_p:
        yield word_t, (), False, scalars_t
        return
    for left, right in occurrences(word_t, word_p):
        yield left, right, False, scalars_t
    for place, (item, exponent) in enumerate(scalars_t):
        rest = merge_scalars(scalars_t[:place] + scalars_t[place + 1 :], ((item, exponent - 1),) if exponent > 1 else ())
        if item[0] == "tr" and exponent > 0:
            for turn in range(max(1, len(item[1]))):
                turned = item[1][turn:] + item[1][:turn]
                for left, right in occurrences(turned, word_p):
                    if not left or (left[0][0] == "f" and len(left) == 1):
                        yield (), rotated_together(right, left), True, rest
        elif item[0] == "elem" and exponent == 1:
            for left, right in occurrences(item[2], word_p):
                yield (("bra", item[1]), *left), (*right, ("ket", item[3])), False, rest


def rotated_together(right: Word, left: Word) -> Word:
    """Under a trace, what stood on the left may stand at the end of what stands on the right."""
    if right and left and right[-1][0] == "f" and left[0][0] == "f":
        return (*right[:-1], ("f", merge_profiles(right[-1][1], left[0][1])), *left[1:])
    return (*right, *left)


def _around(unparser: Unparser, left: Word, right: Word) -> list[Any]:
    moves: list[Any] = []
    if left:
        moves.append(["left", ("prod", *unparser.word(left))])
    if right:
        moves.append(["right", ("prod", *unparser.word(right))])
    return moves


def occurrences(word: Word, inner: Word) -> Iterator[tuple[Word, Word]]:
    """(left, right) with word = left . inner . right; functions of H at the ends of `inner` may be part of a larger one."""
    for start in range(len(word) - len(inner) + 1):
        left: list[Any] = list(word[:start])
        right: list[Any] = list(word[start + len(inner) :])
        for k, letter in enumerate(inner):
            here = word[start + k]
            if letter == here:
                continue
            spare = _spare(here, letter)
            if spare is None or 0 < k < len(inner) - 1:
                break
            if k == len(inner) - 1:
                right.insert(0, ("f", spare))
            else:
                left.append(("f", spare))
        else:
            yield tuple(left), tuple(right)


def _spare(letter: Any, inner: Any) -> Any:
    """What is left of a function of H when a factor of it is taken out; None where it is no factor."""
    if letter[0] != "f" or inner[0] != "f":
        return None
    rest = list(letter[1])
    for basic in inner[1]:
        if basic not in rest:
            return None
        rest.remove(basic)
    return tuple(rest) or None


def _ratio(problem: Problem, target: Scalars, premise: Scalars) -> Scalars | None:
    """target / premise, where that is a product the kernel can multiply by."""
    ratio = merge_scalars(target, tuple((item, -k) for item, k in premise))
    if any(k < 0 and item[0] != "par" and item not in problem.invertible for item, k in ratio):
        return None
    if any(item[0] in ("sumover", "constant", "field") for item, _ in ratio):
        return None
    return ratio


__all__ = ["Problem", "Step", "combine", "occurrences", "residual_after"]
