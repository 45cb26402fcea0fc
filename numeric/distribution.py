"""What an expression can be as something that depends on an explicit energy E.

    Flat     does not depend on E
    Smooth   a function of E known by its jets: jets(x, J)[j] is the coefficient of (E - x)^j
    Points   sum over points x_p and k of c_pk delta^(k)(E - x_p); k = -1 is the step Theta(E - x_p)
    Grid     numbers on the points alone, with a degree: the quotient of two deltas is a sharp field, of
             degree 0, that exists only at the levels; its product with a delta at the same points is a
             delta again, of degree 1

The points x_p(tau) move and their coefficients ride with them:

    d_tau of c delta^(k)(E - x) = (d_tau c) delta^(k)(E - x) - x' c delta^(k+1)(E - x).

What has no meaning at finite size is refused by IllPosed: delta times delta, delta' times a sharp field,
d_E of a sharp field.  All is exact (jets by Leibniz and Taylor); nothing is smoothed here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import comb
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from numeric.refusals import IllPosed, Unsupported
from numeric.series import POINT, Array, Orders, add, multiply, reciprocal

Reals: TypeAlias = NDArray[Any]
Jets: TypeAlias = Callable[[Reals, int], list[Array]]
Linear: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class PointSet:
    """Moving points x_p(tau) = scale E_p + shift; sets with one key are the same."""

    key: tuple[float, float]  # scale and shift; scale 0 is a single point that does not move
    positions: Array  # (1, K+1, P, 1, ...), complex dtype, imaginary part 0

    def at(self, orders: Orders) -> Array:
        return self.positions[:, : orders.slow + 1]

    @property
    def start(self) -> Reals:
        """x_p at tau0, shape (P,)."""
        return np.asarray(self.positions[0, 0].real.reshape(-1))

    def moved(self, shift: float) -> PointSet:
        positions = self.positions.copy()
        positions[0, 0] += shift
        return PointSet((self.key[0], self.key[1] + shift), positions)


@dataclass(frozen=True, eq=False)
class Value(ABC):
    """What an expression denotes; `coordinate` is the energy that it depends on, None for Flat."""

    @property
    @abstractmethod
    def energy(self) -> Any: ...

    @abstractmethod
    def map(self, f: Linear) -> Value:
        """f, linear over the numbers, applied to every coefficient."""


@final
@dataclass(frozen=True, eq=False)
class Flat(Value):
    array: Array

    @property
    def energy(self) -> Any:
        return None

    def map(self, f: Linear) -> Flat:
        return Flat(f(self.array))


@final
@dataclass(frozen=True, eq=False)
class Smooth(Value):
    """`rough` marks a function with steps: it has values but no derivatives (jets of order 0 alone)."""

    jets: Jets
    coordinate: Any
    rough: bool = False

    @property
    def energy(self) -> Any:
        return self.coordinate

    def map(self, f: Linear) -> Smooth:
        jets = self.jets
        return replace(self, jets=lambda x, most: [f(c) for c in jets(x, most)])


@final
@dataclass(frozen=True, eq=False)
class Points(Value):
    parts: Mapping[tuple[tuple[float, float], int], Array]  # (key of the set, k) -> coefficients
    sets: Mapping[tuple[float, float], PointSet]
    coordinate: Any

    @property
    def energy(self) -> Any:
        return self.coordinate

    def map(self, f: Linear) -> Points:
        return replace(self, parts={key: f(c) for key, c in self.parts.items()})

    @property
    def stepwise(self) -> bool:
        """Whether there are steps only, no delta: then it is a function."""
        return all(k == -1 for _, k in self.parts)

    def sharp(self) -> tuple[PointSet, Array]:
        """The set and the coefficients of a plain delta on one set of points."""
        orders = {k for _, k in self.parts}
        if max(orders) > 0:
            raise IllPosed("a derivative of delta times or over a delta or a sharp field")
        if min(orders) < 0:
            raise IllPosed("a step times or over a delta or a sharp field")
        if len(self.parts) != 1:
            raise IllPosed("a product or quotient of deltas that stand at different points")
        ((key, _), array), *_ = self.parts.items()
        return self.sets[key], array


@final
@dataclass(frozen=True, eq=False)
class Grid(Value):
    array: Array
    points: PointSet
    degree: int
    coordinate: Any

    @property
    def energy(self) -> Any:
        return self.coordinate

    def map(self, f: Linear) -> Grid:
        return replace(self, array=f(self.array))


# Sums ----------------------------------------------------------------------------------------------


def one_energy(*values: Value) -> Any:
    """The energy coordinate that the values share."""
    found = {v.energy for v in values} - {None}
    if len(found) > 1:
        raise Unsupported("an expression that depends on two energies at once")
    return found.pop() if found else None


def plus(x: Value, y: Value, orders: Orders) -> Value:
    energy = one_energy(x, y)
    match x, y:
        case Flat(), Flat():
            return Flat(add(x.array, y.array))
        case Points(), Points():
            parts = dict(x.parts)
            for key, array in y.parts.items():
                parts[key] = add(parts[key], array) if key in parts else array
            return Points(parts, {**x.sets, **y.sets}, energy)
        case Grid(), Grid() if x.degree == y.degree:
            _same(x.points, y.points)
            return replace(x, array=add(x.array, y.array))
        case Flat(), Points() | Grid() if not x.array.any():
            return y
        case Grid(), Flat() | Smooth() if x.degree == 0:
            return replace(x, array=add(x.array, on_points(y, x.points, orders)))
        case (Flat(), Smooth() | Grid() | Points()) | (Smooth(), Grid()) | (Smooth(), Points()):
            return plus(y, x, orders)
        case Smooth(), Flat() | Smooth():
            rough = x.rough or (isinstance(y, Smooth) and y.rough)
            return Smooth(
                lambda p, most: [add(a, b) for a, b in zip(x.jets(p, most), jets_of(y)(p, most), strict=True)],
                energy,
                rough,
            )
        case Points(), Flat() | Smooth() if isinstance(y, Flat) and not y.array.any():
            return x
        case Points(), Flat() | Smooth() if x.stepwise:
            return plus(stepped(x, orders), y, orders)
    raise IllPosed("a sum of a distribution in E and a function of E, or of fields of different degree")


def _same(x: PointSet, y: PointSet) -> None:
    if x.key != y.key:
        raise IllPosed("a field that exists only at the levels is used at other points")


# Functions of E ------------------------------------------------------------------------------------


def jets_of(value: Flat | Smooth | Any) -> Jets:
    if isinstance(value, Smooth):
        return value.jets
    array = value.array
    return lambda x, most: [array] + [np.zeros_like(array)] * most


def stepped(value: Points, orders: Orders) -> Smooth:
    """Steps as a function: values away from the points, no derivatives."""

    def jets(x: Reals, most: int) -> list[Array]:
        no_derivatives(most)
        total = None
        for (key, _), array in value.parts.items():
            where = value.sets[key].start
            above = (x[:, None] > where[None, :]).astype(array.real.dtype)  # (queried, points)
            moved = np.moveaxis(array, POINT, -1)
            part = np.moveaxis(moved @ above.T, -1, POINT)
            total = part if total is None else add(total, part)
        assert total is not None
        return [total]

    return Smooth(jets, value.coordinate, rough=True)


def no_derivatives(most: int) -> None:
    if most:
        raise IllPosed("a derivative in E, or a product with a delta, of a function with steps")


def fixed(value: Flat | Smooth, points: PointSet, most: int, orders: Orders) -> list[Array]:
    """The first `most` Taylor coefficients of a function at the moving points."""
    if isinstance(value, Flat):
        return jets_of(value)(points.start, most)
    if value.rough:
        raise IllPosed("a function with steps at the points of a delta or of a sharp field")
    base = value.jets(points.start, most + orders.slow)
    offset = points.at(orders).copy()
    offset[0, 0] = 0
    powers: list[Array] = []
    for _ in range(orders.slow):
        powers.append(multiply(powers[-1], offset, orders) if powers else offset)
    result = []
    for j in range(most + 1):
        total = base[j]
        for i, power in enumerate(powers[: len(base) - 1 - j], start=1):
            if power.any():
                total = add(total, comb(i + j, j) * multiply(base[i + j], power, orders))
        result.append(total)
    return result


def on_points(value: Flat | Smooth, points: PointSet, orders: Orders) -> Array:
    return fixed(value, points, 0, orders)[0]


# Products ------------------------------------------------------------------------------------------


def mul(x: Value, y: Value, orders: Orders) -> Value:
    """The product in the order written.  Degree 2 may arise on the way; `settled` refuses it at the end."""
    energy = one_energy(x, y)
    match x, y:
        case Flat(), _:
            return y.map(lambda c: multiply(x.array, c, orders))
        case _, Flat():
            return x.map(lambda c: multiply(c, y.array, orders))
        case Smooth(), Smooth():
            return Smooth(_leibniz(x.jets, y.jets, orders), energy, x.rough or y.rough)
        case (Points(), Smooth() | Points()) | (Smooth(), Points()) if _steps(x) and _steps(y):
            return mul(_function(x, orders), _function(y, orders), orders)
        case Smooth(), Points():
            return _spread(y, x, orders, lambda f, c: multiply(f, c, orders))
        case Points(), Smooth():
            return _spread(x, y, orders, lambda f, c: multiply(c, f, orders))
        case Smooth(), Grid():
            return replace(y, array=multiply(on_points(x, y.points, orders), y.array, orders))
        case Grid(), Smooth():
            return replace(x, array=multiply(x.array, on_points(y, x.points, orders), orders))
    a, b = _graded(x), _graded(y)
    _same(a.points, b.points)
    product = Grid(multiply(a.array, b.array, orders), a.points, a.degree + b.degree, energy)
    return _points(product) if product.degree == 1 else product


def _steps(x: Value) -> bool:
    return isinstance(x, Smooth) or (isinstance(x, Points) and x.stepwise)


def _function(x: Value, orders: Orders) -> Value:
    return stepped(x, orders) if isinstance(x, Points) else x


def _graded(x: Value) -> Grid:
    if isinstance(x, Points):
        points, array = x.sharp()
        return Grid(array, points, 1, x.coordinate)
    assert isinstance(x, Grid)
    return x


def _points(x: Grid) -> Points:
    return Points({(x.points.key, 0): x.array}, {x.points.key: x.points}, x.coordinate)


def _leibniz(f: Jets, g: Jets, orders: Orders) -> Jets:
    def jets(x: Reals, most: int) -> list[Array]:
        a, b = f(x, most), g(x, most)
        result = []
        for j in range(most + 1):
            total = multiply(a[0], b[j], orders)
            for i in range(1, j + 1):
                total = add(total, multiply(a[i], b[j - i], orders))
            result.append(total)
        return result

    return jets


def _spread(delta: Points, f: Smooth, orders: Orders, act: Callable[[Array, Array], Array]) -> Points:
    """f(E) c delta^(k)(E - x) = sum_i (-1)^i k!/(k-i)! f_i c delta^(k-i)(E - x), f = sum_i f_i (E - x)^i."""
    parts: dict[tuple[tuple[float, float], int], Array] = {}
    for (key, k), array in delta.parts.items():
        if k < 0:
            raise Unsupported("a function of E times a step next to deltas")
        falling = 1.0
        for i, coefficient in enumerate(fixed(f, delta.sets[key], k, orders)):
            part = falling * act(coefficient, array)
            at = (key, k - i)
            parts[at] = add(parts[at], part) if at in parts else part
            falling *= -(k - i)
    return replace(delta, parts=parts)


def settled(x: Value) -> Value:
    """A finished product; a density of degree 2 is delta times delta."""
    if isinstance(x, Grid) and x.degree >= 2:
        raise IllPosed("a product of two deltas at the same energy")
    return x


def inverse(x: Value, orders: Orders) -> Value:
    """1/x for numbers."""
    match x:
        case Flat():
            return Flat(reciprocal(_nonzero(x.array), orders))
        case Points() if x.stepwise:
            return inverse(stepped(x, orders), orders)
        case Smooth():
            return Smooth(_inverse_jets(x.jets, orders), x.coordinate, x.rough)
        case Points():
            points, array = x.sharp()
            return Grid(reciprocal(_nonzero(array), orders), points, -1, x.coordinate)
        case Grid():
            return replace(x, array=reciprocal(_nonzero(x.array), orders), degree=-x.degree)
    raise Unsupported(f"the inverse of {type(x).__name__}")


def _nonzero(array: Array) -> Array:
    if array.shape[-2:] != (1, 1):
        raise Unsupported("the inverse of an operator")
    if not array[0, 0].all():
        raise IllPosed("a division by a number that vanishes")
    return array


def _inverse_jets(f: Jets, orders: Orders) -> Jets:
    def jets(x: Reals, most: int) -> list[Array]:
        a = f(x, most)
        result = [reciprocal(_nonzero(a[0]), orders)]
        for j in range(1, most + 1):
            total = multiply(a[1], result[j - 1], orders)
            for i in range(2, j + 1):
                total = add(total, multiply(a[i], result[j - i], orders))
            result.append(-multiply(result[0], total, orders))
        return result

    return jets
