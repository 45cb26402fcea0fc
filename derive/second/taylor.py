"""Taylor series of fields about one point, with exact coefficients: sums of number x powers of increments, cut off at bounds.

A derivative is exact as long as no more of them are taken than the bound in their coordinate; what is compared is the value at
the point, or the coefficients below what has been taken.
"""

from __future__ import annotations

from itertools import product

from derive.second.germs import NoMeaning
from derive.second.numbers import Field, Number

Series = dict[int, Number]  # place of a choice of powers -> coefficient; zero is the empty series


class Space:
    """Arithmetic of series in the increments of `bounds`, each power at most its bound."""

    def __init__(self, field: Field, bounds: dict[str, int]) -> None:
        self.field = field
        self.tokens = tuple(sorted(bounds))
        self.bounds = {token: bounds[token] for token in self.tokens}
        self.powers = list(product(*(range(self.bounds[token] + 1) for token in self.tokens)))
        self.place = {powers: k for k, powers in enumerate(self.powers)}
        self.sums: list[list[tuple[int, int]]] = []  # place -> (other, their sum) where it is within bounds
        for x in self.powers:
            found = ((k, self.place.get(tuple(a + b for a, b in zip(x, y, strict=True)), -1)) for k, y in enumerate(self.powers))
            self.sums.append([pair for pair in found if pair[1] >= 0])

    def number(self, value: Number) -> Series:
        return {0: value} if value != self.field.zero else {}

    def increment(self, token: str) -> Series:
        k = self.place.get(tuple(int(other == token) for other in self.tokens))
        return {} if k is None or token not in self.bounds else {k: self.field.one}

    def at_point(self, series: Series) -> Number:
        return series.get(0, self.field.zero)

    def add(self, *every: Series) -> Series:
        total: Series = {}
        for series in every:
            for k, c in series.items():
                value = self.field.add(total[k], c) if k in total else c
                if value == self.field.zero:
                    total.pop(k, None)
                else:
                    total[k] = value
        return total

    def scale(self, series: Series, c: Number) -> Series:
        return {} if c == self.field.zero else {k: self.field.mul(value, c) for k, value in series.items()}

    def minus(self, series: Series) -> Series:
        return self.scale(series, self.field.neg(self.field.one))

    def mul(self, x: Series, y: Series) -> Series:
        if len(x) > len(y):
            x, y = y, x
        add, mul = self.field.add, self.field.mul
        total: Series = {}
        for j, a in x.items():
            for k, place in self.sums[j]:
                b = y.get(k)
                if b is not None:
                    c = mul(a, b)
                    total[place] = add(total[place], c) if place in total else c
        return {k: c for k, c in total.items() if c != self.field.zero}

    def inverse(self, series: Series) -> Series:
        """1/series, by Newton's sum in what is left beside the value at the point."""
        if not series:
            raise ZeroDivisionError("division by zero")
        if 0 not in series:
            raise NoMeaning("division by a field that vanishes at the point")
        head = self.field.inverse(series[0])
        rest = self.scale({k: c for k, c in series.items() if k}, self.field.neg(head))
        total = part = self.number(self.field.one)
        while part:
            part = self.mul(part, rest)
            total = self.add(total, part)
        return self.scale(total, head)

    def power(self, series: Series, exponent: int) -> Series:
        base = self.inverse(series) if exponent < 0 else series
        total = self.number(self.field.one)
        for _ in range(abs(exponent)):
            total = self.mul(total, base)
        return total

    def derivative(self, series: Series, token: str) -> Series:
        if token not in self.bounds:
            raise NoMeaning(f"the derivative in {token}, which nothing here is a series in")
        at = self.tokens.index(token)
        found: Series = {}
        for k, c in series.items():
            powers = self.powers[k]
            if powers[at]:
                less = tuple(p - (j == at) for j, p in enumerate(powers))
                found[self.place[less]] = self.field.mul(c, self.field.of(powers[at]))
        return found
