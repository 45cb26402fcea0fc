"""Both questions about one step, under every assignment of the choices that matter for it.

Vocabulary
    Key        the labels chosen, in the order of the step's choices
    Verdicts   one Inference and one Truth for each link
    Judged     choices -> Key -> Verdicts of one step; as JSON bytes on the way between processes

Each answer is guarded by itself: an exception, a time limit or a wrong number of answers gives `undecided`
with the reason, and leaves every other answer alone.  The inferences of a step may work out so much and no more
(WORK, counted alike on every machine); SECONDS is for what takes longer even so: each answer gets an even
share of what is left, and at least a part of the whole while that lasts.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from derive import Derivation, prover
from derive.kernel.tally import WORK as TALLY
from derive.verdicts import Inference, Truth
from numeric import truth
from reports.fields import Fields, parsed
from reports.ledger_json import dumped, inference_data, inference_of, truth_data, truth_of
from reports.reasons import described
from reports.request import SECONDS, WORK, WORK_ON_FALSE
from reports.time_limit import TimeLimit, time_limit

MOST_READINGS = 64
# Of the step's time for one answer at least: of many readings rather some decided than none.  The work of a search is counted
# alike everywhere, so on a loaded machine it is given time rather than cut off where one at rest finds an end.
LEAST_FOR_TRUTH, LEAST_FOR_INFERENCE = 1 / 6, 1 / 2
SEARCH_SHARE = 0.9  # the prover is told less than the alarm allows, so that it can say itself what it tried

UNSEARCHED = "not judged: the step's earlier readings used up what a check of this profile may work out"

Key = tuple[str, ...]
Choices = Mapping[str, tuple[str, ...]]
Verdict = TypeVar("Verdict", Inference, Truth)


@dataclass(frozen=True)
class Verdicts:
    inferences: tuple[Inference, ...]
    truths: tuple[Truth, ...]


@dataclass(frozen=True)
class Judged:
    """What was found of one step; `choices`: name -> the labels that may be chosen, in the declared order."""

    choices: Choices
    found: Mapping[Key, Verdicts]
    links: int

    def under(self, assignment: Mapping[str, str]) -> Verdicts:
        """The verdicts under an assignment of this step's choices and others; undecided if not judged."""
        key = tuple(assignment[name] for name in self.choices)
        return self.found[key] if key in self.found else undecided(self.links, self._reason(key))

    def lacks(self, assignment: Mapping[str, str]) -> bool:
        """Whether an assignment that the step offers was not judged, or not to the end, for want of time."""
        key = tuple(assignment[name] for name in self.choices)
        if any(label not in labels for label, labels in zip(key, self.choices.values(), strict=True)):
            return False
        return key not in self.found or any(one.reason == UNSEARCHED for one in self.found[key].inferences)

    def completed(self, other: Judged) -> Judged:
        """With what was found in another judgement of the same step put in."""
        return Judged(self.choices, {**self.found, **other.found}, self.links)

    def _reason(self, key: Key) -> str:
        for label, (name, labels) in zip(key, self.choices.items(), strict=True):
            if label not in labels:
                return f"not judged: the step offers no reading {label!r} of {name!r}"
        count = math.prod(len(labels) for labels in self.choices.values())
        return f"not judged: the step has {count} readings, of which the first {MOST_READINGS} are judged"


@dataclass(frozen=True)
class Kind(Generic[Verdict]):
    """One of the two kinds of verdict: its class, and how it is stored and read again."""

    make: type[Verdict]
    data: Callable[[Verdict], dict[str, Any]]
    read: Callable[[Fields], Verdict]


INFERENCES = Kind(Inference, inference_data, inference_of)
TRUTHS = Kind(Truth, truth_data, truth_of)


def undecided(links: int, reason: str) -> Verdicts:
    return Verdicts((Inference("undecided", reason),) * links, (Truth("undecided", reason),) * links)


def judge(
    derivation: Derivation,
    label: str,
    seed: int,
    profile: str,
    wanted: Mapping[str, str] | None = None,
    truth_first: bool = False,
) -> Judged:
    """Judges one step of the derivation under each of its readings, or under the `wanted` assignment alone; with `truth_first`
    inference is asked for only where numbers do not decide."""
    prover.begin_step()
    links = len(derivation[label].links)
    limit = SECONDS[profile]
    end = time.monotonic() + limit
    late = f"time limit: no answer within the {limit:g} s that a {profile} check gives a step"
    try:
        with time_limit(limit):
            choices = in_declared_order(derivation, prover.choices_of(derivation, label))
    except TimeLimit:
        return Judged({}, {(): undecided(links, late)}, links)
    except (Exception, SystemExit) as error:  # a case may hold anything: one step, not the check, is lost
        return Judged({}, {(): undecided(links, described(error))}, links)

    keys = list(itertools.islice(itertools.product(*choices.values()), MOST_READINGS))
    if wanted is not None:
        keys = [tuple(wanted[name] for name in choices)]
    left = 2 * len(keys)

    def share(least: float) -> float:
        nonlocal left
        left -= 1
        rest = end - time.monotonic()
        return min(rest, max(rest / (left + 1), least * limit))

    # The judges read other steps too, to find what defines a symbol or what might have been cited, so every reading is decided
    # for them: one assignment along the whole derivation, where one is wanted.
    others = first_options(derivation) | dict(wanted or {})
    assignments = {key: others | dict(zip(choices, key, strict=True)) for key in keys}
    truths = {}
    for key, assignment in assignments.items():
        measure = partial(truth.judge, derivation, label, assignment, seed, profile)
        truths[key] = guarded(measure, TRUTHS, links, share(LEAST_FOR_TRUTH), late)
    # A reading that is false of the model cannot save the step: the others are searched first.
    false = {key for key in keys if any(one.verdict == "fails" for one in truths[key])}
    inferences = {}
    start = TALLY.count
    for key in sorted(keys, key=lambda key: key in false):
        seconds = share(LEAST_FOR_INFERENCE)
        if truth_first and all(one.verdict != "undecided" for one in truths[key]):
            inferences[key] = (Inference("not-applicable", "numbers decide it"),) * links
            continue
        spent = TALLY.count - start
        if spent < (WORK_ON_FALSE if key in false else WORK)[profile] or wanted is not None:
            infer = partial(prover.infer, derivation, label, assignments[key], seconds=SEARCH_SHARE * seconds)
            inferences[key] = guarded(infer, INFERENCES, links, seconds, late)
        else:
            inferences[key] = (Inference("undecided", UNSEARCHED),) * links
    found = {key: Verdicts(inferences[key], truths[key]) for key in keys}
    return Judged(choices, found, links)


def first_options(derivation: Derivation) -> dict[str, str]:
    """Every reading, decided for the first of its options."""
    return {reading.name: next(iter(reading.options)) for reading in derivation.readings if reading.options}


def in_declared_order(derivation: Derivation, offered: Choices) -> Choices:
    """The choices in the order in which the derivation declares its readings and their options."""
    return {
        reading.name: tuple(label for label in reading.options if label in offered[reading.name])
        for reading in derivation.readings
        if reading.name in offered
    }


def guarded(
    call: Callable[[], Iterable[Verdict]], kind: Kind[Verdict], links: int, seconds: float, late: str
) -> tuple[Verdict, ...]:
    """What `call` answers within the time, one verdict for each link; else `undecided` with the reason."""
    try:
        if seconds <= 0:
            raise TimeLimit
        with time_limit(seconds):
            answer = tuple(call())
        if len(answer) != links or not all(isinstance(one, kind.make) for one in answer):
            came = ", ".join(type(one).__name__ for one in answer) or "nothing"
            raise TypeError(f"expected {links} of {kind.make.__name__}, one for each link, came {came}")
        # What cannot be stored and read again is no evidence.
        return tuple(stored_and_read(one, kind) for one in answer)
    except TimeLimit:
        reason = late
    except (Exception, SystemExit) as error:
        reason = described(error)
    return (kind.make("undecided", reason),) * links


def stored_and_read(one: Verdict, kind: Kind[Verdict]) -> Verdict:
    return kind.read(Fields(parsed(dumped(kind.data(one)), "the verdict"), "the verdict"))


# Between processes -----------------------------------------------------------------------------------


def judged_bytes(judged: Judged) -> bytes:
    found = [
        {
            "key": list(key),
            "inferences": [inference_data(one) for one in verdicts.inferences],
            "truths": [truth_data(one) for one in verdicts.truths],
        }
        for key, verdicts in judged.found.items()
    ]
    choices = [{"name": name, "labels": list(labels)} for name, labels in judged.choices.items()]
    return dumped({"choices": choices, "found": found, "links": judged.links}).encode("ascii")


def judged_from(content: bytes) -> Judged:
    top = Fields(parsed(content, "a worker's answer"), "a worker's answer")
    return Judged(
        choices={fields.text("name"): fields.texts("labels") for fields in top.children("choices")},
        found={
            fields.texts("key"): Verdicts(
                tuple(inference_of(one) for one in fields.children("inferences")),
                tuple(truth_of(one) for one in fields.children("truths")),
            )
            for fields in top.children("found")
        },
        links=top.integer("links"),
    )
