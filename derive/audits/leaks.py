"""Which of an equation's terms, as they are written, are no derivative in the energy: for the reader, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.audits.found import Found
from derive.kernel import jets
from derive.kernel.errors import KernelError
from derive.kernel.evolution import by_parts, split_linear
from derive.kernel.jets import Chart
from derive.language.base import Sum
from derive.lower import lower


def leaking_terms(found: Found) -> str:
    """The place of the terms that are not d_E of something by themselves; '' where there are more than two, or none."""
    leaking = []
    try:
        for side, words in zip(found.link.args[:2], ("left", "right"), strict=True):
            for place, term in enumerate(_summands(side), start=1):
                if _leaks(found, term):
                    leaking.append(f"term {place} of the {words} side")
    except (KernelError, ValueError):
        return ""
    return " and ".join(leaking) if len(leaking) <= 2 else ""


def _summands(side: Any) -> Iterator[Any]:
    if isinstance(side, Sum):
        for part in side.args:
            yield from _summands(part)
    else:
        yield side


def _leaks(found: Found, term: Any) -> bool:
    chart = Chart(jets.fields_of(*found.equation))
    p = jets.read(lower(term), chart)
    if any(jets.order_in(v, found.time) for v in p.variables):
        return False
    for name in sorted({v[1] for v in p.variables if v[0] == "jet"}, key=lambda n: n != found.unknown):
        try:
            parts, rest = split_linear(p, lambda v, n=name: v[0] == "jet" and v[1] == n, name, found.energy)  # type: ignore[misc]
        except KernelError:
            continue
        if parts and not rest:
            return bool(by_parts(chart, parts, name, found.energy)[0])
    return False
