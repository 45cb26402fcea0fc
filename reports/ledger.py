"""The ledger: what a check found, as finished and frozen values; nothing here computes a verdict.

Vocabulary
    LinkEntry      one link of a step under the headline assignment
    ReadingEntry   a step under one assignment of the choices that matter for it
    StepEntry      a numbered equation: headline verdicts, links, readings, standing and blame
    ProseEntry     a claim made in words
    Audit          an answer to a structural question about an evolution equation
    Ledger         all of these; `ledger["24"].inference.verdict`, `ledger["24"].truth.verdict`

Standing puts both kinds of verdict in one order (STANDING_ORDER).  `fails` is weaker than `invalid`: a step
that does not follow may still be true, and what rests on a false one rests on nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derive.audits.answer import Audit
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER, Inference, Truth, worst

FORMAT = 1
STANDING_ORDER = (
    "not-applicable", "exact", "valid", "asymptotic", "conditional", "undecided", "invalid", "fails",
)  # fmt: skip
PROSE_VERDICTS = tuple(sorted({*INFERENCE_ORDER, *TRUTH_ORDER}))


class LedgerError(ValueError):
    """A ledger that cannot be read, written or trusted: in one line, why and what to do."""


@dataclass(frozen=True)
class LinkEntry:
    """One link: its role, its encoding in print, its two verdicts."""

    role: str
    printed: str
    inference: Inference
    truth: Truth


@dataclass(frozen=True)
class ReadingEntry:
    """The step under one assignment; `against` names steps that are refuted wherever this saves the step."""

    assignment: Mapping[str, str]
    headline: bool
    inference: Inference
    truth: Truth
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepEntry:
    """A numbered equation; `inference` and `truth` are of its worst link under the headline assignment."""

    label: str
    role: str
    latex: str
    cites: tuple[str, ...]
    inference: Inference
    truth: Truth
    links: tuple[LinkEntry, ...]
    readings: tuple[ReadingEntry, ...]
    blame: tuple[str, ...]
    standing: str

    @property
    def refuted(self) -> bool:
        return self.inference.verdict == "invalid" or self.truth.verdict == "fails"

    @property
    def undecided(self) -> bool:
        return "undecided" in (self.inference.verdict, self.truth.verdict)

    def _repr_html_(self) -> str:
        from reports.notebook import step

        return step(self)


@dataclass(frozen=True)
class ProseEntry:
    """A claim made in words; `standing` is the weakest standing among the steps it cites."""

    label: str
    verdict: str
    reason: str
    measurements: tuple[Mapping[str, Any], ...] = ()
    cites: tuple[str, ...] = ()
    standing: str = "not-applicable"


@dataclass(frozen=True)
class Ledger:
    """What one check found.  `ledger[label]` is a step; iteration runs over the steps in order."""

    case: str
    seed: int
    environment: Mapping[str, str]
    summary: Mapping[str, Any]
    steps: tuple[StepEntry, ...]
    prose: tuple[ProseEntry, ...] = ()
    audits: tuple[Audit, ...] = ()

    def __getitem__(self, label: str) -> StepEntry:
        for step in self.steps:
            if step.label == label:
                return step
        held = ", ".join(step.label for step in self.steps)
        raise KeyError(f"no step {label!r} in this ledger; it holds {held}")

    def __iter__(self) -> Iterator[StepEntry]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __contains__(self, label: object) -> bool:
        return any(step.label == label for step in self.steps)

    @property
    def refuted(self) -> tuple[str, ...]:
        """The labels of the steps that are invalid or fail."""
        return tuple(step.label for step in self.steps if step.refuted)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The labels, prose included, at which a verdict is undecided."""
        steps = tuple(step.label for step in self.steps if step.undecided)
        return steps + tuple(entry.label for entry in self.prose if entry.verdict == "undecided")

    def _repr_html_(self) -> str:
        from reports.notebook import ledger

        return ledger(self)


def worst_inference(found: tuple[Inference, ...]) -> Inference:
    """The first of the worst; its evidence speaks for the step."""
    verdict = worst((one.verdict for one in found), INFERENCE_ORDER)
    return next((one for one in found if one.verdict == verdict), Inference(verdict, "there is no link"))


def worst_truth(found: tuple[Truth, ...]) -> Truth:
    """The first of the worst; its measurements speak for the step."""
    verdict = worst((one.verdict for one in found), TRUTH_ORDER)
    return next((one for one in found if one.verdict == verdict), Truth(verdict, "there is no link"))
