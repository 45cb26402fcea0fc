"""The graph of citations as values: two marks for every node, and the citations along which errors travel."""

from __future__ import annotations

from reports.ledger import Ledger, StepEntry
from reports.view.standing import ancestry, blame_path, own
from reports.view.text import fitting, numbers, shown
from reports.view.tones import mark
from reports.view.values import Edge, Graph, Node


def graph(ledger: Ledger, anchors: dict[str, str]) -> Graph:
    """Every step of the ledger, its citations among them, and the blame of the last step that has one."""
    place = {step.label: k for k, step in enumerate(ledger.steps)}
    cites = {step.label: tuple(label for label in step.cites if label in place) for step in ledger.steps}
    ways = {step.label: blame_path(step, cites) for step in ledger.steps}
    last = last_blamed(ledger)
    drawn = ways[last.label] if last is not None else frozenset()
    pairs = [(step.label, cited) for step in ledger.steps for cited in cites[step.label]]
    nodes = tuple(
        Node(
            shown(step.label),
            fitting(step.label),
            anchors[step.label],
            mark(own(step)),
            mark(ancestry(step, ledger)),
            f"({shown(step.label)}) {step.role}: inference {step.inference.verdict}, truth {step.truth.verdict}; "
            f"the weakest that it rests on: {ancestry(step, ledger)}",
            step.label in ledger.summary["lost_at"],
        )
        for step in ledger.steps
    )
    edges = tuple(Edge(place[citing], place[cited], (citing, cited) in drawn) for citing, cited in pairs)
    paths = tuple(tuple(k for k, pair in enumerate(pairs) if pair in ways[step.label]) for step in ledger.steps)
    return Graph(nodes, edges, _caption(last), paths)


def last_blamed(ledger: Ledger) -> StepEntry | None:
    """The last false step: where the derivation ends up; else the last step that blames another."""
    false = [step for step in ledger.steps if step.truth.verdict == "fails" and step.blame]
    blaming = [step for step in ledger.steps if step.blame]
    found = false or blaming
    return found[-1] if found else None


def _caption(last: StepEntry | None) -> str:
    base = (
        "An arrow leads from an equation to one that cites it. The left mark of a box is the equation's own verdict (the weaker "
        "of its two), the right mark is the weakest among all that it rests on."
    )
    if last is None:
        return base + " No step loses truth."
    blamed = numbers([label for label in last.blame if label != last.label])
    if not blamed:
        return base + f" Truth is lost at ({shown(last.label)}) itself."
    return base + f" Drawn thick: the ways by which what is lost at {blamed} reaches ({shown(last.label)})."
