"""The composition root: derivation -> verdicts of every step -> ledger.

    ledger = check(derivation)                       every step and every claim in words
    ledger = check(derivation, only=["24"], seed=7)  these alone

Verdicts do not depend on the number of workers.  Nothing flows back into the layers below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from derive import Derivation, Prose, Step
from derive.audits import audit
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER, Inference, Truth
from numeric.statements import judge as stated
from reports.judging import TRUTHS, Judged, Verdicts, first_options, guarded, judge, judged_bytes, judged_from, undecided
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
from reports.readings import Headline, doubtful, equivocal_links, equivocal_steps, follows, headline, one_choice_changed, saved
from reports.reasons import encoding
from reports.request import MOST_DOUBTS, SECONDS, check_arguments
from reports.standing import Pair, blame, loses_truth, standing, weakest
from reports.versions import environment
from reports.workers import Lost, run

ROUNDS = 2  # in which steps with more readings than are judged are judged under the headline's
GRACE = 15.0  # seconds beyond a step's limit after which its process is killed

Progress = Callable[[int, int, str], None]  # steps done, steps in all, label just done


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

    spoken = with_words_as_steps(derivation)
    encoded = [entry.label for entry in prose if entry.claim is not None]
    total = len(steps) + len(encoded)
    labels = [step.label for step in steps]
    first = _judge_all(spoken, [(label, None) for label in labels], seed, profile, workers, _counting(progress, 0, total))
    judged = dict(zip(labels, first, strict=True))
    best = headline(derivation, judged, assignment or {})

    def complete(asked: Sequence[Asked], found: Sequence[Judged]) -> Headline:
        """The headline once steps are judged under more assignments than the search had time for."""
        for (label, _), one in zip(asked, found, strict=True):
            judged[label] = judged[label].completed(one) if one.choices == judged[label].choices else judged[label]
        return headline(derivation, judged, assignment or {})

    for _ in range(ROUNDS):
        chosen = first_options(derivation) | dict(best.assignment)
        lacking: list[Asked] = [(label, chosen) for label, one in judged.items() if one.lacks(chosen)]
        if not lacking:
            break
        best = complete(lacking, _judge_all(spoken, lacking, seed, profile, workers))
    # Claims in words save no step: they are judged under the headline alone.  With them goes what the headline leaves in doubt.
    chosen = first_options(derivation) | dict(best.assignment)
    doubts: list[Asked] = [
        (label, first_options(derivation) | changed)
        for pair, changed in doubtful(derivation, judged, best, MOST_DOUBTS[profile])
        for label in pair
        if judged[label].lacks(first_options(derivation) | changed)
    ]
    asked: list[Asked] = [*doubts, *((label, chosen) for label in encoded)]
    last = _counting(progress, len(steps), len(steps) + len(asked))
    found = _judge_all(spoken, asked, seed, profile, workers, last, truth_first=set(encoded))
    best = complete(doubts, found[: len(doubts)])
    spoken_of = found[len(doubts) :]
    if chosen != (chosen := first_options(derivation) | dict(best.assignment)):
        spoken_of = _judge_all(spoken, [(label, chosen) for label in encoded], seed, profile, workers, truth_first=set(encoded))
    words = dict(zip(encoded, spoken_of, strict=True))
    changes = {label: list(one_choice_changed(one, chosen)) for label, one in words.items() if _is_open(one.under(chosen))}
    decided: dict[str, tuple[Mapping[str, str], Verdicts]] = {}
    for k in range(max(map(len, changes.values()), default=0)):
        others = [(label, several[k]) for label, several in changes.items() if label not in decided and k < len(several)]
        for (label, changed), one in zip(
            others, _judge_all(spoken, others, seed, profile, workers, truth_first=set(encoded)), strict=True
        ):
            if not _is_open(one.under(changed)):
                decided[label] = changed, one.under(changed)
    between_steps = list(equivocal_steps(derivation, judged))
    verdicts = {label: _pair(one.under(best.assignment)) for label, one in judged.items()}
    entries = tuple(_entry(derivation, step, judged[step.label], best, between_steps, verdicts) for step in steps)
    claims = tuple(
        _prose(derivation, entry, words.get(entry.label), chosen, verdicts, seed, decided.get(entry.label)) for entry in prose
    )

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


def _counting(progress: Progress | None, before: int, total: int) -> Progress | None:
    """The progress of one part of the work, as progress in all of it."""
    if progress is None:
        return None
    return lambda done, _, label: progress(before + done, total, label)


Asked = tuple[str, Mapping[str, str] | None]  # a label, and the one assignment under which it is judged, if not all


def _judge_all(
    derivation: Derivation,
    asked: Sequence[Asked],
    seed: int,
    profile: str,
    workers: int,
    progress: Progress | None = None,
    truth_first: Collection[str] = (),
) -> list[Judged]:
    finished = 0

    def done(number: str) -> None:
        nonlocal finished
        finished += 1
        if progress is not None:
            progress(finished, len(asked), asked[int(number)][0])

    def work(number: str) -> bytes:
        label, wanted = asked[int(number)]
        return judged_bytes(judge(derivation, label, seed, profile, wanted, label in truth_first))

    found = run([str(k) for k in range(len(asked))], work, workers, SECONDS[profile] + GRACE, done)
    return [
        Judged({}, {(): undecided(len(derivation[label].links), answer.reason)}, len(derivation[label].links))
        if isinstance(answer := found[str(k)], Lost)
        else judged_from(answer)
        for k, (label, _) in enumerate(asked)
    ]


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


def _prose(
    derivation: Derivation,
    entry: Prose,
    judged: Judged | None,
    assignment: Mapping[str, str],
    verdicts: Mapping[str, Pair],
    seed: int,
    elsewhere: tuple[Mapping[str, str], Verdicts] | None = None,
) -> ProseEntry:
    """A claim in words: whether it is true, or, where numbers do not say, whether it follows; where the headline's reading
    leaves that open, under the first reading with one choice changed that does not."""
    rests_on = weakest(standing(derivation, cited, verdicts) for cited in entry.cites)
    if entry.statement is not None:
        (said,) = guarded(lambda: (stated(entry.statement, seed),), TRUTHS, 1, SECONDS["quick"], "time limit")
        return ProseEntry(entry.label, said.verdict, said.reason, said.measurements, tuple(entry.cites), rests_on)
    if judged is None:
        reason = "a claim in words without an encoding: there is nothing to compute with"
        return ProseEntry(entry.label, "undecided", reason, (), tuple(entry.cites), rests_on)
    found = judged.under(assignment) if elsewhere is None else elsewhere[1]
    true, derived = worst_truth(found.truths), worst_inference(found.inferences)
    if entry.denied:
        true = denial(true)
    use_inference = not entry.denied and true.verdict == "undecided" and derived.verdict != "undecided"
    chosen: Truth | Inference = derived if use_inference else true
    reason = chosen.reason
    if elsewhere is not None:
        changed = "; ".join(f"{name}: {label}" for name, label in elsewhere[0].items() if assignment[name] != label)
        reason = f"read with {changed}: {reason}; as the headline reads: {worst_truth(judged.under(assignment).truths).reason}"
    return ProseEntry(entry.label, chosen.verdict, reason, true.measurements, tuple(entry.cites), rests_on)


def _is_open(found: Verdicts) -> bool:
    """Whether neither numbers nor the kernel decide a claim in words."""
    return worst_truth(found.truths).verdict == "undecided" and worst_inference(found.inferences).verdict == "undecided"


def denial(true: Truth) -> Truth:
    """The truth of the words that an equation does not hold, from that of the equation."""
    if true.verdict in ("exact", "asymptotic"):
        return replace(true, verdict="fails", reason=f"the words deny an equation that holds: {true.reason}")
    if true.verdict == "fails":
        found = "asymptotic" if true.limit else "exact"
        return replace(true, verdict=found, reason=f"the words deny an equation that does not hold: {true.reason}")
    return true
