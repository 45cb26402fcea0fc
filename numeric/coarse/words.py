"""What an expression denotes on a large sample: a sum of words, coefficient(E) times a product of operators.

    coefficient   complex array (..., K, M): K test functions g, M energies; either may be 1
    Diagonal      a function of H: its values at the levels (..., K, N), and their slow derivative where it is known
    Full          a matrix (..., N, N) in the frozen basis, and the slow derivative of its diagonal where it is known
    Spike         delta^(k)(E - H), at most one in a word
    Divided       the slow derivative of a test function of H: f[E_a, E_b] V_ab, without a matrix for each of the K
    Bare          an operator of which the diagonal alone is known: the slow derivative of a Full one

The first axis, if there is one, runs over the samples of a batch.  Each word has an order in the small parameter;
what is above MOST_ORDER is dropped.

A word without operators is a field, or a number.  Under the trace a spike becomes a sum over levels, and
that a smooth field: its average over the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np

from numeric.coarse.levels import Levels
from numeric.refusals import IllPosed, NeedsPhases, Unsupported

Array: TypeAlias = Any


@dataclass(frozen=True, eq=False)
class Diagonal:
    values: Array  # (..., K, N)
    slope: Callable[[], Array] | None = None  # d/dtau of the values along the moving levels
    constant: bool = False  # along the moving levels, at every slow time


@dataclass(frozen=True, eq=False)
class Full:
    matrix: Array  # (..., N, N)
    slope: Callable[[], Array] | None = None  # d/dtau of its diagonal in the moving basis


@dataclass(frozen=True, eq=False)
class Spike:
    order: int


@dataclass(frozen=True, eq=False)
class Divided:
    values: Array  # (..., K, N): f at the levels
    slopes: Array  # (..., K, N): its diagonal, the derivative of f(E_n) along the levels


@dataclass(frozen=True, eq=False)
class Bare:
    values: Array  # (..., K, N)


Factor: TypeAlias = Diagonal | Full | Spike | Divided | Bare


@dataclass(frozen=True, eq=False)
class Word:
    coefficient: Array
    factors: tuple[Factor, ...] = ()
    order: int = 0


Words: TypeAlias = tuple[Word, ...]

MOST_ORDER: Final = 2


def number(value: complex) -> Words:
    return field(np.full((1, 1), value))


def field(values: Array) -> Words:
    return (Word(np.asarray(values)),)


def operator(factor: Factor) -> Words:
    return (Word(np.ones((1, 1)), (factor,)),)


def scalar(words: Words, what: str) -> Array:
    """The coefficient of something without operators, and without the small parameter."""
    found = by_order(words, what)
    if set(found) - {0}:
        raise Unsupported(f"{what} that holds the small parameter")
    return found[0]


def by_order(words: Words, what: str) -> dict[int, Array]:
    """The coefficients of something without operators, by order in the small parameter; order 0 is always there."""
    if any(word.factors for word in words):
        raise Unsupported(f"{what} that is an operator")
    total: dict[int, Array] = {0: np.zeros((1, 1))}
    for word in words:
        total[word.order] = total.get(word.order, np.zeros((1, 1))) + word.coefficient
    return total


def add(*parts: Words) -> Words:
    """The sum, its scalars gathered."""
    words = [word for part in parts for word in part]
    others = tuple(word for word in words if word.factors)
    scalars = tuple(word for word in words if not word.factors)
    if not scalars and others:
        return others
    gathered = by_order(scalars, "a sum")
    kept = {k: value for k, value in gathered.items() if k == 0 or value.any()}
    return (*(Word(value, (), k) for k, value in kept.items()), *others)


def mul(x: Words, y: Words) -> Words:
    pairs = [(a, b) for a in x for b in y if a.order + b.order <= MOST_ORDER]
    return add(*((Word(a.coefficient * b.coefficient, (*a.factors, *b.factors), a.order + b.order),) for a, b in pairs))


def scaled(x: Words, factor: Array) -> Words:
    return tuple(replace(word, coefficient=word.coefficient * factor) for word in x)


def shifted(x: Words, order: int) -> Words:
    """The words times that power of the small parameter."""
    return tuple(replace(word, order=word.order + order) for word in x if word.order + order <= MOST_ORDER)


# Products under the trace ------------------------------------------------------------------------------


def diagonal(sample: Levels, factors: Sequence[Factor]) -> Array:
    """The diagonal of a product without spikes, shape (..., K, N)."""
    if not factors:
        return np.ones((1, sample.count))
    left: Array = np.ones((1, 1))
    rest = list(factors)
    while rest and isinstance(rest[0], Diagonal | Bare):
        if isinstance(rest[0], Bare) and any(not isinstance(f, Diagonal) for f in rest[1:]):
            raise Unsupported("a slow derivative times another operator that does not commute with H")
        left = left * rest.pop(0).values  # type: ignore[union-attr]
    if not rest:
        return left
    if any(isinstance(f, Divided) for f in rest):
        return left * _with_divided(sample, rest)
    matrix = rest.pop(0)
    assert isinstance(matrix, Full)
    between: Array = np.ones((1, 1))
    while rest and isinstance(rest[0], Diagonal):
        between = between * rest.pop(0).values  # type: ignore[union-attr]
    if not rest:
        return left * on_diagonal(matrix.matrix) * between
    if any(isinstance(f, Bare) for f in rest):
        raise Unsupported("a slow derivative times another operator that does not commute with H")
    other = rest[0]
    if len(rest) > 1 and not all(isinstance(f, Diagonal) for f in rest[1:]):
        other, rest = Full(product(sample, rest).matrix), rest[:1]
    assert isinstance(other, Full)
    right: Array = np.ones((1, 1))
    for factor in rest[1:]:
        right = right * factor.values  # type: ignore[union-attr]
    if between.shape[-1] == 1:
        return left * right * between * matched(matrix.matrix, other.matrix)
    return left * right * applied(between, other.matrix * np.swapaxes(matrix.matrix, -1, -2))


def _with_divided(sample: Levels, factors: Sequence[Factor]) -> Array:
    """The diagonal of F m B r or B m F r for F = Divided, m and r functions of H and B a matrix or nothing.

    With G_ab = V_ab/(E_b - E_a), sum_b (f_b - f_a) G_ab m_b B_ba is a matrix on f m less f times it on m.
    """
    places = [i for i, f in enumerate(factors) if not isinstance(f, Diagonal)]
    others = [factors[i] for i in places if not isinstance(factors[i], Divided)]
    if len(places) - len(others) != 1 or len(others) > 1 or not all(isinstance(f, Full) for f in others):
        raise Unsupported("the slow derivative of a test function of H times more than one matrix")
    first, last = places[0], places[-1]
    between = right = np.ones((1, 1))
    for factor in factors[first + 1 : last]:
        between = between * factor.values  # type: ignore[union-attr]
    for factor in factors[last + 1 :]:
        right = right * factor.values  # type: ignore[union-attr]
    (divided,) = (f for f in factors if isinstance(f, Divided))
    if not others:
        return divided.slopes * right
    (other,) = others
    assert isinstance(other, Full)
    front = isinstance(factors[first], Divided)
    connected = np.swapaxes(sample.connection, -1, -2)  # G at (a, b)
    weights = connected * np.swapaxes(other.matrix, -1, -2) if front else -np.swapaxes(connected, -1, -2) * other.matrix
    turned = np.swapaxes(weights, -1, -2)
    between = np.broadcast_to(between, (*between.shape[:-1], sample.count))
    summed = applied(divided.values * between, turned) - divided.values * applied(between, turned)
    return right * (summed + divided.slopes * on_diagonal(other.matrix) * between)


def on_diagonal(matrix: Array) -> Array:
    """The diagonal as values at the levels, shape (..., 1, N)."""
    return np.diagonal(matrix, axis1=-2, axis2=-1)[..., None, :]


def as_matrix(values: Array) -> Array:
    """The diagonal matrix of values (..., N)."""
    return values[..., :, None] * np.eye(values.shape[-1])


def matched(a: Array, b: Array) -> Array:
    """sum_b A_ab B_ba, shape (..., 1, N)."""
    return np.einsum("...ab,...ba->...a", a, b)[..., None, :]


def applied(values: Array, matrix: Array) -> Array:
    """values @ matrix; of real values and a complex matrix by two real products."""
    if np.iscomplexobj(values) or not np.iscomplexobj(matrix):
        return values @ matrix
    return values @ np.ascontiguousarray(matrix.real) + 1j * (values @ np.ascontiguousarray(matrix.imag))


def product(sample: Levels, factors: Sequence[Factor]) -> Full:
    """The product as one matrix; test functions may not stand in it."""
    made: Array | None = None
    slope: Callable[[], Array] | None = None
    for factor in factors:
        if isinstance(factor, Diagonal):
            if factor.values.shape[-2] != 1:
                raise Unsupported("a test function inside a product of matrices")
            values = factor.values[..., 0, :]
            made, slope = (as_matrix(values), factor.slope) if made is None else (made * factor.values, None)
        elif isinstance(factor, Full):
            whole = made is not None and bool((made * (1 - np.eye(sample.count))).any())
            if made is None:
                made, slope = factor.matrix, factor.slope
            else:
                if whole and not sample.phases:
                    raise NeedsPhases("a product of matrices of which the moduli alone are known")
                made = made @ factor.matrix if whole else np.diagonal(made, axis1=-2, axis2=-1)[..., None] * factor.matrix
                slope = None
        else:
            raise Unsupported("a delta or a slow derivative inside a product of matrices")
    if made is None:
        raise Unsupported("an empty product as a matrix")
    return Full(made, slope)


def rotated(word: Word) -> tuple[int | None, tuple[Factor, ...]]:
    """The order of the spike, None without one, and the factors after it round to before it."""
    places = [i for i, factor in enumerate(word.factors) if isinstance(factor, Spike)]
    if not places:
        return None, word.factors
    if len(places) > 1:
        raise IllPosed("a product of two deltas at the same energy")
    spike = word.factors[places[0]]
    assert isinstance(spike, Spike)
    return spike.order, (*word.factors[places[0] + 1 :], *word.factors[: places[0]])


def trace(sample: Levels, words: Words) -> Words:
    """sum_n <n| ... |n>."""
    total: list[Words] = []
    for word in words:
        order, factors = rotated(word)
        weights = diagonal(sample, factors)
        if order is None:
            each = weights.sum(axis=-1, keepdims=True) * (sample.size / weights.shape[-1])
        else:
            each = sample.smear(order, np.broadcast_to(weights, (*weights.shape[:-1], sample.count)))
        total.append((Word(word.coefficient * each, (), word.order),))
    return add(*total) if total else number(0)


def expectation(sample: Levels, words: Words, place: float) -> Words:
    """<n| ... |n> at the first level from an energy on."""
    below = sample.energies < place
    first = ~below & np.concatenate([np.ones_like(below[..., :1]), below[..., :-1]], axis=-1)
    only = first[..., None, :] / sample.degeneracy
    return trace(sample, mul(operator(Diagonal(only)), words))


def average(sample: Levels, words: Words) -> Words:
    """<...>_E: the trace next to delta(E - H) over the density of states."""
    above = trace(sample, mul(operator(Spike(0)), words))
    return scaled(above, inverse(sample.smear(0, np.ones((1, sample.count)))))


def inverse(values: Array) -> Array:
    """1/x; 0 outside the spectrum, where a density is nothing but the tail of the kernel."""
    size = np.abs(values)
    largest = size.max(axis=(-2, -1), keepdims=True)
    if not largest.all():
        raise IllPosed("a division by a number that vanishes")
    kept = size > 1e-9 * largest
    return np.divide(1, values, out=np.zeros_like(values), where=kept)


# Energies ----------------------------------------------------------------------------------------------

SIXTH = (1 / 60, -3 / 20, 3 / 4)  # of x at -3, -2, -1 steps, with the sign turned


def slope_in_energy(sample: Levels, values: Array) -> Array:
    """d_E on the grid by central differences of sixth order; fields vanish, or do not matter, at its ends."""
    if values.shape[-1] == 1:
        return np.zeros_like(values)
    padded = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(3, 3)], mode="edge")
    count = values.shape[-1]
    total = np.zeros_like(values)
    for k, c in enumerate(SIXTH):
        total = total + c * (padded[..., 6 - k : 6 - k + count] - padded[..., k : k + count])
    return total / sample.step


def d_energy(sample: Levels, words: Words) -> Words:
    """d_E of explicit E: of the coefficients and of spikes."""
    made: list[Words] = [number(0)]
    for word in words:
        slope = slope_in_energy(sample, word.coefficient)
        if slope.any():
            made.append((replace(word, coefficient=slope),))
        for i, factor in enumerate(word.factors):
            if isinstance(factor, Spike):
                raised = (*word.factors[:i], Spike(factor.order + 1), *word.factors[i + 1 :])
                made.append((replace(word, factors=raised),))
    return add(*made)


def over_energy(sample: Levels, words: Words) -> Words:
    """The integral over all E; what does not depend on E has none."""
    made = [number(0)]
    for order, values in by_order(words, "an integral over E of something").items():
        if values.shape[-1] == 1:
            if values.any():
                raise IllPosed("an integral over all E of what does not depend on E")
            continue
        made.append((Word(values.sum(axis=-1, keepdims=True) * sample.step, (), order),))
    return add(*made)


def at_levels(sample: Levels, values: Array) -> Array:
    """A field at the levels, shape (..., K, N), by cubic interpolation."""
    if values.shape[-1] == 1:
        return np.broadcast_to(values, (*values.shape[:-1], sample.count))
    place = ((sample.energies - sample.grid[..., :1]) / sample.step)[..., None, :]
    node = np.clip(place.astype(int), 1, values.shape[-1] - 3)
    x = place - node
    shape = np.broadcast_shapes(values.shape[:-2], node.shape[:-2])
    values, node = (np.broadcast_to(a, (*shape, *a.shape[-2:])) for a in (values, node))
    node = np.broadcast_to(node, (*node.shape[:-2], values.shape[-2], node.shape[-1]))
    parts = (
        (-x * (x - 1) * (x - 2) / 6, -1),
        ((x + 1) * (x - 1) * (x - 2) / 2, 0),
        (-(x + 1) * x * (x - 2) / 2, 1),
        ((x + 1) * x * (x - 1) / 6, 2),
    )
    return sum(weight * np.take_along_axis(values, node + k, axis=-1) for weight, k in parts)
