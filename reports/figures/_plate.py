"""Drawing: a sheet of panels, and its bytes as SVG for the page and as PDF for print, the same at every run.

The SVG stands within the page (`_svg.inlined`): it takes the page's fonts, and its ink the colour of the text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from reports.figures._svg import INK, inlined
from reports.view.text import shown
from reports.view.values import Picture

COLOURS = ("#3b6fb6", "#c4622d", "#3f8f5f", "#8a5bb0", "#a08a1f", "#b0456b")
MARKS = ("o", "s", "^", "D", "v", "P")
RC: Any = {
    "svg.hashsalt": "derive report", "svg.fonttype": "none", "text.parse_math": False, "font.family": "DejaVu Sans",
    "font.size": 9.0, "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.titlecolor": INK, "text.color": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.titlesize": 9.5, "axes.linewidth": 0.8, "axes.spines.top": False,
    "axes.spines.right": False, "legend.frameon": False, "legend.fontsize": 8.0, "lines.linewidth": 1.4,
    "lines.markersize": 4.0, "errorbar.capsize": 2.0, "figure.facecolor": "none", "axes.facecolor": "none",
    "savefig.facecolor": "none", "axes.unicode_minus": True,
}  # fmt: skip


class Plate:
    """Rows of panels, as wide as paper at most, so that the print is as large there as it is meant; one scale for all if `level`.

    Use it as a context: every text is made under the same settings.
    """

    def __init__(self, panels: int, width: float = 7.6, height: float = 3.0, level: bool = False, columns: int = 3) -> None:
        self.panels, self.columns, self.level = panels, min(panels, columns), level
        self.rows = -(-panels // self.columns)
        self.size = (width, height * self.rows)

    def __enter__(self) -> Plate:
        self._context = matplotlib.rc_context(RC)
        self._context.__enter__()
        self.figure = Figure(figsize=self.size, layout="constrained")
        every = list(self.figure.subplots(self.rows, self.columns, squeeze=False, sharey=self.level).flat)
        self.axes: Sequence[Any] = every[: self.panels]
        for spare in every[self.panels :]:
            spare.set_axis_off()
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
