"""What was found of the mutants of a derivation, as finished values: counted, stored, read between processes.

Vocabulary
    Finding    one mutant: verdicts before and after, the outcome, how it came about, and the certificate of a survivor
    outcome    noticed      a verdict changed, or what is left of a refuted equation did
               equivalent   nothing changed, and the kernel certifies that the change says the same
               unused       nothing changed, for no judged equation rests on what was changed
               no meaning   what was written is no statement: a delta or step whose argument holds no energy; never accepted
               hole         nothing changed, and nobody knows why not
    how        noticed by inference, truth, residual, limit, downstream; equivalent: proportional, each other, same premises,
               certified again (all that rests on a definition follows as before)

A change to `undecided`, an exception and a time limit are no noticing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.fields import Fields, parsed

OUTCOMES = ("noticed", "equivalent", "unused", "no meaning", "hole")
NOTICED = ("inference", "truth", "residual", "limit", "downstream")
EQUIVALENT = ("proportional", "each other", "same premises", "certified again")
COLUMNS = (*NOTICED, "equivalent", "unused", "no meaning", "hole")


@dataclass(frozen=True)
class Finding:
    """One mutant; `accepted`: the changed equation has a certificate though the numbers refute it."""

    label: str
    link: int
    role: str
    kind: str
    place: str
    before: tuple[str, str]
    after: tuple[str, str]
    outcome: str
    how: str
    reason: str
    accepted: bool = False
    certificate: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome: expected one of {', '.join(OUTCOMES)}, came {self.outcome!r}")

    @property
    def column(self) -> str:
        return self.how if self.outcome == "noticed" else self.outcome

    @property
    def name(self) -> str:
        where = f"({self.label})" if self.role != "assumption" else f'"{self.label}"'
        return f"{where} link {self.link + 1}, {self.kind}: {self.place}" if self.place else f"{where}, {self.kind}"


def finding_data(found: Finding) -> dict[str, Any]:
    return {
        "label": found.label,
        "link": found.link,
        "role": found.role,
        "kind": found.kind,
        "place": found.place,
        "before": list(found.before),
        "after": list(found.after),
        "outcome": found.outcome,
        "how": found.how,
        "reason": found.reason,
        "accepted": found.accepted,
        "certificate": found.certificate,
    }


def finding_of(fields: Fields) -> Finding:
    before, after = fields.texts("before"), fields.texts("after")
    return Finding(
        label=fields.text("label"),
        link=fields.integer("link"),
        role=fields.text("role"),
        kind=fields.text("kind"),
        place=fields.text("place"),
        before=(before[0], before[1]),
        after=(after[0], after[1]),
        outcome=fields.one_of("outcome", OUTCOMES),
        how=fields.text("how"),
        reason=fields.text("reason"),
        accepted=fields.boolean("accepted"),
        certificate=fields.optional_mapping("certificate"),
    )


def findings_from(content: bytes) -> list[Finding]:
    """What a worker found."""
    return [finding_of(one) for one in Fields(parsed(content, "a worker's answer"), "a worker's answer").children("found")]


def matrix(found: Iterable[Finding], kinds: Sequence[str]) -> dict[str, dict[str, int]]:
    """kind -> column -> how many, for the kinds that occur."""
    counted = Counter((one.kind, one.column) for one in found)
    rows = {kind: {column: counted[kind, column] for column in COLUMNS} for kind in kinds}
    return {kind: row for kind, row in rows.items() if any(row.values())}


def summary(found: Sequence[Finding], kinds: Sequence[str]) -> dict[str, Any]:
    """What the ledger keeps: how many, of which kind, with which outcome, and the holes by name."""
    return {
        "mutants": len(found),
        "outcomes": {outcome: count for outcome in OUTCOMES if (count := sum(one.outcome == outcome for one in found))},
        "matrix": matrix(found, kinds),
        "accepted": [one.name for one in found if one.accepted],
        "holes": [one.name for one in found if one.outcome == "hole"],
    }
