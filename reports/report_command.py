"""`derive report`: what was found, for a person to read: HTML, LaTeX, PDF.

    DIR/report.html       one page, complete in itself      DIR/report.tex, fragment.tex, report.bib, figures/*.pdf
    DIR/ledger.json       what it was made from             DIR/report.pdf  where there is latexmk

Exit codes: 0 the report is written, whatever it says; 2 and 3 as everywhere.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import click

from reports.complaints import spoken

if TYPE_CHECKING:
    from derive import Derivation
    from reports.ledger import Ledger

NEEDED = ("jinja2", "matplotlib")


@click.command("report")
@click.argument("case")
@click.option("--out", metavar="DIR", required=True, help="The folder to write; it is replaced if a report made it.")
@click.option("--from", "from_path", metavar="LEDGER", help="Report on this ledger instead of checking.")
@click.option("--pdf/--no-pdf", default=None, help="Insist on report.pdf, or leave it out; else made where there is latexmk.")
@click.option("--only", metavar="LABELS", help="Check these labels alone, separated by commas.")
@click.option("--seed", metavar="N", help="Fixes every random number; 0 if not given.")
@click.option("--profile", metavar="quick|full", help="The effort; quick if not given.")
def report(
    case: str,
    out: str,
    from_path: str | None,
    pdf: bool | None,
    only: str | None,
    seed: str | None,
    profile: str | None,
) -> int:
    """Check CASE and write what was found as HTML, LaTeX and PDF."""
    from reports.cli import load_case

    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        raise click.UsageError(f"a report needs {', '.join(missing)}: python -m pip install 'derive-verifier[report]'")
    given = [name for name, value in (("--only", only), ("--seed", seed), ("--profile", profile)) if value is not None]
    if from_path is not None and given:
        raise click.UsageError(f"--from: a ledger has its own labels, seed and profile; leave {', '.join(given)} out")
    derivation = load_case(case)

    from reports.output import check_folder, write_folder
    from reports.report import files

    check_folder(out)
    if pdf:
        from reports.tex.compile import require_latexmk

        require_latexmk()
    ledger = _read(from_path) if from_path is not None else _check(derivation, only, seed or "0", profile or "quick")
    made = files(ledger, derivation, pdf=pdf, case=case)
    write_folder(out, made.files)
    for line in made.remarks:
        click.echo(spoken(line), err=True)
    click.echo(f"wrote {spoken(out)}: {', '.join(name for name in made.files if '/' not in name)}")
    return 0


def _read(path: str) -> Ledger:
    from reports.ledger_json import read

    return read(path)


def _check(derivation: Derivation, only: str | None, seed: str, profile: str) -> Ledger:
    from reports.cli import arguments_of, progress_line
    from reports.pipeline import check

    labels, number = arguments_of(derivation, only, seed, profile)
    with progress_line() as progress:
        return check(derivation, labels, number, profile, progress=progress)
