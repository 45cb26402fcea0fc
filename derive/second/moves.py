"""What a certificate's steps do to an equation, and how much of Taylor's series a term needs; terms as in evaluate.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.second.evaluate import OFFSET, Term
from derive.second.germs import NoMeaning

FLOW_ORDER = 2  # powers of a time to which a flow is expanded and compared
LINE = (("prod", ("num", "-1"), ("oo",)), ("oo",))
SUBTERMS = {
    "delta": (2,), "theta": (1,), "pow": (1,), "comm": (1, 2), "tr": (1,), "lsum": (2,), "d": (2,), "int": (2, 3, 4),
    "avg": (1,), "flow": (1, 2), "at": (1, 3), "coef": (3,), "adj": (1,), "onlevels": (2,),
}  # fmt: skip


def frozen(data: Any) -> Any:
    """JSON lists as tuples."""
    return tuple(frozen(part) for part in data) if isinstance(data, list | tuple) else data


def parts(term: Term) -> tuple[Term, ...]:
    if term[0] in ("sum", "prod"):
        return tuple(term[1:])
    if term[0] == "fun":
        arguments: tuple[Term, ...] = term[3]
        return arguments
    return tuple(term[k] for k in SUBTERMS.get(term[0], ()))


def walk(term: Term) -> Iterator[Term]:
    yield term
    for part in parts(term):
        yield from walk(part)


def changed(term: Term, change: Any) -> Term:
    """The term with each direct subterm changed."""
    made: Term
    if term[0] in ("sum", "prod"):
        made = (term[0], *(change(part) for part in term[1:]))
        return made
    if term[0] == "fun":
        made = (*term[:3], tuple(change(part) for part in term[3]), *term[4:])
        return made
    places = SUBTERMS.get(term[0], ())
    made = tuple(change(part) if k in places else part for k, part in enumerate(term))
    return made


def moved(residual: Term, moves: Any, premises: list[tuple[Term, Term]]) -> Term:
    """The residual after the rules of a step, one by one."""
    for move in map(frozen, moves):
        match move:
            case ("left", factor):
                residual = ("prod", factor, residual)
            case ("right", factor):
                residual = ("prod", residual, factor)
            case ("trace",):
                residual = ("tr", residual)
            case ("d", token):
                residual = ("d", token, residual)
            case ("integral", token):
                residual = ("int", token, *LINE, residual)
            case ("levels", name):
                residual = ("lsum", name, residual)
            case ("function", name, body):
                residual = _with_function(residual, name, body)
            case ("operator", name, body):
                residual = _with_operator(residual, name, body)
            case ("index", name, k):
                residual = _with_index(residual, name, k)
            case ("scales", place):
                residual = _two_times(residual, *premises[place])
            case ("order", parameter, order):
                residual = ("coef", parameter, order, residual)
            case ("at", token, value):
                residual = ("at", residual, token, value)
            case ("commutes", body):
                residual = _with_function_of_h(residual, body)
            case ("flow", time, hbar):
                residual = ("flow", residual, time, ("par", hbar))
            case _:
                raise NoMeaning(f"the rule {move!r:.40}")
    return residual


def _with_function_of_h(residual: Term, body: Term) -> Term:
    """[X, f(H)] for the residual [X, H] - 0, whichever way round it stands."""
    if any(part[0] in ("op", "ham", "comm", "flow", "bra", "ket") for part in walk(body)):
        raise NoMeaning("what is to commute is no function of H")
    found = [part for part in walk(residual) if part[0] == "comm"]
    others = [part for part in walk(residual) if part[0] in ("op", "ham") and not any(part in walk(one) for one in found)]
    if (
        len(found) != 1
        or others
        or any(part[0] == "sum" and part != residual for part in walk(residual) if found[0] in walk(part))
    ):
        raise NoMeaning("a premise that is no [X, H] = 0")
    _, x, y = found[0]
    if "ham" not in (x[0], y[0]):
        raise NoMeaning("a premise that is no [X, H] = 0")
    operator, hamiltonian = (x, y) if y[0] == "ham" else (y, x)
    return ("comm", operator, _filled(body, hamiltonian))


def _with_function(term: Term, name: str, body: Term) -> Term:
    if term[0] == "fun" and term[1] == name:
        filled: Term = _filled(body, term[3][0])
        return filled
    return changed(term, lambda part: _with_function(part, name, body))


def _filled(body: Any, argument: Term) -> Any:
    if body == ("hole",):
        return argument
    return tuple(_filled(part, argument) for part in body) if isinstance(body, tuple) else body


def _with_operator(term: Term, name: str, body: Term) -> Term:
    if term[0] == "op" and term[1] == name:
        return body
    return changed(term, lambda part: _with_operator(part, name, body))


def _with_index(term: Term, name: str, k: int) -> Term:
    if term[0] == "op" and isinstance(term[2], tuple) and term[2][0] == name:
        order = k + term[2][1]
        coords = tuple(c for c in term[3] if not (order in term[2][2:] and c.startswith("time:")))
        return ("op", term[1], order, coords, term[4])
    return changed(term, lambda part: _with_index(part, name, k))


def _two_times(term: Term, symbol: Term, series: Term) -> Term:
    dots = next(part for part in walk(series) if part[0] == "series")
    fast = next(c for c in dots[2] if c.startswith("time:"))
    slow = next(c for c in dots[2] if c.startswith("slow:"))
    if term == symbol:
        return series
    if term[0] == "d" and term[1] == fast:
        inner = _two_times(term[2], symbol, series)
        return ("sum", ("d", fast, inner), ("prod", ("par", dots[4]), ("d", slow, inner)))
    return changed(term, lambda part: _two_times(part, symbol, series))


# how far to expand


def in_reach(terms: list[Term], definitions: list[tuple[Term, Term]]) -> list[Term]:
    """Every subterm of the terms and of the definitions that they use."""
    every = [part for term in terms for part in walk(term)]
    left = list(definitions)
    while True:
        used = [pair for pair in left if any(_names(pair[0], part) for part in every)]
        if not used:
            return every
        left = [pair for pair in left if pair not in used]
        every += [part for _, body in used for part in walk(body)]


def _names(symbol: Term, part: Term) -> bool:
    """Whether a subterm is an occurrence of the symbol of a definition."""
    if symbol[0] != part[0]:
        return False
    return symbol[0] == "avg" or (symbol[0] == "fun" and symbol[1] == part[1]) or symbol == part


def running(every: list[Term]) -> set[str]:
    """The times that a flow or an integral over a time makes run: series in them are compared up to FLOW_ORDER."""
    held = any(
        inner[0] == "coord" and inner[1].startswith("time:") for part in every if part[0] == "at" for inner in walk(part[3])
    )
    if not held and not any(part[0] == "flow" or (part[0] == "int" and part[1].startswith("time:")) for part in every):
        return set()
    found = {part[1] for part in every if part[0] in ("coord", "int", "d")} | {part[2] for part in every if part[0] == "at"}
    return {token for token in found if token.startswith("time:")}


INSIDE = 3  # how deep integrals over energies, and values of fields at levels, may stand inside one another


def bounds(terms: list[Term], definitions: list[tuple[Term, Term]]) -> dict[str, int]:
    """For every coordinate the powers of its increment that the values of the terms need."""
    every = in_reach(terms, definitions)
    depth: dict[str, int] = {}
    for token in {part[1] for part in every if part[0] == "d"} | {t for part in every for t in _derived(part)}:
        depth[token] = max((_nested(term, token, tuple(definitions)) for term in terms), default=0)
    times = running(every)
    if times:
        most = FLOW_ORDER + max((depth.get(t, 0) for t in times), default=0)
        depth |= dict.fromkeys(times, most)
    slow = sum(k for token, k in depth.items() if token.startswith("slow:"))
    deltas = max((part[1] for part in every if part[0] == "delta"), default=0)
    energies = {part[1] for part in every if part[0] in ("coord", "d", "int") and part[1].startswith("energy:")}
    energies |= {part[2] for part in every if part[0] == "avg"}
    most = max((depth.get(token, 0) for token in energies), default=0) + slow + deltas
    if energies or any(part[0] in ("delta", "theta") for part in every):
        depth |= dict.fromkeys([*energies, *(f"energy:inside {k}" for k in range(INSIDE))], most)
    for part in every:
        if part[0] == "coef":
            if isinstance(part[2], int):
                depth[f"order:{part[1]}"] = max(depth.get(f"order:{part[1]}", 0), part[2])
            else:
                depth[f"order:{part[1]}"], depth[f"general:{part[1]}"] = OFFSET + 2, 1
    return depth


def _derived(part: Term) -> list[str]:
    """The coordinates in which a function is differentiated before they are put in."""
    if part[0] != "fun":
        return []
    return [a[1] for a, k in zip(part[3], part[2], strict=True) if k and a[0] == "coord"]


def _nested(term: Term, token: str, definitions: tuple[tuple[Term, Term], ...]) -> int:
    """How many derivatives in a coordinate stand inside one another, definitions put in."""
    inner: int = max((_nested(part, token, definitions) for part in parts(term)), default=0)
    for symbol, body in definitions:
        if _names(symbol, term):
            others = tuple(pair for pair in definitions if pair[0] != symbol)
            inner = max(inner, _nested(body, token, others))
            if symbol[0] == "avg":
                inner = max(inner, _nested(body, token, others) + _nested(term[1], token, definitions))
    if term[0] == "d":
        return inner + int(term[1] == token)
    if term[0] == "fun":
        return inner + sum(int(k) for a, k in zip(term[3], term[2], strict=True) if a == ("coord", token))
    return inner
