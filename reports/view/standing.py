"""What a step rests on, and along which citations an error reaches it.

ancestry    the weakest verdict among everything that a step rests on, without the step itself
path        the citations on some way from a step to a step at which its truth is lost
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.ledger import Ledger, StepEntry
from reports.standing import weakest

Place = tuple[str, str]  # a citing step, the step it cites


def ancestry(step: StepEntry, ledger: Ledger) -> str:
    """The weakest standing among the steps that it cites; what this check did not judge counts as undecided."""
    known = {one.label: one.standing for one in ledger.steps}
    return weakest(known.get(label, "undecided") for label in step.cites)


def own(step: StepEntry) -> str:
    """The weaker of the two verdicts."""
    return weakest((step.inference.verdict, step.truth.verdict))


def blame_path(step: StepEntry, cites: Mapping[str, Sequence[str]]) -> frozenset[Place]:
    """The citations that lie on some way from the step up to a step that it blames."""
    blamed = set(step.blame)
    leads: dict[str, bool] = {}

    def reaches(label: str) -> bool:
        if label not in leads:
            above = [reaches(cited) for cited in cites.get(label, ())]
            leads[label] = label in blamed or any(above)
        return leads[label]

    found: set[Place] = set()
    todo, seen = [step.label], {step.label}
    while todo:
        label = todo.pop()
        for cited in cites.get(label, ()):
            if reaches(cited):
                found.add((label, cited))
                if cited not in seen:
                    seen.add(cited)
                    todo.append(cited)
    return frozenset(found)


def shortest(step: str, target: str, cites: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The labels on a shortest way from the target down to the step; empty where there is none."""
    before: dict[str, str] = {}
    row = [step]
    while row:
        following = []
        for label in row:
            if label == target:
                way = [label]
                while way[-1] != step:
                    way.append(before[way[-1]])
                return tuple(way)
            for cited in cites.get(label, ()):
                if cited not in before and cited != step:
                    before[cited] = label
                    following.append(cited)
        row = following
    return ()
