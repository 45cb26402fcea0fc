"""The mutants of a derivation: every link changed in turn, and every assumption dropped.

A link that is judged (a claim) is to be found out by itself.  A link that is laid down (a definition, a postulate, an ansatz, an
imposed condition) and an assumption are to be found out downstream, by the claims that rest on them.  What is carried out (a
procedure) states nothing that could be changed.  The choices of the print are decided first, as the assignment says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.derivation import Derivation, Step
from derive.language import Chain, Equation, resolve
from derive.mutate import KINDS, Mutation, letters_of, mutations, operator_valued

DROPPED = "drop assumption"
ALL_KINDS = (*KINDS, DROPPED)


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change: of link `link` (from 0) of a step, or of the assumption `label`; `derivation` is the changed one."""

    label: str
    link: int
    role: str
    kind: str
    place: str
    derivation: Derivation

    @property
    def name(self) -> str:
        return f"{self.label} link {self.link + 1}, {self.kind}: {self.place}" if self.place else f"{self.label}, {self.kind}"


def role_of(step: Step, link: Equation) -> str:
    """The role of a link; a condition that cites nothing is imposed."""
    role = step.role_of(link)
    return "imposed" if role == "condition" and not step.cites else role


def is_judged(role: str) -> bool:
    """Whether a link of this role has an inference verdict of its own."""
    return role in ("claim", "condition")


def mutants_of_link(
    derivation: Derivation, label: str, number: int, assignment: Mapping[str, str], every: bool = True
) -> Iterator[Mutant]:
    """Every change of one link, or of each kind the first and the last; what makes an operator of a number, or the other way
    round, is no slip and is left out."""
    made = list(_mutants_of_link(derivation, label, number, assignment))
    for kind in dict.fromkeys(one.kind for one in made):
        alike = [one for one in made if one.kind == kind]
        yield from alike if every else dict.fromkeys((alike[0], alike[-1]))


def _mutants_of_link(derivation: Derivation, label: str, number: int, assignment: Mapping[str, str]) -> Iterator[Mutant]:
    step = derivation[label]
    role = role_of(step, step.links[number])
    if role == "procedure":
        return
    claim: Equation | Chain = resolve(step.claim, assignment)
    letters = letters_of([resolve(other.claim, assignment) for other in derivation])
    for change in mutations(claim, KINDS, letters):
        if change.link == number and _well_formed(claim, change):
            yield Mutant(label, number, role, change.kind, change.place, derivation.with_claim(label, change.claim))


def _well_formed(claim: Equation | Chain, change: Mutation) -> bool:
    before, after = claim.links[change.link], change.claim.links[change.link]
    return all(operator_valued(before.args[k]) == operator_valued(after.args[k]) or after.args[k] == 0 for k in (0, 1)) or (
        change.kind not in ("H for E", "drop term")
    )


def mutants_of_assumptions(derivation: Derivation) -> Iterator[Mutant]:
    """The derivation without each of its assumptions."""
    for dropped in derivation.assumptions:
        rest = tuple(one for one in derivation.assumptions if one != dropped)
        yield Mutant(dropped.name, 0, "assumption", DROPPED, "", replace(derivation, assumptions=rest))


def places(derivation: Derivation, labels: Sequence[str] | None = None) -> list[tuple[str, int]]:
    """The links to be changed, in order: all of them, or those of some steps."""
    return [(s.label, k) for s in derivation if labels is None or s.label in labels for k in range(len(s.links))]
