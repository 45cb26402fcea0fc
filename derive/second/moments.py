"""Traces as moments: what stands beside the delta goes outside, as a function of E; the rest is a field."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import Any

from derive.second import operands as o
from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.moves import walk
from derive.second.names import BOUND
from derive.second.operands import LOCAL, Sum
from derive.second.reading import weights
from derive.second.slopes import Slopes
from derive.second.taylor import Series
from derive.second.words import Letter, Word, joined, tokens
from derive.second.world import NOTHING


class Moments(Slopes):
    """Takes traces."""

    @abstractmethod
    def end_value(self, end: Any) -> Series: ...

    @abstractmethod
    def primitive(self, atom: o.Atom, end: Any) -> Series: ...

    def _delta(self, term: Term) -> Sum:
        """delta^(k)(a E + b H) = a^-k delta^(k)(E - r H)/|a| with r = -b/a; once E/r is the energy, |r| (-b)^-k/|b| times
        delta^(k)(E - H)."""
        _, k, argument = term
        energies = {p[1] for p in walk(argument) if p[0] == "coord"}
        if {self.token(token) for token in energies} != {self.world.energy}:
            raise NoMeaning("a delta of something other than a E + b H")
        if any(self.token(c) != c for c in self.world.hamiltonian[2]):
            raise NoMeaning("H at another time than its own")
        a, b = weights(argument, energies.pop(), self.world.hamiltonian)
        if not a or not b:
            raise NoMeaning("a delta of something other than a E + b H")
        ratio = -b / a
        if self.stretch == ratio:
            factor, ratio = abs(ratio) * (-b) ** -k / abs(b), Fraction(1)
        else:
            factor = a**-k / abs(a)
        return {((), (), (("delta", k, ratio),)): self.space.number(self.space.field.of(factor))}

    def _tr(self, term: Term) -> Sum:
        return self.trace(self.value(term[1]))

    def _lsum(self, term: Term) -> Sum:
        """sum over n of <n| X |n>."""
        _, name, body = term
        match body:
            case ("prod", ("bra", first), *inner, ("ket", last)) if first == last == name:
                if not any(p in (("bra", name), ("ket", name), ("level", name)) for part in inner for p in walk(part)):
                    return self.trace(self.value(("prod", *inner)))
        raise NoMeaning("a sum over levels that is no trace")

    def trace(self, x: Sum) -> Sum:
        found: Sum = {}
        for (atoms, ends, word), series in x.items():
            found = o.total(self.space, found, o.scaled(self.space, self.moment(atoms, ends, word), series))
        return found

    def moment(self, atoms: tuple[o.Atom, ...], ends: tuple[Any, ...], word: Word) -> Sum:
        deltas = [k for k, letter in enumerate(word) if letter[0] == "delta"]
        local = False
        if not deltas and self.test and any(b[0] == "fun" and b[1] == self.test for x in word if x[0] == "fn" for b in x[1]):
            word, deltas, local = (("delta", 0, Fraction(1)), *word), [0], True
        if len(deltas) != 1:
            raise NoMeaning("a trace that is no moment Tr delta(E - H) X")
        place = deltas[0]
        _, order, ratio = word[place]
        rest = list(joined((*word[place + 1 :], *word[:place])))
        outside = self.number(self.space.field.one)
        kept: list[Any] = []
        for end in (0, -1):
            if rest and rest[end][0] == "fn":
                for basic in rest.pop(end)[1]:
                    if basic[0] == "exp":
                        kept.append(basic)
                    elif ratio != 1:
                        raise NoMeaning("a function of H beside a delta at a multiple of the energy")
                    else:
                        outside = o.times(self.space, outside, self.at_energy(basic))
        phases = joined((("fn", tuple(kept)),))
        words = self.closed(phases, rest, ratio)
        if order and phases:
            raise NoMeaning("a phase beside the derivative of a delta")
        made = o.times(self.space, outside, self.ended(words, ends, ratio))
        for _ in range(order):
            made = self.slope(made, self.world.energy)
        made = o.times(self.space, {(atoms, (), ()): self.space.number(self.space.field.one)}, made)
        return self.localised(made) if local else made

    def closed(self, phases: Word, rest: list[Letter], ratio: Fraction) -> list[tuple[Sum, Word]]:
        """The words of a moment; f[H, H] A between deltas is f'(H) A."""
        one = self.number(self.space.field.one)
        if len(rest) != 1 or rest[0][0] != "dd" or len(rest[0][2]) != 1:
            return [(one, joined((*phases, *rest)))]
        if ratio != 1:
            raise NoMeaning("a function of H beside a delta at a multiple of the energy")
        found = []
        _, basics, (op,) = rest[0]
        for k in range(len(basics)):
            factor, phase = one, phases
            for j, other in enumerate(basics):
                if other[0] == "exp":
                    phase = joined((*phase, ("fn", (other,))))
                    if j == k:
                        raise NoMeaning("the slope of a phase beside a delta")
                else:
                    factor = o.times(self.space, factor, self.at_energy(other, int(j == k)))
            found.append((factor, joined((*phase, op))))
        return found

    def at_energy(self, basic: Any, times: int = 0) -> Sum:
        """A function of H beside the delta, as one of E, differentiated in E."""
        energy: Term = ("coord", self.world.energy)
        if basic == ("id",):
            return self.number(self.space.field.one) if times else o.scalar(self.coordinate(self.world.energy))
        _, name, orders, arguments = basic
        raised = tuple(n + times * (a == ("ham",)) for n, a in zip(orders, arguments, strict=True))
        if name == self.test:
            if arguments != (("ham",),):
                raise NoMeaning("an arbitrary function of more than H")
            return {((("test", raised[0]),), (), ()): self.space.number(self.space.field.one)}
        return self.value(("fun", name, raised, tuple(energy if a == ("ham",) else a for a in arguments), 1, 0))

    def ended(self, made: list[tuple[Sum, Word]], ends: tuple[Any, ...], ratio: Fraction) -> Sum:
        found: Sum = {}
        for factor, word in made:
            self.readable(word)
            here, jets = self.at_rest(word)
            name = self.world.moment(here, ratio)
            if name == NOTHING:
                continue
            coords = self.coordinates(here)
            if BOUND in coords and not ends:
                atom = ("field", name, coords, jets)
                part: Sum = {((atom,), (), ()): self.space.number(self.space.field.one)}
            elif ends and BOUND in coords:
                part = o.scalar(self.primitive(("field", name, coords, jets), ends[0]))
            elif ends:
                part = o.scalar(self.space.mul(self.end_value(ends[0]), self.field(name, coords, jets)))
            else:
                part = o.scalar(self.field(name, coords, jets))
            found = o.total(self.space, found, o.times(self.space, factor, part))
        return found

    def readable(self, word: Word) -> None:
        """A function of H away from the delta is told apart by its values at the levels; one with a definition has others."""
        names = {basic[1] for letter in word if letter[0] in ("fn", "dd") for basic in letter[1] if basic[0] == "fun"}
        names &= {self.test, *(symbol[1] for symbol, _ in self.world.definitions if symbol[0] == "fun")}
        if names or any(letter[0] == "delta" for letter in word):
            raise NoMeaning("a function with a definition, or an arbitrary one, away from the delta of a moment")

    def coordinates(self, word: Word) -> frozenset[str]:
        times = {token for token in tokens(word) if token.startswith("time:")}
        return frozenset({self.world.energy, *self.world.hamiltonian[2], *times})

    def at_rest(self, word: Word) -> tuple[Word, tuple[tuple[str, int], ...]]:
        """H knows no fast time: Tr delta d_t X = d_t Tr delta X."""
        if len(word) != 1 or word[0][0] != "op" or word[0][2] == "ham":
            return word, ()
        fast = tuple((t, k) for t, k in word[0][4] if t != self.world.slow)
        still = tuple((t, k) for t, k in word[0][4] if t == self.world.slow)
        return ((*word[0][:4], still),), fast

    def localised(self, x: Sum) -> Sum:
        """int dE a g^(k): the coefficient of g at E."""
        found: Sum = {}
        for (atoms, ends, word), series in x.items():
            orders = [atom[1] for atom in atoms if atom[0] == "test"]
            if len(orders) != 1 or len(atoms) != 1 or ends or word:
                raise NoMeaning("an integral over the energy that is not linear in the arbitrary function")
            part = series
            for _ in range(orders[0]):
                part = self.space.minus(self.space.derivative(part, self.world.energy))
            found = o.total(self.space, found, {((LOCAL,), (), ()): part})
        return found
