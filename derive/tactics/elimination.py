"""Linear elimination among differential polynomials: each premise is solved for one of its variables.

A premise p = a v + b, with a product a of things one may divide by and b free of v, is the rule v -> -b/a.  Premises are
taken one after the other, reduced by the rules found before; what is left of the claim then vanishes, which gives the
multipliers of a certificate, or does not, and every value of the variables that no rule fixes gives a point at which the
premises hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.kernel.errors import KernelError
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import ZERO, Jets, Monomial, Var, jet
from derive.kernel.tally import WORK

Place = tuple[int, tuple[tuple[str, int], ...]]  # a premise, and how often it is differentiated in each coordinate
Instance = tuple[Place, Jets]


@dataclass(frozen=True)
class Rule:
    """`polynomial` = coefficient * variable + rest = sum of multiplier * instance."""

    variable: Var
    coefficient: Monomial
    number: Gaussian
    polynomial: Jets
    made_of: dict[Place, Jets]


class GaveUp(Exception):
    """The reduction did not end within its bounds, or an instance fixes no variable."""


@dataclass
class Elimination:
    """Rules from the instances of the premises; `invertible` are the variables one may divide by (None: every one, as one
    may at a point where none vanishes); it gives up past `end`.  What fixes no variable stays in `unsolved`."""

    invertible: frozenset[Var] | None
    end: int  # of the work, as kernel/tally.py counts it
    rules: dict[Var, Rule] = field(default_factory=dict)
    unsolved: list[tuple[Jets, dict[Place, Jets]]] = field(default_factory=list)

    def add(self, instances: Iterable[Instance]) -> None:
        for place, p in instances:
            rest, made_of = self._less(p, {place: Jets({(): Gaussian(1)})})
            if not rest:
                continue
            found = self._solved(rest)
            if found is None:
                self.unsolved.append((rest, made_of))
                continue
            variable, coefficient, number = found
            self.rules[variable] = Rule(variable, coefficient, number, rest, made_of)

    def settle(self) -> None:
        """What was left unsolved, reduced by the rules that came after it."""
        again = (self._less(p, made_of) for p, made_of in self.unsolved)
        self.unsolved = [(rest, made_of) for rest, made_of in again if rest]

    def _less(self, p: Jets, made_of: dict[Place, Jets]) -> tuple[Jets, dict[Place, Jets]]:
        """What the rules leave of a combination of instances, and of what it is a combination then."""
        rest, used = self.reduced(p)
        made_of = dict(made_of)
        for other, factor in used.items():
            made_of[other] = made_of.get(other, ZERO) - factor
        return rest, made_of

    def _solved(self, p: Jets) -> tuple[Var, Monomial, Gaussian] | None:
        for v in sorted(p.variables, key=rank, reverse=True):
            holding = [(m, c) for m, c in p.terms.items() if dict(m).get(v)]
            if (
                v[0] != "jet"
                or (v in self.invertible if self.invertible is not None else v == jet("Sigma"))
                or len(holding) != 1
                or dict(holding[0][0])[v] != 1
            ):
                continue
            coefficient = tuple(pair for pair in holding[0][0] if pair[0] != v)
            if self.invertible is None or all(w in self.invertible or w[0] == "par" for w, _ in coefficient):
                return v, coefficient, holding[0][1]
        return None

    def reduced(self, p: Jets) -> tuple[Jets, dict[Place, Jets]]:
        """(rest, multipliers) with p = rest + sum of multiplier * instance."""
        used: dict[Place, Jets] = {}
        while True:
            hit = next(((m, c, v) for m, c in p.terms.items() for v, k in m if k > 0 and v in self.rules), None)
            if hit is None:
                return p, used
            if WORK.count > self.end:
                raise GaveUp
            monomial, c, v = hit
            rule = self.rules[v]
            powers = dict(monomial)
            powers[v] -= 1
            for w, k in rule.coefficient:
                powers[w] = powers.get(w, 0) - k
            quotient = tuple(sorted((w, k) for w, k in powers.items() if k))
            factor = Jets({quotient: c * rule.number.inverse()})
            p = p - factor * rule.polynomial
            for place, multiplier in rule.made_of.items():
                used[place] = used.get(place, ZERO) + factor * multiplier


def solved_point(
    rule: Callable[[Var], Jets | None], wanted: Iterable[Var], draw: Callable[[Var], Fraction]
) -> dict[Var, Fraction] | None:
    """Values of the variables: each from the polynomial that fixes it where `rule` knows one, else drawn.  None where one is
    not real, where a divisor vanishes or where they depend on one another in a circle."""
    values: dict[Var, Fraction] = {}
    open_: set[Var] = set()
    powers: dict[tuple[Var, int], Gaussian] = {}

    def power(v: Var, k: int) -> Gaussian:
        if (v, k) not in powers:
            powers[(v, k)] = Gaussian(value(v) ** k)
        return powers[(v, k)]

    def value(v: Var) -> Fraction:
        if v not in values:
            p = rule(v)
            values[v] = draw(v) if p is None else found(v, p)
        return values[v]

    def found(v: Var, p: Jets) -> Fraction:
        if v in open_:
            raise GaveUp
        open_.add(v)
        slope, rest = Gaussian(0), Gaussian(0)
        for monomial, c in p.terms.items():
            WORK.count += 1
            for w, k in monomial:
                if w != v:
                    c = c * power(w, k)
            slope, rest = (slope + c, rest) if any(w == v for w, _ in monomial) else (slope, rest + c)
        answer = -rest * slope.inverse()
        open_.discard(v)
        if answer.im:
            raise GaveUp
        return answer.re

    try:
        for v in sorted(wanted):
            value(v)
    except (GaveUp, ZeroDivisionError, RecursionError, KernelError):
        return None
    return values


def rank(v: Var) -> Any:
    """What is solved for first: moments of operators that are not the Hamiltonian's, primitives, functions, at last the
    moments of H itself; among these rates before slopes, high derivatives before low ones."""
    name, derivatives = (v[1], v[2]) if v[0] == "jet" else ("", ())
    if name.startswith(("(", "int ")):
        kind = 3 if name.count("(op ") > name.count(" ham (") else 2 if name.startswith("int ") else 0
    else:
        kind = 1 if v[0] == "jet" else -1
    rates = sum(k for token, k in derivatives if not token.startswith("energy:"))
    return kind, rates, sum(k for _, k in derivatives), repr(v)
