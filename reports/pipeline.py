"""The composition root: derivation -> verdicts of every step -> ledger.

    ledger = check(derivation)                       every step and every claim in words
    ledger = check(derivation, only=["24"], seed=7)  these alone

Verdicts do not depend on the number of workers.  Nothing flows back into the layers below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from derive import Derivation, Prose, Step
from derive.audits import audit
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER, Inference, Truth
from numeric.statements import judge as stated
from reports.judging import TRUTHS, Judged, Verdicts, guarded
from reports.ledger import (
    Ledger,
    LinkEntry,
    ProseEntry,
    ReadingEntry,
    StepEntry,
    worst_inference,
    worst_truth,
)
from reports.ledger_json import plain
from reports.readings import Headline, equivocal_links, equivocal_steps, follows, saved
from reports.reasons import encoding
from reports.request import SECONDS, check_arguments
from reports.rounds import Found, Progress, Rounds, crew_for
from reports.standing import Pair, blame, loses_truth, standing, weakest
from reports.versions import environment


def check(
    derivation: Derivation,
    only: Iterable[str] | None = None,
    seed: int = 0,
    profile: str = "quick",
    workers: int = 2,
    progress: Progress | None = None,
    assignment: Mapping[str, str] | None = None,
) -> Ledger:
    """Judges the steps (all, or `only` these labels) and gathers what was found.

    `seed` (0 to 2^63 - 1) fixes every random number, `profile` the effort, `workers` the number of processes;
    0 works in this one.  `assignment` decides readings for the headline, which is sought among the rest.
    CheckError for an unknown label, seed, profile or reading; a step that cannot be judged is `undecided` and
    says why.
    """
    wanted = only if only is None or isinstance(only, str) else list(only)
    check_arguments(derivation, wanted, seed, profile, assignment)
    steps = [step for step in derivation.steps if wanted is None or step.label in wanted]
    prose = [entry for entry in derivation.prose if wanted is None or entry.label in wanted]

    words = [entry.label for entry in prose if entry.claim is not None]
    whole = with_words_as_steps(derivation)
    with crew_for(whole, words, seed, profile, workers) as crew:
        found = Rounds(whole, words, profile, crew, assignment or {}, progress).found([step.label for step in steps])
    judged, best = found.judged, found.best
    between_steps = list(equivocal_steps(derivation, judged))
    verdicts = {label: _pair(one.under(best.assignment)) for label, one in judged.items()}
    entries = tuple(_entry(derivation, step, judged[step.label], best, between_steps, verdicts) for step in steps)
    claims = tuple(_prose(derivation, entry, found, verdicts, seed) for entry in prose)
    between_links = list(equivocal_links(judged))
    summary = {
        "profile": profile,
        "only": None if wanted is None else [step.label for step in steps] + [entry.label for entry in prose],
        "steps": len(steps),
        "inference": _counts((pair[0] for pair in verdicts.values()), INFERENCE_ORDER),
        "truth": _counts((pair[1] for pair in verdicts.values()), TRUTH_ORDER),
        "prose": dict(Counter(claim.verdict for claim in claims)),
        "headline": {
            "assignment": dict(best.assignment),
            "saved": best.saved,
            "search": "exhaustive" if best.exhaustive else "coordinate ascent",
        },
        "equivocations": [
            *({"between": list(pair), "links": None} for pair in between_steps),
            *({"between": [label, label], "links": [link, link + 1]} for label, link in between_links),
        ],
        "lost_at": [label for label in verdicts if loses_truth(derivation, label, verdicts)],
    }
    audits = audit(derivation, None if wanted is None else [step.label for step in steps])
    return Ledger(str(derivation.name), seed, environment(), plain(summary, exact=False), entries, claims, audits)


def _pair(verdicts: Verdicts) -> Pair:
    return worst_inference(verdicts.inferences).verdict, worst_truth(verdicts.truths).verdict


def _counts(verdicts: Iterable[str], order: tuple[str, ...]) -> dict[str, int]:
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in order if counted[verdict]}


def _entry(
    derivation: Derivation,
    step: Step,
    judged: Judged,
    best: Headline,
    equivocal: list[tuple[str, str]],
    verdicts: Mapping[str, Pair],
) -> StepEntry:
    shown = judged.under(best.assignment)
    others = {label for pair in equivocal if step.label in pair for label in pair} - {step.label}
    against = tuple(label for label in verdicts if label in others)
    holds = saved if any(map(saved, judged.found.values())) else follows
    readings = tuple(
        ReadingEntry(
            assignment=dict(zip(judged.choices, key, strict=True)),
            headline=key == tuple(best.assignment[name] for name in judged.choices),
            inference=worst_inference(found.inferences),
            truth=worst_truth(found.truths),
            against=against if holds(found) else (),
        )
        for key, found in judged.found.items()
        if judged.choices  # a step that leaves nothing open has the headline alone
    )
    return StepEntry(
        label=step.label,
        role=step.role,
        latex=str(step.latex),
        cites=tuple(step.cites),
        inference=worst_inference(shown.inferences),
        truth=worst_truth(shown.truths),
        links=tuple(
            LinkEntry(step.role_of(link), encoding(link), inference, truth)
            for link, inference, truth in zip(step.links, shown.inferences, shown.truths, strict=True)
        ),
        readings=readings,
        blame=blame(derivation, step.label, verdicts),
        standing=standing(derivation, step.label, verdicts),
    )


def with_words_as_steps(derivation: Derivation) -> Derivation:
    """The derivation with each encoded claim in words as a step after all others, to be judged like them."""
    encoded = [entry for entry in derivation.prose if entry.claim is not None]
    steps = tuple(Step(entry.label, "claim", entry.claim, entry.cites) for entry in encoded if entry.claim is not None)
    others = tuple(entry for entry in derivation.prose if entry.claim is None)
    return replace(derivation, steps=(*derivation.steps, *steps), prose=others)


def _prose(derivation: Derivation, entry: Prose, found: Found, verdicts: Mapping[str, Pair], seed: int) -> ProseEntry:
    """A claim in words: whether it is true, or, where numbers do not say, whether it follows; where the headline's reading
    leaves that open, under the first reading with one choice changed that does not."""
    rests_on = weakest(standing(derivation, cited, verdicts) for cited in entry.cites)

    def said(one: Truth | Inference, true: Truth, before: str = "", after: str = "") -> ProseEntry:
        reason = f"{before}{one.reason}{after}"
        return ProseEntry(entry.label, one.verdict, reason, true.measurements, tuple(entry.cites), rests_on)

    if entry.statement is not None:
        (stood,) = guarded(lambda: (stated(entry.statement, seed),), TRUTHS, 1, SECONDS["quick"], "time limit")
        return said(stood, stood)
    if entry.label not in found.words:
        nothing = Truth("undecided", f"a claim in words without an encoding: {entry.note or 'there is nothing to compute with'}")
        return said(nothing, nothing)
    as_headline = found.words[entry.label].under(found.assignment)
    read, verdict = found.otherwise.get(entry.label, (found.assignment, as_headline))
    true, derived = worst_truth(verdict.truths), worst_inference(verdict.inferences)
    true = denial(true) if entry.denied else true
    follows_only = not entry.denied and true.verdict == "undecided" and derived.verdict != "undecided"
    chosen: Truth | Inference = derived if follows_only else true
    if read == found.assignment:
        return said(chosen, true)
    changed = "; ".join(f"{name}: {label}" for name, label in read.items() if found.assignment[name] != label)
    as_printed = worst_truth(as_headline.truths).reason
    return said(chosen, true, f"read with {changed}: ", f"; as the headline reads: {as_printed}")


def denial(true: Truth) -> Truth:
    """The truth of the words that an equation does not hold, from that of the equation."""
    if true.verdict in ("exact", "asymptotic"):
        return replace(true, verdict="fails", reason=f"the words deny an equation that holds: {true.reason}")
    if true.verdict == "fails":
        found = "asymptotic" if true.limit else "exact"
        return replace(true, verdict=found, reason=f"the words deny an equation that does not hold: {true.reason}")
    return true
