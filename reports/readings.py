"""Which readings of the print save the derivation, and which of its steps live on different ones.

Vocabulary
    saved      neither verdict of any link is bad or undecided
    refuted    some link is invalid or fails
    Headline   the assignment that is used for every step's headline verdicts

An assignment is held fixed along the whole derivation.  The headline saves most steps; between equals the
first in the declared order wins.  Choices that no step shares do not influence one another, so each group
of connected choices is searched by itself: exhaustively up to MOST_ASSIGNMENTS, beyond that by coordinate
ascent, which may miss the best and says so.

Two steps, of which one rests on the other, equivocate when each is saved under some assignment and every
assignment that decides both refutes one of them; or when, of inference alone, each follows where the other
does not, and both under no assignment that was judged.  So do two consecutive links of one step.  What a
bounded search leaves unjudged is asked for by `doubtful`: the headline with one choice changed, for steps
of which one follows and the other does not.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from derive import Derivation
from derive.language import choices_in
from reports.judging import Judged, Key, Verdicts, first_options

MOST_ASSIGNMENTS = 4096

Assignment = dict[str, str]
Table = Mapping[Key, Verdicts]


@dataclass(frozen=True)
class Headline:
    assignment: Mapping[str, str]
    saved: int
    exhaustive: bool


def saved(verdicts: Verdicts) -> bool:
    return not any(one.verdict in ("invalid", "undecided") for one in verdicts.inferences) and not any(
        one.verdict in ("fails", "undecided") for one in verdicts.truths
    )


def refuted(verdicts: Verdicts) -> bool:
    return any(one.verdict == "invalid" for one in verdicts.inferences) or any(one.verdict == "fails" for one in verdicts.truths)


def follows(verdicts: Verdicts) -> bool:
    found = {one.verdict for one in verdicts.inferences}
    return bool(found & {"valid", "conditional"}) and not found & {"invalid", "undecided"}


def broken(verdicts: Verdicts) -> bool:
    return any(one.verdict == "invalid" for one in verdicts.inferences)


def one_link(verdicts: Verdicts, link: int) -> Verdicts:
    return Verdicts((verdicts.inferences[link],), (verdicts.truths[link],))


# Headline --------------------------------------------------------------------------------------------


def headline(derivation: Derivation, judged: Mapping[str, Judged], given: Mapping[str, str] = MappingProxyType({})) -> Headline:
    """The assignment of all readings that saves most of the judged steps; what is `given` is not sought."""
    assignment = first_options(derivation) | dict(given)
    options = {name: labels for name, labels in _options(derivation, judged).items() if name not in given}
    exhaustive = True
    for group in _connected(options, judged.values()):
        concerned = [step for step in judged.values() if set(step.choices) & set(group)]

        def gain(trial: Assignment, concerned: Sequence[Judged] = concerned) -> int:
            return sum(saved(step.under(trial)) for step in concerned)

        labels = [options[name] for name in group]
        if math.prod(map(len, labels)) <= MOST_ASSIGNMENTS:
            trials: Iterable[Assignment] = (
                {**assignment, **dict(zip(group, key, strict=True))} for key in itertools.product(*labels)
            )
            assignment = max(trials, key=gain)  # the first of equals
        else:
            exhaustive = False
            assignment.update((name, options[name][0]) for name in group)
            assignment = _ascend(assignment, {name: options[name] for name in group}, gain)
    count = sum(saved(step.under(assignment)) for step in judged.values())
    ordered = {reading.name: assignment[reading.name] for reading in derivation.readings if reading.options}
    return Headline(ordered, count, exhaustive)


def _options(derivation: Derivation, judged: Mapping[str, Judged]) -> dict[str, tuple[str, ...]]:
    """The readings that some judged step offers, with all that is offered, in the declared order."""
    found = {}
    for reading in derivation.readings:
        offered = {label for step in judged.values() for label in step.choices.get(reading.name, ())}
        if offered:
            found[reading.name] = tuple(label for label in reading.options if label in offered)
    return found


def _connected(names: Iterable[str], steps: Iterable[Judged]) -> list[list[str]]:
    """The names in groups: two are together if a chain of steps connects them."""
    group = {name: {name} for name in names}
    for step in steps:
        together = set().union(*(group[name] for name in step.choices if name in group))
        group.update((name, together) for name in together)
    order = list(group)
    first = [name for name in order if name == min(group[name], key=order.index)]
    return [sorted(group[name], key=order.index) for name in first]


def _ascend(start: Assignment, options: Mapping[str, tuple[str, ...]], gain: Callable[[Assignment], int]) -> Assignment:
    """Improves one choice after the other until none can be improved."""
    best, height = start, gain(start)
    improved = True
    while improved:
        improved = False
        for name, labels in options.items():
            trial = max(({**best, name: label} for label in labels), key=gain)
            if gain(trial) > height:
                best, height, improved = trial, gain(trial), True
    return best


# Equivocation ----------------------------------------------------------------------------------------


def equivocal_steps(derivation: Derivation, judged: Mapping[str, Judged]) -> Iterator[tuple[str, str]]:
    """Pairs (ancestor, step), in the order of the derivation, that hold only under different assignments."""
    for label, step in judged.items():
        for ancestor in derivation.ancestors(label):
            if ancestor in judged and _equivocate(step, step.found, judged[ancestor], judged[ancestor].found):
                yield ancestor, label


def equivocal_links(judged: Mapping[str, Judged]) -> Iterator[tuple[str, int]]:
    """Pairs (step, i): its links i and i + 1, counted from 1, hold only under different assignments."""
    for label, step in judged.items():
        for link in range(step.links - 1):
            first, second = ({key: one_link(verdicts, i) for key, verdicts in step.found.items()} for i in (link, link + 1))
            if _equivocate(step, first, step, second):
                yield label, link + 1


def _equivocate(first: Judged, found: Table, second: Judged, others: Table) -> bool:
    if not set(first.choices) & set(second.choices):
        return False
    pairs = [(found[a], others[b]) for a in found for b in others if _compatible(first.choices, a, second.choices, b)]
    if any(map(saved, found.values())) and any(map(saved, others.values())):
        return bool(pairs) and all(refuted(a) or refuted(b) for a, b in pairs)
    return (
        any(follows(a) and broken(b) for a, b in pairs)
        and any(broken(a) and follows(b) for a, b in pairs)
        and not any(follows(a) and follows(b) for a, b in pairs)
    )


def _compatible(names: Iterable[str], a: Key, others: Iterable[str], b: Key) -> bool:
    chosen = dict(zip(names, a, strict=True))
    return all(chosen.get(name, label) == label for name, label in zip(others, b, strict=True))


def one_choice_changed(step: Judged, assignment: Mapping[str, str]) -> Iterator[Assignment]:
    """The assignments that differ from this one in one choice that the step leaves open."""
    for name, labels in step.choices.items():
        for label in labels:
            if label != assignment[name]:
                yield {**assignment, name: label}


def doubtful(
    derivation: Derivation, judged: Mapping[str, Judged], best: Headline, most: int
) -> Iterator[tuple[tuple[str, str], Assignment]]:
    """Pairs of steps of which one follows under the headline and the other, one citing it, does not, each with the
    headline changed in one choice that both leave open: `most` changes, first of what few steps leave open in few ways,
    and of steps that leave little else open."""
    verdicts = {label: one.under(best.assignment) for label, one in judged.items()}
    concerned = Counter(name for step in derivation.steps for name in choices_in(step.claim))  # whatever is judged of it
    found: list[tuple[tuple[int, int], tuple[str, str], Assignment]] = []
    for step in derivation.steps:
        for cited in step.cites:
            if not {step.label, cited} <= set(judged) or not _one_follows(verdicts[step.label], verdicts[cited]):
                continue
            both = [name for name in judged[step.label].choices if name in judged[cited].choices]
            for choice, label in ((name, label) for name in both for label in judged[step.label].choices[name]):
                changed = {**best.assignment, choice: label}
                lacking = any(judged[one].lacks(changed) for one in (step.label, cited))
                if label != best.assignment[choice] and label in judged[cited].choices[choice] and lacking:
                    width = math.prod(len(labels) for labels in judged[step.label].choices.values())
                    cost = concerned[choice] * len(judged[cited].choices[choice]), width
                    found.append((cost, (cited, step.label), changed))
    for _, pair, assignment in sorted(found, key=lambda one: one[0])[:most]:
        yield pair, assignment


def _one_follows(a: Verdicts, b: Verdicts) -> bool:
    return (follows(a) and broken(b)) or (broken(a) and follows(b))
