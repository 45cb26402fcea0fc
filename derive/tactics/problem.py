"""What a search of a certificate works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from derive.kernel.algebra import Expression
from derive.kernel.along_times import running
from derive.kernel.calculus import Frame
from derive.kernel.diagrams import energies_in
from derive.kernel.interpret import Interpreter
from derive.kernel.rules import Equation, rewritten
from derive.kernel.terms import Term, sub
from derive.kernel.weak import absorb

# How much a search may do, in products of monomials.
SMALL_EFFORT, LARGE_EFFORT = 25_000, 80_000


@dataclass(frozen=True)
class Problem:
    """What a tactic works on: the premises, which are definitions, which series, which may be combined, and which scalars
    it may divide by."""

    premises: tuple[Equation, ...]
    rewrites: tuple[int, ...]
    frame: Frame
    series: tuple[int, ...] = ()
    usable: frozenset[int] = field(default_factory=frozenset)
    effort: int = SMALL_EFFORT
    fresh: frozenset[str] = frozenset()
    invertible: frozenset[Any] = field(default_factory=frozenset)

    @cached_property
    def running(self) -> frozenset[str]:
        """The times that stand in a premise by themselves, as tau does in H = H0 + tau V: V is told by its derivative alone."""
        return frozenset(token for k in self.usable for token in running(sub(*self.premises[k])))

    def rewritten(self, term: Term) -> Term:
        return rewritten(term, [self.premises[k] for k in self.rewrites])

    def expression(self, term: Term) -> Expression:
        """The term's expression, with smooth functions of E expanded at the points of support beside them."""
        value = Interpreter(self.frame)(self.rewritten(term))
        for energy in energies_in(value):
            value = absorb(value, energy)
        return value
