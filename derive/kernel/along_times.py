"""What a premise says at one point: an equation that holds along the times holds there with its derivatives in them.

A countermodel gives its symbols at one value of each time, as Taylor series.  So a premise is asked for with as many derivatives
as something else is looked at, and what a premise binds may stand at no second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from derive.kernel.expansion import flowing, nesting
from derive.kernel.terms import Term, children, coordinates_in, dependence, walk


def prolonged(premise: Term, highest: Mapping[str, int], powers: Mapping[str, int]) -> list[Term]:
    """The premise with its derivatives in the times up to the highest order that counts: an equation that holds along the times
    holds with all of them, and a model gives its symbols at one point.  A time along which something else flows counts as far as
    the power at which the claim is seen to fail."""
    found = [premise]
    depths = {token: depth - nesting(premise, token) for token, depth in highest.items()}
    for token, degree in running(premise).items():
        depths[token] = max(depths.get(token, 0), degree)
    for token in powers.keys() - flowing(premise):
        depths[token] = depths.get(token, 0) + powers[token]
    for token, depth in sorted(depths.items()):
        if not any(token in dependence(part) or part == ("coord", token) for part in walk(premise)):
            continue
        longer = []
        for term in found:
            for _ in range(depth):
                term = ("d", token, term)
                longer.append(term)
        found = [*found, *longer]
    return found


def highest_orders(premises: Iterable[Term], claim: Term) -> dict[str, int]:
    """How often to differentiate in each time: as often as the claim and the premises do together.  A power of a time by itself,
    as in H = H0 + tau V, counts like as many derivatives, which bind what stands beside it."""
    total = differentiated(claim)
    theirs: dict[str, int] = {}
    for premise in premises:
        for token, depth in [*differentiated(premise).items(), *running(premise).items()]:
            theirs[token] = max(theirs.get(token, 0), depth)
    return {token: total.get(token, 0) + theirs.get(token, 0) for token in sorted({*total, *theirs})}


def running(term: Term) -> dict[str, int]:
    """The times, fast or slow, that stand in an equation by themselves, as t does in t K, and are not integrated over; each with
    the highest power in which it stands."""
    match term:
        case ("coord", token):
            return {} if token.startswith("energy:") else {token: 1}
        case ("fun", _, _, arguments, *_):
            return _highest(running(part) for part in arguments if part[0] != "coord")
        case ("int", token, lower, upper, body):
            inside = {other: k for other, k in running(body).items() if other != token}
            return _highest([running(lower), running(upper), inside])
        case ("prod", *parts):
            powers = Counter[str]()
            for part in parts:
                powers.update(running(part))
            return dict(powers)
        case ("pow", base, exponent) if exponent > 1:
            return {token: k * exponent for token, k in running(base).items()}
    return _highest(map(running, children(term)))


def _highest(several: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in several:
        for token, k in one.items():
            found[token] = max(found.get(token, 0), k)
    return found


def differentiated(term: Term) -> dict[str, int]:
    """How often, nested, a term differentiates in each time; its own slow derivative counts as V does."""
    depths: dict[str, int] = {}
    for token in {part[1] for part in walk(term) if part[0] == "d" and not part[1].startswith("energy:")}:
        depths[token] = nesting(term, token)
    return depths


def at_two_times(premises: list[Term], claim: Term) -> str:
    """A function that a premise speaks of and that stands at more than one time, as k(t) and k(s) do: the premise holds at every
    time, which a model gives at one.  Empty where there is none."""
    bound = {part[1] for premise in premises for part in walk(premise) if part[0] == "fun" and not part[5]}
    places: dict[str, set[Any]] = {}
    for part in (part for term in (claim, *premises) for part in walk(term) if part[0] == "fun" and part[1] in bound):
        where = tuple(argument if _is_a_time(argument) else () for argument in part[3])
        if len(places.setdefault(part[1], {where}) | {where}) > 1:
            return str(part[1])
    return ""


def _is_a_time(argument: Term) -> bool:
    """Whether an argument is no energy, level or operator."""
    if any(part[0] in ("level", "ham", "op") for part in walk(argument)):
        return False
    return not any(token.startswith("energy:") for token in coordinates_in(argument))
