"""Sums and products of what a term is on a finite model: scalars, operators, kets and bras."""

from __future__ import annotations

from collections.abc import Callable

from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.model import Matrix, Model
from derive.kernel.values import Value, plus, times_number

Result = Value | Matrix


def _unit(model: Model, value: Value) -> Matrix:
    return [[value if a == b else {} for b in range(model.size)] for a in range(model.size)]


def combine(model: Model, x: Result, y: Result) -> Result:
    """The product of two results."""
    if isinstance(x, dict) and isinstance(y, dict):
        return model.times(x, y)
    if isinstance(x, dict):
        assert isinstance(y, list)
        return [[model.times(x, entry) for entry in row] for row in y]
    if isinstance(y, dict):
        return [[model.times(entry, y) for entry in row] for row in x]
    if len(x[0]) == 1 and len(y) == 1 and model.size > 1:
        return [[model.times(x[a][0], y[0][b]) for b in range(len(y[0]))] for a in range(len(x))]
    if len(x[0]) != len(y):
        raise Unsupported("a product of vectors and operators that do not fit")
    made = model.multiply(x, y)
    return made[0][0] if len(made) == 1 and len(made[0]) == 1 else made


def join(model: Model, x: Result, y: Result) -> Result:
    """The sum of two results; a scalar beside an operator stands for that multiple of the unit."""
    if isinstance(x, dict) and isinstance(y, dict):
        return plus(x, y)
    if isinstance(x, dict):
        if not x:
            return y
        x = _unit(model, x)
    if isinstance(y, dict):
        if not y:
            return x
        y = _unit(model, y)
    if (len(x), len(x[0])) != (len(y), len(y[0])):
        raise Unsupported("a sum of vectors and operators that do not fit")
    return [[plus(a, b) for a, b in zip(r, s, strict=True)] for r, s in zip(x, y, strict=True)]


def negative(x: Result) -> Result:
    """Minus a result."""
    if isinstance(x, dict):
        return times_number(x, Gaussian(-1))
    return [[times_number(entry, Gaussian(-1)) for entry in row] for row in x]


def entrywise(value: Result, change: Callable[[Value], Value]) -> Result:
    """The change made in each entry."""
    return change(value) if isinstance(value, dict) else [[change(entry) for entry in row] for row in value]
