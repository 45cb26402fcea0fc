"""What a derivation says of the fields in an evolution equation, found by the form of its other equations.

Carrier              a continuity equation d_x S + d_E(S W) = 0 of one field alone
Feeder               the equation of a field in which the source of another equation is linear
Positive field       S := Tr delta(E - H), not negative, and positive where an assumption says that it is not zero
Not negative         G := int C(s) ds over all s, C := <X X(s)>_E with X = d_x H plus numbers: the Wiener-Khinchin theorem,
                     G = (2 pi hbar/S) sum_nm |X_nm|^2 delta(E - E_n) delta(E_n - E_m)
Clock                the one parameter of dimension slow/time runs tau = eps t in an equation whose rate is in the fast time
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derive.audits.found import Found, evolution_of, links_of
from derive.derivation import Derivation
from derive.kernel import jets
from derive.kernel.errors import KernelError
from derive.kernel.evolution import carrier_of, split_linear
from derive.kernel.terms import Term, replace_term, walk
from derive.language import SLOW, TIME, ModuloPower, Nonzero, Parameter, choices_in, subexpressions
from derive.lower import lower
from derive.premises import link_name


@dataclass(frozen=True)
class Source:
    """The continuity equation that another audit may take as hypothesis."""

    name: str
    step: str
    field: str
    slow: str
    equation: tuple[Term, Term]


@dataclass(frozen=True)
class Feeder:
    """The equation of a field that stands in the source of another one."""

    name: str
    field: str
    time: str
    density: str
    equation: tuple[Term, Term]


@dataclass(frozen=True)
class Signs:
    """Fields that are positive or not negative, each with the reason."""

    positive: Mapping[str, str]
    nonnegative: Mapping[str, str]


def source_for(derivation: Derivation, found: Found, equations: tuple[Found, ...]) -> Source | None:
    """The continuity equation that this equation may use: of a field in it, among what it rests on first."""
    near = set(derivation.ancestors(found.step))
    mine = jets.fields_of(*found.equation)
    options = []
    for other in equations:
        if other.obstacle or other is found or other.energy != found.energy or other.unknown == found.unknown:
            continue
        try:
            carrier = carrier_of(evolution_of(other))
            jets.fields_of(*found.equation, *other.equation)
        except KernelError:
            continue
        if carrier.slow != found.time and not carrier.slow.startswith("slow:"):
            continue
        rank = (other.step not in near, other.unknown not in mine)
        options.append((rank, Source(other.label, other.step, carrier.field, carrier.slow, other.equation)))
    return min(options, key=lambda option: option[0])[1] if options else None


def feeder_for(derivation: Derivation, found: Found, equations: tuple[Found, ...], carrier: str) -> Feeder | None:
    """The equation of the field, not the carrier, in which the source is linear; among what the equation rests on first."""
    source = evolution_of(found).source
    near = set(derivation.ancestors(found.step))
    options = []
    for other in equations:
        if other.obstacle or other.unknown in (found.unknown, carrier) or other.energy != found.energy:
            continue
        try:
            jets.fields_of(*found.equation, *other.equation)
            parts, rest = split_linear(source, lambda v, name=other.unknown: v[0] == "jet" and v[1] == name, other.unknown)  # type: ignore[misc]
        except KernelError:
            continue
        e = evolution_of(other)
        if parts and not rest and not e.source:
            density = jets.text(e.weight * jets.variable(jets.jet(other.unknown)))
            options.append((other.step not in near, Feeder(other.label, other.unknown, other.time, density, other.equation)))
    return min(options, key=lambda option: option[0])[1] if options else None


def clock_of(derivation: Derivation, found: Found, slow: str) -> list[str] | None:
    """[t, tau, eps] for an equation whose rate is in a fast time."""
    if not found.time.startswith("time:"):
        return None
    names = sorted({p.name for step in derivation for p in subexpressions(step.claim) if _runs_slowly(p)})
    return [found.time, slow, names[0]] if len(names) == 1 and slow else None


def slow_of(found: Found) -> str:
    """The slow coordinate of the equation's fields, if there is one."""
    tokens = {c for coordinates in jets.fields_of(*found.equation).values() for c in coordinates if c.startswith("slow:")}
    return tokens.pop() if len(tokens) == 1 else ""


def _runs_slowly(part: Any) -> bool:
    return isinstance(part, Parameter) and part.dimension == SLOW / TIME


def small_of(found: Found, clock: list[str] | None) -> str | None:
    """The parameter whose powers order the right side: the clock's, or that of `modulo`."""
    present = {p[1] for side in found.equation for p in walk(side) if p[0] == "par"}
    if clock is not None and clock[2] in present:
        return clock[2]
    if isinstance(found.link.modulo, ModuloPower):
        name = str(found.link.modulo.args[0].name)
        return name if name in present else None
    return None


def signs_of(derivation: Derivation) -> Signs:
    """The fields whose sign a definition fixes."""
    nonzero = {}
    for assumption in derivation.assumptions:
        if isinstance(assumption.statement, Nonzero) and not choices_in(assumption.statement):
            term = lower(assumption.statement.args[0])
            if term[0] == "fun":
                nonzero[term[1]] = assumption.name
    positive: dict[str, str] = {}
    nonnegative: dict[str, str] = {}
    definitions = [(n, left, right) for n, left, right in _all_definitions(derivation)]
    for name, left, right in definitions:
        if right[0] == "tr" and right[1][0] == "delta" and right[1][1] == 0:
            if left[1] in nonzero:
                positive[left[1]] = f"{left[1]} > 0, by ({name}) a trace of a delta function, and by '{nonzero[left[1]]}'"
            else:
                nonnegative[left[1]] = f"{left[1]} >= 0, by ({name}) a trace of a delta function"
        if right[0] == "int" and (right[2], right[3]) == (("prod", ("num", "-1"), ("oo",)), ("oo",)):
            for inner, correlation, average in definitions:
                if correlation == right[4] and _is_autocorrelation(average, right[1]):
                    why = f"{left[1]} >= 0, by ({inner}) and ({name}) the integral of an autocorrelation"
                    nonnegative[left[1]] = why
    return Signs(positive, nonnegative)


def _all_definitions(derivation: Derivation) -> Iterator[tuple[str, Term, Term]]:
    for step, k, way, _, (left, right) in links_of(derivation):
        if step.role_of(step.links[k]) == "definition" and not way and left[0] == "fun" and not any(left[2]):
            yield link_name(step, k), left, right


def _is_autocorrelation(term: Term, time: str) -> bool:
    """Whether the term is <X X(s)> with X Hermitian: the flow leaves numbers alone, so it may stand on operators only."""
    if term[0] != "avg" or term[1][0] != "prod" or len(term[1]) != 3:
        return False
    still, moved = term[1][1:]
    flows = {part for part in walk(moved) if part[0] == "flow"}
    if len(flows) != 1 or any(part[0] == "flow" for part in walk(still)):
        return False
    (flow,) = flows
    hermitian = {p[0] for p in walk(still)} <= {"ham", "d", "sum", "num", "prod", "fun", "coord"}
    plain = all(p[0] != "prod" or sum(q[0] in ("ham", "d") for q in p[1:]) <= 1 for p in walk(still))
    numbers = all(a[0] == "coord" for p in walk(still) if p[0] == "fun" for a in p[3])
    return hermitian and plain and numbers and flow[2] == ("coord", time) and replace_term(moved, flow, flow[1]) == still
