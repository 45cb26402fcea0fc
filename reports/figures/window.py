"""The window in which limits are taken: times and widths between which t and w must stay, as the number of levels grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from numeric.coarse.drives import drive
from numeric.limit import EFFORTS
from numeric.window import Scales, ratios, scales, time_and_width
from reports.figures import Drawn, Material
from reports.figures._plate import Plate, colour, plainly

ORDER = 40
SIZES = np.geomspace(96, 6144, 25)


def draw(material: Material) -> Iterator[Drawn]:
    """One picture, if some verdict names an order of limits."""
    limits = dict.fromkeys(step.truth.limit for step in material.ledger.steps if step.truth.limit)
    measured = [m["size"] for s in material.ledger.steps if s.truth.limit for m in s.truth.measurements if "size" in m]
    if not limits:
        return
    group = EFFORTS["quick"].groups[0]
    chosen = drive(group.drive)
    found = scales(group.law, chosen, 1.0, material.ledger.seed)
    rows = [(int(size), *time_and_width(found, chosen.stretch, int(size))) for size in SIZES]
    with Plate(2, height=3.3) as plate:
        times, widths = plate.axes
        _between(times, rows, found, 1, ("t / t_c", "t_H / t"), ("t_c, memory", "t", "t_H, Heisenberg"))
        _between(widths, rows, found, 2, ("w / spacing", "bandwidth / w"), ("mean spacing", "w", "bandwidth"))
        for axes, title in ((times, "time, ħ = 1"), (widths, "energy, half radius = 1")):
            axes.set_xlabel("N, number of levels")
            axes.set_title(title)
            if measured:
                axes.axvspan(min(measured), max(measured), color="#808080", alpha=0.15, linewidth=0)
        yield Drawn(
            plate.picture(
                "window",
                "The order of limits",
                f"{'; '.join(limits)}. Between the lower and the upper line there is room for t, and for w, which grows with N "
                "on both sides; the path that is measured along is the middle line. Shaded: the sizes of the measurements. "
                f"Scales of {group.name}.",
                "Two panels: t between t_c and Heisenberg's time, and w between the mean spacing and the bandwidth, against N.",
            )
        )


def _between(
    axes: Any,
    rows: list[tuple[int, float, float]],
    found: Scales,
    place: int,
    names: tuple[str, str],
    words: tuple[str, str, str],
) -> None:
    """The path and both ends of its window, from the ratios that the campaign itself asks for."""
    sizes = [row[0] for row in rows]
    path = np.array([row[place] for row in rows])
    each = [ratios(found, size, t, w) for size, t, w in rows]
    low = path / np.array([ratio[names[0]] for ratio in each])
    high = path * np.array([ratio[names[1]] for ratio in each])
    axes.fill_between(sizes, low, high, color=colour(0), alpha=0.12, linewidth=0)
    for line, word, number in zip((low, path, high), words, (1, 0, 2), strict=True):
        axes.plot(sizes, line, color=colour(number), label=word)
    axes.set_xscale("log")
    axes.set_yscale("log")
    plainly(axes.xaxis)
    plainly(axes.yaxis)
    axes.legend(loc="best")
