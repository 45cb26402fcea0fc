"""Calculus of what depends on an explicit energy: d_E, d_tau at fixed E, shifts, integrals.

The kinds of values are those of numeric/distribution.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from numeric.distribution import Flat, Grid, Points, Smooth, Value, no_derivatives
from numeric.refusals import IllPosed, Unsupported
from numeric.series import POINT, SLOW, Array, Orders, add, covariant, derivative, multiply


def d_energy(x: Value) -> Value:
    """d_E; zero where there is no E, one order up for deltas."""
    match x:
        case Flat():
            return x.map(np.zeros_like)
        case Smooth():
            if x.rough:
                no_derivatives(1)
            jets = x.jets
            return replace(x, jets=lambda p, most: [(j + 1) * c for j, c in enumerate(jets(p, most + 1)[1:])])
        case Points():
            return replace(x, parts={(key, k + 1): array for (key, k), array in x.parts.items()})
    raise IllPosed("d_E of a sharp field, which exists only at the levels")


def d_slow(x: Value, connection: Array, orders: Orders) -> Value:
    """d_tau at fixed E, given one slow order more than `orders`."""
    match x:
        case Flat() | Smooth():
            if isinstance(x, Smooth) and x.rough:
                raise IllPosed("d_tau of a function with moving steps")
            return x.map(lambda c: covariant(c, connection, orders))
        case Points():
            parts: dict[tuple[tuple[float, float], int], Array] = {}
            for (key, k), array in x.parts.items():
                speed = derivative(x.sets[key].at(Orders(orders.fast, orders.slow + 1)), SLOW)
                for at, part in (
                    ((key, k), covariant(array, connection, orders)),
                    ((key, k + 1), -multiply(speed, array, orders)),
                ):
                    parts[at] = add(parts[at], part) if at in parts else part
            return replace(x, parts=parts)
    raise IllPosed("d_tau at fixed E of a sharp field, which exists only at the moving levels")


def shifted(x: Value, shift: float, coordinate: Any) -> Value:
    """x at the energy `coordinate` + shift in the place of its own."""
    match x:
        case Smooth():
            jets = x.jets
            return Smooth(lambda p, most: jets(p + p.dtype.type(shift), most), coordinate, x.rough)
        case Points():
            sets = {key: points.moved(-shift) for key, points in x.sets.items()} if shift else x.sets
            parts = {(sets[key].key, k): array for (key, k), array in x.parts.items()}
            return Points(parts, {points.key: points for points in sets.values()}, coordinate)
        case Grid():
            return replace(x, points=x.points.moved(-shift) if shift else x.points, coordinate=coordinate)
    return x


def integral(x: Value, orders: Orders) -> Flat:
    """The integral over the whole line."""
    match x:
        case Flat():
            if not x.array.any():
                return x
            raise IllPosed("an integral over all E of what does not depend on E")
        case Points():
            total = None
            for (key, k), array in x.parts.items():
                if k > 0:
                    continue
                part = array if k == 0 else -multiply(x.sets[key].at(orders), array, orders)
                part = part.sum(axis=POINT, keepdims=True)
                total = part if total is None else add(total, part)
            _balanced(x)
            zero = np.zeros_like(next(iter(x.parts.values()))).sum(axis=POINT, keepdims=True)
            return Flat(zero if total is None else total)
        case Grid():
            raise IllPosed("an integral over E of a sharp field, which exists only at the levels")
    raise Unsupported("an integral over all E of a smooth function")


def _balanced(x: Points) -> None:
    """Steps must go up as much as down, or the integral over the line diverges."""
    steps = [array for (_, k), array in x.parts.items() if k == -1]
    if not steps:
        return
    total = steps[0].sum(axis=POINT, keepdims=True)
    size = np.abs(steps[0]).sum(axis=POINT, keepdims=True)
    for array in steps[1:]:
        total = add(total, array.sum(axis=POINT, keepdims=True))
        size = add(size, np.abs(array).sum(axis=POINT, keepdims=True))
    if np.any(np.abs(total) > 1e4 * np.finfo(total.real.dtype).eps * np.abs(size).max()):
        raise IllPosed("an integral over all E of a step that does not come back")


def antiderivative(x: Value) -> Value:
    """The integral from -infinity to E."""
    match x:
        case Points() if all(k >= 0 for _, k in x.parts):
            return replace(x, parts={(key, k - 1): array for (key, k), array in x.parts.items()})
        case Flat() if not x.array.any():
            return x
        case Grid():
            raise IllPosed("an integral over E of a sharp field, which exists only at the levels")
    raise Unsupported("an integral up to E of a function that is not a sum of deltas")
