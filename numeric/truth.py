"""Whether an encoded equation is true of the model at finite size, by interpreting both of its sides.

For every ensemble, size and precision, the terms of lhs - rhs are measured (numeric/measure.py); the
residual is their sum, the majorant the sum of their sizes, and what is judged is residual / majorant,
real and imaginary part apart.

    exact      in every ensemble, at every size, for every kernel, width and centre: residual <= C eps,
               in double and in single precision, eps being the spacing of numbers next to 1 in each
    fails      in some ensemble, at all its sizes: above THRESHOLD, and the same in both precisions: an equation
               that is meant at every size is refuted by one
    undecided  anything else, with the reason; also where there is nothing to measure

What speaks of a limit (numeric/kinds.py) is not refuted so; unless it is exact, numeric/limit.py measures it.

C = 4 N kappa^(1 + S).  A sum of N complex products has a relative error of at most about N eps (Higham,
Accuracy and Stability of Numerical Algorithms, 3.1 and 3.6); 4 N leaves room for a chain of products, whose
errors add at random.  Each of the S nested slow derivatives, and the connection once more, divides by
E_n - E_m, so that errors grow by the largest element of the connection: kappa = 1 + max |A_mn|, m != n.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice, product
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from derive.derivation import Derivation, Step
from derive.language import Exactly, Index, ModuloDerivative, choices_in, subexpressions
from derive.verdicts import TRUTH_ORDER, Truth, worst
from numeric.denote import fast_time, interpreter, opened
from numeric.interpreter import Interpreter, Scope
from numeric.kinds import as_rule, of_a_limit
from numeric.limit import Question, asked, in_the_limit
from numeric.loop import round_loop
from numeric.measure import KERNEL_TESTS, NOW, Probe, arrays, norms
from numeric.model import Model
from numeric.recognise import Definition, Read, Roles, read
from numeric.refusals import IllPosed, Refusal, Unsupported
from numeric.sighting import Sighting, looks_at, nested, roundoff
from numeric.terms import at_order, orders_in, terms_of

ENSEMBLES: Final = ("GOE", "GUE", "GSE")
PRECISIONS: Final = (("double", np.complex128), ("single", np.complex64))
THRESHOLD: Final = 1e-3  # of the majorant: what is called a nonzero residual
AGREEMENT: Final = 1e-2  # between the two precisions
MOST_TOGETHER: Final = 64  # readings of one step that are measured on the same samples
ORDERS: Final = (1, 2)  # for a symbolic order j = 1, 2, ...
LIMIT_OPEN: Final = "it speaks of a limit, which is not measured"


@dataclass(frozen=True)
class Profile:
    sizes: tuple[int, ...]
    seconds: float  # for one link
    effort: str = "quick"  # in the limit of many levels


PROFILES: Final[Mapping[str, Profile]] = {
    "quick": Profile((8, 12), 20.0),
    "full": Profile((12, 20), 240.0, "full"),
}


@dataclass(frozen=True)
class Trial:
    """One equation before the judge: what denotes its symbols, and on which samples it is looked at."""

    equation: Any
    used: tuple[Definition, ...]
    roles: Roles
    seed: int
    profile: Profile
    imposed: bool = False  # a condition, which may choose initial values
    bare: bool = False

    @property
    def definitions(self) -> dict[Any, Definition]:
        return {definition.symbol: definition for definition in self.used}


def judge(
    derivation: Derivation, label: str, assignment: Mapping[str, str], seed: int, profile: str = "quick"
) -> tuple[Truth, ...]:
    """The truth of every link of a step, or of a claim made in words that has an encoding.

    The choices are decided by the assignment.  The same seed gives the same measurements.
    Never raises for what a link says: what cannot be judged is undecided, with the reason.
    """
    if profile not in PROFILES:
        raise ValueError(f"expected a profile among {', '.join(PROFILES)}, came {profile!r}")
    with threadpool_limits(limits=1):
        derivation = _with_prose(derivation, label)
        reading = read(derivation, assignment)
        links = reading.claims[label].links
        return tuple(
            _judge_link(derivation, reading, assignment, derivation[label], number, seed, PROFILES[profile])
            for number in range(len(links))
        )


def judge_link(
    derivation: Derivation,
    label: str,
    number: int,
    assignment: Mapping[str, str],
    seed: int,
    profile: str = "quick",
    beside: Callable[[], Sequence[Derivation]] = lambda: (),
) -> Truth:
    """The truth of one link alone, as `judge` finds it; where it speaks of a limit, the same link of the derivations `beside` is
    measured on the same samples, which are drawn once for all of them."""

    def others() -> list[Question]:
        found = []
        for other in beside():
            there = read(other, assignment)
            link = there.claims[label].links[number]
            known = _premises(other, there, other[label], number, None)
            if of_a_limit(link, known):
                used = dict.fromkeys(known[part] for part in opened(link, known) if part in known)
                found.append(asked(link, tuple(used), there.roles))
        return found

    with threadpool_limits(limits=1):
        reading = read(derivation, assignment)
        return _judge_link(derivation, reading, assignment, derivation[label], number, seed, PROFILES[profile], others)


def _with_prose(derivation: Derivation, label: str) -> Derivation:
    """The derivation with the claim in words `label`, if it is one, as its last step."""
    for prose in derivation.prose:
        if prose.label == label and prose.claim is not None:
            last = Step(label, "claim", prose.claim, prose.cites)
            others = tuple(p for p in derivation.prose if p.label != label)
            return replace(derivation, steps=(*derivation.steps, last), prose=others)
    return derivation


def _judge_link(
    derivation: Derivation,
    reading: Read,
    assignment: Mapping[str, str],
    step: Step,
    number: int,
    seed: int,
    profile: Profile,
    together: Callable[[], list[Question]] | None = None,
) -> Truth:
    link = reading.claims[step.label].links[number]
    own = next((d for d in reading.definitions if (d.label, d.link) == (step.label, number)), None)
    if own is not None and own is next(d for d in reading.definitions if d.symbol == own.symbol):
        return Truth("not-applicable", "a definition fixes its symbol; nothing to measure")
    known = _premises(derivation, reading, step, number, own)
    used = dict.fromkeys(known[part] for part in opened(link, known) if part in known)
    role = step.role_of(link)
    truth = tried(Trial(link, tuple(used), reading.roles, seed, profile, role == "condition"))
    if truth.verdict != "exact" and of_a_limit(link, known):
        others = together or partial(siblings, derivation, step, assignment)
        truth = _limited(asked(link, tuple(used), reading.roles), truth, others, seed, profile)
    return as_rule(role, truth)


def _limited(question: Question, finite: Truth, others: Callable[[], list[Question]], seed: int, profile: Profile) -> Truth:
    """The truth of what speaks of a limit; `finite` if the limit cannot be measured, with the reason."""
    deadline = time.monotonic() + profile.seconds
    try:
        return in_the_limit(question, others, seed, profile.effort, deadline)
    except Refusal as refusal:
        return Truth("undecided", f"{LIMIT_OPEN}: {refusal}", measurements=finite.measurements)
    except Exception as error:
        return _broken_off(error)


def siblings(derivation: Derivation, step: Step, assignment: Mapping[str, str]) -> list[Question]:
    """Every link of the step that speaks of a limit, under every reading of its own and of its ancestors' definitions.

    What else the print leaves open is decided by the assignment.
    """
    above = [derivation[label] for label in derivation.ancestors(step.label)]
    sources = [step.claim, *(link for other in above for link in other.links if other.role_of(link) == "definition")]
    offered = {name for source in sources for name in choices_in(source)}
    declared = {one.name: tuple(one.options) for one in derivation.readings if one.name in offered}
    found: dict[Question, None] = {}
    for labels in islice(product(*declared.values()), MOST_TOGETHER):
        reading = read(derivation, {**assignment, **dict(zip(declared, labels, strict=True))})
        for number, link in enumerate(reading.claims[step.label].links):
            known = _premises(derivation, reading, step, number, None)
            if of_a_limit(link, known):
                used = dict.fromkeys(known[part] for part in opened(link, known) if part in known)
                found[asked(link, tuple(used), reading.roles)] = None
    return list(found)


@lru_cache(maxsize=1024)  # many readings of a derivation hold the same equation
def tried(trial: Trial) -> Truth:
    """The truth of one equation; whatever goes wrong is a reason to be undecided."""
    try:
        seen = sightings(trial)
        if of_a_limit(trial.equation, trial.definitions):
            return _exact_or_open(seen)
        truth = verdict(list(seen))
        if truth.verdict == "fails" and trial.imposed:
            return _of_condition(trial, truth)
        return truth
    except Refusal as refusal:
        return Truth("undecided", str(refusal))
    except Exception as error:  # whatever goes wrong in a measurement proves nothing
        return _broken_off(error)


def _exact_or_open(seen: Iterable[Sighting]) -> Truth:
    """Of what speaks of a limit a few levels can say that it is exact, and nothing else: one that denies it ends this."""
    found: list[Sighting] = []
    for sighting in seen:
        found.append(sighting)
        if not sighting.is_exact:
            measurements = tuple(s.measurement() for s in found)
            return Truth("undecided", f"{LIMIT_OPEN}: {_reason('fails', found[-1:])}", measurements=measurements)
    return verdict(found)


def _broken_off(error: Exception) -> Truth:
    message = (str(error).strip() or "no message").splitlines()[0]
    return Truth("undecided", f"the measurement broke off: {type(error).__name__}: {message}")


def _premises(derivation: Derivation, reading: Read, step: Step, number: int, own: Definition | None) -> dict[Any, Definition]:
    """For every symbol its first definition among the step's links and its ancestors, else the first of all.

    A second definition of a symbol is on trial itself, and is judged by the first.
    """
    near = {step.label, *derivation.ancestors(step.label)}
    found: dict[Any, Definition] = {}
    if own is not None:
        found[own.symbol] = next(d for d in reading.definitions if d.symbol == own.symbol)
    for definition in reading.definitions:
        if definition.label in near and (definition.label, definition.link) != (step.label, number):
            found.setdefault(definition.symbol, definition)
    for definition in reading.definitions:
        found.setdefault(definition.symbol, definition)
    return found


def known_to(derivation: Derivation, reading: Read, label: str, number: int) -> dict[Any, Definition]:
    """What denotes the symbols of one link."""
    return _premises(derivation, reading, derivation[label], number, None)


def _of_condition(trial: Trial, truth: Truth) -> Truth:
    """A condition that only chooses initial values that the model leaves free is neither true nor false."""
    bare = list(sightings(replace(trial, bare=True)))
    if all(s.vacuous for s in bare) or verdict(bare).verdict == "exact":
        return Truth(
            "not-applicable",
            "a choice of initial values that the model leaves free: it holds where they are chosen so",
            measurements=truth.measurements,
        )
    return truth


# Measuring -----------------------------------------------------------------------------------------


def sightings(trial: Trial) -> Iterator[Sighting]:
    """The equation on every sample: ensembles, orders j, sizes, precisions; each is measured when it is asked for."""
    modulo = trial.equation.modulo
    if not isinstance(modulo, Exactly | ModuloDerivative):
        raise Unsupported("an equation up to a power of the small parameter has a rate, which one sample does not show")
    deadline = time.monotonic() + trial.profile.seconds
    for order in ORDERS if orders_in(trial.equation) else (None,):
        equation = trial.equation if order is None else at_order(trial.equation, order)
        fast = fast_time(equation, trial.definitions)
        closed = isinstance(modulo, ModuloDerivative)
        sizes = trial.profile.sizes[:2] if closed else trial.profile.sizes
        for name, size, (precision, dtype) in product(ENSEMBLES, sizes, PRECISIONS):
            model = Model(name, size, trial.seed, trial.roles, dtype, loop=closed, bare=trial.bare)
            run = interpreter(model, trial.definitions, fast, deadline)
            yield _sighting(run, equation, precision, order, closed)


def _sighting(run: Interpreter, equation: Any, precision: str, order: int | None, closed: bool) -> Sighting:
    depth, error = nested(equation), 0.0
    bound = roundoff(run.model, depth)
    if closed:
        if equation.modulo.args[0].kind != "slow":
            raise Unsupported("an equation up to the derivative in something else than the slow time")
        tests, total, majorant, error = round_loop(run, lambda there, chosen: measured(there, equation, chosen))
        bound = max(bound, *(roundoff(there.model, depth) for there in run.elsewhere))
    else:
        tests, terms = measured(run, equation, KERNEL_TESTS)
        total = sum(term.astype(np.complex128) for term in terms)
        majorant = sum(norms(term) for term in terms)
    looks = tuple(looks_at(tests, total, majorant))
    return Sighting(run.model.ensemble, run.model.size, precision, bound, order, looks, error)


def measured(run: Interpreter, equation: Any, tests: Sequence[Probe]) -> tuple[tuple[Probe, ...], list[Any]]:
    """The terms of lhs - rhs as arrays: opened by linearity, or as written where parts have no meaning."""
    try:
        return _measured(run, equation, tests, opened=True)
    except (IllPosed, Unsupported):
        return _measured(run, equation, tests, opened=False)


def _measured(run: Interpreter, equation: Any, tests: Sequence[Probe], opened: bool) -> tuple[tuple[Probe, ...], list[Any]]:
    return term_arrays(run, equation, terms_of(equation.lhs, equation.rhs, opened), tests)


def term_arrays(
    run: Interpreter, equation: Any, terms: Sequence[Any], tests: Sequence[Probe] = KERNEL_TESTS
) -> tuple[tuple[Probe, ...], list[Any]]:
    """Terms of an equation as arrays of one shape; free labels are those of the equation."""
    scope = Scope(NOW)
    for index in dict.fromkeys(part for part in subexpressions(equation) if isinstance(part, Index)):
        axis, scope = scope.axis()
        scope = scope.label(index, axis)
    values = [run.value(term, scope) for term in terms]
    used, found = arrays(values, run.model.frame().points[0], tests)
    for array in found:
        if array.dtype != run.model.dtype or not np.isfinite(array).all():
            raise Unsupported("a term is not a finite number of the precision asked for")
    return used, found


# The verdict ---------------------------------------------------------------------------------------


def verdict(found: list[Sighting]) -> Truth:
    """What the sightings say together; see the module."""
    measurements = tuple(s.measurement() for s in found)
    groups = {group: _of_group([s for s in found if s.group == group]) for group in dict.fromkeys(s.group for s in found)}
    shown = worst(groups.values(), TRUTH_ORDER)
    return Truth(shown, _reason(shown, [s for s in found if groups[s.group] == shown]), measurements=measurements)


def _of_group(found: list[Sighting]) -> str:
    if all(s.is_exact for s in found):
        return "exact"
    double, single = ([s for s in found if s.precision == p] for p, _ in PRECISIONS)
    return "fails" if all(map(_nonzero, double, single)) else "undecided"


def _nonzero(double: Sighting, single: Sighting) -> bool:
    """A residual that is there, and the same in both precisions, absolutely and over its majorant."""
    look = double.worst
    other = single.like(look)
    return look.ratio > max(THRESHOLD, 10 * double.error) and all(
        abs(a - b) <= AGREEMENT * abs(a) for a, b in ((look.ratio, other.ratio), (look.residual, other.residual))
    )


def _reason(shown: str, found: list[Sighting]) -> str:
    where = ", ".join(dict.fromkeys(s.group for s in found))
    if shown == "exact":
        units = max(s.worst.ratio / s.bound for s in found)
        return f"an identity at every size tried: at most {units:.2g} of the roundoff allowed"
    if shown == "fails":
        look = max(found, key=lambda s: s.worst.ratio).worst
        amount = f"{look.ratio:.3g} of its terms ({look.part} part)"
        return f"not an identity at finite size: off by {amount} on {where}"
    if any(s.vacuous for s in found):
        return f"both sides vanish, nothing to measure: {where}"
    if any(s.error > s.bound for s in found):
        return f"the integral round the loop is not accurate enough: {where}"
    return f"neither roundoff nor a residual that two precisions agree on: {where}"
