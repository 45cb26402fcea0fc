"""Germs: what a scalar of E, of times and of small parameters is near one point, with deltas and steps at that point.

A germ is a sum of number x mark x powers.  The powers are those of the increments of the coordinates, each cut off at a bound.
An energy that sits at a level has its increment measured from the moving level, E = E_n(tau) + e, and a mark in each term:

    none        a smooth function of e              ("R", 0)   times the step Theta(e)
    ("D", k)    times delta^(k)(e)                  ("Q", w)   times delta(e)^w read at the level only, w != 1

e^j delta^(k) = (-1)^j k!/(k-j)! delta^(k-j).  A delta beside a step, a derivative of a delta beside what is known at the level
only, and a derivative of the latter have no meaning, and are refused.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

from derive.second.numbers import Field, Number

Mark = tuple[str, str, int]  # energy token, sort, number
Key = tuple[tuple[Mark, ...], tuple[int, ...]]
Germ = dict[Key, Number]


class NoMeaning(ValueError):
    """An expression that this checker cannot give a value."""


class Disagrees(ValueError):
    """The second checker finds that stored evidence does not show what it says."""


class Germs:
    """Arithmetic of germs over a field, with increments `tokens` cut off at `bounds`."""

    def __init__(self, field: Field, bounds: dict[str, int]) -> None:
        self.field = field
        self.tokens = tuple(sorted(bounds))
        self.bounds = tuple(bounds[token] for token in self.tokens)
        self.place = {token: k for k, token in enumerate(self.tokens)}
        self.flat = (0,) * len(self.tokens)

    def number(self, value: Number) -> Germ:
        return {((), self.flat): value} if value != self.field.zero else {}

    def fraction(self, value: Fraction | int) -> Germ:
        return self.number(self.field.of(value))

    def increment(self, token: str) -> Germ:
        place = self.place[token]
        if self.bounds[place] < 1:
            return {}
        return {((), tuple(int(k == place) for k in range(len(self.tokens)))): self.field.one}

    def mark(self, token: str, sort: str, number: int) -> Germ:
        return {(((token, sort, number),), self.flat): self.field.one}

    def add(self, *germs: Germ) -> Germ:
        total: Germ = {}
        for germ in germs:
            for key, c in germ.items():
                value = self.field.add(total[key], c) if key in total else c
                if value == self.field.zero:
                    total.pop(key, None)
                else:
                    total[key] = value
        return total

    def scale(self, germ: Germ, c: Number) -> Germ:
        return {} if c == self.field.zero else {key: self.field.mul(value, c) for key, value in germ.items()}

    def less(self, x: Germ, y: Germ) -> Germ:
        return self.add(x, self.scale(y, self.field.neg(self.field.one)))

    def mul(self, x: Germ, y: Germ) -> Germ:
        total: Germ = {}
        field = self.field
        for (mx, px), cx in x.items():
            for (my, py), cy in y.items():
                powers = tuple(a + b for a, b in zip(px, py, strict=True))
                if any(p > b for p, b in zip(powers, self.bounds, strict=True)):
                    continue
                reduced = self._reduced(_merged(mx, my), powers)
                if reduced is None:
                    continue
                key, factor = reduced
                c = field.mul(cx, cy)
                if factor != 1:
                    c = field.mul(c, field.of(factor))
                value = field.add(total[key], c) if key in total else c
                if value == field.zero:
                    total.pop(key, None)
                else:
                    total[key] = value
        return total

    def _reduced(self, marks: tuple[Mark, ...], powers: tuple[int, ...]) -> tuple[Key, int] | None:
        """e^j beside a delta moved into it; e^j beside what is known at the level is zero for j > 0."""
        factor = 1
        kept = []
        for token, sort, k in marks:
            j = powers[self.place[token]]
            if sort in "DQ" and j:
                if sort == "Q" or j > k:
                    return None
                factor *= (-1) ** j * (factorial(k) // factorial(k - j))
                powers = tuple(0 if p == self.place[token] else q for p, q in enumerate(powers))
                k -= j
            kept.append((token, sort, k))
        return (tuple(kept), powers), factor

    def derivative(self, germ: Germ, token: str) -> Germ:
        """The derivative in an increment, its delta and step included."""
        place, field = self.place[token], self.field
        total: Germ = {}
        for (marks, powers), c in germ.items():
            if powers[place]:
                less = tuple(p - (k == place) for k, p in enumerate(powers))
                total = self.add(total, {(marks, less): field.mul(c, field.of(powers[place]))})
            mine = next((m for m in marks if m[0] == token), None)
            if mine is None:
                continue
            if mine[1] == "Q":
                raise NoMeaning("the derivative in E of what is known at the levels only")
            new = (token, "D", 0 if mine[1] == "R" else mine[2] + 1)
            reduced = self._reduced(tuple(new if m == mine else m for m in marks), powers)
            if reduced is not None:
                total = self.add(total, {reduced[0]: field.mul(c, field.of(reduced[1]))})
        return total

    def inverse(self, germ: Germ) -> Germ:
        """1/germ: of a series with a nonzero constant, or of such a series times one power of a delta at one level."""
        marks = {m for m, _ in germ}
        if not marks:
            raise ZeroDivisionError("division by zero")
        if len(marks) > 1:
            raise NoMeaning("division by what has several sorts of singularity")
        (mark,) = marks
        flipped: list[Mark] = []
        for token, sort, k in mark:
            if sort == "R" or (sort == "D" and k):
                raise NoMeaning("division by a step or by a derivative of a delta")
            flipped += [(token, "Q", -1 if sort == "D" else -k)]
        flipped = [(t, "D", 0) if w == 1 else (t, s, w) for t, s, w in flipped]
        series: Germ = {((), powers): c for (_, powers), c in germ.items()}
        head = series.get(((), self.flat))
        if head is None:
            raise NoMeaning("division by a series that vanishes at the point")
        inverse = self.field.inverse(head)
        rest = self.scale({k: c for k, c in series.items() if k[1] != self.flat}, self.field.neg(inverse))
        total, part = self.number(self.field.one), self.number(self.field.one)
        while part:
            part = self.mul(part, rest)
            total = self.add(total, part)
        total = self.scale(total, inverse)
        return {(tuple(flipped), powers): c for (_, powers), c in total.items()}

    def at_level(self, germ: Germ) -> Germ:
        """Where something is known at the levels only, the whole is read there."""
        known = {m[0] for marks, _ in germ for m in marks if m[1:] == ("Q", 0)}
        total: Germ = {}
        for (marks, powers), c in germ.items():
            missing = tuple((token, "Q", 0) for token in known if all(m[0] != token for m in marks))
            reduced = self._reduced(tuple(sorted((*marks, *missing))), powers)
            if reduced is not None:
                total = self.add(total, {reduced[0]: c})
        return total


def _merged(x: tuple[Mark, ...], y: tuple[Mark, ...]) -> tuple[Mark, ...]:
    if not x or not y:
        return x or y
    found: dict[str, Mark] = {m[0]: m for m in x}
    for mark in y:
        mine = found.get(mark[0])
        found[mark[0]] = mark if mine is None else _together(mine, mark)
    return tuple(sorted(found.values()))


def _together(a: Mark, b: Mark) -> Mark:
    """The product of two marks at one level."""
    if a[1] == b[1] == "R":
        return a
    if "R" in (a[1], b[1]):
        raise NoMeaning("a delta beside a step at the same point")
    weights: list[Any] = [1 if m[1] == "D" and m[2] == 0 else m[2] if m[1] == "Q" else None for m in (a, b)]
    if None in weights:
        other = next(m for m, w in zip((a, b), weights, strict=True) if w is None)
        raise NoMeaning(f"a derivative of a delta (order {other[2]}) beside another singularity at the same point")
    return (a[0], "D", 0) if sum(weights) == 1 else (a[0], "Q", sum(weights))
