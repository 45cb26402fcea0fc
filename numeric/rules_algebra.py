"""Rules for numbers, arithmetic, the frozen basis, traces and sums over levels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from derive.language import Power, Product
from numeric.distribution import Flat, Smooth, Value, inverse, mul, plus, settled
from numeric.interpreter import Interpreter, Scope
from numeric.refusals import Undefined, Unsupported
from numeric.series import COLUMN, POINT, ROW, SLOW, Array, is_scalar, spread, truncate

# Numbers -------------------------------------------------------------------------------------------


def rational(run: Interpreter, e: Any, scope: Scope) -> Value:
    return run.number(float(e))


def imaginary(run: Interpreter, e: Any, scope: Scope) -> Value:
    return run.number(1j)


def parameter(run: Interpreter, e: Any, scope: Scope) -> Value:
    return run.number(run.model.parameter(e))


def coordinate(run: Interpreter, e: Any, scope: Scope) -> Value:
    """A time is its value; an energy is the function E -> E."""
    if e.kind == "time":
        return Flat(truncate(run.time(e, scope).array, scope.orders))
    dtype = run.model.dtype
    if e.kind == "slow":
        if run.model.loop:
            raise Unsupported("the slow time itself on a closed loop")
        return Flat(truncate(spread(np.array([run.model.tau, 1], dtype=dtype), SLOW), scope.orders))

    def jets(x: Any, most: int) -> list[Array]:
        points = spread(x.astype(dtype), POINT)
        return [points, np.ones_like(points), *(np.zeros_like(points) for _ in range(most))][: most + 1]

    return Smooth(jets, e)


# Arithmetic ----------------------------------------------------------------------------------------


def total(run: Interpreter, e: Any, scope: Scope) -> Value:
    result: Value = run.number(0)
    for term in e.args:
        result = plus(result, run.value(term, scope), scope.orders)
    return result


def product(run: Interpreter, e: Any, scope: Scope) -> Value:
    result: Value = run.number(1)
    for factor in _factors(e):
        result = mul(result, run.value(factor, scope), scope.orders)
    return settled(result)


def _factors(e: Any) -> Iterator[Any]:
    """Products opened, so that Sigma X / Sigma is formed as a whole; so are positive powers."""
    if isinstance(e, Product):
        for factor in e.args:
            yield from _factors(factor)
    elif isinstance(e, Power) and e.exponent >= 1:
        for _ in range(e.exponent):
            yield from _factors(e.base)
    else:
        yield e


def power(run: Interpreter, e: Any, scope: Scope) -> Value:
    base = run.value(e.base, scope)
    if e.exponent < 0:
        base = inverse(base, scope.orders)
    result: Value = run.number(1)
    for _ in range(abs(e.exponent)):
        result = mul(result, base, scope.orders)
    return settled(result)


def commutator(run: Interpreter, e: Any, scope: Scope) -> Value:
    left, right = (run.value(x, scope) for x in e.args)
    backward = mul(right, left, scope.orders).map(np.negative)
    return settled(plus(mul(left, right, scope.orders), backward, scope.orders))


def adjoint(run: Interpreter, e: Any, scope: Scope) -> Value:
    return run.value(e.args[0], scope).map(lambda x: np.swapaxes(x, ROW, COLUMN).conj())


# The frozen basis ----------------------------------------------------------------------------------


def hamiltonian(run: Interpreter, e: Any, scope: Scope) -> Value:
    energies = run.model.frame().energies[: scope.orders.slow + 1].astype(run.model.dtype)
    return Flat(spread(energies[:, :, None] * np.eye(run.model.size, dtype=run.model.dtype), SLOW, ROW, COLUMN))


def level(run: Interpreter, e: Any, scope: Scope) -> Value:
    energies = run.model.frame().energies[: scope.orders.slow + 1].astype(run.model.dtype)
    return Flat(spread(energies, SLOW, run.label_axis(e.args[0], scope)))


def ket(run: Interpreter, e: Any, scope: Scope) -> Value:
    unit = np.eye(run.model.size, dtype=run.model.dtype)
    return Flat(spread(unit, run.label_axis(e.args[0], scope), ROW))


def bra(run: Interpreter, e: Any, scope: Scope) -> Value:
    unit = np.eye(run.model.size, dtype=run.model.dtype)
    return Flat(spread(unit, run.label_axis(e.args[0], scope), COLUMN))


def trace_of(x: Array, size: int) -> Array:
    """The trace; a number is that multiple of the identity."""
    if is_scalar(x):
        return np.asarray(size * x)
    if x.shape[ROW] != x.shape[COLUMN]:
        raise Unsupported("the trace of a bra or a ket")
    return np.asarray(np.trace(x, axis1=ROW, axis2=COLUMN)[..., None, None])


def trace(run: Interpreter, e: Any, scope: Scope) -> Value:
    return run.value(e.args[0], scope).map(lambda x: trace_of(x, run.model.size))


def level_sum(run: Interpreter, e: Any, scope: Scope) -> Value:
    axis, inner = scope.axis()
    size = run.model.size

    def summed(x: Array) -> Array:
        return np.asarray(size * x if x.shape[axis] == 1 else x.sum(axis=axis, keepdims=True))

    return run.value(e.args[1], inner.label(e.args[0], axis)).map(summed)


# Words ---------------------------------------------------------------------------------------------


def placeholder(run: Interpreter, e: Any, scope: Scope) -> Value:
    raise Undefined(f"the print never says what {e.name} is")


def continuation(run: Interpreter, e: Any, scope: Scope) -> Value:
    raise Unsupported("the dots of a series stand for infinitely many terms")


def limit_only(run: Interpreter, e: Any, scope: Scope) -> Value:
    raise Unsupported(f"{type(e).__name__} stands for a limit of integration and has no value")
