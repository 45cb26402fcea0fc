"""Equations and definitions read from stored evidence."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from derive.second.germs import Disagrees, NoMeaning
from derive.second.ground import Term
from derive.second.moves import frozen, parts, walk


def weights(argument: Term, energy: str, hamiltonian: Term) -> tuple[Fraction, Fraction]:
    """(a, b) of the argument a E + b H of a delta."""
    match argument:
        case ("sum", *terms):
            found = [weights(part, energy, hamiltonian) for part in terms]
            return sum((a for a, _ in found), Fraction(0)), sum((b for _, b in found), Fraction(0))
        case ("prod", ("num", text), *rest) if rest:
            a, b = weights(("prod", *rest) if len(rest) > 1 else rest[0], energy, hamiltonian)
            return Fraction(text) * a, Fraction(text) * b
        case ("coord", token) if token == energy:
            return Fraction(1), Fraction(0)
        case _ if argument == hamiltonian:
            return Fraction(0), Fraction(1)
    raise NoMeaning("a delta of something other than a E + b H")


FIELDS = {
    "num": 1, "i": 0, "par": 1, "coord": 1, "level": 1, "oo": 0, "unprinted": 0, "undefined": 1, "ham": 2, "op": 4, "fun": 5,
    "delta": 2, "theta": 1, "pow": 2, "comm": 2, "adj": 1, "tr": 1, "lsum": 2, "bra": 1, "ket": 1, "d": 2, "int": 4, "avg": 2,
    "flow": 3, "at": 3, "series": 5, "coef": 3, "onlevels": 2,
}  # fmt: skip


def term_of(data: Any) -> Term:
    """A term; Disagrees where it is none."""
    term: Term = frozen(data)
    for part in walk(term) if isinstance(term, tuple) and term else [()]:
        if (
            not isinstance(part, tuple)
            or not part
            or (part[0] not in ("sum", "prod") and FIELDS.get(part[0], -1) != len(part) - 1)
        ):
            raise Disagrees(f"no term: {part!r:.60}")
        flags = {"fun": part[4:6], "op": part[4:5]}.get(part[0], ())
        if any(type(flag) is not int or flag not in (0, 1) for flag in flags):
            raise Disagrees(f"no flags: {part!r:.60}")
        places = {"ham": part[2:3], "op": part[3:4], "series": part[2:3]}.get(part[0], ())
        single = {"coord": part[1:2], "d": part[1:2], "int": part[1:2], "avg": part[2:3], "at": part[2:3]}.get(part[0], ())
        for token in (*single, *(token for place in places for token in place)):
            if str(token).partition(":")[0] not in ("energy", "time", "slow"):
                raise Disagrees(f"no coordinate: {token!r:.40}")
    return term


def equation_of(data: Any) -> tuple[Term, Term]:
    lhs, rhs = data
    return term_of(lhs), term_of(rhs)


def less(lhs: Term, rhs: Term) -> Term:
    return ("sum", lhs, ("prod", ("num", "-1"), rhs))


def slow_time(hamiltonian: Any) -> str:
    coords = hamiltonian[1]
    return str(coords[0]) if coords else ""


def definition_of(equation: tuple[Term, Term]) -> tuple[Term, Term]:
    """The symbol that an equation fixes, and what it stands for."""
    lhs, rhs = equation
    if lhs[0] == "prod":
        symbols = [part for part in lhs[1:] if part[0] not in ("num", "par")]
        if len(symbols) != 1:
            raise Disagrees("a definition without a symbol on its left")
        rhs = ("prod", *(("pow", part, -1) for part in lhs[1:] if part[0] in ("num", "par")), rhs)
        lhs = symbols[0]
    if lhs[0] not in ("fun", "op", "avg") and not (lhs[0] == "d" and lhs[2][0] == "op"):
        raise Disagrees("a definition without a symbol on its left")
    return lhs, rhs


def drive_of(equation: tuple[Term, Term]) -> list[tuple[Term, Term]]:
    """Of H = H0 + tau V with constant H0 and V, what these are: V the speed of H, H0 what is left of it."""
    hamiltonian, right = equation
    if hamiltonian[0] != "ham" or right[0] != "sum":
        return []
    match right[1:]:
        case (("op", *_) as still, ("prod", ("coord", time), ("op", *_) as speed)):
            pass
        case (("prod", ("coord", time), ("op", *_) as speed), ("op", *_) as still):
            pass
        case _:
            return []
    if time not in hamiltonian[2] or still[1] == speed[1] or any(op[2] != "" or op[3] or op[4] for op in (still, speed)):
        return []
    slope: Term = ("d", time, hamiltonian)
    return [(speed, slope), (still, less(hamiltonian, ("prod", ("coord", time), slope)))]


def energies_in(term: Term) -> set[str]:
    """The energies that stand free."""

    def free(part: Term, bound: frozenset[str]) -> Iterator[str]:
        if part[0] == "int":
            yield from free(part[2], bound)
            yield from free(part[3], bound)
            yield from free(part[4], bound | {part[1]})
            return
        token = part[1] if part[0] in ("coord", "d") else part[2] if part[0] == "avg" else ""
        if token.startswith("energy:") and token not in bound:
            yield token
        for inner in parts(part):
            yield from free(inner, bound)

    return set(free(term, frozenset()))


def divides(term: Term, definitions: list[tuple[Term, Term]]) -> bool:
    whole = [term, *(body for _, body in definitions)]
    return any(part[0] == "pow" and part[2] < 0 and part[1][0] != "par" for one in whole for part in walk(one))


def labels_in(term: Term) -> list[str]:
    def free(part: Term, bound: frozenset[str]) -> Iterator[str]:
        if part[0] == "lsum":
            bound |= {part[1]}
        if part[0] in ("level", "bra", "ket") and part[1] not in bound:
            yield part[1]
        for inner in parts(part):
            yield from free(inner, bound)

    return sorted(set(free(term, frozenset())))


def labellings(term: Term, size: int) -> list[dict[str, int]]:
    names = labels_in(term)
    return [dict(zip(names, levels, strict=True)) for levels in product(range(size), repeat=len(names))]
