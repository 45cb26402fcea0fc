"""Does N stay positive, and does its entropy relative to the density of states grow?"""

from __future__ import annotations

from fractions import Fraction

from derive.audits.answer import Audit
from derive.audits.case import Case, first, say, short, valued
from derive.audits.norm import ENDS
from derive.audits.search import fields_for
from derive.kernel import audits as kernel
from derive.kernel import jets
from derive.kernel.errors import KernelError
from derive.kernel.evolution import ROOT, entropy, of_density
from derive.kernel.jets import bare, jet

BOUNDED = "coefficients bounded on the spectrum, N zero at its ends"


def positivity(case: Case) -> Audit:
    """The maximum principle, or values at which N leaves zero downwards."""
    rule = case.needs_rule
    stage = case.stage(rule)
    e = of_density(stage.evolution)
    leading, top = e.coefficients.get(2, jets.ZERO), e.coefficients.get(e.order, jets.ZERO)
    hypotheses, energy = case.hypotheses(stage, signs=True), bare(e.energy)
    if not e.source and e.order <= 2 and kernel.is_real(e.right) and kernel.is_not_negative(leading, stage):
        touching = f"Where N first touches zero, N_{energy} = 0 and its rate is {short(leading)} N_{energy * 2} >= 0."
        reason = touching if leading else "N is carried along the characteristics and keeps its sign on each."
        return say(case, "positivity", reason, (*hypotheses, BOUNDED), {"kind": "positive"}, rule)
    why = f"the derivative of order {e.order} stands there with the coefficient {short(top)}"
    reason = f"Where N touches zero from above its rate can be negative: {why}."
    if e.source:
        reason = "The source can be negative where N touches zero from above. (A correction to a density need not be positive.)"
    for curvature in (Fraction(1), Fraction(1, 1000)):
        fixed = {jet(e.unknown, *[e.energy] * k): value for k, value in enumerate((Fraction(0), Fraction(0), curvature))}
        try:
            return valued(case, "positivity", reason, hypotheses, {"kind": "not positive"}, e.right, rule, fixed=fixed)
        except KernelError:
            continue
    raise KernelError(f"the sign of the coefficient of N_{energy * 2}, {short(leading)}, is not known from the derivation")


def h_theorem(case: Case) -> Audit:
    """The balance of -int N ln(N/S) dE, and where it has a sign."""
    if case.stage().evolution.source:
        return case.answer("entropy", "not-applicable", "The equation has a source, so N has no entropy of its own.")
    stage = case.stage(True)
    found = entropy(stage.evolution, stage.signed())
    s, energy = stage.signed().field, bare(stage.evolution.energy)
    hypotheses = case.hypotheses(stage, signs=True)
    functional = f"-int N ln(N/{s}) d{energy}"
    if not found.kappa and not found.delta and kernel.is_not_negative(found.alpha, stage):
        reason = f"h = N/{s} is carried along unchanged, so {functional} is constant."
        if found.alpha:
            reason = (
                f"With h = N/{s}, {case.rate} ({functional}) = int a h_{energy}^2/h d{energy}, a = {short(found.alpha)} >= 0."
            )
        return say(case, "entropy", reason, (*hypotheses, "N > 0", ENDS), {"kind": "entropy"}, True)
    leaking, growth = kernel.production(stage)
    p, wanted = (leaking, _nonzero) if leaking else (growth, _negative)
    body = first(
        fields_for(p, stage.evolution.chart, stage.evolution.energy, {ROOT}, case.signed, wanted),
        f"no sign of the production is in sight: a = {short(found.alpha)}, delta = {short(found.delta)}",
    )
    reason = f"{functional} can fall: its rate is {body['integral']} for the fields of the countermodel."
    if leaking:
        reason = (
            f"{functional} can fall: with h = N/{s} its rate has the term -int kappa h ln h d{energy}, "
            f"kappa = {short(found.kappa)}, and takes both signs as h is scaled, "
            f"since int kappa h d{energy} = {body['integral']} for the fields of the countermodel."
        )
    return say(case, "entropy", reason, hypotheses, {"kind": "entropy falls", **body}, True)


def _nonzero(x: Fraction) -> bool:
    return x != 0


def _negative(x: Fraction) -> bool:
    return x < 0
