"""Evidence of the kind `fields`, read: its equations, prepared for evaluation, and its stored numbers by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from derive.second.conditions import refuse_another_hamiltonian
from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.moves import changed, walk
from derive.second.reading import definition_of, drive_of, equation_of, term_of

Equation = tuple[Term, Term]


@dataclass(frozen=True)
class Setting:
    """What a claim between fields is judged by."""

    hamiltonian: Term
    energy: str
    claim: Equation
    premises: tuple[Equation, ...]
    rewrites: tuple[int, ...]
    levels: tuple[int, ...]
    power: tuple[str, int] | None
    series: int
    definitions: tuple[Equation, ...] = field(default=())

    @property
    def slow(self) -> str:
        return str(self.hamiltonian[2][0]) if self.hamiltonian[2] else ""

    def residual(self, place: int) -> Term:
        """What an equation says is zero: of the claim for -1, else of a premise."""
        lhs, rhs = self.claim if place < 0 else self.premises[place]
        sides = (self.in_two_times(lhs), self.in_two_times(rhs))
        if (
            place >= 0
            and self.power is not None
            and any(self._exact(p) and not self._defined(p) for side in sides for p in walk(side))
        ):
            raise NoMeaning("a premise about a function of the exact state, which knows every order of the parameter")
        if place in self.levels:
            sides = (at_every_level(sides[0], self), at_every_level(sides[1], self))
        return ("sum", sides[0], ("prod", ("num", "-1"), sides[1]))

    def usable(self) -> list[int]:
        return [k for k in range(len(self.premises)) if k not in self.rewrites and k != self.series]

    # two times

    def _defined(self, part: Term) -> bool:
        return any(symbol == part or (symbol[0] == part[0] == "fun" and symbol[1] == part[1]) for symbol, _ in self.definitions)

    def _exact(self, part: Term) -> bool:
        """The exact state, or a function that knows the fast time and not the slow one."""
        if self.series < 0:
            return False
        state, expansion = self.premises[self.series]
        if part[0] != "fun":
            return part == state
        dots = dots_of(expansion)
        known = {a[1] for a in part[3] if a[0] == "coord"}
        return clock(dots)[0] in known and clock(dots)[1] not in known

    def in_two_times(self, term: Term) -> Term:
        """Along tau = eps t, d/dt of what knows the fast time alone is d_t + eps d_tau."""
        if self.power is None or self.series < 0:
            return term
        dots = dots_of(self.premises[self.series][1])
        fast, slow = clock(dots)

        def change(part: Term) -> Term:
            if part[0] == "d" and part[1] == fast and any(self._exact(inner) for inner in walk(part[2])):
                if any(inner[0] == "op" and inner[1] == dots[1] for inner in walk(part[2])):
                    raise NoMeaning("a derivative of the exact state together with a term of its series")
                operand = change(part[2])
                return ("sum", ("d", fast, operand), ("prod", ("par", dots[4]), ("d", slow, operand)))
            return changed(part, change)

        return change(term)


def read(data: Any) -> Setting:
    power = None
    match data["modulo"]:
        case []:
            pass
        case ["power", str(parameter), int(k)] if 0 < k < 10 and not isinstance(k, bool):
            power = (parameter, k)
        case _:
            raise NoMeaning(f"the allowance {data['modulo']!r:.40}")
    name, coords = data["hamiltonian"]
    if len(coords) > 1:
        raise NoMeaning("a Hamiltonian of several slow times")
    premises = tuple(equation_of(p["equation"]) for p in data["premises"])
    rewrites = tuple(int(k) for k in data["rewrites"])
    made = Setting(
        hamiltonian=("ham", str(name), tuple(map(str, coords))),
        energy=str(data["energy"]),
        claim=equation_of(data["claim"]),
        premises=premises,
        rewrites=rewrites,
        levels=tuple(int(k) for k in data["levels"]),
        power=power,
        series=int(data["series"]),
    )
    nonzero = [term_of(entry["term"]) for entry in data["nonzero"]]
    sides = [side for equation in (made.claim, *premises) for side in equation]
    refuse_another_hamiltonian(made.hamiltonian, [*sides, *nonzero])
    definitions = [one for k in rewrites for one in drive_of(premises[k]) or [definition_of(premises[k])]]
    if power is not None and made.series >= 0:
        state, expansion = premises[made.series]
        if state[0] != "op":
            raise NoMeaning("the series of something other than an operator")
        definitions.append((state, cut(expansion, power[1])))
    return replace(made, definitions=tuple(definitions))


def dots_of(expansion: Term) -> Term:
    found = [part for part in walk(expansion) if part[0] == "series"]
    if len(found) != 1:
        raise NoMeaning("a series without its dots")
    return found[0]


def clock(dots: Term) -> tuple[str, str]:
    fast = [c for c in dots[2] if c.startswith("time:")]
    slow = [c for c in dots[2] if c.startswith("slow:")]
    if len(fast) != 1 or len(slow) != 1:
        raise NoMeaning("a series whose terms do not depend on one fast and one slow time")
    return fast[0], slow[0]


def cut(term: Term, order: int) -> Term:
    """A series with its dots written out below an order."""
    if term[0] != "series":
        return changed(term, lambda part: cut(part, order))
    _, name, coords, slow_only, parameter, start = term
    terms: list[Term] = []
    for k in range(start, order):
        at = tuple(c for c in coords if not (k in slow_only and c.startswith("time:")))
        terms.append(("prod", ("pow", ("par", parameter), k), ("op", name, k, at, 0)))
    return ("sum", *terms)


# Equations at every level ---------------------------------------------------------------------------------


def at_every_level(term: Term, setting: Setting) -> Term:
    """a(E_n) <n| X |n> times delta(E - E_n), summed over n: a(E) Tr delta(E - H) X."""
    match term:
        case ("sum", *terms):
            return ("sum", *(at_every_level(part, setting) for part in terms))
        case ("prod", ("num", _) as c, ("sum", *terms)):
            return ("sum", *(at_every_level(("prod", c, part), setting) for part in terms))
    factors = list(_factors(term))
    heads = [part[0] for part in factors]
    inner: list[Term] = []
    if "bra" in heads or "ket" in heads:
        if heads.count("bra") != 1 or heads.count("ket") != 1 or heads.index("bra") > heads.index("ket"):
            raise NoMeaning("an equation at the levels with something other than one matrix element in a term")
        first, last = heads.index("bra"), heads.index("ket")
        if factors[first][1] != factors[last][1]:
            raise NoMeaning("a matrix element between two levels")
        inner, factors = factors[first + 1 : last], factors[:first] + factors[last + 1 :]
    delta = ("delta", 0, ("sum", ("coord", setting.energy), ("prod", ("num", "-1"), setting.hamiltonian)))
    for part in factors:
        if {p[0] for p in walk(part)} & {"op", "ham", "bra", "ket", "delta", "theta", "flow", "comm", "d", "int", "tr", "avg"}:
            raise NoMeaning("an equation at the levels that holds more than functions of the level and one matrix element")
    if any(p[0] in ("bra", "ket", "level") for part in inner for p in walk(part)):
        raise NoMeaning("a level inside a matrix element")
    outside = [_at_energy(part, setting.energy) for part in factors]
    return ("prod", *outside, ("tr", ("prod", delta, *inner)))


def _factors(term: Term) -> Iterator[Term]:
    if term[0] == "prod":
        for part in term[1:]:
            yield from _factors(part)
    else:
        yield term


def _at_energy(term: Term, energy: str) -> Term:
    return ("coord", energy) if term[0] == "level" else changed(term, lambda part: _at_energy(part, energy))
