"""The engine of the interpreter: scopes, memory, and the search for a rule by the type of a node alone.

A rule takes the interpreter, the node and a scope, and gives a Value (numeric/distribution.py) whose
arrays are Taylor series in the fast and the slow time up to the orders of the scope; a derivative asks
its operand for one order more. The rules themselves are in numeric/rules_*.py; numeric/denote.py joins
them into the table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from sympy import Rational

from numeric.distribution import Flat, PointSet, Value
from numeric.model import FRAME_ORDER, Model
from numeric.recognise import Definition
from numeric.refusals import IllPosed, OutOfTime, Undefined, UnknownNode, Unsupported
from numeric.series import FIRST_LABEL, LABELS, POINT, RANK, SLOW, Array, Orders, spread

Rule: TypeAlias = Callable[["Interpreter", Any, "Scope"], Value]

DEEPEST = 12  # definitions within definitions
OWN_LABELS = LABELS - 1  # the last label axis is the model's


@dataclass(frozen=True, eq=False)
class Bound:
    """The value of a bound fast time: a series of numbers."""

    array: Array

    @property
    def runs(self) -> bool:
        """Whether it is a constant plus the fast time, so that one may differentiate in it."""
        x = self.array
        return x.shape[1] == 1 and x.shape[0] == 2 and bool(np.all(x[1, 0] == 1))


@dataclass(frozen=True)
class Scope:
    """Where a node is interpreted: orders kept, bound times, axes of labels and in use, open definitions."""

    orders: Orders
    times: tuple[tuple[Any, Bound], ...] = ()
    labels: tuple[tuple[Any, int], ...] = ()
    used: int = 0
    opened: tuple[Any, ...] = ()

    def more(self, fast: int = 0, slow: int = 0) -> Scope:
        return replace(self, orders=Orders(self.orders.fast + fast, self.orders.slow + slow))

    def bind(self, coordinate: Any, bound: Bound) -> Scope:
        kept = tuple(pair for pair in self.times if pair[0] != coordinate)
        return replace(self, times=(*kept, (coordinate, bound)))

    def label(self, index: Any, axis: int) -> Scope:
        kept = tuple(pair for pair in self.labels if pair[0] != index)
        return replace(self, labels=(*kept, (index, axis)))

    def axis(self) -> tuple[int, Scope]:
        """A free axis for a label or the nodes of a quadrature."""
        if self.used >= OWN_LABELS:
            raise Unsupported(f"more than {OWN_LABELS} labels and nested integrals over time at once")
        return FIRST_LABEL + self.used, replace(self, used=self.used + 1)


@dataclass(eq=False)
class Interpreter:
    """Interprets expressions on one model; `definitions` says which body denotes a defined symbol."""

    model: Model
    definitions: Mapping[Any, Definition]
    rules: Mapping[type, Rule]
    fast: Any = None  # the fast time in which Taylor series run
    deadline: float = float("inf")
    _known: dict[Any, Value] = field(default_factory=dict)
    _times: dict[Any, Bound] = field(default_factory=dict)
    _elsewhere: dict[float, Interpreter] = field(default_factory=dict)

    def value(self, expression: Any, scope: Scope) -> Value:
        """What the expression denotes; a Refusal where it denotes nothing."""
        key = (expression, scope)
        if key not in self._known:
            kind = Rational if isinstance(expression, Rational) else type(expression)
            rule = self.rules.get(kind)
            if rule is None:
                raise UnknownNode(f"no rule for the node {kind.__name__}; give it a line in numeric/denote.py")
            if time.monotonic() > self.deadline:
                raise OutOfTime("the time allowed for this step is used up")
            if scope.orders.slow >= FRAME_ORDER:
                raise Unsupported("slow derivatives nested too deep")
            self._known[key] = rule(self, expression, scope)
        return self._known[key]

    def flat(self, expression: Any, scope: Scope, what: str) -> Array:
        """The array of something that must not depend on an energy."""
        value = self.value(expression, scope)
        if not isinstance(value, Flat):
            raise Unsupported(f"{what} that depends on an energy")
        return value.array

    def number(self, value: complex) -> Flat:
        return Flat(np.full((1,) * RANK, value, dtype=self.model.dtype))

    def time(self, coordinate: Any, scope: Scope) -> Bound:
        """The value of a fast time: what it is bound to, else its own, running if the series run in it."""
        for bound, value in scope.times:
            if bound == coordinate:
                return value
        if coordinate not in self._times:
            start = self.model.time(coordinate)
            series = [start, 1.0] if coordinate == self.fast else [start]
            self._times[coordinate] = Bound(spread(np.array(series, dtype=self.model.dtype), 0))
        return self._times[coordinate]

    def at(self, tau: float) -> Interpreter:
        """The interpreter of the same sample at another slow time."""
        if tau not in self._elsewhere:
            self._elsewhere[tau] = replace(self, model=self.model.at(tau), _known={}, _times=self._times, _elsewhere={})
        return self._elsewhere[tau]

    @property
    def elsewhere(self) -> tuple[Interpreter, ...]:
        """The interpreters at other slow times that were asked for."""
        return tuple(self._elsewhere.values())

    def label_axis(self, index: Any, scope: Scope) -> int:
        for bound, axis in scope.labels:
            if bound == index:
                return axis
        raise Undefined("a level's label that nothing binds")

    def levels(self, scale: float, shift: float) -> PointSet:
        """The moving points scale E_p + shift."""
        frame = self.model.frame()
        series = (scale * frame.points.astype(self.model.dtype)).astype(self.model.dtype)
        series[0] += shift
        return PointSet((scale, shift), spread(series, SLOW, POINT))

    def definition(self, symbol: Any, scope: Scope) -> Definition:
        found = self.definitions.get(symbol)
        if found is None:
            raise Undefined(f"nothing defines the symbol {symbol.name}")
        if symbol in scope.opened:
            raise IllPosed(f"the definition of {symbol.name} goes round in a circle")
        if len(scope.opened) >= DEEPEST:
            raise Unsupported("definitions within definitions, too deep")
        return found
