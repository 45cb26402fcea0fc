"""Proposes evidence between smooth fields: a combination of the premises, or a point at which they hold and the claim not.

The kernel (kernel/smooth.py) reads the equations and decides; here multipliers are matched monomial by monomial, as in
linear.py, and points are drawn at random but for one derivative in each premise, which the premise then determines.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.kernel.calculus import Frame
from derive.kernel.errors import KernelError
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import Jets, Var, jet, to_data
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import Equation, rewritten
from derive.kernel.smooth import (
    Fields,
    derived,
    factors_of,
    key_of,
    orders_of,
    orders_up_to,
    read_all,
    value_at,
)
from derive.kernel.terms import Term, coordinates_in, to_json, walk
from derive.tactics.solve import combination

ATTEMPTS, ROUNDS, MOST_INSTANCES = 12, 3, 600


@dataclass(frozen=True)
class Question:
    """A claim between fields, its premises with their names, those used as definitions and those taken from the levels."""

    claim: Equation
    names: tuple[str, ...]
    premises: tuple[Equation, ...]
    rewrites: tuple[int, ...]
    levels: tuple[int, ...]
    nonzero: tuple[tuple[str, Term], ...]
    frame: Frame

    @property
    def energy(self) -> str:
        tokens = {t for side in self.claim for t in coordinates_in(side) if t.startswith("energy:")}
        return next(iter(tokens)) if len(tokens) == 1 else ""


def decide(asked: Question, refute: bool, certain: int) -> dict[str, Any] | None:
    """Sealed evidence that the claim follows, or (`refute`) that it fails; None where this tactic finds none.

    A point at which more than the premises hold refutes all the more: of what stands after the first `certain` premises, what
    speaks of fields is kept."""
    if not asked.energy:
        return None
    read = _readable(asked)
    if read is None:
        return None
    question, fields, residual, found = read
    if refute and any(found[k] is None for k in range(certain, len(found)) if k not in question.rewrites):
        kept = [k for k, p in enumerate(found) if k < certain or p is not None or k in question.rewrites]
        return decide(_only(question, kept), True, certain)
    usable = tuple((name, term) for name, term in question.nonzero if _variables(fields, question, term))
    question = replace(question, nonzero=usable)
    premises = {k: p for k, p in enumerate(found) if p is not None}
    definitions = [question.premises[k] for k in question.rewrites]
    sides = [fields.read(rewritten(side, definitions)) for side in question.claim]
    every = orders_up_to(orders_of(fields, residual, found))
    instances = [(k, orders, derived(fields, p, orders)) for k, p in premises.items() for orders in every]
    steps = None if refute else _combined(question, fields, residual, instances)
    if steps is None and not refute:
        return None
    needed = sorted({*question.rewrites, *(step[0] for step in steps or ())})
    if steps is not None and len(needed) < len(question.premises):
        return decide(_only(question, needed), False, certain)  # the point need obey no more than what is used
    for attempt in range(ATTEMPTS):
        values = _point(attempt, [p for _, _, p in instances], {v for p in [residual, *sides] for v in p.variables})
        if values is None:
            continue
        try:
            if steps is not None:
                return _trimmed(question, _evidence(question, values, steps=steps))
            witness = value_at(residual, values)
            if witness:
                return _sealed(_evidence(question, values, witness=witness))
        except KernelError:
            continue
    return None


def _only(question: Question, kept: list[int]) -> Question:
    place = {old: new for new, old in enumerate(kept)}
    return replace(
        question,
        names=tuple(question.names[k] for k in kept),
        premises=tuple(question.premises[k] for k in kept),
        rewrites=tuple(place[k] for k in question.rewrites if k in place),
        levels=tuple(place[k] for k in question.levels if k in place),
    )


def _readable(asked: Question) -> tuple[Question, Fields, Jets, list[Jets | None]] | None:
    """The question with as many of its definitions as can be put in; a symbol whose definition is no field stays a field."""
    endless = [k for k in asked.rewrites if any(part == ("oo",) for part in walk(asked.premises[k][1]))]
    for dropped in ([], endless, *([k] for k in asked.rewrites)):
        kept = tuple(k for k in asked.rewrites if k not in dropped and k not in asked.levels)
        question = replace(asked, rewrites=kept)
        try:
            read = read_all(asked.frame, asked.claim, list(asked.premises), list(kept), list(asked.levels), asked.energy)
        except KernelError:
            continue
        return question, *read
    return None


def _combined(question: Question, fields: Fields, residual: Jets, instances: list[Any]) -> list[Any] | None:
    """residual = sum of factor * derivative of a premise."""
    if not residual:
        return []
    free = {v for _, term in question.nonzero for v in _variables(fields, question, term)}
    steps: list[tuple[int, Any, Jets]] = []
    vectors: list[dict[Any, Gaussian]] = []
    frontier = set(residual.terms)
    for _ in range(ROUNDS):
        fresh: set[Any] = set()
        for k, orders, premise in instances:
            for factor in sorted(_ratios(frontier, premise, free), key=repr):
                step = (k, orders, Jets({factor: Gaussian(1)}))
                if step in steps or len(steps) >= MOST_INSTANCES:
                    continue
                made = step[2] * premise
                steps.append(step)
                vectors.append(dict(made.terms))
                fresh |= set(made.terms)
        found = combination(dict(residual.terms), vectors)
        if found is not None:
            return [[steps[n][0], steps[n][1], to_data(steps[n][2] * Jets({(): c}))] for n, c in found]
        frontier = fresh - frontier
    return None


def _variables(fields: Fields, question: Question, term: Term) -> set[Var]:
    try:
        value = fields.read(rewritten(term, [question.premises[k] for k in question.rewrites]))
    except KernelError:
        return set()
    return factors_of(value)


def _ratios(frontier: set[Any], premise: Jets, free: set[Var]) -> Iterator[Any]:
    seen = set()
    for wanted in frontier:
        for have in premise.terms:
            powers = dict(wanted)
            for v, k in have:
                powers[v] = powers.get(v, 0) - k
            ratio = tuple(sorted((v, k) for v, k in powers.items() if k))
            if all(k > 0 or v in free or v[0] == "par" for v, k in ratio) and ratio not in seen:
                seen.add(ratio)
                yield ratio


def _point(attempt: int, premises: list[Jets], others: set[Var]) -> dict[str, Fraction] | None:
    """Values of every variable at which the premises vanish, each solved for one derivative; None where this draw has none."""
    rng = random.Random(attempt)

    def drawn(v: Var) -> Fraction:
        return Fraction(rng.choice((1, 2, 3, 5)) if _positive(v) else rng.choice((-3, -2, -1, 1, 2, 3)))

    values: dict[Var, Fraction] = {}
    for p in sorted((p for p in premises if p), key=lambda p: max((_order(v), repr(v)) for v in p.variables)):
        unknown = [v for v in p.variables if v not in values]
        linear = [v for v in unknown if not _positive(v) and all(k == 1 for m in p.terms for w, k in m if w == v)]
        pivot = max(linear, key=lambda v: (_order(v), rng.random()), default=None)
        for v in unknown:
            if v != pivot:
                values[v] = drawn(v)
        slope, rest = Gaussian(0), Gaussian(0)
        for monomial, c in p.terms.items():
            for v, k in monomial:
                if v != pivot:
                    if k < 0 and not values[v]:
                        return None
                    c = c * Gaussian(values[v] ** k)
            slope, rest = (slope + c, rest) if any(v == pivot for v, _ in monomial) else (slope, rest + c)
        if pivot is None:
            if rest:
                return None
            continue
        solution = -rest * slope.inverse() if slope else Gaussian(0)
        if (rest and not slope) or solution.im:
            return None
        values[pivot] = solution.re if slope else drawn(pivot)
    for v in sorted(others):
        values.setdefault(v, drawn(v))
    return {key_of(v): value for v, value in values.items()}


def _order(v: Var) -> int:
    return sum(k for _, k in v[2]) if v[0] == "jet" else 0


def _positive(v: Var) -> bool:
    return v[0] == "par" or v == jet("Sigma")


def _evidence(
    question: Question, values: dict[str, Fraction], steps: Any = None, witness: Gaussian | None = None
) -> dict[str, Any]:
    return {
        "kind": "fields",
        "answer": "follows" if witness is None else "fails",
        "hamiltonian": [question.frame.name, list(question.frame.coords)],
        "energy": question.energy,
        "claim": [to_json(side) for side in question.claim],
        "premises": [
            {"name": name, "equation": [to_json(side) for side in equation]}
            for name, equation in zip(question.names, question.premises, strict=True)
        ],
        "rewrites": list(question.rewrites),
        "levels": list(question.levels),
        "nonzero": [{"name": name, "term": to_json(term)} for name, term in question.nonzero],
        "steps": steps or [],
        "values": {name: str(value) for name, value in sorted(values.items())},
        **({} if witness is None else {"witness": witness.pair()}),
    }


def _sealed(evidence: dict[str, Any]) -> dict[str, Any]:
    made = sealed(evidence)
    replay(made)
    return made


def _trimmed(question: Question, evidence: dict[str, Any]) -> dict[str, Any]:
    """The same evidence without the premises and nonzero scalars that it does not need."""
    best = _sealed(evidence)
    for place in [*reversed(range(len(question.premises)))] * 2:
        if place >= len(best["premises"]) or any(step[0] == place for step in best["steps"]):
            continue
        shorter = _without(best, place)
        try:
            best = _sealed(shorter)
        except KernelError:
            continue
    for entry in list(best["nonzero"]):
        try:
            best = _sealed({**best, "nonzero": [other for other in best["nonzero"] if other != entry]})
        except KernelError:
            continue
    return best


def _without(evidence: dict[str, Any], place: int) -> dict[str, Any]:
    def moved(k: int) -> int:
        return k - (k > place)

    return {
        **evidence,
        "premises": [p for k, p in enumerate(evidence["premises"]) if k != place],
        "rewrites": [moved(k) for k in evidence["rewrites"] if k != place],
        "levels": [moved(k) for k in evidence["levels"] if k != place],
        "steps": [[moved(k), orders, factor] for k, orders, factor in evidence["steps"]],
    }
