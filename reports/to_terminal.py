"""The ledger on a terminal: one line for every step, then the summary.

The width is the terminal's, or PLAIN_WIDTH where the output is no terminal (a pipe, a file), so that what
programs read does not depend on a window.  Colour only on a terminal.  No verdict is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.ledger import STANDING_ORDER, Ledger, StepEntry

PLAIN_WIDTH = 110
LONGEST_LABEL = 8
LONGEST_BLAME = 14

STYLES = {
    "valid": "green",
    "exact": "green",
    "conditional": "yellow",
    "asymptotic": "yellow",
    "undecided": "magenta",
    "invalid": "bold red",
    "fails": "bold red",
    "not-applicable": "dim",
}


def console_for(file: TextIO) -> Console:
    """A console as wide as the terminal, or PLAIN_WIDTH columns and colourless elsewhere."""
    if file.isatty():
        return Console(file=file, highlight=False)
    return Console(file=file, highlight=False, width=PLAIN_WIDTH, force_terminal=False, no_color=True)


def show_ledger(ledger: Ledger, console: Console) -> None:
    """Prints the table and the summary, without the blanks that rich puts at the end of a line."""
    with console.capture() as shown:
        console.print(table(ledger))
        console.print(summary(ledger))
    console.file.writelines(f"{line.rstrip()}\n" for line in shown.get().splitlines())
    console.file.flush()


def table(ledger: Ledger) -> Table:
    made = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, expand=True, header_style="bold")
    for heading in ("step", "role", "inference", "truth", "standing"):
        made.add_column(heading, no_wrap=True)
    made.add_column("blame", no_wrap=True, max_width=LONGEST_BLAME)
    made.add_column("reason", no_wrap=True, overflow="ellipsis", ratio=1)
    for step in ledger.steps:
        made.add_row(
            one_line(shortened(step.label, LONGEST_LABEL)),
            one_line(step.role),
            verdict(step.inference.verdict),
            verdict(step.truth.verdict),
            verdict(step.standing),
            one_line(listed(step.blame, LONGEST_BLAME)),
            one_line(reason(step)),
        )
    for claim in ledger.prose:
        made.add_row(
            one_line(shortened(claim.label, LONGEST_LABEL)),
            one_line("in words"),
            verdict("not-applicable"),
            verdict(claim.verdict),
            verdict(claim.standing),
            one_line(""),
            one_line(claim.reason),
        )
    return made


def verdict(word: str) -> Text:
    return Text("-" if word == "not-applicable" else word, style=STYLES.get(word, ""))


def reason(step: StepEntry) -> str:
    """The reason of the verdict that weighs most; inference before truth."""
    for word in ("invalid", "fails", "undecided", "conditional", "asymptotic", "valid", "exact"):
        for found in (step.inference, step.truth):
            if found.verdict == word:
                return found.reason
    return step.inference.reason or step.truth.reason


def one_line(text: str) -> Text:
    """The text without line breaks and without control characters, which a user's file may hold."""
    return Text(" ".join("".join(c if c.isprintable() else " " for c in text).split()))


def shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def listed(labels: Sequence[str], width: int) -> str:
    """As many labels as fit, and how many more there are."""
    for kept in range(len(labels), 0, -1):
        more = f" +{len(labels) - kept}" if kept < len(labels) else ""
        text = ",".join(labels[:kept]) + more
        if len(text) <= width:
            return text
    return f"{len(labels)} steps" if labels else ""


def summary(ledger: Ledger) -> Table:
    """What was counted, under which assignment, and where truth is lost."""
    found = ledger.summary
    steps = counted(found["steps"], "step")
    lost = found["lost_at"]
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False, title_justify="left")
    made.add_column(no_wrap=True, style="bold")
    made.add_column()
    rows = [
        ("", ""),
        ("case", f"{ledger.case}, {steps}, seed {ledger.seed}, profile {found['profile']}"),
        ("inference", counts(found["inference"])),
        ("truth", counts(found["truth"])),
    ]
    if ledger.prose:
        rows.append(("in words", counts(found["prose"])))
    rows.append(("readings", headline(found["headline"], steps)))
    rows.append(("equivocation", equivocations(found["equivocations"])))
    rows.append(("truth is lost", f"at {', '.join(lost)}" if lost else "nowhere found"))
    for name, words in rows:
        made.add_row(name, one_line(words))
    return made


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{found[word]} {word}" for word in STANDING_ORDER if word in found) or "none"


def headline(found: Mapping[str, Any], steps: str) -> str:
    chosen = "; ".join(f"{name}: {label}" for name, label in found["assignment"].items())
    short = "" if found["search"] == "exhaustive" else f" ({found['search']}: a better assignment may exist)"
    with_these = f" with {chosen}" if chosen else ", and nothing is left open"
    return f"saves {found['saved']} of {steps}{short}{with_these}"


def equivocations(found: Sequence[Mapping[str, Any]]) -> str:
    """Grouped by the later step: `27 against 24, 25; 32 link 1 against link 2`."""
    steps: dict[str, list[str]] = {}
    links = []
    for one in found:
        first, second = one["between"]
        if one["links"] is None:
            steps.setdefault(second, []).append(first)
        else:
            links.append(f"{second} link {one['links'][1]} against link {one['links'][0]}")
    parts = [f"{later} against {', '.join(earlier)}" for later, earlier in steps.items()]
    return "; ".join([*parts, *links]) or "none found"
