"""The numbers of a model, gathered into matrices that a reader can retype.

Keys as derive/kernel/model.py writes them: `level|n`, `ham|k|a|b` (the k-th slow derivative of H in its eigenbasis),
`op|name|index|derivatives|a|b`, `fun|name|orders|arguments`, `par|name`, `coord|kind:name`, `gauge|k`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.view.terms import token
from reports.view.text import shown


@dataclass(frozen=True)
class Matrix:
    """A named matrix of exact numbers, as text, row by row; a single number is a 1 x 1 matrix."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def single(self) -> str:
        """The number, if it is one."""
        return self.rows[0][0] if len(self.rows) == len(self.rows[0]) == 1 else ""


def complex_text(pair: Any) -> str:
    """`a + b i` of [a, b], exact rationals."""
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return shown(pair)
    re, im = map(shown, pair)
    if im == "0":
        return re
    imaginary = {"1": "i", "-1": "-i"}.get(im, f"{im} i")
    if re == "0":
        return imaginary
    return f"{re} - {imaginary[1:]}" if imaginary.startswith("-") else f"{re} + {imaginary}"


def of_model(values: Mapping[str, Any]) -> tuple[Matrix, ...]:
    """Levels, then matrices, then the numbers that functions and constants have; phases of the basis last."""
    return (*_levels(values), *_matrices(values), *_numbers(values))


def _levels(values: Mapping[str, Any]) -> Iterator[Matrix]:
    found = [(int(key.split("|")[1]), value) for key, value in values.items() if key.startswith("level|")]
    if found:
        yield Matrix("levels E_0, E_1, … of H", (tuple(complex_text(value) for _, value in sorted(found)),))


def _matrices(values: Mapping[str, Any]) -> Iterator[Matrix]:
    groups: dict[str, dict[tuple[int, int], str]] = {}
    for key, value in values.items():
        parts = key.split("|")
        if parts[0] in ("ham", "op") and len(parts) > 3 and all(p.isdecimal() for p in parts[-2:]):
            groups.setdefault("|".join(parts[:-2]), {})[int(parts[-2]), int(parts[-1])] = complex_text(value)
    for name, elements in groups.items():
        if all(value == "0" for value in elements.values()):
            continue  # what is not listed is zero, as the caption says
        size = 1 + max(max(place) for place in elements)
        yield Matrix(_name(name), tuple(tuple(elements.get((a, b), "0") for b in range(size)) for a in range(size)))


def _name(key: str) -> str:
    kind, *rest = key.split("|")
    if kind == "ham":
        order = int(rest[0])
        return "d_tau H" if order == 1 else f"d_tau^{order} H"
    name, index, derivatives = (*rest, "", "")[:3]
    shown_name = shown(name + (f"[{index}]" if index else ""))
    powers = [part.partition("^") for part in derivatives.split(",") if part]
    return "".join(f"d_{token(t)}^{k} " if k != "1" else f"d_{token(t)} " for t, _, k in powers) + shown_name


def _numbers(values: Mapping[str, Any]) -> Iterator[Matrix]:
    for key, value in values.items():
        kind, _, rest = key.partition("|")
        name = {
            "par": lambda rest: shown(rest),
            "coord": lambda rest: token(rest),
            "fun": lambda rest: _function(rest),
            "gauge": lambda rest: f"phase {shown(rest)} of the basis",
        }.get(kind)
        if name is not None:
            yield Matrix(name(rest), ((complex_text(value),),))


def _function(rest: str) -> str:
    name, orders, arguments = (*rest.split("|"), "", "")[:3]
    derived = f"^({shown(orders)})" if orders.strip("0,") else ""
    return f"{shown(name)}{derived}({', '.join(token(a) for a in arguments.split(','))})"
