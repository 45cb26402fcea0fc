"""KaTeX as it is vendored: its script, and its style sheet with the fonts inlined.

The package's style sheet names three files for each font; the page can load none, so the woff2 one is put in its place as data.
Fonts that no formula of the page asks for are left out, for the page is to stay small.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

FACE = re.compile(r"@font-face\{[^}]*?src:url\(fonts/KaTeX_(?P<family>\w+)-(?P<face>\w+)\.woff2\)[^}]*\}")
COMMAND = re.compile(r"\\([A-Za-z]+)")
# A face -> the commands by which a formula asks for it; ALWAYS is on every page, and what no formula that
# reports/view/mathematics.py accepts can ask for has none.
ALWAYS = ("always",)
FACES: Mapping[str, tuple[str, ...]] = {
    "Main-Regular": ALWAYS,
    "Math-Italic": ALWAYS,
    **dict.fromkeys(("Size1-Regular", "Size2-Regular", "Size3-Regular", "Size4-Regular"), ALWAYS),
    "AMS-Regular": ("mathbb",),
    "Caligraphic-Regular": ("mathcal",),
    "Main-Bold": ("mathbf", "boldsymbol"),
    "Main-Italic": ("mathit",),
    "Math-BoldItalic": ("boldsymbol",),
    **dict.fromkeys(("Main-BoldItalic", "Caligraphic-Bold", "Fraktur-Regular", "Fraktur-Bold", "Script-Regular"), ()),
    **dict.fromkeys(("SansSerif-Regular", "SansSerif-Bold", "SansSerif-Italic", "Typewriter-Regular"), ()),
}


def folder() -> Traversable:
    return resources.files("reports.html") / "vendor" / "katex"


@cache
def script() -> str:
    text = (folder() / "katex.min.js").read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise ValueError("expected a script that can stand in a page, came one that ends its element")
    return text


def style(formulas: Iterable[str]) -> str:
    """The style sheet for a page with these formulas, with no address in it that is not data."""
    asked = {*ALWAYS, *(command for formula in formulas for command in COMMAND.findall(formula))}

    def inlined(face: re.Match[str]) -> str:
        name = f"{face['family']}-{face['face']}"
        if name not in FACES:
            raise ValueError(f"expected a font of FACES, came {name}: say there which commands ask for it")
        if not asked.intersection(FACES[name]):
            return ""
        rule, _, _ = face[0].partition("src:")
        data = base64.b64encode((folder() / "fonts" / f"KaTeX_{name}.woff2").read_bytes()).decode("ascii")
        return f'{rule}src:url(data:font/woff2;base64,{data}) format("woff2")}}'

    text = FACE.sub(inlined, (folder() / "katex.min.css").read_text(encoding="utf-8"))
    if outside := re.findall(r"url\((?!data:)[^)]*\)", text):
        raise ValueError(f"expected every font inlined, came {outside[0]}")
    return text
