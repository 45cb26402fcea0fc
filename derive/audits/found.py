"""The evolution equations of a derivation, found by their form.

Evolution equation   an equation between fields, linear in a first derivative, in a time, of a field that has an energy.
                     Operators that a definition names (`u := <dH>`) are replaced by the name first.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from derive.derivation import Derivation, Step
from derive.kernel import jets
from derive.kernel.errors import KernelError, Unsupported
from derive.kernel.evolution import Evolution, carrier_of, evolution
from derive.kernel.jets import Chart
from derive.kernel.terms import Term, children, replace_term, walk
from derive.language import (
    Chain,
    Equation,
    LanguageError,
    choices_in,
    resolve,
)
from derive.lower import lower
from derive.premises import link_name

FIELD_HEADS = {"num", "i", "par", "coord", "sum", "prod", "pow", "d", "fun"}
SCALAR_HEADS = FIELD_HEADS | {"int", "at", "oo", "unprinted"}
MOST_ASSIGNMENTS = 16


@dataclass(frozen=True)
class Found:
    """One evolution equation: where it stands, its terms, what evolves, and the definitions that were used to read it.

    `obstacle` says why the equation could not be read, though it has a rate of change.
    """

    label: str
    step: str
    link: Equation
    assignment: tuple[tuple[str, str], ...]
    equation: tuple[Term, Term]
    time: str
    energy: str
    unknown: str
    definitions: tuple[str, ...] = ()
    obstacle: str = ""


def links_of(derivation: Derivation) -> Iterator[tuple[Step, int, dict[str, str], Equation, tuple[Term, Term]]]:
    """Every link of every step with its terms, its own choices decided in all ways (the first MOST_ASSIGNMENTS of them)."""
    for step in derivation:
        for k, way, link, terms in _decided_links(step.claim):
            yield step, k, dict(way), link, terms


@lru_cache(maxsize=256)  # deciding choices is what costs, and several questions need the same links
def _decided_links(claim: Equation | Chain) -> tuple[tuple[int, tuple[tuple[str, str], ...], Equation, tuple[Term, Term]], ...]:
    found = []
    for k, link in enumerate(claim.links):
        offered = choices_in(link)
        ways = itertools.product(*([(name, label) for label in labels] for name, labels in offered.items()))
        for way in itertools.islice(ways, MOST_ASSIGNMENTS):
            decided = resolve(link, dict(way))
            with contextlib.suppress(LanguageError):  # what the kernel has no head for is no evolution equation that it can read
                found.append((k, way, decided, (lower(decided.args[0]), lower(decided.args[1]))))
    return tuple(found)


def equations_of(derivation: Derivation) -> tuple[Found, ...]:
    """The evolution equations of a derivation, in order."""
    definitions = list(_definitions(derivation))
    drafts: list[tuple[Found, list[tuple[str, str]]]] = []
    for step, k, way, link, terms in links_of(derivation):
        if not any(part[0] in ("d", "fun") for side in terms for part in walk(side)):
            continue
        terms, used = _folded(terms, [d for d in definitions if d[0] != link_name(step, k)])
        heads = {part[0] for side in terms for part in walk(side)}
        candidates = list(dict.fromkeys(_rates(terms)))
        if not heads <= SCALAR_HEADS or not candidates:
            continue
        if heads <= FIELD_HEADS and not _has_rate(terms, candidates):
            continue
        suffix = "".join(f" [{name}: {label}]" for name, label in way.items())
        found = Found(
            link_name(step, k) + suffix, step.label, link, tuple(way.items()), terms, *_with_energy(terms, candidates[0]), used
        )
        drafts.append((found, candidates))
    alone = {found.unknown for found, candidates in drafts if len(candidates) == 1 and is_continuity(found)}
    return tuple(_decided(found, candidates, alone) for found, candidates in drafts)


def read_equation(equation: Equation, unknown: str = "") -> Found:
    """One equation by itself as an evolution equation, of a given field or of the first that has a rate; KernelError if none."""
    terms = (lower(equation.args[0]), lower(equation.args[1]))
    candidates = [c for c in dict.fromkeys(_rates(terms)) if unknown in ("", c[1])]
    if not candidates:
        raise Unsupported(f"no first derivative, in a time, of {unknown or 'a field that has an energy'}")
    found = Found("", "", equation, (), terms, *_with_energy(terms, candidates[0]))
    return _decided(found, candidates, set())


def _with_energy(terms: tuple[Term, Term], candidate: tuple[str, str]) -> tuple[str, str, str]:
    return candidate[0], _energy(terms, candidate[1]), candidate[1]


def _decided(found: Found, candidates: list[tuple[str, str]], alone: set[str]) -> Found:
    """What evolves is a field that has no continuity equation of its own elsewhere, if there is one; else the first written."""
    open_ones = [c for c in candidates if c[1] not in alone] or candidates
    obstacle = ""
    for time, unknown in open_ones:
        energy = _energy(found.equation, unknown)
        made = Found(**{**vars(found), "time": time, "unknown": unknown, "energy": energy})
        try:
            evolution_of(made)
        except KernelError as error:
            obstacle = obstacle or str(error)
        else:
            return made
    return Found(**{**vars(found), "obstacle": obstacle})


def evolution_of(found: Found) -> Evolution:
    """The parts of the equation, without any hypothesis."""
    chart = Chart(jets.fields_of(*found.equation))
    return evolution(found.equation, found.time, found.energy, found.unknown, chart)


def _has_rate(terms: tuple[Term, Term], candidates: list[tuple[str, str]]) -> bool:
    """Whether a rate is left when the two sides are subtracted; True where that cannot be told."""
    try:
        chart = Chart(jets.fields_of(*terms))
        residual = jets.read(terms[0], chart) - jets.read(terms[1], chart)
    except KernelError:
        return True
    return any(v[0] == "jet" and v[1] == name and jets.order_in(v, time) for v in residual.variables for time, name in candidates)


def is_continuity(found: Found) -> bool:
    """Whether the equation is d_x S + d_E(S W) = 0."""
    try:
        carrier_of(evolution_of(found))
    except KernelError:
        return False
    return True


def _rates(terms: tuple[Term, Term]) -> Iterator[tuple[str, str]]:
    """(time, field) for every field with an energy that is differentiated in a time, as it is written."""
    for side in terms:
        for part in _at_a_point(side):
            inside = [(part[1], p) for p in walk(part[2]) if p[0] == "fun"] if part[0] == "d" else []
            if part[0] == "fun":
                inside = [(a[1], part) for a, k in zip(part[3], part[2], strict=True) if k and a[0] == "coord"]
            for token, function in inside:
                coordinates = {a[1] for a in function[3] if a[0] == "coord"}
                is_time = token.partition(":")[0] in ("time", "slow")
                if is_time and token in coordinates and any(c.startswith("energy:") for c in coordinates):
                    yield token, str(function[1])


def _at_a_point(term: Term) -> Iterator[Term]:
    """The term and its subterms but for what stands under an integral over an energy."""
    if term[0] != "int" or not term[1].startswith("energy:"):
        yield term
        for child in children(term):
            yield from _at_a_point(child)


def _energy(terms: tuple[Term, Term], unknown: str) -> str:
    for side in terms:
        for part in walk(side):
            if part[0] == "fun" and part[1] == unknown:
                return next((str(a[1]) for a in part[3] if a[0] == "coord" and a[1].startswith("energy:")), "")
    return ""


def _definitions(derivation: Derivation) -> Iterator[tuple[str, Term, Term]]:
    """(name, field, what it is short for) for every definition of a field by operators."""
    for step, k, way, _, (left, right) in links_of(derivation):
        named = left[0] == "fun" and all(a[0] == "coord" for a in left[3]) and not way
        if step.role_of(step.links[k]) == "definition" and named and not {p[0] for p in walk(right)} <= SCALAR_HEADS:
            yield link_name(step, k), left, right


def _folded(terms: tuple[Term, Term], definitions: list[tuple[str, Term, Term]]) -> tuple[tuple[Term, Term], tuple[str, ...]]:
    """Every occurrence of what a definition is short for replaced by the field."""
    used: list[str] = []
    for name, left, right in definitions:
        changed = tuple(replace_term(side, right, left) for side in terms)
        if changed != terms:
            terms, used = (changed[0], changed[1]), [*used, name]
    return terms, tuple(used)
