"""What must be so besides, for a certificate or a model to show what it says: no value on a model tells of these.

An instance may be taken of what is arbitrary, and depend on nothing in which its equation differentiates, integrates or sums;
orders are compared once a series is put in; what one divides by is declared nonzero; and a model is of Hermitian matrices with
distinct levels, real functions and positive constants, at which every premise is asked for.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.second.germs import Disagrees, NoMeaning
from derive.second.ground import Term
from derive.second.moves import frozen, walk

OPERATORS = {"op", "ham", "bra", "ket", "comm", "adj", "flow"}
FORMS = {"scales", "order", "index"}


def refuse_unnamed(hamiltonian: Any, terms: list[Term]) -> None:
    """NoMeaning where a slow derivative, or a slow time held, stands beside levels or flows of a Hamiltonian without a name."""
    every = [part for term in terms for part in walk(term)] if not hamiltonian[0] else []
    tokens = [part[1] if part[0] == "d" else part[2] for part in every if part[0] in ("d", "at")]
    spectral = any(part[0] in ("flow", "level", "bra", "ket", "onlevels", "avg") for part in every)
    if spectral and any(token.startswith("slow:") for token in tokens):
        raise NoMeaning("how levels and flows of a Hamiltonian without a name move")


def refuse_steps(steps: Any, premises: list[tuple[Term, Term]]) -> None:
    """Disagrees where a step takes an instance it may not take, or compares orders of no series."""
    for step in steps:
        equation = premises[step["premise"]]
        moves = [frozen(move) for move in step["moves"]]
        for place, move in enumerate(moves):
            if move[0] in ("function", "operator"):
                _refuse_instance(move, [*equation, *(m[1] for m in moves[:place] if m[0] in ("left", "right"))])
            _refuse_order(moves, place)


def _refuse_order(moves: list[Any], place: int) -> None:
    if moves[place][0] == "order" and all(move[0] != "scales" for move in moves[:place]):
        raise Disagrees("orders of a parameter compared before a series in it is put in")


def _refuse_instance(move: Any, terms: list[Term]) -> None:
    kind, name, body = {"function": "fun", "operator": "op"}[move[0]], move[1], move[2]
    every = [part for term in terms for part in walk(term)]
    mine = [part for part in every if part[0] == kind and part[1] == name]
    if any(not part[-1] for part in mine):
        raise Disagrees(f"an instance of {name}, which is not arbitrary")
    if kind == "fun" and any(part[0] in OPERATORS for part in walk(body)):
        raise Disagrees(f"{name} stands for something that is no function of its argument")
    own = {token for part in mine if kind == "op" for token in part[3]}
    depends = {token for part in walk(body) if part[0] == "op" for token in part[3]}
    depends |= {part[1] for part in walk(body) if part[0] in ("coord", "level")}
    touched = {part[1] for part in every if part[0] in ("d", "int", "onlevels", "lsum")}
    touched |= {part[2] for part in every if part[0] in ("avg", "at")}
    if (depends - own) & touched:
        raise Disagrees(f"{name} stands for something that depends on what its equation is differentiated or summed in")


def refuse_another_hamiltonian(hamiltonian: Term, terms: list[Term]) -> None:
    """Disagrees where equations speak of a Hamiltonian that is not the one named, or of a second coordinate of its kind."""
    kinds = {token.partition(":")[0] for token in hamiltonian[2]}
    for part in (part for term in terms for part in walk(term)):
        if part[0] == "ham" and part != hamiltonian:
            raise Disagrees(f"the evidence names the Hamiltonian {hamiltonian[1]}, and its equations speak of another")
        known = part[3] if part[0] == "op" else part[1:2] if part[0] in ("coord", "d", "int", "onlevels") else ()
        for token in known:
            if token.partition(":")[0] in kinds and token not in hamiltonian[2]:
                raise Disagrees(f"a second coordinate {token} of the kind that the Hamiltonian depends on")


def refuse_divisions(data: Any, terms: list[Term]) -> None:
    """Disagrees where something is divided by that is no constant and not declared nonzero."""
    declared = {_anywhere(part) for entry in data["nonzero"] for part in _factors(frozen(entry["term"]))}
    for symbol, body in (map(frozen, data["premises"][k]["equation"]) for k in data["rewrites"]):
        if _anywhere(body) in declared:  # what is defined as something that does not vanish does not either
            declared.add(_anywhere(symbol))
    for term in terms:
        for part in walk(term):
            if part[0] == "pow" and part[2] < 0:
                for base in _factors(part[1]):
                    constant = base[0] in ("par", "i") or (base[0] == "num" and Fraction(base[1]))
                    if not constant and _anywhere(base) not in declared:
                        raise Disagrees("division by what no assumption declares nonzero")


def _factors(term: Term) -> list[Term]:
    if term[0] == "prod":
        return [factor for part in term[1:] for factor in _factors(part)]
    return _factors(term[1]) if term[0] == "pow" else [term]


def _anywhere(x: Any) -> Any:
    """A term wherever it stands: coordinates by their kind."""
    if isinstance(x, tuple):
        return tuple(map(_anywhere, x))
    kind = x.partition(":")[0] if isinstance(x, str) else ""
    return kind if kind in ("energy", "time", "slow") else x


def refuse_commutant(operator: Term, function: Term, hamiltonian: Any) -> None:
    """The function of H that an operator is knows every coordinate that the operator knows."""
    known = {*map(str, hamiltonian[1]), *(a[1] for a in function[3] if a[0] == "coord")}
    if not set(operator[3]) <= known:
        raise Disagrees("the function knows fewer coordinates than the operator that it is to be")


def refuse_model(data: Any, values: dict[str, tuple[Fraction, Fraction]], premises: list[tuple[Term, Term]]) -> None:
    """Disagrees where the numbers are those of no physical model, or a premise is not asked for."""
    levels = [v for key, v in values.items() if key.startswith("level|")]
    if len(set(levels)) < len(levels) or any(im for _, im in levels):
        raise Disagrees("levels that coincide or are not real")
    for key, (re, im) in values.items():
        kind, *rest = key.split("|")
        if kind == "par" and (im or re <= 0):
            raise Disagrees(f"the constant {rest[0]} is not positive")
        if kind in ("coord", "fun", "gauge") and im:
            raise Disagrees(f"{key} is not real")
        if kind in ("op", "ham") and len(rest) >= 3:
            mirror = "|".join([kind, *rest[:-2], rest[-1], rest[-2]])
            if values.get(mirror, (re, -im)) != (re, -im):
                raise Disagrees(f"{key} is not Hermitian")
    _refuse_two_names(values)
    for k, (entry, equation) in enumerate(zip(data["premises"], premises, strict=True)):
        series = any(part[0] == "series" for side in equation for part in walk(side))
        if k in data["rewrites"] or (series and not entry["forms"]):
            continue
        if not entry["forms"]:
            raise Disagrees("a premise that is asked for in no form")
        for moves in map(frozen, entry["forms"]):
            for place, move in enumerate(moves):
                if move[0] not in FORMS:
                    raise Disagrees("a premise asked for in another form than its own, or its orders")
                _refuse_order(list(moves), place)


def refuse_expanded(claim: tuple[Term, ...], premises: list[tuple[Term, Term]], definitions: list[tuple[Term, Term]]) -> None:
    """Disagrees where a countermodel speaks of a state as a whole beside a series of it, or fixes the state by a definition."""
    for state, series in premises:
        if any(part[0] == "series" for part in walk(series)):
            spoken = [side for pair in (claim, *definitions) for side in pair]
            if any(part == state for side in spoken for part in walk(side)):
                raise Disagrees(f"{state[1]} stands as a whole beside a series of it")


def _refuse_two_names(values: dict[str, tuple[Fraction, Fraction]]) -> None:
    """A function at a level and at its number is one number."""
    seen: dict[Any, Any] = {}
    for key, number in values.items():
        kind, *rest = key.split("|")
        if kind == "fun" and len(rest) == 3:
            place = (*rest[:2], *(_place(point, values) for point in rest[2].split(",")))
            if seen.setdefault(place, number) != number:
                raise Disagrees(f"{key} has another value under another name")


def _place(point: str, values: dict[str, tuple[Fraction, Fraction]]) -> Any:
    at, _, shift = point.partition("-") if point[:1] != "-" else (point, "", "")
    ratio, _, level = at.rpartition("*")
    try:
        if f"level|{level[1:]}" in values and level[:1] == "E":
            return Fraction(ratio or 1) * values[f"level|{level[1:]}"][0] - Fraction(shift or 0)
        return Fraction(point)
    except ValueError:
        return point
