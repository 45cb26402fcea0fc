"""The report as LaTeX: Page -> report.tex, fragment.tex, report.bib.

report.tex is a preamble around fragment.tex, which can be put into another document (\\input{fragment}; it needs amsmath,
amssymb, graphicx, longtable and booktabs).  Every value is escaped as it is put in; what is TeX of our own
making is marked so here.
"""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.tex.bibliography import bibliography
from reports.tex.escape import Tex, escaped
from reports.view.mathematics import Formula
from reports.view.values import Page

__all__ = ["render"]

NAME = re.compile(r"[a-z0-9-]+")


def render(page: Page) -> dict[str, bytes]:
    """The files by name, ASCII, the same bytes for the same view."""
    environment = Environment(
        loader=PackageLoader("reports.tex", "templates"),
        finalize=escaped,  # what a template says is TeX, what it is given is text
        autoescape=False,
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    names = {"page": page, "mathematics": mathematics, "number": number, "name": name}
    made = {name: environment.get_template(name).render(names) for name in ("report.tex", "fragment.tex")}
    made["report.bib"] = bibliography(page.sources)
    return {name: text.encode("ascii") for name, text in made.items()}


def mathematics(formula: Formula) -> Tex:
    """The formula in pieces that stand in one line or in several; only for one that may be typeset."""
    if not formula.typeset:
        raise ValueError(f"expected a formula that may be typeset, came one that may not: {formula.reason}")
    return Tex(" ".join(f"\\derivepiece{{{piece}}}" for piece in formula.pieces))


def number(tag: str) -> Tex:
    """The paper's number, where the label is one."""
    return Tex(f"\\tag{{{tag}}}" if tag else "\\notag")


def name(word: str) -> Tex:
    """A name of our own making, of a source or a file."""
    if not NAME.fullmatch(word):
        raise ValueError(f"expected a name of small letters, digits and hyphens, came {word!r}")
    return Tex(word)
