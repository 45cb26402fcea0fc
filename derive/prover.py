"""Inference: does a link follow from what it cites?

    obligation -> proposals of the tactics -> kernel -> valid | conditional | invalid | undecided | not-applicable

A link is tried with its premises alone, then with the assumptions that the case lists.  Where no proposal is accepted, an exact
countermodel is sought: it must satisfy the premises and the assumptions and not the claim.  A step that follows once an earlier
equation is added that it does not cite, and that is itself established, is conditional on that missing citation.  That
nothing was found proves nothing: `undecided`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from derive.derivation import Derivation
from derive.evidence import certificate_of
from derive.findings import between_fields, refute_on_models, verdict_of
from derive.kernel import KernelError
from derive.kernel.certificate import Used
from derive.kernel.replay import replay, sealed
from derive.kernel.tally import WORK
from derive.kernel.terms import Term, sub, walk
from derive.language import LanguageError
from derive.obligations import (
    Obligation,
    assumed_for,
    obligation_of,
    symbolic_orders,
    uncited_before,
)
from derive.premises import (
    Premise,
    binds_the_ends,
    brought_in,
    choices_in_reach,
    first_definition,
    fixes_something_new,
    held_fixed,
    kernel_equation,
    link_name,
    never_exact,
    premises_of,
)
from derive.tactics import closings, models
from derive.tactics.problem import LARGE_EFFORT, SMALL_EFFORT, Problem
from derive.verdicts import Inference

IMPOSED = {
    "definition": "a definition fixes its symbol; there is nothing to infer",
    "postulate": "a postulate is laid down, not inferred",
    "ansatz": "an ansatz is tried, not inferred",
    "procedure": "a procedure is carried out, not inferred",
    "condition": "a condition that cites nothing is imposed, not inferred",
}
POSITIVE = ("valid", "conditional")
NUMBERED_ORDERS, HIGHEST_ORDER = 6, 12
MOST_EXCLUSIONS = 4  # how often a search is made again without the equations that turned out to be refuted

choices_of = choices_in_reach


def infer(derivation: Derivation, label: str, assignment: Mapping[str, str], *, seconds: float = 20.0) -> tuple[Inference, ...]:
    """The inference verdict of every link of a step under one assignment of the open choices.

    Searches are bounded by what they work out; `seconds` is for what takes longer even so."""
    deadline = time.monotonic() + seconds
    return tuple(_judge(derivation, label, k, assignment, deadline) for k in range(len(derivation[label].links)))


def infer_link(
    derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], *, seconds: float = 20.0
) -> Inference:
    """The inference verdict of one link alone."""
    return _judge(derivation, label, number, assignment, time.monotonic() + seconds)


def _judge(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], deadline: float) -> Inference:
    step = derivation[label]
    link = step.links[number]
    role = step.role_of(link)
    extra: list[Premise] = []
    try:
        if role == "definition":
            first = first_definition(derivation, label, number, assignment)
            if first is None and fixes_something_new(derivation, label, number, assignment):
                return _says_more(derivation, label, number, assignment, deadline) or Inference("not-applicable", IMPOSED[role])
            extra = [first] if first is not None else []
        elif role in ("postulate", "ansatz", "procedure") or (role == "condition" and not step.cites):
            return Inference("not-applicable", IMPOSED[role])
        premises = premises_of(derivation, label, number, assignment)
        obligation = obligation_of(derivation, label, number, assignment, [*extra, *premises])
    except (LanguageError, KernelError) as error:
        return Inference("undecided", str(error))
    orders = symbolic_orders(obligation.equation)
    assumed = assumed_for(derivation, label, role, assignment)
    if role != "condition":
        assumed = [premise for premise in assumed if not _circular(obligation, premise)]
    if orders:
        return _every_order(obligation, orders, assumed, deadline)
    found = _decide(obligation, assumed, deadline)
    if found.verdict in POSITIVE:
        return found
    shown = _with_missing_citations(derivation, label, assignment, obligation, assumed, deadline)
    if shown is None and found.verdict == "invalid":
        return _unless_unasked(derivation, label, assignment, obligation, deadline) or found
    return shown or found


def _unless_unasked(
    derivation: Derivation, label: str, assignment: Mapping[str, str], obligation: Obligation, deadline: float
) -> Inference | None:
    """Undecided, where a cited equation up to something is more than an identity and no model was asked for it."""
    known = {premise.name for premise in obligation.premises}
    for other, k in never_exact(derivation, label, assignment):
        found = _judge(derivation, other, k, assignment, deadline)
        if found.verdict != "valid" or not known.issuperset(found.premises):
            name = link_name(derivation[other], k)
            return Inference(
                "undecided", f"the rest does not give it, but ({name}), up to something, is asked of no model"
            )
    return None


def _says_more(
    derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], deadline: float
) -> Inference | None:
    """The verdict on a definition that speaks of a coordinate which what it fixes does not know: that the rest of it does not
    depend on it is a claim, which must follow like any other.  None where a definition only names."""
    symbols = brought_in(derivation, label, number, assignment)
    names = sorted({str(symbol[2][1] if symbol[0] == "d" else symbol[1]) for symbol in symbols})
    if len(names) > 1:
        return Inference("undecided", f"it brings in {', '.join(names)} and does not say which of them it fixes")
    equation = kernel_equation(derivation[label].links[number], assignment)
    for token in held_fixed(symbols, equation):
        asked = obligation_of(derivation, label, number, assignment, premises_of(derivation, label, number, assignment))
        asked = replace(asked, equation=(("d", token, sub(*equation)), ("num", "0")), fresh=frozenset())
        found = _decide(asked, assumed_for(derivation, label, "claim", assignment), deadline, witnessed=False)
        if found.verdict != "valid":
            what = f"it says more than what {names[0]} stands for: that it does not depend on {token.split(':')[1]}"
            return replace(
                found, reason=f"{what}, which {found.reason}" if found.verdict == "invalid" else f"{what}; {found.reason}"
            )
    return None


def _with_missing_citations(
    derivation: Derivation,
    label: str,
    assignment: Mapping[str, str],
    obligation: Obligation,
    assumed: list[Premise],
    deadline: float,
) -> Inference | None:
    """A certificate that also uses earlier equations which the step does not cite.  Such an equation must itself follow, and
    so must what it rests on: from what is refuted anything might be shown."""
    uncited = uncited_before(derivation, label, assignment)
    for _ in range(MOST_EXCLUSIONS):
        if not uncited or time.monotonic() > deadline:
            return None
        found = _shown_with(obligation, assumed, uncited, deadline)
        if found is None:
            return None
        used = {p.name for p in uncited if p.name in found.premises}
        refuted = {name for name in used if not _established(derivation, name, assignment, deadline)}
        if not refuted:
            return found
        uncited = [p for p in uncited if p.name not in refuted]
    return None


def _established(derivation: Derivation, name: str, assignment: Mapping[str, str], deadline: float) -> bool:
    """Whether an earlier link follows, and everything that its certificate uses does; what is laid down or assumed stands."""
    places = [(step.label, k) for step in derivation for k in range(len(step.links)) if link_name(step, k) == name]
    if not places:
        return True
    found = _judge(derivation, *places[0], assignment, deadline)
    if found.verdict not in POSITIVE:
        return found.verdict == "not-applicable"
    return all(_established(derivation, other, assignment, deadline) for other in found.premises if other != name)


# symbolic orders: j = 1, 2, ... is shown for each of the first and for a generic one


def _every_order(obligation: Obligation, orders: list[str], assumed: list[Premise], deadline: float) -> Inference:
    if len(orders) > 1:
        return Inference("undecided", "an equation with more than one symbolic order")
    from derive.kernel.rules import move

    parts: list[Inference] = []
    # explicit powers of a parameter are seen up to the highest of them; beyond it every order reads like the generic one
    spoken = [side for premise in obligation.premises for side in premise.equation]
    powers = [part[2] for side in spoken for part in walk(side) if part[0] == "pow"]
    highest = max([0, *powers]) + 1
    if highest > HIGHEST_ORDER:
        return Inference("undecided", f"an explicit power {highest - 1}: orders are judged one by one up to {HIGHEST_ORDER} only")
    for k in range(1, max(NUMBERED_ORDERS, highest) + 1):
        sides = tuple(move(side, ["index", orders[0], k], []) for side in obligation.equation)
        instance = replace(obligation, equation=(sides[0], sides[1]))
        parts.append(_decide(instance, assumed, deadline, witnessed=k == 1))
        if parts[-1].verdict not in ("valid", "conditional"):
            found = parts[-1]
            return replace(found, reason=f"at order {orders[0]} = {k}: {found.reason}")
    generic = _decide(obligation, assumed, deadline, witnessed=False)
    if generic.verdict not in ("valid", "conditional"):
        return replace(
            generic,
            verdict="undecided",
            countermodel=None,
            reason=f"orders 1 to {len(parts)} hold; at a general order: {generic.reason}",
        )
    parts.append(generic)
    certificate = sealed({"kind": "all", "parts": [part.certificate for part in parts]})
    replay(certificate)
    reason = f"{generic.reason}, at orders 1 to {len(parts) - 1} and at a general order"
    return replace(generic, certificate=certificate, reason=reason)


# one obligation


Found = TypeVar("Found", Inference, "Inference | None")
_KNOWN: dict[Any, tuple[Any, int]] = {}
_MET: set[Any] = set()


def begin_step() -> None:
    """From here on what is remembered counts as work once, the first time that it is asked for."""
    _MET.clear()


def _decide(obligation: Obligation, assumed: list[Premise], deadline: float, witnessed: bool = True) -> Inference:
    """Tries the premises alone, then with the assumptions; `witnessed` asks for a model too (for a hierarchy, the model of
    its first order stands for all)."""
    key = (obligation, tuple(assumed), witnessed)
    return _remembered(key, lambda: _search(obligation, assumed, deadline, witnessed), deadline)


def _shown_with(obligation: Obligation, assumed: list[Premise], uncited: list[Premise], deadline: float) -> Inference | None:
    """A certificate from the premises, the assumptions and more, searched with the small effort only."""

    def search() -> Inference | None:
        wider = replace(obligation, premises=(*obligation.premises, *assumed, *uncited))
        if obligation.power is None and not _unreadable(obligation):
            try:
                found = _prove(wider, SMALL_EFFORT)
                if found is not None:
                    return verdict_of(obligation, wider, *found, deadline, True)
            except (KernelError, LanguageError, models.NoModel):
                pass
        return None if obligation.modulo else between_fields(obligation, wider, False, Inference("undecided", ""))

    return _remembered((obligation, tuple(assumed), tuple(uncited)), search, deadline)


def _remembered(key: Any, search: Callable[[], Found], deadline: float) -> Found:
    """Different readings often pose the same obligation, so what was found is kept."""
    met = key in _MET
    _MET.add(key)
    if key not in _KNOWN:
        start = WORK.count
        found = search()
        if time.monotonic() > deadline:
            return found
        _KNOWN[key] = found, WORK.count - start
        return found
    found, work = cast("tuple[Found, int]", _KNOWN[key])
    WORK.count += 0 if met else work  # a step's count must not depend on the steps that this process judged before
    return found


def _search(obligation: Obligation, assumed: list[Premise], deadline: float, witnessed: bool) -> Inference:
    """A small search of a certificate, a search of a countermodel, the same between smooth fields, and where nothing is found a
    large search of a certificate: what follows is found soon as a rule, and a countermodel sooner than a search is exhausted."""
    failure = unreadable = _unreadable(obligation)
    asked = replace(obligation, premises=(*obligation.premises, *assumed))
    attempts = [obligation, asked] if assumed else [obligation]
    if obligation.power is not None:
        order = f"{obligation.power[0]}^{obligation.power[1]}"
        nothing = f"no combination of the premises gives it up to {order}, and no point refutes it"
        return _among_fields(obligation, attempts, Inference("undecided", nothing))
    if unreadable and any(part[0] in ("unprinted", "undefined") for side in _claim_of(obligation) for part in walk(side)):
        return Inference("undecided", f"no certificate was found ({unreadable}), and no model says what the print does not say")
    refuted = Inference("undecided", failure)
    for effort in (SMALL_EFFORT, LARGE_EFFORT):
        for wider in attempts if not unreadable else []:
            if time.monotonic() > deadline:
                return Inference("undecided", "the time limit was reached in the search of a certificate")
            try:
                found = _prove(wider, effort)
            except (KernelError, LanguageError) as error:
                failure = failure or str(error)
                continue
            if found is not None:
                try:
                    return verdict_of(obligation, wider, *found, deadline, witnessed)
                except models.NoModel as error:
                    failure = f"a certificate was found, but no model on which its premises hold non-trivially: {error}"
        if effort == SMALL_EFFORT:
            refuted = refute_on_models(asked.as_defined_later(), failure, deadline)
            if refuted.verdict == "undecided" and not obligation.modulo:
                refuted = _among_fields(obligation, attempts, refuted)
            if refuted.verdict != "undecided":
                return refuted
    return refuted


def _among_fields(obligation: Obligation, attempts: list[Obligation], otherwise: Inference) -> Inference:
    """The verdict on an equation between smooth fields: shown with as little as possible, or refuted with all that is assumed."""
    refuting = _to_obey(attempts[-1])
    for wider, refute in [*((each, False) for each in attempts), (refuting, True)]:
        if refute and refuting.fresh:
            continue  # it can be false for no value of what nothing was said of
        between = between_fields(obligation, wider, refute, otherwise)
        if between is not None:
            return between
    return otherwise


def _to_obey(asked: Obligation) -> Obligation:
    """What a point must obey that refutes: of the assumptions not those about the ends of the spectrum, which help no equation at
    one energy."""
    asked = asked.as_defined_later()
    if any(part[0] == "int" and part[1].startswith("energy:") for side in asked.equation for part in walk(side)):
        return asked
    kept = (p for p in asked.premises if p.role != "assumption" or not binds_the_ends(sub(*p.equation)))
    return replace(asked, premises=tuple(kept))


def _circular(obligation: Obligation, assumption: Premise) -> bool:
    """Whether an assumption is the claim in other words: each follows from the other by definitions alone."""
    definitions = tuple(p for p in obligation.premises if p.role == "definition")
    asked = Premise(obligation.name, "", obligation.equation, "assumption", False)
    one = replace(obligation, premises=(*definitions, assumption))
    other = replace(obligation, premises=(*definitions, asked), equation=assumption.equation, modulo="")
    try:
        alone = replace(other, premises=definitions)
        if _prove(alone, SMALL_EFFORT) is not None:
            return False
        return _prove(one, SMALL_EFFORT) is not None and _prove(other, SMALL_EFFORT) is not None
    except (KernelError, LanguageError):
        return False


def _claim_of(obligation: Obligation) -> tuple[Term, ...]:
    problem = obligation.problem()
    try:
        return tuple(problem.rewritten(side) for side in obligation.equation)
    except KernelError:
        return obligation.equation


def _unreadable(obligation: Obligation) -> str:
    """Why no normal form reads the claim; empty where one does."""
    try:
        obligation.problem().expression(sub(*obligation.equation))
    except KernelError as error:
        return str(error)
    return ""


def _prove(obligation: Obligation, effort: int) -> tuple[dict[str, Any], Used] | None:
    reason: Exception | None = None
    for problem, propose in _ways(obligation, effort):
        try:
            body = propose()
            if body is None:
                continue
            certificate = certificate_of(obligation, problem, closings.as_json(body))
            used = replay(certificate)
        except KernelError as error:
            reason = reason or error
            continue
        assert used is not None
        return certificate, used
    if reason is not None:
        raise reason
    return None


def _ways(obligation: Obligation, effort: int) -> Iterator[tuple[Problem, Callable[[], closings.Body | None]]]:
    """The ways to close the claim: with d_x A = B put in for d_x A, and, where the claim speaks of A, combined like the rest."""
    given = [replace(obligation.problem(), effort=effort)]
    if effort == SMALL_EFFORT and closings.speaks_of_what_moves(given[0], sub(*obligation.equation)):
        given.append(replace(obligation.problem(derivatives=False), effort=effort))
    for problem in given:
        for way in closings.ways(problem, obligation.equation, obligation.modulo, bool(obligation.simple)):
            yield problem, way


def certified(obligation: Obligation, effort: int = SMALL_EFFORT) -> dict[str, Any] | None:
    """A certificate of the obligation from its premises alone, with no model asked for; None where the search finds none."""
    try:
        found = _prove(obligation, effort)
    except (KernelError, LanguageError):
        return None
    return None if found is None else found[0]
