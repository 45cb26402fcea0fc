"""Integrals over a time as differences of primitives, integrals over the energy as what they say at each E, and flows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.second import operands as o
from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.moments import Moments
from derive.second.moves import LINE, parts, walk
from derive.second.names import BOUND
from derive.second.operands import Sum
from derive.second.reading import weights
from derive.second.taylor import Series
from derive.second.words import Word, joined, renamed, tokens

INFINITE = {("oo",): "+", LINE[0]: "-"}


class Primitives(Moments):
    """Integrates."""

    def _free(self, term: Term) -> set[str]:
        return {self.token(p[1]) for p in walk(term) if p[0] in ("coord", "d")} | {p[2] for p in walk(term) if p[0] == "avg"}

    def _int(self, term: Term) -> Sum:
        _, token, lower, upper, body = term
        if token.startswith("energy:"):
            if (lower, upper) != LINE:
                raise NoMeaning("an integral over an energy between ends other than the line")
            if token != self.world.energy and self.world.energy in self._free(body):
                raise NoMeaning("fields at more than one energy")
            before, self.alias = self.alias, {**self.alias, token: self.world.energy}
            self.stretch = self.one_ratio(body, token)
            try:
                return self.localised(self.value(body))
            finally:
                self.alias, self.stretch = before, Fraction(1)
        if self.integrating:
            raise NoMeaning("integrals over more than one time")
        ends = [(self.end(upper), 1), (self.end(lower), -1)]
        before, self.alias, self.integrating = self.alias, {**self.alias, token: BOUND}, token
        try:
            inner = self.value(body)
        finally:
            self.alias, self.integrating = before, ""
        if any(end[0] == "oo" for end, _ in ends):
            self.world.endless.append(inner)
        found: Sum = {}
        for end, sign in ends:
            if end == ("at", ()):
                continue  # the primitive that vanishes at 0
            for (atoms, inside, word), series in inner.items():
                found = o.total(self.space, found, self.integral(atoms, inside, word, series, end, sign))
        return found

    def one_ratio(self, body: Term, token: str) -> Fraction:
        """The r of what is integrated over E where it holds E in deltas of a (E - r H) alone, all of one r: then E/r can be the
        variable of the integral."""
        found: set[Fraction] = set()

        def gather(part: Term) -> bool:
            if part[0] == "delta":
                a, b = weights(part[2], token, self.world.hamiltonian)
                found.add(-b / a if a else Fraction(0))
                return True
            if (part[0] in ("coord", "d", "int") and part[1] == token) or (part[0] in ("avg", "at") and part[2] == token):
                return False
            return all(gather(inner) for inner in parts(part))

        try:
            alone = gather(body)
        except NoMeaning:
            alone = False
        return found.pop() if alone and len(found) == 1 and found != {Fraction(0)} else Fraction(1)

    def integral(self, atoms: Any, inside: Any, word: Word, series: Series, end: Any, sign: int) -> Sum:
        moving = [atom for atom in atoms if atom[0] == "field"]
        others = tuple(atom for atom in atoms if atom[0] != "field")
        c = self.space.scale(series, self.space.field.of(sign))
        running = BOUND in tokens(word)
        if inside or len(moving) > 1 or (moving and running):
            raise NoMeaning("an integral over a time of a product of what depends on it")
        if running:
            return {(others, (end,), word): c}
        factor = self.primitive(moving[0], end) if moving else self.end_value(end)
        made = self.space.mul(c, factor)
        return {(others, (), word): made} if made else {}

    def primitive(self, atom: o.Atom, end: Any) -> Series:
        _, name, coords, jets = atom
        moving = tokens(end)
        if any(token == BOUND or token in moving for token, _ in jets):
            raise NoMeaning("an integral over a time of a derivative in it")
        if name[0] == "scaled":
            raise NoMeaning("a moment at a multiple of the energy under an integral over a time")
        self.world.integrated.add(name)
        self.limited |= moving
        return self.field(("int", name, end), coords - {BOUND} - moving, jets)

    def end(self, term: Term) -> Any:
        if term in INFINITE:
            return ("oo", INFINITE[term])
        rate = o.frozen_rate(o.rate_of(term))
        for token, other in self.alias.items():
            rate = renamed(rate, token, other)
        if BOUND in tokens(rate):
            raise NoMeaning("an integral up to the time of another")
        return ("at", rate)

    def end_value(self, end: Any) -> Series:
        if end[0] == "oo":
            return self.space.number(self.world.look(("end", end[1]), {}))
        found: Series = {}
        for monomial, c in end[1]:
            part = self.space.number(self.space.field.of(c))
            for item, power in monomial:
                base = self.value(item).get(o.PLAIN, {})
                part = self.space.mul(part, self.space.power(base, power))
            found = self.space.add(found, part)
        return found

    def _flow(self, term: Term) -> Sum:
        _, body, time, hbar = term
        rate = o.product_of(o.rate_of(time), o.rate_of(("pow", hbar, -1)))
        minus = {monomial: -c for monomial, c in rate.items()}
        phases = []
        for one in (rate, minus):
            made = o.frozen_rate(one)
            for token, other in self.alias.items():
                made = tuple(sorted(renamed(made, token, other)))
            phases.append(self.word(joined((("fn", (("exp", made),)),)) if made else ()))
        return o.times(self.space, o.times(self.space, phases[0], self.value(body)), phases[1])
