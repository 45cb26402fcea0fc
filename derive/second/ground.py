"""Where things are on a finite model, and what can be done with values: the ground on which terms are evaluated.

Every energy coordinate sits somewhere: at a generic point, or at a point r E_n + shift that some delta or step of the term speaks
of, and moves with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.second.frame import Frame, product, times, total, unit
from derive.second.germs import Germ, Germs, NoMeaning
from derive.second.numbers import Number

Term = tuple[Any, ...]
Result = Any  # a Germ, or a Matrix of them
Spot = tuple[Fraction, int, Number]  # r, n, shift: the point r E_n + shift; n = -1 for a point that does not move


@dataclass
class Model:
    """Numbers by key, as in derive/kernel/model.py, a size, the slow coordinate, and the definitions in force."""

    size: int
    slow: str
    values: Callable[[str], Number]
    definitions: list[tuple[Term, Term]]
    labels: dict[str, int] = field(default_factory=dict)


class Ground:
    """The state of an evaluation; `spots` gathers the points that deltas and steps speak of."""

    def __init__(self, model: Model, g: Germs) -> None:
        self.model, self.g = model, g
        self.frame = Frame(g, model.size, model.slow, model.values)
        self.labels = dict(model.labels)
        self.sites: dict[str, Spot | Number] = {}  # energy token -> where it sits
        self.alias: dict[str, str] = {}
        self.spots: dict[Spot, None] = {}
        self.formal: dict[str, str] = {}  # small parameter -> its increment, inside a coefficient

    # where things are

    def token(self, name: str) -> str:
        return self.alias.get(name, name)

    def position(self, spot: Spot) -> Germ:
        r, n, shift = spot
        level = self.g.scale(self.frame.levels[n], self.g.field.of(r)) if n >= 0 else {}
        return self.g.add(level, self.g.number(shift))

    def coordinate(self, token: str) -> Germ:
        g = self.g
        step = g.increment(token) if token in g.place else {}
        if token.startswith("energy:"):
            site = self.sites[token]
            return g.add(self.position(site) if len(site) == 3 else g.number(site), step)
        return g.add(g.number(self.model.values(f"coord|{token}")), step)

    @contextmanager
    def given(self, **changes: dict[str, Any]) -> Iterator[None]:
        before = {name: getattr(self, name) for name in changes}
        for name, extra in changes.items():
            setattr(self, name, {**before[name], **extra})
        try:
            yield
        finally:
            for name, old in before.items():
                setattr(self, name, old)

    # calculus and combining

    def derivative(self, value: Result, token: str) -> Result:
        if isinstance(value, list):
            return [[self.derivative(entry, token) for entry in row] for row in value]
        if token not in self.g.place:
            raise NoMeaning(f"the derivative in {token}")
        found = self.g.derivative(value, token)
        if token == self.model.slow:
            # at fixed E; the increment e is measured from the moving level
            for energy, site in self.sites.items():
                if len(site) == 3 and energy in self.g.place:
                    speed = self.g.derivative(self.position(site), token)
                    if speed:
                        found = self.g.less(found, self.g.mul(speed, self.g.derivative(value, energy)))
        return found

    def vanishing_head(self, germ: Germ) -> bool:
        return ((), self.g.flat) not in germ

    def combine(self, x: Result, y: Result) -> Result:
        if not isinstance(x, list):
            return times(self.g, x, y) if isinstance(y, list) else self.g.mul(x, y)
        if not isinstance(y, list):
            return [[self.g.mul(entry, y) for entry in row] for row in x]
        if len(x[0]) != len(y):
            raise NoMeaning("a product of vectors and operators that do not fit")
        made = product(self.g, x, y)
        return made[0][0] if len(made) == len(made[0]) == 1 and self.model.size > 1 else made

    def join(self, x: Result, y: Result) -> Result:
        if not isinstance(x, list) and not isinstance(y, list):
            return self.g.add(x, y)
        if not isinstance(x, list):
            x = times(self.g, x, unit(self.g, self.model.size)) if x else [[{} for _ in y[0]] for _ in y]
        if not isinstance(y, list):
            y = times(self.g, y, unit(self.g, self.model.size)) if y else [[{} for _ in x[0]] for _ in x]
        if (len(x), len(x[0])) != (len(y), len(y[0])):
            raise NoMeaning("a sum of vectors and operators that do not fit")
        return total(self.g, x, y)

    def negative(self, x: Result) -> Result:
        return self.entrywise(x, lambda v: self.g.scale(v, self.g.field.neg(self.g.field.one)))

    def entrywise(self, x: Result, change: Callable[[Germ], Germ]) -> Result:
        return [[change(entry) for entry in row] for row in x] if isinstance(x, list) else change(x)
