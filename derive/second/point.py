"""The numbers of a stored point, by field and derivatives, whatever spelling they are stored under."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from derive.second.germs import Disagrees
from derive.second.looking import drawn, space_of
from derive.second.names import Variable, variable
from derive.second.numbers import PRIME, RATIONAL, Number
from derive.second.setting import Setting
from derive.second.smooth import Smooth
from derive.second.wholes import Met, known_as, primitive_from
from derive.second.world import World


class Point:
    """Gives the stored number of a jet.  What is not said is drawn, once for each filling, so that what depends on it shows."""

    def __init__(self, values: dict[str, Fraction], setting: Setting, refutes: bool) -> None:
        self.setting, self.refutes = setting, refutes
        self.run = Smooth(self.world((), drawn("names")))
        self.known: dict[Any, Fraction] = {}
        self.wholes: dict[Any, dict[Any, Fraction]] = {}
        self.met: Met = []
        self.filling = 0
        self.derived: dict[Any, Number] = {}
        for name, number in values.items():
            self.learn(variable(name, setting.energy), number, name)

    def world(self, bounds: tuple[tuple[str, int], ...], look: Any) -> World:
        field = PRIME if not bounds else RATIONAL
        return World(
            space=space_of(field, bounds),
            energy=self.setting.energy,
            hamiltonian=self.setting.hamiltonian,
            look=look,
            definitions=[],
            real=self.refutes,
            fast=not self.refutes,
        )

    def learn(self, v: Variable, number: Fraction, spelling: str) -> None:
        if v[0] == "jet" and v[1][0] == "whole":
            self.wholes.setdefault(v[1], {})[v[2]] = number
            return
        key = v if v[0] != "jet" else (known_as(self.run, v[1]), v[2])
        if self.known.setdefault(key, number) != number:
            raise Disagrees(f"one number is stored as {number} and as {self.known[key]}, under two spellings: {spelling:.300}")

    def __call__(self, name: Any, orders: dict[str, int]) -> Number:
        key = name if name[0] in ("par", "coord", "end") else (name, tuple(sorted(orders.items())))
        if key in self.known:
            return (self.known[key], Fraction(0))
        if name[0] == "int" and name[2][0] == "oo" and self.wholes:
            found = self.from_whole(name, orders)
            if found is not None:
                return found
        return self.unsaid(key)

    def unsaid(self, key: Any) -> Number:
        return (Fraction(Random(f"{self.filling} {key!r}").randrange(1, 10**6), 997), Fraction(0))

    def from_whole(self, name: Any, orders: dict[str, int]) -> Number | None:
        """The derivative of the primitive of what moves in an integral that is stored as a whole."""
        if (self.filling, name, *sorted(orders.items())) in self.derived:
            return self.derived[self.filling, name, *sorted(orders.items())]
        bounds = tuple(sorted({self.setting.energy: 0, **orders}.items()))
        run = Smooth(self.world(bounds, self))
        for whole, numbers in self.wholes.items():
            if whole[2] != name[2]:
                continue
            series = {}
            for k, powers in enumerate(run.space.powers):
                jets = tuple((t, p) for t, p in zip(run.space.tokens, powers, strict=True) if p)
                c = (numbers[jets], Fraction(0)) if jets in numbers else self.unsaid((whole, jets))
                for _, p in jets:
                    for j in range(2, p + 1):
                        c = RATIONAL.mul(c, (Fraction(1, j), Fraction(0)))
                if c != RATIONAL.zero:
                    series[k] = c
            made = primitive_from(run, whole, series, name[1], self.met)
            if made is not None:
                for token, times in orders.items():
                    for _ in range(times):
                        made = run.space.derivative(made, token)
                found = run.space.at_point(made)
                self.derived[self.filling, name, *sorted(orders.items())] = found
                return found
        return None
