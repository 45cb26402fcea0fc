"""Rules for deltas, averages, the frozen flow, derivatives and integrals."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.language import Coordinate, Hamiltonian, Infinity, Level, Product, Sum, Theta, Unprinted
from numeric.distribution import Flat, Points, Value, inverse, mul, plus, settled
from numeric.energy import antiderivative, d_energy, d_slow, integral, shifted
from numeric.interpreter import Bound, Interpreter, Scope
from numeric.model import unit_nodes
from numeric.recognise import flattened, summands
from numeric.refusals import IllPosed, Unsupported
from numeric.rules_algebra import trace_of
from numeric.series import (
    COLUMN,
    FAST,
    POINT,
    ROW,
    SLOW,
    Array,
    Orders,
    add,
    derivative,
    is_scalar,
    multiply,
    spread,
    truncate,
)

# Deltas --------------------------------------------------------------------------------------------


def delta(run: Interpreter, e: Any, scope: Scope) -> Value:
    return _pointed(run, e.argument, e.order, scope)


def theta(run: Interpreter, e: Any, scope: Scope) -> Value:
    """Theta(x), and 1 - Theta(-x) where x falls with the energy."""
    energy, a, *_ = _affine(run, e.argument, scope)
    if energy is None or a > 0:
        return _pointed(run, e.argument, -1, scope)
    rising = Theta(Sum(*(Product(-1, term) for term in summands(e.argument))))
    return run.value(Sum(1, Product(-1, rising)), scope)


def _pointed(run: Interpreter, argument: Any, k: int, scope: Scope) -> Value:
    """delta^(k)(a E + b h + c) = sum of delta^(k)(E - x)/(|a| a^k), x = -(b h + c)/a; h is H or a level."""
    energy, a, operator, b, c = _affine(run, argument, scope)
    if energy is None:
        raise Unsupported("a delta or step whose argument holds no energy coordinate")
    frame, dtype = run.model.frame(), run.model.dtype
    points = run.levels(-b / a, -c / a)
    if isinstance(operator, Hamiltonian):
        weights = frame.projectors
    elif isinstance(operator, Level):
        axis = run.label_axis(operator.args[0], scope)
        chosen = frame.point_of[None, :] == np.arange(frame.points.shape[1])[:, None]
        weights = spread(chosen.astype(dtype), POINT, axis)
    else:
        weights = np.zeros((frame.points.shape[1],), dtype=dtype)
        weights[0] = 1  # one point that does not move, kept on as many places
        weights = spread(weights, POINT)
    scale = 1.0 if k < 0 else abs(a) * a**k
    return Points({(points.key, k): np.asarray(weights / scale)}, {points.key: points}, energy)


def _affine(run: Interpreter, argument: Any, scope: Scope) -> tuple[Any, float, Any, float, float]:
    """The argument as a E + b h + c: the energy coordinate, a, h, b, c."""
    energy, a, operator, b, c = None, 0.0, None, 0.0, 0.0
    for term in summands(argument):
        factors = flattened(term)
        bearing = [f for f in factors if isinstance(f, Hamiltonian | Level) or _is_energy(f)]
        others = Product(*(f for f in factors if f not in bearing))
        factor = _constant(run, others, scope)
        if not bearing:
            c += factor
        elif len(bearing) > 1:
            raise Unsupported("a delta whose argument is not linear in the energies")
        elif _is_energy(bearing[0]):
            if energy not in (None, bearing[0]):
                raise Unsupported("a delta of the difference of two energy coordinates")
            energy, a = bearing[0], a + factor
        else:
            if operator not in (None, bearing[0]):
                raise Unsupported("a delta whose argument holds two operators or levels")
            operator, b = bearing[0], b + factor
    if energy is not None and a == 0:
        raise IllPosed("a delta whose argument does not depend on its energy")
    return energy, a, operator, b, c


def _is_energy(x: Any) -> bool:
    return isinstance(x, Coordinate) and x.kind == "energy"


def _constant(run: Interpreter, e: Any, scope: Scope) -> float:
    array = run.flat(e, scope, "a coefficient")
    if array.size != 1 or array.imag.any():
        raise Unsupported("a delta whose argument is not a real constant times an energy, plus a real constant")
    return float(array.real.reshape(()))


def average(run: Interpreter, e: Any, scope: Scope) -> Value:
    """<X>_E = Tr delta(E - H) X / Tr delta(E - H), at the levels."""
    energy, points = e.args[1], run.levels(1.0, 0.0)
    spikes = Points({(points.key, 0): run.model.frame().projectors}, {points.key: points}, energy)
    above = mul(spikes, run.value(e.args[0], scope), scope.orders).map(lambda x: trace_of(x, run.model.size))
    below = spikes.map(lambda x: trace_of(x, run.model.size))
    return settled(mul(above, inverse(below, scope.orders), scope.orders))


def heisenberg(run: Interpreter, e: Any, scope: Scope) -> Value:
    """exp(i H s/hbar) X exp(-i H s/hbar), elementwise in the frozen basis."""
    orders = scope.orders
    time = run.flat(e.args[1], scope, "a time")
    hbar = _constant(run, e.args[2], scope)
    flow = run.model.flow(np.asarray(time * (run.model.hbar / hbar)), orders)

    def carried(x: Array) -> Array:
        if is_scalar(x):
            return x
        if 1 in x.shape[-2:]:
            raise Unsupported("the flow of a bra or a ket")
        return multiply(flow, x, orders, elementwise=True)

    return run.value(e.args[0], scope).map(carried)


# Derivatives ---------------------------------------------------------------------------------------


def differential(run: Interpreter, e: Any, scope: Scope) -> Value:
    operand, x = e.args
    match x.kind:
        case "energy":
            value = run.value(operand, scope)
            return value.map(np.zeros_like) if value.energy not in (None, x) else d_energy(value)
        case "slow":
            value = run.value(operand, scope.more(slow=1))
            return d_slow(value, run.model.connection(scope.orders), scope.orders)
        case _:
            inner = scope.more(fast=1)
            if not run.time(x, inner).runs:
                raise Unsupported("derivatives in two fast times, or in a fast time that is bound")
            return run.value(operand, inner).map(lambda a: truncate(derivative(a, FAST), scope.orders))


def at(run: Interpreter, e: Any, scope: Scope) -> Value:
    operand, x, place = e.args
    if x.kind == "time":
        return run.value(operand, scope.bind(x, Bound(run.flat(place, scope.more(fast=3), "a time"))))
    if x.kind == "energy":
        raise Unsupported("a field at one given energy")
    if place == x:
        return run.value(operand, scope)
    return _at_slow_time(run, operand, _constant(run, place, scope), scope)


def _at_slow_time(run: Interpreter, operand: Any, tau: float, scope: Scope) -> Value:
    """The operand at another slow time: interpreted there, and from then on a constant."""
    there = run.at(tau)
    still = Scope(Orders(scope.orders.fast, 0), scope.times, scope.labels, scope.used, scope.opened)
    array = there.flat(operand, still, "a value at another slow time")
    if is_scalar(array):
        return Flat(array)
    if 1 in array.shape[-2:]:
        raise Unsupported("a bra or a ket at another slow time")
    basis, turn = there.model.frame().basis, run.model.frame()
    lab = basis @ array @ basis.conj().T
    held = turn.basis.conj().T @ lab @ turn.basis
    forward = spread(turn.turn[: scope.orders.slow + 1], SLOW, ROW, COLUMN)
    backward = np.swapaxes(forward, ROW, COLUMN).conj()
    return Flat(multiply(multiply(backward, held, scope.orders), forward, scope.orders))


# Integrals -----------------------------------------------------------------------------------------


def integrated(run: Interpreter, e: Any, scope: Scope) -> Value:
    operand, x, lower, upper = e.args
    if Unprinted() in (lower, upper):
        raise IllPosed("an integral with a limit that is not printed is defined up to a constant only")
    match x.kind:
        case "energy":
            return _over_energy(run, run.value(operand, scope), x, lower, upper, scope)
        case "time":
            return _over_time(run, operand, x, lower, upper, scope)
    raise Unsupported("an integral over the slow time")


def _over_energy(run: Interpreter, value: Value, x: Any, lower: Any, upper: Any, scope: Scope) -> Value:
    if value.energy not in (None, x):
        raise Unsupported("an integral over an energy beside another one")
    below, above = _infinite(lower), _infinite(upper)
    if below == -1 and above == 1:
        return integral(value, scope.orders)
    if above:
        raise Unsupported("an integral over part of the energies up to infinity")
    primitive = antiderivative(value)
    result = _moved(run, primitive, upper, scope)
    if below == -1:
        return result
    return plus(result, _moved(run, primitive, lower, scope).map(np.negative), scope.orders)


def _infinite(limit: Any) -> int:
    """1 for infinity, -1 for minus infinity, 0 for anything else."""
    factors = flattened(limit)
    if not any(isinstance(f, Infinity) for f in factors):
        return 0
    return -1 if any(f == -1 for f in factors) else 1


def _moved(run: Interpreter, value: Value, place: Any, scope: Scope) -> Value:
    """A field at the energy `place` = E + constant."""
    energy, a, operator, _, c = _affine(run, place, scope)
    if energy is None or a != 1 or operator is not None:
        raise Unsupported("an integral over the energy with a limit that is not an energy plus a constant")
    return shifted(value, c, energy)


def _over_time(run: Interpreter, operand: Any, x: Any, lower: Any, upper: Any, scope: Scope) -> Value:
    """Gauss-Legendre on [lower, upper], one axis for the nodes; exact to roundoff for moderate phases."""
    if _infinite(lower) or _infinite(upper):
        raise IllPosed("an infinite integral over a time does not converge at finite size")
    begin, end = (run.flat(limit, scope, "a limit of integration") for limit in (lower, upper))
    length = add(end, -begin)
    axis, inner = scope.axis()
    nodes, weights = (spread(part.astype(run.model.dtype), axis) for part in unit_nodes())
    value = run.value(operand, inner.bind(x, Bound(add(begin, np.asarray(nodes * length)))))
    measure = np.asarray(weights * length)

    def summed(array: Array) -> Array:
        return np.asarray(multiply(measure, array, scope.orders).sum(axis=axis, keepdims=True))

    return value.map(summed)
