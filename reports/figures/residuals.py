"""Residual against size for what speaks of a limit, on the card of its step, with the interval of where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reports.figures import Drawn, Material
from reports.figures._plate import Plate, colour, marker

ORDER = 90


def draw(material: Material) -> Iterator[Drawn]:
    """One picture for each step whose measurements have a limit."""
    for number, step in enumerate(material.ledger.steps, start=1):
        rows = [row for row in step.truth.measurements if _has_limit(row)]
        groups = dict.fromkeys((row["ensemble"], row.get("drive", "")) for row in rows)
        if not groups:
            continue
        with Plate(1, width=4.6, height=2.6) as plate:
            (axes,) = plate.axes
            for k, group in enumerate(groups):
                _group(axes, [row for row in rows if (row["ensemble"], row.get("drive", "")) == group], k)
            axes.axhline(0, color="#808080", linewidth=0.8)
            axes.set_xlabel("1/N")
            axes.set_ylabel("|residual| over its terms")
            axes.legend(loc="best")
            yield Drawn(
                plate.picture(
                    f"residual-{number}",
                    f"({step.label}): residual against size",
                    "The residual over the size of its terms, with standard errors; at the left edge the interval for its "
                    "limit. What is true in the limit has 0 in it.",
                    f"Residual of ({step.label}) against 1/N for {len(groups)} ensembles.",
                ),
                step.label,
            )


def _has_limit(row: Mapping[str, Any]) -> bool:
    numbers = [row.get(key) for key in ("limit", "half", "residual", "error", "size")]
    return all(isinstance(value, int | float) for value in numbers) and bool(row.get("size"))


def _group(axes: Any, rows: list[Mapping[str, Any]], k: int) -> None:
    places = [1 / row["size"] for row in rows]
    name = f"{rows[0]['ensemble']} ({rows[0]['drive']})" if rows[0].get("drive") else str(rows[0]["ensemble"])
    style = {"color": colour(k), "marker": marker(k)}
    axes.errorbar(places, [row["residual"] for row in rows], yerr=[row["error"] for row in rows], label=name, **style)
    at = -(0.02 + 0.02 * k) * max(places)
    axes.errorbar([at], [abs(rows[-1]["limit"])], yerr=[rows[-1]["half"]], fillstyle="none", **style)
