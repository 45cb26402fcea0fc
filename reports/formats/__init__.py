"""What `derive check --format` writes to stdout besides the table: one file for each format, Ledger -> bytes.

    json     the ledger, as --json writes it
    junit    for what collects tests: a verdict is a test case
    sarif    for what collects findings of checkers (SARIF 2.1.0)
    github   workflow commands, which a run of GitHub Actions shows as annotations

In all of them `undecided` is no pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reports.ledger import Ledger

Render = Callable[[Ledger, str], bytes]


@dataclass(frozen=True)
class Answer:
    """One verdict on one question, as every format needs it."""

    question: str  # inference, truth, in words
    label: str
    verdict: str
    reason: str

    @property
    def refuted(self) -> bool:
        return self.verdict in ("invalid", "fails")

    @property
    def open(self) -> bool:
        return self.verdict == "undecided"


def answers(ledger: Ledger) -> Iterator[Answer]:
    """Both verdicts of every step, then those on the claims in words."""
    for step in ledger.steps:
        yield Answer("inference", step.label, step.inference.verdict, step.inference.reason)
        yield Answer("truth", step.label, step.truth.verdict, step.truth.reason)
    for entry in ledger.prose:
        yield Answer("in words", entry.label, entry.verdict, entry.reason)


def renderer(name: str) -> Render | None:
    """What renders the format; None for `pretty`, which is a table and not bytes.  ValueError for an unknown name."""
    from reports.formats import as_github, as_json, as_junit, as_sarif

    known: dict[str, Render | None] = {
        "pretty": None,
        "json": as_json.render,
        "junit": as_junit.render,
        "sarif": as_sarif.render,
        "github": as_github.render,
    }
    if name not in known:
        raise ValueError(f"expected one of {', '.join(known)}, came {name!r}")
    return known[name]
