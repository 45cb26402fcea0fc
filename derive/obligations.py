"""Obligations: one link to be shown, and everything it may be shown from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.derivation import Derivation
from derive.kernel.calculus import Frame
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.rules import rewritten
from derive.kernel.terms import Term, walk
from derive.language import (
    Equation,
    Exactly,
    Family,
    Function,
    Hamiltonian,
    LanguageError,
    ModuloDerivative,
    Nonzero,
    Operator,
    SimpleSpectrum,
    resolve,
    subexpressions,
)
from derive.lower import lower, token
from derive.premises import Premise, definitions_among, link_name, premises_from
from derive.tactics.linear import Problem
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

    def problem(self) -> Problem:
        rewrites = definitions_among(list(self.premises))
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
    rewrites = set(obligation.problem().rewrites)
    levels = set()
    if obligation.coarse:
        premises = enumerate(obligation.premises)
        levels = {k for k, p in premises if any(part[0] == "level" for side in p.equation for part in walk(side))}
    return Question(
        claim=obligation.equation,
        names=tuple(p.name for p in obligation.premises),
        premises=tuple(p.equation for p in obligation.premises),
        rewrites=tuple(sorted(rewrites - levels)),
        levels=tuple(sorted(levels)),
        nonzero=obligation.nonzero,
        frame=obligation.frame,
    )


def obligation_of(
    derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], premises: list[Premise]
) -> Obligation:
    step = derivation[label]
    link: Equation = resolve(step.links[number], assignment)
    if isinstance(link.modulo, ModuloDerivative):
        modulo = token(link.modulo.args[0])
    elif isinstance(link.modulo, Exactly):
        modulo = ""
    else:
        raise LanguageError(f"an equation modulo {link.modulo}; no rule closes it yet")
    nonzero, simple = [], ""
    for assumption in derivation.assumptions:
        if isinstance(assumption.statement, Nonzero):
            nonzero.append((assumption.name, lower(resolve(assumption.statement.args[0], assignment))))
        elif isinstance(assumption.statement, SimpleSpectrum):
            simple = assumption.name
    equation = lower(link.args[0]), lower(link.args[1])
    frame = _frame(derivation)
    fresh = _fresh_symbols(derivation, label, equation, premises)
    coarse = any(derivation[cited].role == "procedure" for cited in step.cites)
    return Obligation(link_name(step, number), equation, modulo, tuple(premises), tuple(nonzero), simple, frame, fresh, coarse)


def _frame(derivation: Derivation) -> Frame:
    """The one Hamiltonian of a derivation."""
    found = {p for step in derivation for p in subexpressions(step.claim) if isinstance(p, Hamiltonian)}
    if len(found) > 1:
        raise LanguageError(f"more than one Hamiltonian: {', '.join(sorted(h.name for h in found))}; the kernel knows one frame")
    return frame_of(*map(lower, found))


def _fresh_symbols(derivation: Derivation, label: str, equation: tuple[Term, Term], premises: list[Premise]) -> frozenset[str]:
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
