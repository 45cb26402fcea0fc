"""Where two ledgers of the same case differ in a verdict.

Compared are the verdicts of steps, links and claims in words; reasons, evidence, measurements and versions
may differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive import Derivation
from reports.fields import Fields
from reports.ledger import Ledger

Assignment = dict[str, str]
ABSENT = "absent"


@dataclass(frozen=True)
class Change:
    """A verdict that is another one now."""

    place: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.place}: {self.old} before, {self.new} now"


def differences(old: Ledger, new: Ledger, whole: bool) -> tuple[str, ...]:
    """One line for every change."""
    return tuple(map(str, changes(old, new, whole)))


def changes(old: Ledger, new: Ledger, whole: bool) -> tuple[Change, ...]:
    """Every verdict that changed; with `whole`, a step that is missing now is a change too."""
    return tuple(_changes(dict(_verdicts(old)), dict(_verdicts(new)), whole))


def headline_of(old: Ledger, derivation: Derivation) -> Assignment:
    """The old ledger's headline, as far as the derivation still offers it.

    Some of the steps may be saved best by another assignment than all of them; to be compared with a whole
    ledger they are judged under that ledger's.
    """
    given = Fields(old.summary, "the baseline's summary").child("headline").child("assignment")
    offered = {reading.name: reading.options for reading in derivation.readings}
    return {name: given.text(name) for name in given.data if given.text(name) in offered.get(name, ())}


def _changes(old: Mapping[str, str], new: Mapping[str, str], whole: bool) -> Iterator[Change]:
    for place in [*new, *(place for place in old if place not in new)]:
        if place not in new and not whole:
            continue
        before, after = old.get(place, ABSENT), new.get(place, ABSENT)
        if before != after:
            yield Change(place, before, after)


def _verdicts(ledger: Ledger) -> Iterator[tuple[str, str]]:
    for step in ledger.steps:
        yield f"{step.label} inference", step.inference.verdict
        yield f"{step.label} truth", step.truth.verdict
        for number, link in enumerate(step.links, start=1):
            if len(step.links) > 1:
                yield f"{step.label} link {number} inference", link.inference.verdict
                yield f"{step.label} link {number} truth", link.truth.verdict
    for entry in ledger.prose:
        yield f"{entry.label} in words", entry.verdict
