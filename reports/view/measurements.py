"""Measurements as tables: which columns there are is told by what the ledger holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.view.text import counted, shown
from reports.view.values import Measured

COLUMNS = (
    ("ensemble", "ensemble"), ("drive", "drive"), ("size", "N"), ("precision", "precision"), ("order", "order"),
    ("kernel", "kernel"), ("width", "width"), ("time over t_H", "t/t_H"), ("part", "part"), ("residual", "residual"),
    ("error", "± error"), ("bound", "roundoff allowed"), ("limit", "limit"), ("half", "± half"),
)  # fmt: skip
MOST_ROWS = 24


def number(value: Any) -> str:
    """Three significant digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else shown(value)
    return str(value) if isinstance(value, int) else f"{value:.3g}"


def measured(rows: Sequence[Mapping[str, Any]]) -> Measured | None:
    """The measurements in a table, the first of them if there are many; None without any."""
    if not rows:
        return None
    chosen = rows[:MOST_ROWS]
    columns = [(key, head) for key, head in COLUMNS if any(row.get(key) is not None for row in chosen)]
    table = tuple(tuple(number(row.get(key)) for key, _ in columns) for row in chosen)
    left = len(rows) - len(chosen)
    return Measured(tuple(head for _, head in columns), table, f"and {counted(left, 'more row')} in the ledger" if left else "")
