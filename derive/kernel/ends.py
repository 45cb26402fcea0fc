"""Integrals up to a time, at a point that refutes: which values they may take there.

Of fields that hold at one point a primitive P(t) = int_0^t p ds is free, but for two things.  It vanishes at t = 0: a premise
int_0^t p ds = q, for a q without t, leaves no freedom at all, though at one point it seems to.  And it tends to int_0^oo p ds.
So a premise that holds a primitive P at a moving end is admitted only where it can be solved for all times, linearly and times
what knows nothing of t:

    for a field of all its coordinates that no other premise holds: it only says what this field is, whatever P is; or
    for P itself, which is then put into the others.  P vanishes at t = 0 if the rest of the premise does.

The second is admitted as well where the rest does not vanish at 0, if something in the equations is integrated without end: such
equations speak of times long after 0, as that of a correlator whose integral has come to rest.  Then P is what it tends to, where
something speaks of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.kernel.algebra import thaw
from derive.kernel.at_point import key_of, value_at
from derive.kernel.errors import Refused
from derive.kernel.fields import Fields
from derive.kernel.jets import Jets, Var, jet, variable
from derive.kernel.moment_words import tokens_in
from derive.kernel.prolongation import prolonged


@dataclass(frozen=True)
class Point:
    """Numbers for the fields' derivatives, and how often the premises are differentiated in each coordinate."""

    values: dict[str, Fraction]
    orders: dict[str, int]


def limits_at_rest(fields: Fields, premises: list[Jets]) -> list[Jets]:
    """P(t) - P(oo) for every primitive that a premise holds at a moving end, where the same is integrated without end."""
    held = sorted({v[1] for p in premises for v in p.variables if fields.moving(v)})
    made = []
    for name in held:
        body, end = fields.primitives[name]
        for other, (same, far) in fields.primitives.items():
            if same == body and far[0] == "oo" and far[1] == _sign(end):
                made.append(variable(jet(name)) - variable(jet(other)))
    return made


def refuse_bound_integrals(fields: Fields, residual: Jets, premises: list[Jets], point: Point) -> None:
    """Refused where a premise binds an integral up to a time, or where the point lies at the time 0 itself."""
    ends = _Ends(fields, point, any(end[0] == "oo" for _, end in fields.primitives.values()))
    times = ends.moving(residual, *premises)
    for token in times & {v[1] for p in (residual, *premises) for v in p.variables if v[0] == "coord"}:
        if not point.values.get(key_of(("coord", token))) or not all(_sign(end, token) for _, end in fields.primitives.values()):
            raise Refused("a time stands by itself and in the end of an integral, which may vanish at the point")
    for name in {v[1] for p in premises for v in p.variables if ends.moves(v)}:
        body, end = fields.primitives[name]
        others = [other for held, (same, other) in fields.primitives.items() if same == body and held != name]
        if len(fields.moving(jet(name))) > 1 or (others and not _sign(end)):
            raise Refused("a premise holds an integral up to an end that is no multiple of one time")
        if any(tokens_in(other) - tokens_in(end) for other in others if other[0] != "oo"):
            raise Refused("a premise holds an integral between two times")
    for q in limits_at_rest(fields, premises):
        ends.require(q)
    left = ends.unsolved(premises)
    while bound := [p for p in left if ends.moving(p)]:
        solved = min(ends.solutions(bound), default=None, key=lambda one: (not ends.at_rest(*one), len(one[0].terms), one[1]))
        if solved is None:
            raise Refused("a premise binds an integral up to a time, which vanishes where that time does")
        left = ends.put_in(left, *solved)


@dataclass
class _Ends:
    fields: Fields
    point: Point
    late: bool
    still: set[str] = field(default_factory=set)  # primitives that a premise shows not to move

    def require(self, q: Jets) -> None:
        """What the premises say at every time holds at the point with its derivatives."""
        if any(value_at(more, self.point.values) for _, more in prolonged(self.fields, q, self.point.orders)):
            raise Refused("what the premises say of an integral up to a time does not hold at the point")

    def require_at_rest(self, q: Jets, tokens: set[str]) -> None:
        """The same in the times at which the integrals in it are at rest."""
        for token in tokens:
            for k in range(1, self.point.orders.get(token, 0) + 1):
                if value_at(self.fields.chart.d(q, token, k), self.point.values):
                    raise Refused("what the premises say of an integral at rest does not hold at the point")

    def unsolved(self, premises: list[Jets]) -> list[Jets]:
        """The premises, each once, without those that only say what a field is that no other of them holds."""
        left = list({_monic(p): p for p in premises}.values())
        while True:
            for place, p in enumerate(left):
                others = {name for k, q in enumerate(left) if k != place for name in _names(q)}
                fresh = _names(p) - others - self.fields.integrated - self.fields.primitives.keys()
                bound = {name for name in _names(p) & others if self.fields.moving(jet(name))}
                if not bound and any(self.says(p, name) for name in fresh):
                    left.pop(place)
                    break
            else:
                return left

    def says(self, p: Jets, name: str) -> bool:
        """Whether a premise says at every place and time what a field is: linearly, times what does not vanish there."""
        if not self.everywhere(p) <= self.fields.chart.coordinates[name]:
            return False
        factors: dict[Var, Jets] = {}
        for monomial, c in p.terms.items():
            mine = [(v, k) for v, k in monomial if v[0] == "jet" and v[1] == name]
            beside = tuple(pair for pair in monomial if pair not in mine)
            if mine and ([k for _, k in mine] != [1] or any(self.in_time(v) for v, _ in beside)):
                return False
            for v, _ in mine:
                factors[v] = factors.get(v, Jets()) + Jets({beside: c})
        return any(value_at(factor, self.point.values) for factor in factors.values())

    def in_time(self, v: Var) -> bool:
        """Whether something depends on a fast time, be it through the end of an integral."""
        held = {v[1]} if v[0] == "coord" else self.fields.chart.coordinates[v[1]] if v[0] == "jet" else set()
        return any(token.startswith("time:") for token in {*held, *self.fields.moving(v)})

    def solutions(self, bound: list[Jets]) -> Iterator[tuple[Jets, str]]:
        """The premises that give a primitive at every time, and 0 at the time 0 or what it tends to, each with its primitive."""
        for p in bound:
            for name in sorted(_names(p)):
                if not self.moves(jet(name)) or not self.is_linear(p, name) or self.elsewhere(name):
                    continue
                if self.late or all(self.vanishes(m, self.fields.moving(jet(name))) for m in p.terms):
                    yield p, name

    def elsewhere(self, name: str) -> bool:
        """Whether the same is integrated up to another time: what the integral is at every time says what it is there."""
        body = self.fields.primitives[name][0]
        ends = [end for same, end in self.fields.primitives.values() if same == body]
        return sum(end[0] != "oo" for end in ends) > 1 or (len(ends) > 1 and not self.late) or bool(self.fields.wholes)

    def put_in(self, premises: list[Jets], p: Jets, name: str) -> list[Jets]:
        """The other premises with the primitive put in that one of them gives: what they then say holds with its derivatives."""
        others = [q for q in premises if q is not p]
        if self.at_rest(p, name):
            self.still.add(name)
            for q in others:
                if name in _names(q) and not self.moving(q):
                    self.require_at_rest(q, self.fields.moving(jet(name)))
            return others
        mine = [v for v in p.variables if v[0] == "jet" and v[1] == name]
        alone = ((mine[0], 1),)
        made = []
        for q in others:
            if name in _names(q):
                if len(mine) > 1 or alone not in p.terms or alone not in q.terms:
                    raise Refused("two premises bind one integral up to a time")
                q = q - p * Jets({(): q.terms[alone] * p.terms[alone].inverse()})
                if self.moving(q):
                    raise Refused("two premises bind more than one integral up to a time")
                self.require(q)
            if q:
                made.append(q)
        return made

    def at_rest(self, p: Jets, name: str) -> bool:
        """Whether a premise is a number times the primitive and what knows nothing of its time: then it does not move."""
        others = [v for v in p.variables if v != jet(name)]
        alone = not any(v[0] == "jet" and v[1] == name for v in others)
        return ((jet(name), 1),) in p.terms and alone and not self.knows_time(p, name)

    def knows_time(self, p: Jets, name: str) -> bool:
        """Whether anything in a premise but the primitive itself depends on the time at which its integral ends."""
        tokens = self.fields.moving(jet(name))
        others = [v for v in p.variables if not (v[0] == "jet" and v[1] == name)]
        return any(self.moves(v) or any(self.fields.depends(v, token) for token in tokens) for v in others)

    def vanishes(self, monomial: Any, moving: set[str]) -> bool:
        """Whether a term vanishes where the times do: by itself, or by a primitive up to one of them."""
        powers = {token: dict(monomial).get(("coord", token), 0) for token in moving}
        if any(k < 0 for k in powers.values()):
            return False
        return any(powers.values()) or any(k > 0 and self.moves(v) & moving for v, k in monomial)

    def is_linear(self, p: Jets, name: str) -> bool:
        """Whether a premise is linear in a field, times what knows nothing of the times that integrals in it end at."""
        moving = self.moving(p)
        for monomial in p.terms:
            mine = [k for v, k in monomial if v[0] == "jet" and v[1] == name]
            beside = [v for v, _ in monomial if not (v[0] == "jet" and v[1] == name)]
            if mine and (mine != [1] or any(self.moves(v) or self.fields.depends(v, token) for v in beside for token in moving)):
                return False
        return True

    def everywhere(self, p: Jets) -> set[str]:
        """The coordinates that a premise speaks of."""
        found = {v[1] for v in p.variables if v[0] == "coord"}
        return found.union(self.moving(p), *(self.fields.chart.coordinates[v[1]] for v in p.variables if v[0] == "jet"))

    def moving(self, *polynomials: Jets) -> set[str]:
        """The times at which integrals of fields end."""
        return set().union(*(self.moves(v) for p in polynomials for v in p.variables))

    def moves(self, v: Var) -> set[str]:
        return set() if v[0] == "jet" and v[1] in self.still else self.fields.moving(v)


def _names(p: Jets) -> set[str]:
    return {v[1] for v in p.variables if v[0] == "jet"}


def _monic(p: Jets) -> Jets:
    return p * Jets({(): p.terms[min(p.terms)].inverse()})


def _sign(end: Any, token: str = "") -> str:
    """The sign of an end that is infinite, or a real number times the time (or any one time): two such ends differ wherever that
    time is not 0.  Empty for any other end."""
    if end[0] == "oo":
        return str(end[1])
    terms = list(thaw(end[1]).items())
    if len(terms) != 1:
        return ""
    ((scalars, word), c) = terms[0]
    ((item, power), *more) = scalars or (((None,), 0),)
    if word or more or power != 1 or item[0] != "coord" or (token and item[1] != token) or c.im:
        return ""
    return "+" if c.re > 0 else "-"
