"""Derivatives and integrals of values on a finite model: points that move, distributions that steepen."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.errors import IllPosed, Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.model import Model
from derive.kernel.values import Value, add_to, plus, times_number


def slope(model: Model, value: Value, token: str) -> Value:
    """d/dtoken of a series, with the motion of the points that its distributions sit at."""
    place = model.tokens.index(token)
    total: Value = {}
    for (basis, powers, unknowns), c in value.items():
        k = powers[place]
        if k:
            lowered = tuple(k - 1 if j == place else p for j, p in enumerate(powers))
            add_to(total, {(basis, lowered, unknowns): c * Gaussian(k)})
        if token == model.slow:
            for spot, factor in enumerate(basis):
                n = factor[3] if factor[0] == "delta" else factor[2] if factor[0] in ("point", "theta") else -1
                if n == -1:
                    continue
                speed = slope(model, model.level_motion(n), token)
                rest: Value = {(basis[:spot] + basis[spot + 1 :], powers, unknowns): c}
                moved: Value = {((_steeper(factor),), (0,) * model.rank, ()): Gaussian(-1)}
                add_to(total, model.times(model.times(rest, moved), speed))
    return total


def _steeper(factor: Any) -> Any:
    """The derivative, in the energy, of a distribution at a point."""
    if factor[0] == "theta":
        return ("point", factor[1], factor[2], factor[3], 1)
    if factor[0] == "delta":
        return ("delta", factor[1] + 1, *factor[2:])
    if factor[4] != 1:
        raise IllPosed(f"the derivative of a field known at levels only, in {factor[1].split(':')[1]}")
    return ("delta", 1, *factor[1:4])


def slope_in_energy(model: Model, value: Value, token: str) -> Value:
    """d/dE of a value, where a step that becomes a delta takes a smooth function of E beside it at its point."""
    total: Value = {}
    for (basis, powers, unknowns), c in value.items():
        for place, factor in enumerate(basis):
            rest = basis[:place] + basis[place + 1 :]
            if factor[0] == "E" and factor[1] == token:
                add_to(total, {(rest, powers, unknowns): c})
            elif factor[0] in ("fun", "field") and ("E", token) in factor[3]:
                slot = factor[3].index(("E", token))
                more = tuple(k + (j == slot) for j, k in enumerate(factor[2]))
                steeper = (factor[0], factor[1], more, factor[3])
                add_to(total, {(tuple(sorted([*rest, steeper], key=repr)), powers, unknowns): c})
            elif (factor[2] if factor[0] == "delta" else factor[1]) == token and factor[0] in (
                "point",
                "delta",
                "theta",
            ):
                steep: Value = {(tuple(sorted([*rest, _steeper(factor)], key=repr)), powers, unknowns): c}
                add_to(total, model.times(model.number(1), steep))
    return total


def over_time(model: Model, value: Value, token: str, ends: list[tuple[Value, Gaussian]]) -> Value:
    """The integral of a Taylor series, term by term, between ends that are series themselves: each with its sign."""
    place = model.tokens.index(token)
    total: Value = {}
    for (basis, powers, unknowns), c in value.items():
        k = powers[place] + 1
        rest = tuple(0 if j == place else p for j, p in enumerate(powers))
        for end, sign in ends:
            part: Value = {(basis, rest, unknowns): c * sign * Gaussian(Fraction(1, k))}
            for _ in range(k):
                part = model.times(part, end)
            add_to(total, part)
    return total


def put_in(model: Model, value: Value, token: str, increment: Value) -> Value:
    """A Taylor series in a coordinate with another series put in for its increment."""
    place = model.tokens.index(token)
    total: Value = {}
    for (basis, powers, unknowns), c in value.items():
        part: Value = {(basis, tuple(0 if j == place else p for j, p in enumerate(powers)), unknowns): c}
        for _ in range(powers[place]):
            part = model.times(part, increment)
        add_to(total, part)
    return total


def from_below(value: Value, token: str, upper: str) -> Value:
    """The integral from minus infinity up to the energy `upper`, of a sum of deltas: a delta gives a step, its derivative a
    delta."""
    total: Value = {}
    for (basis, powers, unknowns), c in value.items():
        if len(basis) != 1 or basis[0][0] not in ("point", "delta"):
            raise Unsupported("an integral up to an energy of something other than one delta")
        factor = basis[0]
        held, spot, shift = factor[2:5] if factor[0] == "delta" else factor[1:4]
        if held != token or (factor[0] == "point" and factor[4] != 1):
            raise Unsupported("an integral up to an energy of something other than one delta in it")
        order = factor[1] - 1 if factor[0] == "delta" else -1
        made = ("theta", upper, spot, shift) if order < 0 else ("delta", order, upper, spot, shift)
        add_to(total, {((made if order else ("point", upper, spot, shift, 1),), powers, unknowns): c})
    return total


def over_line(model: Model, value: Value, token: str) -> Value:
    total: Value = {}
    height: Value = {}
    for (basis, powers, unknowns), c in value.items():
        inside = [
            f
            for f in basis
            if token in (f[1:3] if f[0] == "delta" else f[1:2]) or (f[0] in ("fun", "field") and ("E", token) in f[3])
        ]
        rest = tuple(f for f in basis if f not in inside)
        if len(inside) != 1 or inside[0][0] not in ("point", "delta", "theta"):
            raise Unsupported("an integral over an energy without exactly one delta")
        factor = inside[0]
        here: Value = {(rest, powers, unknowns): c}
        if factor[0] == "theta":
            add_to(height, here)
            point = model.level(factor[2])
            add_to(total, model.times(here, plus(model.number(factor[3]), times_number(point, Gaussian(-1)))))
        elif factor[0] == "point":
            if factor[4] != 1:
                raise IllPosed("the integral over an energy of a field known at levels only")
            add_to(total, here)
    if height:
        raise IllPosed("an integral over an energy diverges: the steps do not cancel at infinity")
    return total
