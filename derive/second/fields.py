"""Evidence between smooth fields, checked by evaluation.

A certificate says residual(claim) = sum of multiplier x derivative(residual(premise)).  Both sides are evaluated with
the fields' derivatives drawn at random modulo 2^61 - 1, twice; by Schwartz and Zippel they agree there and not identically with a
chance below degree/2^61 at each draw.  The point beside it must obey the premises, with as many derivatives as the claim takes,
and not make the claim empty.

A refutation is a point at which the premises hold, with as many derivatives as the claim and the premises take together, and
the claim does not; it is evaluated over the rationals with the standard library alone, once for each of two fillings of what the
point does not say.  freedom.py says when the moments are free to take the values at a point.

How many derivatives an equation takes is found by drawing the higher ones anew and looking whether its value changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from derive.second.division import refuse_divisors, refuse_undeclared
from derive.second.freedom import refuse_what_is_bound
from derive.second.germs import Disagrees, NoMeaning
from derive.second.ground import Term
from derive.second.looking import Looked, depths, drawn, looked
from derive.second.moves import in_reach
from derive.second.names import field as field_of
from derive.second.numbers import PRIME, RATIONAL, Number
from derive.second.point import Point
from derive.second.setting import Equation, Setting, read
from derive.second.smooth import Smooth
from derive.second.wholes import Met, integrands, known_as, whole_series
from derive.second.world import DENSITY

DRAWS = 2
START: Term = ("num", "0")  # where primitives vanish
HIGHEST = 4  # derivatives of a premise in each coordinate
RATIONAL_TEXT = re.compile(r"-?[0-9]{1,1000}(/[0-9]{1,1000})?", re.ASCII)
Identical = Callable[[Term, list[Equation], str], bool]


def check_fields(data: Any, identical: Identical) -> int:
    """How many values were looked at; Disagrees where the evidence does not show what it says."""
    try:
        return _checked(data, identical)
    except (Disagrees, NoMeaning):
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Disagrees(f"no evidence between fields: {type(error).__name__}: {error!s:.80}") from error


def _checked(data: Any, identical: Identical) -> int:
    setting = read(data)
    refutes = {"follows": False, "fails": True}.get(data["answer"])
    if refutes is None:
        raise Disagrees("the answer is neither that the claim follows nor that it fails")
    point = Point({str(k): rational(v) for k, v in data["values"].items()}, setting, refutes)
    for key, number in point.known.items():
        if (key[0] == "par" or key == (DENSITY, ())) and number <= 0:
            raise Disagrees("a constant or the density of states is not positive at the point")
    refuse_undeclared(setting, data, refutes)
    return _fails(data, setting, point, identical) if refutes else _follows(data, setting, point)


def rational(text: Any) -> Fraction:
    if not isinstance(text, str) or not RATIONAL_TEXT.fullmatch(text):
        raise Disagrees(f"expected a number p or p/q, came {text!r:.40}")
    return Fraction(text)


# Certificates ---------------------------------------------------------------------------------------------


def _follows(data: Any, setting: Setting, point: Point) -> int:
    claim = setting.residual(-1)
    steps = [(int(k), [(str(t), int(n)) for t, n in orders], factor) for k, orders, factor in data["steps"]]
    if any(k not in setting.usable() for k, _, _ in steps):
        raise Disagrees("a step uses what is no premise")
    refuse_divisors(setting, data, [factor for _, _, factor in steps])
    runs = []
    for draw in range(DRAWS):
        look = drawn(f"{draw}")
        pieces = [
            looked(setting, setting.residual(k), look, PRIME, {t: n for t, n in orders if n}, False) for k, orders, _ in steps
        ]
        runs.append((looked(setting, claim, look, PRIME, _most(steps), False), pieces))
    one_place([run for first, pieces in runs for run in (first.run, *(piece.run for piece in pieces))])
    met = integrands([[first.run, *(piece.run for piece in pieces)] for first, pieces in runs])
    seen = 0
    for first, pieces in runs:
        rest = list(first.at_point())
        for (_, orders, factor), piece in zip(steps, pieces, strict=True):
            derived = _derived(piece, orders)
            multiplier = _multiplier(factor, first, met)
            for i, a in enumerate(multiplier):
                for j, b in enumerate(derived):
                    if i + j < len(rest):
                        rest[i + j] = PRIME.add(rest[i + j], PRIME.neg(PRIME.mul(a, b)))
        seen += len(rest)
        if any(value != PRIME.zero for value in rest):
            raise Disagrees("at a random point the combination does not vanish")
    point.met = met
    return seen + _holds_for_something(setting, point)


def one_place(runs: list[Smooth]) -> None:
    """A function at two points, in two equations, is no one field."""
    places: dict[str, Any] = {}
    for run in runs:
        for name, points in run.world.places.items():
            if places.setdefault(name, points) != points:
                raise NoMeaning(f"the function {name} at more than one point")


def _most(steps: list[Any]) -> dict[str, int]:
    """Room in the claim's series for the derivatives in multipliers."""
    found: dict[str, int] = {}
    for _, _, factor in steps:
        for _, powers in factor:
            for v, _ in powers:
                for token, k in v[2] if v[0] == "jet" and " [" in f" {v[1]}" else ():
                    found[token] = max(found.get(token, 0), int(k))
    return found


def _derived(piece: Looked, orders: list[tuple[str, int]]) -> tuple[Number, ...]:
    series = piece.series
    for token, times in orders:
        if times and token in piece.run.limited:
            raise Disagrees("a premise differentiated in a time that stands in the end of an integral")
        for _ in range(times):
            series = piece.run.space.derivative(series, token)
    return Looked(series, piece.run).at_point()


def _multiplier(factor: Any, at: Looked, met: Met) -> tuple[Number, ...]:
    """A polynomial in derivatives of fields, by powers of the small parameter."""
    run, zero = at.run, PRIME.zero
    found = [zero] * len(at.at_point())
    for (real, imaginary), powers in factor:
        c = PRIME.add(PRIME.of(rational(real)), PRIME.mul(PRIME.i, PRIME.of(rational(imaginary))))
        order = 0
        for v, k in powers:
            if type(k) is not int:
                raise Disagrees("a power that is no integer")
            if v == ["par", run.world.formal]:
                order += k
                continue
            base = _variable(v, at, met)
            base = PRIME.inverse(base) if k < 0 else base
            for _ in range(abs(k)):
                c = PRIME.mul(c, base)
        if order < 0:
            raise NoMeaning("a multiplier divided by the small parameter")
        if order < len(found):
            found[order] = PRIME.add(found[order], c)
    return tuple(found)


def _variable(v: Any, at: Looked, met: Met) -> Number:
    run = at.run
    match v:
        case ["par" | "coord", str(name)]:
            return run.world.look((v[0], name), {})
        case ["jet", str(name), list(jets)]:
            orders = {str(t): int(k) for t, k in jets}
            named = field_of(name, run.world.energy)
            if named[0] == "whole":
                series = whole_series(run, named, met)
                for token, k in orders.items():
                    for _ in range(k):
                        series = run.space.derivative(series, token)
                return run.space.at_point(series)
            return run.jet(known_as(run, named), orders)
    raise Disagrees(f"a multiplier with {v!r:.60}")


def _holds_for_something(setting: Setting, point: Point) -> int:
    """The premises hold at the point, and the claim is not empty there."""
    orders = orders_of(setting, [-1], [], False)
    seen = _premises_hold(setting, point, orders, setting.usable(), False)
    pieces = [piece for side in setting.claim for piece in summands(setting.in_two_times(side))]
    for piece in pieces:
        for point.filling in (0, 1):  # the premises hold with either, so that one is enough
            try:
                if any(v != RATIONAL.zero for v in looked(setting, piece, point, RATIONAL, {}, False).at_point()):
                    return seen + 1
            except NoMeaning:
                break
    raise Disagrees("every term of the claim vanishes at the point")


def summands(term: Term) -> Iterator[Term]:
    """The terms of a side, sums beneath linear operations taken apart, and an integral over a time as one up to each end."""
    if term[0] == "sum":
        for part in term[1:]:
            yield from summands(part)
        return
    if term[0] == "int" and term[1].startswith("time:") and START not in term[2:4]:
        yield from summands((*term[:2], START, *term[3:]))
        yield from summands((*term[:2], START, term[2], term[4]))
        return
    place = {"d": 2, "tr": 1, "int": 4}.get(term[0])
    if place is not None:
        inner = list(summands(term[place]))
        if len(inner) > 1:
            yield from ((*term[:place], part, *term[place + 1 :]) for part in inner)
            return
    if term[0] == "prod":
        for k, part in enumerate(term[1:], 1):
            inner = list(summands(part))
            if len(inner) > 1:
                for one in inner:
                    yield from summands((*term[:k], one, *term[k + 1 :]))
                return
    yield term


# Points ---------------------------------------------------------------------------------------------------


def orders_of(setting: Setting, mine: list[int], theirs: list[int], refutes: bool) -> dict[str, int]:
    """How often to differentiate in each coordinate: as often as the one and the other equations do together."""
    found: dict[str, int] = {}
    for group in (mine, theirs):
        most: dict[str, int] = {}
        for place in group:
            for token, k in highest(setting, setting.residual(place), refutes).items():
                most[token] = max(most.get(token, 0), k)
        for token, k in most.items():
            found[token] = found.get(token, 0) + k
    return found


def highest(setting: Setting, term: Term, refutes: bool) -> dict[str, int]:
    """The highest derivative in each coordinate that the value of a term depends on."""
    found = {}
    before = looked(setting, term, drawn("plain"), PRIME, {}, refutes).at_point()
    for token, bound in depths(setting, [term]).items():
        for k in range(bound + 1, 0, -1):  # one more than the derivatives taken, for d_tau Sigma = -d_E mu_V

            def tweak(name: Any, orders: dict[str, int], token: str = token, k: int = k) -> bool:
                return orders.get(token, 0) >= k

            if looked(setting, term, drawn("plain", tweak), PRIME, {}, refutes).at_point() != before:
                found[token] = k
                break
    return found


def _premises_hold(setting: Setting, point: Point, orders: dict[str, int], places: list[int], refutes: bool) -> int:
    seen = 0
    for place in places:
        values = []
        for point.filling in (0, 1):
            values.append(looked(setting, setting.residual(place), point, RATIONAL, orders, refutes))
        first, second = values
        space = first.run.space
        wanted = []
        for token in space.tokens:  # an equation that holds the small parameter holds at each order of it
            most = space.bounds[token] if token.startswith("order:") else orders.get(token, 0)
            wanted.append(range((0 if token in first.run.limited else most) + 1))
        for powers in product(*wanted):
            k = space.place[powers]
            a, b = first.series.get(k, RATIONAL.zero), second.series.get(k, RATIONAL.zero)
            seen += 1
            if a == b == RATIONAL.zero:
                continue
            if a != b:
                raise NoMeaning(f"premise {place + 1} depends on what the point does not say")
            raise Disagrees(f"premise {place + 1} does not hold at the point")
    return seen


def _fails(data: Any, setting: Setting, point: Point, identical: Identical) -> int:
    found = []
    for place in setting.usable():
        try:
            term = setting.residual(place)
            looked(setting, term, drawn("plain"), PRIME, {}, True)
        except NoMeaning as error:
            _leave_out(setting, place, error, identical)
        else:
            if not _is_zero(setting, term):  # what holds identically says nothing
                found.append(place)
    one_place([looked(setting, setting.residual(k), drawn("plain"), PRIME, {}, True).run for k in (-1, *found)])
    orders = orders_of(setting, [-1], found, True)
    if any(k > HIGHEST for k in orders.values()):
        raise NoMeaning("the premises would have to be differentiated too often")
    refuse_what_is_bound(setting, found)
    seen = _premises_hold(setting, point, orders, found, True)
    if found:  # what no premise speaks of takes any values at two points
        seen += _holds_elsewhere(data, setting, point, orders, found)
    values = []
    for point.filling in (0, 1):
        values.append(looked(setting, setting.residual(-1), point, RATIONAL, {}, True).at_point())
    if values[0] != values[1]:
        raise NoMeaning("the claim depends on what the point does not say")
    witness = next((v for v in values[0] if v != RATIONAL.zero), None)
    if witness is None:
        raise Disagrees("the claim holds at the point")
    if [str(Fraction(part)) for part in witness] != [str(rational(part)) for part in data["witness"]]:
        raise Disagrees("the claim's residual at the point is not the one stored")
    return seen + 1


def _holds_elsewhere(data: Any, setting: Setting, point: Point, orders: dict[str, int], places: list[int]) -> int:
    """Where the claim speaks of moments Tr delta(E - r H) X = mu_X(E/r)/|r|: the premises hold at E/r as well, what does not
    depend on E is the same there, and the scaled moments are what the plain ones are there."""
    at = {place: looked(setting, setting.residual(place), drawn("plain"), PRIME, {}, True) for place in (-1, *places)}
    scaled = {name for name in at[-1].run.world.moments if name[0] == "scaled"}
    spoken = {name for place in places for name in at[place].run.world.moments} | {DENSITY}
    if any(name[0] == "scaled" for name in spoken):
        raise NoMeaning("a premise speaks of a moment at a multiple of the energy")
    seen = 0
    for ratio in {name[1] for name in scaled}:
        table = data.get("elsewhere", {}).get(str(ratio))
        here = point.known.get(("coord", setting.energy), Fraction(1))
        if table is None or not here:
            raise Disagrees("a moment at a multiple of the energy, and no values there")
        there = Point({str(k): rational(v) for k, v in table.items()}, setting, True)
        if there.known.get(("coord", setting.energy), here / ratio) != here / ratio:
            raise Disagrees("the values elsewhere are not at the multiple of the energy")
        if there.known.get((DENSITY, ()), Fraction(1)) <= 0:
            raise Disagrees("the density of states is not positive at the multiple of the energy")
        _same_elsewhere(setting, point, there, [one.run for one in at.values()])
        seen += _premises_hold(setting, there, orders, places, True)
        for (name, jets), number in list(point.known.items()):
            if name[:2] != ("scaled", ratio):
                continue
            plain = there.known.get((name[2], jets))
            seen += 1
            if plain is None and name[2] in spoken:
                raise Disagrees("the values elsewhere do not say what a moment of the claim is")
            if plain is not None and number != plain * ratio ** -dict(jets).get(setting.energy, 0) / abs(ratio):
                raise Disagrees("a moment at a multiple of the energy is not the plain moment there")
    return seen


def _same_elsewhere(setting: Setting, point: Point, there: Point, runs: list[Smooth]) -> None:
    """What does not depend on the energy has one value at every energy."""
    depend = {name for run in runs for name, coords, _ in run.world.series if setting.energy in coords}
    for key in {*point.known, *there.known}:
        if key[0] in ("par", "coord"):
            shared = key != ("coord", setting.energy)
        else:
            shared = key[0][0] in ("fun", "int") and key[0] not in depend
        if shared and point.known.get(key) != there.known.get(key):
            raise Disagrees("what does not depend on the energy differs at another")


def _is_zero(setting: Setting, term: Term) -> bool:
    values = [v for n in range(DRAWS) for v in looked(setting, term, drawn(f"{n}"), PRIME, {}, True).at_point()]
    return all(v == PRIME.zero for v in values)


def _leave_out(setting: Setting, place: int, why: NoMeaning, identical: Identical) -> None:
    """A premise that is no equation between fields may be left out where it says nothing of what the claim speaks of."""
    lhs, rhs = setting.premises[place]
    term: Term = ("sum", lhs, ("prod", ("num", "-1"), rhs))
    try:
        if identical(term, list(setting.definitions), setting.slow):
            return
    except (NoMeaning, ZeroDivisionError):
        pass
    known = {name for side in setting.claim for name in _names(side, setting)}
    if known & _names(term, setting):
        raise NoMeaning(f"premise {place + 1} speaks of the claim's fields and cannot be read: {why}")


def _names(term: Term, setting: Setting) -> set[str]:
    every = in_reach([term], list(setting.definitions))
    return {p[1] for p in every if p[0] == "ham" or (p[0] in ("fun", "op") and not p[-1])}
