"""The values of symbols: numbers, operators, functions at places, and what definitions stand for.

A symbol that a definition fixes has the value of what it stands for, at the arguments it is used with; nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product as cartesian
from typing import Any, ClassVar

from derive.second.frame import Matrix, times, total
from derive.second.germs import Germ, NoMeaning
from derive.second.ground import Ground, Result, Spot, Term
from derive.second.numbers import Number


class Symbols(Ground):
    """Evaluates terms by a table of rules, and symbols by their definitions first."""

    rules: ClassVar[dict[str, Callable[[Any, Term], Result]]] = {}

    def value(self, term: Term) -> Result:
        defined = self.defined(term)
        if defined is not None:
            return defined
        rule = self.rules.get(term[0])
        if rule is None:
            raise NoMeaning(f"the head {term[0]!r}, of which no definition speaks")
        return rule(self, term)

    def scalar(self, term: Term) -> Germ:
        value: Germ | Matrix = self.value(term)
        if isinstance(value, list):
            raise NoMeaning(f"a scalar was expected, came the {term[0]!r} of an operator")
        return value

    def _num(self, term: Term) -> Result:
        return self.g.fraction(Fraction(term[1]))

    def _i(self, term: Term) -> Result:
        return self.g.number(self.g.field.i)

    def _par(self, term: Term) -> Result:
        if term[1] in self.formal:
            return self.g.increment(self.formal[term[1]])
        return self.g.number(self.model.values(f"par|{term[1]}"))

    def _coord(self, term: Term) -> Result:
        return self.coordinate(self.token(term[1]))

    def _level(self, term: Term) -> Result:
        return self.frame.levels[self.labels[term[1]]]

    def _ham(self, term: Term) -> Result:
        return self.frame.hamiltonian

    def _ket(self, term: Term) -> Result:
        return [[row[self.labels[term[1]]]] for row in self.frame.u]

    def _bra(self, term: Term) -> Result:
        return [self.frame.w[self.labels[term[1]]]]

    def _sum(self, term: Term) -> Result:
        found: Result = {}
        for part in term[1:]:
            found = self.join(found, self.value(part))
        return found

    def _prod(self, term: Term) -> Result:
        found: Result = self.g.number(self.g.field.one)
        for part in term[1:]:
            found = self.combine(found, self.value(part))
        return found

    def _pow(self, term: Term) -> Result:
        found: Result = self.g.number(self.g.field.one)
        base = self.value(term[1])
        if term[2] < 0:
            if isinstance(base, list):
                raise NoMeaning("division by an operator")
            base = self.g.inverse(base)
        for _ in range(abs(term[2])):
            found = self.combine(found, base)
        return found

    def _comm(self, term: Term) -> Result:
        x, y = self.value(term[1]), self.value(term[2])
        return self.join(self.combine(x, y), self.negative(self.combine(y, x)))

    def _tr(self, term: Term) -> Result:
        value = self.value(term[1])
        if not isinstance(value, list):
            return self.g.scale(value, self.g.field.of(self.model.size))
        if len(value) != len(value[0]):
            raise NoMeaning("the trace of a vector")
        return self.g.add(*(value[n][n] for n in range(len(value))))

    def _lsum(self, term: Term) -> Result:
        found: Result = {}
        for n in range(self.model.size):
            with self.given(labels={term[1]: n}):
                found = self.join(found, self.value(term[2]))
        return found

    def _op(self, term: Term) -> Result:
        _, name, index, coords, _ = term
        text = f"general.{index[1]}" if isinstance(index, tuple) else str(index)
        g = self.g
        tokens = [t for t in g.tokens if t in coords and t != self.model.slow] + [t for t in [self.model.slow] if t in coords]
        tokens = [t for t in tokens if t in g.place]
        found: Matrix = [[{} for _ in range(self.model.size)] for _ in range(self.model.size)]
        for orders in cartesian(*(range(g.bounds[g.place[t]] + 1) for t in tokens)):
            jet = ",".join(f"{t}^{k}" for t, k in zip(tokens, orders, strict=True) if k)
            weight = g.number(g.field.one)
            for t, k in zip(tokens, orders, strict=True):
                for j in range(1, k + 1):
                    weight = g.scale(g.mul(weight, g.increment(t)), g.field.inverse(g.field.of(j)))
            if weight:
                size = range(self.model.size)
                part = [[g.number(self.model.values(f"op|{name}|{text}|{jet}|{a}|{b}")) for b in size] for a in size]
                found = total(g, found, times(g, weight, part))
        return found

    # functions

    def _fun(self, term: Term) -> Result:
        _, name, orders, arguments, _, _ = term
        over = [k for k, a in enumerate(arguments) if a[0] == "ham"]
        if len(over) > 1:
            raise NoMeaning("a function of two operators")
        if over:
            values = [
                self.function(name, orders, [("at", n) if k == over[0] else ("is", a) for k, a in enumerate(arguments)])
                for n in range(self.model.size)
            ]
            return self.frame.spectral(values)
        return self.function(name, orders, [("is", a) for a in arguments])

    def function(self, name: str, orders: Any, arguments: list[Any]) -> Germ:
        """Taylor's series of a function about where its arguments are; numbers by the names of those places."""
        g = self.g
        points, motions = [], []
        for kind, argument in arguments:
            if kind == "at" or argument[0] == "level":
                n = argument if kind == "at" else self.labels[argument[1]]
                points.append(f"E{n}")
                motions.append(self.moving(self.frame.levels[n]))
                continue
            if argument[0] == "coord" and not self.token(argument[1]).startswith("energy:"):
                token = self.token(argument[1])  # where it is known by its name alone
                motions.append(g.increment(token) if token in g.place else {})
                still = token.startswith("time:") and self.model.values(f"coord|{token}") == g.field.zero
                points.append("0" if still else token)  # times that run from 0 are one place there
                continue
            value = self.scalar(argument)
            motions.append(self.moving(value))
            points.append(self.place(argument, value))
        found: Germ = {}
        most = sum(g.bounds)
        powers: list[list[Germ]] = []
        for motion in motions:
            row, part = [g.number(g.field.one)], g.number(g.field.one)
            for k in range(1, most + 1):
                part = g.scale(g.mul(part, motion), g.field.inverse(g.field.of(k)))
                if not part:
                    break
                row.append(part)
            powers.append(row)
        for choice in cartesian(*(range(len(row)) for row in powers)):
            weight = g.number(g.field.one)
            for k, row in zip(choice, powers, strict=True):
                weight = g.mul(weight, row[k])
            if weight:
                more = ",".join(str(a + b) for a, b in zip(orders, choice, strict=True))
                found = g.add(found, g.scale(weight, self.model.values(f"fun|{name}|{more}|{','.join(points)}")))
        return found

    def moving(self, value: Germ) -> Germ:
        if any(marks for marks, _ in value):
            raise NoMeaning("a function of what is singular")
        return {key: c for key, c in value.items() if key[1] != self.g.flat}

    def place(self, argument: Term, value: Germ) -> str:
        """The name of the point at which an argument stands."""
        head = value.get(((), self.g.flat), self.g.field.zero)
        if argument[0] != "coord":
            return _text(head)
        site = self.sites[self.token(argument[1])]
        if len(site) == 2:
            return f"?{_text(head)}"
        r, n, shift = site
        if n < 0:
            return _text(head)
        at = f"E{n}" if r == 1 else f"{r}*E{n}"
        return at if shift == self.g.field.zero else f"{at}-{_text(self.g.field.neg(shift))}"

    def defined(self, term: Term) -> Result | None:
        """The value that a definition in force gives the symbol; None where there is none."""
        if term[0] not in ("fun", "op", "d", "avg"):
            return None
        for symbol, body in self.model.definitions:
            if symbol == term:
                return self.value(body)
            if symbol[0] == term[0] == "d" and symbol[1] == term[1] and holds(term[2], symbol[2]):
                return self.derived_again(term, symbol, body)
            if symbol[0] == term[0] == "avg":
                with self.given(alias={symbol[2]: self.token(term[2])}):
                    return self.value(replaced(body, symbol[1], term[1]))
            if symbol[0] == term[0] == "fun" and symbol[1] == term[1] and len(symbol[3]) == len(term[3]):
                found = self.instance(symbol, body, term)
                if found is not None:
                    return found
        return None

    def derived_again(self, term: Term, symbol: Term, body: Term) -> Result:
        """A higher derivative of what a definition gives the first derivative of: by putting the first one in."""
        inner = replaced(term[2], symbol, body)
        if ("d", term[1], inner) == symbol:
            return self.value(body)
        if holds(inner, symbol[2]):
            raise NoMeaning("the derivative of something that holds what a definition gives the derivative of")
        return self.derivative(self.value(inner), self.token(term[1]))

    def instance(self, symbol: Term, body: Term, term: Term) -> Result | None:
        alias: dict[str, str] = {}
        labels: dict[str, int] = {}
        over: list[tuple[str, Any]] = []
        for pattern, argument, order in zip(symbol[3], term[3], term[2], strict=True):
            if pattern[0] == "level" and argument[0] == "level" and not order:
                labels[pattern[1]] = self.labels[argument[1]]
            elif pattern[0] == "coord" and argument[0] == "coord" and _kind(pattern) == _kind(argument):
                alias[pattern[1]] = self.token(argument[1])
            elif pattern[0] == "coord" and _kind(pattern) == "energy" and argument[0] in ("ham", "level") and not order:
                over.append((pattern[1], argument))
            else:
                return None
        if len(over) > 1 or (over and any(term[2])):
            return None
        if over:
            token, argument = over[0]
            if argument[0] == "level":
                return self.on_level(token, body, self.labels[argument[1]], alias, labels)
            return self.frame.spectral([self.on_level(token, body, n, alias, labels) for n in range(self.model.size)])
        with self.given(alias=alias, labels=labels):
            value = self.value(body)
        for argument, order in zip(term[3], term[2], strict=True):
            for _ in range(order):
                value = self.derivative(value, self.token(argument[1]))
        return value

    def on_level(self, token: str, body: Term, n: int, alias: dict[str, str], labels: dict[str, int]) -> Germ:
        """The value of a field at E = E_n(tau)."""
        inner = f"energy:inside {len(self.sites)}"
        spot: Spot = (Fraction(1), n, self.g.field.zero)
        with self.given(alias={**alias, token: inner}, labels=labels, sites={inner: spot}):
            value = self.scalar(body)
        found: Germ = {}
        for (marks, powers), c in value.items():
            mine = next((m for m in marks if m[0] == inner), None)
            if mine is not None and mine[1:] != ("Q", 0):
                raise NoMeaning("a field that has no values at the levels")
            found = self.g.add(found, {(tuple(m for m in marks if m != mine), powers): c})
        return found


def _kind(coordinate: Term) -> str:
    return str(coordinate[1]).split(":")[0]


def _text(number: Number) -> str:
    return str(number[0]) if not number[1] else f"{number[0]}+{number[1]}i"


def holds(term: Any, part: Term) -> bool:
    return term == part or (isinstance(term, tuple) and any(holds(inner, part) for inner in term))


def replaced(term: Any, old: Term, new: Term) -> Any:
    if term == old:
        return new
    return tuple(replaced(part, old, new) for part in term) if isinstance(term, tuple) else term
