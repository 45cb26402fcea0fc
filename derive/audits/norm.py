"""Is the norm kept, and is the equation one of drift and diffusion?"""

from __future__ import annotations

from derive.audits.answer import Audit
from derive.audits.case import Case, first, say, short, valued
from derive.audits.leaks import leaking_terms
from derive.audits.search import fields_for
from derive.kernel import audits as kernel
from derive.kernel import jets
from derive.kernel.errors import KernelError
from derive.kernel.evolution import by_parts, fokker_planck, of_density, split_linear
from derive.kernel.jets import Jets, bare, variable

ENDS = "no flux at the ends of the spectrum"


def norm(case: Case) -> Audit:
    """Kept where the rate of N is d_E of a flux; else fields are sought on which it changes."""
    stage = case.stage(case.needs_rule)
    e, energy = stage.evolution, bare(stage.evolution.energy)
    kappa, flux = by_parts(e.chart, e.coefficients, e.unknown, e.energy)
    bumped = {e.unknown}
    left = kappa * variable(jets.jet(e.unknown))
    if e.source:
        name = linear_field(case, e.source)
        bumped.add(name)
        parts, _ = split(e.source, name, e.energy)
        more, other = by_parts(e.chart, parts, name, e.energy)
        flux, left = flux + other, left + more * variable(jets.jet(name))
    hypotheses = case.hypotheses(stage)
    total = f"{case.rate} int N d{energy}"
    if not left:
        reason = f"The rate of N is -d_{energy} J with the flux J = {short(-flux)}, so {total} = 0."
        ends = (ENDS,) if flux else ()
        return say(case, "norm", reason, (*hypotheses, *ends), {"kind": "flux", "flux": jets.to_data(flux)}, case.needs_rule)
    body = first(
        fields_for(e.right, e.chart, e.energy, bumped, case.signed, lambda x: x != 0),
        "not a derivative in the energy, but no polynomial fields were found on which the norm changes",
    )
    value = f"it is {body['integral']} for the fields of the countermodel"
    reason = f"Integrated by parts, {total} = int ({short(left)}) d{energy}; {value}."
    terms = leaking_terms(case.found)
    reason += f" By itself, {terms} is no derivative in {energy}." if terms else ""
    return say(case, "norm", reason, hypotheses, {"kind": "leak", "bumps": sorted(bumped), **body}, case.needs_rule)


def linear_field(case: Case, source: Jets) -> str:
    """The field, of no given sign, in which a source is linear; one that has an equation of its own first."""
    names: list[str] = sorted({v[1] for v in source.variables if v[0] == "jet"} - set(case.positive) - set(case.nonnegative))
    for name in sorted(names, key=lambda name: case.feeder is None or name != case.feeder.field):
        try:
            parts, rest = split(source, name, case.found.energy)
        except KernelError:
            continue
        if parts and not rest:
            return name
    raise KernelError("the source is linear in no field of free sign")


def split(p: Jets, name: str, energy: str) -> tuple[dict[int, Jets], Jets]:
    """The coefficients of a field's derivatives in the energy."""
    if any(v[0] == "jet" and v[1] == name and any(token != energy for token, _ in v[2]) for v in p.variables):
        raise KernelError(f"{name} is differentiated in another coordinate")
    return split_linear(p, lambda v: v[0] == "jet" and v[1] == name, name, energy)


def diffusion_form(case: Case) -> Audit:
    """-d_E(A N) + (1/2) d_E^2(B N), or what is left over."""
    stage = case.stage(case.needs_rule)
    e, hypotheses = stage.evolution, case.hypotheses(stage)
    if of_density(e).order > 2:
        part, p = "order", kernel.not_fokker_planck(stage, "order")
        reason = f"A derivative of order {e.order} in the energy stands in it, with the coefficient {short(p)}."
    elif e.source:
        part, p = "source", e.source
        reason = f"Beside drift and diffusion of N it has the source {short(p)}."
    else:
        form = fokker_planck(e)
        part, p = "remainder", form.remainder
        parts = f"drift A = {short(form.drift)}, diffusion B = {short(form.diffusion)}"
        if not p:
            body = {"kind": "fokker-planck", "drift": jets.to_data(form.drift), "diffusion": jets.to_data(form.diffusion)}
            return say(case, "diffusion form", f"{parts[0].upper()}{parts[1:]}.", hypotheses, body, case.needs_rule)
        reason = f"Beside {parts} there is left Z N with Z = {short(p)}."
    return valued(case, "diffusion form", reason, hypotheses, {"kind": "not fokker-planck", "part": part}, p, case.needs_rule)
