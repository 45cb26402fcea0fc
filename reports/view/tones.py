"""What stands for a verdict besides its word: a tone, a sign that is told without colour, and what it means."""

from __future__ import annotations

from dataclasses import dataclass

TONES = {
    "valid": "good",
    "exact": "good",
    "yes": "good",
    "conditional": "fair",
    "asymptotic": "fair",
    "undecided": "open",
    "invalid": "bad",
    "fails": "bad",
    "no": "bad",
    "not-applicable": "none",
}
SIGNS = {"good": "✓", "fair": "◐", "open": "?", "bad": "✗", "none": "–"}

MEANINGS = {
    "valid": "it follows: a certificate replays in the kernel",
    "conditional": "it follows, given assumptions that are named",
    "invalid": "it does not follow: an exact countermodel satisfies what it cites and not the claim",
    "exact": "an identity at every size tried, to roundoff in two precisions",
    "asymptotic": "it tends to the truth at a measured rate, in a named limit",
    "fails": "it is false of the model: the residual tends to something else than zero",
    "undecided": "nothing is claimed; the reason is given; this is no pass",
    "not-applicable": "there is nothing to infer or to measure (a definition, a postulate)",
}


@dataclass(frozen=True)
class Mark:
    """A verdict as it is shown."""

    word: str
    tone: str
    sign: str
    meaning: str


def brief(verdict: str) -> Mark:
    """The mark where there is little room: what is not applicable is its sign alone."""
    found = mark(verdict)
    return Mark("", found.tone, found.sign, found.meaning) if found.tone == "none" else found


def mark(verdict: str) -> Mark:
    """The mark of a verdict; KeyError for a word that is none."""
    tone = TONES[verdict]
    return Mark(verdict, tone, SIGNS[tone], MEANINGS.get(verdict, ""))
