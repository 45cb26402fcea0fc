"""Rules for symbols: operators, members of an expansion, and functions at their arguments.

A symbol is, in this order, arbitrary (generic), part of the model (numeric/recognise.py), or defined by
an equation of the derivation (its encoded body is interpreted); anything else is refused as undefined.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

from derive.language import Coordinate, Hamiltonian, Level
from numeric.distribution import Flat, Grid, Points, Smooth, Value, on_points
from numeric.energy import d_energy, d_slow, shifted
from numeric.functions import Drawn, waves
from numeric.interpreter import Bound, Interpreter, Scope
from numeric.refusals import IllPosed, Undefined, Unsupported
from numeric.rules_calculus import _affine
from numeric.series import POINT, RANK, SLOW, Array, add, is_scalar, multiply, spread, truncate

# Operators -----------------------------------------------------------------------------------------


def operator(run: Interpreter, e: Any, scope: Scope) -> Value:
    roles, model = run.model.roles, run.model
    if e.arbitrary:
        return Flat(_generic_operator(run, e, scope))
    if e in (roles.start, roles.slope):
        if model.loop:
            raise Unsupported("the parts of H on a closed loop")
        return Flat(model.constant(model.matrices[0 if e == roles.start else 1], scope.orders))
    if e == roles.state:
        return Flat(_state(run, e, scope))
    definition = run.definition(e, scope)
    inner = Scope(scope.orders, scope.times, (), scope.used, (*scope.opened, e))
    return run.value(definition.body, inner)


def _generic_operator(run: Interpreter, e: Any, scope: Scope) -> Array:
    kinds = [c.kind for c in e.coordinates]
    if "energy" in kinds:
        raise Unsupported("an arbitrary operator that depends on an energy")
    coefficients = run.model.operator(e, "slow" in kinds, scope.orders)
    result = coefficients[0]
    for x in e.coordinates:
        if x.kind != "time":
            continue
        time = truncate(run.time(x, scope).array, scope.orders)
        power = time
        for coefficient in coefficients[1:]:
            result = add(result, multiply(power, coefficient, scope.orders))
            power = multiply(power, time, scope.orders)
    return result


def _state(run: Interpreter, e: Any, scope: Scope) -> Array:
    times = [c for c in e.coordinates if c.kind == "time"]
    if len(times) != 1:
        raise Unsupported("an evolving state that does not depend on exactly one fast time")
    time = truncate(run.time(times[0], scope).array, scope.orders)
    if time.size != len(time):
        raise Unsupported("the exact state inside an integral over its time")
    start, step = float(time[0].real.reshape(())), time.copy()
    step[0] = 0
    coefficients = run.model.state(start, scope.orders)
    result, power = coefficients[0], step
    for coefficient in coefficients[1:]:
        result = add(result, multiply(power, coefficient, scope.orders))
        power = multiply(power, step, scope.orders)
    return result


def member(run: Interpreter, e: Any, scope: Scope) -> Value:
    if e.family != run.model.roles.family:
        raise Undefined("a family of operators that is no expansion of the state")
    if not isinstance(e.order, int):
        raise Unsupported("a member of symbolic order")
    times = [c for c in e.family.coordinates if c.kind == "time"]
    if len(times) != 1:
        raise Unsupported("an expansion that does not depend on exactly one fast time")
    time = truncate(run.time(times[0], scope).array, scope.orders)
    return Flat(run.model.member(e.order, time, scope.orders))


# Functions -----------------------------------------------------------------------------------------


def apply(run: Interpreter, e: Any, scope: Scope) -> Value:
    """A function at its arguments: first as a field of the energy, then put at E + c, at H or at a level."""
    where = next((a for a in e.arguments if _bears_energy(a)), None)
    if e.function.arbitrary:
        field = _drawn(run, e, scope)
    else:
        order = run.model.roles.member_of(e.function)
        field = _defined(run, e, scope) if order is None else _at_levels_only(run, e, order, scope)
    return field if where is None else _placed(run, field, where, scope)


def _bears_energy(x: Any) -> bool:
    if isinstance(x, Coordinate):
        return bool(x.kind == "energy")
    return isinstance(x, Hamiltonian | Level) or any(_bears_energy(part) for part in x.args)


def _placed(run: Interpreter, field: Value, where: Any, scope: Scope) -> Value:
    """The field at E + c, at the Hamiltonian, or at a level."""
    if isinstance(field, Flat):
        return field
    if not isinstance(where, Hamiltonian | Level):
        energy, a, operator, _, c = _affine(run, where, scope)
        if a != 1 or operator is not None:
            raise Unsupported("a function at something else than E + constant, H or a level")
        return shifted(field, c, energy)
    values = _on_levels(run, field, scope)
    if not is_scalar(values):
        raise Unsupported("a field of operators at H or at a level")
    frame = run.model.frame()
    each = values if values.shape[POINT] == 1 else np.take(values, frame.point_of, axis=POINT)
    if each.shape[POINT] == 1:
        return Flat(each)
    if isinstance(where, Level):
        axis = run.label_axis(where.args[0], scope)
        if each.shape[axis] != 1:
            raise Unsupported("a field that holds a level's label, at that level")
        return Flat(np.swapaxes(each, POINT, axis))
    across = np.moveaxis(each[..., 0], POINT, -1)[:, :, None]  # the point axis becomes the columns
    return Flat(np.asarray(across * np.eye(frame.size, dtype=each.dtype)))


def _on_levels(run: Interpreter, field: Value, scope: Scope) -> Array:
    levels = run.levels(1.0, 0.0)
    match field:
        case Smooth():
            return on_points(field, levels, scope.orders)
        case Grid() if field.degree == 0 and field.points.key == levels.key:
            return field.array
        case Points():
            raise IllPosed("a distribution of the energy has no value at H or at a level")
    raise IllPosed("a sharp field away from the levels where it exists")


def _sharp(run: Interpreter, value: Value, axis: int, energy: Any) -> Value:
    """Numbers given for each level, as a field at the levels alone; the mean over a Kramers doublet."""
    if not isinstance(value, Flat) or not is_scalar(value.array):
        raise Unsupported("a function defined at the levels by something that depends on an energy, or an operator")
    frame = run.model.frame()
    array = np.swapaxes(value.array, axis, POINT)
    if array.shape[POINT] == 1:
        return value
    shape = (*array.shape[:POINT], -1, frame.degeneracy, *array.shape[POINT + 1 :])
    return Grid(array.reshape(shape).mean(axis=POINT + 1), run.levels(1.0, 0.0), 0, energy)


def _drawn(run: Interpreter, e: Any, scope: Scope) -> Value:
    """A generic function; every argument that is not an energy or the slow time is a fast time."""
    energies, slow = 0, 0
    times: list[Array] = []
    a = b = 0
    inner = 0
    scale = 1.0
    slots = list(zip(e.arguments, e.orders, strict=True))
    count = sum(not _bears_energy(x) and not _is_slow(x) for x, _ in slots)
    function = run.model.function(e.function, count)
    for x, order in slots:
        if _bears_energy(x):
            energies, a = energies + 1, order
        elif _is_slow(x):
            slow, b = slow + 1, order
        else:
            rate = function.rates[len(times)]
            times.append(np.asarray(rate * run.flat(x, scope, "a time")))
            inner, scale = inner + order, scale * rate**order
    if energies > 1 or slow > 1:
        raise Unsupported("a function of two energies or two slow times")
    theta = times[0] if times else run.number(0).array
    for time in times[1:]:
        theta = add(theta, time)
    powers = [run.number(1).array]
    for _ in range(function.degree):
        powers.append(multiply(powers[-1], theta, scope.orders))
    shape = waves(run.model.tau, b, scope.orders.slow) if slow else [[1.0]]

    def jets(x: Any, most: int) -> list[Array]:
        return _jets(function, shape, powers, inner, scale, x, a, most, run)

    if not energies:
        return Flat(jets(np.zeros(1, dtype=run.model.real), 0)[0])
    return Smooth(jets, _formal(e, run))


def _formal(e: Any, run: Interpreter) -> Any:
    """A coordinate for the energy of a field, until the field is put somewhere."""
    return next(part for part in e.arguments if _bears_energy(part))


def _jets(
    function: Drawn,
    shape: Any,
    powers: list[Array],
    inner: int,
    scale: float,
    x: Any,
    a: int,
    most: int,
    run: Interpreter,
) -> list[Array]:
    dtype = run.model.dtype
    result: list[Array] = []
    for i, wave in enumerate(shape):
        slow = spread(np.array(wave, dtype=dtype), SLOW)
        for j in range(inner, function.degree + 1):
            taylor = function.energy_taylor(i, j, x, most + a).astype(dtype)
            outer = slow * powers[j - inner] * (scale * factorial(j) / factorial(j - inner))
            for k in range(most + 1):
                part = outer * spread(taylor[k + a] * (factorial(k + a) / factorial(k)), POINT)
                if k < len(result):
                    result[k] = add(result[k], part)
                else:
                    result.append(part)
    return result or [np.zeros((1,) * RANK, dtype=dtype)] * (most + 1)


def _is_slow(x: Any) -> bool:
    return isinstance(x, Coordinate) and x.kind == "slow"


def _at_levels_only(run: Interpreter, e: Any, order: int, scope: Scope) -> Value:
    """A function whose values at the levels are the diagonal of a member of the expansion."""
    energy = [k for x, k in zip(e.arguments, e.orders, strict=True) if _bears_energy(x)]
    slow = [k for x, k in zip(e.arguments, e.orders, strict=True) if _is_slow(x)]
    if len(energy) != 1 or len(energy) + len(slow) != len(e.arguments) or len(slow) > 1:
        raise Unsupported("a function of H with arguments beside one energy and the slow time")
    a, dtype, model = energy[0], run.model.dtype, run.model
    if not slow:
        bell = model.occupations[order]

        def fixed(x: Any, most: int) -> list[Array]:
            taylor = (bell.taylor(x, most + a) / model.real(model.partition)).astype(dtype)
            return [spread(taylor[k + a] * (factorial(k + a) / factorial(k)), POINT) for k in range(most + 1)]

        return Smooth(fixed, _formal(e, run))
    b = slow[0]

    def jets(x: Any, most: int) -> list[Array]:
        points = model.frame().points[0]
        if x.shape != points.shape or not np.array_equal(x, points):
            raise IllPosed("a function of H that is known at the levels only is used at other energies")
        held = model.level_jets(e.function, order, scope.orders.slow + b, most + a).astype(dtype)
        rows = np.array([factorial(i + b) / factorial(i) for i in range(scope.orders.slow + 1)], dtype=dtype)
        return [spread(rows[:, None] * held[b:, k + a] * (factorial(k + a) / factorial(k)), SLOW, POINT) for k in range(most + 1)]

    return Smooth(jets, _formal(e, run))


def _defined(run: Interpreter, e: Any, scope: Scope) -> Value:
    """The body of the definition, times bound to the arguments, differentiated as the function is."""
    definition = run.definition(e.function, scope)
    inner = Scope(scope.orders, (), (), scope.used, (*scope.opened, e.function))
    deeper = scope.more(fast=3)  # a body may differentiate in a time that is bound to the fast one
    slow = energy = spare = 0
    for formal, argument, order in zip(definition.formals, e.arguments, e.orders, strict=True):
        if isinstance(formal, Coordinate) and formal.kind == "time":
            if order:
                raise Unsupported("a derivative of a defined function in the place of a time")
            same = formal == argument
            bound = run.time(formal, scope) if same else Bound(run.flat(argument, deeper, "a time"))
            inner = inner.bind(formal, bound)
        elif _is_slow(formal):
            if not _is_slow(argument):
                raise Unsupported("a defined function at another slow time")
            slow = order
        elif isinstance(formal, Level):
            if isinstance(argument, Level):
                inner = inner.label(formal.args[0], run.label_axis(argument.args[0], scope))
            else:
                spare, inner = inner.axis()
                inner = inner.label(formal.args[0], spare)
                energy = order
        elif isinstance(formal, Hamiltonian):
            raise Unsupported("a function defined by its value at H")
        else:
            energy = order
    value = run.value(definition.body, inner.more(slow=slow))
    if spare:
        value = _sharp(run, value, spare, _formal(e, run))
    for k in reversed(range(slow)):
        orders = scope.more(slow=k).orders
        value = d_slow(value, run.model.connection(orders), orders)
    for _ in range(energy):
        value = d_energy(value)
    return value
