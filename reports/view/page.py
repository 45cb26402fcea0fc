"""The view: ledger and derivation -> Page, with nothing left to decide for who renders it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from derive import Derivation
from derive.audits.answer import QUESTIONS
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER
from reports.ledger import PROSE_VERDICTS, STANDING_ORDER, Ledger, LedgerError
from reports.versions import PROJECT
from reports.view.cards import card, claim
from reports.view.findings import findings
from reports.view.graph import graph
from reports.view.summary import check_summary
from reports.view.text import counted, shown
from reports.view.tones import MEANINGS, brief, mark
from reports.view.trust import trusted, unchecked
from reports.view.values import AuditRow, Choice, Count, Page, Picture, Remedy, Source, Tally

NOTHING: Mapping[str, Picture] = MappingProxyType({})
UNKNOWN: Mapping[tuple[str, str], str] = MappingProxyType({})
NO_REMEDY: Mapping[str, tuple[Remedy, ...]] = MappingProxyType({})


def build(
    ledger: Ledger,
    derivation: Derivation,
    pictures: Sequence[Picture] = (),
    residuals: Mapping[str, Picture] = NOTHING,
    without: Mapping[tuple[str, str], str] = UNKNOWN,
    sources: Sequence[Source] = (),
    remedies: Mapping[str, tuple[Remedy, ...]] = NO_REMEDY,
    case: str = "",
) -> Page:
    """The page of a report.

    `pictures` are shown by themselves, `residuals` on the card of their step; `without` says what becomes of a step (label)
    when an assumption (name) is taken away, `sources` are what the pictures are held against, `remedies` the nearest true
    equations to steps (label) that fail, one for each link that does.  `case` is what a command line calls the case, its name
    if not given.  LedgerError for a ledger of another case.
    """
    _same_case(ledger, derivation)
    check_summary(ledger)
    anchors = anchors_of(ledger)
    texts = {entry.label: entry for entry in derivation.prose}
    return Page(
        case=shown(ledger.case),
        title=shown(derivation.title),
        source=shown(derivation.source),
        lead=_lead(ledger, derivation),
        tallies=tuple(_tallies(ledger)),
        findings=findings(ledger, derivation, anchors, remedies),
        graph=graph(ledger, anchors),
        cards=tuple(
            card(step, ledger, derivation, anchors, residuals, without, remedies, case or ledger.case) for step in ledger.steps
        ),
        claims=tuple(claim(entry, texts[entry.label], ledger, anchors, case or ledger.case) for entry in ledger.prose),
        choices=tuple(_choices(ledger, derivation)),
        equivocations=tuple(_equivocations(ledger)),
        saved=_saved(ledger),
        questions=tuple((question, QUESTIONS[question]) for question in _asked(ledger)),
        audits=tuple(_audits(ledger, anchors)),
        pictures=tuple(pictures),
        environment=_environment(ledger),
        command=command(ledger, case or ledger.case),
        unchecked=tuple(unchecked(ledger, derivation, anchors)),
        trusted=tuple(trusted(ledger, derivation)),
        sources=(*_own_sources(ledger, derivation), *sources),
        meanings=tuple(mark(word) for word in MEANINGS),
    )


def anchors_of(ledger: Ledger) -> dict[str, str]:
    """A name for every step and claim that links can use, whatever the labels hold."""
    steps = {step.label: f"eq-{k}" for k, step in enumerate(ledger.steps, start=1)}
    return steps | {entry.label: f"claim-{k}" for k, entry in enumerate(ledger.prose, start=1)}


def _same_case(ledger: Ledger, derivation: Derivation) -> None:
    if ledger.case != derivation.name:
        raise LedgerError(f"expected a ledger of {derivation.name}, came one of {ledger.case}; name its own case")
    words = {entry.label for entry in derivation.prose}
    missing = [step.label for step in ledger.steps if step.label not in derivation]
    missing += [entry.label for entry in ledger.prose if entry.label not in words]
    if missing:
        raise LedgerError(
            f"expected a ledger of this version of {ledger.case}, came one with {missing[0]!r}, which the case does not have; "
            "make it again with `derive check CASE --json PATH`"
        )


def command(ledger: Ledger, case: str) -> str:
    """What made the ledger."""
    words = ["derive", "check", case, "--seed", str(ledger.seed), "--profile", str(ledger.summary.get("profile", "quick"))]
    if ledger.summary.get("only") is not None:
        words += ["--only", ",".join(ledger.summary["only"])]
    return shown(shlex.join(words))


def _lead(ledger: Ledger, derivation: Derivation) -> str:
    whole = len(derivation.steps)
    count = f"All {counted(whole, 'equation')}" if len(ledger.steps) == whole else f"{len(ledger.steps)} of {whole} equations"
    spoken = f" and {counted(len(ledger.prose), 'claim')} made in words" if ledger.prose else ""
    return (
        f"{count}{spoken} were put two questions, answered by computation: does it follow from what it cites (inference), and "
        "is it true of the model itself, finite random matrices (truth)? The two answers are independent."
    )


def _tallies(ledger: Ledger) -> Iterator[Tally]:
    yield _tally("Inference: does it follow?", [s.inference.verdict for s in ledger.steps], INFERENCE_ORDER)
    yield _tally("Truth: is it true?", [s.truth.verdict for s in ledger.steps], TRUTH_ORDER)
    yield _tally("Standing: the weakest it rests on", [s.standing for s in ledger.steps], STANDING_ORDER)
    if ledger.prose:
        yield _tally("Claims in words", [entry.verdict for entry in ledger.prose], PROSE_VERDICTS)


def _tally(question: str, verdicts: Sequence[str], order: Sequence[str]) -> Tally:
    counted_words = Counter(verdicts)
    return Tally(question, tuple(Count(word, mark(word), counted_words[word]) for word in order if counted_words[word]))


def _choices(ledger: Ledger, derivation: Derivation) -> Iterator[Choice]:
    taken = ledger.summary["headline"]["assignment"]
    for reading in derivation.readings:
        options = tuple(
            (shown(label), shown(words), taken.get(reading.name) == label) for label, words in reading.options.items()
        )
        yield Choice(shown(reading.name), shown(reading.question), options)


def _equivocations(ledger: Ledger) -> Iterator[str]:
    for one in ledger.summary["equivocations"]:
        first, second = map(shown, one["between"])
        if one["links"] is None:
            yield f"({first}) and ({second}) hold, or follow, only under different readings"
        else:
            yield f"links {one['links'][0]} and {one['links'][1]} of ({second}) hold, or follow, only under different readings"


def _saved(ledger: Ledger) -> str:
    found = ledger.summary["headline"]
    steps = counted(len(ledger.steps), "step")
    return (
        f"One assignment is held fixed along the whole derivation: the one that saves most steps, {found['saved']} of {steps} "
        "(saved: neither verdict is bad or undecided)."
    )


def _asked(ledger: Ledger) -> list[str]:
    found = {audit.question for audit in ledger.audits}
    return [question for question in QUESTIONS if question in found]


def _audits(ledger: Ledger, anchors: Mapping[str, str]) -> Iterator[AuditRow]:
    questions = _asked(ledger)
    for label, group in groupby(ledger.audits, key=lambda one: one.label):
        answers = {one.question: one for one in group}
        first = next(iter(answers.values()))
        step = label.partition(" [")[0]
        yield AuditRow(
            shown(label),
            anchors.get(step, anchors.get(step.partition(".")[0], "")),
            shown(first.density),
            tuple(brief(answers[q].verdict if q in answers else "not-applicable") for q in questions),
            tuple(
                (one.question, mark(one.verdict), shown(one.reason), shown("; ".join(one.hypotheses)))
                for one in answers.values()
                if one.verdict != "not-applicable"
            ),
        )


def _environment(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    rows = [(shown(name), shown(version)) for name, version in ledger.environment.items()]
    return (("seed", str(ledger.seed)), ("profile", shown(ledger.summary.get("profile", "quick"))), *rows)


def _own_sources(ledger: Ledger, derivation: Derivation) -> tuple[Source, ...]:
    work = Source("derive-work", "misc", (("title", shown(derivation.title)), ("howpublished", shown(derivation.source))))
    released = ledger.environment.get(PROJECT, "")
    program = (
        ("title", f"{PROJECT}: checks a published derivation equation by equation"),
        ("note", f"version {shown(released)}"),
    )
    return work, Source("derive-program", "misc", program)
