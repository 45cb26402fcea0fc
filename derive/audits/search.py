"""Proposing countermodels: values of jets, and polynomial fields.  The kernel decides whether one is any good."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from typing import Any

from derive.kernel import bumps
from derive.kernel.bumps import Polynomial, base_of
from derive.kernel.errors import KernelError
from derive.kernel.jets import Chart, Jets, Var, order_in


def _polynomial(*coefficients: int) -> Polynomial:
    return [Fraction(a) for a in coefficients]


# Positive on [0, 1], the plain ones first; last a steep one, and a spike where the bump E (1 - E) begins to fall: together
# they let a first derivative outweigh a second.
STEEP = [Fraction(1, 1000), *[Fraction(0)] * 7, Fraction(1)]
_PEAK = bumps.times(bumps.power(_polynomial(0, 1), 66), bumps.power(_polynomial(1, -1), 54))
SPIKE = bumps.plus(_polynomial(1), bumps.times(_polynomial(10**60), _PEAK))
SIGNED = (_polynomial(1), _polynomial(1, 1), _polynomial(1, 0, 1), STEEP, SPIKE)
FREE = (_polynomial(1), _polynomial(1, 1), _polynomial(-100), _polynomial(100), _polynomial(1, 0, 1))
MOST_TRIES = 120


def values_for(p: Jets, fixed: dict[Var, Fraction], signed: Callable[[Var], bool]) -> Iterator[list[Any]]:
    """Values of the jets of p, small and different; those that must be positive are."""
    free = [v for v in p.variables if v not in fixed]
    for turn in range(40):
        values = dict(fixed)
        for place, v in enumerate(free):
            size = Fraction(1 + (place * (turn + 1) + turn) % 7, 1 + turn % 3)
            minus = not signed(v) and (turn >> (place % 5)) & 1
            values[v] = -size if minus else size
        yield [[_plain(v), str(x)] for v, x in sorted(values.items())]


def _plain(v: Any) -> Any:
    return [_plain(part) for part in v] if isinstance(v, tuple) else v


def fields_for(
    p: Jets, chart: Chart, energy: str, bumped: set[str], signed: Collection[str], wanted: Callable[[Fraction], bool]
) -> Iterator[dict[str, Any]]:
    """Polynomial fields on which the integral of p is wanted; the bumped ones hold the factors that clear denominators."""
    bases = sorted({base_of(v, energy) for v in p.variables if v[0] == "jet"})
    highest = max((order_in(v, energy) for v in p.variables if v[0] == "jet" and v[1] in bumped), default=0)
    others = [v for v in bases if v[1] not in bumped]
    below = {v: max(-dict(m).get(v, 0) for m in p.terms) for v in p.divisors if v[0] == "jet"}
    constants = {v: Fraction(1) for v in p.variables if v[0] in ("par", "coord") and v != ("coord", energy)}
    shapes = [_shapes(v, chart, energy, signed) for v in others]
    places = sorted(itertools.product(*(range(len(row)) for row in shapes)), key=sum)  # plain fields first
    for lean in ([1], [1, 1], [1, -1]):
        for chosen in places[:MOST_TRIES]:
            fields = {v: row[k] for v, row, k in zip(others, shapes, chosen, strict=True)}
            if any(fields.get(v) is SPIKE for v in below):
                continue  # the factor that clears it would be too long
            clearing = [Fraction(1)]
            for v, k in below.items():
                if v in fields:
                    clearing = bumps.times(clearing, bumps.power(fields[v], k + highest))
            bump = bumps.power([Fraction(0), Fraction(1), Fraction(-1)], highest + 1)
            bump = bumps.times(bumps.times(bump, _polynomial(*lean)), clearing)
            fields |= {v: bump for v in bases if v[1] in bumped}
            try:
                found = bumps.integral(bumps.substituted(p, energy, fields, constants))
            except KernelError:
                continue
            if wanted(found):
                yield {
                    "fields": [[_plain(v), [str(a) for a in q]] for v, q in sorted(fields.items())],
                    "constants": [[_plain(v), str(x)] for v, x in sorted(constants.items())],
                    "integral": str(found),
                }


def _shapes(v: Var, chart: Chart, energy: str, signed: Collection[str]) -> tuple[Polynomial, ...]:
    """What may stand for a field: positive where its sign is given, constant where it does not depend on the energy."""
    row = SIGNED if v[1] in signed and not v[2] else FREE
    return row if energy in chart.coordinates.get(v[1], {energy}) else tuple(q for q in row if len(q) == 1)
