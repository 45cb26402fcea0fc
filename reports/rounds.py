"""The rounds in which a derivation is judged: every step under its readings, then what the headline asks for besides.

    steps     under as many readings as the work allows; then, for a few rounds, those that lack the headline's
    doubts    steps of which one follows and the other does not, under the headline with one choice changed
    words     claims in words, which save no step, under the headline alone; what it leaves open, with one choice changed

What is asked for together is judged by several processes at once; the answers do not depend on their number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from derive import Derivation
from reports.judging import Judged, Verdicts, first_options, judge, judged_bytes, judged_from, undecided
from reports.ledger import worst_inference, worst_truth
from reports.readings import Headline, doubtful, headline, one_choice_changed
from reports.request import MOST_DOUBTS, SECONDS
from reports.workers import Crew, Lost

ROUNDS = 2  # in which steps with more readings than are judged are judged under the headline's
GRACE = 15.0  # seconds beyond a step's limit after which its process is killed

Progress = Callable[[int, int, str], None]  # done, in all, label just done
Asked = tuple[str, Mapping[str, str] | None]  # a label, and the one assignment under which it is judged, if not all
Word = tuple[Mapping[str, str], Verdicts]  # the assignment under which a claim in words was read, and what was found


@dataclass(frozen=True)
class Found:
    """`words`: label -> what the headline's reading says; `otherwise`: label -> the first reading that decides what it leaves
    open."""

    judged: Mapping[str, Judged]
    best: Headline
    assignment: Mapping[str, str]
    words: Mapping[str, Judged]
    otherwise: Mapping[str, Word]


@dataclass(frozen=True)
class Rounds:
    """How steps are judged, and by whom; `words` are the labels that are claims in words."""

    derivation: Derivation
    words: Collection[str]
    profile: str
    crew: Crew
    given: Mapping[str, str]
    progress: Progress | None = None

    def found(self, labels: Sequence[str]) -> Found:
        words = list(self.words)
        total = len(labels) + len(words)
        judged = dict(zip(labels, self.judge([(label, None) for label in labels], 0, total), strict=True))
        best = self.headline(judged)
        for _ in range(ROUNDS):
            lacking: list[Asked] = [(label, self.whole(best)) for label, one in judged.items() if one.lacks(self.whole(best))]
            if not lacking:
                break
            _complete(judged, lacking, self.judge(lacking))
            best = self.headline(judged)
        chosen, doubts = self.whole(best), self.doubts(judged, best)
        spoken = [(word, chosen) for word in words]
        answers = self.judge([*doubts, *spoken], len(labels), total + len(doubts))
        _complete(judged, doubts, answers[: len(doubts)])
        best = self.headline(judged)
        said = answers[len(doubts) :]
        if self.whole(best) != chosen:
            chosen = self.whole(best)
            said = self.judge([(word, chosen) for word in words])
        under_headline = dict(zip(words, said, strict=True))
        return Found(judged, best, chosen, under_headline, self.otherwise(under_headline, chosen))

    def headline(self, judged: Mapping[str, Judged]) -> Headline:
        return headline(self.derivation, judged, self.given)

    def whole(self, best: Headline) -> dict[str, str]:
        """The headline with the first option of every reading that it does not decide."""
        return first_options(self.derivation) | dict(best.assignment)

    def doubts(self, judged: Mapping[str, Judged], best: Headline) -> list[Asked]:
        """What the search had no time for, and might show that two steps follow under different readings only."""
        changed = [
            (label, first_options(self.derivation) | assignment)
            for pair, assignment in doubtful(self.derivation, judged, best, MOST_DOUBTS[self.profile])
            for label in pair
        ]
        return [(label, assignment) for label, assignment in changed if judged[label].lacks(assignment)]

    def otherwise(self, words: Mapping[str, Judged], chosen: Mapping[str, str]) -> dict[str, Word]:
        """Of claims in words that the headline leaves open, the first reading with one choice changed that decides them."""
        changes = {word: list(one_choice_changed(one, chosen)) for word, one in words.items() if is_open(one.under(chosen))}
        decided: dict[str, Word] = {}
        for k in range(max(map(len, changes.values()), default=0)):
            others = [(word, several[k]) for word, several in changes.items() if word not in decided and k < len(several)]
            for (word, changed), one in zip(others, self.judge(others), strict=True):
                if not is_open(one.under(changed)):
                    decided[word] = changed, one.under(changed)
        return decided

    def judge(self, asked: Sequence[Asked], before: int = 0, total: int | None = None) -> list[Judged]:
        """An answer for each; progress is told where the total is known, of which `before` are done."""
        finished = before

        def done(task: str) -> None:
            nonlocal finished
            finished += 1
            if self.progress is not None and total is not None:
                self.progress(finished, total, _label_of(task))

        tasks = [json.dumps([label, wanted and dict(wanted)]) for label, wanted in asked]
        answers = self.crew.run(tasks, SECONDS[self.profile] + GRACE, done)
        return [self._read(label, answers[task]) for task, (label, _) in zip(tasks, asked, strict=True)]

    def _read(self, label: str, answer: bytes | Lost) -> Judged:
        if not isinstance(answer, Lost):
            return judged_from(answer)
        links = len(self.derivation[label].links)
        return Judged({}, {(): undecided(links, answer.reason)}, links)


def crew_for(derivation: Derivation, words: Collection[str], seed: int, profile: str, workers: int) -> Crew:
    """The processes that judge a derivation; of the labels in `words`, which are claims in words, truth is asked for first."""

    def work(task: str) -> bytes:
        label, wanted = json.loads(task)
        return judged_bytes(judge(derivation, label, seed, profile, wanted, label in words))

    return Crew(work, workers, kin=_label_of)


def _label_of(task: str) -> str:
    label: str = json.loads(task)[0]
    return label


def _complete(judged: dict[str, Judged], asked: Sequence[Asked], answers: Sequence[Judged]) -> None:
    for (label, _), one in zip(asked, answers, strict=True):
        judged[label] = judged[label].completed(one) if one.choices == judged[label].choices else judged[label]


def is_open(found: Verdicts) -> bool:
    """Whether neither numbers nor the kernel decide a claim in words."""
    return worst_truth(found.truths).verdict == "undecided" and worst_inference(found.inferences).verdict == "undecided"
