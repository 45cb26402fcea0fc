"""The second checker: replays stored evidence on exact finite models, apart from the kernel.

A certificate says that residual(claim) = sum of factor x rules(residual(premise)) identically.  Here both sides are evaluated
on random models over the field of 2^61 - 1 elements with a root of -1 added: levels, matrix elements and values of functions are
drawn at random, so that by Schwartz and Zippel a combination that vanishes there and not identically, of degree d, has a chance
of at most d/2^61 at each element of each draw.  A model or a countermodel is evaluated with its own numbers, over the rationals.

Nothing of the kernel is used, neither its normal forms nor its evaluator: definitions are not rewritten but evaluated, the basis
is fixed and not moving, and E sits at points.  What this checker cannot evaluate it says so of, by name: that is no agreement.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.second.conditions import (
    refuse_commutant,
    refuse_divisions,
    refuse_expanded,
    refuse_model,
    refuse_steps,
    refuse_unnamed,
)
from derive.second.evaluate import Evaluator, Model, Result, Term
from derive.second.fields import check_fields
from derive.second.germs import Disagrees, Germs, NoMeaning
from derive.second.loops import check_loop
from derive.second.moves import FLOW_ORDER, bounds, frozen, in_reach, moved, parts, running, walk
from derive.second.numbers import PRIME, RATIONAL, Field, Number
from derive.second.reading import definition_of, divides, energies_in, equation_of, labellings, labels_in, less, slow_time

DRAWS, SIZE = 2, 3
Flat = dict[Any, Number]  # row, column, marks, powers -> number
GENERIC = 3  # generic energies, in between the points at which something happens


@dataclass(frozen=True)
class Shown:
    """What was looked at: how many values were found to vanish, or not to."""

    values: int


def digest(evidence: Any) -> str:
    """The SHA-256 of the canonical JSON of everything but the digest itself."""
    body = {key: value for key, value in evidence.items() if key != "digest"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def replay_second(evidence: Any) -> Shown:
    """Disagrees where the evidence is refuted, NoMeaning where this checker cannot say."""
    if not isinstance(evidence, dict) or not isinstance(evidence.get("kind"), str):
        raise Disagrees("expected an object with a kind")
    if evidence.get("digest") != digest(evidence):
        raise Disagrees("the digest does not belong to these bytes")
    match evidence["kind"]:
        case "all":
            return Shown(sum(replay_second(part).values for part in evidence["parts"]))
        case "certificate":
            shown = _certificate(evidence)
            return Shown(shown.values + replay_second(evidence["model"]).values) if evidence.get("model") else shown
        case "model" | "countermodel":
            return _model(evidence)
        case "fields":
            return Shown(check_fields(evidence, vanishes_on_levels))
        case "loop":
            return Shown(check_loop(evidence))
    raise NoMeaning(f"evidence of the kind {evidence['kind']!r}")


# Certificates ----------------------------------------------------------------------------------------


def _certificate(data: Any) -> Shown:
    claim, premises = equation_of(data["claim"]), [equation_of(p["equation"]) for p in data["premises"]]
    definitions = [definition_of(premises[k]) for k in data["rewrites"]]
    slow = slow_time(data["hamiltonian"])
    residual = less(*claim)
    closing = data["closing"]
    steps = [*data["steps"], *(closing[4] if closing[0] == "initial value" else [])]
    refuse_steps(steps, premises)
    used = [frozen(step["factor"]) for step in steps]
    used += [frozen(move[-1]) for step in steps for move in step["moves"] if move[0] in ("left", "right", "function", "operator")]
    used += [side for step in steps for side in premises[step["premise"]]] + [body for _, body in definitions]
    refuse_divisions(data, [residual, *used])
    refuse_unnamed(data["hamiltonian"], [residual, *used, *(_combined(residual, [step], premises) for step in steps)])
    match closing:
        case ["vanishes"]:
            return _vanishes([_combined(residual, data["steps"], premises)], definitions, slow)
        case ["derivative", token, total]:
            if data["modulo"] != ["derivative", token]:
                raise Disagrees("the claim does not allow itself a total derivative")
            return _vanishes([_combined(less(residual, ("d", token, frozen(total))), data["steps"], premises)], definitions, slow)
        case ["initial value", token, value, flow, initial]:
            change: Term = ("d", token, residual)
            if flow:
                hamiltonian = ("ham", data["hamiltonian"][0], frozen(data["hamiltonian"][1]))
                rate = ("prod", ("i",), ("pow", ("par", flow), -1), ("comm", hamiltonian, residual))
                change = ("sum", change, rate)
            start = _combined(("at", residual, token, frozen(value)), initial, premises)
            first = _vanishes([_combined(change, data["steps"], premises)], definitions, slow)
            return Shown(first.values + _vanishes([start], definitions, slow).values)
        case ["commutant", place, function]:
            return _commutant(claim, premises[place], premises, function, data, definitions, slow)
    raise NoMeaning(f"the closing {data['closing'][0]!r}")


def _combined(residual: Term, steps: Any, premises: list[tuple[Term, Term]]) -> Term:
    terms = [residual]
    for step in steps:
        after = moved(less(*premises[step["premise"]]), step["moves"], premises)
        terms.append(("prod", ("num", "-1"), frozen(step["factor"]), after))
    return ("sum", *terms)


def _vanishes(terms: list[Term], definitions: list[tuple[Term, Term]], slow: str) -> Shown:
    seen = 0
    for draw in range(DRAWS):
        for term in terms:
            for value in values_of(term, SIZE, definitions, slow, PRIME, drawn(draw), {}):
                seen += 1
                if value:
                    raise Disagrees("on a random model the combination does not vanish")
    if not seen:
        raise NoMeaning("nothing could be evaluated")
    return Shown(seen)


def _commutant(claim: Any, premise: Any, premises: Any, function: str, data: Any, definitions: Any, slow: str) -> Shown:
    """A premise c [X, H] = 0 with c a number: then, levels being simple, X is a function of H, for which a new name is free."""
    lhs, rhs = claim
    letters = [part for part in walk(lhs) if part[0] == "op"]
    names = [part for part in walk(rhs) if part[0] == "fun"]
    spoken = {part[1] for equation in premises for side in equation for part in walk(side) if part[0] == "fun"}
    if len(letters) != 1 or len(names) != 1 or names[0][1] != function or function in spoken or not data["simple"]:
        raise Disagrees("the claim does not name the function of H that an operator is by a new name")
    if any(names[0][2]) or [a[0] for a in names[0][3]].count("ham") != 1:
        raise Disagrees("the new function does not stand at the Hamiltonian")
    refuse_commutant(letters[0], names[0], data["hamiltonian"])
    hamiltonian = ("ham", data["hamiltonian"][0], frozen(data["hamiltonian"][1]))
    seen = 0
    for draw in range(DRAWS):
        pairs = [
            list(values_of(term, SIZE, definitions, slow, PRIME, drawn(draw), {}))
            for term in (("comm", letters[0], hamiltonian), less(*premise))
        ]
        ratios = set()
        for x, y in zip(*pairs, strict=True):
            if x.keys() != y.keys():
                raise Disagrees("the premise does not say that the operator commutes with the Hamiltonian")
            ratios |= {PRIME.mul(y[key], PRIME.inverse(x[key])) for key in x}
        if len(ratios) != 1:
            raise Disagrees("the premise does not say that the operator commutes with the Hamiltonian")
        seen += len(pairs[0])
    return Shown(seen)


def vanishes_on_levels(term: Term, definitions: list[tuple[Term, Term]], slow: str) -> bool:
    """Whether a term vanishes on random models, at every level that it may speak of."""
    for draw in range(DRAWS):
        for labels in labellings(term, SIZE):
            if any(values_of(term, SIZE, definitions, slow, PRIME, drawn(draw), labels)):
                return False
    return True


# Models ----------------------------------------------------------------------------------------------


def _model(data: Any) -> Shown:
    """The premises hold, and the claim holds or fails; with two fillings of whatever the model does not say, so that what
    depends on it shows."""
    first, second = (_on_model(data, filling) for filling in (0, 1))
    if first.residual != second.residual:
        raise NoMeaning("the value of the claim depends on what the model does not say")
    if (data["kind"] == "countermodel") != any(first.residual):
        said = "holds" if data["kind"] == "countermodel" else "does not hold"
        raise Disagrees(f"the claim {said} on the model")
    return Shown(first.seen + second.seen)


@dataclass(frozen=True)
class _Looked:
    residual: list[Flat]
    seen: int


def _on_model(data: Any, filling: int) -> _Looked:
    claim, premises = equation_of(data["claim"]), [equation_of(p["equation"]) for p in data["premises"]]
    definitions = [definition_of(premises[k]) for k in data["rewrites"]]
    slow, size = slow_time(data["hamiltonian"]), int(data["size"])
    stored = {str(key): (Fraction(v[0]), Fraction(v[1])) for key, v in data["values"].items()}
    refuse_model(data, stored, premises)
    refuse_unnamed(data["hamiltonian"], [*claim, *(side for equation in premises for side in equation)])
    seen = 0
    derived = [str(token) for token in data.get("derived", ())]
    if data["kind"] == "countermodel":
        refuse_expanded(claim, premises, definitions)
    asked = [k for k in range(len(premises)) if k not in data["rewrites"]]
    forms = [(k, moved(less(*premises[k]), moves, premises)) for k in asked for moves in data["premises"][k]["forms"]]
    alone = {time for _, term in forms for time in _by_itself(term)} if data["kind"] == "countermodel" else set()
    times = sorted({*derived, *alone})
    for k, form in forms:
        for term in _along(form, times):
            free = {part[1] for part in walk(term) if part[0] in ("fun", "op") and part[-1]}
            for labels in labellings(term, size):
                look = Stored(stored, free, filling)
                for value in values_of(term, size, definitions, slow, RATIONAL, look, labels):
                    seen += 1
                    if value and look.unsaid:
                        raise NoMeaning(f"premise {data['premises'][k]['name']} depends on {look.unsaid[0]}, which is not said")
                    if value:
                        raise Disagrees(f"premise {data['premises'][k]['name']} does not hold on the model")
    residual = _along(less(*claim), derived)[-1]
    found: list[Flat] = []
    own = {str(k): int(v) for k, v in data["labels"].items()}
    for labels in [own] if data["kind"] == "countermodel" else labellings(residual, size):
        found += values_of(residual, size, definitions, slow, RATIONAL, Stored(stored, set(), filling), labels)
    return _Looked(found, seen + len(found))


def _by_itself(term: Term, bound: frozenset[str] = frozenset()) -> set[str]:
    """The times that stand in a premise by themselves, as tau does in H = H0 + tau V: what stands beside them is told by the
    derivatives of the premises alone."""
    if term[0] == "coord":
        return {term[1]} - bound if not term[1].startswith("energy:") else set()
    inner = tuple(part for part in parts(term) if term[0] != "fun" or part[0] != "coord")
    bound = bound | {term[1]} if term[0] == "int" else bound
    return {time for part in inner for time in _by_itself(part, bound)}


def _along(term: Term, times: list[str]) -> list[Term]:
    """A term, and the same differentiated in a time, unless it is held at a value of that time."""
    return [term, *(_slope(term, time) for time in times if _runs_along(term, time))]


def _slope(term: Term, time: str) -> Term:
    """The derivative of a sum, term by term."""
    if term[0] == "sum":
        return ("sum", *(_slope(part, time) for part in term[1:]))
    if term[0] == "prod" and all(part[0] in ("num", "i", "par") for part in term[1:-1]):
        return (*term[:-1], _slope(term[-1], time)) if len(term) > 1 else ("num", "0")
    return ("d", time, term)


def _runs_along(term: Term, time: str) -> bool:
    """Whether a term may change in a time."""
    if term[0] == "at" and term[2] == time:
        return False
    if term[0] in ("op", "ham"):
        return any(time in part for part in term[1:] if isinstance(part, tuple))
    return term == ("coord", time) or any(_runs_along(part, time) for part in parts(term))


# Values ----------------------------------------------------------------------------------------------


def values_of(
    term: Term,
    size: int,
    definitions: list[tuple[Term, Term]],
    slow: str,
    field: Field,
    look: Callable[[str], Number],
    labels: dict[str, int],
) -> Iterator[Flat]:
    """The value of a term with its free energy at every point at which something happens, and at generic ones."""
    g = Germs(field, bounds([term], definitions))
    runs = running(in_reach([term], definitions))
    free = sorted(energies_in(term))
    if len(free) > 1:
        raise NoMeaning("an equation in two energies")
    run = Evaluator(Model(size, slow, look, definitions, dict(labels) or dict.fromkeys(labels_in(term), 0)), g)
    if not free:
        yield _flat(g, run.value(term), runs)
        return
    token = free[0]
    singular = divides(term, definitions)
    done: set[Any] = set()
    for k in range(GENERIC):
        run.sites = {token: look(f"generic|{k}")}
        try:
            value = _flat(g, run.value(term), runs)
        except ZeroDivisionError:
            if not singular:
                raise
            continue  # between the levels a density of states is zero, and what divides by it is known at the levels only
        yield value
    while fresh := [spot for spot in run.spots if spot not in done]:
        for spot in fresh:
            done.add(spot)
            run.sites = {token: spot}
            value = run.value(term)
            yield _flat(g, value if isinstance(value, list) else g.at_level(value), runs)
    if not done and singular:
        raise NoMeaning("a division by what vanishes at every point")


def _flat(g: Germs, value: Result, runs: set[str]) -> Flat:
    """The numbers at the point of the model; of the powers of a time those that a flow makes run."""
    entries = (
        [((a, b), e) for a, row in enumerate(value) for b, e in enumerate(row)] if isinstance(value, list) else [((), value)]
    )
    most = [FLOW_ORDER if token in runs else 0 for token in g.tokens]
    found: Flat = {}
    for place, germ in entries:
        for (marks, powers), c in germ.items():
            if all(p <= m for p, m in zip(powers, most, strict=True)):
                if any(sort == "Q" and w not in (0, 1) for _, sort, w in marks):
                    raise NoMeaning("a product of deltas, or a division by one, is left over")
                found[place, marks, powers] = c
    return found


def drawn(draw: int) -> Callable[[str], Number]:
    """Numbers modulo 2^61 - 1 by key, the same for the same key; times start at 0."""

    def look(key: str) -> Number:
        if key.startswith("coord|time:"):
            return PRIME.zero
        rng = random.Random(f"{draw} {key}")
        real = key.split("|")[0] in ("level", "generic")
        return (rng.randrange(PRIME.modulus), 0 if real else rng.randrange(PRIME.modulus))

    return look


class Stored:
    """The numbers stored.  What is arbitrary, and what happens at generic energies, is drawn; so is what is not said, by name."""

    def __init__(self, stored: dict[str, Number], free: set[str], filling: int) -> None:
        self.stored, self.free, self.filling = stored, free, filling
        self.unsaid: list[str] = []

    def __call__(self, key: str) -> Number:
        if key in self.stored:
            return self.stored[key]
        kind, *rest = key.split("|")
        drawn_anew = kind == "generic" or "?" in key or (kind in ("fun", "op") and rest[0] in self.free)
        if not drawn_anew:
            self.unsaid.append(key)
        rng = random.Random(key if drawn_anew else f"{self.filling} {key}")
        return (Fraction(rng.randrange(-(10**6), 10**6), 997), Fraction(0))
