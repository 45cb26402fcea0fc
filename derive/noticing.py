"""What the kernel says of a change: does the residual differ, and do changed and unchanged equation follow from each other?

Two equations are the same when the kernel certifies one of

    proportional   residual(after) = c residual(before), c a number other than 0, by the definitions of language and case, as
                   spectral sums or between smooth fields
    each other     each follows from the other and from the definitions
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from derive.derivation import Derivation
from derive.findings import between_fields
from derive.kernel import KernelError
from derive.kernel.algebra import Expression, added, scaled
from derive.kernel.fields import Fields
from derive.kernel.gaussian import Gaussian
from derive.kernel.normal import vanishes
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import rewritten
from derive.kernel.terms import Term, number, sub, walk
from derive.language import Chain, Coordinate, Delta, Equation, LanguageError, ModuloPower, Theta, resolve, subexpressions
from derive.obligations import Obligation, energies_of, obligation_of
from derive.premises import Premise, premises_of
from derive.prover import certified
from derive.tactics import models
from derive.verdicts import Inference

RATIOS = (1, -1, 2, -2)  # and their inverses: what the kinds of change make of a whole side


@dataclass(frozen=True)
class Sameness:
    """How two equations are the same, with the certificate."""

    how: str
    certificate: Mapping[str, Any]


def posed(derivation: Derivation, label: str, link: int, assignment: Mapping[str, str]) -> Obligation | None:
    """The obligation of a link from what it cites; None where the language has no meaning for it.

    What holds up to a power of a small parameter is posed as if it held exactly: residuals that are equal so are equal."""
    try:
        derivation = _exactly(derivation, label, link, assignment)
        return obligation_of(derivation, label, link, assignment, premises_of(derivation, label, link, assignment))
    except (LanguageError, KernelError):
        return None


def _exactly(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str]) -> Derivation:
    claim = resolve(derivation[label].claim, assignment)
    link = claim.links[number]
    if not isinstance(link.modulo, ModuloPower):
        return derivation
    exact = Equation(link.args[0], link.args[1], link.role)
    links = [exact if k == number else other for k, other in enumerate(claim.links)]
    return derivation.with_claim(label, Chain(*links) if len(links) > 1 else exact)


def same_residual(before: Obligation, after: Obligation) -> bool | None:
    """Whether both residuals have one normal form once the definitions of each are put in; None where neither form reads them.

    First as spectral sums; what these cannot read, as polynomials in smooth fields and their derivatives, where a symbol whose
    definition is no field stays a field."""
    try:
        x, y = (one.problem().expression(sub(*one.equation)) for one in (before, after))
        return vanishes(_less(x, y))
    except KernelError:
        pass
    energy = next(iter(energies_of(before.equation)), "")
    for some in (_all, _finite, _none):
        fields = Fields(before.frame, energy)
        try:
            first, second = (fields.equation(rewritten(sub(*one.equation), some(one))) for one in (before, after))
        except KernelError:
            continue
        return not (first - second)
    return None


NO_ENERGY = "a delta or step whose argument holds no energy coordinate"


def without_meaning(derivation: Derivation, label: str, link: int, assignment: Mapping[str, str]) -> str:
    """Why a link is no statement: a delta or step without an energy in its argument, which has a value for no test function, or
    once the definitions are put in a product of distributions or an integral that has none.  Empty where neither is found."""
    if label not in {step.label for step in derivation}:
        return ""
    singular = (part for part in subexpressions(derivation[label].links[link]) if isinstance(part, Delta | Theta))
    if not all(any(isinstance(p, Coordinate) and p.kind == "energy" for p in subexpressions(part)) for part in singular):
        return NO_ENERGY
    obligation = posed(derivation, label, link, assignment)
    if obligation is None:
        return ""
    obligation = obligation.as_defined_later()
    return models.without_meaning(rewritten(sub(*obligation.equation), _all(obligation)), obligation.frame)


def _less(x: Expression, y: Expression) -> Expression:
    return added(x, scaled(y, Gaussian(-1)))


def _all(obligation: Obligation) -> list[tuple[Term, Term]]:
    return [obligation.premises[k].equation for k in obligation.problem().rewrites]


def _finite(obligation: Obligation) -> list[tuple[Term, Term]]:
    return [equation for equation in _all(obligation) if not any(part == ("oo",) for part in walk(equation[1]))]


def _none(obligation: Obligation) -> list[tuple[Term, Term]]:
    return []


def sameness(before: Obligation, after: Obligation) -> Sameness | None:
    """The certificate that two equations say the same; None where none is found."""
    definitions = tuple(p for p in before.premises if p.role == "definition")
    alone = replace(before, premises=definitions, modulo="")
    for ratio in RATIOS:
        for c, one, other in ((ratio, after, before), (ratio, before, after)):
            asked = replace(alone, equation=(sub(*one.equation), ("prod", number(c), sub(*other.equation))))
            found = certified(asked) if _is_identity(asked) else None
            if found is not None:
                return Sameness("proportional", found)
    if before.modulo or after.modulo:
        return None
    if same_residual(before, after):
        asked = replace(alone, equation=(sub(*after.equation), sub(*before.equation)))
        between = between_fields(asked, asked, False, Inference("undecided", ""))
        if between is not None and between.verdict == "valid" and between.certificate is not None:
            return Sameness("proportional", between.certificate)
    parts = []
    for one, other in ((before, after), (after, before)):
        known = Premise("the other", "", one.equation, "claim", False)
        found = certified(replace(alone, premises=(known, *definitions), equation=other.equation))
        if found is None:
            return None
        parts.append(found)
    both = sealed({"kind": "all", "parts": parts})
    replay(both)
    return Sameness("each other", both)


def _is_identity(asked: Obligation) -> bool:
    """A cheap look before a certificate is sought."""
    try:
        return vanishes(asked.problem().expression(sub(*asked.equation)))
    except KernelError:
        return False
