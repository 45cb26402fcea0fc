"""BibTeX of every source: the work that was checked, this program, and what the experiments are held against."""

from __future__ import annotations

from collections.abc import Sequence

from reports.tex.escape import Tex, escaped
from reports.view.values import Source


def bibliography(sources: Sequence[Source]) -> str:
    """One entry a source; every field is text."""
    return "\n".join(map(_entry, sources))


def _entry(source: Source) -> str:
    lines = [f"  {name} = {{{_field(value)}}}," for name, value in source.fields]
    return "\n".join([f"@{source.kind}{{{source.key},", *lines, "}", ""])


def _field(value: str) -> Tex:
    """Names joined by BibTeX's own word `and` stay apart; braces keep capitals."""
    return Tex(" and ".join(f"{{{escaped(part)}}}" for part in value.split(" and ")))
