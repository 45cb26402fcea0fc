"""What has to be shown for a link, and from what: premises are assembled here, from roles and citations alone.

The premises of a link are the links of the cited steps, and the definitions and ansaetze among their ancestors; for a link of
a chain, the definitions of its own step as well.  A premise that holds only modulo something is put in with its remainder.
A definition fixes its symbol; a second definition of the symbol is a claim about the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derive.derivation import Derivation, Step
from derive.kernel.rules import Equation as KernelEquation
from derive.kernel.rules import pattern_of
from derive.kernel.terms import Term, coordinates_in, dependence, walk
from derive.kernel.times import INFINITE
from derive.language import Equation, resolve
from derive.lower import lower
from derive.remainders import made_exact


@dataclass(frozen=True)
class Premise:
    """An equation one may use: where it stands, and whether it fixes a symbol, is a series, or is an assumption."""

    name: str
    label: str
    equation: KernelEquation
    role: str
    cited: bool

    @property
    def defines(self) -> Term | None:
        found = pattern_of(self.equation)
        return None if found is None or self.is_series else found[0]

    @property
    def is_series(self) -> bool:
        return any(part[0] == "series" for part in walk(self.equation[1]))


def binds_the_ends(term: Term) -> bool:
    """Whether a residual is an integral over all energies of a derivative in the energy: that speaks of the ends of the spectrum,
    and helps no equation at one energy."""
    match term:
        case ("num" | "i" | "par", *_):
            return True
        case ("sum" | "prod", *parts):
            return all(binds_the_ends(part) for part in parts)
        case ("int", token, lower, upper, body) if INFINITE.get(lower) == "-" and INFINITE.get(upper) == "+":
            return token.startswith("energy:") and _is_a_derivative(body, token)
    return False


def _is_a_derivative(term: Term, token: str) -> bool:
    match term:
        case ("d", other, _):
            return bool(other == token)
        case ("sum", *parts):
            return all(_is_a_derivative(part, token) for part in parts)
        case ("prod", *parts):
            constant = [part for part in parts if part[0] in ("num", "i", "par") or (part[0] == "pow" and part[1][0] == "par")]
            return len(constant) == len(parts) - 1 and any(_is_a_derivative(part, token) for part in parts)
    return False


def link_name(step: Step, number: int) -> str:
    """How a link is called in certificates: `49` or `49.2`."""
    return step.label if len(step.links) == 1 else f"{step.label}.{number + 1}"


def kernel_equation(link: Equation, assignment: Mapping[str, str]) -> KernelEquation:
    decided = resolve(link, assignment)
    return lower(decided.args[0]), lower(decided.args[1])


def premises_of(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str]) -> list[Premise]:
    """The premises of one link, nearest first: its own step's definitions, the cited steps, then ancestors' definitions."""
    step = derivation[label]
    found: list[Premise] = []
    for k, link in enumerate(step.links):
        if k != number and step.role_of(link) == "definition":
            found.extend(premises_from(step, k, link, assignment, cited=True))
    for cited in reversed(step.cites):
        for k, link in enumerate(derivation[cited].links):
            found.extend(premises_from(derivation[cited], k, link, assignment, cited=True))
    for ancestor in reversed(derivation.ancestors(label)):
        if ancestor in step.cites:
            continue
        source = derivation[ancestor]
        for k, link in enumerate(source.links):
            if source.role_of(link) in ("definition", "ansatz"):
                found.extend(premises_from(source, k, link, assignment, cited=False))
    return found


def premises_from(step: Step, number: int, link: Equation, assignment: Mapping[str, str], cited: bool) -> Iterator[Premise]:
    decided = resolve(link, assignment)
    if step.role_of(link) == "procedure":
        return  # what is replaced by something is no equality
    equation = made_exact(link_name(step, number), decided)
    if equation is not None:
        yield Premise(link_name(step, number), step.label, equation, step.role_of(link), cited)


def never_exact(derivation: Derivation, label: str, assignment: Mapping[str, str]) -> list[tuple[str, int]]:
    """The cited links that hold modulo something and that no equation with a remainder stands for."""
    found = []
    for cited in derivation[label].cites:
        step = derivation[cited]
        for k, link in enumerate(step.links):
            if step.role_of(link) != "procedure" and made_exact(link_name(step, k), resolve(link, assignment)) is None:
                found.append((cited, k))
    return found


def first_definition(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str]) -> Premise | None:
    """The earlier definition of the symbol that this definition defines again, if there is one."""
    step = derivation[label]
    mine = pattern_of(kernel_equation(step.links[number], assignment))
    if mine is None:
        return None
    for earlier in derivation.steps:
        for k, link in enumerate(earlier.links):
            if earlier.label == label and k >= number:
                return None
            if earlier.role_of(link) in ("definition", "postulate"):
                for premise in premises_from(earlier, k, link, assignment, cited=False):
                    symbol = premise.defines
                    if symbol is not None and _same_symbol(symbol, mine[0]):
                        return premise
        if earlier.label == label:
            return None
    return None


def fixes_something_new(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str]) -> bool:
    """Whether a definition brings in what it fixes.  One that is not of the form `symbol = what it stands for` must hold a symbol
    of which nothing was said; one whose symbol an earlier definition or postulate already uses goes round in a circle."""
    mine = kernel_equation(derivation[label].links[number], assignment)
    if pattern_of(mine) is None and not _own_symbols(mine):
        return True
    return bool(brought_in(derivation, label, number, assignment))


def brought_in(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str]) -> set[Term]:
    """The symbols that a definition fixes: the one on its left, or in another form those of which nothing was said."""
    step = derivation[label]
    mine = kernel_equation(step.links[number], assignment)
    found = pattern_of(mine)
    before = [(other, k) for other in derivation.steps[: derivation.steps.index(step)] for k in range(len(other.links))]
    before += [(step, k) for k in range(number)]
    known: set[Term] = set()
    for other, k in before:
        link = other.links[k]
        if found is None or other.role_of(link) in ("definition", "postulate"):
            for premise in premises_from(other, k, link, assignment, cited=False):
                known |= {_name(s) for side in premise.equation for s in _symbols(side)}
    if found is not None:
        return {found[0]} if found[0][0] not in ("fun", "op") or _name(found[0]) not in known else set()
    return {symbol for symbol in _own_symbols(mine) if _name(symbol) not in known}


def _own_symbols(equation: KernelEquation) -> set[Term]:
    """The symbols of an equation that are neither averages nor arbitrary."""
    return {symbol for side in equation for symbol in _symbols(side) if symbol[0] != "avg" and not symbol[-1]}


def _name(symbol: Term) -> Term:
    return symbol[:2] if symbol[0] == "fun" else symbol[:3] if symbol[0] == "op" else symbol[:1]


def _same_symbol(a: Term, b: Term) -> bool:
    if a[0] != b[0]:
        return False
    return a[0] == "avg" or bool(a[1] == b[1] and (a[0] != "op" or a[2] == b[2]))


def definitions_among(premises: list[Premise]) -> tuple[int, ...]:
    """The premises used as rewriting: one for each symbol, the nearest; series are put in by the rule of scales only, into what
    is said of the symbol that is expanded."""
    chosen: list[int] = []
    known: list[Term] = []
    expanded = [premise.equation[0] for premise in premises if premise.is_series]
    for k, premise in enumerate(premises):
        symbol = premise.defines
        if symbol is None or any(_same_symbol(symbol, other) for other in known):
            continue
        if any(part in expanded for part in walk(symbol)):
            continue
        if _defined_through(symbol, premise, premises, chosen) or _restricts(symbol, premise):
            continue
        known.append(symbol)
        chosen.append(k)
    return tuple(chosen)


def _restricts(symbol: Term, premise: Premise) -> bool:
    """Whether an equation says more than what its symbol stands for, as K = H does where K does not move, be it a definition or
    not: then it is a premise like any other, for to put H in for K would make K move."""
    return bool(held_fixed({symbol}, premise.equation))


def held_fixed(symbols: set[Term], equation: KernelEquation) -> list[str]:
    """The coordinates that an equation speaks of and none of the symbols that it brings in knows; the slow time is known to what
    knows a time, which may be written in tau = eps t besides, or a level, which moves with it."""
    symbols = {symbol[2] if symbol[0] == "d" else symbol for symbol in symbols}
    if any(symbol[0] not in ("op", "fun") for symbol in symbols) or any(part[0] == "series" for part in walk(equation[1])):
        return []  # a series names the state along the line tau = eps t
    arguments = [argument for symbol in symbols if symbol[0] == "fun" for argument in symbol[3]]
    if not symbols or any(argument[0] not in ("coord", "level") for argument in arguments):
        return []
    own = {argument[1] for argument in arguments if argument[0] == "coord"}
    own |= {token for symbol in symbols if symbol[0] == "op" for token in symbol[3]}
    parts = [part for side in equation for part in walk(side)]
    bound = {part[1] for part in parts if part[0] == "int"}
    spoken = {token for part in parts for token in dependence(part)}.union(*map(coordinates_in, equation))
    knows_slow = any(token.startswith("time:") for token in own) or any(argument[0] == "level" for argument in arguments)
    return sorted(token for token in spoken - bound - own if not (knows_slow and token.startswith("slow:")))


def _defined_through(symbol: Term, premise: Premise, premises: list[Premise], chosen: list[int]) -> bool:
    """Whether this rewriting, with those chosen before, would go round in a circle."""
    reach = _symbols(premise.equation[1])
    changed = True
    while changed:
        changed = False
        for k in chosen:
            other = premises[k].defines
            if other is not None and any(_same_symbol(other, s) for s in reach):
                more = _symbols(premises[k].equation[1])
                if not more <= reach:
                    reach |= more
                    changed = True
    return any(_same_symbol(symbol, s) for s in reach)


def _symbols(term: Term) -> set[Term]:
    return {part for part in walk(term) if part[0] in ("fun", "op", "avg")}


def choices_in_reach(derivation: Derivation, label: str) -> dict[str, tuple[str, ...]]:
    """The open choices that matter for a step: those of its claim, of what it cites, and of its ancestors' definitions."""
    from derive.language import choices_in

    declared = {reading.name: tuple(reading.options) for reading in derivation.readings}
    names: set[str] = set()
    step = derivation[label]
    sources: list[Any] = [step.claim, *(derivation[cited].claim for cited in step.cites), *_defined_before(derivation, label)]
    for ancestor in derivation.ancestors(label):
        source = derivation[ancestor]
        sources.extend(link for link in source.links if source.role_of(link) in ("definition", "ansatz"))
    for expression in sources:
        names |= set(choices_in(expression))
    return {name: options for name, options in declared.items() if name in names}


def _defined_before(derivation: Derivation, label: str) -> list[Any]:
    """Earlier definitions of the symbols that the step defines: it is judged against the first of them."""
    step = derivation[label]
    mine = {link.args[0] for link in step.links if step.role_of(link) == "definition"}
    before = derivation.steps[: derivation.steps.index(step)]
    links = [(earlier, link) for earlier in before for link in earlier.links]
    return [link for earlier, link in links if earlier.role_of(link) in ("definition", "postulate") and link.args[0] in mine]


__all__ = ["Premise", "choices_in_reach", "definitions_among", "first_definition", "premises_of"]
