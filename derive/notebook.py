"""How expressions, steps and verdicts show themselves in a notebook; standard library only.

A notebook asks `_repr_latex_` and `_repr_html_` of what a cell ends with.  What a case says is text here too: it is escaped in
HTML, and the LaTeX is that of the encoding (derive/language/latex.py), never that of the print, which somebody else wrote.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

TAG = re.compile(r"[A-Za-z0-9]{1,4}[A-Za-z0-9.'-]{0,8}")


def expression(node: Any) -> str | None:
    """The LaTeX of an expression; None, and so its printed form, where a node has none."""
    from derive.language.base import LanguageError
    from derive.language.latex import latex

    try:
        return f"$\\displaystyle {latex(node)}$"
    except LanguageError:
        return None


def step(label: str, claim: Any) -> str | None:
    """The encoding of a step with its number; one line for each link."""
    from derive.language.base import LanguageError
    from derive.language.latex import latex

    number = f" \\tag{{{label}}}" if TAG.fullmatch(label) else ""
    try:
        lines = " \\\\ ".join(map(latex, claim.links))
    except LanguageError:
        return None
    return f"$$\\begin{{gathered}}{lines}\\end{{gathered}}{number}$$"


def verdict(question: str, word: str, reason: str, details: Sequence[tuple[str, Sequence[str]]]) -> str:
    """A verdict with its reason, and lists of what it rests on."""
    rows = "".join(f"<li>{_text(name)}: {_text('; '.join(items))}</li>" for name, items in details if any(map(bool, items)))
    listing = f"<ul>{rows}</ul>" if rows else ""
    return f"<div><em>{_text(question)}</em>: <strong>{_text(word)}</strong>. {_text(reason)}{listing}</div>"


def _text(words: str) -> str:
    """The words escaped; what is invisible, or turns the direction of writing, is named instead of used."""
    shown = "".join(c if c.isprintable() or c in "\t\n\r" else f"⟨U+{ord(c):04X}⟩" for c in words)
    return html.escape(shown.replace(" +- ", " ± "))
