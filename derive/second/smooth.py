"""The value of an equation between smooth fields, as Taylor series about one point, with the fields' derivatives given by number.

Every moment Tr delta(E - H) X is a field whose derivatives at the point may be any numbers; words.py tells them apart by their
values on a random finite model.  Bound is the density of states alone, d_tau Tr delta(E - H) = -d_E Tr(delta(E - H) d_tau H).
Products are products of series, a derivative is the shift of a series; nothing is expanded or rewritten, and definitions are
evaluated where their symbols stand.

An equation for every function g, linear in it beneath one integral over E, is read as the coefficient of g at E,
int dE a g^(k) = int dE (-1)^k a^(k) g for g of compact support; under a trace alone, Tr X = int dE Tr(delta(E - H) X).

An integral over a time is a difference of primitives, each a field of its own, zero at 0.  What does not depend on the time is
multiplied by the ends; a number drawn at random stands for an end at infinity, so that what has a limit only as a whole
keeps its parts apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.second import operands as o
from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.moves import walk
from derive.second.names import BOUND
from derive.second.operands import LOCAL, Sum
from derive.second.primitives import Primitives
from derive.second.symbols import replaced
from derive.second.taylor import Series


class Smooth(Primitives):
    """Evaluates terms in a world."""

    def equation(self, term: Term) -> Series:
        """The value of an equation's residual about the point."""
        arbitrary = {(p[0], p[1]) for p in walk(term) if p[0] in ("fun", "op") and p[-1]}
        if len(arbitrary) > 1 or any(kind != "fun" for kind, _ in arbitrary):
            raise NoMeaning("something arbitrary other than one function beneath an integral over the energy")
        self.test = next(iter(arbitrary))[1] if arbitrary else self._test_in_definitions(term)
        made = self.value(term)
        keys = set(made)
        if not keys <= {((LOCAL,), (), ())} and not keys <= {o.PLAIN}:
            raise NoMeaning("an equation that is none between fields, nor one for every function at each energy")
        return self.space.add(*made.values())

    def _test_in_definitions(self, term: Term) -> str:
        """The arbitrary function that comes in with a definition, as T1 = int dE g(E) .. does."""
        every, seen = [term], list(self.world.definitions)
        found: set[str] = set()
        while every:
            for part in walk(every.pop()):
                if part[0] == "fun" and part[-1]:
                    found.add(part[1])
                for pair in [pair for pair in seen if _speaks(pair[0], part)]:
                    seen.remove(pair)
                    every.append(pair[1])
        if len(found) > 1:
            raise NoMeaning("two arbitrary functions in one equation")
        return next(iter(found), "")

    # terms

    def value(self, term: Term) -> Sum:
        defined = self.defined(term)
        if defined is not None:
            return defined
        rule = RULES.get(term[0])
        if rule is None:
            raise NoMeaning(f"the head {term[0]!r} in an equation between smooth fields")
        return rule(self, term)

    def _num(self, term: Term) -> Sum:
        return self.number(self.space.field.of(Fraction(term[1])))

    def _i(self, term: Term) -> Sum:
        return self.number(self.space.field.i)

    def _par(self, term: Term) -> Sum:
        if term[1] == self.world.formal:
            return o.scalar(self.space.increment(f"order:{term[1]}"))
        return self.number(self.world.look(term, {}))

    def _coord(self, term: Term) -> Sum:
        token = self.token(term[1])
        kind_of(token)
        if token == BOUND:
            raise NoMeaning("the time of an integral outside a field")
        return o.scalar(self.coordinate(token))

    def _ham(self, term: Term) -> Sum:
        if term != self.world.hamiltonian or any(self.token(c) != c for c in term[2]):
            raise NoMeaning("another Hamiltonian, or H at another time than its own")
        return self.word((("fn", (("id",),)),))

    def _op(self, term: Term) -> Sum:
        _, name, index, coords, arbitrary = term
        if arbitrary:
            raise NoMeaning("an arbitrary operator outside a definition")
        if any(self.token(c) != c for c in coords):
            raise NoMeaning("an operator at another time than its own")
        return self.word((("op", name, index, tuple(coords), ()),))

    def _sum(self, term: Term) -> Sum:
        return o.total(self.space, *(self.value(part) for part in term[1:]))

    def _prod(self, term: Term) -> Sum:
        made = self.number(self.space.field.one)
        values = [self.value(part) for part in term[1:]]
        for k, one in enumerate(values):
            if any(LOCAL in atoms for atoms, _, _ in one):
                others = [part for j, part in enumerate(term[1:]) if j != k]
                if any(LOCAL in atoms for j, other in enumerate(values) if j != k for atoms, _, _ in other):
                    raise NoMeaning("a product of integrals over the energy")
                if any(self.world.energy in self._free(part) for part in others):
                    raise NoMeaning("a function of the energy before an integral over it")
            made = o.times(self.space, made, one)
        return made

    def _pow(self, term: Term) -> Sum:
        base = self.value(term[1])
        if term[2] < 0 or set(base) <= {o.PLAIN}:
            if not set(base) <= {o.PLAIN}:
                raise NoMeaning("division by what is no field")
            return o.scalar(self.space.power(base.get(o.PLAIN, {}), term[2]))
        made = self.number(self.space.field.one)
        for _ in range(term[2]):
            made = o.times(self.space, made, base)
        return made

    def _comm(self, term: Term) -> Sum:
        x, y = self.value(term[1]), self.value(term[2])
        return self.less(o.times(self.space, x, y), o.times(self.space, y, x))

    def _d(self, term: Term) -> Sum:
        token = self.token(term[1])
        before, self.limited = self.limited, set()
        inner = self.value(term[2])
        if token in self.limited or token == BOUND:
            raise NoMeaning("a derivative in a time that stands in the end of an integral of fields")
        self.limited |= before
        return self.slope(inner, token)

    def _fun(self, term: Term) -> Sum:
        _, name, orders, arguments, *_ = term
        if any(a[0] == "ham" for a in arguments):
            if any(a[0] not in ("ham", "coord") for a in arguments) or [a[0] for a in arguments].count("ham") != 1:
                raise NoMeaning(f"the function {name} of several operators")
            places = tuple(("ham",) if a[0] == "ham" else ("coord", self.token(a[1])) for a in arguments)
            return self.word((("fn", (("fun", name, tuple(orders), places),)),))
        points = tuple(self.token(a[1]) if a[0] == "coord" else "" for a in arguments)
        if "" in points or len(set(points)) != len(points) or not all(map(kind_of, points)):
            raise NoMeaning(f"the function {name} at something that is no coordinate")
        if name == self.test and name:
            if points != (self.world.energy,):
                raise NoMeaning("an arbitrary function of something other than the energy")
            return {((("test", orders[0]),), (), ()): self.space.number(self.space.field.one)}
        if any(token.startswith("energy:") and token != self.world.energy for token in points):
            raise NoMeaning("fields at more than one energy")
        named = tuple(self.integrating if token == BOUND else token for token in points)
        if self.world.places.setdefault(name, named) != named:
            raise NoMeaning(f"the function {name} at more than one point")
        jets = tuple(sorted((token, int(k)) for token, k in zip(points, orders, strict=True) if k))
        if BOUND in points:
            atom = ("field", ("fun", name), frozenset(points), jets)
            return {((atom,), (), ()): self.space.number(self.space.field.one)}
        return o.scalar(self.field(("fun", name), frozenset(points), jets))

    # definitions

    def defined(self, term: Term) -> Sum | None:
        """The value that a definition in force gives a symbol; None where there is none."""
        if term[0] not in ("fun", "op", "d", "avg"):
            return None
        for symbol, body in self.world.definitions:
            if symbol in self.open:
                continue
            found = None
            if symbol == term:
                found = self.inside(symbol, body, {})
            elif symbol[0] == term[0] == "avg":
                found = self.inside(symbol, replaced(body, symbol[1], term[1]), {symbol[2]: self.token(term[2])}, free=term[1])
            elif symbol[0] == term[0] == "fun" and symbol[1] == term[1] and len(symbol[3]) == len(term[3]):
                found = self.instance(symbol, body, term)
            if found is not None:
                return found
        return None

    def given(self, term: Term) -> Sum | None:
        """What a definition gives a symbol as it stands."""
        for symbol, body in self.world.definitions:
            if symbol == term and symbol not in self.open:
                return self.inside(symbol, body, {})
        return None

    def inside(self, symbol: Term, body: Term, alias: dict[str, str], free: Term | None = None) -> Sum:
        """The body of a definition; coordinates of its own mean what the symbol stands at."""
        before, self.alias = self.alias, {**self.alias, **alias}
        if free is None:
            self.open.append(symbol)
        try:
            return self.value(body)
        finally:
            self.alias = before
            if free is None:
                self.open.pop()

    def instance(self, symbol: Term, body: Term, term: Term) -> Sum | None:
        if any(p[0] != "coord" for p in symbol[3]) or any(a[0] != "coord" for a in term[3]):
            return None  # at H: read as a function of H, and put in where it stands at E
        alias = {p[1]: self.token(a[1]) for p, a in zip(symbol[3], term[3], strict=True)}
        if any(kind_of(old) != kind_of(new) for old, new in alias.items()):
            raise NoMeaning(f"the function {term[1]} at coordinates of other kinds than those of its definition")
        if len(set(alias.values())) != len(alias):
            raise NoMeaning(f"the function {term[1]} at one coordinate twice")
        made = self.inside(symbol, body, alias)
        for argument, order in zip(term[3], term[2], strict=True):
            for _ in range(order - symbol[2][term[3].index(argument)]):
                if self.token(argument[1]) == BOUND:
                    raise NoMeaning("an integral over a time of a derivative in it")
                made = self.slope(made, self.token(argument[1]))
        return made


def kind_of(token: str) -> str:
    """The kind of a coordinate."""
    kind = str(token).partition(":")[0]
    if kind not in ("energy", "time", "slow"):
        raise NoMeaning(f"the coordinate {token!r:.40}")
    return kind


def _speaks(symbol: Term, part: Term) -> bool:
    """Whether a subterm is an occurrence of a definition's symbol."""
    if symbol[0] != part[0]:
        return False
    return symbol[0] == "avg" or (symbol[0] == "fun" and symbol[1] == part[1]) or symbol == part


RULES: dict[str, Callable[[Smooth, Term], Sum]] = {
    "num": Smooth._num, "i": Smooth._i, "par": Smooth._par, "coord": Smooth._coord, "ham": Smooth._ham, "op": Smooth._op,
    "sum": Smooth._sum, "prod": Smooth._prod, "pow": Smooth._pow, "comm": Smooth._comm, "d": Smooth._d,
    "delta": Smooth._delta, "tr": Smooth._tr, "lsum": Smooth._lsum, "fun": Smooth._fun, "int": Smooth._int,
    "flow": Smooth._flow,
}  # fmt: skip
