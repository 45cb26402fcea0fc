"""Exact finite models: a handful of levels, matrices of rationals, and the value of any term on them.

Everything is computed in the moving frozen eigenbasis, as truncated Taylor series in the increments of the coordinates:

    E_n' = V_nn,   |n>' = sum_m |m> A_mn,   A_mn = V_mn/(E_n - E_m),   A_nn = i a_n,   (dX)~ = X~' + [A, X~],

with V = dH in that basis.  No divided difference appears, so this route to a value shares nothing with the normal forms; it
is the one by which countermodels are verified.  Values a term needs are asked for by key:

    par|name  coord|token  level|n  gauge|n  ham|jets|a|b  op|name|index|jets|a|b  fun|name|orders|points

a point being E0, E0-1/2, 2*E0 or 2*E0-1/2 (multiples of a level, shifted), a number, or a coordinate at its base.

A key may be answered by a number or, for the search of a model, by an unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product as cartesian
from math import comb, factorial
from operator import add, gt
from typing import Any

from derive.kernel.errors import IllPosed, Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.tally import WORK
from derive.kernel.terms import Term, children
from derive.kernel.values import (
    Basis,
    Value,
    add_to,
    merge_basis,
    merge_unknowns,
    plain,
    plus,
    times_number,
)

# a number, or a sum of coefficient x unknown
Lookup = Callable[[str], "Gaussian | list[tuple[Gaussian, str]]"]
Matrix = list[list[Value]]


def point_text(spot: Any, shift: Fraction) -> str:
    """The point r E_n - shift as a key writes it."""
    at = f"{spot[1]}*E{spot[0]}" if isinstance(spot, tuple) else f"E{spot}"
    return at + (f"-{shift}" if shift else "")


class Model:
    """Evaluates terms; `size` levels, `lookup` answers keys, `orders` bounds the Taylor order in each coordinate."""

    def __init__(self, size: int, lookup: Lookup, orders: dict[str, int], coords: tuple[str, ...] = ()) -> None:
        if len(coords) > 1:
            raise Unsupported("a Hamiltonian that depends on more than one coordinate")
        self.size = size
        self.lookup = lookup
        self.tokens = tuple(sorted(orders))
        self.bounds = tuple(orders[token] for token in self.tokens)
        self.rank = len(self.tokens)
        self.slow = coords[0] if coords and coords[0] in orders else ""
        self.labels: dict[str, int] = {}
        self.symbolic: set[str] = set()
        self._operators: dict[Any, Matrix] = {}
        self._frame: tuple[list[Value], Matrix, list[Matrix]] | None = None

    # arithmetic of truncated series

    def number(self, value: Gaussian | int | Fraction) -> Value:
        return plain(value if isinstance(value, Gaussian) else Gaussian(value), self.rank)

    def ask(self, key: str) -> Value:
        answer = self.lookup(key)
        if isinstance(answer, Gaussian):
            return self.number(answer)
        return {((), (0,) * self.rank, ((name, 1),)): c for c, name in answer}

    def increment(self, token: str, power: int = 1) -> Value:
        powers = tuple(power if t == token else 0 for t in self.tokens)
        return {((), powers, ()): ONE} if power <= self.bounds[self.tokens.index(token)] else {}

    def times(self, x: Value, y: Value) -> Value:
        total: Value = {}
        WORK.count += len(x) * len(y)
        bounds = self.bounds
        for (bx, px, ux), cx in x.items():
            for (by, py, uy), cy in y.items():
                powers = tuple(map(add, px, py))
                if any(map(gt, powers, bounds)):
                    continue
                basis = merge_basis(bx, by)
                if basis is None:
                    continue
                unknowns = merge_unknowns(ux, uy)
                one: Value = {(basis, powers, unknowns): cx * cy}
                if basis and _unreduced(basis):
                    one = self.times({((), powers, unknowns): cx * cy}, self.at_point(basis))
                add_to(total, one)
        return total

    def at_point(self, basis: Basis) -> Value:
        """Leibniz: the smooth functions of E in a basis element are expanded at its point."""
        smooth = next(f for f in basis if _smooth_beside_point(f, basis))
        rest = list(basis)
        rest.remove(smooth)
        token = smooth[1] if smooth[0] == "E" else _energy_of(smooth)
        place = next(k for k, f in enumerate(rest) if f[0] in ("point", "delta") and (f[1] if f[0] == "point" else f[2]) == token)
        point = rest.pop(place)
        order = point[1] if point[0] == "delta" else 0
        spot, shift = (point[3], point[4]) if point[0] == "delta" else (point[2], point[3])
        total: Value = {}
        for j in range(order + 1):
            k = order - j
            left = point if order == 0 else (("delta", k, token, spot, shift) if k else ("point", token, spot, shift, 1))
            value = self.smooth_at(smooth, token, spot, shift, j)
            keep: Value = {(tuple(sorted([*rest, left], key=repr)), (0,) * self.rank, ()): Gaussian((-1) ** j * comb(order, j))}
            add_to(total, self.times(value, keep))
        return total

    def smooth_at(self, smooth: Any, token: str, spot: Any, shift: Fraction, j: int) -> Value:
        """The j-th derivative in E of a smooth factor at the point E_spot - shift."""
        if smooth[0] == "E":
            if j == 0:
                return plus(self.level(spot), self.number(-shift))
            return self.number(1) if j == 1 else {}
        kind, name, orders, args = smooth
        slot = args.index(("E", token))
        if kind == "field" and (j or orders[slot]):
            raise IllPosed(f"the derivative in E of {name}, which is known at levels only")
        if kind == "field" and isinstance(spot, tuple):
            raise IllPosed(f"the value of {name}, which is known at levels only, at a multiple of one")
        more = tuple(k + j * (p == slot) for p, k in enumerate(orders))
        return self.function(name, more, tuple(("spot", spot, shift) if p == slot else a for p, a in enumerate(args)))

    def function(self, name: str, orders: tuple[int, ...], args: tuple[Any, ...]) -> Value:
        """A function at points: Taylor in the motion of its levels and in the increments of its coordinates."""
        total = self.number(1)
        choices: list[list[tuple[int, Value]]] = []
        points = []
        for argument in args:
            if argument[0] == "coord":
                bound = self.bounds[self.tokens.index(argument[1])] if argument[1] in self.tokens else 0
                choices.append(
                    [
                        (k, self._over_factorial(self.increment(argument[1], k) if k else self.number(1), k))
                        for k in range(bound + 1)
                    ]
                )
                points.append(self.place_in_time(argument[1]))
            elif argument[0] == "base":
                choices.append([(0, self.number(1))])
                points.append(str(argument[1]))
            elif argument[0] == "spot" and argument[1] != -1:
                moved = self.level_motion(argument[1])
                parts, power = [], self.number(1)
                for k in range(sum(self.bounds) + 1):
                    if not power:
                        break
                    parts.append((k, self._over_factorial(power, k)))
                    power = self.times(power, moved)
                choices.append(parts)
                points.append(point_text(argument[1], argument[2]))
            else:
                choices.append([(0, self.number(1))])
                points.append(str(-argument[2]) if argument[0] == "spot" else str(argument[1]))
        total = {}
        for choice in cartesian(*choices):
            key = f"fun|{name}|{','.join(str(k + c[0]) for k, c in zip(orders, choice, strict=True))}|{','.join(points)}"
            part = self.ask(key)
            for _, factor in choice:
                part = self.times(part, factor)
            add_to(total, part)
        return total

    def place_in_time(self, token: str) -> str:
        """The name of a coordinate's value at the model's point: 0 for times that run from there, which are one place."""
        return "0" if token.startswith("time:") and not self.ask(f"coord|{token}") else token

    def _over_factorial(self, value: Value, k: int) -> Value:
        return times_number(value, Gaussian(Fraction(1, factorial(k))))

    # the moving frame

    def frame(self) -> tuple[list[Value], Matrix, list[Matrix]]:
        """Levels E_n, connection A, and V, V', ... in the moving basis, as series in the slow increment."""
        if self._frame is None:
            bound = self.bounds[self.tokens.index(self.slow)] if self.slow else 0
            fixed = (
                [
                    [[self.ask(f"ham|{k}|{a}|{b}") for b in range(self.size)] for a in range(self.size)]
                    for k in range(1, bound + 2)
                ]
                if self.slow
                else []
            )
            levels = [self.ask(f"level|{n}") for n in range(self.size)]
            gauge = [self.ask(f"gauge|{n}") for n in range(self.size)] if self.slow else []
            start = levels
            jets = [[list(row) for row in matrix] for matrix in fixed]
            connection: Matrix = [[{} for _ in range(self.size)] for _ in range(self.size)]
            for _ in range(bound + 1 if self.slow else 0):
                connection = self._connection(levels, jets[0], gauge)
                jets = [
                    self._transported(fixed[k], jets[k + 1] if k + 1 < len(jets) else None, jets[k], connection)
                    for k in range(len(jets))
                ]
                levels = [plus(start[n], self._integrated(jets[0][n][n])) for n in range(self.size)]
            if self.slow:
                connection = self._connection(levels, jets[0], gauge)
            self._frame = (levels, connection, jets)
        return self._frame

    def _connection(self, levels: list[Value], v: Matrix, gauge: list[Value]) -> Matrix:
        made: Matrix = []
        for m in range(self.size):
            row = []
            for n in range(self.size):
                if m == n:
                    row.append(times_number(gauge[n], IMAGINARY))
                else:
                    gap = plus(levels[n], times_number(levels[m], Gaussian(-1)))
                    row.append(self.times(v[m][n], self.inverse(gap)))
            made.append(row)
        return made

    def _transported(self, start: Matrix, change: Matrix | None, here: Matrix, connection: Matrix) -> Matrix:
        """Solves X~' = (dX)~ - [A, X~] one order further."""
        twist = self.commute(connection, here)
        made: Matrix = []
        for a in range(self.size):
            row = []
            for b in range(self.size):
                rate = times_number(twist[a][b], Gaussian(-1))
                if change is not None:
                    rate = plus(rate, change[a][b])
                row.append(plus(start[a][b], self._integrated(rate)))
            made.append(row)
        return made

    def _integrated(self, value: Value) -> Value:
        place = self.tokens.index(self.slow)
        total: Value = {}
        for (basis, powers, unknowns), c in value.items():
            k = powers[place] + 1
            if k <= self.bounds[place]:
                raised = tuple(k if j == place else p for j, p in enumerate(powers))
                total[(basis, raised, unknowns)] = c * Gaussian(Fraction(1, k))
        return total

    def level(self, spot: Any) -> Value:
        """Where a spot sits: the level n, r times the level n for a pair (n, r), nothing for the fixed energy -1."""
        if isinstance(spot, tuple):
            return times_number(self.frame()[0][spot[0]], Gaussian(spot[1]))
        return self.frame()[0][spot] if spot >= 0 else {}

    def level_motion(self, spot: Any) -> Value:
        return {k: c for k, c in self.level(spot).items() if any(k[1])}

    def inverse(self, value: Value) -> Value:
        """1/x for a series without unknowns whose constant term is a nonzero number, or a single-order point distribution."""
        zero = (0,) * self.rank
        if any(basis for basis, _, _ in value):
            return self._inverse_of_points(value)
        head = value.get(((), zero, ()))
        if head is None or any(u for _, _, u in value):
            raise Unsupported("division by a series that vanishes or is unknown")
        rest = times_number({k: c for k, c in value.items() if k[1] != zero}, head.inverse() * Gaussian(-1))
        total, term = self.number(1), self.number(1)
        while term:
            term = self.times(term, rest)
            add_to(total, term)
        return times_number(total, head.inverse())

    def _inverse_of_points(self, value: Value) -> Value:
        """1/(sum_n c_n delta_n) = sum_n (1/c_n) delta_n^-1 where every level carries weight."""
        weights: dict[Basis, Value] = {}
        for (basis, powers, unknowns), c in value.items():
            if len(basis) != 1 or basis[0][0] != "point":
                raise IllPosed("division by a distribution that is more singular than a density of states")
            weights.setdefault(basis, {})[((), powers, unknowns)] = c
        if {b[0][2] for b in weights} != set(range(self.size)):
            raise IllPosed("division by a density that vanishes at a level")
        total: Value = {}
        for basis, weight in weights.items():
            point = basis[0]
            flipped: Value = {(((*point[:4], -point[4]),), (0,) * self.rank, ()): ONE}
            add_to(total, self.times(self.inverse(weight), flipped))
        return total

    # matrices

    def multiply(self, x: Matrix, y: Matrix) -> Matrix:
        columns = list(zip(*y, strict=True))
        return [[plus(*(self.times(p, q) for p, q in zip(row, col, strict=True) if p and q)) for col in columns] for row in x]

    def commute(self, x: Matrix, y: Matrix) -> Matrix:
        left, right = self.multiply(x, y), self.multiply(y, x)
        return [[plus(left[a][b], times_number(right[a][b], Gaussian(-1))) for b in range(self.size)] for a in range(self.size)]

    def operator(self, name: str, index: Any, coords: tuple[str, ...]) -> Matrix:
        """An operator's series in the moving frame, from its jets at the base point."""
        key = (name, index, coords)
        if key not in self._operators:
            self._operators[key] = self._series_of(name, index, coords)
        return self._operators[key]

    def _series_of(self, name: str, index: Any, coords: tuple[str, ...]) -> Matrix:
        free = [t for t in self.tokens if t in coords and t != self.slow]
        bound = self.bounds[self.tokens.index(self.slow)] if self.slow and self.slow in coords else 0
        jets: list[Matrix] = []
        for k in range(bound + 1):
            matrix: Matrix = [[{} for _ in range(self.size)] for _ in range(self.size)]
            for orders in cartesian(*(range(self.bounds[self.tokens.index(t)] + 1) for t in free)):
                jet = ",".join(f"{t}^{o}" for t, o in [*zip(free, orders, strict=True), (self.slow, k)] if o)
                for a in range(self.size):
                    for b in range(self.size):
                        value = self.ask(f"op|{name}|{_index_text(index)}|{jet}|{a}|{b}")
                        for t, o in zip(free, orders, strict=True):
                            if o:
                                value = self._over_factorial(self.times(value, self.increment(t, o)), o)
                        add_to(matrix[a][b], value)
            jets.append(matrix)
        if not self.slow:
            return jets[0]
        connection = self.frame()[1]
        current = [[list(map(dict, row)) for row in matrix] for matrix in jets]
        for _ in range(self.bounds[self.tokens.index(self.slow)]):
            current = [
                self._transported(jets[k], current[k + 1] if k + 1 < len(current) else None, current[k], connection)
                for k in range(len(current))
            ]
        return current[0]


def _index_text(index: Any) -> str:
    return ".".join(map(str, index)) if isinstance(index, tuple) else str(index)


def _energy_of(smooth: Any) -> str:
    return str(next(a[1] for a in smooth[3] if a[0] == "E"))


def _smooth_beside_point(factor: Any, basis: Basis) -> bool:
    if factor[0] == "E":
        token = factor[1]
    elif factor[0] in ("fun", "field"):
        token = _energy_of(factor)
    else:
        return False
    return any((f[0] == "point" and f[1] == token) or (f[0] == "delta" and f[2] == token) for f in basis)


def _unreduced(basis: Basis) -> bool:
    return any(_smooth_beside_point(f, basis) for f in basis)


def labels_in(term: Term) -> list[str]:
    """The level labels that stand free in a term."""

    def free(part: Term, bound: frozenset[str]) -> Iterator[str]:
        if part[0] == "lsum":
            bound = bound | {part[1]}
        if part[0] in ("level", "bra", "ket") and part[1] not in bound:
            yield part[1]
        for child in children(part):
            yield from free(child, bound)

    return sorted(set(free(term, frozenset())))
