"""Replaying what an audit of an evolution equation has found, from the evidence alone.

Evidence is a JSON object, sealed with a digest, that holds the equation itself; the kernel derives from it, by
derive/kernel/evolution.py, the expression that decides, and compares.  Every object has

    equation, time, energy, unknown      [lhs, rhs] as terms; the coordinates; the field that evolves
    clock                                null, or [t, tau, eps]: the slow time is eps t
    carrier                              null, or {"name", "field", "slow", "equation"}: a continuity equation taken as hypothesis
    feeder                               null, or {"name", "field", "time", "equation"}: the equation of a field in the source
    small                                null, or the parameter whose powers order the right side
    positive, nonnegative                fields that are so by hypothesis

and one of these kinds, with what it shows and what else it holds:

    flux               norm kept                 flux: J with R = d_E J
    leak               norm not kept             fields, constants, bumps: polynomials with int R dE != 0; integral
    carried            S f(Omega) is carried     nothing: the residual vanishes
    not carried        it is not                 values: of the jets, where the residual is not 0
    stationary         S solves the rest         nothing: what is not the first-order part vanishes at N = S, the source
                                                 where the density of the feeder is S
    not stationary     it does not               values
    fokker-planck      of that form              drift, diffusion
    not fokker-planck  it is not                 part (remainder, source, order), values where that part is not 0
    positive           N >= 0 is kept            nothing: order <= 2, no source, coefficient of N'' not negative
    not positive       it is not                 values: N = N' = 0, N'' > 0 and R < 0
    entropy            production >= 0           nothing: alpha >= 0, kappa = delta = 0
    entropy falls      it can be negative        fields, constants; integral of kappa h, or of the production, with h = w^2
    real, not real     R is real, or not         values where it is not
    homogeneous, not homogeneous                 dimensions: of every symbol; every sum has one dimension, or not
    Hermitian, not Hermitian                     the rate of an operator is, or not; equation and time are all they hold

Why `leak` refutes growth of entropy.  For h replaced by M h and S by S the production, of first degree but for the logarithm,
becomes M (production - ln M int kappa h dE): with int kappa h dE != 0 it is negative for M large or for M small.  (An equation
that does not change under S -> S/M lets N = S h keep its norm meanwhile.)  Why h = w^2: then h'^2/h = 4 w'^2 is a polynomial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.kernel import bumps, jets
from derive.kernel.errors import KernelError, Malformed, Refused
from derive.kernel.evolution import (
    ROOT,
    Carrier,
    Evolution,
    applied,
    carried_residual,
    carrier_of,
    entropy,
    evolution,
    fokker_planck,
    of_density,
    of_power,
    with_carrier,
)
from derive.kernel.gaussian import Gaussian
from derive.kernel.hermitian import is_hermitian
from derive.kernel.homogeneity import is_homogeneous, table_from
from derive.kernel.jets import Chart, Jets, Var, jet, number, order_in, variable
from derive.kernel.replay import digest
from derive.kernel.terms import from_json

MOST_FIELDS = 40
LONGEST_POLYNOMIAL = 200

Rule = Callable[["Stage", Any], bool]


@dataclass(frozen=True)
class Stage:
    """What a piece of evidence speaks of, set up from its own bytes."""

    evolution: Evolution
    carrier: Carrier | None
    feeder: Evolution | None
    small: str
    first: int
    positive: frozenset[str]
    nonnegative: frozenset[str]

    def is_early(self, power: int) -> bool:
        """Whether a power of the small parameter belongs to the first-order part."""
        return not self.small or power <= self.first

    def needed(self) -> Carrier:
        if self.carrier is None:
            raise Refused("this needs a continuity equation as hypothesis")
        return self.carrier

    def timed(self) -> Carrier:
        """The rate of S in the equation's own time."""
        carrier, e = self.needed(), self.evolution
        if carrier.slow != e.time and (e.chart.clock is None or e.chart.clock[:2] != (e.time, carrier.slow)):
            raise Refused(f"nothing says how {jets.bare(carrier.slow)} runs in {jets.bare(e.time)}")
        return carrier

    def signed(self) -> Carrier:
        """The same, for the logarithm of N/S: it needs S > 0."""
        if self.timed().field not in self.positive:
            raise Refused(f"this needs the hypothesis that {self.needed().field} is positive")
        return self.timed()


def check_audit(evidence: Any) -> tuple[str, str]:
    """The question and the verdict that the evidence shows; KernelError with the reason where it shows none."""
    if not isinstance(evidence, dict) or str(evidence.get("kind")) not in _KINDS:
        raise Malformed(f"audit: expected an object whose kind is one of {', '.join(_KINDS)}")
    try:
        if evidence.get("digest") != digest(evidence):
            raise Refused("the digest does not belong to these bytes: the evidence was changed after it was stored")
        question, verdict, rule = _KINDS[str(evidence["kind"])]
        if rule(evidence) is not True:
            raise Refused(f"the evidence does not show {evidence['kind']!r}")
    except KernelError:
        raise
    except (RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"audit: {type(error).__name__}: {error!s:.80}") from error
    return question, verdict


def stage_of(evidence: Any) -> Stage:
    """The equation with its hypotheses."""
    equation = _equation(evidence["equation"])
    given = evidence["carrier"]
    source = None if given is None else _equation(given["equation"])
    fed_by = evidence["feeder"]
    feeding = None if fed_by is None else _equation(fed_by["equation"])
    chart = Chart(jets.fields_of(*equation, *(source or ()), *(feeding or ())), clock=_clock(evidence["clock"]))
    time, energy, carrier = str(evidence["time"]), str(evidence["energy"]), None
    if time.partition(":")[0] not in ("time", "slow") or not energy.startswith("energy:"):
        raise Malformed(f"coordinates: expected a time and an energy, came {time} and {energy}")
    if source is not None:
        carrier = carrier_of(evolution(source, str(given["slow"]), energy, str(given["field"]), chart))
        chart = with_carrier(chart, carrier, energy)
    read = evolution(equation, time, energy, str(evidence["unknown"]), chart)
    small = evidence["small"]
    return Stage(
        read,
        carrier,
        None if feeding is None else evolution(feeding, str(fed_by["time"]), energy, str(fed_by["field"]), chart),
        "" if small is None else str(small),
        0 if chart.clock is None or chart.clock[2] != small else 1,
        frozenset(map(str, evidence["positive"])),
        frozenset(map(str, evidence["nonnegative"])),
    )


def _equation(data: Any) -> tuple[Any, Any]:
    lhs, rhs = data
    return from_json(lhs), from_json(rhs)


def _clock(data: Any) -> tuple[str, str, str] | None:
    if data is None:
        return None
    fast, slow, parameter = map(str, data)
    if not fast.startswith("time:") or not slow.startswith("slow:"):
        raise Malformed(f"clock: expected a fast and a slow time, came {fast} and {slow}")
    return fast, slow, parameter


# Expressions that decide ------------------------------------------------------------------------------------


def carried(stage: Stage) -> Jets:
    """d_time N less the first-order part, at N = S f(Omega)."""
    part = of_power(stage.evolution, stage.small, stage.is_early)
    return carried_residual(stage.evolution, stage.timed(), part)


def stationary(stage: Stage) -> Jets:
    """The part of higher order at N = S, and the source where the density that feeds it is S."""
    e, s = stage.evolution, variable(jet(stage.needed().field))
    rest = of_power(e, stage.small, lambda k: not stage.is_early(k))
    if not rest and not e.source:
        raise Refused("there is no part of higher order")
    part = Evolution(e.chart, e.energy, e.time, e.unknown, e.weight, rest, jets.ZERO)
    return applied(part, e.weight**-1 * s) + (fed(stage, s) if e.source else jets.ZERO)


def fed(stage: Stage, density: Jets) -> Jets:
    """The source where the density of the field that feeds it is given."""
    e, feeder = stage.evolution, stage.feeder
    if feeder is None or feeder.unknown not in {v[1] for v in e.source.variables if v[0] == "jet"}:
        raise Refused("this needs the equation of a field in the source")
    if feeder.source:
        raise Refused(f"{feeder.unknown} has a source itself")
    fields = density * feeder.weight**-1

    def change(v: Var) -> Jets | None:
        if v[0] != "jet" or v[1] != feeder.unknown:
            return None
        value = fields
        for token, k in v[2]:
            value = e.chart.d(value, token, k)
        return value

    return e.chart.put(e.source, change)


def not_fokker_planck(stage: Stage, part: str) -> Jets:
    """What an equation has that a Fokker-Planck equation has not."""
    e = stage.evolution
    match part:
        case "source":
            return e.source
        case "order":
            return of_density(e).coefficients[e.order] if e.order > 2 else jets.ZERO
        case "remainder":
            return fokker_planck(e).remainder
    raise Malformed(f"part: expected remainder, source or order, came {part!r:.20}")


def is_not_negative(p: Jets, stage: Stage) -> bool:
    """Whether every term is a positive number times constants, squares and fields that are not negative: sufficient."""

    def fine(v: Var, k: int) -> bool:
        if v[0] == "par" or k % 2 == 0:
            return True
        return v[0] == "jet" and not v[2] and (v[1] in stage.positive or (v[1] in stage.nonnegative and k > 0))

    return all(not c.im and c.re > 0 and all(fine(v, k) for v, k in m) for m, c in p.terms.items())


def production(stage: Stage) -> tuple[Jets, Jets]:
    """kappa h, and the production 4 alpha w'^2 + delta w^2 without it, at h = w^2."""
    found = entropy(stage.evolution, stage.signed())
    e = stage.evolution
    chart = e.chart.with_field(ROOT, [e.energy])
    w = variable(jet(ROOT))
    return found.kappa * w**2, number(4) * found.alpha * chart.d(w, e.energy) ** 2 + found.delta * w**2


# Values and polynomial fields -------------------------------------------------------------------------------


def value_at(p: Jets, stage: Stage, data: Any) -> Gaussian:
    """A differential polynomial at stated values of the jets; signs as the hypotheses have them."""
    values = {jets.var_from(v): jets.rational(x) for v, x in data}
    if len(values) != len(data):
        raise Malformed("values: a variable is given twice")
    for v, x in values.items():
        signed = v[0] == "par" or (v[0] == "jet" and not v[2] and v[1] in stage.positive | stage.nonnegative)
        if signed and x <= 0:
            raise Refused(f"{jets.name_of(v)} must be positive")
    missing = set(p.variables) - set(values)
    if missing:
        raise Refused(f"no value is given for {', '.join(sorted(map(jets.name_of, missing)))}")
    total = Gaussian(0)
    for monomial, c in p.terms.items():
        for v, k in monomial:
            c = c * Gaussian(values[v] ** k)
        total = total + c
    return total


def integral_over(p: Jets, stage: Stage, evidence: Any, named: Iterable[str]) -> Fraction:
    """The integral on the evidence's fields, of which the named ones are bumps that every term of p holds."""
    energy, fields = stage.evolution.energy, {}
    for v, coefficients in evidence["fields"]:
        read = jets.var_from(v)
        if read[0] != "jet" or order_in(read, energy) or read in fields or len(coefficients) > LONGEST_POLYNOMIAL:
            raise Malformed("fields: expected each field once, with a polynomial in the energy")
        fields[read] = bumps.trimmed([jets.rational(x) for x in coefficients])
    if len(fields) > MOST_FIELDS:
        raise Malformed(f"fields: expected at most {MOST_FIELDS}")
    constants = {jets.var_from(v): jets.rational(x) for v, x in evidence["constants"]}
    if any(v[0] == "par" and x <= 0 for v, x in constants.items()):
        raise Refused("a constant must be positive")
    for v, polynomial in fields.items():
        if len(polynomial) > 1 and energy not in stage.evolution.chart.coordinates.get(v[1], {energy}):
            raise Refused(f"{v[1]} does not depend on the energy")
        if v[2]:
            continue
        if v[1] in stage.positive and not bumps.is_positive(polynomial):
            raise Refused(f"{v[1]} must be positive on the interval")
        if v[1] in stage.nonnegative and not bumps.is_nonnegative(polynomial):
            raise Refused(f"{v[1]} must not be negative on the interval")
    names = set(named)
    for monomial in p.terms:
        if not any(v[0] == "jet" and v[1] in names and k > 0 for v, k in monomial):
            raise Refused("a term without a bump: what is integrated does not vanish outside the interval")
    for name in names:
        highest = max((order_in(v, energy) for v in p.variables if v[0] == "jet" and v[1] == name), default=0)
        if any(v[1] == name and not bumps.is_bump(q, highest) for v, q in fields.items()):
            raise Refused(f"{name} does not vanish at both ends with its derivatives")
    found = bumps.integral(bumps.substituted(p, energy, fields, constants))
    if jets.rational(evidence["integral"]) != found:
        raise Refused("the stated integral is not what these fields give")
    return found


# One rule a kind ----------------------------------------------------------------------------------------------


def _flux(stage: Stage, evidence: Any) -> bool:
    e = stage.evolution
    return not e.right - e.chart.d(jets.from_data(evidence["flux"]), e.energy)


def _leak(stage: Stage, evidence: Any) -> bool:
    bumped = set(map(str, evidence["bumps"]))
    return integral_over(stage.evolution.right, stage, evidence, bumped) != 0


def _forms(stage: Stage, evidence: Any) -> bool:
    if stage.evolution.source:
        return False
    found = fokker_planck(stage.evolution)
    stated = jets.from_data(evidence["drift"]), jets.from_data(evidence["diffusion"])
    return not found.remainder and (found.drift, found.diffusion) == stated


def _positive(stage: Stage, evidence: Any) -> bool:
    e = of_density(stage.evolution)
    return not e.source and e.order <= 2 and is_real(e.right) and is_not_negative(e.coefficients.get(2, jets.ZERO), stage)


def _not_positive(stage: Stage, evidence: Any) -> bool:
    e = of_density(stage.evolution)
    values = {jets.var_from(v): jets.rational(x) for v, x in evidence["values"]}
    touching = [values[jet(e.unknown, *[e.energy] * k)] for k in range(3)]
    if touching[:2] != [0, 0] or touching[2] <= 0:
        raise Refused("the density must touch zero from above")
    found = value_at(e.right, stage, evidence["values"])
    return not found.im and found.re < 0


def _entropy(stage: Stage, evidence: Any) -> bool:
    found = entropy(stage.evolution, stage.signed())
    return not found.kappa and not found.delta and is_not_negative(found.alpha, stage)


def _entropy_falls(stage: Stage, evidence: Any) -> bool:
    leaking, growth = production(stage)
    if leaking:
        return integral_over(leaking, stage, evidence, [ROOT]) != 0
    return integral_over(growth, stage, evidence, [ROOT]) < 0


def is_real(p: Jets) -> bool:
    return not any(c.im for c in p.terms.values())


def _homogeneous(evidence: Any) -> bool:
    return is_homogeneous(_equation(evidence["equation"]), table_from(evidence["dimensions"]))


def _staged(rule: Rule) -> Callable[[Any], bool]:
    return lambda evidence: rule(stage_of(evidence), evidence)


def _hermitian(evidence: Any) -> bool:
    return is_hermitian(_equation(evidence["equation"]), str(evidence["time"]))


_KINDS: dict[str, tuple[str, str, Callable[[Any], bool]]] = {
    "flux": ("norm", "yes", _staged(_flux)),
    "leak": ("norm", "no", _staged(_leak)),
    "carried": ("carried", "yes", _staged(lambda s, _: not carried(s))),
    "not carried": ("carried", "no", _staged(lambda s, x: bool(value_at(carried(s), s, x["values"])))),
    "stationary": ("stationary", "yes", _staged(lambda s, _: not stationary(s))),
    "not stationary": ("stationary", "no", _staged(lambda s, x: bool(value_at(stationary(s), s, x["values"])))),
    "fokker-planck": ("diffusion form", "yes", _staged(_forms)),
    "not fokker-planck": (
        "diffusion form",
        "no",
        _staged(lambda s, x: bool(value_at(not_fokker_planck(s, x["part"]), s, x["values"]))),
    ),
    "positive": ("positivity", "yes", _staged(_positive)),
    "not positive": ("positivity", "no", _staged(_not_positive)),
    "entropy": ("entropy", "yes", _staged(_entropy)),
    "entropy falls": ("entropy", "no", _staged(_entropy_falls)),
    "real": ("reality", "yes", _staged(lambda s, _: is_real(s.evolution.right))),
    "not real": ("reality", "no", _staged(lambda s, x: bool(value_at(s.evolution.right, s, x["values"]).im))),
    "Hermitian": ("Hermiticity", "yes", _hermitian),
    "not Hermitian": ("Hermiticity", "no", lambda x: not _hermitian(x)),
    "homogeneous": ("dimensions", "yes", _homogeneous),
    "not homogeneous": ("dimensions", "no", lambda x: not _homogeneous(x)),
}

KINDS = tuple(_KINDS)
