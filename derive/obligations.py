"""Obligations: one link to be shown, and everything it may be shown from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from derive.derivation import Derivation
from derive.kernel.calculus import Frame
from derive.kernel.drives import constants_of
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.rules import rewritten
from derive.kernel.smooth import Setting
from derive.kernel.terms import Term, children, coordinates_in, dependence, walk
from derive.language import (
    Equation,
    Exactly,
    Family,
    Function,
    Hamiltonian,
    LanguageError,
    ModuloDerivative,
    ModuloPower,
    Nonzero,
    Operator,
    SimpleSpectrum,
    resolve,
    subexpressions,
)
from derive.lower import lower, token
from derive.premises import Premise, definitions_among, link_name, premises_from
from derive.tactics.problem import Problem
from derive.tactics.smooth import Question


@dataclass(frozen=True)
class Obligation:
    """One link to be shown: its equation, what it may hold modulo, and what it may be shown from."""

    name: str
    equation: tuple[Term, Term]
    modulo: str
    premises: tuple[Premise, ...]
    nonzero: tuple[tuple[str, Term], ...]
    simple: str
    frame: Frame
    fresh: frozenset[str] = frozenset()
    coarse: bool = False
    power: tuple[str, int] | None = None
    later: tuple[Premise, ...] = ()  # definitions of what the claim brings in, from where nothing is cited

    def as_defined_later(self) -> Obligation:
        """With what the claim brings in as the derivation defines it elsewhere: it is to be refuted so or not at all."""
        known = {p.defines[1] for p in self.later if p.defines is not None}
        given = {p.name for p in self.premises}
        more = tuple(p for p in self.later if p.name not in given)
        return replace(self, premises=(*self.premises, *more), fresh=self.fresh - known, later=())

    def problem(self, derivatives: bool = True) -> Problem:
        """What is to be combined; `derivatives` says whether a premise d_x A = B is used to put B for d_x A, which leaves none of
        it to be combined and does not reach into the derivative of a sum."""
        rewrites = definitions_among(list(self.premises))
        if not derivatives:
            rewrites = tuple(k for k in rewrites if (self.premises[k].defines or ("",))[0] != "d")
        definitions = [self.premises[k].equation for k in rewrites]
        invertible: set[Any] = set()
        for _, term in self.nonzero:
            for scalars, _ in Interpreter(self.frame)(rewritten(term, definitions)):
                invertible |= {item for item, _ in scalars}
        return Problem(
            premises=tuple(p.equation for p in self.premises),
            rewrites=rewrites,
            frame=self.frame,
            invertible=frozenset(invertible),
            fresh=self.fresh,
            series=tuple(k for k, p in enumerate(self.premises) if p.is_series),
            usable=frozenset(k for k, p in enumerate(self.premises) if k not in rewrites and not p.is_series),
        )


def question_of(obligation: Obligation) -> Question:
    """The same, asked of smooth fields; with a coarse-graining among what is cited, what holds at every level holds of E."""
    obligation = without_idle_names(obligation)
    rewrites = set(obligation.problem().rewrites)
    levels = set()
    if obligation.coarse:
        premises = enumerate(obligation.premises)
        levels = {k for k, p in premises if any(part[0] == "level" for side in p.equation for part in walk(side))}
    rewrites |= {
        k for k, p in enumerate(obligation.premises) if constants_of(p.equation) and not _fixed(p.equation, obligation, rewrites)
    }
    tokens = energies_of(obligation.equation)
    series = next((k for k, p in enumerate(obligation.premises) if p.is_series), -1) if obligation.power else -1
    setting = Setting(
        frame=obligation.frame,
        energy=next(iter(tokens)) if len(tokens) == 1 else "",
        claim=obligation.equation,
        premises=tuple(p.equation for p in obligation.premises),
        rewrites=tuple(sorted(rewrites - levels)),
        levels=tuple(sorted(levels)),
        power=obligation.power,
        series=series,
    )
    return Question(setting, tuple(p.name for p in obligation.premises), obligation.nonzero)


def _fixed(drive: tuple[Term, Term], obligation: Obligation, rewrites: set[int]) -> bool:
    """Whether a definition fixes one of the constants of a drive already."""
    mine = {symbol[1] for symbol, _ in constants_of(drive)}
    known = [obligation.premises[k].defines for k in rewrites]
    return any(symbol is not None and symbol[0] == "op" and symbol[1] in mine for symbol in known)


def energies_of(equation: tuple[Term, Term]) -> set[str]:
    """The energies that stand in an equation, bound or free."""
    return {t for side in equation for t in coordinates_in(side) if t.startswith("energy:")}


def without_idle_names(obligation: Obligation) -> Obligation:
    """Without the premises that call something by a name which nothing else uses: whatever the rest may be, they can be met."""
    kept = list(obligation.premises)
    changed = True
    while changed:
        changed = False
        for premise in kept:
            others = [obligation.equation, *(p.equation for p in kept if p is not premise)]
            if not (premise.is_series and obligation.power) and _names(premise.equation, others, obligation.frame):
                kept.remove(premise)
                changed = True
                break
    return replace(obligation, premises=tuple(kept))


def _names(equation: tuple[Term, Term], others: list[tuple[Term, Term]], frame: Frame) -> bool:
    """Whether the left side is a symbol that neither the right side nor the others hold, and that may depend on what the
    right side depends on.  A series names the state along the line tau = eps t."""
    symbol, value = equation
    if symbol[0] not in ("op", "fun") or free_symbol(symbol) or symbol[2] == "ham":
        return False
    if any(part[:2] == symbol[:2] for one in [*others, (value, value)] for side in one for part in walk(side)):
        return False
    if symbol[0] == "op":
        return symbol[3] != () and (any(part[0] == "series" for part in walk(value)) or _reach(value) <= set(symbol[3]))
    arguments = symbol[3]
    if any(symbol[2]) or len(set(arguments)) != len(arguments) or any(a[0] not in ("coord", "level") for a in arguments):
        return False
    known = {a[1] for a in arguments if a[0] == "coord"}
    return _reach(value) <= known | (set(frame.coords) if any(a[0] == "level" for a in arguments) else set())


def _reach(term: Term) -> set[str]:
    """The coordinates that a term depends on."""
    bound = {part[1] for part in walk(term) if part[0] == "int"}
    return (coordinates_in(term) | {t for part in walk(term) for t in dependence(part)}) - bound


def obligation_of(
    derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], premises: list[Premise]
) -> Obligation:
    step = derivation[label]
    link: Equation = resolve(step.links[number], assignment)
    modulo, power = "", None
    match link.modulo:
        case ModuloDerivative(args=(coordinate,)):
            modulo = token(coordinate)
        case ModuloPower(args=(parameter, exponent)):
            power = (str(lower(parameter)[1]), int(exponent))
        case Exactly():
            pass
        case _:
            raise LanguageError(f"an equation modulo {link.modulo}: expected nothing, a derivative or a power of a parameter")
    nonzero, simple = [], ""
    for assumption in derivation.assumptions:
        if isinstance(assumption.statement, Nonzero):
            nonzero.append((assumption.name, lower(resolve(assumption.statement.args[0], assignment))))
        elif isinstance(assumption.statement, SimpleSpectrum):
            simple = assumption.name
    equation = lower(link.args[0]), lower(link.args[1])
    frame = _frame(derivation)
    new = _new_symbols(derivation, label, equation, premises)
    fresh = new & _fixed_by(equation)
    cited = [(derivation[label], other) for label in step.cites for other in derivation[label].links]
    coarse = any(source.role_of(other) == "procedure" for source, other in cited)
    name, given = link_name(step, number), tuple(premises)
    later = tuple(_defined_elsewhere(derivation, label, new, assignment))
    return Obligation(name, equation, modulo, given, tuple(nonzero), simple, frame, fresh, coarse, power, later)


def _frame(derivation: Derivation) -> Frame:
    """The one Hamiltonian of a derivation."""
    spoken = [*(step.claim for step in derivation), *(assumption.statement for assumption in derivation.assumptions)]
    found = {p for expression in spoken for p in subexpressions(expression) if isinstance(p, Hamiltonian)}
    if len(found) > 1:
        raise LanguageError(f"more than one Hamiltonian: {', '.join(sorted(h.name for h in found))}; the kernel knows one frame")
    return frame_of(*map(lower, found))


def _new_symbols(derivation: Derivation, label: str, equation: tuple[Term, Term], premises: list[Premise]) -> frozenset[str]:
    """Symbols that the claim brings in: neither an earlier step nor a premise speaks of them, and they are not arbitrary."""
    mine = {(p[0], p[1]) for side in equation for p in walk(side) if p[0] in ("fun", "op") and not free_symbol(p)}
    known = {(p[0], p[1]) for premise in premises for side in premise.equation for p in walk(side) if p[0] in ("fun", "op")}
    for step in derivation:
        if step.label == label:
            break
        for part in subexpressions(step.claim):
            if isinstance(part, Function):
                known.add(("fun", part.name))
            elif isinstance(part, Operator | Family):
                known.add(("op", part.name))
    return frozenset(name for _, name in mine - known)


def _fixed_by(equation: tuple[Term, Term]) -> frozenset[str]:
    """The names that an equation may be read to bring in: each stands in it once, and an operator outside of traces, matrix
    elements and commutators.  What an equation says of any other symbol it says of whatever that symbol stands for."""
    found = Counter(p[1] for side in equation for p in walk(side) if p[0] in ("fun", "op"))
    operators = {p[1] for side in equation for p in walk(side) if p[0] == "op"}
    free = {name for side in equation for name in _outermost(side)}
    return frozenset(name for name, times in found.items() if times == 1 and (name in free or name not in operators))


def _outermost(term: Term) -> set[str]:
    """The names of the operators that are terms or factors, or derivatives or initial values of such."""
    if term[0] == "op":
        return {term[1]}
    if term[0] not in ("sum", "prod", "d", "at") or any(part[0] in ("bra", "ket") for part in term[1:]):
        return set()
    return set().union(*map(_outermost, children(term)))


def _defined_elsewhere(
    derivation: Derivation, label: str, names: frozenset[str], assignment: Mapping[str, str]
) -> Iterator[Premise]:
    """The definitions of these symbols, wherever they stand, and of the symbols that those hold."""
    known: set[str] = set()
    while wanted := names - known:
        known |= wanted
        for step in derivation:
            for k, link in enumerate(step.links):
                if step.label == label or step.role_of(link) != "definition":
                    continue
                for premise in premises_from(step, k, link, assignment, cited=False):
                    if premise.defines is not None and premise.defines[0] in ("fun", "op") and premise.defines[1] in wanted:
                        yield premise
                        names |= {p[1] for p in walk(premise.equation[1]) if p[0] in ("fun", "op") and not free_symbol(p)}


def assumed_for(derivation: Derivation, label: str, role: str, assignment: Mapping[str, str]) -> list[Premise]:
    """The assumptions of the case that are equations and that this link may use."""
    found = []
    for assumption in derivation.assumptions:
        allowed = (not assumption.steps or label in assumption.steps) and (not assumption.imposed or role == "condition")
        if allowed and isinstance(assumption.statement, Equation):
            decided = resolve(assumption.statement, assignment)
            try:
                equation = lower(decided.args[0]), lower(decided.args[1])
            except LanguageError:
                continue
            found.append(Premise(assumption.name, "", equation, "assumption", False))
    return found


def symbolic_orders(equation: tuple[Term, Term]) -> list[str]:
    return sorted({p[2][0] for side in equation for p in walk(side) if p[0] == "op" and isinstance(p[2], tuple)})


def uncited_before(derivation: Derivation, label: str, assignment: Mapping[str, str]) -> list[Premise]:
    """Earlier equations that the step does not cite."""
    found: list[Premise] = []
    known = {label, *derivation[label].cites}
    for step in reversed(derivation.steps[: [s.label for s in derivation.steps].index(label)]):
        if step.label in known or label in derivation.ancestors(step.label):
            continue
        for k, link in enumerate(step.links):
            try:
                found.extend(premises_from(step, k, link, assignment, cited=False))
            except LanguageError:
                continue
    return found


def free_symbol(part: Term) -> bool:
    """Arbitrary symbols link nothing: each equation holds for every value of them by itself."""
    return bool(part[0] == "fun" and part[5]) or bool(part[0] == "op" and part[4])
