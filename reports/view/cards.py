"""A card for each equation, and one for each claim in words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

from derive import Derivation, Prose, Step
from derive.language import choices_in, resolve
from derive.language.latex import latex
from derive.verdicts import Inference, Truth
from reports.ledger import Ledger, LedgerError, ProseEntry, ReadingEntry, StepEntry
from reports.reasons import described, encoding
from reports.view.evidence import shown_evidence
from reports.view.mathematics import Formula, formula
from reports.view.measurements import measured
from reports.view.standing import shortest
from reports.view.text import fitting, numbers, sentence, shown
from reports.view.tones import mark
from reports.view.values import Card, Claim, Encoded, Link, Needed, Picture, Reading, Remedy, Verdict

TAG = re.compile(r"[A-Za-z0-9]{1,4}[A-Za-z0-9.'-]{0,8}")
MOST_READINGS = 12  # assignments listed for one pair of verdicts

Anchors = Mapping[str, str]


def card(
    step: StepEntry,
    ledger: Ledger,
    derivation: Derivation,
    anchors: Anchors,
    pictures: Mapping[str, Picture],
    without: Mapping[tuple[str, str], str],
    remedies: Mapping[str, tuple[Remedy, ...]],
    case: str,
) -> Card:
    """Everything the report says of one equation."""
    source = derivation[step.label]
    chosen = {name: label for reading in step.readings if reading.headline for name, label in reading.assignment.items()}
    proof = shown_evidence(step.inference.certificate, "the certificate")
    refutation = shown_evidence(step.inference.countermodel, "the countermodel")
    return Card(
        label=shown(step.label),
        short=fitting(step.label),
        anchor=anchors[step.label],
        role=step.role,
        formula=formula(step.latex),
        tag=step.label if TAG.fullmatch(step.label) else "",
        reading="; ".join(f"{shown(name)}: {shown(label)}" for name, label in chosen.items()),
        links=tuple(_links(step, source, ledger)),
        cites=linked(step.cites, anchors),
        cited_by=linked([one.label for one in ledger.steps if step.label in one.cites], anchors),
        inference=inference(step.inference),
        truth=truth(step.truth),
        standing=mark(step.standing),
        blame=_blame(step, ledger),
        lost=", ".join(map(fitting, step.blame)),
        note=sentence(source.note),
        needed=tuple(_needed(step, derivation, without)),
        evidence=tuple(one for one in (proof, refutation) if one is not None),
        refutations=(refutation,) if refutation is not None else (),
        remainder=shown(step.inference.remainder),
        readings=_readings(step.readings),
        measured=measured(step.truth.measurements),
        picture=pictures.get(step.label),
        remedies=remedies.get(step.label, ()),
        repair=repair(ledger, step, case),
        command=command(ledger, step.label, case),
        search=_searched(step, source),
    )


def inference(found: Inference) -> Verdict:
    return Verdict(mark(found.verdict), sentence(found.reason))


def truth(found: Truth) -> Verdict:
    return Verdict(mark(found.verdict), sentence(found.reason), shown(found.limit))


def linked(labels: Sequence[str], anchors: Anchors) -> tuple[tuple[str, str], ...]:
    """Labels with their anchors; one that this check did not judge has none."""
    return tuple((shown(label), anchors.get(label, "")) for label in labels)


def command(ledger: Ledger, label: str, case: str) -> str:
    """What reproduces the verdicts of one step from a shell; `case` is the name or the path that a command line takes."""
    return _command(ledger, ["derive", "check", case, "--only", label])


def repair(ledger: Ledger, step: StepEntry, case: str) -> str:
    """What looks for the nearest true equation to a step that fails."""
    return _command(ledger, ["derive", "repair", case, step.label]) if step.truth.verdict == "fails" else ""


def _command(ledger: Ledger, words: list[str]) -> str:
    words = [*words, "--seed", str(ledger.seed)]
    if (profile := ledger.summary.get("profile", "quick")) != "quick":
        words += ["--profile", str(profile)]
    return shown(shlex.join(words))


def _links(step: StepEntry, source: Step, ledger: Ledger) -> list[Link]:
    if len(source.links) != len(step.links) or any(
        encoding(link) != entry.printed for link, entry in zip(source.links, step.links, strict=True)
    ):
        raise LedgerError(
            f"expected a ledger of this version of {ledger.case}, came one in which ({step.label}) is encoded otherwise; "
            "make it again with `derive check CASE --json PATH`"
        )
    return [
        Link(
            encoded(link, ledger.summary["headline"]["assignment"]),
            shown(entry.printed),
            number,
            entry.role,
            inference(entry.inference),
            truth(entry.truth),
        )
        for number, (link, entry) in enumerate(zip(source.links, step.links, strict=True), start=1)
    ]


def encoded(link: object, assignment: Mapping[str, str]) -> Formula:
    """The encoding under the reading of the headline, as LaTeX."""
    try:
        return formula(latex(resolve(link, assignment)))
    except Exception as error:  # a node of a user's own has no LaTeX: that is worth saying, and must not end the report
        return Formula(f"no LaTeX: {shown(described(error))}", False, shown(described(error)))


def _needed(step: StepEntry, derivation: Derivation, without: Mapping[tuple[str, str], str]) -> list[Needed]:
    known = {one.name: one for one in derivation.assumptions}
    found = []
    for name in step.inference.assumptions:
        if name in known:
            source = "the print makes it" if known[name].stated else "the print does not make it"
            text = sentence(known[name].text)
        elif name.startswith("citation of "):
            source, text = "not cited by the print", f"{name.removeprefix('citation of ')} is used and not cited."
        else:
            source, text = "asked for by the kernel", ""
        found.append(Needed(shown(name), shown(text), source, without.get((step.label, name), "")))
    return found


def _blame(step: StepEntry, ledger: Ledger) -> str:
    """Where truth is lost above the step, each with a way down to it."""
    cites = {one.label: one.cites for one in ledger.steps}
    ways = []
    for label in step.blame:
        way = shortest(step.label, label, cites)
        ways.append("here" if way == (step.label,) else " → ".join(f"({shown(one)})" for one in way) or f"({shown(label)})")
    return "; ".join(ways)


def _readings(readings: Sequence[ReadingEntry]) -> tuple[Reading, ...]:
    groups: dict[tuple[str, str, str, str], list[ReadingEntry]] = {}
    for one in readings:
        groups.setdefault((one.inference.verdict, one.inference.reason, one.truth.verdict, one.truth.reason), []).append(one)
    return tuple(_group(group) for group in groups.values())


def _group(group: Sequence[ReadingEntry]) -> Reading:
    texts = ["; ".join(f"{shown(k)}: {shown(v)}" for k, v in one.assignment.items()) for one in group]
    more = [] if len(texts) <= MOST_READINGS else [f"and {len(texts) - MOST_READINGS} more, in the ledger"]
    against = tuple(dict.fromkeys(label for one in group for label in one.against))
    first = group[0]
    return Reading(
        (*texts[:MOST_READINGS], *more),
        any(one.headline for one in group),
        inference(first.inference),
        truth(first.truth),
        numbers(against),
    )


def _searched(step: StepEntry, source: Step) -> str:
    words = (
        step.label,
        step.role,
        step.latex,
        source.note,
        step.inference.reason,
        step.truth.reason,
        *step.inference.assumptions,
    )
    return shown(" ".join(words)).lower()


def claim(entry: ProseEntry, source: Prose, ledger: Ledger, anchors: Anchors, case: str) -> Claim:
    """A claim in words: what the print says beside what was checked of it, what was found, and what it speaks of."""
    assignment = ledger.summary["headline"]["assignment"]
    links = source.claim.links if source.claim is not None else ()
    found = tuple(Encoded(encoded(link, assignment), shown(encoding(link))) for link in links)
    if source.statement is not None:
        found = (Encoded(formula(""), shown(encoding(source.statement))),)
    open_here = choices_in(source.claim) if source.claim is not None else {}
    under = "; ".join(f"{shown(name)}: {shown(assignment[name])}" for name in open_here if name in assignment)
    heading = "as encoded; the words deny it" if source.denied else "as encoded"
    return Claim(
        label=shown(entry.label),
        anchor=anchors[entry.label],
        text=sentence(source.text),
        verdict=Verdict(mark(entry.verdict), sentence(entry.reason)),
        standing=mark(entry.standing),
        cites=linked(entry.cites, anchors),
        heading=f"{heading} ({under})" if under else heading,
        encoded=found,
        note=sentence(source.note),
        measured=measured(entry.measurements),
        command=command(ledger, entry.label, case),
        search=shown(f"{entry.label} {source.text} {entry.reason}").lower(),
    )
