"""Truncated Taylor series of numbers, vectors and matrices in the fast and the slow time.

Every array of the interpreter has the axes

    (T, S, P, I, ..., I, R, C)

    T, S   Taylor coefficients in t - t0 and tau - tau0, lowest first
    P      points of the energy axis (levels, counted once), or 1
    I      free labels n, m of levels and nodes of a quadrature, or 1
    R, C   rows and columns: (1, 1) a number, (N, 1) a ket, (1, N) a bra, (N, N) an operator

A length along T or S below the order that is asked for means that the higher coefficients are zero, so
that constants cost nothing.  A sum of a number and an operator adds the number times the identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from numeric.refusals import Unsupported

Array: TypeAlias = NDArray[Any]

LABELS = 6  # how many I axes there are
RANK = 3 + LABELS + 2
FAST, SLOW, POINT, FIRST_LABEL, ROW, COLUMN = 0, 1, 2, 3, RANK - 2, RANK - 1


class Orders(NamedTuple):
    """The highest powers of t - t0 and of tau - tau0 that are kept."""

    fast: int
    slow: int


def spread(values: Array, *axes: int) -> Array:
    """An array whose dimensions lie on the given axes, in increasing order; the others have length 1."""
    shape = [1] * RANK
    for axis, length in zip(axes, values.shape, strict=True):
        shape[axis] = length
    return np.asarray(values).reshape(shape)


def is_scalar(x: Array) -> bool:
    return bool(x.shape[ROW] == 1 and x.shape[COLUMN] == 1)


def times(x: Array, y: Array) -> Array:
    """The product at given powers, axes R and C in the rightmost two places."""
    if x.shape[-2:] == (1, 1) or y.shape[-2:] == (1, 1):
        return np.asarray(x * y)
    if x.shape[-1] != y.shape[-2]:
        raise Unsupported(f"a product of {_shape(x)} and {_shape(y)} has no meaning")
    return np.asarray(x @ y)


def _shape(x: Array) -> str:
    return {(True, True): "a number", (True, False): "a bra", (False, True): "a ket"}.get(
        (x.shape[-2] == 1, x.shape[-1] == 1), "an operator"
    )


def multiply(x: Array, y: Array, orders: Orders, elementwise: bool = False) -> Array:
    """The product of two series, up to `orders`; matrices by matrix product unless `elementwise`."""
    act = np.multiply if elementwise else times
    rows = min(x.shape[0] + y.shape[0] - 1, orders.fast + 1)
    columns = min(x.shape[1] + y.shape[1] - 1, orders.slow + 1)
    if rows == columns == 1:
        return np.asarray(act(x[:1, :1], y[:1, :1]))
    cells: list[list[Any]] = [[None] * columns for _ in range(rows)]
    for a in range(min(x.shape[0], rows)):
        for b in range(min(x.shape[1], columns)):
            for c in range(min(y.shape[0], rows - a)):
                for d in range(min(y.shape[1], columns - b)):
                    part = act(x[a, b], y[c, d])
                    held = cells[a + c][b + d]
                    cells[a + c][b + d] = part if held is None else held + part
    return np.stack([np.stack(row) for row in cells])


def add(x: Array, y: Array) -> Array:
    """The sum of two series; a number beside an operator is a multiple of the identity."""
    if x.shape[-2:] != y.shape[-2:]:
        if is_scalar(x):
            return add(y, x)
        if not is_scalar(y) or x.shape[-1] != x.shape[-2]:
            if is_scalar(y) and not y.any():
                return x
            raise Unsupported(f"a sum of {_shape(x)} and {_shape(y)} has no meaning")
        y = y * np.eye(x.shape[-1], dtype=y.dtype)
    if x.shape[:2] == y.shape[:2]:
        return np.asarray(x + y)
    shape = np.broadcast_shapes(x.shape[2:], y.shape[2:])
    total = np.zeros((max(x.shape[0], y.shape[0]), max(x.shape[1], y.shape[1]), *shape), dtype=x.dtype)
    total[: x.shape[0], : x.shape[1]] += x
    total[: y.shape[0], : y.shape[1]] += y
    return total


def truncate(x: Array, orders: Orders) -> Array:
    return x[: orders.fast + 1, : orders.slow + 1]


def derivative(x: Array, axis: int) -> Array:
    """The derivative along the axis FAST or SLOW; one order is spent."""
    if x.shape[axis] == 1:
        return np.zeros_like(x)
    rest = np.moveaxis(x, axis, -1)[..., 1:]
    powers = np.arange(1, x.shape[axis]).astype(x.real.dtype)
    return np.moveaxis(rest * powers, -1, axis)


def covariant(x: Array, connection: Array, orders: Orders) -> Array:
    """The slow derivative of what the moving-frame components x stand for.

    With |n>' = sum_m |m> A_mn: (X')~ = X~' + [A, X~] for operators, X~' + A X~ for kets, X~' - X~ A for bras.
    """
    result = derivative(x, SLOW)
    if x.shape[ROW] > 1:
        result = add(result, multiply(connection, x, orders))
    if x.shape[COLUMN] > 1:
        result = add(result, -multiply(x, connection, orders))
    return truncate(result, orders)


def compose(x: Array, taylor: Sequence[Array], orders: Orders) -> Array:
    """sum_m taylor[m] (x - x0)^m elementwise: a function of a series from its jet at the constant term x0."""
    step = x.copy()
    step[0, 0] = 0
    result, power = taylor[0], None
    for coefficient in taylor[1 : orders.fast + orders.slow + 1]:
        power = step if power is None else multiply(power, step, orders, elementwise=True)
        if not power.any():
            break
        result = add(result, np.asarray(coefficient * power))
    return result


def exponential(x: Array, orders: Orders) -> Array:
    """exp of a series of numbers, elementwise."""
    start = np.exp(x[:1, :1])
    taylor, factor = [start], 1.0
    for m in range(1, orders.fast + orders.slow + 1):
        factor /= m
        taylor.append(start * factor)
    return compose(x, taylor, orders)


def reciprocal(x: Array, orders: Orders) -> Array:
    """1/x for a series of numbers whose constant term does not vanish."""
    start = x[:1, :1]
    taylor = [1 / start]
    for _ in range(orders.fast + orders.slow):
        taylor.append(-taylor[-1] / start)
    return compose(x, taylor, orders)
