"""The report as files: ledger and derivation -> view -> pictures -> HTML, LaTeX, PDF."""

from __future__ import annotations

from dataclasses import dataclass

from derive import Derivation
from reports import html, tex
from reports.ledger import Ledger
from reports.ledger_json import decode, encode
from reports.tex.compile import INSTALL, CompileError, compiled, has_latexmk
from reports.view import build


@dataclass(frozen=True)
class Made:
    """The files by name, and what a person should be told besides."""

    files: dict[str, bytes]
    remarks: tuple[str, ...]


def files(ledger: Ledger, derivation: Derivation, pdf: bool | None = None) -> Made:
    """Every file of the report.

    `pdf` True insists on report.pdf (CompileError), False leaves it out, None makes it where there is latexmk.
    """
    stored = encode(ledger)
    ledger = decode(stored)  # as it is stored, so that a report from a file says the same
    page = build(ledger, derivation)
    printed = tex.render(page) | {f"figures/{one.anchor}.pdf": one.pdf for one in page.pictures}
    made = {"report.html": html.render(page), **printed, "ledger.json": stored}
    remarks: list[str] = []
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
