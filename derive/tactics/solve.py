"""Exact linear algebra over the Gaussian rationals, on sparse vectors."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from derive.kernel.gaussian import Gaussian

Vector = Mapping[Any, Gaussian]


def combination(target: Vector, candidates: Sequence[Vector]) -> list[tuple[int, Gaussian]] | None:
    """Coefficients c with target = sum c_k candidate_k, few of them nonzero; None where there are none."""
    pivots: list[tuple[Hashable, dict[Hashable, Gaussian], dict[int, Gaussian]]] = []
    for number, candidate in enumerate(candidates):
        row = {k: c for k, c in candidate.items() if c}
        trail = {number: Gaussian(1)}
        _reduce(row, trail, pivots)
        if row:
            pivot = min(row, key=repr)
            scale = row[pivot].inverse()
            pivots.append((pivot, {k: c * scale for k, c in row.items()}, {k: c * scale for k, c in trail.items()}))
        goal = dict(target)
        used: dict[int, Gaussian] = {}
        _reduce(goal, used, pivots)
        if not goal:
            return sorted(((k, -c) for k, c in used.items() if c), key=lambda pair: pair[0])
    return [] if not target else None


def _reduce(
    row: dict[Hashable, Gaussian],
    trail: dict[int, Gaussian],
    pivots: list[tuple[Hashable, dict[Hashable, Gaussian], dict[int, Gaussian]]],
) -> None:
    for pivot, vector, combined in pivots:
        c = row.get(pivot)
        if c is None or not c:
            continue
        for k, v in vector.items():
            value = row.get(k, Gaussian(0)) - c * v
            if value:
                row[k] = value
            else:
                row.pop(k, None)
        for number, v in combined.items():
            trail[number] = trail.get(number, Gaussian(0)) - c * v


def solve_real(equations: Sequence[Mapping[str, Gaussian]], free: Mapping[str, Gaussian]) -> dict[str, Gaussian] | None:
    """Values of real unknowns from equations sum c x + c_0 = 0 (key "" is the constant), real and imaginary parts apart.

    Unknowns that the equations leave free take the value offered for them; None where the equations contradict each other.
    """
    rows: list[dict[str, Gaussian]] = []
    for equation in equations:
        for part in ("re", "im"):
            row = {k: Gaussian(getattr(c, part)) for k, c in equation.items() if getattr(c, part)}
            if row:
                rows.append(row)
    pivots: list[tuple[str, dict[str, Gaussian]]] = []
    for row in rows:
        for pivot, vector in pivots:
            c = row.get(pivot)
            if c is not None and c:
                _subtract(row, vector, c)
        unknowns = [k for k in row if k]
        if not unknowns:
            if row:
                return None
            continue
        pivot = min(unknowns)
        scale = row[pivot].inverse()
        pivots.append((pivot, {k: c * scale for k, c in row.items()}))
    values = dict(free)
    for pivot, vector in reversed(pivots):
        total = Gaussian(0)
        for k, c in vector.items():
            if k != pivot:
                total = total + (c if not k else c * values[k])
        values[pivot] = -total
    return values


def _subtract(row: dict[str, Gaussian], vector: Mapping[str, Gaussian], factor: Gaussian) -> None:
    for k, v in vector.items():
        value = row.get(k, Gaussian(0)) - factor * v
        if value:
            row[k] = value
        else:
            row.pop(k, None)
