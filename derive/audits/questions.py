"""The audit of a derivation: every question about every evolution equation.

N is the density: the field that evolves, or c v where c v_t is the rate.  Evidence is proposed here and checked by the kernel
before an answer is given; a question whose evidence is refused, or that cannot be put, is undecided with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.audits.answer import QUESTIONS, Audit
from derive.audits.case import Case, say, short, valued
from derive.audits.found import Found, equations_of, evolution_of, is_continuity
from derive.audits.growth import h_theorem, positivity
from derive.audits.known import Signs, clock_of, feeder_for, signs_of, slow_of, small_of, source_for
from derive.audits.norm import diffusion_form, norm
from derive.audits.operators import operator_audits
from derive.derivation import Derivation
from derive.kernel import audits as kernel
from derive.kernel.errors import KernelError
from derive.kernel.jets import Jets, bare
from derive.language import DimensionMismatch, Function, LanguageError, Parameter, check_dimensions, subexpressions

SCALARS = "The equation is between fields, which are numbers and not operators."
COMPARED = ("carried", "stationary", "entropy")  # questions that need a density of states to compare with


def audit(derivation: Derivation, only: Iterable[str] | None = None) -> tuple[Audit, ...]:
    """Every question about every evolution equation of a derivation, or about those of the steps named, in order.

    An equation between operators is asked for Hermiticity alone; the other questions are about densities.
    """
    wanted = None if only is None else set(only)
    equations = equations_of(derivation)
    signs = signs_of(derivation)
    answers: list[Audit] = []
    steps: list[str] = []
    for found in equations:
        if wanted is not None and found.step not in wanted:
            continue
        if found.obstacle:
            answers += [_unread(found, question) for question in QUESTIONS]
        else:
            case = _case(derivation, found, equations, signs)
            answers += [_answered(case, question) for question in QUESTIONS]
        steps += [found.step] * len(QUESTIONS)
    for step, answer in operator_audits(derivation):
        if wanted is None or step in wanted:
            answers.append(answer)
            steps.append(step)
    order = {step.label: place for place, step in enumerate(derivation)}
    return tuple(answer for _, answer in sorted(zip(steps, answers, strict=True), key=lambda pair: order[pair[0]]))


def _case(derivation: Derivation, found: Found, equations: tuple[Found, ...], signs: Signs) -> Case:
    source = source_for(derivation, found, equations)
    clock = clock_of(derivation, found, source.slow if source else slow_of(found))
    positive, nonnegative = (
        {name: why for name, why in known.items() if name != found.unknown} for known in (signs.positive, signs.nonnegative)
    )
    feeder = feeder_for(derivation, found, equations, source.field if source else "")
    return Case(derivation, found, source, feeder, clock, small_of(found, clock), positive, nonnegative)


def _unread(found: Found, question: str) -> Audit:
    if question == "Hermiticity":
        return Audit(found.label, question, "not-applicable", SCALARS)
    return Audit(found.label, question, "undecided", f"The equation cannot be read: {found.obstacle}.")


def _answered(case: Case, question: str) -> Audit:
    if question in COMPARED and case.source is None:
        own = is_continuity(case.found)
        none = "There is no continuity equation d_tau S + d_E(S W) = 0 whose S could be compared with."
        itself = f"This is the continuity equation of {case.found.unknown} itself; there is no other to compare with."
        return case.answer(question, "not-applicable", itself if own else none)
    try:
        return _ANSWERS[question](case)
    except KernelError as error:
        return case.answer(question, "undecided", f"No answer: {error}.")


# The answers that are not in norm.py and growth.py ------------------------------------------------------------


def _carried(case: Case) -> Audit:
    stage = case.stage(True)
    residual = kernel.carried(stage)
    assert stage.carrier is not None
    s, hypotheses = stage.carrier.field, case.hypotheses(stage)
    omega = f"Omega_{bare(stage.evolution.energy)} = {s}, Omega_{bare(stage.carrier.slow)} = {short(-stage.carrier.flux)}"
    whole = "the equation without its source" if stage.evolution.source else "the equation"
    what = "the first-order part" if case.small else whole
    if not residual:
        reason = f"N = {s} f(Omega) solves {what} for every f; {omega}."
        return say(case, "carried", reason, hypotheses, {"kind": "carried"}, True)
    reason = f"N = {s} f(Omega) does not solve {what}: it leaves {short(residual)}; {omega}."
    return valued(case, "carried", reason, hypotheses, {"kind": "not carried"}, residual, True)


def _stationary(case: Case) -> Audit:
    e, fed = evolution_of(case.found), False
    if e.source:
        if case.feeder is None:
            return case.answer("stationary", "not-applicable", "No other equation says what feeds the source.")
        fed = True
    stage = case.stage(True, fed)
    orders = {p for a in stage.evolution.coefficients.values() for p in powers_of(a, stage.small)}
    if not fed and all(map(stage.is_early, orders)):
        return case.answer("stationary", "not-applicable", "There is no part of higher order in a small parameter.")
    residual = kernel.stationary(stage)
    assert stage.carrier is not None
    s, hypotheses = stage.carrier.field, case.hypotheses(stage)
    vanishes = "vanishes" if not residual else "does not vanish"
    later = f"The part of higher order {vanishes} at N = {s}"
    if fed and case.feeder is not None:
        both = "The sum of source and part of higher order" if not all(map(stage.is_early, orders)) else "The source"
        later = f"{both} {vanishes} where {case.feeder.density} = {s}" + (f" and N = {s}" if both != "The source" else "")
    if not residual:
        return say(case, "stationary", f"{later}.", hypotheses, {"kind": "stationary"}, True, fed)
    reason = f"{later}: it is {short(residual)}."
    return valued(case, "stationary", reason, hypotheses, {"kind": "not stationary"}, residual, True, fed)


def powers_of(p: Jets, parameter: str) -> set[int]:
    """The powers of a parameter that stand in a polynomial."""
    return {dict(m).get(("par", parameter), 0) for m in p.terms}


def _reality(case: Case) -> Audit:
    stage = case.stage()
    hypotheses = ("the fields are real",)
    if kernel.is_real(stage.evolution.right):
        return say(case, "reality", "Every coefficient is real.", hypotheses, {"kind": "real"})
    reason = "Real fields have a complex rate: an imaginary unit is left in it."
    return valued(case, "reality", reason, hypotheses, {"kind": "not real"}, stage.evolution.right)


def _hermiticity(case: Case) -> Audit:
    return case.answer("Hermiticity", "not-applicable", SCALARS)


def _dimensions(case: Case) -> Audit:
    parts = [p for p in subexpressions(case.found.link) if isinstance(p, Function | Parameter)]
    for name in case.found.definitions:
        step = case.derivation[name.partition(".")[0]]
        parts += [p for p in subexpressions(step.claim) if isinstance(p, Function)]
    table = {p.name: [str(x) for x in (p.dimension.energy, p.dimension.time, p.dimension.slow)] for p in parts}
    kind = "homogeneous"
    try:
        reason = f"Every term has the dimension {check_dimensions(case.found.link)}."
    except DimensionMismatch as error:
        kind, reason = "not homogeneous", f"{str(error).splitlines()[0].rstrip('.')}."
    except LanguageError as error:
        raise KernelError(str(error)) from error
    return say(case, "dimensions", reason, (), {"kind": kind, "dimensions": table})


_ANSWERS: dict[str, Callable[[Case], Audit]] = {
    "norm": norm,
    "carried": _carried,
    "stationary": _stationary,
    "diffusion form": diffusion_form,
    "positivity": positivity,
    "entropy": h_theorem,
    "reality": _reality,
    "Hermiticity": _hermiticity,
    "dimensions": _dimensions,
}
