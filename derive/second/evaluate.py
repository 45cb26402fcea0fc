"""The value of a term of stored evidence on a finite model, as a germ or a matrix of germs.

A term is read as data: nested tuples, the heads of derive/kernel/terms.py.  Here are the rules for calculus, flows and series,
and the table of all rules.
"""

from __future__ import annotations

from derive.second.frame import integral, product, times, total, unit
from derive.second.germs import Germ, NoMeaning
from derive.second.ground import Model, Result, Spot, Term
from derive.second.singular import INFINITE, Singular

OFFSET = 6  # a general order j stands this high, so that j - 1, j - 2, .. stay above zero


class Evaluator(Singular):
    """Evaluates terms on a model."""

    def _d(self, term: Term) -> Result:
        return self.derivative(self.value(term[2]), self.token(term[1]))

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
        beyond = self.g.less(held, base)
        if any(marks or powers == self.g.flat for marks, powers in beyond):
            raise NoMeaning("a coordinate held at a value other than the point of the model")
        result = self.value(term[1])
        if token not in self.g.place:
            return result
        place = self.g.place[token]

        def put_in(v: Germ) -> Germ:
            total: Germ = {}
            for (marks, powers), c in v.items():
                part: Germ = {(marks, tuple(0 if k == place else p for k, p in enumerate(powers))): c}
                for _ in range(powers[place]):
                    part = self.g.mul(part, beyond)
                total = self.g.add(total, part)
            return total

        return self.entrywise(result, put_in)

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


Evaluator.rules = {
    name: getattr(Evaluator, f"_{name}")
    for name in (
        "num", "i", "par", "coord", "level", "ham", "ket", "bra", "sum", "prod", "pow", "comm", "tr", "lsum", "op", "fun",
        "delta", "theta", "d", "int", "flow", "at", "coef", "series",
    )
}  # fmt: skip

__all__ = ["OFFSET", "Evaluator", "Model", "Result", "Spot", "Term"]
