"""What an evaluation of equations between smooth fields rests on: the derivatives at the point, by number, and definitions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.second.ground import Term
from derive.second.numbers import PRIME, Number, P
from derive.second.operands import Sum
from derive.second.taylor import Series, Space
from derive.second.words import Letter, Word, value

Look = Callable[[Any, dict[str, int]], Number]  # field, or ("par" | "coord" | "end", name); how often differentiated
DENSITY: Any = ("moment", ())
ONE = Fraction(1)
NOTHING: Any = ("moment", PRIME.zero)  # of a word that is zero, as the second difference of H is


@dataclass
class World:
    """What an evaluation rests on; `moments` gathers the words met, by field."""

    space: Space
    energy: str
    hamiltonian: Term
    look: Look
    definitions: list[tuple[Term, Term]]
    formal: str = ""  # a small parameter, as an increment
    real: bool = False  # the moments of a word and of its adjoint are one number
    fast: bool = True
    moments: dict[Any, Word] = field(default_factory=dict)
    integrated: set[Any] = field(default_factory=set)
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)  # where each function stands
    endless: list[Sum] = field(default_factory=list)  # what is integrated without end
    series: dict[Any, Series] = field(default_factory=dict)  # of the fields met

    @property
    def slow(self) -> str:
        return str(self.hamiltonian[2][0]) if self.hamiltonian[2] else ""

    @property
    def drive(self) -> Letter:
        return ("op", self.hamiltonian[1], "ham", tuple(self.hamiltonian[2]), ((self.slow, 1),))

    def moment(self, word: Word, ratio: Fraction = ONE) -> Any:
        """The field of a moment: known by its number, so that two spellings are one.  Tr delta(E - r H) X is another field."""
        if ratio != 1:
            scaled = ("scaled", ratio, self.moment(word))
            self.moments.setdefault(scaled, word)
            return NOTHING if scaled[2] == NOTHING else scaled
        if not word:
            return DENSITY
        number = value(word, self.fast)
        if self.real:
            number = min(number, (number[0], (P - number[1]) % P))
        made = ("moment", number)
        self.moments.setdefault(made, word)
        return made
