"""What an equation at every level says of E.

An equation a(E_n) <n| X |n> + .. = .. for every n, multiplied by delta(E - E_n) and summed over n, reads

    a(E) Tr delta(E - H) X + .. = ..,

for f(E_n) delta(E - E_n) = f(E) delta(E - E_n); a term without a matrix element gets X = 1, the density of states.  As
an equation between distributions this is exact; that the functions of E_n are known between the levels is the coarse-graining.
"""

from __future__ import annotations

from derive.kernel.calculus import Frame
from derive.kernel.errors import Unsupported
from derive.kernel.terms import ONE, Term, coordinates_in, rebuild, sub, walk

Equation = tuple[Term, Term]
OPERATORS = {"op", "ham", "bra", "ket", "delta", "theta", "flow", "comm", "adj"}
BARRED = {"d", "int", "at", "avg", "tr", "onlevels", "lsum"}


def from_levels(equation: Equation, energy: str, frame: Frame) -> Equation:
    """The equation between moments that an equation at every level implies; Unsupported where it is none."""
    labels = {part[1] for side in equation for part in walk(side) if part[0] in ("level", "bra", "ket")}
    if len(labels) != 1:
        raise Unsupported("an equation at one level was expected")
    for side in equation:
        if {part[0] for part in walk(side)} & BARRED or energy in coordinates_in(side):
            raise Unsupported("an equation at the levels that differentiates, integrates or holds an energy already")
    return _moment(equation[0], energy, frame), _moment(equation[1], energy, frame)


def _moment(term: Term, energy: str, frame: Frame) -> Term:
    """delta(E - E_n) times the term, summed over n."""
    match term:
        case ("sum", *parts):
            return ("sum", *(_moment(part, energy, frame) for part in parts))
        case ("prod", ("sum", *parts), *rest):
            return ("sum", *(_moment(("prod", part, *rest), energy, frame) for part in parts))
        case ("prod", ("num", value), ("sum", *parts)):
            return ("sum", *(_moment(("prod", ("num", value), part), energy, frame) for part in parts))
    factors = list(_flat(term))
    starts = [k for k, part in enumerate(factors) if part[0] == "bra"]
    ends = [k for k, part in enumerate(factors) if part[0] == "ket"]
    inner: list[Term] = []
    if starts or ends:
        if len(starts) != 1 or len(ends) != 1 or starts[0] > ends[0]:
            raise Unsupported("an equation at the levels with more than one matrix element in a term")
        inner = factors[starts[0] + 1 : ends[0]]
        factors = factors[: starts[0]] + factors[ends[0] + 1 :]
    if any(part[0] in ("bra", "ket", "level") for term_ in inner for part in walk(term_)):
        raise Unsupported("a level inside a matrix element")
    for part in factors:
        if any(held[0] in OPERATORS for held in walk(part)):
            raise Unsupported("an operator outside a matrix element, at the levels")
    delta: Term = ("delta", 0, sub(("coord", energy), ("ham", frame.name, frame.coords)))
    outside = [_at_energy(part, energy) for part in factors]
    return ("prod", *outside, ("tr", ("prod", delta, *inner) if inner else ("prod", delta, ONE)))


def _flat(term: Term) -> list[Term]:
    if term[0] == "prod":
        return [factor for part in term[1:] for factor in _flat(part)]
    return [term]


def _at_energy(term: Term, energy: str) -> Term:
    return ("coord", energy) if term[0] == "level" else rebuild(term, lambda child: _at_energy(child, energy))
