"""Terms read as differential polynomials of smooth fields.

Every distinct moment Tr delta(E - H) X is a field, and so is every function of coordinates; jets.py says why their derivatives
at a point are independent.  The density of states alone is bound: d_tau Tr delta(E - H) = -d_E Tr(delta(E - H) V) identically.

A time integral of fields is a difference of primitives P(upper) - P(lower), each a field of its own; what does not depend on the
time stands outside.  An integral whose body holds a trace is read by the interpreter instead, so that a quantity has one name
whether its integral stands inside the trace or outside.

An equation that holds for every function g, and is linear in it beneath one integral over E, holds exactly when the coefficient
of g vanishes at every E (the fundamental lemma of the calculus of variations; the functions of compact support suffice):

    int dE sum_k a_k g^(k) = 0 for all g     if and only if     sum_k (-1)^k d_E^k a_k = 0.

`equation` gives this local form.  Under a trace without a delta, Tr X = int dE Tr(delta(E - H) X).  Going back from the
local form, a derivative of g is integrated by parts without boundary terms only if a moment, which vanishes where there are
no levels, stands beside it; otherwise the equation is refused.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.algebra import Expression, Profile, freeze, merge_profiles, order_key, thaw
from derive.kernel.calculus import Frame, profile_slope
from derive.kernel.diagrams import energies_in
from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import IMAGINARY
from derive.kernel.interpret import Interpreter
from derive.kernel.jets import ONE, ZERO, Chart, Jets, Var, jet, number, order_in, variable
from derive.kernel.moment_words import adjoint_word, name_of, tokens_in
from derive.kernel.stretch import stretched
from derive.kernel.terms import Term, coordinates_in, rename_coordinates, sub, walk
from derive.kernel.times import INFINITE, bound_names, renamed
from derive.kernel.weak import absorb

BOUND = "time:~"  # the one name of a time that is integrated over


class Fields:
    """Reads terms, naming each moment and each primitive as it meets it."""

    def __init__(self, frame: Frame, energy: str = "", real: bool = False) -> None:
        self.frame = frame
        self.energy = energy
        self.real = real  # at a point that refutes: the moments of a word and of its adjoint are one number there
        self.chart = Chart({})
        self.primitives: dict[str, tuple[str, Any]] = {}  # name -> the integrand's name and the end
        self.bound: set[str] = set()
        self.density = ""
        self.divided: set[Var] = set()
        self.integrated: set[str] = set()
        self.places: dict[str, tuple[str, ...]] = {}
        self.words: dict[str, Any] = {}  # name of a moment -> its word
        self.wholes: set[str] = set()  # integrands that are integrated as a whole only
        self.test = ""  # the function that the equation at hand holds for every choice of

    # equations

    def equation(self, residual: Term) -> Jets:
        """What a residual says at each point: the residual itself, or its local form where something in it is arbitrary."""
        arbitrary = {(part[0], part[1]) for part in walk(residual) if part[0] in ("fun", "op") and part[-1]}
        if not arbitrary:
            return self.read(residual)
        ((kind, name), *more) = sorted(arbitrary)
        if more or kind != "fun" or not self.energy:
            raise Unsupported("something arbitrary other than one function beneath an integral over the energy")
        if any(part[0] == "fun" and part[1] == name and len(part[3]) != 1 for part in walk(residual)):
            raise Unsupported(f"the arbitrary function {name} of more than the energy: its other derivatives are arbitrary too")
        self.test = name
        try:
            return self.local(residual)
        finally:
            self.test = ""

    def local(self, term: Term) -> Jets:
        """The coefficient of the test function in a term that is linear in it."""
        if not self.speaks(term) and not self.read(term):
            return ZERO
        match term:
            case ("sum", *parts):
                return sum((self.local(part) for part in parts), ZERO)
            case ("prod", *parts):
                inside = [part for part in parts if self.speaks(part)]
                if len(inside) == 1:
                    made = self.local(inside[0])
                    for part in parts:
                        made = made if part is inside[0] else made * self.constant(part)
                    return made
            case ("d", token, operand) if token != self.energy:
                return self.slope(self.local(operand), token)
            case ("int", token, lower, upper, body) if token.startswith("energy:"):
                if INFINITE.get(lower) == "-" and INFINITE.get(upper) == "+":
                    return self.by_parts(self.read(stretched(self.at_energy(body, token), self.energy, self.frame)))
            case ("tr", inner) if not any(token.startswith("energy:") for token in coordinates_in(inner)):
                delta: Term = ("delta", 0, sub(("coord", self.energy), ("ham", self.frame.name, self.frame.coords)))
                return self.by_parts(self.read(("tr", ("prod", delta, inner))))
        raise Unsupported("a term that is no integral over the energy, linear in the arbitrary function")

    def speaks(self, term: Term) -> bool:
        return any(part[0] == "fun" and part[1] == self.test for part in walk(term))

    def at_energy(self, body: Term, token: str) -> Term:
        if token == self.energy:
            return body
        if self.energy in coordinates_in(body):
            raise Unsupported("an integral over an energy of what depends on another")
        return rename_coordinates(body, {token: self.energy})

    def constant(self, term: Term) -> Jets:
        """A factor before an integral over the energy."""
        value = self.read(term)
        if any(v == ("coord", self.energy) or self.depends(v, self.energy) for v in value.variables):
            raise Unsupported("a function of the energy before an integral over it")
        return value

    def by_parts(self, p: Jets) -> Jets:
        made = ZERO
        for monomial, c in p.terms.items():
            mine = [(v, k) for v, k in monomial if v[0] == "jet" and v[1] == f"fun {self.test}"]
            if len(mine) != 1 or mine[0][1] != 1:
                raise Unsupported("an integrand that is not linear in the arbitrary function")
            order = order_in(mine[0][0], self.energy)
            rest = Jets({tuple(pair for pair in monomial if pair not in mine): c})
            if order and not any(k > 0 and v[0] == "jet" and v[1] in self.words for m in rest.terms for v, k in m):
                raise Unsupported("a derivative of the arbitrary function beside nothing that vanishes at the ends")
            made = made + number((-1) ** order) * self.chart.d(rest, self.energy, order)
        return made

    # terms

    def read(self, term: Term) -> Jets:
        match term:
            case ("num", value):
                return number(Fraction(value))
            case ("i",):
                return number(IMAGINARY)
            case ("par" | "coord", _):
                return variable(term)
            case ("sum", *parts):
                return sum((self.read(part) for part in parts), ZERO)
            case ("prod", *parts):
                made = ONE
                for part in parts:
                    made = made * self.read(part)
                return made
            case ("pow", base, exponent):
                inner = self.read(base)
                if exponent < 0:
                    self.divided |= {v for m in inner.terms for v, _ in m if v[0] != "par"}
                power: Jets = inner**exponent
                return power
            case ("d", token, operand):
                return self.slope(self.read(operand), token)
            case ("fun", name, orders, arguments, *_):
                return self.function(name, orders, arguments)
            case ("tr" | "lsum", *_):
                return self.moments(term)
            case ("int", token, lower, upper, body) if token.startswith("time:"):
                if not any(part[0] in ("tr", "lsum") for part in walk(body)):
                    return self.integral(token, lower, upper, self.read(body))
                if INFINITE.keys() & {lower, upper}:
                    return self.endless(lower, upper, self.read(rename_coordinates(body, {token: BOUND})))
                return self.moments(term)
        raise Unsupported(f"{term[0]!r} in an equation between smooth fields")

    def slope(self, p: Jets, token: str) -> Jets:
        if token in self.bound or any(token in self.moving(v) for v in p.variables):
            raise Unsupported(f"a derivative in {token.replace(':', ' ')}, which stands in the limit of an integral of fields")
        return self.chart.d(p, token)

    def moving(self, v: Var) -> set[str]:
        """The coordinates that the end of an integral moves with."""
        return tokens_in(self.primitives[v[1]][1]) if v[0] == "jet" and v[1] in self.primitives else set()

    def named(self, name: str, coordinates: set[str]) -> str:
        if name not in self.chart.coordinates:
            self.chart = self.chart.with_field(name, coordinates)
        elif self.chart.coordinates[name] != frozenset(coordinates):
            raise Unsupported(f"the field {name} of different coordinates")
        return name

    def function(self, name: str, orders: Any, arguments: Any) -> Jets:
        tokens = [a[1] for a in arguments if a[0] == "coord"]
        if len(set(tokens)) != len(arguments):
            raise Unsupported(f"the function {name} at something that is no coordinate")
        if self.places.setdefault(name, tuple(tokens)) != tuple(tokens):
            raise Unsupported(f"the function {name} at more than one point")
        self.named(f"fun {name}", set(tokens))
        return self.chart.field(f"fun {name}", *(t for t, k in zip(tokens, orders, strict=True) for _ in range(k)))

    def depends(self, v: Var, token: str) -> bool:
        return v == ("coord", token) or (v[0] == "jet" and token in self.chart.coordinates[v[1]])

    # moments

    def moments(self, term: Term) -> Jets:
        """A trace with one delta, or a time integral that holds one, as a sum of products of moments and primitives."""
        value = Interpreter(self.frame)(term)
        for energy in energies_in(value):
            value = absorb(value, energy)
        return self.expression(value)

    def expression(self, value: Expression) -> Jets:
        made = ZERO
        for (scalars, word), c in value.items():
            if word:
                raise Unsupported("an operator in an equation between smooth fields")
            if self.real and any(item[0] == "sdelta" and item[1] >= 0 and k > 0 for item, k in scalars):
                continue  # a delta at a fixed energy vanishes at the point that refutes, which may be any other
            part = number(c)
            for item, k in self.under_primitive(scalars):
                factor = item if isinstance(item, Jets) else self.atom(item)
                if k < 0 and not isinstance(item, Jets) and item[0] != "par":
                    self.divided |= set(factor.variables)
                part = part * factor**k
            made = made + part
        return made

    def atom(self, item: Any) -> Jets:
        match item:
            case ("par" | "coord", _):
                return variable(item)
            case ("fun", name, orders, arguments, *_):
                return self.function(name, orders, arguments)
            case ("tr", word):
                return self.moment(word)
        raise Unsupported(f"{item[0]!r} in an equation between smooth fields")

    def moment(self, word: Any) -> Jets:
        """Tr(f(H) delta^(k)(E - H) X) = d_E^k [f(E) Tr delta(E - H) X].  A diagonal operator beside the delta, whose elements are
        X_nn, is the number Tr(delta X)/Tr(delta); a divided difference f[H, H] A closed by the delta is f'(H) A."""
        places = [k for k, letter in enumerate(word) if letter[0] == "f" and any(b[0] in ("delta", "theta") for b in letter[1])]
        if len(places) != 1:
            raise Unsupported("a trace that is no moment Tr delta(E - H) X")
        first, *rest = word[places[0] :] + word[: places[0]]
        order, energy, kept, outside = self.beside(first[1])
        for end in (0, -1):
            while rest and rest[end][0] == "loop":
                outside = outside * self.diagonal(rest.pop(end)[1], energy)
        if len(rest) == 1 and rest[0][0] == "dd" and len(rest[0][2]) == 1:
            made = ZERO
            for changed, coefficient in profile_slope(rest[0][1]).items():
                inner = (("f", merge_profiles(kept, changed)), *rest[0][2])
                made = made + self.expression(coefficient) * self.moment(inner)
        else:
            made = self.bare_moment((("f", kept), *rest), energy)
        return self.chart.d(outside * made, energy, order)

    def beside(self, profile: Profile) -> tuple[int, str, Profile, Jets]:
        """The delta's order and energy, the profile with a plain delta and phases only, and what may stand outside."""
        deltas = [basic for basic in profile if basic[0] in ("delta", "theta")]
        if len(deltas) != 1 or deltas[0][0] != "delta" or deltas[0][3]:
            raise Unsupported("a trace that is no moment Tr delta(E - H) X")
        order, energy, _, ratio = deltas[0][1:]
        if ratio != 1 and any(basic[0] not in ("delta", "exp") for basic in profile):
            raise Unsupported("a function of H beside the delta of a moment at a multiple of the energy")
        kept: Profile = (("delta", 0, energy, (), ratio),)
        outside = ONE
        for basic in profile:
            match basic[0]:
                case "delta":
                    continue
                case "exp":
                    kept = merge_profiles(kept, (basic,))
                case "id":
                    outside = outside * variable(("coord", energy))
                case "fun":
                    _, name, orders, arguments, slot, _ = basic
                    here = tuple(("coord", energy) if k == slot else a for k, a in enumerate(arguments))
                    outside = outside * self.function(name, orders, here)
                case _:
                    raise Unsupported(f"{basic[0]!r} beside the delta of a moment")
        if order and len(kept) > 1:
            raise Unsupported("a phase beside the derivative of a delta")
        return order, energy, kept, outside

    def diagonal(self, word: Any, energy: str) -> Jets:
        delta = ("f", (("delta", 0, energy, (), Fraction(1)),))
        density = self.bare_moment((delta,), energy)
        self.divided |= set(density.variables)
        return self.moment((delta, *word)) * density**-1

    def bare_moment(self, word: Any, energy: str) -> Jets:
        slow = set(self.frame.coords)
        if len(slow) > 1:
            raise Unsupported("a Hamiltonian of several slow times between smooth fields")
        if word == (("f", (("delta", 0, energy, (), Fraction(1)),)),):
            return variable(jet(self.density_at(energy)))
        word, rates = self.at_rest(word)
        word = adjoint_word(adjoint_word(word))  # its phases in one order, whatever its times were called before
        if self.real:
            word = min(word, adjoint_word(word), key=order_key)
        times = {token for token in tokens_in(word) if token.startswith("time:")}
        name = self.named(name_of(word), {energy, *slow, *times})
        self.words[name] = word
        return self.chart.field(name, *rates)

    def at_rest(self, word: Any) -> tuple[Any, list[str]]:
        """H knows no fast time: Tr delta d_t X = d_t Tr delta X for the one operator of a moment."""
        if len(word) != 2 or len(word[0][1]) != 1 or word[1][0] != "op" or word[1][2] == "ham" or word[1][5]:
            return word, []
        fast = [(token, k) for token, k in word[1][4] if token not in self.frame.coords]
        slow = tuple((token, k) for token, k in word[1][4] if token in self.frame.coords)
        return (word[0], (*word[1][:4], slow, *word[1][5:])), [token for token, k in fast for _ in range(k)]

    def density_at(self, energy: str) -> str:
        slow = set(self.frame.coords)
        name = self.named("Sigma", {energy, *slow})
        delta = ("f", (("delta", 0, energy, (), Fraction(1)),))
        if not self.density:
            self.density = name
            self.words[name] = (delta,)
            for token in slow:
                drive = (delta, self.frame.derivative_letter(token))
                current = self.named(name_of(drive), {energy, *slow})
                self.words[current] = drive
                self.chart = self.chart.with_rules({(name, token): -variable(jet(current, energy))})
        return name

    # integrals over a time

    def under_primitive(self, scalars: Any) -> list[tuple[Any, int]]:
        """A monomial's factors, with what is integrated over a time gathered into the primitive of one moment."""
        bounds = bound_names(scalars)
        if not bounds:
            return list(scalars)
        if len(bounds) > 1:
            raise Unsupported("integrals over more than one time between smooth fields")
        end = next(item[2] for item, _ in scalars if item[0] == "prim")
        canonical = renamed(scalars, {bounds[0]: BOUND})
        inside = [(item, k) for item, k in canonical if item[0] != "prim" and BOUND in tokens_in(item)]
        outside = [(item, k) for item, k in canonical if item[0] != "prim" and BOUND not in tokens_in(item)]
        if end == ("at", freeze({})):
            return [(ZERO, 1)]  # the primitive that vanishes at 0
        if not inside:
            if end[0] == "oo":
                raise Unsupported("an infinite integral over a time of what does not depend on it")
            return [*outside, (self.expression(thaw(end[1])), 1)]
        if len(inside) > 1 or inside[0][0][0] != "tr" or inside[0][1] != 1:
            raise Unsupported("a time integral of a product of fields that depend on the time")
        return [*outside, (self.primitive(self.moment(inside[0][0][1]), BOUND, end), 1)]

    def primitive(self, body: Jets, token: str, end: Any) -> Jets:
        """The primitive at an end of a polynomial in which one field depends on the time; the rest stands outside."""
        moving = tokens_in(end)
        made = ZERO
        for monomial, c in body.terms.items():
            inside = [(v, k) for v, k in monomial if self.depends(v, token)]
            outside = Jets({tuple(p for p in monomial if p not in inside): c})
            if len(inside) != 1 or inside[0][1] != 1 or inside[0][0][0] != "jet":
                raise Unsupported("a time integral of a product of fields that depend on the time")
            _, name, derivatives = inside[0][0]
            self.integrated.add(name)
            if any(t == token or t in moving for t, _ in derivatives):
                raise Unsupported("a time integral of a derivative in the time")
            where = self.named(f"int {name} to {name_of(end)}", set(self.chart.coordinates[name]) - {token} - moving)
            self.primitives[where] = (name, end)
            made = made + outside * self.chart.reduced(("jet", where, derivatives))
        return made

    def endless(self, lower: Term, upper: Term, body: Jets) -> Jets:
        """An integral with an infinite end.  Where a part of the integrand does not depend on the time, only the whole can have a
        limit: its primitive is then one field, named by the integrand but for a factor that stands outside."""
        shared = {v: min(dict(m).get(v, 0) for m in body.terms) for v in body.variables if not self.depends(v, BOUND)}
        common = tuple(sorted((v, k) for v, k in shared.items() if k))
        if not body:
            return ZERO
        factor = Jets({common: body.terms[min(body.terms)]})
        whole = body * factor**-1
        made = ZERO
        for end, sign in ((upper, 1), (lower, -1)):
            if end == ("num", "0"):
                continue
            key = ("oo", INFINITE[end]) if end in INFINITE else ("at", freeze(Interpreter(self.frame)(end)))
            moving = tokens_in(key)
            if all(any(self.depends(v, BOUND) for v, _ in m) for m in whole.terms):
                made = made + number(sign) * self.primitive(whole, BOUND, key)
                continue
            coordinates = {t for v in whole.variables if v[0] == "jet" for t in self.chart.coordinates[v[1]]} - {BOUND} - moving
            text = name_of(tuple(sorted((m, tuple(c.pair())) for m, c in whole.terms.items())))
            self.wholes.add(text)
            where = self.named(f"int [{text}] to {name_of(key)}", coordinates)
            self.primitives[where] = (text, key)
            made = made + number(sign) * variable(jet(where))
        return factor * made

    def integral(self, token: str, lower: Term, upper: Term, body: Jets) -> Jets:
        """int ds: primitives of what depends on s, times what does not."""
        self.bound.add(token)
        if len(self.bound) > 1:
            raise Unsupported("integrals over more than one time between smooth fields")
        still = Jets({m: c for m, c in body.terms.items() if not any(self.depends(v, token) for v, _ in m)})
        made = still * (self.read(upper) - self.read(lower)) if still else ZERO
        for end, sign in ((upper, 1), (lower, -1)):
            if end != ("num", "0"):  # the primitive that vanishes at 0
                key = ("oo", INFINITE[end]) if end in INFINITE else ("at", freeze(Interpreter(self.frame)(end)))
                made = made + number(sign) * self.primitive(body - still, token, key)
        return made
