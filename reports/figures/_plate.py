"""Drawing: a sheet of panels, and its bytes as SVG for the page and as PDF for print, the same at every run.

The SVG stands within the page: it takes the page's fonts, and its ink the colour of the text; its style attributes become
presentation attributes, since the page's policy allows no other styles; its names get a prefix of their own.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from reports.view.text import shown
from reports.view.values import Picture

INK = "#0c0d0e"  # on the page: the colour of its text
COLOURS = ("#3b6fb6", "#c4622d", "#3f8f5f", "#8a5bb0", "#a08a1f", "#b0456b")
MARKS = ("o", "s", "^", "D", "v", "P")
SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
FONT = re.compile(r"(?:[a-z0-9 ]*?)(?P<size>[0-9.]+)px\b")
NUMBERS = {"d", "x", "y", "width", "height", "transform", "points"}
LONG_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{3,}")  # a hundredth of a point is not seen
RC: Any = {
    "svg.hashsalt": "derive report", "svg.fonttype": "none", "text.parse_math": False, "font.family": "DejaVu Sans",
    "font.size": 9.0, "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.titlecolor": INK, "text.color": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.titlesize": 9.5, "axes.linewidth": 0.8, "axes.spines.top": False,
    "axes.spines.right": False, "legend.frameon": False, "legend.fontsize": 8.0, "lines.linewidth": 1.4,
    "lines.markersize": 4.0, "errorbar.capsize": 2.0, "figure.facecolor": "none", "axes.facecolor": "none",
    "savefig.facecolor": "none", "axes.unicode_minus": True,
}  # fmt: skip


class Plate:
    """A row of panels, with one scale for all if `level`; use it as a context: every text is made under the same settings."""

    def __init__(self, panels: int, width: float = 9.0, height: float = 3.2, level: bool = False) -> None:
        self.panels, self.size, self.level = panels, (width, height), level

    def __enter__(self) -> Plate:
        self._context = matplotlib.rc_context(RC)
        self._context.__enter__()
        self.figure = Figure(figsize=self.size, layout="constrained")
        self.axes: Sequence[Any] = list(self.figure.subplots(1, self.panels, squeeze=False, sharey=self.level)[0])
        return self

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    def picture(self, anchor: str, title: str, caption: str, alternative: str, sources: Sequence[str] = ()) -> Picture:
        """The finished picture; call it within the context."""
        return Picture(anchor, shown(title), shown(caption), self._svg(anchor), self._pdf(), shown(alternative), tuple(sources))

    def _svg(self, prefix: str) -> str:
        buffer = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        canvas: Any = FigureCanvasSVG(self.figure)
        canvas.print_svg(buffer, metadata=nothing)
        return inlined(buffer.getvalue(), prefix)

    def _pdf(self) -> bytes:
        buffer = io.BytesIO()
        nothing = dict.fromkeys(("CreationDate", "Creator", "Producer"))
        canvas: Any = FigureCanvasPdf(self.figure)
        canvas.print_pdf(buffer, metadata=nothing)
        return buffer.getvalue()


def plainly(axis: Any) -> None:
    """Numbers on an axis as they are spoken, not as powers: Matplotlib writes those in TeX."""
    axis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:g}".replace("-", "−")))
    axis.set_minor_formatter(NullFormatter())


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def marker(number: int) -> str:
    return MARKS[number % len(MARKS)]


def inlined(text: str, prefix: str) -> str:
    """The SVG of Matplotlib, made fit to stand within the page."""
    root = ET.fromstring(text)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}style", f"{{{SVG}}}metadata"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        for key, value in _attributes(element.attrib.pop("style", "")):
            element.set(key, value)
        if LINK in element.attrib:
            element.set("href", element.attrib.pop(LINK))
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{prefix}-{value}")
            elif key == "href" and value.startswith("#"):
                element.set(key, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{prefix}-"))
            elif value == INK:
                element.set(key, "currentColor")
    used = set(re.findall(rf"#({re.escape(prefix)}-[^)\"]+)", ET.tostring(root, encoding="unicode")))
    _thinned(root, used)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("font-family", "system-ui, 'DejaVu Sans', Arial, sans-serif")
    root.set("fill", "currentColor")
    return ET.tostring(root, encoding="unicode")


def _thinned(element: ET.Element, used: set[str]) -> None:
    """Leaves out what is not seen: white space, groups without a purpose, names that nothing uses, digits beyond a hundredth."""
    for child in list(element):
        _thinned(child, used)
    kept: list[ET.Element] = []
    for child in element:
        if child.tag in ("g", "defs") and not child.attrib:
            inner = list(child) if child.tag == "g" else [child] if len(child) else []
            kept.extend(inner)
        elif not (
            child.tag == "path" and child.get("fill") == "none" and "stroke" not in child.attrib and "id" not in child.attrib
        ):
            kept.append(child)
    element[:] = kept
    if element.get("id") not in used:
        element.attrib.pop("id", None)
    if element.get("transform", "").startswith("rotate(-0 "):
        element.attrib.pop("transform")
    if element.tag != "svg":
        element.attrib.pop("font-family", None)
    for key in NUMBERS & set(element.attrib):
        shorter = LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}", element.attrib[key])
        element.set(key, " ".join(shorter.split()))
    if element.tag not in ("text", "tspan"):
        element.text = None
    element.tail = None


def _attributes(style: str) -> list[tuple[str, str]]:
    """The declarations of a style as presentation attributes; of a font only its size, the rest is the page's."""
    found = []
    for declaration in filter(None, map(str.strip, style.split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font":
            size = FONT.match(value)
            if size is not None:
                found.append(("font-size", size["size"]))
        else:
            found.append((key, value))
    return found
