"""Integrals without end that have a value only as a whole, as int ds (C(s) - u^2) has.

Their names in stored evidence give the products that are summed, and not always the numbers before them.  Those are found from
the integrals that the equations hold, where the same products stand.  Two choices of numbers under one name are two fields with
one name, and refused.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

from derive.second import operands as o
from derive.second.germs import Disagrees, NoMeaning
from derive.second.names import Variable
from derive.second.numbers import PRIME, Number
from derive.second.operands import Sum
from derive.second.smooth import Smooth
from derive.second.taylor import Series

Met = list[list[tuple[Smooth, Sum]]]  # of each draw, the integrands met, with the evaluation they are from
Part = tuple[Fraction, tuple[Variable, ...], Any]  # number, what stands still (with its powers), what moves or None


def integrands(draws: list[list[Smooth]]) -> Met:
    return [[(run, body) for run in runs for body in run.world.endless] for runs in draws]


def known_as(run: Smooth, named: Any) -> Any:
    """A field of a name, as an evaluation knows it."""
    match named:
        case ("moment", word):
            return run.world.moment(word)
        case ("scaled", ratio, word):
            return run.world.moment(word, ratio)
        case ("int", inner, end):
            return ("int", known_as(run, inner), end)
    return named


def parts_of(named: Any, met: Met) -> list[Part]:
    """The products of a whole with the numbers before them."""
    _, monomials, _ = named
    found: dict[tuple[Fraction, ...], list[Any]] = {}
    for places in zip(*met, strict=True):
        matches = [_match(run, body, monomials) for run, body in places]
        first = matches[0]
        if first is None or any(match is None or match[0] != first[0] for match in matches):
            continue  # numbers that change from draw to draw are no numbers
        try:
            found[tuple(map(rational_of, first[0]))] = first[1]
        except NoMeaning:
            continue
    given = [number for number, _ in monomials]
    if None not in given:
        found = {
            key: atoms for key, atoms in found.items() if all(x == g[0] / given[0][0] for x, g in zip(key, given, strict=True))
        }
    if len(found) > 1:
        raise Disagrees("two integrals without end, with other numbers, go by one name")
    if not found:
        raise NoMeaning("an integral without end that no equation holds")
    ((numbers, atoms),) = found.items()
    return [
        (c, tuple(pair for pair in powers if pair != mover), atom)
        for c, (_, powers), (mover, atom) in zip(numbers, monomials, atoms, strict=True)
    ]


def _match(run: Smooth, body: Sum, monomials: Any) -> tuple[tuple[Number, ...], list[Any]] | None:
    """The numbers before the monomials, that before the first being 1, if the integrand is a field times their sum."""
    moving: dict[Any, Any] = {}
    for atoms, ends, word in body:
        if ends or word or len(atoms) > 1 or any(atom[0] != "field" for atom in atoms):
            return None
        if atoms:
            moving[atoms[0][1], atoms[0][3]] = atoms[0]
    heads, chosen = [], []
    used: set[Any] = set()
    for _, powers in monomials:
        movers = [pair for pair in powers if pair[0][0] == "jet" and (known_as(run, pair[0][1]), pair[0][2]) in moving]
        if len(movers) > 1 or any(k != 1 for _, k in movers):
            return None
        mover = movers[0] if movers else None
        atom = moving[known_as(run, mover[0][1]), mover[0][2]] if mover else None
        key = ((atom,), (), ()) if atom else o.PLAIN
        if key in used or key not in body:
            return None
        used.add(key)
        try:
            rest = PRIME.one
            for v, k in powers:
                if (v, k) != mover:
                    base = number_at(run, v)
                    base = PRIME.inverse(base) if k < 0 else base
                    for _ in range(abs(k)):
                        rest = PRIME.mul(rest, base)
            heads.append(PRIME.mul(run.space.at_point(body[key]), PRIME.inverse(rest)))
        except (NoMeaning, ZeroDivisionError):
            return None
        chosen.append((mover, atom))
    if used != set(body) or not heads or heads[0] == PRIME.zero:
        return None
    first = PRIME.inverse(heads[0])
    return tuple(PRIME.mul(head, first) for head in heads), chosen


def number_at(run: Smooth, v: Variable) -> Number:
    if v[0] != "jet":
        return run.world.look((v[0], v[1]), {})
    return run.jet(known_as(run, v[1]), dict(v[2]))


def rational_of(c: Number) -> Fraction:
    """The small fraction that a number modulo p is."""
    if c[1]:
        raise NoMeaning("a number that is not real before a product of fields")
    bound = isqrt(PRIME.modulus // 2)
    r, s, x, y = PRIME.modulus, c[0], 0, 1
    while s > bound:
        q = r // s
        r, s, x, y = s, r - q * s, y, x - q * y
    if not y or abs(y) > bound or max(abs(s), abs(y)) > 10**6:
        raise NoMeaning("a number that is no small fraction before a product of fields")
    return Fraction(s, y)


def coordinates_of(met: Met, name: Any) -> frozenset[str]:
    for runs in met:
        for run, _ in runs:
            for other, coords, _ in run.world.series:
                if other == name:
                    return frozenset(coords)
    raise NoMeaning("a field in the name of an integral that no equation holds")


def still(run: Smooth, powers: tuple[Any, ...], met: Met) -> Series:
    """The series of what stands still in a product."""
    made = run.space.number(run.space.field.one)
    for v, k in powers:
        if v[0] == "par":
            base = run.space.number(run.world.look(v, {}))
        elif v[0] == "coord":
            base = run.coordinate(v[1])
        else:
            name = known_as(run, v[1])
            base = run.field(name, coordinates_of(met, name), v[2])
        made = run.space.mul(made, run.space.power(base, k))
    return made


def whole_series(run: Smooth, named: Any, met: Met) -> Series:
    """The series of an integral without end, from the primitives of what moves in it."""
    end = named[2]
    found: Series = {}
    for c, powers, atom in parts_of(named, met):
        over = run.primitive(atom, end) if atom else run.end_value(end)
        part = run.space.mul(still(run, powers, met), over)
        found = run.space.add(found, run.space.scale(part, run.space.field.of(c)))
    return found


def primitive_from(run: Smooth, named: Any, whole: Series, name: Any, met: Met) -> Series | None:
    """The primitive of what moves in a whole, from the value of the whole; None where it is none of one thing that moves."""
    parts = parts_of(named, met)
    movers = [part for part in parts if part[2] is not None]
    if len(movers) != 1 or movers[0][2][1] != name or movers[0][2][3]:
        return None
    field = run.space.field
    rest = whole
    for c, powers, atom in parts:
        if atom is None:
            part = run.space.mul(still(run, powers, met), run.end_value(named[2]))
            rest = run.space.add(rest, run.space.scale(part, field.neg(field.of(c))))
    below = run.space.scale(still(run, movers[0][1], met), field.of(movers[0][0]))
    return run.space.mul(rest, run.space.inverse(below))
