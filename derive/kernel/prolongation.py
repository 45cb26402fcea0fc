"""Premises with their derivatives: an equation between fields holds at every point, so its derivatives hold too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.kernel.errors import Unsupported
from derive.kernel.fields import Fields
from derive.kernel.jets import Derivatives, Jets


def highest(polynomials: Iterable[Jets]) -> dict[str, int]:
    """How often the polynomials' fields are differentiated in each coordinate."""
    found: dict[str, int] = {}
    for v in (v for p in polynomials for v in p.variables if v[0] == "jet"):
        for token, k in v[2]:
            found[token] = max(found.get(token, 0), k)
    return found


def orders_of(fields: Fields, residual: Jets, premises: Iterable[Jets | None], refutes: bool) -> dict[str, int]:
    """How often to differentiate the premises in each coordinate.  A point that refutes must obey them as often as the claim and
    the premises do together, and once more in a coordinate that stands in a premise by itself, so that no consequence that the
    claim can speak of is left out; else as often as the claim does."""
    premises = list(premises)
    mine, theirs = highest([residual]), highest(p for p in premises if p)
    alone = {v[1] for p in premises if p for v in p.variables if v[0] == "coord"} if refutes else set()
    if refutes and any(_fixes_density(fields, p) for p in premises if p):
        for token in fields.frame.coords:  # d_tau Sigma is known: what fixes Sigma says something of the current
            theirs[token] = theirs.get(token, 0) + 1
    total = {t: mine.get(t, 0) + (theirs.get(t, 0) + (t in alone) if refutes else 0) for t in sorted({*mine, *theirs, *alone})}
    return {token: k for token, k in total.items() if token not in fields.bound}


def _fixes_density(fields: Fields, p: Jets) -> bool:
    """Whether a premise holds the density of states and nothing else that knows the slow time."""
    names = {v[1] for v in p.variables if v[0] == "jet"}
    slow = set(fields.frame.coords)
    return fields.density in names and not any(fields.chart.coordinates[name] & slow for name in names - {fields.density})


def prolonged(fields: Fields, premise: Jets, orders: dict[str, int]) -> Iterator[tuple[Derivatives, Jets]]:
    """A premise with its derivatives up to the given orders.  What stands under an integral up to a time brings in its value
    there, of which nothing else speaks (`_check_refutation` sees to it): such a derivative says nothing and is left out."""
    known: dict[Derivatives, Jets | None] = {}
    for derivatives in orders_up_to(orders):
        place = next((k for k in reversed(range(len(derivatives))) if derivatives[k][1]), None)
        made: Jets | None = premise
        if place is not None:
            token, times = derivatives[place]
            lower = known[(*derivatives[:place], (token, times - 1), *derivatives[place + 1 :])]
            try:
                made = None if lower is None else fields.slope(lower, token)
            except Unsupported:
                made = None
        known[derivatives] = made
        if made is not None:
            yield derivatives, made


def orders_up_to(orders: dict[str, int]) -> list[Derivatives]:
    """Every choice of how often to differentiate in each coordinate, up to the given orders."""
    made: list[Derivatives] = [()]
    for token, most in orders.items():
        made = [(*before, (token, k)) for before in made for k in range(most + 1)]
    return made
