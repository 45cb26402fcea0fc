"""The value of a term of stored evidence on a finite model, as a germ or a matrix of germs.

A term is read as data: nested tuples, the heads of derive/kernel/terms.py.  A symbol that a definition fixes has the value of
what it stands for, at the arguments it is used with; nothing is rewritten.  Every energy coordinate sits somewhere: at a generic
point, or at a point r E_n + shift that some delta or step of the term speaks of, and moves with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import product as cartesian
from typing import Any

from derive.second.frame import Frame, Matrix, integral, product, times, total, unit
from derive.second.germs import Germ, Germs, NoMeaning
from derive.second.numbers import Number

Term = tuple[Any, ...]
Result = Any  # a Germ, or a Matrix of them
Spot = tuple[Fraction, int, Number]  # r, n, shift: the point r E_n + shift; n = -1 for a point that does not move
INFINITE: Term = ("oo",)
BELOW: Term = ("prod", ("num", "-1"), ("oo",))


@dataclass
class Model:
    """Numbers by key, as in derive/kernel/model.py, a size, the slow coordinate, and the definitions in force."""

    size: int
    slow: str
    values: Callable[[str], Number]
    definitions: list[tuple[Term, Term]]
    labels: dict[str, int] = field(default_factory=dict)


class Evaluator:
    """Evaluates terms on a model with germs `g`; `spots` gathers the points that deltas and steps speak of."""

    def __init__(self, model: Model, g: Germs) -> None:
        self.model, self.g = model, g
        self.frame = Frame(g, model.size, model.slow, model.values)
        self.labels = dict(model.labels)
        self.sites: dict[str, Spot | Number] = {}  # energy token -> where it sits
        self.alias: dict[str, str] = {}
        self.spots: dict[Spot, None] = {}
        self.formal: dict[str, str] = {}  # small parameter -> its increment, inside a coefficient

    # where things are

    def token(self, name: str) -> str:
        return self.alias.get(name, name)

    def position(self, spot: Spot) -> Germ:
        r, n, shift = spot
        level = self.g.scale(self.frame.levels[n], self.g.field.of(r)) if n >= 0 else {}
        return self.g.add(level, self.g.number(shift))

    def coordinate(self, token: str) -> Germ:
        g = self.g
        step = g.increment(token) if token in g.place else {}
        if token.startswith("energy:"):
            site = self.sites[token]
            return g.add(self.position(site) if len(site) == 3 else g.number(site), step)
        return g.add(g.number(self.model.values(f"coord|{token}")), step)

    @contextmanager
    def given(self, **changes: dict[str, Any]) -> Iterator[None]:
        before = {name: getattr(self, name) for name in changes}
        for name, extra in changes.items():
            setattr(self, name, {**before[name], **extra})
        try:
            yield
        finally:
            for name, old in before.items():
                setattr(self, name, old)

    # the table

    def value(self, term: Term) -> Result:
        defined = self.defined(term)
        if defined is not None:
            return defined
        rule = _RULES.get(term[0])
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
                points.append(token)
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
        if n < 0 or r != 1:
            return _text(head)
        return f"E{n}" if shift == self.g.field.zero else f"E{n}-{_text(self.g.field.neg(shift))}"

    def defined(self, term: Term) -> Result | None:
        """The value that a definition in force gives the symbol; None where there is none."""
        if term[0] not in ("fun", "op", "d", "avg"):
            return None
        for symbol, body in self.model.definitions:
            if symbol == term:
                return self.value(body)
            if symbol[0] == term[0] == "d" and symbol[1] == term[1] and _holds(term[2], symbol[2]):
                return self.derived_again(term, symbol, body)
            if symbol[0] == term[0] == "avg":
                with self.given(alias={symbol[2]: self.token(term[2])}):
                    return self.value(_replaced(body, symbol[1], term[1]))
            if symbol[0] == term[0] == "fun" and symbol[1] == term[1] and len(symbol[3]) == len(term[3]):
                found = self.instance(symbol, body, term)
                if found is not None:
                    return found
        return None

    def derived_again(self, term: Term, symbol: Term, body: Term) -> Result:
        """A higher derivative of what a definition gives the first derivative of: by putting the first one in."""
        inner = _replaced(term[2], symbol, body)
        if ("d", term[1], inner) == symbol:
            return self.value(body)
        if _holds(inner, symbol[2]):
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

    # deltas and steps

    def affine(self, term: Term) -> tuple[Fraction, str, dict[Any, Fraction], Germ]:
        """a E + sum of c X + rest: the coefficient and the token of the energy, those of H or of a level, a number."""
        match term[0]:
            case "coord" if term[1].startswith("energy:"):
                return Fraction(1), self.token(term[1]), {}, {}
            case "ham":
                return Fraction(0), "", {"H": Fraction(1)}, {}
            case "level":
                return Fraction(0), "", {self.labels[term[1]]: Fraction(1)}, {}
            case "sum":
                a, token = Fraction(0), ""
                spots: dict[Any, Fraction] = {}
                rest: Germ = {}
                for part in term[1:]:
                    b, other, more, extra = self.affine(part)
                    if token and other and token != other:
                        raise NoMeaning("a delta or step of two energies")
                    a, token, rest = a + b, token or other, self.g.add(rest, extra)
                    for key, c in more.items():
                        spots[key] = spots.get(key, Fraction(0)) + c
                return a, token, spots, rest
            case "prod":
                factor, inner = Fraction(1), []
                for part in term[1:]:
                    if part[0] == "num":
                        factor *= Fraction(part[1])
                    else:
                        inner.append(part)
                if len(inner) == 1:
                    a, token, spots, rest = self.affine(inner[0])
                    return (
                        a * factor,
                        token,
                        {k: c * factor for k, c in spots.items()},
                        self.g.scale(rest, self.g.field.of(factor)),
                    )
                if any(part[0] in ("ham", "level") or (part[0] == "coord" and part[1].startswith("energy:")) for part in inner):
                    raise NoMeaning("a delta or step of what is not affine")
        return Fraction(0), "", {}, self.scalar(term)

    def _delta(self, term: Term) -> Result:
        order = term[1]

        def at(a: Fraction, token: str, where: int) -> Germ:
            if where:
                return {}
            weight = (1 if a > 0 else -1) / a ** (order + 1)
            return self.g.scale(self.g.mark(token, "D", order), self.g.field.of(weight))

        return self.singular(term[2], at)

    def _theta(self, term: Term) -> Result:
        one = self.g.number(self.g.field.one)

        def at(a: Fraction, token: str, where: int) -> Germ:
            above = self.g.mark(token, "R", 0) if where == 0 else one if where > 0 else {}
            return above if a > 0 else self.g.less(one, above)

        return self.singular(term[1], at)

    def singular(self, argument: Term, at: Callable[[Fraction, str, int], Germ]) -> Result:
        a, token, spots, rest = self.affine(argument)
        if not token or not a or len(spots) > 1:
            raise NoMeaning("a delta or step without an energy, or of two levels")
        if any(key[1] != self.g.flat for key in rest):
            raise NoMeaning("a delta or step whose shift moves")
        shift = self.g.field.mul(rest.get(((), self.g.flat), self.g.field.zero), self.g.field.of(-1 / a))
        if not spots:
            return at(a, token, self.side(token, (Fraction(0), -1, shift)))
        ((key, c),) = spots.items()
        if key == "H":
            found = [at(a, token, self.side(token, (-c / a, n, shift))) for n in range(self.model.size)]
            return self.frame.spectral(found)
        return at(a, token, self.side(token, (-c / a, key, shift)))

    def side(self, token: str, spot: Spot) -> int:
        """Where the energy sits as seen from a point: 0 at it, 1 above, -1 below."""
        self.spots[spot] = None
        site = self.sites[token]
        if site == spot:
            return 0
        here = site if len(site) == 2 else self.base(site)
        there = self.base(spot)
        if here == there:
            raise NoMeaning("two points of a delta or a step coincide")
        return 1 if here[0] > there[0] else -1

    def base(self, spot: Spot) -> Number:
        return self.position(spot).get(((), self.g.flat), self.g.field.zero)

    # calculus

    def _d(self, term: Term) -> Result:
        return self.derivative(self.value(term[2]), self.token(term[1]))

    def derivative(self, value: Result, token: str) -> Result:
        if isinstance(value, list):
            return [[self.derivative(entry, token) for entry in row] for row in value]
        if token not in self.g.place:
            raise NoMeaning(f"the derivative in {token}")
        found = self.g.derivative(value, token)
        if token == self.model.slow:
            # at fixed E; the increment e is measured from the moving level
            for energy, site in self.sites.items():
                if len(site) == 3 and energy in self.g.place:
                    speed = self.g.derivative(self.position(site), token)
                    if speed:
                        found = self.g.less(found, self.g.mul(speed, self.g.derivative(value, energy)))
        return found

    def _int(self, term: Term) -> Result:
        _, token, lower, upper, body = term
        if token.startswith("energy:"):
            return self.over_energy(token, lower, upper, body)
        if token not in self.g.place or any(part == INFINITE for part in (lower, upper)):
            raise NoMeaning("an integral over a time with a limit at infinity")
        ends = [self.scalar(upper), self.scalar(lower)]
        alias = {k: v for k, v in self.alias.items() if k != token}
        before, self.alias = self.alias, alias
        try:
            value = self.value(body)
        finally:
            self.alias = before
        if any(not self.vanishing_head(end) for end in ends):
            raise NoMeaning("an integral over a time between ends that are not at the point of the model")

        def between(entry: Germ) -> Germ:
            place = self.g.place[token]
            found: Germ = {}
            for (marks, powers), c in integral(self.g, entry, token).items():
                k = powers[place]
                flat = tuple(0 if j == place else p for j, p in enumerate(powers))
                for end, sign in zip(ends, (1, -1), strict=True):
                    part: Germ = {(marks, flat): self.g.field.mul(c, self.g.field.of(sign))}
                    for _ in range(k):
                        part = self.g.mul(part, end)
                    found = self.g.add(found, part)
            return found

        return [[between(entry) for entry in row] for row in value] if isinstance(value, list) else between(value)

    def vanishing_head(self, germ: Germ) -> bool:
        return ((), self.g.flat) not in germ

    def over_energy(self, token: str, lower: Term, upper: Term, body: Term) -> Result:
        """Deltas integrate to their weights, over the line or up to another energy, where they become steps."""
        if lower != BELOW or not (upper == INFINITE or (upper[0] == "coord" and upper[1].startswith("energy:"))):
            raise NoMeaning("an integral over an energy between ends other than the line or an energy above")
        inner = f"energy:inside {len(self.sites)}"
        found: Result = {}
        done: set[Spot] = set()
        above = "" if upper == INFINITE else self.token(upper[1])
        generic: Number = self.model.values(f"generic|{inner}")
        with self.given(alias={token: inner}, sites={inner: generic}):
            if self.anything(body):
                raise NoMeaning("the integral over the line of a smooth function")
        while fresh := [spot for spot in self.spots if spot not in done]:
            for spot in fresh:
                done.add(spot)
                with self.given(alias={token: inner}, sites={inner: spot}):
                    value = self.value(body)
                found = self.join(found, self.entrywise(value, partial(self.weight, inner=inner, above=above, spot=spot)))
        return found

    def anything(self, body: Term) -> bool:
        """Whether there is something between the points of the deltas; a density of states is zero there, and nothing is divided
        by it but what is zero there too."""
        try:
            value = self.value(body)
        except ZeroDivisionError:
            return False
        return any(any(row) for row in value) if isinstance(value, list) else bool(value)

    def weight(self, value: Germ, inner: str, above: str, spot: Spot) -> Germ:
        found: Germ = {}
        for (marks, powers), c in value.items():
            mine = next((m for m in marks if m[0] == inner), None)
            if mine is None or mine[1] != "D":
                if mine is not None or powers[self.g.place[inner]] == 0:
                    raise NoMeaning("the integral over the line of a smooth function, a step, or what is known at levels only")
                continue
            rest: Germ = {(tuple(m for m in marks if m != mine), powers): c}
            if not above:
                found = found if mine[2] else self.g.add(found, rest)
                continue
            side = self.side(above, spot)
            if mine[2]:
                if side == 0:
                    found = self.g.add(found, self.g.mul(rest, self.g.mark(above, "D", mine[2] - 1)))
            elif side >= 0:
                found = self.g.add(found, self.g.mul(rest, self.g.mark(above, "R", 0)) if side == 0 else rest)
        return found

    def _flow(self, term: Term) -> Result:
        _, body, time, hbar = term
        rate = self.g.mul(self.scalar(time), self.g.inverse(self.scalar(hbar)))
        if not self.vanishing_head(rate):
            raise NoMeaning("a flow over a time that does not vanish at the point of the model")
        sides = []
        for sign in (1, -1):
            factor = self.g.scale(rate, (self.g.field.mul(self.g.field.i, self.g.field.of(sign))))
            whole = part = unit(self.g, self.model.size)
            k = 0
            while any(any(row) for row in part):
                k += 1
                part = product(
                    self.g,
                    part,
                    times(self.g, self.g.scale(factor, self.g.field.inverse(self.g.field.of(k))), self.frame.hamiltonian),
                )
                whole = total(self.g, whole, part)
            sides.append(whole)
        return self.combine(self.combine(sides[0], self.value(body)), sides[1])

    def _at(self, term: Term) -> Result:
        token = self.token(term[2])
        if token == self.model.slow:
            raise NoMeaning("the slow coordinate held at a value")
        held = self.scalar(term[3])
        base = self.g.number(self.model.values(f"coord|{token}"))
        if held == base:  # the point of the model itself
            if token not in self.g.place:
                return self.value(term[1])
            place = self.g.place[token]
            return self.entrywise(self.value(term[1]), lambda v: {k: c for k, c in v.items() if not k[1][place]})
        raise NoMeaning("a coordinate held at a value other than the point of the model")

    def _coef(self, term: Term) -> Result:
        _, parameter, order, body = term
        token = f"order:{parameter}"
        if token not in self.g.place:
            raise NoMeaning(f"a coefficient in {parameter}")
        with self.given(formal={parameter: token}):
            value = self.value(body)
        shift, flag = (order, 0) if isinstance(order, int) else (order[1] + OFFSET, 1)
        place, general = self.g.place[token], self.g.place.get(f"general:{parameter}", -1)

        def pick(v: Germ) -> Germ:
            found: Germ = {}
            for (marks, powers), c in v.items():
                if powers[place] == shift and (general < 0 or powers[general] == flag):
                    flat = tuple(0 if k in (place, general) else p for k, p in enumerate(powers))
                    found = self.g.add(found, {(marks, flat): c})
            return found

        return self.entrywise(value, pick)

    def _series(self, term: Term) -> Result:
        """The dots of a series: its members by number, or, about a general order, the members near it."""
        _, family, coords, slow_only, parameter, start = term
        if parameter not in self.formal:
            raise NoMeaning("the dots of a series outside a coefficient")
        token = self.formal[parameter]
        found: Result = {}
        power = self.g.number(self.g.field.one)
        for k in range(self.g.bounds[self.g.place[token]] + 1):
            if f"general:{parameter}" in self.g.place:
                flag = self.g.increment(f"general:{parameter}")
                member = ("op", family, ("general", k - OFFSET), coords, 0)
                found = self.join(found, self.combine(self.g.mul(power, flag), self.value(member)))
            elif k >= start:
                at = tuple(c for c in coords if not (k in slow_only and c.startswith("time:")))
                found = self.join(found, self.combine(power, self.value(("op", family, k, at, 0))))
            power = self.g.mul(power, self.g.increment(token))
        return found

    # combining

    def combine(self, x: Result, y: Result) -> Result:
        if not isinstance(x, list):
            return times(self.g, x, y) if isinstance(y, list) else self.g.mul(x, y)
        if not isinstance(y, list):
            return [[self.g.mul(entry, y) for entry in row] for row in x]
        if len(x[0]) != len(y):
            raise NoMeaning("a product of vectors and operators that do not fit")
        made = product(self.g, x, y)
        return made[0][0] if len(made) == len(made[0]) == 1 and self.model.size > 1 else made

    def join(self, x: Result, y: Result) -> Result:
        if not isinstance(x, list) and not isinstance(y, list):
            return self.g.add(x, y)
        if not isinstance(x, list):
            x = times(self.g, x, unit(self.g, self.model.size)) if x else [[{} for _ in y[0]] for _ in y]
        if not isinstance(y, list):
            y = times(self.g, y, unit(self.g, self.model.size)) if y else [[{} for _ in x[0]] for _ in x]
        if (len(x), len(x[0])) != (len(y), len(y[0])):
            raise NoMeaning("a sum of vectors and operators that do not fit")
        return total(self.g, x, y)

    def negative(self, x: Result) -> Result:
        return self.entrywise(x, lambda v: self.g.scale(v, self.g.field.neg(self.g.field.one)))

    def entrywise(self, x: Result, change: Callable[[Germ], Germ]) -> Result:
        return [[change(entry) for entry in row] for row in x] if isinstance(x, list) else change(x)


_RULES: dict[str, Callable[[Evaluator, Term], Result]] = {
    name: getattr(Evaluator, f"_{name}")
    for name in (
        "num", "i", "par", "coord", "level", "ham", "ket", "bra", "sum", "prod", "pow", "comm", "tr", "lsum", "op", "fun",
        "delta", "theta", "d", "int", "flow", "at", "coef", "series",
    )
}  # fmt: skip

OFFSET = 6  # a general order j stands this high, so that j - 1, j - 2, .. stay above zero


def _kind(coordinate: Term) -> str:
    return str(coordinate[1]).split(":")[0]


def _text(number: Number) -> str:
    return str(number[0]) if not number[1] else f"{number[0]}+{number[1]}i"


def _holds(term: Any, part: Term) -> bool:
    return term == part or (isinstance(term, tuple) and any(_holds(inner, part) for inner in term))


def _replaced(term: Any, old: Term, new: Term) -> Any:
    if term == old:
        return new
    return tuple(_replaced(part, old, new) for part in term) if isinstance(term, tuple) else term


__all__ = ["OFFSET", "Evaluator", "Model", "Spot"]
