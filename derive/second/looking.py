"""The value of a term at a point, and how far its Taylor series must go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.moves import in_reach, parts
from derive.second.numbers import PRIME, Number
from derive.second.numbers import Field as Numbers
from derive.second.setting import Equation, Setting
from derive.second.smooth import Smooth
from derive.second.taylor import Series, Space
from derive.second.world import Look, World

MOST = 4000  # coefficients of one Taylor series


@dataclass(frozen=True)
class Looked:
    """An equation's residual about the point, and the evaluation it comes from."""

    series: Series
    run: Smooth

    def at_point(self) -> tuple[Number, ...]:
        """Its value, or its coefficients in the small parameter."""
        space = self.run.space
        formal = [token for token in space.tokens if token.startswith("order:")]
        zero = tuple(0 for _ in space.tokens)
        if not formal:
            return (space.at_point(self.series),)
        at = space.tokens.index(formal[0])
        places = [space.place[(*zero[:at], k, *zero[at + 1 :])] for k in range(space.bounds[formal[0]] + 1)]
        return tuple(self.series.get(place, space.field.zero) for place in places)


@cache
def space_of(numbers: Numbers, bounds: tuple[tuple[str, int], ...]) -> Space:
    size = 1
    for _, bound in bounds:
        size *= bound + 1
    if size > MOST:
        raise NoMeaning(f"Taylor series of {size} coefficients; at most {MOST} are looked at")
    return Space(numbers, dict(bounds))


def depths(setting: Setting, terms: list[Term]) -> dict[str, int]:
    """How many derivatives in each coordinate the value of the terms may take of what stands in them."""
    every = in_reach(terms, list(setting.definitions))
    found: dict[str, int] = {setting.energy: 0}
    tokens = {part[1] for part in every if part[0] in ("d", "coord")} | ({setting.slow} if setting.slow else set())
    tests = max((sum(part[2]) for part in every if part[0] == "fun" and part[-1]), default=0)
    deltas = max((part[1] for part in every if part[0] == "delta"), default=0)
    for token in sorted(tokens):
        depth = max((_nested(term, token, setting.definitions) for term in terms), default=0)
        found[token] = depth + (tests + deltas if token == setting.energy else 0)
    if setting.power is not None:
        found[f"order:{setting.power[0]}"] = setting.power[1] - 1
    return found


def _nested(term: Term, token: str, definitions: tuple[Equation, ...]) -> int:
    """Derivatives inside one another, definitions put in."""
    inner = max((_nested(part, token, definitions) for part in parts(term)), default=0)
    for symbol, body in definitions:
        met = symbol == term or (symbol[0] == term[0] and (symbol[0] == "avg" or (symbol[0] == "fun" and symbol[1] == term[1])))
        if met:
            others = tuple(pair for pair in definitions if pair[0] != symbol)
            inner = inner * (symbol[0] == "avg") + _nested(body, token, others)
    if term[0] == "d":
        return inner + int(term[1] == token)
    if term[0] == "fun":
        return inner + sum(int(k) for a, k in zip(term[3], term[2], strict=True) if a == ("coord", token) or a[0] == "ham")
    return inner


def looked(setting: Setting, term: Term, look: Look, numbers: Numbers, extra: dict[str, int], refutes: bool) -> Looked:
    """A term's value; `extra` says how many derivatives are still to be taken of it."""
    bounds = depths(setting, [term])
    for token, k in extra.items():
        bounds[token] = bounds.get(token, 0) + k
    world = World(
        space=space_of(numbers, tuple(sorted(bounds.items()))),
        energy=setting.energy,
        hamiltonian=setting.hamiltonian,
        look=look,
        definitions=list(setting.definitions),
        formal=setting.power[0] if setting.power else "",
        real=refutes,
        fast=not refutes,
    )
    run = Smooth(world)
    return Looked(run.equation(term), run)


def drawn(salt: str, tweak: Callable[[Any, dict[str, int]], bool] | None = None) -> Look:
    """Random numbers modulo 2^61 - 1 for every jet; others for those that `tweak` picks."""

    def look(name: Any, orders: dict[str, int]) -> Number:
        other = " again" if tweak is not None and tweak(name, orders) else ""
        return (Random(f"{salt}{other} {name!r} {sorted(orders.items())}").randrange(1, PRIME.modulus), 0)

    return look
