"""KaTeX as it is vendored: its script, and its style sheet with the fonts inlined.

The package's style sheet names three files for each font; the page can load none, so the woff2 one is put in its place as data.
Fonts that no formula of reports/view/mathematics.py can ask for are left out: the page is to stay small.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

FACE = re.compile(r"@font-face\{[^}]*?src:url\(fonts/KaTeX_(?P<family>\w+)-(?P<face>\w+)\.woff2\)[^}]*\}")
UNUSED = {"Fraktur", "SansSerif", "Script", "Typewriter"}


def folder() -> Traversable:
    return resources.files("reports.html") / "vendor" / "katex"


@cache
def script() -> str:
    text = (folder() / "katex.min.js").read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise ValueError("expected a script that can stand in a page, came one that ends its element")
    return text


@cache
def style() -> str:
    """The style sheet, with no address in it that is not data."""
    text = FACE.sub(_inlined, (folder() / "katex.min.css").read_text(encoding="utf-8"))
    if outside := re.findall(r"url\((?!data:)[^)]*\)", text):
        raise ValueError(f"expected every font inlined, came {outside[0]}")
    return text


def _inlined(face: re.Match[str]) -> str:
    if face["family"] in UNUSED:
        return ""
    rule, _, _ = face[0].partition("src:")
    name = f"KaTeX_{face['family']}-{face['face']}.woff2"
    data = base64.b64encode((folder() / "fonts" / name).read_bytes()).decode("ascii")
    return f'{rule}src:url(data:font/woff2;base64,{data}) format("woff2")}}'
