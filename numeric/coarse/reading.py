"""One encoded expression on one large sample, or a batch: a table of rules, found by the type of the node alone.

The members of the expansion are those of the model (numeric/model.py): rho_0 = diag p with constant p, here
p_n = f_0(E_n) at the slow time looked at; rho_1 = diag q - int_0^t ds (d_tau rho_0)(s).  As functions of E,

    d_tau f_0 = -u d_E f_0,      d_tau f_1 = -u d_E f_1 + r,      Sigma r = Tr delta(E - H) d_tau int_0^t ds (d_tau rho_0)(s):

this is what solvability asks for, Tr g d_tau rho_j = 0 for every g, with nothing reduced.  Every field of E is its
average over the kernel.  An infinite limit of integration is a long time inside the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np
from sympy import Integer, Rational, Tuple

from derive import language as node
from numeric.coarse import evolution, slow, unfold
from numeric.coarse import words as w
from numeric.coarse.functions import Given
from numeric.coarse.levels import Levels
from numeric.coarse.words import Words
from numeric.recognise import Definition, Roles, flattened
from numeric.refusals import IllPosed, Undefined, UnknownNode, Unsupported
from numeric.streams import stream

Moment: TypeAlias = float | tuple[float, ...]  # one time, or one for each sample of a batch
Times: TypeAlias = tuple[tuple[Any, Moment], ...]

DEEPEST: Final = 12
HERE: Final = 0.3  # where a level stands, in half radii, that no sum binds


@dataclass(eq=False)
class Reading:
    """What expressions denote on a sample: `fast` is the time t, `long` what stands for infinity."""

    sample: Levels
    roles: Roles
    definitions: Mapping[Any, Definition]
    given: Given
    fast: Moment
    long: Moment
    others: Mapping[Any, Moment] = field(default_factory=dict)  # other fast times that stand free
    rewritten: dict[Any, Any] = field(default_factory=dict)  # integrals over a fast time, alike on every sample
    _known: dict[Any, Words] = field(default_factory=dict)
    _open: list[Any] = field(default_factory=list)

    def value(self, e: Any, times: Times = ()) -> Words:
        key = (e, times)
        if key not in self._known:
            kind = Rational if isinstance(e, Rational) else type(e)
            rule = RULES.get(kind)
            if rule is None:
                raise UnknownNode(f"no rule for the node {kind.__name__} in the limit of many levels")
            self._known[key] = rule(self, e, times)
        return self._known[key]

    def moment(self, e: Any, times: Times) -> Moment:
        """A time, in the form in which times are bound."""
        found = np.asarray(self.time(e, times))
        return tuple(found.tolist()) if found.ndim else float(found)

    def time(self, e: Any, times: Times) -> Any:
        """A time: one number, or one for each sample."""
        values = w.scalar(self.value(e, times), "a time")
        if values.shape[-2:] != (1, 1):
            raise Unsupported("a time that depends on an energy")
        if values.imag.any():
            raise Unsupported("a time that is not real")
        return values[..., 0, 0].real

    def without_integral(self, e: Any) -> Any:
        """The integral over a fast time brought to the carried operators."""
        if e not in self.rewritten:
            operand, x, lower, upper = e.args
            self.rewritten[e] = unfold.integral(operand, x, lower, upper, self.definitions)
        return self.rewritten[e]

    def definition(self, symbol: Any) -> Definition:
        found = self.definitions.get(symbol)
        if found is None:
            raise Undefined(f"nothing defines the symbol {symbol.name}")
        if len(self._open) > DEEPEST or symbol in self._open:
            raise IllPosed(f"the definition of {symbol.name} goes round in a circle")
        return found

    def opened(self, symbol: Any, body: Any, times: Times) -> Words:
        self._open.append(symbol)
        try:
            return self.value(body, times)
        finally:
            self._open.pop()


Rule: TypeAlias = Callable[[Reading, Any, Times], Words]

# Numbers -----------------------------------------------------------------------------------------------


def rational(run: Reading, e: Any, times: Times) -> Words:
    return w.number(float(e))


def imaginary(run: Reading, e: Any, times: Times) -> Words:
    return w.number(1j)


def parameter(run: Reading, e: Any, times: Times) -> Words:
    if e == run.roles.epsilon:
        return w.shifted(w.number(1), 1)
    if e == run.roles.hbar:
        return w.number(run.sample.hbar)
    return w.number(float(stream(run.sample.seed, "coarse", "parameter", run.roles.number(e)).uniform(0.6, 0.9)))


def coordinate(run: Reading, e: Any, times: Times) -> Words:
    if e.kind == "energy":
        return w.field(run.sample.grid[..., None, :])
    if e.kind == "slow":
        raise Unsupported("the slow time itself in the limit of many levels")
    for bound, value in times:
        if bound == e:
            return _moment(value)
    return _moment(run.others.get(e, run.fast))


def infinity(run: Reading, e: Any, times: Times) -> Words:
    return _moment(run.long)


def _moment(value: Moment) -> Words:
    return w.field(np.asarray(value, float)[..., None, None])


def total(run: Reading, e: Any, times: Times) -> Words:
    return w.add(w.number(0), *(run.value(part, times) for part in e.args))


def product(run: Reading, e: Any, times: Times) -> Words:
    found = unfold.bracketed(e)
    if found is not None:
        outside, inside, _ = found
        return _times(
            run, outside, w.expectation(run.sample, run.value(inside, times), HERE * run.sample.drive.stretch * 2), times
        )
    return _times(run, flattened(e), w.number(1), times)


def _times(run: Reading, factors: list[Any], made: Words, times: Times) -> Words:
    for factor in factors:
        made = w.mul(made, run.value(factor, times))
        if not any(word.factors or word.coefficient.any() for word in made):
            return w.number(0)
    return made


def power(run: Reading, e: Any, times: Times) -> Words:
    base = run.value(e.base, times)
    if e.exponent < 0:
        base = w.field(w.inverse(w.scalar(base, "the inverse of something")))
    made = w.number(1)
    for _ in range(abs(e.exponent)):
        made = w.mul(made, base)
    return made


def commutator(run: Reading, e: Any, times: Times) -> Words:
    a, b = (run.value(part, times) for part in e.args)
    return w.add(w.mul(a, b), w.scaled(w.mul(b, a), np.full((1, 1), -1.0)))


# Operators ---------------------------------------------------------------------------------------------


def hamiltonian(run: Reading, e: Any, times: Times) -> Words:
    return w.operator(w.Diagonal(run.sample.energies[..., None, :], lambda: run.sample.velocity[..., None, :]))


def delta(run: Reading, e: Any, times: Times) -> Words:
    return _spike(run, e.argument, e.order)


def theta(run: Reading, e: Any, times: Times) -> Words:
    return _spike(run, e.argument, -1)


def _spike(run: Reading, argument: Any, order: int) -> Words:
    match argument:
        case node.Sum(args=(node.Coordinate(kind="energy"), node.Product(args=(minus, node.Hamiltonian())))) if minus == -1:
            return w.operator(w.Spike(order))
    raise Unsupported("a delta of something else than E - H in the limit of many levels")


def member(run: Reading, e: Any, times: Times) -> Words:
    if e.family != run.roles.family:
        raise Undefined("a family of operators that is no expansion of the state")
    if e.order == 0:
        return w.operator(w.Diagonal(slow.populations(run), lambda: np.zeros((1, run.sample.count)), True))
    if e.order != 1:
        raise Unsupported("a member of the expansion beyond the first in the limit of many levels")
    moving = [c for c in e.family.coordinates if c.kind == "time"]
    if len(moving) != 1:
        raise Unsupported("an expansion that does not depend on exactly one fast time")
    memory = slow.memory(run, run.time(moving[0], times))
    values = run.given.member(1, run.sample.energies, 0)
    source = w.at_levels(run.sample, slow.source(run))
    still = w.operator(w.Diagonal(values, lambda: source))
    return w.add(still, w.scaled(w.operator(memory), np.full((1, 1), -1.0)))


def operator(run: Reading, e: Any, times: Times) -> Words:
    if e == run.roles.state:
        return run.value(evolution.expanded(run, e, 1), times)
    if e.arbitrary or e in (run.roles.start, run.roles.slope):
        raise Unsupported("this operator in the limit of many levels")
    return run.opened(e, run.definition(e).body, times)


def trace(run: Reading, e: Any, times: Times) -> Words:
    return w.trace(run.sample, run.value(e.args[0], times))


def average(run: Reading, e: Any, times: Times) -> Words:
    return w.average(run.sample, run.value(e.args[0], times))


def level_sum(run: Reading, e: Any, times: Times) -> Words:
    found = unfold.bracketed(e.args[1])
    if found is None or found[2] != e.args[0]:
        raise Unsupported("a sum over levels of something else than <n| X |n> in the limit of many levels")
    outside, inside, label = found
    if any(part == label for factor in outside for part in node.subexpressions(factor)):
        raise Unsupported("a sum over levels with further factors that hold the label")
    return _times(run, outside, w.trace(run.sample, run.value(inside, times)), times)


def heisenberg(run: Reading, e: Any, times: Times) -> Words:
    moment = run.time(e.args[1], times)
    return _carried(run, e, times, lambda: run.sample.flowing(0.0, moment, 0.0, 1.0), 1.0)


def _carried(run: Reading, e: Any, times: Times, phases: Callable[[], Any], length: Any) -> Words:
    if np.any(run.time(e.args[2], times) != run.sample.hbar):
        raise Unsupported("a flow with another constant than hbar")
    made, length = [], run.sample.per_sample(length)
    for word in run.value(e.args[0], times):
        if any(not isinstance(f, w.Diagonal | w.Full) for f in word.factors):
            raise Unsupported("a delta carried by the flow")
        coefficient = word.coefficient
        if all(isinstance(f, w.Diagonal) for f in word.factors):
            made.append(w.Word(coefficient * length, word.factors, word.order))
            continue
        one = w.product(run.sample, word.factors)
        slope = None if one.slope is None else slow.stretched(one.slope, length)
        made.append(w.Word(coefficient, (w.Full(one.matrix * phases(), slope),), word.order))
    return tuple(made)


# Calculus ----------------------------------------------------------------------------------------------


def differential(run: Reading, e: Any, times: Times) -> Words:
    operand, x = e.args
    if x.kind == "time":
        return evolution.d_time(run, operand, x, times)
    made = unfold.derivative(operand, x)
    if made != e:
        return run.value(made, times)
    if x.kind == "energy":
        return w.d_energy(run.sample, run.value(operand, times))
    return slow.d_slow(run, operand, x, times)


def integrated(run: Reading, e: Any, times: Times) -> Words:
    operand, x, lower, upper = e.args
    if node.Unprinted() in (lower, upper):
        raise IllPosed("an integral with a limit that is not printed is defined up to a constant only")
    if x.kind == "energy":
        endless = node.Integral(operand, x)
        if e != endless:
            raise Unsupported("an integral over part of the energies in the limit of many levels")
        return w.over_energy(run.sample, run.value(operand, times))
    if x.kind != "time":
        raise Unsupported("an integral over the slow time")
    if slow.carried(e):
        low, high = run.time(lower, times), run.time(upper, times)
        start, after = (run.time(operand.args[1], (*times, (x, at))) for at in (0.0, 1.0))
        if np.any(np.abs(run.time(operand.args[1], (*times, (x, 2.0))) - 2 * after + start) > 1e-9 * (1 + np.abs(start))):
            raise Unsupported("a flow over a time that is not linear in the variable of an integral")
        return _carried(run, operand, times, lambda: run.sample.flowing(after - start, start, low, high), high - low)
    return run.value(run.without_integral(e), times)


def at(run: Reading, e: Any, times: Times) -> Words:
    operand, x, place = e.args
    if x.kind != "time":
        raise Unsupported("a value at one slow time or one energy in the limit of many levels")
    return run.value(operand, (*(pair for pair in times if pair[0] != x), (x, run.moment(place, times))))


# Functions ---------------------------------------------------------------------------------------------


def apply(run: Reading, e: Any, times: Times) -> Words:
    if e.function.arbitrary:
        return slow.test_function(run, e)
    order = run.roles.member_of(e.function)
    if order is not None:
        return slow.member_function(run, e, order)
    return _defined(run, e, times)


def _defined(run: Reading, e: Any, times: Times) -> Words:
    """The body of the definition at the arguments: E or H, the slow time, fast times."""
    if any(e.orders):
        return _partial(run, e, times)
    definition = run.definition(e.function)
    bound, inside, body = times, False, definition.body
    for formal, argument in zip(definition.formals, e.arguments, strict=True):
        kind = getattr(formal, "kind", None)
        if kind == "time":
            bound = (*(pair for pair in bound if pair[0] != formal), (formal, run.moment(argument, times)))
        elif isinstance(formal, node.Level):
            body = slow.mean_over_levels(body, argument)
        elif isinstance(formal, node.Hamiltonian):
            raise Unsupported("a function defined by its value at H")
        if isinstance(argument, node.Hamiltonian):
            inside = True
        elif isinstance(argument, node.Level):
            raise Unsupported("a defined function at a level in the limit of many levels")
        elif kind != "time" and not isinstance(argument, node.Coordinate):
            raise Unsupported("a defined function at something else than E, H and times")
    made = run.opened(e.function, body, bound)
    if not inside:
        return made
    values = w.scalar(made, "a defined function")
    return w.operator(w.Diagonal(w.at_levels(run.sample, values), slow.of_field_at_levels(run, e, values, times)))


def _partial(run: Reading, e: Any, times: Times) -> Words:
    """A partial derivative of a defined function of E and the slow time."""
    plain = node.Apply(e.function, Tuple(*(Integer(0) for _ in e.orders)), Tuple(*e.arguments))
    made: Words | None = None
    for argument, order in zip(e.arguments, e.orders, strict=True):
        if order and getattr(argument, "kind", None) not in ("energy", "slow"):
            raise Unsupported("a partial derivative of a defined function in the place of H or a time")
        if order and argument.kind == "slow":
            if order > 1:
                raise Unsupported("a second slow derivative in the limit of many levels")
            made = slow.d_slow(run, plain, argument, times)
    made = run.value(plain, times) if made is None else made
    for argument, order in zip(e.arguments, e.orders, strict=True):
        for _ in range(order if argument.kind == "energy" else 0):
            made = w.d_energy(run.sample, made)
    return made


RULES: Final[Mapping[type, Rule]] = MappingProxyType(
    {
        Rational: rational,
        node.Imaginary: imaginary,
        node.Parameter: parameter,
        node.Coordinate: coordinate,
        node.Infinity: infinity,
        node.Sum: total,
        node.Product: product,
        node.Power: power,
        node.Commutator: commutator,
        node.Hamiltonian: hamiltonian,
        node.Delta: delta,
        node.Theta: theta,
        node.Member: member,
        node.Operator: operator,
        node.Trace: trace,
        node.Average: average,
        node.LevelSum: level_sum,
        node.Heisenberg: heisenberg,
        node.D: differential,
        node.Integral: integrated,
        node.At: at,
        node.Apply: apply,
    }
)
