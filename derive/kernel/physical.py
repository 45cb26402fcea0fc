"""What the numbers of a model must be: those of Hermitian matrices with distinct levels, real functions, positive constants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.errors import Refused
from derive.kernel.gaussian import Gaussian


def refuse_unphysical(values: dict[str, Gaussian], size: int) -> None:
    """Real distinct levels, Hermitian operators, real functions, positive parameters."""
    levels = [values.get(f"level|{n}") for n in range(size)]
    known = [level for level in levels if level is not None]
    if len(set(known)) != len(known):
        raise Refused("two levels of the model coincide")
    at: dict[Any, Gaussian] = {}
    for key, value in values.items():
        kind, *rest = key.split("|")
        if kind == "fun" and at.setdefault(_points(rest, values), value) != value:
            raise Refused(f"the model's function {rest[0]} has two values at one point")
        if kind in ("ham", "op"):
            mirror = "|".join([kind, *rest[:-2], rest[-1], rest[-2]])
            if values.get(mirror, value.conjugate()) != value.conjugate():
                raise Refused(f"the model's {rest[0]} is not Hermitian")
        elif value.im:
            raise Refused(f"the model's {key} is not real")
        elif kind == "par" and value.re <= 0:
            raise Refused(f"the model's parameter {rest[0]} is not positive")


def _points(rest: list[str], values: dict[str, Gaussian]) -> Any:
    """A function's name, orders and arguments, with each point at a level replaced by its number."""
    places = [_place(point, values) for point in rest[2].split(",")] if len(rest) > 2 else []
    return (*rest[:2], *map(str, places))


def _place(point: str, values: dict[str, Gaussian]) -> Fraction | str:
    """The number that r*En-shift, En-shift or a number is; a coordinate stays as it is."""
    at, _, shift = point.partition("-") if point[:1] != "-" else (point, "", "")
    ratio, _, level = at.rpartition("*")
    known = values.get(f"level|{level[1:]}") if level[:1] == "E" and level[1:].isdigit() else None
    try:
        return Fraction(ratio or 1) * known.re - Fraction(shift or 0) if known else Fraction(point)
    except ValueError:
        return point
