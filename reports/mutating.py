"""Judges the mutants of a derivation: is each change noticed, is it none, or is it a hole?

A changed claim is judged by itself, cheapest question first: what is left of an equation that was refuted already, its truth,
its inference.  What survives is compared with the unchanged equation by the kernel (derive/noticing.py), and
then by what rests on it downstream; so is from the beginning whatever has no verdict of its own.

The inferences of one batch may work out so much (WORK) and no more; beyond it an equation that the numbers refute is asked one
thing only: is it accepted?  The count is the same on every machine, so the answers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from derive import Derivation
from derive.kernel import KernelError, replay
from derive.kernel.replay import sealed
from derive.kernel.tally import WORK as TALLY
from derive.mutants import Mutant, is_judged, mutants_of_assumptions, mutants_of_link, places, role_of
from derive.noticing import NO_ENERGY, posed, same_residual, sameness, without_meaning
from derive.obligations import assumed_for
from derive.premises import link_name
from derive.prover import certified, infer_link
from derive.verdicts import Inference, Truth
from numeric.truth import judge_link
from reports.ledger_json import dumped
from reports.mutants import Finding, finding_data, findings_from
from reports.reasons import described
from reports.time_limit import TimeLimit, time_limit
from reports.workers import Crew, Lost

POSITIVE = ("valid", "conditional")
DECIDED_TRUTH = ("exact", "asymptotic", "fails")
BATCH = 16  # mutants of one link that are judged together
SECONDS = {"quick": 40.0, "full": 300.0}  # for one mutant
WORK = {"quick": 150_000, "full": 1_000_000_000}  # for the inferences of one batch, in products of monomials
MOST_TRUTHS, MOST_INFERENCES = 12, 4  # of what rests on a change, as many are measured, and judged, nearest first

Place = tuple[str, int]


@dataclass(frozen=True)
class Before:
    """What a check found of the unchanged derivation under its headline assignment."""

    derivation: Derivation
    assignment: Mapping[str, str]
    verdicts: Mapping[Place, tuple[Inference, Truth]]
    seed: int
    profile: str

    def refuted(self, place: Place) -> bool:
        inference, truth = self.verdicts[place]
        return inference.verdict == "invalid" or truth.verdict == "fails"

    def pair(self, place: Place) -> tuple[str, str]:
        inference, truth = self.verdicts[place]
        return inference.verdict, truth.verdict


# One mutant ------------------------------------------------------------------------------------------


def judge(before: Before, mutant: Mutant, work_left: Callable[[], bool] = lambda: True, batch: Sequence[Mutant] = ()) -> Finding:
    """The finding for one mutant; what nobody noticed and is no statement any more is no hole, but where there was a verdict."""
    found = _judge(before, mutant, work_left, batch)
    unexplained = found.how in ("undecided", "downstream") or NO_ENERGY in found.reason
    if found.outcome != "hole" or found.after[0] in (*POSITIVE, "invalid") or not unexplained:
        return found
    place = (mutant.label, mutant.link)
    reason = without_meaning(mutant.derivation, *place, before.assignment)
    if not reason or (reason != NO_ENERGY and without_meaning(before.derivation, *place, before.assignment)):
        return found
    return replace(found, outcome="no meaning", how="no meaning", reason=reason)


def _judge(before: Before, mutant: Mutant, work_left: Callable[[], bool], batch: Sequence[Mutant]) -> Finding:
    """The finding for one mutant; whatever goes wrong is a hole with its reason.  Limits are measured for a batch at once."""
    try:
        with time_limit(SECONDS[before.profile]):
            if mutant.role != "assumption" and is_judged(mutant.role):
                return _judged(before, mutant, work_left, batch)
            return _laid_down(before, mutant)
    except TimeLimit:
        return _finding(before, mutant, "hole", "time limit", f"no answer within {SECONDS[before.profile]:g} s")
    except Exception as error:  # a crash proves nothing
        return _finding(before, mutant, "hole", "exception", described(error))


def _finding(before: Before, mutant: Mutant, outcome: str, how: str, reason: str, **more: Any) -> Finding:
    place = (mutant.label, mutant.link)
    judged = mutant.role != "assumption" and place in before.verdicts
    pair = before.pair(place) if judged else ("not-applicable", "not-applicable")
    found = {"after": pair, "outcome": outcome, "how": how, "reason": reason, **more}
    return Finding(mutant.label, mutant.link, mutant.role, mutant.kind, mutant.place, pair, **found)


def _judged(before: Before, mutant: Mutant, work_left: Callable[[], bool], batch: Sequence[Mutant]) -> Finding:
    place = (mutant.label, mutant.link)
    inference, truth = before.verdicts[place]
    first = posed(before.derivation, *place, before.assignment)
    second = posed(mutant.derivation, *place, before.assignment)
    if before.refuted(place) and first is not None and second is not None and same_residual(first, second) is False:
        return _finding(before, mutant, "noticed", "residual", "what is left of the refuted equation is something else")
    measured = Truth("undecided", "not measured")
    if truth.verdict in DECIDED_TRUTH:
        beside = partial(_beside, batch)
        measured = judge_link(mutant.derivation, *place, before.assignment, before.seed, before.profile, beside)
    false = measured.verdict == "fails" and truth.verdict != "fails"
    changed = _limit_changed(truth, measured)
    found = Inference("undecided", "not sought: the unchanged equation is undecided")
    if false and not work_left():
        found = _accepted(before, mutant)
    elif inference.verdict != "undecided" or (before.profile == "full" and not changed):
        found = infer_link(mutant.derivation, *place, before.assignment, seconds=SECONDS[before.profile])
    after = found.verdict, measured.verdict
    accepted = false and found.verdict in POSITIVE
    if found.verdict != inference.verdict and found.verdict != "undecided":
        return _finding(before, mutant, "noticed", "inference", found.reason, after=after, accepted=accepted)
    if measured.verdict != truth.verdict and measured.verdict in DECIDED_TRUTH:
        return _finding(before, mutant, "noticed", "truth", measured.reason, after=after, accepted=accepted)
    if changed:
        return _finding(before, mutant, "noticed", "limit", changed, after=after)
    same = None if first is None or second is None else sameness(first, second)
    if same is not None:
        return _finding(before, mutant, "equivalent", same.how, "", after=after, certificate=same.certificate)
    if said := _downstream(before, mutant, _rests_on(before, mutant)):
        return _finding(before, mutant, "noticed", "downstream", said, after=after)
    both = _both_follow(inference, found)
    if both is not None:
        return _finding(before, mutant, "equivalent", "same premises", "", after=after, certificate=both)
    reason = (
        found.reason if inference.verdict in POSITIVE else f"the unchanged equation is {inference.verdict}: {inference.reason}"
    )
    return _finding(before, mutant, "hole", "undecided", reason, after=after)


def _beside(batch: Sequence[Mutant]) -> list[Derivation]:
    return [mutant.derivation for mutant in batch]


def _accepted(before: Before, mutant: Mutant) -> Inference:
    """`conditional` where a small search finds a certificate, from the premises and whatever is assumed, else undecided."""
    obligation = posed(mutant.derivation, mutant.label, mutant.link, before.assignment)
    if obligation is not None:
        assumed = assumed_for(mutant.derivation, mutant.label, mutant.role, before.assignment)
        found = certified(replace(obligation, premises=(*obligation.premises, *assumed)))
        if found is not None:
            return Inference("conditional", "a certificate was found", certificate=found)
    return Inference("undecided", "no certificate was found; no countermodel was sought")


def _limit_changed(before: Truth, after: Truth) -> str:
    """Where two refuted equations tend to different values: intervals about the limits that do not overlap."""
    if before.verdict != "fails" or after.verdict != "fails":
        return ""
    keys = ("drive", "ensemble", "kernel", "probe", "part")
    known = {tuple(m.get(key) for key in keys): m for m in before.measurements if "limit" in m}
    for m in after.measurements:
        other = known.get(tuple(m.get(key) for key in keys))
        if "limit" in m and other is not None and abs(m["limit"] - other["limit"]) > m["half"] + other["half"]:
            values = (f"{one['limit']:.3g} +- {one['half']:.2g}" for one in (m, other))
            return f"on {m['ensemble']} the limit is {next(values)}, it was {next(values)}"
    return ""


def _both_follow(before: Inference, after: Inference) -> dict[str, Any] | None:
    """Both certificates, where the changed and the unchanged equation follow under the same assumptions."""
    if before.certificate is None or after.certificate is None or before.assumptions != after.assumptions:
        return None
    both = sealed({"kind": "all", "parts": [dict(before.certificate), dict(after.certificate)]})
    try:
        replay(both)
    except KernelError:
        return None
    return both


def _certified_again(before: Before, mutant: Mutant, dependent: Sequence[Place]) -> dict[str, Any] | None:
    """Certificates of everything that rests on what was changed, where all of it follows as before: the change says nothing that
    the derivation uses, as a factor in a rate says nothing to equations that are homogeneous in the rates."""
    parts = []
    for place in dependent:
        inference = before.verdicts[place][0]
        found = infer_link(mutant.derivation, *place, before.assignment, seconds=SECONDS[before.profile])
        if found.certificate is None or (found.verdict, found.assumptions) != (inference.verdict, inference.assumptions):
            return None
        parts.append(dict(found.certificate))
    return sealed({"kind": "all", "parts": parts})


# Downstream ------------------------------------------------------------------------------------------


def _laid_down(before: Before, mutant: Mutant) -> Finding:
    """A change of what has no inference verdict of its own."""
    place = (mutant.label, mutant.link)
    if mutant.role != "assumption":
        inference, truth = before.verdicts[place]
        after = inference.verdict, truth.verdict
        if truth.verdict in DECIDED_TRUTH:
            measured = judge_link(mutant.derivation, *place, before.assignment, before.seed, before.profile)
            after = inference.verdict, measured.verdict
            if measured.verdict != truth.verdict and measured.verdict in DECIDED_TRUTH:
                return _finding(before, mutant, "noticed", "truth", measured.reason, after=after)
        found = infer_link(mutant.derivation, *place, before.assignment, seconds=SECONDS[before.profile])
        if found.verdict not in (inference.verdict, "undecided"):
            return _finding(before, mutant, "noticed", "inference", found.reason, after=(found.verdict, after[1]))
    dependent = _rests_on(before, mutant)
    if said := _downstream(before, mutant, dependent):
        return _finding(before, mutant, "noticed", "downstream", said)
    if mutant.role != "assumption":
        first, second = (posed(d, *place, before.assignment) for d in (before.derivation, mutant.derivation))
        same = None if first is None or second is None else sameness(first, second)
        if same is not None:
            return _finding(before, mutant, "equivalent", same.how, "", certificate=same.certificate)
    if not dependent:
        return _finding(before, mutant, "unused", "unused", "no judged equation rests on it")
    again = _certified_again(before, mutant, dependent)
    if again is not None:
        return _finding(before, mutant, "equivalent", "certified again", "", certificate=again)
    labels = ", ".join(f"({label})" for label in dict.fromkeys(label for label, _ in dependent))
    return _finding(before, mutant, "hole", "downstream", f"no verdict changes among {labels}")


def _rests_on(before: Before, mutant: Mutant) -> list[Place]:
    """The judged equations that rest on what was changed, nearest first: their evidence names it, or, where they have none, they
    may use it."""
    if mutant.role == "assumption":
        return [p for p, (inference, _) in before.verdicts.items() if mutant.label in inference.assumptions]
    name = link_name(before.derivation[mutant.label], mutant.link)
    found = []
    for place, (inference, _) in before.verdicts.items():
        if place == (mutant.label, mutant.link):
            continue
        if inference.verdict in POSITIVE:
            if name in inference.premises:
                found.append(place)
        elif inference.verdict in ("invalid", "undecided"):
            obligation = posed(before.derivation, *place, before.assignment)
            if obligation is not None and any(premise.name == name for premise in obligation.premises):
                found.append(place)
    return found


def _downstream(before: Before, mutant: Mutant, dependent: Sequence[Place]) -> str:
    """Which verdict changes downstream, what is quick to find out first; empty where none does."""
    for place in dependent:
        if before.refuted(place):
            first, second = (posed(d, *place, before.assignment) for d in (before.derivation, mutant.derivation))
            if first is not None and second is not None and same_residual(first, second) is False:
                return f"something else is left of {_printed(before, place)}, which is refuted"
    identities = [p for p in dependent if before.verdicts[p][1].verdict == "exact"]
    for place in identities[:MOST_TRUTHS]:
        measured = judge_link(mutant.derivation, *place, before.assignment, before.seed, before.profile)
        if measured.verdict in DECIDED_TRUTH and measured.verdict != "exact":
            return f"{_printed(before, place)} becomes {measured.verdict}"
    certified_before = [p for p in dependent if before.verdicts[p][0].verdict in POSITIVE]
    for place in certified_before[:MOST_INFERENCES]:
        found = infer_link(mutant.derivation, *place, before.assignment, seconds=SECONDS[before.profile])
        if found.verdict not in (before.verdicts[place][0].verdict, "undecided"):
            return f"{_printed(before, place)} becomes {found.verdict}"
    return ""


def _printed(before: Before, place: Place) -> str:
    return f"({link_name(before.derivation[place[0]], place[1])})"


# All of them -----------------------------------------------------------------------------------------


def judge_all(before: Before, labels: Sequence[str] | None, workers: int, done: Callable[[int, int, str], None]) -> list[Finding]:
    """The findings for every mutant, in order; they do not depend on the number of workers."""
    tasks = list(_tasks(before, labels))
    sizes = dict(tasks)
    finished = 0

    def after(task: str) -> None:
        nonlocal finished
        finished += sizes[task]
        done(finished, sum(sizes.values()), task.split("\t")[0])

    def work(task: str) -> bytes:
        end = TALLY.count + WORK[before.profile]
        batch = _mutants(before, task)
        found = [judge(before, mutant, lambda: TALLY.count < end, batch) for mutant in batch]
        return dumped({"found": [finding_data(one) for one in found]}).encode("ascii")

    found: list[Finding] = []
    patience = BATCH * SECONDS[before.profile]
    with Crew(work, workers, kin=lambda task: task.split("\t")[0]) as crew:
        answers = crew.run(list(sizes), patience, after)
    for task, answer in answers.items():
        if isinstance(answer, Lost):
            found += [_finding(before, mutant, "hole", "exception", answer.reason) for mutant in _mutants(before, task)]
        else:
            found += findings_from(answer)
    return found


def _tasks(before: Before, labels: Sequence[str] | None) -> Iterator[tuple[str, int]]:
    """`label<tab>link<tab>first` for each batch of a link, with how many mutants it has; an empty label for the assumptions."""
    for label, link in places(before.derivation, labels):
        count = len(_mutants_of_link(before, label, link))
        for first in range(0, count, BATCH):
            yield f"{label}\t{link}\t{first}", min(BATCH, count - first)
    if labels is None:
        for k in range(len(before.derivation.assumptions)):
            yield f"\t0\t{k}", 1


def _mutants(before: Before, task: str) -> list[Mutant]:
    label, link, first = task.split("\t")
    if not label:
        return [list(mutants_of_assumptions(before.derivation))[int(first)]]
    return _mutants_of_link(before, label, int(link))[int(first) : int(first) + BATCH]


def _mutants_of_link(before: Before, label: str, link: int) -> list[Mutant]:
    """A quick run makes of each kind of change in a link the first and the last, a full one makes all."""
    return list(mutants_of_link(before.derivation, label, link, before.assignment, every=before.profile == "full"))


__all__ = ["Before", "judge", "judge_all", "role_of"]
