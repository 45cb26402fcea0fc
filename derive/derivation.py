"""A derivation: its equations, what each cites, and what the print leaves open.

Vocabulary (all frozen)
    Reading      a question that the print leaves open and the answers it allows
    Assumption   a statement that a verdict may rest on, by name
    Step         one numbered equation: claim (an Equation or a Chain), role, citations, LaTeX as printed
    Prose        a claim made in words
    Derivation   all of these; labels unique, citations known and acyclic, choices declared
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from derive.language import Chain, Choice, Equation, LanguageError, Nonzero, SimpleSpectrum, choices_in, subexpressions
from derive.language.relations import ROLES


class CaseError(LanguageError):
    """A derivation that does not hang together: says what was expected, what came and what to do."""


@dataclass(frozen=True)
class Reading:
    """A question that the print leaves open: `name` is used by the Choice nodes, `options` maps each label to words."""

    name: str
    question: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Assumption:
    """A statement that a verdict may rest on, by name: an Equation, a Nonzero or a SimpleSpectrum.

    `stated` says whether the print itself makes it.  `steps` are the labels of the steps that may use it (none named: all
    of them); with `imposed`, only links that are conditions may, for the statement says what such a condition imposes.
    """

    name: str
    text: str
    statement: Equation | Nonzero | SimpleSpectrum
    stated: bool = False
    steps: tuple[str, ...] = ()
    imposed: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.statement, Equation | Nonzero | SimpleSpectrum):
            raise CaseError(
                f"assumption {self.name!r}: expected an Equation, a Nonzero or a SimpleSpectrum, came {self.statement!r}"
            )


@dataclass(frozen=True)
class Step:
    """One numbered equation."""

    label: str
    role: str
    claim: Equation | Chain
    cites: tuple[str, ...] = ()
    latex: str = ""
    note: str = ""

    @property
    def links(self) -> tuple[Equation, ...]:
        return self.claim.links

    def role_of(self, link: Equation) -> str:
        """The role of a link: its own, or the step's; in a condition that cites, a link that sets nothing to zero is a claim."""
        sets_to_zero = 0 in (link.args[0], link.args[1])
        if link.role is None and self.role == "condition" and self.cites and not sets_to_zero:
            return "claim"
        return link.role or self.role

    def _repr_latex_(self) -> str | None:
        from derive.notebook import step

        return step(self.label, self.claim)


@dataclass(frozen=True)
class Prose:
    """A claim made in words; `cites` is what it speaks of.

    `claim` is its encoding where the language can hold it, or, with `denied`, the equation that the words say does not hold;
    `statement` that of a claim which is no equation.
    """

    label: str
    text: str
    printed: str = "printed"
    cites: tuple[str, ...] = ()
    claim: Equation | Chain | None = None
    note: str = ""
    denied: bool = False
    statement: Nonzero | SimpleSpectrum | None = None


@dataclass(frozen=True)
class Derivation:
    """A published derivation, encoded; `derivation["24"]` is a step, iteration runs over the steps in order."""

    name: str
    title: str
    source: str
    steps: tuple[Step, ...]
    prose: tuple[Prose, ...] = ()
    readings: tuple[Reading, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    _index: Mapping[str, Step] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        index: dict[str, Step] = {}
        for step in self.steps:
            _check_step(step)
            if step.label in index:
                raise CaseError(f"label {step.label!r} is used twice; give every equation a label of its own")
            index[step.label] = step
        labels = {prose.label for prose in self.prose}
        if len(labels) != len(self.prose) or labels & set(index):
            raise CaseError("a prose label is used twice; give every claim a label of its own")
        object.__setattr__(self, "_index", index)
        citations = [(step.label, step.cites) for step in self.steps] + [(p.label, p.cites) for p in self.prose]
        for label, cites in [*citations, *((a.name, a.steps) for a in self.assumptions)]:
            for cited in cites:
                if cited not in index:
                    raise CaseError(f"{label} cites {cited!r}, which does not exist; cite one of the labels")
        _check_acyclic(index)
        _check_choices(self)
        names = [assumption.name for assumption in self.assumptions]
        if len(set(names)) != len(names):
            raise CaseError(f"an assumption is named twice among {', '.join(names)}; name each once")

    def __getitem__(self, label: str) -> Step:
        if label not in self._index:
            raise KeyError(f"no step {label!r} in {self.name}; the labels are {', '.join(self._index)}")
        return self._index[label]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __contains__(self, label: object) -> bool:
        return label in self._index

    def with_claim(self, label: str, claim: Equation | Chain) -> Derivation:
        """A copy in which the step `label` claims something else."""
        changed = replace(self[label], claim=claim)
        return replace(self, steps=tuple(changed if step.label == label else step for step in self.steps))

    def ancestors(self, label: str) -> tuple[str, ...]:
        """Every label that the step rests on, directly or through others, in the order of the derivation."""
        found: set[str] = set()
        todo = list(self[label].cites)
        while todo:
            cited = todo.pop()
            if cited not in found:
                found.add(cited)
                todo.extend(self[cited].cites)
        return tuple(step.label for step in self.steps if step.label in found)


def _check_step(step: Step) -> None:
    if not isinstance(step.label, str) or not step.label:
        raise CaseError(f"a step's label: expected a nonempty string, came {step.label!r}")
    if step.role not in ROLES:
        raise CaseError(f"step {step.label}: expected a role among {', '.join(ROLES)}, came {step.role!r}")
    if not isinstance(step.claim, Equation | Chain):
        raise CaseError(
            f"step {step.label}: expected an Equation or a Chain as claim, came {type(step.claim).__name__}; "
            "build it with Equation(lhs, rhs) or chain(a, b, ...)"
        )


def _check_acyclic(index: Mapping[str, Step]) -> None:
    state: dict[str, int] = {}

    def visit(label: str, path: tuple[str, ...]) -> None:
        if state.get(label) == 2:
            return
        if state.get(label) == 1:
            cycle = (*path[path.index(label) :], label)
            raise CaseError(f"the citations go round in a circle: {' -> '.join(cycle)}; remove one of them")
        state[label] = 1
        for cited in index[label].cites:
            visit(cited, (*path, label))
        state[label] = 2

    for label in index:
        visit(label, ())


def _expressions(derivation: Derivation) -> Iterator[tuple[str, Any]]:
    for step in derivation.steps:
        yield f"step {step.label}", step.claim
    for prose in derivation.prose:
        if prose.claim is not None:
            yield f"prose {prose.label}", prose.claim
        if prose.statement is not None:
            yield f"prose {prose.label}", prose.statement
    for assumption in derivation.assumptions:
        yield f"assumption {assumption.name}", assumption.statement


def _check_choices(derivation: Derivation) -> None:
    declared = {reading.name: reading for reading in derivation.readings}
    if len(declared) != len(derivation.readings):
        raise CaseError("a reading is declared twice; name each question once")
    for where, expression in _expressions(derivation):
        if not any(isinstance(part, Choice) for part in subexpressions(expression)):
            continue
        for name, labels in choices_in(expression).items():
            if name not in declared:
                raise CaseError(f"{where} uses the choice {name!r}, which no reading declares; add a Reading for it")
            unknown = [label for label in labels if label not in declared[name].options]
            if unknown:
                raise CaseError(
                    f"{where}: the choice {name!r} offers {', '.join(unknown)}, which its reading does not; "
                    f"expected {', '.join(declared[name].options)}"
                )
