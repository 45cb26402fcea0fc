"""The report as one self-contained page: Page -> bytes.

Everything is inlined (style, scripts, fonts, pictures); the page asks no network for anything.  Jinja2 escapes every value;
what is markup of our own making is marked so here, and nowhere else.
"""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.html import katex
from reports.html.graph import drawing
from reports.html.policy import policy
from reports.view.mathematics import within
from reports.view.values import Page

__all__ = ["render"]


def render(page: Page) -> bytes:
    """The page as UTF-8, the same bytes for the same view."""
    environment = Environment(
        loader=PackageLoader("reports.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    scripts = (katex.script(), _own("page.js"))
    styles = (katex.style(formula.latex for formula in within(page) if formula.typeset), _own("style.css"))
    text = environment.get_template("page.html").render(
        page=page,
        drawing=drawing(page.graph),
        policy=policy(scripts, styles),
        scripts=tuple(map(Markup, scripts)),
        styles=tuple(map(Markup, styles)),
        picture=lambda one: Markup(one.svg),
    )
    return text.encode("utf-8")


def _own(name: str) -> str:
    return (resources.files("reports.html") / name).read_text(encoding="utf-8")
