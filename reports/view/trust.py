"""What was not checked, and what is trusted without proof: said in every report, computed where it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive import Derivation
from reports.ledger import Ledger
from reports.view.cards import linked
from reports.view.text import counted, sentence, shown
from reports.view.values import Open

Anchors = Mapping[str, str]


def unchecked(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Open]:
    """Steps that were left out, verdicts that are open with their reasons, claims without an encoding."""
    judged = {step.label for step in ledger.steps}
    out = [step.label for step in derivation.steps if step.label not in judged]
    if out:
        yield Open(
            f"{counted(len(out), 'equation')} left out of this check", "They count as undecided support.", linked(out, anchors)
        )
    questions = (
        ("the inference", [(step.label, step.inference) for step in ledger.steps]),
        ("the truth", [(step.label, step.truth) for step in ledger.steps]),
    )
    for question, verdicts in questions:
        reasons: dict[str, list[str]] = {}
        for label, found in verdicts:
            if found.verdict == "undecided":
                reasons.setdefault(found.reason, []).append(label)
        for reason, labels in reasons.items():
            yield Open(f"{question} is undecided", sentence(reason), linked(labels, anchors))
    words: dict[str, list[str]] = {}
    for entry in ledger.prose:
        if entry.verdict == "undecided":
            words.setdefault(entry.reason, []).append(entry.label)
    for reason, labels in words.items():
        yield Open("claims in words", sentence(reason), linked(labels, anchors))
    if short := ledger.summary["headline"]["search"] != "exhaustive":
        yield Open("the best assignment of readings", "The search was not exhaustive: a better one may exist." if short else "")
    unread = [audit.label.partition(" [")[0] for audit in ledger.audits if audit.verdict == "undecided"]
    if unread:
        yield Open("structural audits without an answer", "The reasons stand in the table.", linked(unread, {}))


def trusted(ledger: Ledger, derivation: Derivation) -> Iterator[Open]:
    """What a reader has to believe, or look at themselves."""
    yield Open(
        "the encoding",
        "Each equation was encoded by hand from the print. “derive show "
        f"{shown(ledger.case)} LABEL” puts the two side by side, and every card above does; a second person should compare them.",
    )
    yield Open(
        "the kernel",
        "Normal forms and the rules of the certificates are derive/kernel, a small package on Python's standard library; "
        "“derive replay LEDGER” runs it alone on everything that is stored. What proposes a certificate is not trusted.",
    )
    yield Open("Python", "Its integers and fractions, and for the numbers NumPy, SciPy and LAPACK in the versions listed above.")
    yield Open(
        "finite samples",
        "A truth verdict rests on random matrices of the sizes listed with it, drawn from the seed above. A number that is "
        "called zero is zero to the tolerance that its reason states, not more.",
    )
    for one in derivation.assumptions:
        used = any(one.name in step.inference.assumptions for step in ledger.steps)
        if used:
            source = "made by the print" if one.stated else "not made by the print"
            yield Open(f"the assumption {shown(one.name)!r}", f"{sentence(one.text)} It is {source}.")
