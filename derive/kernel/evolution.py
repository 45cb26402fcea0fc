"""Evolution equations between smooth fields: their parts, their flux, and what becomes of a density.

An equation lhs = rhs in which one field v has a first derivative in a time x, and stands linearly, reads, after division by the
constants k before it,

    c v_x = ...,   with c a product of fields.   The density is N = c v, and   d_x N = R = d_x(c) v - (rest of lhs - rhs)/k .

R = sum_k a_k v^(k) + S with the source S free of v; upper (k) are derivatives in the energy.

Norm.  Integration by parts, k times, gives a v^(k) = (-1)^k a^(k) v + d_E sum_{i<k} (-1)^i a^(i) v^(k-1-i), so that

    sum_k a_k v^(k) = kappa v + d_E J,     kappa = sum_k (-1)^k d_E^k a_k   (the adjoint applied to 1).

int R dE = 0 for every v of compact support exactly when kappa = 0, for the v are dense.  A source is linear in some other field w
and is treated in the same way.

Fokker-Planck form.  In terms of the density, R = a2 N'' + a1 N' + a0 N = -d_E(A N) + (1/2) d_E^2(B N) + Z N; comparing orders,
B = 2 a2, A = 2 a2' - a1, Z = a0 - a1' + a2'', which is kappa of the density.

Carried density.  A field S with d_tau S = -d_E J, J = S W with W free of S, has Omega with Omega_E = S, Omega_tau = -J (the two
agree on Omega_Etau), so any f(Omega) moves with the flow: S f(Omega) is put for N.

Entropy.  With N = S h, L = ln h, phi = h L: phi' = h'(L + 1), phi'' = h''(L + 1) + h'^2/h.  Where R is
alpha h'' + beta h' + gamma h,

    d_x(-N L) = -R (L + 1) + h S_x
              = alpha h'^2/h - kappa h L + (S_x - gamma) h - d_E(alpha phi' - alpha' phi + beta phi),
    kappa = alpha'' - beta' + gamma,

so -int N ln(N/S) dE grows for every h > 0 if alpha >= 0, kappa = 0 and delta = S_x - gamma = 0.  `entropy` checks this identity
on each equation before it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.kernel import jets
from derive.kernel.errors import Refused, Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import ONE, ZERO, Chart, Jets, Monomial, Var, jet, number, order_in, variable
from derive.kernel.terms import Term

DENSITY, RATIO, LOG, ROOT = "N", "N/S", "ln N/S", "sqrt N/S"
MEASURE, SHAPE = "int S dE", "f"


@dataclass(frozen=True)
class Evolution:
    """d_time(weight x unknown) = sum_k coefficients[k] unknown^(k) + source."""

    chart: Chart
    energy: str
    time: str
    unknown: str
    weight: Jets
    coefficients: dict[int, Jets]
    source: Jets

    @property
    def homogeneous(self) -> Jets:
        return applied(self, self.chart.field(self.unknown))

    @property
    def right(self) -> Jets:
        return self.homogeneous + self.source

    @property
    def order(self) -> int:
        return max(self.coefficients, default=0)


def applied(e: Evolution, value: Jets) -> Jets:
    """The homogeneous part with `value` for the unknown."""
    made = ZERO
    for k, a in e.coefficients.items():
        made = made + a * e.chart.d(value, e.energy, k)
    return made


def evolution(equation: tuple[Term, Term], time: str, energy: str, unknown: str, chart: Chart) -> Evolution:
    """The parts of an equation; Unsupported where it is not of this kind."""
    residual = jets.read(equation[0], chart) - jets.read(equation[1], chart)
    rate = jet(unknown, time)
    first, rest = split_linear(residual, lambda v: v == rate, "the rate of change")
    leading = first.get(0, ZERO)
    if rate not in first_variables(residual, unknown, time) or not leading:
        raise Unsupported(f"{unknown} has no first derivative in {time}")
    if len(leading.terms) != 1:
        raise Unsupported("a sum of terms before the rate of change; expected a product")
    ((monomial, c),) = leading.terms.items()
    if any(_of(v, unknown) for v, _ in monomial):
        raise Unsupported(f"not linear in {unknown}")
    weight = Jets({tuple((v, k) for v, k in monomial if v[0] == "jet"): Gaussian(1)})
    constants = Jets({tuple((v, k) for v, k in monomial if v[0] != "jet"): c})
    if any(v[0] == "coord" for v, _ in monomial):
        raise Unsupported("a coordinate before the rate of change")
    right = chart.d(weight, time) * variable(jet(unknown)) - rest * constants**-1
    if any(_of(v, unknown) and v != jet(unknown, *[energy] * order_in(v, energy)) for v in right.variables):
        raise Unsupported(f"{unknown} is differentiated in time more than once, or twice over")
    coefficients, source = split_linear(right, lambda v: _of(v, unknown), unknown, energy)
    return Evolution(chart, energy, time, unknown, weight, coefficients, source)


def first_variables(p: Jets, unknown: str, time: str) -> tuple[Var, ...]:
    return tuple(v for v in p.variables if _of(v, unknown) and order_in(v, time) == 1)


def _of(v: Var, name: str) -> bool:
    return bool(v[0] == "jet" and v[1] == name)


def split_linear(p: Jets, chosen: Callable[[Var], bool], what: str, energy: str = "") -> tuple[dict[int, Jets], Jets]:
    """The coefficients of the chosen variables by their order in the energy, and what is free of them."""
    found: dict[int, dict[Monomial, Gaussian]] = {}
    free: dict[Monomial, Gaussian] = {}
    for monomial, c in p.terms.items():
        mine = [(v, k) for v, k in monomial if chosen(v)]
        if not mine:
            free[monomial] = c
            continue
        if len(mine) != 1 or mine[0][1] != 1:
            raise Unsupported(f"not linear in {what}")
        others = tuple((v, k) for v, k in monomial if not chosen(v))
        place = order_in(mine[0][0], energy) if energy else 0
        found.setdefault(place, {})[others] = c
    return {k: Jets(part) for k, part in sorted(found.items()) if part}, Jets(free)


# Norm -----------------------------------------------------------------------------------------------------


def by_parts(chart: Chart, coefficients: dict[int, Jets], name: str, energy: str) -> tuple[Jets, Jets]:
    """(kappa, J) with sum_k a_k v^(k) = kappa v + d_E J."""
    kappa, flux = ZERO, ZERO
    for k, a in coefficients.items():
        kappa = kappa + number((-1) ** k) * chart.d(a, energy, k)
        for i in range(k):
            flux = flux + number((-1) ** i) * chart.d(a, energy, i) * chart.field(name, *[energy] * (k - 1 - i))
    return kappa, flux


# Fokker-Planck form -----------------------------------------------------------------------------------------


def of_density(e: Evolution) -> Evolution:
    """The same equation for the density N = weight x unknown as the unknown."""
    if e.weight == ONE:
        return e
    name = DENSITY
    while name in e.chart.coordinates:
        name += "'"
    tokens = frozenset().union(*(e.chart.coordinates[v[1]] for v in (*e.weight.variables, jet(e.unknown))))
    chart = e.chart.with_field(name, tokens)
    whole = applied(replace(e, chart=chart), e.weight**-1 * variable(jet(name)))
    coefficients, rest = split_linear(whole, lambda v: _of(v, name), name, e.energy)
    if rest:
        raise Unsupported("a density that does not stand linearly")
    return Evolution(chart, e.energy, e.time, name, ONE, coefficients, e.source)


@dataclass(frozen=True)
class FokkerPlanck:
    """R = -d_E(drift N) + (1/2) d_E^2(diffusion N) + remainder N."""

    drift: Jets
    diffusion: Jets
    remainder: Jets


def fokker_planck(e: Evolution) -> FokkerPlanck:
    """The form of the equation for its density; Unsupported above the second order."""
    e = of_density(e)
    if e.order > 2:
        raise Unsupported(f"a derivative of order {e.order} in the energy; a Fokker-Planck equation has at most 2")
    a0, a1, a2 = (e.coefficients.get(k, ZERO) for k in range(3))
    d = e.chart.d
    drift, diffusion = number(2) * d(a2, e.energy) - a1, number(2) * a2
    remainder = a0 - d(a1, e.energy) + d(a2, e.energy, 2)
    back = d(drift * e.chart.field(e.unknown), e.energy)
    spread = number(Fraction(1, 2)) * d(diffusion * e.chart.field(e.unknown), e.energy, 2)
    if spread - back + remainder * e.chart.field(e.unknown) != e.homogeneous:
        raise Refused("the Fokker-Planck form does not give the equation back")
    return FokkerPlanck(drift, diffusion, remainder)


# What a carrier does ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Carrier:
    """A field S with d_slow S = -d_E flux."""

    field: str
    slow: str
    flux: Jets


def carrier_of(e: Evolution) -> Carrier:
    """The equation as a continuity equation d_x S + d_E(S W) = 0; Unsupported where it is none."""
    kappa, flux = by_parts(e.chart, e.coefficients, e.unknown, e.energy)
    if e.weight != ONE or e.source or e.order > 1 or kappa or not flux:
        raise Unsupported("no continuity equation d_x S + d_E(S W) = 0")
    return Carrier(e.unknown, e.time, -flux)


def with_carrier(chart: Chart, carrier: Carrier, energy: str) -> Chart:
    """The chart in which the continuity equation holds."""
    return chart.with_rules({(carrier.field, carrier.slow): -chart.d(carrier.flux, energy)})


def carried_residual(e: Evolution, carrier: Carrier, part: dict[int, Jets]) -> Jets:
    """d_time N - part, at N = S f(Omega): zero where the part carries the density along the flow."""
    chart = e.chart.with_field(MEASURE, e.chart.coordinates[carrier.field])
    measure = {(MEASURE, e.energy): variable(jet(carrier.field)), (MEASURE, carrier.slow): -carrier.flux}
    chart = replace(chart.with_rules(measure), arguments={SHAPE: MEASURE})
    density = variable(jet(carrier.field)) * variable(("arb", SHAPE, 0))
    right = applied(replace(e, chart=chart, coefficients=part), e.weight**-1 * density)
    return chart.d(density, e.time) - right


def of_power(e: Evolution, parameter: str, wanted: Callable[[int], bool]) -> dict[int, Jets]:
    """The part of the coefficients whose power of a small parameter is wanted."""
    found = {}
    for k, a in e.coefficients.items():
        kept = Jets({m: c for m, c in a.terms.items() if wanted(dict(m).get(("par", parameter), 0))})
        if kept:
            found[k] = kept
    return found


@dataclass(frozen=True)
class EntropyBalance:
    """Production of -N ln(N/S), modulo a total derivative: alpha h'^2/h - kappa h ln h + delta h."""

    alpha: Jets
    kappa: Jets
    delta: Jets


def entropy(e: Evolution, carrier: Carrier) -> EntropyBalance:
    """The balance, by the identity at the head of this module, which is checked here."""
    if e.source:
        raise Unsupported("a source has no entropy of its own")
    if e.order > 2:
        raise Unsupported(f"a derivative of order {e.order} in the energy")
    chart = e.chart.with_field(RATIO, e.chart.coordinates[e.unknown] | {e.time}).with_field(LOG, [e.energy])
    h, log = variable(jet(RATIO)), variable(jet(LOG))
    chart = chart.with_rules({(LOG, e.energy): chart.field(RATIO, e.energy) * h**-1})
    s = variable(jet(carrier.field))
    right = applied(replace(e, chart=chart), e.weight**-1 * s * h)
    parts, rest = split_linear(right, lambda v: _of(v, RATIO), RATIO, e.energy)
    if rest:
        raise Unsupported("an equation that is not linear in N/S")
    gamma, beta, alpha = (parts.get(k, ZERO) for k in range(3))

    def d(p: Jets, times: int = 1) -> Jets:
        return chart.d(p, e.energy, times)

    kappa = d(alpha, 2) - d(beta) + gamma
    grown = chart.d(s, e.time)
    delta = grown - gamma
    phi = h * log
    production = alpha * d(h) ** 2 * h**-1 - kappa * phi + delta * h
    flux = alpha * d(phi) - d(alpha) * phi + beta * phi
    if h * grown - right * (log + ONE) != production - d(flux):
        raise Refused("the entropy balance does not close")
    return EntropyBalance(alpha, kappa, delta)
