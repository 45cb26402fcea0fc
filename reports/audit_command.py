"""`derive audit`: the structural audits of a case on a terminal or as JSON.

    {"format": 1, "case": ..., "summary": {"yes": n, ...},
     "audits": [{"label", "question", "verdict", "reason", "density", "time", "hypotheses", "certificate", "countermodel"}, ...]}

Exit codes: 0 every answer is yes (or the question does not apply); 1 some answer is no; 4 no answer is no, but some question is
undecided, or no evolution equation was found.  Usage and files as everywhere (2, 3).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from derive.audits import Audit

NO, OPEN = 1, 4
STYLES = {"yes": "green", "no": "bold red", "undecided": "magenta", "not-applicable": "dim"}
CELLS = {"undecided": "?", "not-applicable": "-"}
LONGEST_LABEL, LONGEST_DENSITY = 12, 14

# question -> heading of its column; the questions in full are in derive/audits/answer.py
HEADINGS = {
    "norm": "norm",
    "carried": "carried",
    "stationary": "stationary",
    "diffusion form": "form",
    "positivity": "positive",
    "entropy": "entropy",
    "reality": "real",
    "Hermiticity": "Hermitian",
    "dimensions": "units",
}


@click.command("audit")
@click.argument("case")
@click.argument("labels", required=False)
@click.option("--json", "json_path", metavar="PATH", help="Write the audits as JSON; - for stdout.")
@click.option("--allow-undecided", is_flag=True, help="Exit 0, not 4, for what is undecided.")
def audit(case: str, labels: str | None, json_path: str | None, allow_undecided: bool) -> int:
    """Audit the evolution equations of CASE, or of the steps LABELS, separated by commas.

    Is the norm kept, is what must be carried or stationary so, does the density stay positive, does the entropy grow?
    """
    from reports.cli import load_case

    derivation = load_case(case)

    from derive.audits import audit as audited
    from reports.ledger_json import check_writable, save
    from reports.request import check_arguments
    from reports.to_terminal import console_for

    wanted = None if labels is None else [label.strip() for label in labels.split(",")]
    if wanted is not None and not all(wanted):
        raise click.UsageError(f"expected labels separated by commas, came {labels!r}")
    check_arguments(derivation, wanted)
    if json_path is not None and json_path != "-":
        check_writable(json_path)
    found = audited(derivation, wanted)
    if json_path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(encode(derivation.name, found))
    else:
        if json_path is not None:
            save(encode(derivation.name, found), json_path)
        show(found, console_for(sys.stdout))
    return outcome(found, allow_undecided)


def outcome(found: Sequence[Audit], allow_undecided: bool) -> int:
    """The exit code of some audits."""
    verdicts = {one.verdict for one in found}
    if "no" in verdicts:
        return NO
    return OPEN if ("undecided" in verdicts or not found) and not allow_undecided else 0


def summary(found: Sequence[Audit]) -> dict[str, int]:
    """How many answers of each kind, those that occur."""
    return {word: count for word in STYLES if (count := sum(one.verdict == word for one in found))}


def encode(case: str, found: Sequence[Audit]) -> bytes:
    """The audits as bytes, the same in every run, one line for every answer."""
    from reports.ledger import FORMAT
    from reports.ledger_json import audit_data, block, dumped

    head = [("format", FORMAT), ("case", case), ("summary", summary(found))]
    lines = [f"{dumped(key)}: {dumped(value)}" for key, value in head]
    return ("{\n" + ",\n".join([*lines, f'"audits": {block(map(audit_data, found))}']) + "\n}\n").encode("ascii")


def show(found: Sequence[Audit], console: Console) -> None:
    """Prints the answers as a table, then the reasons equation by equation, then what was counted."""
    from rich.text import Text

    from reports.to_terminal import one_line

    equations = [list(answers) for _, answers in groupby(found, key=lambda one: one.label)]
    with console.capture() as shown:
        if equations:
            console.print(overview(equations))
        for answers in equations:
            console.print()
            console.print(one_line(title(answers)), style="bold")
            console.print(reasons(answers))
        if equations:
            console.print()
        counted = ", ".join(f"{count} {word}" for word, count in summary(found).items())
        console.print(Text(counted or "no evolution equation was found"))
    console.file.writelines(f"{line.rstrip()}\n" for line in shown.get().splitlines())
    console.file.flush()


def title(answers: Sequence[Audit]) -> str:
    """`(47): N = eta, its rate in t`; an operator has no letter of its own."""
    one = answers[0]
    label, bracket, readings = one.label.partition(" [")
    letter = "N = " if len(answers) > 1 else ""
    return f"({label}){bracket}{readings}" + (f": {letter}{one.density}, its rate in {one.time}" if one.density else "")


def overview(equations: Iterable[Sequence[Audit]]) -> Table:
    """A row for every equation, a column for every question."""
    from rich.table import Table
    from rich.text import Text

    from reports.to_terminal import one_line, shortened

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for heading in ("step", "evolves", *HEADINGS.values()):
        made.add_column(heading, no_wrap=True)
    for answers in equations:
        verdicts = {one.question: one.verdict for one in answers}
        cells = [verdicts.get(question, "not-applicable") for question in HEADINGS]
        made.add_row(
            one_line(shortened(answers[0].label.partition(" [")[0], LONGEST_LABEL)),
            one_line(shortened(answers[0].density, LONGEST_DENSITY)),
            *(Text(CELLS.get(word, word), style=STYLES[word]) for word in cells),
        )
    return made


def reasons(answers: Sequence[Audit]) -> Table:
    """What was answered about one equation, and what the answers suppose."""
    from rich.table import Table
    from rich.text import Text

    from reports.to_terminal import one_line

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, expand=True, show_header=False)
    made.add_column(no_wrap=True, width=max(map(len, HEADINGS)))
    made.add_column(no_wrap=True, width=max(map(len, ("yes", "no", *(a.verdict for a in answers if a.verdict == "undecided")))))
    made.add_column(overflow="fold", ratio=1)
    for one in answers:
        if one.verdict != "not-applicable":
            made.add_row(one.question, Text(one.verdict, style=STYLES[one.verdict]), one_line(one.reason))
    supposed = dict.fromkeys(hypothesis for one in answers for hypothesis in one.hypotheses)
    if supposed:
        made.add_row("given", "", one_line("; ".join(supposed)), style="dim")
    return made
