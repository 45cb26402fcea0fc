"""Fields and derivatives of what stands in an equation between smooth fields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Any

from derive.second import operands as o
from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.numbers import Number
from derive.second.operands import Sum
from derive.second.taylor import Series
from derive.second.words import Letter, Word, operators, tokens
from derive.second.world import DENSITY, World


class Slopes(ABC):
    """The state of an evaluation, with Taylor series of fields and derivatives of sums of products."""

    def __init__(self, world: World) -> None:
        self.world, self.space = world, world.space
        self.alias: dict[str, str] = {}
        self.integrating = ""  # the time that is being integrated over, as the equation calls it
        self.test = ""
        self.stretch = Fraction(1)  # E stands for E/stretch beneath the integral at hand
        self.limited: set[str] = set()  # times that stand in the ends of integrals met so far
        self.open: list[Term] = []  # symbols whose definitions are being evaluated

    @property
    def one(self) -> Number:
        return self.space.field.one

    @abstractmethod
    def value(self, term: Term) -> Sum: ...

    @abstractmethod
    def given(self, term: Term) -> Sum | None: ...

    def number(self, c: Number) -> Sum:
        return o.scalar(self.space.number(c))

    def word(self, word: Word) -> Sum:
        return {((), (), word): self.space.number(self.space.field.one)}

    def coordinate(self, token: str) -> Series:
        if token.startswith("energy:") and token != self.world.energy:
            raise NoMeaning("fields at more than one energy")
        return self.space.add(self.space.number(self.world.look(("coord", token), {})), self.space.increment(token))

    def token(self, name: str) -> str:
        return self.alias.get(name, name)

    def less(self, x: Sum, y: Sum) -> Sum:
        return o.total(self.space, x, {key: self.space.minus(s) for key, s in y.items()})

    def field(self, name: Any, coords: frozenset[str], jets: Any = ()) -> Series:
        """Taylor's series of a field, differentiated, about the point."""
        space, known = self.space, dict(jets)
        done = self.world.series.get((name, coords, jets))
        if done is not None:
            return done
        if any(token not in coords for token in known):
            return {}
        found: Series = {}
        for k, powers in enumerate(space.powers):
            orders = dict(known)
            factor = Fraction(1)
            for token, power in zip(space.tokens, powers, strict=True):
                if power and token not in coords:
                    break
                if power:
                    orders[token] = orders.get(token, 0) + power
                    for j in range(2, power + 1):
                        factor /= j
            else:
                c = self.jet(name, orders)
                if factor != 1:
                    c = space.field.mul(c, space.field.of(factor))
                if c != space.field.zero:
                    found[k] = c
        self.world.series[name, coords, jets] = found
        return found

    def jet(self, name: Any, orders: dict[str, int]) -> Number:
        slow = self.world.slow
        if name == DENSITY and slow and orders.get(slow):
            moved = {**orders, slow: orders[slow] - 1, self.world.energy: orders.get(self.world.energy, 0) + 1}
            return self.space.field.neg(self.jet(self.world.moment((self.world.drive,)), moved))
        return self.world.look(name, {token: k for token, k in orders.items() if k})

    def slope(self, x: Sum, token: str) -> Sum:
        found: Sum = {}
        for (atoms, ends, word), series in x.items():
            if token in tokens(ends):
                raise NoMeaning("an operator integrated up to a time, differentiated in it under the trace")
            found = o.total(self.space, found, {(atoms, ends, word): self.space.derivative(series, token)})
            for k, atom in enumerate(atoms):
                for other in self.atom_slope(atom, token):
                    key = (tuple(sorted((*atoms[:k], other, *atoms[k + 1 :]), key=repr)), ends, word)
                    found = o.total(self.space, found, {key: series})
            for c, other_word in self.word_slope(word, token):
                found = o.total(self.space, found, {(atoms, ends, other_word): self.space.mul(series, c)})
            for k, letter in enumerate(word):
                given = self.given_slope(letter, token)
                if given is not None:
                    before: Sum = {((), (), word[:k]): series}
                    after: Sum = {(atoms, ends, word[k + 1 :]): self.space.number(self.one)}
                    found = o.total(self.space, found, o.times(self.space, o.times(self.space, before, given), after))
        return found

    def given_slope(self, letter: Letter, token: str) -> Sum | None:
        """The derivative of an operator that a definition gives."""
        if letter[0] != "op" or letter[4]:
            return None
        return self.given(("d", token, ("op", *letter[1:4], 0)))

    def atom_slope(self, atom: o.Atom, token: str) -> list[o.Atom]:
        match atom:
            case ("test", k):
                return [("test", k + 1)] if token == self.world.energy else []
            case ("field", name, coords, jets) if token in coords:
                raised = dict(jets)
                raised[token] = raised.get(token, 0) + 1
                return [("field", name, coords, tuple(sorted(raised.items())))]
        return []

    def word_slope(self, word: Word, token: str) -> list[tuple[Series, Word]]:
        one = self.space.number(self.space.field.one)
        if token == self.world.energy:
            return [(one, (*word[:k], ("delta", x[1] + 1, x[2]), *word[k + 1 :])) for k, x in enumerate(word) if x[0] == "delta"]
        if token == self.world.slow:
            if any(letter[0] == "delta" for letter in word):
                raise NoMeaning("the slow derivative of a delta under the trace")
            kept = tuple(letter for letter in operators(word) if self.given_slope(letter, token) is not None)
            return [(one, made) for _, made in o.slow_slope(word, token, self.world.drive, kept)]
        found: list[tuple[Series, Word]] = []
        for k, letter in enumerate(word):
            if letter[0] == "op" and token in letter[3] and self.given_slope(letter, token) is None:
                found.append((one, (*word[:k], o.raised_op(letter, token), *word[k + 1 :])))
            elif letter[0] in ("fn", "dd") and token in tokens(letter):
                raise NoMeaning("a flow differentiated in its time")
        return found
