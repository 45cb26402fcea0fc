"""Evidence: certificates cut down to what they use, and the models on which premises must hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derive.kernel import KernelError
from derive.kernel.interpret import Interpreter
from derive.kernel.normal import vanishes
from derive.kernel.replay import replay, sealed
from derive.kernel.terms import Term, from_json, rebuild, sub, to_json, walk
from derive.obligations import Obligation, free_symbol
from derive.tactics import models
from derive.tactics.problem import Problem


def certificate_of(obligation: Obligation, problem: Problem, body: dict[str, Any]) -> dict[str, Any]:
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
            {
                **s,
                "premise": place[s["premise"]],
                "moves": [["scales", place[m[1]]] if m[0] == "scales" else m for m in s["moves"]],
            }
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


def witness_of(wider: Obligation, certificate: dict[str, Any], deadline: float) -> dict[str, Any]:
    """A model on which the certificate's premises and its claim hold, and not every term vanishes."""
    names = {p["name"] for p in certificate["premises"]}
    names |= {wider.premises[k].name for k in wider.problem().rewrites}
    if certificate["closing"][0] == "commutant":
        names |= {p.name for p in wider.premises if p.is_series}
    kept = replace(wider, premises=tuple(p for p in wider.premises if p.name in names))
    equation = kept.equation
    if certificate["closing"][0] == "derivative":
        total = ("d", certificate["closing"][1], from_json(certificate["closing"][2]))
        equation = (sub(equation[0], total), equation[1])
    return models.find(setting_of(kept, everything=True), equation, False, deadline)


def setting_of(obligation: Obligation, everything: bool = False) -> models.Setting:
    """The premises with the forms a model must satisfy; those about symbols that nothing here speaks of are left out."""
    problem = obligation.problem()
    kept = set(range(len(problem.premises))) if everything else _relevant(obligation, problem)
    kept -= _idle_series(obligation, problem)
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


def _idle_series(obligation: Obligation, problem: Problem) -> set[int]:
    """The series of what is spoken of as a whole alone: one can always be found for it."""
    found = set()
    for k in problem.series:
        symbol, series = problem.premises[k]
        family = next(f"op:{part[1]}" for part in walk(series) if part[0] == "series")
        others = [obligation.equation, *(equation for n, equation in enumerate(problem.premises) if n != k)]
        whole = any(part == symbol for side in obligation.equation for part in walk(side))
        if whole and not any(family in _names(sub(*equation)) for equation in others):
            found.add(k)
    return found


def _relevant(obligation: Obligation, problem: Problem) -> set[int]:
    """Premises connected with the claim through shared symbols; the others can be satisfied on their own."""
    reach = _names(problem.rewritten(sub(*obligation.equation))) | _names(sub(*obligation.equation))
    kept = {k for k in problem.usable if not _satisfied_by_zero(obligation, problem, k)}
    for k in kept:
        reach |= _names(sub(*problem.premises[k]))
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


def _satisfied_by_zero(obligation: Obligation, problem: Problem, k: int) -> bool:
    """Whether a premise holds, for every Hamiltonian and every constant, where each operator and function in it is zero: only
    such a one may be left out where it shares no symbol with the claim, since a model can always be given it."""
    try:
        return vanishes(Interpreter(obligation.frame)(_zeroed(problem.rewritten(sub(*problem.premises[k])))))
    except KernelError:
        return False


def _zeroed(term: Term) -> Term:
    """The term where all that a model is free to choose, but the Hamiltonian and the constants, is zero."""
    if term[0] == "series" or (term[0] in ("op", "fun") and not free_symbol(term)):
        return ("num", "0")
    return rebuild(term, _zeroed)


def _names(term: Term) -> set[str]:
    found = {f"{p[0]}:{p[1]}" for p in walk(term) if p[0] in ("op", "fun", "series", "undefined") and not free_symbol(p)}
    return found | {"avg" for p in walk(term) if p[0] == "avg"}


def _model_forms(obligation: Obligation, problem: Problem, k: int, place: dict[int, int]) -> list[list[Any]]:
    """The shapes in which a premise must hold on a model: as it stands, or order by order in its series."""
    premise = sub(*problem.premises[k])
    if obligation.premises[k].is_series:
        return []
    spoken = [sub(*obligation.equation), *(sub(*problem.premises[kept]) for kept in place)]
    top = max((p[2] for term in spoken for p in walk(term) if p[0] == "op" and isinstance(p[2], int)), default=0)
    for ansatz in problem.series:
        symbol, series = problem.premises[ansatz]
        family = next(part for part in walk(series) if part[0] == "series")
        if any(part == symbol for part in walk(premise)) and ansatz in place:
            return [[("scales", place[ansatz]), ("order", family[4], k)] for k in range(top + 1)]
    symbolic = sorted({p[2][0] for p in walk(premise) if p[0] == "op" and isinstance(p[2], tuple)})
    if symbolic:
        return [[("index", symbolic[0], order)] for order in range(1, max(top, 1) + 1)]
    return [[]]
