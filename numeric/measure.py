"""The terms of an equation as arrays of numbers that can be added and compared.

    distributions in E    tested against phi(E) = K_w(E0 - E) for every kernel, width and centre
    sharp fields          compared at the levels
    functions of E        compared a little below every level, where a window that opens upwards is not empty
    everything else       compared as it is: numbers, kets, operators, for every free label

A sharp field and a distribution in one equation are not comparable; neither are a smooth function and a
delta.  What is exact holds for each test function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric.distribution import (
    Flat,
    Grid,
    Points,
    Reals,
    Smooth,
    Value,
    on_points,
    one_energy,
    settled,
    stepped,
)
from numeric.kernels import KERNELS, kernel
from numeric.refusals import IllPosed, Unsupported
from numeric.series import POINT, Array, Orders

WIDTHS: Final = (0.35, 0.8)
CENTRES: Final = (-0.45, 0.6)
BELOW: Final = 0.13  # how far below the levels functions of E are looked at

NOW: Final = Orders(0, 0)


@dataclass(frozen=True)
class Probe:
    """One way of looking at an equation: a test function, or the equation as it is."""

    kernel: str = ""
    width: float = 0.0
    centre: float = 0.0


KERNEL_TESTS: Final = tuple(Probe(name, w, c) for name in KERNELS for w in WIDTHS for c in CENTRES)


def arrays(
    values: Sequence[Value], levels: Reals, tests: Sequence[Probe] = KERNEL_TESTS
) -> tuple[tuple[Probe, ...], list[Array]]:
    """The tests that apply, and for each value an array whose first axis runs over them; all of one shape.

    `levels` are the distinct levels, shape (P,).
    """
    one_energy(*values)
    kept = [settled(value) for value in values]
    if any(isinstance(v, Points) and not v.stepwise for v in kept) or (
        any(isinstance(v, Points) for v in kept) and all(isinstance(v, Points | Flat) for v in kept)
    ):
        return tuple(tests), _alike([_tested(v, tests) for v in kept])
    if any(isinstance(v, Grid) for v in kept):
        return (Probe(),), _alike([a[None] for a in _at_levels(kept)])
    if any(isinstance(v, Smooth | Points) for v in kept):
        return (Probe(),), _alike([_sampled(v, levels - BELOW)[None] for v in kept])
    return (Probe(),), _alike([v.array[0, 0][None] for v in kept if isinstance(v, Flat)])


def _tested(value: Value, tests: Sequence[Probe]) -> Array:
    """<value, K_w(E0 - .)>: sum over points of c K_w^(k)(E0 - x), and the step of the kernel for k = -1."""
    if isinstance(value, Flat):
        return np.repeat(value.array[0, 0], len(tests), axis=0)
    if not isinstance(value, Points):
        raise IllPosed("a distribution in E is compared with a function of E or a field at the levels")
    result: Array | None = None
    for (key, k), array in value.parts.items():
        x = value.sets[key].start
        weights = []
        for test in tests:
            shape = kernel(test.kernel, test.width)
            distance = np.asarray(x.dtype.type(test.centre) - x)
            weights.append(shape.integral(distance) if k < 0 else shape.derivative(k, distance))
        part = np.moveaxis(np.moveaxis(array[0, 0], POINT - 2, -1) @ np.stack(weights).T, -1, 0)
        result = part if result is None else np.asarray(result + part)
    assert result is not None, "a distribution has at least one part"
    return result


def _at_levels(values: Sequence[Value]) -> list[Array]:
    points = next(v.points for v in values if isinstance(v, Grid))
    result = []
    for value in values:
        match value:
            case Grid() if value.degree != 0:
                raise IllPosed("the inverse of a delta stands by itself")
            case Grid() if value.points.key != points.key:
                raise IllPosed("fields that exist at different points are compared")
            case Grid():
                result.append(value.array[0, 0])
            case Flat() | Smooth():
                result.append(on_points(value, points, NOW)[0, 0])
            case _:
                raise IllPosed("a field at the levels is compared with a distribution in E")
    return result


def _sampled(value: Value, energies: Reals) -> Array:
    if isinstance(value, Points):
        value = stepped(value, NOW)
    if isinstance(value, Flat):
        return np.asarray(value.array[0, 0])
    assert isinstance(value, Smooth)
    return np.asarray(value.jets(energies, 0)[0][0, 0])


def _alike(parts: list[Array]) -> list[Array]:
    """The arrays in one shape; a number beside operators is a multiple of the identity."""
    matrices = [a.shape[-2:] for a in parts if a.shape[-2:] != (1, 1)]
    if matrices:
        size = matrices[0]
        if any(shape != size for shape in matrices):
            raise Unsupported("an equation between a ket, a bra or an operator and another of these")
        parts = [_lifted(a, size) for a in parts]
    shape = np.broadcast_shapes(*(a.shape for a in parts))
    return [np.broadcast_to(a, shape) for a in parts]


def _lifted(a: Array, size: tuple[int, ...]) -> Array:
    if a.shape[-2:] == size:
        return a
    if size[0] == size[1]:
        return np.asarray(a * np.eye(size[0], dtype=a.dtype))
    if a.any():
        raise Unsupported("a number is compared with a ket or a bra")
    return np.asarray(np.zeros((*a.shape[:-2], *size), dtype=a.dtype))


def norms(a: Array) -> Array:
    """The root of the sum of squares over all but the first axis."""
    return np.asarray(np.sqrt((np.abs(a.astype(np.complex128)) ** 2).reshape(len(a), -1).sum(axis=1)))


def is_operator(a: Array) -> bool:
    return bool(a.shape[-1] == a.shape[-2] > 1)


def as_lab(a: Array, basis: Any) -> Array:
    """Operators of the moving frame in the lab basis; numbers as they are."""
    if a.shape[-2:] == (1, 1):
        return a
    if not is_operator(a):
        raise Unsupported("a ket or a bra carried round a loop")
    return np.asarray(basis @ a @ basis.conj().T)
