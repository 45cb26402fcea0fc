"""Inference: does a link follow from what it cites?

    obligation -> proposals of the tactics -> kernel -> valid | conditional | invalid | undecided | not-applicable

A link is tried with its premises alone, then with the assumptions that the case lists, then with earlier equations that it does
not cite (the verdict is then conditional on that missing citation).  Where no proposal is accepted, an exact countermodel is
sought: it must satisfy the premises and the assumptions and not the claim.  That nothing was found proves nothing: `undecided`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from derive.derivation import Derivation
from derive.kernel import KernelError
from derive.kernel.calculus import Frame
from derive.kernel.certificate import Used
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import rewritten
from derive.kernel.terms import Term, sub, to_json, walk
from derive.language import (
    Equation,
    Exactly,
    Family,
    Function,
    Hamiltonian,
    LanguageError,
    ModuloDerivative,
    Nonzero,
    Operator,
    SimpleSpectrum,
    resolve,
    subexpressions,
)
from derive.lower import lower, token
from derive.obligations import (
    Premise,
    choices_in_reach,
    definitions_among,
    first_definition,
    link_name,
    premises_of,
)
from derive.tactics import closings, models
from derive.tactics.linear import Problem
from derive.tactics.unparse import text_of
from derive.verdicts import Inference

IMPOSED = {
    "definition": "a definition fixes its symbol; there is nothing to infer",
    "postulate": "a postulate is laid down, not inferred",
    "ansatz": "an ansatz is tried, not inferred",
    "procedure": "a procedure is carried out, not inferred",
    "condition": "a condition that cites nothing is imposed, not inferred",
}
NUMBERED_ORDERS = (1, 2, 3, 4, 5, 6)

choices_of = choices_in_reach


@dataclass(frozen=True)
class Obligation:
    """One link to be shown: its equation, what it may hold modulo, and what it may be shown from."""

    name: str
    equation: tuple[Term, Term]
    modulo: str
    premises: tuple[Premise, ...]
    nonzero: tuple[tuple[str, Term], ...]
    simple: str
    frame: Frame
    fresh: frozenset[str] = frozenset()

    def problem(self) -> Problem:
        rewrites = definitions_among(list(self.premises))
        definitions = [self.premises[k].equation for k in rewrites]
        invertible: set[Any] = set()
        for _, term in self.nonzero:
            for scalars, _ in Interpreter(self.frame)(rewritten(term, definitions)):
                invertible |= {item for item, _ in scalars}
        return Problem(
            premises=tuple(p.equation for p in self.premises),
            rewrites=rewrites,
            frame=self.frame,
            invertible=frozenset(invertible),
            series=tuple(k for k, p in enumerate(self.premises) if p.is_series),
            usable=frozenset(k for k, p in enumerate(self.premises) if k not in rewrites and not p.is_series),
        )


def infer(derivation: Derivation, label: str, assignment: Mapping[str, str], *, seconds: float = 20.0) -> tuple[Inference, ...]:
    """The inference verdict of every link of a step under one assignment of the open choices."""
    deadline = time.monotonic() + seconds
    return tuple(_judge(derivation, label, k, assignment, deadline) for k in range(len(derivation[label].links)))


def _judge(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], deadline: float) -> Inference:
    step = derivation[label]
    link = step.links[number]
    role = step.role_of(link)
    extra: list[Premise] = []
    try:
        if role == "definition":
            first = first_definition(derivation, label, number, assignment)
            if first is None:
                return Inference("not-applicable", IMPOSED[role])
            extra = [first]
        elif role in ("postulate", "ansatz", "procedure") or (role == "condition" and not step.cites):
            return Inference("not-applicable", IMPOSED[role])
        premises = premises_of(derivation, label, number, assignment)
        obligation = _obligation(derivation, label, number, assignment, [*extra, *premises])
    except (LanguageError, KernelError) as error:
        return Inference("undecided", str(error))
    orders = _symbolic_orders(obligation.equation)
    assumed = _assumed(derivation, label, role, assignment)
    if orders:
        return _every_order(obligation, orders, assumed, deadline)
    return _decide(obligation, assumed, _uncited(derivation, label, assignment), deadline)


def _obligation(
    derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], premises: list[Premise]
) -> Obligation:
    step = derivation[label]
    link: Equation = resolve(step.links[number], assignment)
    if isinstance(link.modulo, ModuloDerivative):
        modulo = token(link.modulo.args[0])
    elif isinstance(link.modulo, Exactly):
        modulo = ""
    else:
        raise LanguageError(f"an equation modulo {link.modulo}; no rule closes it yet")
    nonzero, simple = [], ""
    for assumption in derivation.assumptions:
        if isinstance(assumption.statement, Nonzero):
            nonzero.append((assumption.name, lower(resolve(assumption.statement.args[0], assignment))))
        elif isinstance(assumption.statement, SimpleSpectrum):
            simple = assumption.name
    equation = lower(link.args[0]), lower(link.args[1])
    frame = _frame(derivation)
    fresh = _fresh_symbols(derivation, label, equation, premises)
    return Obligation(link_name(step, number), equation, modulo, tuple(premises), tuple(nonzero), simple, frame, fresh)


def _frame(derivation: Derivation) -> Frame:
    """The one Hamiltonian of a derivation."""
    found = {p for step in derivation for p in subexpressions(step.claim) if isinstance(p, Hamiltonian)}
    if len(found) > 1:
        raise LanguageError(f"more than one Hamiltonian: {', '.join(sorted(h.name for h in found))}; the kernel knows one frame")
    return frame_of(*map(lower, found))


def _fresh_symbols(
    derivation: Derivation, label: str, equation: tuple[Term, Term], premises: list[Premise]
) -> frozenset[str]:
    """Symbols that the claim brings in: neither an earlier step nor a premise speaks of them, and they are not arbitrary."""
    mine = {(p[0], p[1]) for side in equation for p in walk(side) if p[0] in ("fun", "op") and not _free_symbol(p)}
    known = {(p[0], p[1]) for premise in premises for side in premise.equation for p in walk(side) if p[0] in ("fun", "op")}
    for step in derivation:
        if step.label == label:
            break
        for part in subexpressions(step.claim):
            if isinstance(part, Function):
                known.add(("fun", part.name))
            elif isinstance(part, Operator | Family):
                known.add(("op", part.name))
    return frozenset(name for _, name in mine - known)


def _assumed(derivation: Derivation, label: str, role: str, assignment: Mapping[str, str]) -> list[Premise]:
    """The assumptions of the case that are equations and that this link may use."""
    found = []
    for assumption in derivation.assumptions:
        allowed = (not assumption.steps or label in assumption.steps) and (not assumption.imposed or role == "condition")
        if allowed and isinstance(assumption.statement, Equation):
            decided = resolve(assumption.statement, assignment)
            try:
                equation = lower(decided.args[0]), lower(decided.args[1])
            except LanguageError:
                continue
            found.append(Premise(assumption.name, "", equation, "assumption", False))
    return found


# symbolic orders: j = 1, 2, ... is shown for each of the first and for a generic one


def _symbolic_orders(equation: tuple[Term, Term]) -> list[str]:
    return sorted({p[2][0] for side in equation for p in walk(side) if p[0] == "op" and isinstance(p[2], tuple)})


def _every_order(obligation: Obligation, orders: list[str], assumed: list[Premise], deadline: float) -> Inference:
    if len(orders) > 1:
        return Inference("undecided", "an equation with more than one symbolic order")
    from derive.kernel.rules import move

    parts: list[Inference] = []
    for k in NUMBERED_ORDERS:
        sides = tuple(move(side, ["index", orders[0], k], []) for side in obligation.equation)
        instance = replace(obligation, equation=(sides[0], sides[1]))
        parts.append(_decide(instance, assumed, [], deadline))
        if parts[-1].verdict not in ("valid", "conditional"):
            found = parts[-1]
            return replace(found, reason=f"at order {orders[0]} = {k}: {found.reason}")
    generic = _decide(obligation, assumed, [], deadline, witnessed=False)
    if generic.verdict not in ("valid", "conditional"):
        return replace(generic, verdict="undecided", countermodel=None, reason=f"orders 1 to 6 hold; at a general order: {generic.reason}")
    parts.append(generic)
    certificate = sealed({"kind": "all", "parts": [part.certificate for part in parts]})
    replay(certificate)
    return replace(generic, certificate=certificate, reason=f"{generic.reason}, at orders 1 to 6 and at a general order")


# one obligation


def _decide(
    obligation: Obligation, assumed: list[Premise], uncited: list[Premise], deadline: float, witnessed: bool = True
) -> Inference:
    """Tries the premises alone, then with the assumptions, then with uncited equations; `witnessed` asks for a model too
    (a general order has none of its own: the models of the numbered orders stand for it)."""
    failure = ""
    attempts = [[], *([assumed] if assumed else []), *([[*assumed, *uncited]] if uncited else [])]
    for more in attempts:
        if time.monotonic() > deadline:
            return Inference("undecided", "the time limit was reached in the search of a certificate")
        wider = replace(obligation, premises=(*obligation.premises, *more))
        try:
            found = _prove(wider)
        except (KernelError, LanguageError) as error:
            failure = failure or str(error)
            continue
        if found is not None:
            try:
                return _verdict(obligation, wider, *found, deadline, witnessed)
            except models.NoModel as error:
                failure = f"a certificate was found, but no model on which its premises hold non-trivially: {error}"
    return _refute(replace(obligation, premises=(*obligation.premises, *assumed)), failure, deadline)


def _uncited(derivation: Derivation, label: str, assignment: Mapping[str, str]) -> list[Premise]:
    """Earlier equations that the step does not cite."""
    found: list[Premise] = []
    known = {label, *derivation[label].cites}
    from derive.obligations import _premise

    for step in reversed(derivation.steps[: [s.label for s in derivation.steps].index(label)]):
        if step.label in known:
            continue
        for k, link in enumerate(step.links):
            try:
                found.extend(_premise(step, k, link, assignment, cited=False))
            except LanguageError:
                continue
    return found


def _prove(obligation: Obligation) -> tuple[dict[str, Any], Used] | None:
    problem = obligation.problem()
    claim = sub(*obligation.equation)
    bodies: list[Any] = [lambda: closings.vanishing(problem, claim)]
    if obligation.modulo:
        bodies.append(lambda: closings.total_derivative(problem, claim, obligation.modulo))
    if obligation.simple:
        bodies.extend(lambda body=body: body for body in closings.commutant(problem, obligation.equation))
    initial = closings.initial_conditions(problem)
    if initial:
        hbar = next((p[1] for p in _hbar_terms(problem)), "")
        bodies.append(lambda: closings.initial_value(problem, claim, hbar, initial))
    reason: Exception | None = None
    for propose in bodies:
        try:
            body = propose()
            if body is None:
                continue
            certificate = _certificate(obligation, problem, closings.as_json(body))
            used = replay(certificate)
        except KernelError as error:
            reason = reason or error
            continue
        assert used is not None
        return certificate, used
    if reason is not None:
        raise reason
    return None


def _hbar_terms(problem: Problem) -> list[Term]:
    """The parameters that multiply a commutator's time derivative somewhere: candidates for hbar."""
    found = []
    for equation in problem.premises:
        if any(part[0] == "comm" for part in walk(sub(*equation))):
            found.extend(part for part in walk(sub(*equation)) if part[0] == "par")
    return found


def _certificate(obligation: Obligation, problem: Problem, body: dict[str, Any]) -> dict[str, Any]:
    """The certificate with only those premises it uses."""
    evidence = {
        "kind": "certificate",
        "hamiltonian": [problem.frame.name, list(problem.frame.coords)],
        "claim": to_json(obligation.equation),
        "premises": [{"name": p.name, "equation": to_json(p.equation)} for p in obligation.premises],
        "nonzero": [{"name": name, "term": to_json(term)} for name, term in obligation.nonzero],
        "simple": obligation.simple,
        "rewrites": list(problem.rewrites),
        "modulo": ["derivative", obligation.modulo] if obligation.modulo else [],
        **body,
    }
    replay(sealed(evidence))
    for place in list(evidence["rewrites"]):
        fewer = {**evidence, "rewrites": [k for k in evidence["rewrites"] if k != place]}
        try:
            replay(sealed(fewer))
        except KernelError:
            continue
        evidence = fewer
    return sealed(_trimmed(evidence))


def _trimmed(evidence: dict[str, Any]) -> dict[str, Any]:
    """The same certificate with the premises it does not use taken out."""
    closing = evidence["closing"]
    lists = [evidence["steps"], *([closing[4]] if closing[0] == "initial value" else [])]
    used = set(evidence["rewrites"]) | {s["premise"] for steps in lists for s in steps}
    used |= {m[1] for steps in lists for s in steps for m in s["moves"] if m[0] == "scales"}
    if closing[0] == "commutant":
        used.add(closing[1])
    order = sorted(used)
    place = {old: new for new, old in enumerate(order)}

    def renumber(steps: list[Any]) -> list[Any]:
        return [
            {**s, "premise": place[s["premise"]], "moves": [["scales", place[m[1]]] if m[0] == "scales" else m for m in s["moves"]]}
            for s in steps
        ]

    if closing[0] == "initial value":
        closing = [*closing[:4], renumber(closing[4])]
    if closing[0] == "commutant":
        closing = [closing[0], place[closing[1]], closing[2]]
    return {
        **evidence,
        "premises": [evidence["premises"][k] for k in order],
        "rewrites": [place[k] for k in evidence["rewrites"]],
        "steps": renumber(evidence["steps"]),
        "closing": closing,
    }


def _verdict(
    asked: Obligation,
    wider: Obligation,
    certificate: dict[str, Any],
    used: Used,
    deadline: float,
    witnessed: bool,
) -> Inference:
    if witnessed:
        certificate = sealed({**certificate, "model": _witness(wider, certificate, deadline)})
    names = [p["name"] for p in certificate["premises"]]
    given = {p.name for p in asked.premises}
    by_name = {p.name: p for p in wider.premises}
    assumptions = [n for n in names if n not in given and by_name[n].role == "assumption"]
    missing = [n for n in names if n not in given and by_name[n].role != "assumption"]
    conditions = [*assumptions, *used.nonzero, *([wider.simple] if used.simple else []), *(f"citation of ({n})" for n in missing)]
    cited = [f"({n})" for n in names if n in given]
    how = f"follows from {', '.join(cited)}" if cited else "is an identity of the definitions of the language"
    how += {"derivative": " up to a total derivative", "initial value": ", by the uniqueness of the initial value problem"}.get(
        certificate["closing"][0], ""
    )
    if conditions:
        return Inference("conditional", f"{how}, given: {'; '.join(conditions)}", tuple(conditions), tuple(names), certificate)
    return Inference("valid", how, (), tuple(names), certificate)


def _witness(wider: Obligation, certificate: dict[str, Any], deadline: float) -> dict[str, Any]:
    """A model on which the certificate's premises and its claim hold, and not every term vanishes."""
    names = {p["name"] for p in certificate["premises"]}
    names |= {wider.premises[k].name for k in wider.problem().rewrites}
    if certificate["closing"][0] == "commutant":
        names |= {p.name for p in wider.premises if p.is_series}
    kept = replace(wider, premises=tuple(p for p in wider.premises if p.name in names))
    return models.find(setting_of(kept, everything=True), kept.equation, False, deadline)


def _refute(obligation: Obligation, failure: str, deadline: float) -> Inference:
    remainder = remainder_of(obligation)
    if obligation.modulo:
        return Inference("undecided", failure or "no total derivative was found that closes it", remainder=remainder)
    try:
        setting = setting_of(obligation)
        found = models.find(setting, obligation.equation, True, deadline)
    except (models.NoModel, KernelError) as error:
        reason = f"no certificate was found ({failure or 'no combination of the premises gives it'}); no countermodel: {error}"
        return Inference("undecided", reason, remainder=remainder)
    where = found["witness"][0]
    reason = (
        f"does not follow: on a {found['size']} x {found['size']} model of its premises the two sides differ "
        f"by {_pair_text(where[2])} in the coefficient of {where[1]}"
    )
    return Inference("invalid", reason, (), tuple(p.name for p in obligation.premises), None, found, remainder)


def _pair_text(pair: list[str]) -> str:
    re, im = pair
    return re if im == "0" else f"{re} + ({im}) i"


def setting_of(obligation: Obligation, everything: bool = False) -> models.Setting:
    """The premises with the forms a model must satisfy; those about symbols that nothing here speaks of are left out."""
    problem = obligation.problem()
    kept = set(range(len(problem.premises))) if everything else _relevant(obligation, problem)
    order = sorted(kept)
    place = {old: new for new, old in enumerate(order)}
    forms = []
    for k in order:
        forms.append(tuple(tuple(map(tuple, moves)) for moves in _model_forms(obligation, problem, k, place)))
    return models.Setting(
        names=tuple(obligation.premises[k].name for k in order),
        premises=tuple(problem.premises[k] for k in order),
        forms=tuple(forms),
        rewrites=tuple(place[k] for k in problem.rewrites if k in place),
        frame=obligation.frame,
        fresh=frozenset() if everything else obligation.fresh,
    )


def _relevant(obligation: Obligation, problem: Problem) -> set[int]:
    """Premises connected with the claim through shared symbols; the others can be satisfied on their own."""
    reach = _names(problem.rewritten(sub(*obligation.equation))) | _names(sub(*obligation.equation))
    kept: set[int] = set()
    changed = True
    while changed:
        changed = False
        for k, equation in enumerate(problem.premises):
            if k in kept:
                continue
            mine = _names(sub(*equation))
            if mine & reach or not mine:
                kept.add(k)
                reach |= mine
                changed = True
    return kept


def _names(term: Term) -> set[str]:
    found = {f"{p[0]}:{p[1]}" for p in walk(term) if p[0] in ("op", "fun", "series", "undefined") and not _free_symbol(p)}
    return found | {"avg" for p in walk(term) if p[0] == "avg"}


def _free_symbol(part: Term) -> bool:
    """Arbitrary symbols link nothing: each equation holds for every value of them by itself."""
    return bool(part[0] == "fun" and part[5]) or bool(part[0] == "op" and part[4])


def _model_forms(obligation: Obligation, problem: Problem, k: int, place: dict[int, int]) -> list[list[Any]]:
    """The shapes in which a premise must hold on a model: as it stands, or order by order in its series."""
    premise = sub(*problem.premises[k])
    if obligation.premises[k].is_series:
        return []
    claim = sub(*obligation.equation)
    families = {p[1] for p in walk(claim) if p[0] == "op" and isinstance(p[2], int)}
    members = [p[2] for p in walk(claim) if p[0] == "op" and isinstance(p[2], int)] or [1]
    top = max(members)
    for ansatz in problem.series:
        symbol, series = problem.premises[ansatz]
        family = next(part for part in walk(series) if part[0] == "series")
        if any(part == symbol for part in walk(premise)) and family[1] in families and ansatz in place:
            # order k speaks of members k and k - 1 only, so orders below the claim's first member leave it alone
            return [[("scales", place[ansatz]), ("order", family[4], k)] for k in range(min(members), top + 1)]
    symbolic = sorted({p[2][0] for p in walk(premise) if p[0] == "op" and isinstance(p[2], tuple)})
    if symbolic:
        return [[("index", symbolic[0], order)] for order in range(1, max(top, 1) + 1)]
    return [[]]


def remainder_of(obligation: Obligation) -> str:
    """What is left of lhs - rhs once the definitions are put in, in the kernel's own words; empty where it cannot be read."""
    from derive.kernel.diagrams import energies_in
    from derive.kernel.weak import absorb

    try:
        problem = obligation.problem()
        value = Interpreter(problem.frame)(rewritten(sub(*obligation.equation), [problem.premises[k] for k in problem.rewrites]))
        for energy in energies_in(value):
            value = absorb(value, energy)
        return text_of(value)
    except (KernelError, LanguageError):
        return ""
