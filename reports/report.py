"""The report as files: ledger and derivation -> view -> pictures -> HTML, LaTeX, PDF."""

from __future__ import annotations

from dataclasses import dataclass

from derive import Derivation
from reports import html, tex
from reports.figures import Material, gallery
from reports.ledger import Ledger
from reports.ledger_json import decode, encode
from reports.remedies import remedies
from reports.tex.compile import INSTALL, CompileError, compiled, has_latexmk
from reports.view import build
from reports.without import without

LARGEST = 1_500_000  # bytes of the page


@dataclass(frozen=True)
class Made:
    """The files by name, and what a person should be told besides."""

    files: dict[str, bytes]
    remarks: tuple[str, ...]


def files(ledger: Ledger, derivation: Derivation, pdf: bool | None = None, case: str = "") -> Made:
    """Every file of the report.

    `case` is what a command line calls the case.  `pdf` True insists on report.pdf (CompileError), False leaves it out, None
    makes it where there is latexmk.
    """
    stored = encode(ledger)
    ledger = decode(stored)  # as it is stored, so that a report from a file says the same
    build(ledger, derivation)  # refuses a ledger of another case before anything is computed for it
    material = Material(ledger, derivation)
    found = gallery(material)
    broken = without(ledger, derivation, material.assignment)
    mended, unmended = remedies(ledger, derivation)
    remarks = [*found.remarks, *unmended]
    page = build(ledger, derivation, found.pictures, found.of_steps, broken, found.sources, mended, case)
    shown = html.render(page)
    if len(shown) > LARGEST and found.of_steps:
        remarks.append(f"the page would be larger than {LARGEST} bytes: the pictures on the cards are left out, the numbers stay")
        page = build(ledger, derivation, found.pictures, {}, broken, found.sources, mended, case)
        shown = html.render(page)
    printed = tex.render(page) | {f"figures/{one.anchor}.pdf": one.pdf for one in page.pictures}
    made = {"report.html": shown, **printed, "ledger.json": stored}
    if pdf or (pdf is None and has_latexmk()):
        try:
            made["report.pdf"], _ = compiled(printed)
        except CompileError as error:
            if pdf:
                raise
            remarks.append(f"no report.pdf: {error}")
    elif pdf is None:
        remarks.append(f"no report.pdf: {INSTALL}")
    return Made(made, tuple(remarks))
