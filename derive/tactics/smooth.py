"""Proposes evidence between smooth fields: a combination of the premises, or a point at which they hold and the claim not.

The kernel (kernel/smooth.py) reads the equations and decides; here the premises are solved for some of their variables
(elimination.py), and where that does not show the claim, multipliers are matched monomial by monomial, as in linear.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.kernel.at_point import value_at
from derive.kernel.ends import limits_at_rest
from derive.kernel.errors import KernelError, TooLarge
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import ZERO, Jets, Var, to_data
from derive.kernel.prolongation import orders_of, prolonged
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import rewritten
from derive.kernel.smooth import (
    Read,
    Setting,
    factors_of,
    read_all,
    witness_at,
)
from derive.kernel.tally import WORK
from derive.kernel.terms import Term, to_json, walk
from derive.kernel.times import INFINITE
from derive.tactics.elimination import Elimination, GaveUp, Instance
from derive.tactics.points import EFFORT, pairs_of_points, points
from derive.tactics.solve import combination

ROUNDS, MOST_INSTANCES, MOST_READINGS = 3, 600, 3


@dataclass(frozen=True)
class Question:
    """A claim between fields and its premises, with the premises' names and the scalars that one may divide by."""

    setting: Setting
    names: tuple[str, ...]
    nonzero: tuple[tuple[str, Term], ...]


def decide(asked: Question, refute: bool) -> dict[str, Any] | None:
    """Sealed evidence that the claim follows, or (`refute`) that it fails; None where this tactic finds none."""
    if not asked.setting.energy:
        return None
    if not refute and asked.setting.rewrites and asked.setting.power is None:
        bare = replace(asked, setting=replace(asked.setting, rewrites=()))  # what follows whatever the symbols stand for
        shown = decide(bare, False)
        if shown is not None and _lives(asked, {p["name"] for p in shown["premises"]}):
            return shown
    for question, read in itertools.islice(_readings(asked, refute), MOST_READINGS if refute else 1):
        evidence = _decided(question, read, refute)
        if evidence is not None:
            return evidence
    return None


def _decided(question: Question, read: Read, refute: bool) -> dict[str, Any] | None:
    usable = tuple((name, term) for name, term in question.nonzero if _variables(read, question, term))
    question = replace(question, nonzero=usable)
    orders = orders_of(read.fields, read.residual, read.premises, refute)
    held = [(k, p) for k, p in enumerate(read.premises) if p]
    try:
        instances = [((k, derivatives), made) for k, p in held for derivatives, made in prolonged(read.fields, p, orders)]
        if refute:
            instances = [(key, part) for key, made in instances for part in question.setting.orders(key[0], made) if part]
            resting = limits_at_rest(read.fields, [p for _, p in held])
            instances += [((-1, derivatives), made) for p in resting for derivatives, made in prolonged(read.fields, p, orders)]
    except TooLarge:
        return None
    instances.sort(key=lambda one: (sum(n for _, n in one[0][1]), one[0]))
    return _refuted(question, read, instances) if refute else _shown(question, read, instances)


def _lives(asked: Question, used: set[str]) -> bool:
    """Whether what was used can hold, and the claim not for nothing, once the symbols stand for what the definitions say.  Where
    that is no equation between fields, the definitions say nothing here."""
    kept = [k for k, name in enumerate(asked.names) if name in used or k in asked.setting.rewrites]
    found = next(_readings(_only(asked, kept), False), None)
    if found is None:
        return True
    _, read = found
    orders = orders_of(read.fields, read.residual, read.premises, False)
    held = [(k, p) for k, p in enumerate(read.premises) if p]
    instances = [((k, derivatives), made) for k, p in held for derivatives, made in prolonged(read.fields, p, orders)]
    terms = [Jets({m: c}) for side in read.sides for m, c in side.terms.items()]
    for values in points(read, instances):
        try:
            if not any(value_at(p, values) for _, p in instances) and any(value_at(term, values) for term in terms):
                return True
        except KernelError:
            continue
    return False


def _shown(question: Question, read: Read, instances: list[Instance]) -> dict[str, Any] | None:
    steps = _steps(question, read, instances)
    if steps is None:
        return None
    setting = question.setting
    needed = sorted({*setting.rewrites, *(step[0] for step in steps), *([setting.series] if setting.series >= 0 else [])})
    if len(needed) < len(setting.premises):
        return decide(_only(question, needed), False)  # the point need obey no more than what is used
    for values in points(read, instances):
        try:
            return _trimmed(question, _evidence(question, values, steps=steps))
        except KernelError:
            continue
    return None


def _refuted(question: Question, read: Read, instances: list[Instance]) -> dict[str, Any] | None:
    for values, elsewhere in pairs_of_points(read, instances):
        try:
            witness = witness_at(read.residual, question.setting.power, values)
            if witness:
                return _sealed(_evidence(question, values, witness=witness, elsewhere=elsewhere))
        except KernelError:
            continue
    return None


def _only(question: Question, kept: list[int]) -> Question:
    place = {old: new for new, old in enumerate(kept)}
    setting = question.setting
    return replace(
        question,
        names=tuple(question.names[k] for k in kept),
        setting=replace(
            setting,
            premises=tuple(setting.premises[k] for k in kept),
            rewrites=tuple(place[k] for k in setting.rewrites if k in place),
            levels=tuple(place[k] for k in setting.levels if k in place),
            series=place.get(setting.series, -1),
        ),
    )


def _readings(asked: Question, refute: bool) -> Iterator[tuple[Question, Read]]:
    """The question with as many of its definitions as can be put in; a symbol whose definition is no field stays a field.  A
    point is sought first with what is integrated without end left alone: the fewer symbols are spelled out, the shorter the
    equations."""
    premises, rewrites = asked.setting.premises, asked.setting.rewrites
    endless = [k for k in rewrites if any(_is_endless(part) for part in walk(premises[k][1]))]
    names = {part[1] for k in endless for part in walk(premises[k][1]) if part[0] == "fun"}
    inside = [k for k in rewrites if premises[k][0][0] == "fun" and premises[k][0][1] in names]
    left_alone = [[*endless, *inside]] if refute and endless else []
    tried: set[tuple[int, ...]] = set()
    for dropped in (*left_alone, [], endless, *([k] for k in rewrites), *([*endless, k] for k in rewrites if endless)):
        kept = tuple(k for k in rewrites if k not in dropped and k not in asked.setting.levels)
        if kept in tried:
            continue
        tried.add(kept)
        setting = replace(asked.setting, rewrites=kept)
        try:
            read = read_all(setting, refute)
        except KernelError:
            continue
        yield replace(asked, setting=setting), read


def _is_endless(part: Term) -> bool:
    return part[0] == "int" and part[1].startswith("time:") and any(end in INFINITE for end in part[2:4])


def _invertible(question: Question, read: Read) -> set[Var]:
    return {v for _, term in question.nonzero for v in _variables(read, question, term)}


def _variables(read: Read, question: Question, term: Term) -> set[Var]:
    try:
        return factors_of(read.fields.read(rewritten(term, question.setting.definitions)))
    except KernelError:
        return set()


def _steps(question: Question, read: Read, instances: list[Instance]) -> list[Any] | None:
    """Multipliers with residual = sum of multiplier * instance: the premises are solved one after the other, and what is left of
    the residual is matched against those that fix no variable."""
    power, free = question.setting.power, _invertible(question, read)
    made = Elimination(frozenset(free), WORK.count + EFFORT)
    try:
        made.add(instances)
        made.settle()
        rest, used = made.reduced(read.seen(read.residual, power))
    except (GaveUp, KernelError):
        return None
    matched = _matched(read, power, read.seen(rest, power), [p for p, _ in made.unsolved], free, made.end)
    if matched is None:
        return None
    for number, factor in matched:
        for place, multiplier in made.unsolved[number][1].items():
            used[place] = used.get(place, ZERO) + factor * multiplier
    return [[k, [list(pair) for pair in orders], to_data(factor)] for (k, orders), factor in sorted(used.items()) if factor]


def _matched(
    read: Read, power: tuple[str, int] | None, residual: Jets, premises: list[Jets], free: set[Var], end: int
) -> list[tuple[int, Jets]] | None:
    """residual = sum of factor * premise, by matching monomials of the residual against those of each premise, a few rounds
    deep."""
    if not residual:
        return []
    steps: list[tuple[int, Any]] = []
    seen: set[Any] = set()
    vectors: list[dict[Any, Gaussian]] = []
    frontier = set(residual.terms)
    for _ in range(ROUNDS):
        fresh: set[Any] = set()
        for number, premise in enumerate(premises):
            for factor in sorted(_ratios(frontier, premise, free), key=repr):
                if (number, factor) in seen or len(steps) >= MOST_INSTANCES:
                    continue
                if WORK.count > end:
                    return None
                seen.add((number, factor))
                made = read.seen(Jets({factor: Gaussian(1)}) * premise, power)
                steps.append((number, factor))
                vectors.append(dict(made.terms))
                fresh |= set(made.terms)
        found = combination(dict(residual.terms), vectors)
        if found is not None:
            return [(steps[n][0], Jets({steps[n][1]: c})) for n, c in found]
        frontier = fresh - frontier
    return None


def _ratios(frontier: set[Any], premise: Jets, free: set[Var]) -> Iterator[Any]:
    seen = set()
    WORK.count += len(frontier) * len(premise.terms)
    for wanted in frontier:
        for have in premise.terms:
            powers = dict(wanted)
            for v, k in have:
                powers[v] = powers.get(v, 0) - k
            ratio = tuple(sorted((v, k) for v, k in powers.items() if k))
            if all(k > 0 or v in free or v[0] == "par" for v, k in ratio) and ratio not in seen:
                seen.add(ratio)
                yield ratio


# evidence


def _evidence(
    question: Question,
    values: dict[str, Fraction],
    steps: Any = None,
    witness: list[str] | None = None,
    elsewhere: dict[Fraction, dict[str, Fraction]] | None = None,
) -> dict[str, Any]:
    setting = question.setting
    return {
        "kind": "fields",
        "answer": "follows" if witness is None else "fails",
        "hamiltonian": [setting.frame.name, list(setting.frame.coords)],
        "energy": setting.energy,
        "claim": [to_json(side) for side in setting.claim],
        "premises": [
            {"name": name, "equation": [to_json(side) for side in equation]}
            for name, equation in zip(question.names, setting.premises, strict=True)
        ],
        "rewrites": list(setting.rewrites),
        "levels": list(setting.levels),
        "modulo": [] if setting.power is None else ["power", *setting.power],
        "series": setting.series,
        "nonzero": [{"name": name, "term": to_json(term)} for name, term in question.nonzero],
        "steps": steps or [],
        "values": _table(values),
        **({"elsewhere": {str(ratio): _table(table) for ratio, table in elsewhere.items()}} if elsewhere else {}),
        **({} if witness is None else {"witness": witness}),
    }


def _table(values: dict[str, Fraction]) -> dict[str, str]:
    return {name: str(value) for name, value in sorted(values.items())}


def _sealed(evidence: dict[str, Any]) -> dict[str, Any]:
    made = sealed(evidence)
    replay(made)
    return made


def _trimmed(question: Question, evidence: dict[str, Any]) -> dict[str, Any]:
    """The same evidence without the premises and nonzero scalars that it does not need."""
    best = _sealed(evidence)
    for place in [*reversed(range(len(question.setting.premises)))] * 2:
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

    series = evidence["series"]
    return {
        **evidence,
        "premises": [p for k, p in enumerate(evidence["premises"]) if k != place],
        "rewrites": [moved(k) for k in evidence["rewrites"] if k != place],
        "levels": [moved(k) for k in evidence["levels"] if k != place],
        "series": -1 if series in (-1, place) else moved(series),
        "steps": [[moved(k), orders, factor] for k, orders, factor in evidence["steps"]],
    }
