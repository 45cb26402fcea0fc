"""Deltas, steps, and their integrals over an energy."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from derive.second.germs import Germ, NoMeaning
from derive.second.ground import Result, Spot, Term
from derive.second.numbers import Number
from derive.second.symbols import Symbols

INFINITE: Term = ("oo",)
BELOW: Term = ("prod", ("num", "-1"), ("oo",))


class Singular(Symbols):
    """Places deltas and steps where the energy sits, and integrates over it."""

    def affine(self, term: Term) -> tuple[Fraction, str, dict[Any, Fraction], Germ]:
        """a E + sum of c X + rest: the coefficient and the token of the energy, those of H or of a level, a number."""
        match term[0]:
            case "coord" if term[1].startswith("energy:"):
                return Fraction(1), self.token(term[1]), {}, {}
            case "ham":
                return Fraction(0), "", {"H": Fraction(1)}, {}
            case "level":
                return Fraction(0), "", {self.labels[term[1]]: Fraction(1)}, {}
            case "sum":
                a, token = Fraction(0), ""
                spots: dict[Any, Fraction] = {}
                rest: Germ = {}
                for part in term[1:]:
                    b, other, more, extra = self.affine(part)
                    if token and other and token != other:
                        raise NoMeaning("a delta or step of two energies")
                    a, token, rest = a + b, token or other, self.g.add(rest, extra)
                    for key, c in more.items():
                        spots[key] = spots.get(key, Fraction(0)) + c
                return a, token, spots, rest
            case "prod":
                factor, inner = Fraction(1), []
                for part in term[1:]:
                    if part[0] == "num":
                        factor *= Fraction(part[1])
                    else:
                        inner.append(part)
                if len(inner) == 1:
                    a, token, spots, rest = self.affine(inner[0])
                    return (
                        a * factor,
                        token,
                        {k: c * factor for k, c in spots.items()},
                        self.g.scale(rest, self.g.field.of(factor)),
                    )
                if any(part[0] in ("ham", "level") or (part[0] == "coord" and part[1].startswith("energy:")) for part in inner):
                    raise NoMeaning("a delta or step of what is not affine")
        return Fraction(0), "", {}, self.scalar(term)

    def _delta(self, term: Term) -> Result:
        order = term[1]

        def at(a: Fraction, token: str, where: int) -> Germ:
            if where:
                return {}
            weight = (1 if a > 0 else -1) / a ** (order + 1)
            return self.g.scale(self.g.mark(token, "D", order), self.g.field.of(weight))

        return self.singular(term[2], at)

    def _theta(self, term: Term) -> Result:
        one = self.g.number(self.g.field.one)

        def at(a: Fraction, token: str, where: int) -> Germ:
            above = self.g.mark(token, "R", 0) if where == 0 else one if where > 0 else {}
            return above if a > 0 else self.g.less(one, above)

        return self.singular(term[1], at)

    def singular(self, argument: Term, at: Callable[[Fraction, str, int], Germ]) -> Result:
        a, token, spots, rest = self.affine(argument)
        if not token or not a or len(spots) > 1:
            raise NoMeaning("a delta or step without an energy, or of two levels")
        if any(key[1] != self.g.flat for key in rest):
            raise NoMeaning("a delta or step whose shift moves")
        shift = self.g.field.mul(rest.get(((), self.g.flat), self.g.field.zero), self.g.field.of(-1 / a))
        if not spots:
            return at(a, token, self.side(token, (Fraction(0), -1, shift)))
        ((key, c),) = spots.items()
        if key == "H":
            found = [at(a, token, self.side(token, (-c / a, n, shift))) for n in range(self.model.size)]
            return self.frame.spectral(found)
        return at(a, token, self.side(token, (-c / a, key, shift)))

    def side(self, token: str, spot: Spot) -> int:
        """Where the energy sits as seen from a point: 0 at it, 1 above, -1 below."""
        self.spots[spot] = None
        site = self.sites[token]
        if site == spot:
            return 0
        here = site if len(site) == 2 else self.base(site)
        there = self.base(spot)
        if here == there:
            raise NoMeaning("two points of a delta or a step coincide")
        return 1 if here[0] > there[0] else -1

    def base(self, spot: Spot) -> Number:
        return self.position(spot).get(((), self.g.flat), self.g.field.zero)

    def over_energy(self, token: str, lower: Term, upper: Term, body: Term) -> Result:
        """Deltas integrate to their weights, over the line or up to another energy, where they become steps."""
        if lower != BELOW or not (upper == INFINITE or (upper[0] == "coord" and upper[1].startswith("energy:"))):
            raise NoMeaning("an integral over an energy between ends other than the line or an energy above")
        inner = f"energy:inside {len(self.sites)}"
        found: Result = {}
        done: set[Spot] = set()
        above = "" if upper == INFINITE else self.token(upper[1])
        generic: Number = self.model.values(f"generic|{inner}")
        with self.given(alias={token: inner}, sites={inner: generic}):
            if self.anything(body):
                raise NoMeaning("the integral over the line of a smooth function")
        while fresh := [spot for spot in self.spots if spot not in done]:
            for spot in fresh:
                done.add(spot)
                with self.given(alias={token: inner}, sites={inner: spot}):
                    value = self.value(body)
                found = self.join(found, self.entrywise(value, partial(self.weight, inner=inner, above=above, spot=spot)))
        return found

    def anything(self, body: Term) -> bool:
        """Whether there is something between the points of the deltas; a density of states is zero there, and nothing is divided
        by it but what is zero there too."""
        try:
            value = self.value(body)
        except ZeroDivisionError:
            return False
        return any(any(row) for row in value) if isinstance(value, list) else bool(value)

    def weight(self, value: Germ, inner: str, above: str, spot: Spot) -> Germ:
        found: Germ = {}
        for (marks, powers), c in value.items():
            mine = next((m for m in marks if m[0] == inner), None)
            if mine is None or mine[1] != "D":
                if mine is not None or powers[self.g.place[inner]] == 0:
                    raise NoMeaning("the integral over the line of a smooth function, a step, or what is known at levels only")
                continue
            rest: Germ = {(tuple(m for m in marks if m != mine), powers): c}
            if not above:
                found = found if mine[2] else self.g.add(found, rest)
                continue
            side = self.side(above, spot)
            if mine[2]:
                if side == 0:
                    found = self.g.add(found, self.g.mul(rest, self.g.mark(above, "D", mine[2] - 1)))
            elif side >= 0:
                found = self.g.add(found, self.g.mul(rest, self.g.mark(above, "R", 0)) if side == 0 else rest)
        return found
