"""Points at which differential polynomials vanish, in rational numbers.

Each premise is solved for one of its variables, and a derivative of that variable by the derivative of the premise; what no
premise fixes is drawn.  The kernel checks every point.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction

from derive.kernel.at_point import key_of
from derive.kernel.errors import KernelError
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import Jets, Var, jet
from derive.kernel.positivity import squares
from derive.kernel.smooth import Read, derived
from derive.kernel.tally import WORK
from derive.kernel.two_points import is_shared, partner, ratio_of, scaling
from derive.tactics.elimination import Elimination, GaveUp, Instance, rank, solved_point

ATTEMPTS = 6
EFFORT = 100_000  # products of monomials, for one search of multipliers or of a point


def points(read: Read, instances: list[Instance]) -> Iterator[dict[str, Fraction]]:
    """Points at which every instance vanishes: the premises are solved for one variable each, and so are their derivatives
    then; or, where that fails, the instances one after the other."""
    for values in _points(read, instances, {}):
        yield {key_of(v): value for v, value in values.items()}


def pairs_of_points(
    read: Read, instances: list[Instance]
) -> Iterator[tuple[dict[str, Fraction], dict[Fraction, dict[str, Fraction]]]]:
    """A point with one more for each multiple of the energy at which the claim speaks of a moment, which agree where they
    must (kernel/two_points.py)."""
    fields = read.fields
    scaled = [v for v in sorted(read.residual.variables) if ratio_of(fields, v) != 1]
    energy: Var = ("coord", fields.energy)
    for here in _points(read, instances, {}):
        elsewhere: dict[Fraction, dict[str, Fraction]] = {}
        for ratio in {ratio_of(fields, v): None for v in scaled}:
            shared = {v: value for v, value in here.items() if is_shared(fields, v)}
            if energy in here:
                shared[energy] = here[energy] / ratio
            there = next((each for each in _points(read, instances, shared, skip=1) if _agrees(each, shared)), None)
            if there is None:
                break
            elsewhere[ratio] = {key_of(v): value for v, value in there.items() if ratio_of(fields, v) == 1}
            for v in scaled:
                if ratio_of(fields, v) == ratio and partner(fields, v) in there:
                    here[v] = scaling(fields, v) * there[partner(fields, v)]
        else:
            yield {key_of(v): value for v, value in here.items()}, elsewhere


def _agrees(values: dict[Var, Fraction], shared: Mapping[Var, Fraction]) -> bool:
    return all(values.get(v, value) == value for v, value in shared.items())


def _points(read: Read, instances: list[Instance], held: Mapping[Var, Fraction], skip: int = 0) -> Iterator[dict[Var, Fraction]]:
    wanted = {v for p in [read.residual, *read.sides, *(p for _, p in instances)] for v in p.variables}
    partners = {partner(read.fields, v) for v in wanted if ratio_of(read.fields, v) != 1}
    wanted |= {v for v in partners if v[1] in read.fields.chart.coordinates}
    solved = _solved(read, instances)
    of_squares = {name for name, _ in squares(read.fields.words)}
    for attempt in range(skip, skip + ATTEMPTS):
        drawn = _drawing(attempt, held, of_squares)
        values = None if solved is None else solved_point(solved, wanted, drawn)
        if values is None:
            values = _point(drawn, random.Random(attempt), [p for _, p in instances if p], wanted)
        if values is not None:
            yield values


def _solved(read: Read, instances: list[Instance]) -> Callable[[Var], Jets | None] | None:
    """variable -> the polynomial that fixes it, from the premises and their derivatives; None where the premises cannot be
    solved."""
    base = sorted((one for one in instances if not any(k for _, k in one[0][1])), key=lambda one: (_height(one[1]), one[0]))
    made = Elimination(None, WORK.count + EFFORT)
    try:
        for place, p in base:
            _raise_rules(read, made, p)
            made.add([(place, p)])
    except (GaveUp, KernelError):
        return None
    chosen = {v: rule.polynomial for v, rule in made.rules.items()}
    for p, _ in made.unsolved:  # linear in a variable whose coefficient is a sum: one may divide by it where it does not vanish
        linear = [v for v in p.variables if v[0] == "jet" and v not in chosen and not _positive(v)]
        linear = [v for v in linear if all(k == 1 for m in p.terms for w, k in m if w == v)]
        if not linear:
            return None
        chosen[max(linear, key=rank)] = p
    leaders = sorted(chosen.items(), key=lambda one: (len(one[1].terms), one[0]))
    known: dict[Var, Jets | None] = {}

    def rule(v: Var) -> Jets | None:
        """The polynomial that fixes a variable: that of a leader, or its derivative."""
        if v not in known:
            known[v] = chosen.get(v)
            for leader, p in leaders if known[v] is None else ():
                more = _beyond(v, leader)
                if more is not None:
                    known[v] = derived(read.fields, p, more)
                    break
        return known[v]

    return rule


def _beyond(v: Var, leader: Var) -> list[tuple[str, int]] | None:
    """How often to differentiate the leader to get the variable; None where it is none of its derivatives."""
    if v[0] != "jet" or v[1] != leader[1]:
        return None
    more = dict(v[2])
    for token, k in leader[2]:
        more[token] = more.get(token, 0) - k
    return sorted(more.items()) if min(more.values(), default=0) >= 0 else None


def _raise_rules(read: Read, made: Elimination, p: Jets) -> None:
    """Rules for those variables of a polynomial that are derivatives of variables solved before."""
    for w in p.variables:
        for v, rule in list(made.rules.items()):
            more = _beyond(w, v) if w not in made.rules else None
            if more:
                raised = derived(read.fields, rule.polynomial, more)
                _raise_rules(read, made, Jets({m: c for m, c in raised.terms.items() if not dict(m).get(w)}))
                made.add([((-1, w[2]), raised)])


def _height(p: Jets) -> tuple[int, int]:
    return max((_order(v) for v in p.variables), default=0), len(p.terms)


def _drawing(attempt: int, held: Mapping[Var, Fraction], of_squares: Collection[str] = ()) -> Callable[[Var], Fraction]:
    def drawn(v: Var) -> Fraction:
        if v in held:
            return held[v]
        rng = random.Random(f"{attempt}|{v!r}")
        if v[0] == "jet" and v[1] in of_squares and not v[2]:
            return Fraction(rng.choice((10, 11, 13)))  # above the square of any other moment drawn here
        return Fraction(rng.choice((1, 2, 3, 5)) if _positive(v) else rng.choice((-3, -2, -1, 1, 2, 3)))

    return drawn


def _point(
    drawn: Callable[[Var], Fraction], rng: random.Random, premises: list[Jets], others: set[Var]
) -> dict[Var, Fraction] | None:
    """Values of every variable at which the premises vanish, each solved for one of the most differentiated; None where this draw
    has none."""
    values: dict[Var, Fraction] = {}
    for p in sorted(premises, key=lambda p: max(((_order(v), repr(v)) for v in p.variables), default=(0, ""))):
        unknown = [v for v in p.variables if v not in values]
        linear = [v for v in unknown if not _positive(v) and all(k == 1 for m in p.terms for w, k in m if w == v)]
        pivot = max(linear, key=lambda v: (_order(v), rng.random()), default=None)
        for v in unknown:
            if v != pivot:
                values[v] = drawn(v)
        slope, rest = Gaussian(0), Gaussian(0)
        for monomial, c in p.terms.items():
            WORK.count += 1
            for v, k in monomial:
                if v != pivot:
                    if k < 0 and not values[v]:
                        return None
                    c = c * Gaussian(values[v] ** k)
            slope, rest = (slope + c, rest) if any(v == pivot for v, _ in monomial) else (slope, rest + c)
        if pivot is None:
            if rest:
                return None
            continue
        solution = -rest * slope.inverse() if slope else Gaussian(0)
        if (rest and not slope) or solution.im:
            return None
        values[pivot] = solution.re if slope else drawn(pivot)
    for v in sorted(others):
        values.setdefault(v, drawn(v))
    return values


def _order(v: Var) -> int:
    return sum(k for _, k in v[2]) if v[0] == "jet" else 0


def _positive(v: Var) -> bool:
    return v[0] == "par" or v == jet("Sigma")
