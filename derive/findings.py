"""What was found of an obligation, in words: certificates, points between fields, countermodels on matrices and loops."""

from __future__ import annotations

from typing import Any

from derive.evidence import setting_of, witness_of
from derive.kernel import KernelError
from derive.kernel.certificate import Used
from derive.kernel.replay import sealed
from derive.kernel.terms import sub
from derive.language import LanguageError
from derive.obligations import Obligation, question_of
from derive.tactics import models, smooth
from derive.tactics.loops import find_loop
from derive.tactics.unparse import text_of
from derive.verdicts import Inference


def verdict_of(
    asked: Obligation,
    wider: Obligation,
    certificate: dict[str, Any],
    used: Used,
    deadline: float,
    witnessed: bool,
) -> Inference:
    if witnessed:
        certificate = sealed({**certificate, "model": witness_of(wider, certificate, deadline)})
    names = [p["name"] for p in certificate["premises"]]
    given = {p.name for p in asked.premises}
    by_name = {p.name: p for p in wider.premises}
    assumptions = [n for n in names if n not in given and by_name[n].role == "assumption"]
    missing = [n for n in names if n not in given and by_name[n].role != "assumption"]
    conditions = [
        *assumptions,
        *used.nonzero,
        *([wider.simple] if used.simple else []),
        *(f"citation of ({n})" for n in missing),
    ]
    cited = [f"({n})" for n in names if n in given]
    how = f"follows from {', '.join(cited)}" if cited else "is an identity of the definitions of the language"
    how += {
        "derivative": " up to a total derivative",
        "initial value": ", by the uniqueness of the initial value problem",
    }.get(certificate["closing"][0], "")
    if conditions:
        return Inference("conditional", f"{how}, given: {'; '.join(conditions)}", tuple(conditions), tuple(names), certificate)
    return Inference("valid", how, (), tuple(names), certificate)


def between_fields(asked: Obligation, wider: Obligation, refute: bool, otherwise: Inference) -> Inference | None:
    """The verdict on an equation between smooth fields, where finite matrices give it none."""
    try:
        evidence = smooth.decide(question_of(wider), refute)
    except (KernelError, LanguageError):
        return None
    if evidence is None:
        return None
    names = [p["name"] for p in evidence["premises"]]
    if evidence["answer"] == "fails":
        size = _pair_text(evidence["witness"])
        text = f"does not follow: for smooth fields that obey its premises at a point the two sides differ by {size}"
        return Inference("invalid", text, (), tuple(names), None, evidence, otherwise.remainder)
    given = {p.name for p in asked.premises}
    by_name = {p.name: p for p in wider.premises}
    assumptions = [n for n in names if n not in given and by_name[n].role == "assumption"]
    missing = [f"citation of ({n})" for n in names if n not in given and by_name[n].role != "assumption"]
    conditions = (*assumptions, *(entry["name"] for entry in evidence["nonzero"]), *missing)
    cited = [f"({n})" for n in names if n in given]
    how = f"follows from {', '.join(cited)} between smooth fields" if cited else "is an identity between smooth fields"
    how += ", by the coarse-graining" if evidence["levels"] else ""
    if conditions:
        return Inference("conditional", f"{how}, given: {'; '.join(conditions)}", conditions, tuple(names), evidence)
    return Inference("valid", how, (), tuple(names), evidence)


def refute_on_models(obligation: Obligation, failure: str, deadline: float) -> Inference:
    remainder = remainder_of(obligation)
    if obligation.modulo:
        return _refute_modulo(obligation, failure, remainder)
    try:
        setting = setting_of(obligation)
        found = models.find(setting, obligation.equation, True, deadline)
    except (models.NoModel, KernelError) as error:
        reason = f"no certificate was found ({failure or 'no combination of the premises gives it'}); no countermodel: {error}"
        return Inference("undecided", reason, remainder=remainder)
    where = found["witness"][0]
    sides = "".join(f"the derivatives in {token.split(':')[1]} of " for token in found.get("derived", ())) + "the two sides"
    reason = (
        f"does not follow: on a {found['size']} x {found['size']} model of its premises {sides} differ "
        f"by {_pair_text(where[2])} in the coefficient of {where[1]}"
    )
    return Inference("invalid", reason, (), tuple(p.name for p in obligation.premises), None, found, remainder)


def _refute_modulo(obligation: Obligation, failure: str, remainder: str) -> Inference:
    """An equation up to a total slow derivative is refuted by a closed loop, where no premise restricts the symbols."""
    problem = obligation.problem()
    reason = failure or "no total derivative was found that closes it"
    if problem.usable:
        return Inference("undecided", f"{reason}; a loop on which the premises hold is not sought yet", remainder=remainder)
    claim = tuple(problem.rewritten(side) for side in obligation.equation)
    loop, why = find_loop((claim[0], claim[1]), obligation.frame)
    if loop is None:
        return Inference("undecided", f"{reason}; {why}", remainder=remainder)
    text = (
        f"does not follow, not even up to a total slow derivative: over a closed loop of {loop['size']} x {loop['size']} "
        f"matrices the difference of the sides integrates to {_pair_text(loop['integral'])} times 2 pi"
    )
    return Inference("invalid", text, (), (), None, loop, remainder)


def _pair_text(pair: list[str]) -> str:
    re, im = pair
    return re if im == "0" else f"{re} + ({im}) i"


def remainder_of(obligation: Obligation) -> str:
    """What is left of lhs - rhs once the definitions are put in; empty where it cannot be read."""

    try:
        problem = obligation.problem()
        return text_of(problem.expression(sub(*obligation.equation)))
    except (KernelError, LanguageError):
        return ""
