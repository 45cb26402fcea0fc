"""`derive mutate CASE`: every equation changed in turn; is the change noticed?

The headline assignment and the verdicts of the unchanged derivation come from a check, or from the ledger of one (--ledger),
which then keeps the matrix.  Exit codes: 0 every survivor is proved equivalent or nothing rests on it, 1 there is a hole,
2 usage, 3 the case cannot be loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from derive import Derivation
    from reports.ledger import Ledger
    from reports.mutants import Finding
    from reports.mutating import Before

HOLES = 1


@click.command("mutate")
@click.argument("case")
@click.argument("labels", required=False)
@click.option("--json", "json_path", metavar="PATH", help="Write every mutant as JSON; - for stdout.")
@click.option("--ledger", "ledger_path", metavar="LEDGER", help="Take the verdicts from this ledger, and keep the matrix in it.")
@click.option("--seed", metavar="N", default="0", show_default=True, help="Fixes every random number.")
@click.option("--profile", metavar="quick|full", default="quick", show_default=True, help="The effort.")
def mutate(case: str, labels: str | None, json_path: str | None, ledger_path: str | None, seed: str, profile: str) -> int:
    """Change every equation of CASE in turn, or those of the steps LABELS, separated by commas: is each change noticed?

    A sign, a factor, a term or a derivative dropped, operators swapped, one letter for another, an assumption dropped. What is
    not noticed is proved by the kernel to be no change, or is a hole in the verifier.
    """
    from reports.cli import load_case, progress_line

    derivation = load_case(case)

    from reports.ledger_json import check_writable, read, save, write
    from reports.mutating import judge_all
    from reports.request import check_arguments, seed_of
    from reports.to_terminal import console_for

    wanted = None if labels is None else [label.strip() for label in labels.split(",")]
    if wanted is not None and not all(wanted):
        raise click.UsageError(f"expected labels separated by commas, came {labels!r}")
    number = seed_of(seed)
    check_arguments(derivation, wanted, number, profile)
    given = None if ledger_path is None else read(ledger_path)
    for path in (json_path, ledger_path):
        if path is not None and path != "-":
            check_writable(path)

    with progress_line() as progress:
        ledger = given or checked(derivation, wanted, number, profile, progress)
        before = before_of(derivation, ledger, number, profile, wanted)
        found = judge_all(before, wanted, 2, progress or (lambda done, total, label: None))
    if json_path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(encode(before, found))
    else:
        if json_path is not None:
            save(encode(before, found), json_path)
        show(found, console_for(sys.stdout))
    if ledger_path is not None:
        write(replace(ledger, summary={**ledger.summary, "mutants": counted(found)}), ledger_path)
    return HOLES if any(one.outcome == "hole" for one in found) else 0


def checked(derivation: Derivation, labels: Sequence[str] | None, seed: int, profile: str, progress: Any) -> Ledger:
    """A check of all steps, or of the steps to be changed and of what rests on them."""
    from reports.pipeline import check

    if labels is None:
        return check(derivation, [step.label for step in derivation], seed, profile, progress=progress)
    near = {s.label for s in derivation if s.label in labels or set(derivation.ancestors(s.label)) & set(labels)}
    return check(derivation, [step.label for step in derivation if step.label in near], seed, profile, progress=progress)


def before_of(derivation: Derivation, ledger: Ledger, seed: int, profile: str, labels: Sequence[str] | None = ()) -> Before:
    """The verdicts of the unchanged derivation.

    LedgerError where the ledger is of another case, of another version of it, of another seed, or without the steps asked for."""
    from reports.judging import first_options
    from reports.ledger import LedgerError
    from reports.mutating import Before
    from reports.reasons import encoding

    again = "write it again with `derive check CASE --json PATH`"
    if ledger.case != derivation.name:
        raise LedgerError(f"expected a ledger of {derivation.name}, came one of {ledger.case}; {again}")
    if ledger.seed != seed:
        raise LedgerError(f"expected a ledger of the seed {seed}, came one of seed {ledger.seed}; give --seed {ledger.seed}")
    for label in [step.label for step in derivation] if labels is None else labels:
        if label not in ledger:
            raise LedgerError(f"expected a ledger with the step {label}, came one without; {again}")
    verdicts = {}
    for step in ledger:
        if step.label not in derivation:
            raise LedgerError(f"expected a ledger of this version of {derivation.name}, came a step {step.label}; {again}")
        links = derivation[step.label].links
        if [link.printed for link in step.links] != [encoding(link) for link in links]:
            raise LedgerError(f"expected a ledger of this version of {derivation.name}, came another ({step.label}); {again}")
        for k, link in enumerate(step.links):
            verdicts[step.label, k] = (link.inference, link.truth)
    headline = ledger.summary.get("headline")
    chosen = headline.get("assignment") if isinstance(headline, dict) else None
    offered = {reading.name: reading.options for reading in derivation.readings}
    if not isinstance(chosen, dict) or any(label not in offered.get(name, {}) for name, label in chosen.items()):
        raise LedgerError(f"expected the headline assignment of {derivation.name}, came {chosen!r:.80}; {again}")
    return Before(derivation, first_options(derivation) | chosen, verdicts, seed, profile)


def counted(found: Sequence[Finding]) -> dict[str, Any]:
    from derive.mutants import ALL_KINDS
    from reports.mutants import summary

    return summary(found, ALL_KINDS)


def encode(before: Before, found: Sequence[Finding]) -> bytes:
    """Every mutant as bytes, the same in every run, one line for each."""
    from reports.ledger import FORMAT
    from reports.ledger_json import block, dumped
    from reports.mutants import finding_data

    head = [
        ("format", FORMAT),
        ("case", before.derivation.name),
        ("seed", before.seed),
        ("profile", before.profile),
        ("assignment", dict(before.assignment)),
        ("summary", counted(found)),
    ]
    lines = [f"{dumped(key)}: {dumped(value)}" for key, value in head]
    return ("{\n" + ",\n".join([*lines, f'"mutants": {block(map(finding_data, found))}']) + "\n}\n").encode("ascii")


def show(found: Sequence[Finding], console: Console) -> None:
    """Prints the matrix, then the survivors."""
    from rich.text import Text

    from reports.to_terminal import one_line

    with console.capture() as shown:
        console.print(overview(counted(found)["matrix"]))
        for outcome, heading in (
            ("equivalent", "the same, by a certificate"),
            ("unused", "nothing rests on it"),
            ("no meaning", "no statement any more"),
            ("hole", "HOLES"),
        ):
            listed = [one for one in found if one.outcome == outcome]
            if listed:
                console.print()
                console.print(Text(f"{heading} ({len(listed)})", style="bold"))
            for one in listed:
                console.print(one_line(f"{one.name}: {one.how}" + (f": {one.reason}" if one.reason else "")))
        accepted = [one for one in found if one.accepted]
        if accepted:
            console.print()
            console.print(Text(f"certified, and refuted by the numbers ({len(accepted)})", style="bold"))
            for one in accepted:
                console.print(one_line(f"{one.name}: {one.before[0]}, then {one.after[0]}; {one.reason}"))
        console.print()
        outcomes = counted(found)["outcomes"]
        console.print(Text(f"{len(found)} mutants: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())))
    console.file.writelines(f"{line.rstrip()}\n" for line in shown.get().splitlines())
    console.file.flush()


def overview(rows: dict[str, dict[str, int]]) -> Table:
    """A row for every kind of change, a column for every outcome."""
    from rich.table import Table

    from reports.mutants import COLUMNS

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    made.add_column("change", no_wrap=True)
    for column in (*COLUMNS, "all"):
        made.add_column(column, no_wrap=True, justify="right")
    total = {column: sum(row[column] for row in rows.values()) for column in COLUMNS}
    for kind, row in [*rows.items(), ("all", total)]:
        made.add_row(kind, *(str(row[column] or "-") for column in COLUMNS), str(sum(row.values())))
    return made
