"""What a report says, as finished values: every word, count and choice is made before anything is rendered.

Page       the whole report            Entry      what stands under a label: a Card (an equation) or a Claim (in words)
Verdict    a verdict with its reason   Encoded    what was checked; Link, one link of a chain
Needed     an assumption a step uses   Reading    a row of verdicts under a reading
Finding    a sentence at the top       Remedy     the nearest true equation to one that fails
Picture    a figure in every format    Measured, AuditRow, Open   tables and lists
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.view.evidence import Evidence
from reports.view.mathematics import Formula
from reports.view.tones import Mark


@dataclass(frozen=True)
class Verdict:
    mark: Mark
    reason: str
    limit: str = ""


@dataclass(frozen=True)
class Encoded:
    """What was checked: under the reading of the headline as a formula, and in print with every choice."""

    formula: Formula
    encoded: str


@dataclass(frozen=True)
class Link(Encoded):
    """One link of a chain."""

    number: int
    role: str
    inference: Verdict
    truth: Verdict


@dataclass(frozen=True)
class Factor:
    """What a printed term is to be multiplied with: as fitted, and the simple rational number that this leaves."""

    term: Formula
    fitted: str
    proposed: str


@dataclass(frozen=True)
class Remedy:
    """The nearest true equation to a link that fails, or why none was found."""

    link: int
    found: Encoded | None
    factors: tuple[Factor, ...]
    reason: str
    truth: Verdict | None  # of what was found


@dataclass(frozen=True)
class Needed:
    """An assumption that a verdict rests on: what it says, whether the print makes it, what holds without it."""

    name: str
    text: str
    source: str
    without: str


@dataclass(frozen=True)
class Reading:
    """Assignments of the open choices that give the same two verdicts."""

    assignments: tuple[str, ...]
    headline: bool
    inference: Verdict
    truth: Verdict
    against: str


@dataclass(frozen=True)
class Measured:
    """Measurements as a table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str


@dataclass(frozen=True)
class Picture:
    """A figure: `svg` is markup of our own making, `pdf` the same for print; `anchor` names it in links."""

    anchor: str
    title: str
    caption: str
    svg: str
    pdf: bytes
    alternative: str  # what it shows, in words, for who cannot see it
    sources: tuple[str, ...] = ()  # keys of what it is held against


@dataclass(frozen=True)
class Source:
    """An entry of the bibliography: key, BibTeX's kind of work, and fields of text."""

    key: str
    kind: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """What stands under a label: what an equation and a claim in words have in common."""

    label: str
    anchor: str
    cites: tuple[tuple[str, str], ...]  # label, anchor
    standing: Mark
    note: str
    measured: Measured | None
    command: str
    search: str  # what the search of the page looks in


@dataclass(frozen=True)
class Card(Entry):
    """An equation."""

    short: str  # what fits into a table
    role: str
    formula: Formula
    tag: str  # the number that TeX may print; empty where the label is not one
    reading: str
    links: tuple[Link, ...]
    cited_by: tuple[tuple[str, str], ...]
    inference: Verdict
    truth: Verdict
    blame: str  # where truth is lost, each with a way down to this equation
    lost: str  # the same, the labels alone
    needed: tuple[Needed, ...]
    evidence: tuple[Evidence, ...]
    refutations: tuple[Evidence, ...]  # those that refute
    remainder: str
    readings: tuple[Reading, ...]
    picture: Picture | None
    remedies: tuple[Remedy, ...]  # for its links that fail
    repair: str  # the command that looks for the nearest true equation; empty where nothing fails

    @property
    def number(self) -> str:
        """The paper's number by itself, for where a formula is broken over lines."""
        return f"\\tag{{{self.tag}}}" if self.tag else ""

    @property
    def several(self) -> bool:
        return len(self.links) > 1


@dataclass(frozen=True)
class Claim(Entry):
    """A claim made in words."""

    text: str
    verdict: Verdict
    heading: str  # over the encoding: whether the words say it or deny it, and under which readings
    encoded: tuple[Encoded, ...]


@dataclass(frozen=True)
class Finding:
    """One plain sentence, with its tone and the labels it speaks of."""

    text: str
    tone: str
    labels: tuple[tuple[str, str], ...] = ()
    formulas: tuple[Formula, ...] = ()  # what the sentence ends in


@dataclass(frozen=True)
class Count:
    name: str
    mark: Mark
    number: int


@dataclass(frozen=True)
class Tally:
    """How many verdicts of each kind one question got."""

    question: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Node:
    """A step in the graph: its own verdict, and the weakest among all that it rests on."""

    label: str
    short: str  # what fits into a box
    anchor: str
    own: Mark
    ancestry: Mark
    title: str
    blamed: bool


@dataclass(frozen=True)
class Edge:
    """Node `tail` cites node `head`, both by position; `blame` where the error travels along it."""

    tail: int
    head: int
    blame: bool


@dataclass(frozen=True)
class Graph:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    caption: str
    paths: tuple[tuple[int, ...], ...]  # for each node the positions of the edges along which its blame travels


@dataclass(frozen=True)
class Choice:
    """A reading of the case: the question, the options, and which one the headline takes."""

    name: str
    question: str
    options: tuple[tuple[str, str, bool], ...]  # label, words, whether it is the headline's


@dataclass(frozen=True)
class AuditRow:
    label: str
    anchor: str
    density: str
    answers: tuple[Mark, ...]
    reasons: tuple[tuple[str, Mark, str, str], ...]  # question, answer, reason, hypotheses


@dataclass(frozen=True)
class Open:
    """What was not checked, or is trusted without proof."""

    what: str
    why: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    case: str
    title: str
    source: str
    lead: str
    tallies: tuple[Tally, ...]
    findings: tuple[Finding, ...]
    graph: Graph
    cards: tuple[Card, ...]
    claims: tuple[Claim, ...]
    choices: tuple[Choice, ...]
    equivocations: tuple[str, ...]
    saved: str
    questions: tuple[tuple[str, str], ...]  # heading and question of each column of the audits
    audits: tuple[AuditRow, ...]
    pictures: tuple[Picture, ...]
    environment: tuple[tuple[str, str], ...]
    command: str
    unchecked: tuple[Open, ...]
    trusted: tuple[Open, ...]
    sources: tuple[Source, ...]  # the work that was checked, this program, then what pictures are held against
    meanings: tuple[Mark, ...]
