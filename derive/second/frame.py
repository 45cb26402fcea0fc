"""The moving levels and vectors of H(tau) on a finite model, as Taylor series in the fixed basis of the point.

With U = (|1>, |2>, ..) and W its inverse, U' = U A, W' = -A W, E_n' = V_nn, where V = W H' U, A_mn = V_mn/(E_n - E_m) off the
diagonal and A_nn = i a_n, the free rate of the phase.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.second.germs import Germ, Germs
from derive.second.numbers import Number

Matrix = list[list[Germ]]
Values = Callable[[str], Number]


def product(g: Germs, x: Matrix, y: Matrix) -> Matrix:
    if len(x[0]) != len(y):
        raise ValueError("a product of vectors and operators that do not fit")
    columns = list(zip(*y, strict=True))
    return [[g.add(*(g.mul(a, b) for a, b in zip(row, column, strict=True))) for column in columns] for row in x]


def total(g: Germs, x: Matrix, y: Matrix) -> Matrix:
    if (len(x), len(x[0])) != (len(y), len(y[0])):
        raise ValueError("a sum of vectors and operators that do not fit")
    return [[g.add(a, b) for a, b in zip(r, s, strict=True)] for r, s in zip(x, y, strict=True)]


def times(g: Germs, c: Germ, x: Matrix) -> Matrix:
    return [[g.mul(c, entry) for entry in row] for row in x]


def unit(g: Germs, size: int) -> Matrix:
    return [[g.number(g.field.one) if a == b else {} for b in range(size)] for a in range(size)]


class Frame:
    """H(tau), its levels, U and W."""

    def __init__(self, g: Germs, size: int, slow: str, values: Values) -> None:
        self.g, self.size = g, size
        start = [g.number(values(f"level|{n}")) for n in range(size)]
        self.levels, self.u, self.w = start, unit(g, size), unit(g, size)
        bound = g.bounds[g.place[slow]] if slow in g.place else 0
        self.hamiltonian = [[start[a] if a == b else {} for b in range(size)] for a in range(size)]
        if not bound:
            return
        slope: Matrix = [[{} for _ in range(size)] for _ in range(size)]
        power = g.number(g.field.one)
        for k in range(1, bound + 1):
            jet = [[g.number(values(f"ham|{k}|{a}|{b}")) for b in range(size)] for a in range(size)]
            slope = total(g, slope, times(g, power, jet))
            power = g.scale(g.mul(power, g.increment(slow)), g.field.inverse(g.field.of(k)))
            self.hamiltonian = total(g, self.hamiltonian, times(g, power, jet))
        gauge = [g.number(g.field.mul(values(f"gauge|{n}"), g.field.i)) for n in range(size)]
        one = unit(g, size)
        for _ in range(bound):
            v = product(g, product(g, self.w, slope), self.u)
            turn = [
                [gauge[m] if m == n else g.mul(v[m][n], g.inverse(g.less(self.levels[n], self.levels[m]))) for n in range(size)]
                for m in range(size)
            ]
            rate = product(g, self.u, turn)
            back = product(g, turn, self.w)
            self.u = total(g, one, [[self._integral(entry, slow) for entry in row] for row in rate])
            minus = g.field.neg(g.field.one)
            self.w = total(g, one, [[g.scale(self._integral(entry, slow), minus) for entry in row] for row in back])
            self.levels = [g.add(start[n], self._integral(v[n][n], slow)) for n in range(size)]

    def _integral(self, germ: Germ, token: str) -> Germ:
        return integral(self.g, germ, token)

    def spectral(self, values: list[Germ]) -> Matrix:
        """The function of H with these values at the levels."""
        diagonal = [[values[a] if a == b else {} for b in range(self.size)] for a in range(self.size)]
        return product(self.g, product(self.g, self.u, diagonal), self.w)


def integral(g: Germs, germ: Germ, token: str) -> Germ:
    """The integral of a series from 0, in the increment of a coordinate."""
    place = g.place[token]
    found: Germ = {}
    for (marks, powers), c in germ.items():
        if powers[place] < g.bounds[place]:
            more = tuple(p + (k == place) for k, p in enumerate(powers))
            found[marks, more] = g.field.mul(c, g.field.inverse(g.field.of(powers[place] + 1)))
    return found


__all__: list[Any] = ["Frame", "integral", "product", "times", "total", "unit"]
