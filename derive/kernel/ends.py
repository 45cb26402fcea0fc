"""Integrals up to a time, at a point that refutes: which values they may take there.

Of fields that hold at one point a primitive P(t) = int_0^t p ds is free, but for one thing: it vanishes at t = 0.  So a premise
int_0^t p ds = q, for a q without t, leaves no freedom at all, though at one point it seems to.  A premise that holds a primitive
P at a moving end is admitted only where it can be solved for all times, linearly and times what knows nothing of t:

    for a field of all its coordinates that no other premise holds: it only says what this field is, whatever P is; or
    for P itself, which is then put into the others.  P vanishes at t = 0 if the rest of the premise does.

The second is admitted as well where the rest does not vanish at 0, if something in the equations is integrated without end: such
equations speak of times long after 0, as that of a correlator whose integral has come to rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.kernel.algebra import thaw
from derive.kernel.at_point import key_of, value_at
from derive.kernel.errors import Refused
from derive.kernel.fields import Fields
from derive.kernel.jets import Jets
from derive.kernel.prolongation import prolonged


@dataclass(frozen=True)
class Point:
    """Numbers for the fields' derivatives, and how often the premises are differentiated in each coordinate."""

    values: dict[str, Fraction]
    orders: dict[str, int]


def refuse_bound_integrals(fields: Fields, residual: Jets, premises: list[Jets], point: Point) -> None:
    """Refused where a premise binds an integral up to a time, or where the point lies at the time 0 itself."""
    moving = _moving(fields, residual, *premises)
    for token in moving & {v[1] for p in (residual, *premises) for v in p.variables if v[0] == "coord"}:
        if not point.values.get(key_of(("coord", token))) or not all(
            _is_multiple(end, token) for _, end in fields.primitives.values()
        ):
            raise Refused("a time stands by itself and in the end of an integral, which may vanish at the point")
    late = any(end[0] == "oo" for _, end in fields.primitives.values())
    left = _unsolved(fields, premises)
    while bound := [p for p in left if _moving(fields, p)]:
        solved = next(((p, name) for p in bound for name in sorted(_names(p)) if _fixes(fields, p, name, late)), None)
        if solved is None:
            raise Refused("a premise binds an integral up to a time, which vanishes where that time does")
        left = _eliminated(fields, left, *solved, point)


def _eliminated(fields: Fields, premises: list[Jets], p: Jets, name: str, point: Point) -> list[Jets]:
    """The other premises with the primitive put in that one of them gives: what they then say holds with its derivatives too."""
    made = []
    for q in (q for q in premises if q is not p):
        if name in _names(q):
            mine = [v for v in p.variables if v[0] == "jet" and v[1] == name]
            alone = ((mine[0], 1),)
            if len(mine) > 1 or alone not in p.terms or alone not in q.terms:
                raise Refused("two premises bind one integral up to a time")
            q = q - p * Jets({(): q.terms[alone] * p.terms[alone].inverse()})
            if _moving(fields, q):
                raise Refused("two premises bind more than one integral up to a time")
            if any(value_at(more, point.values) for _, more in prolonged(fields, q, point.orders)):
                raise Refused("what two premises say of one integral up to a time does not hold at the point")
        if q:
            made.append(q)
    return made


def _unsolved(fields: Fields, premises: list[Jets]) -> list[Jets]:
    """The premises, each once, without those that only say what a field is that no other of them holds."""
    left = list({_monic(p): p for p in premises}.values())
    while True:
        for place, p in enumerate(left):
            others = {name for k, q in enumerate(left) if k != place for name in _names(q)}
            fresh = _names(p) - others - fields.integrated - fields.primitives.keys()
            if any(_everywhere(fields, p) <= fields.chart.coordinates[name] and _is_linear(fields, p, name) for name in fresh):
                left.pop(place)
                break
        else:
            return left


def _fixes(fields: Fields, p: Jets, name: str, late: bool) -> bool:
    """Whether a premise gives a primitive at every time, and 0 at the time 0."""
    moving = fields.moving(("jet", name))
    if not moving or sum(body == fields.primitives[name][0] for body, _ in fields.primitives.values()) > 1:
        return False  # what the integral is at every time says what it is at any other end
    return _is_linear(fields, p, name) and (late or all(_vanishes(fields, m, moving) for m in p.terms))


def _vanishes(fields: Fields, monomial: Any, moving: set[str]) -> bool:
    """Whether a term vanishes where the times do: by itself, or by a primitive up to one of them."""
    powers = {token: dict(monomial).get(("coord", token), 0) for token in moving}
    if any(k < 0 for k in powers.values()):
        return False
    return any(powers.values()) or any(k > 0 and fields.moving(v) & moving for v, k in monomial)


def _is_linear(fields: Fields, p: Jets, name: str) -> bool:
    """Whether a premise is linear in a field, times what knows nothing of the times that integrals in it end at."""
    moving = _moving(fields, p)
    for monomial in p.terms:
        mine = [k for v, k in monomial if v[0] == "jet" and v[1] == name]
        beside = [v for v, _ in monomial if not (v[0] == "jet" and v[1] == name)]
        if mine and (mine != [1] or any(fields.depends(v, token) or fields.moving(v) for v in beside for token in moving)):
            return False
    return True


def _everywhere(fields: Fields, p: Jets) -> set[str]:
    """The coordinates that a premise speaks of."""
    found = {v[1] for v in p.variables if v[0] == "coord"}
    return found.union(_moving(fields, p), *(fields.chart.coordinates[v[1]] for v in p.variables if v[0] == "jet"))


def _moving(fields: Fields, *polynomials: Jets) -> set[str]:
    """The times at which integrals of fields end."""
    return set().union(*(fields.moving(v) for p in polynomials for v in p.variables))


def _names(p: Jets) -> set[str]:
    return {v[1] for v in p.variables if v[0] == "jet"}


def _monic(p: Jets) -> Jets:
    return p * Jets({(): p.terms[min(p.terms)].inverse()})


def _is_multiple(end: Any, token: str) -> bool:
    """Whether an end is infinite, or a number times the time: then two ends differ wherever that time is not 0."""
    if end[0] == "oo":
        return True
    times = (((("coord", token), 1),), ())
    return set(thaw(end[1])) == {times}
