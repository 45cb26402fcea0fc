"""The coefficient of a power of a small parameter, numbered or generic."""

from __future__ import annotations

from typing import Any

from derive.kernel.algebra import Atom, Expression, Letter, Scalars, add_into
from derive.kernel.errors import Unsupported


def coefficient_of(x: Expression, parameter: str, order: int | tuple[str, int]) -> Expression:
    """The coefficient of parameter^order.  A symbolic order (name, shift) picks, from a series member of generic order `*`,
    the member of that order minus the explicit power; explicit members lie below every symbolic order.

    A numbered order is read off powers that stand in the open: the dots of a series must have been written out (up to that order,
    so nothing may be divided by the parameter), and nothing else may hold the parameter."""
    total: Expression = {}
    item = ("par", parameter)
    for (scalars, word), coefficient in x.items():
        exponent = dict(scalars).get(item, 0)
        rest = tuple(pair for pair in scalars if pair[0] != item)
        generic = _generic_count(rest) + sum(_is_generic(letter) for letter in word)
        if _occurrences((rest, word), item):
            raise Unsupported(f"a coefficient of a power of {parameter}, which stands inside something else")
        if _occurrences((rest, word), "*") != _heads(rest) + sum(_is_generic(letter) for letter in word):
            raise Unsupported("a coefficient of what holds a series otherwise than as a factor, or under a trace")
        if isinstance(order, int):
            if generic or exponent < 0:
                raise Unsupported(f"a numbered order of a series with dots, or of what is divided by {parameter}")
            if exponent == order:
                add_into(total, {(rest, word): coefficient})
            continue
        name, shift = order
        if generic > 1:
            raise Unsupported("a symbolic order of an equation that is not linear in the series")
        if generic == 1:
            index = (name, shift - exponent)
            chosen = tuple(_at_index(letter, index) for letter in word)
            more: Scalars = tuple(((it[0], _atom_at_index(it[0], index))[1], it[1]) for it in rest)
            add_into(total, {(tuple(sorted(more, key=repr)), chosen): coefficient})
    return total


def explicit_orders(x: Expression, parameter: str) -> int:
    """The highest power of the parameter before what is no generic member of a series."""
    found = [0]
    for scalars, word in x:
        if not _heads(scalars) and not any(map(_is_generic, word)):
            found.append(dict(scalars).get(("par", parameter), 0))
    return max(found)


def numbered(x: Expression, name: str, k: int) -> Expression:
    """The expression at the number k of a symbolic order; what depends on the fast time is 0 differentiated where it does not."""
    total: Expression = {}
    for (scalars, word), coefficient in x.items():
        letters = [letter for item, _ in scalars if item[0] == "tr" for letter in item[1]]
        changed = {letter: _numbered(letter, name, k) for letter in (*letters, *word) if _is_member(letter, name)}
        if any(token not in letter[3] for letter in changed.values() for token, _ in letter[4]):
            continue
        made = [(("tr", tuple(changed.get(one, one) for one in it[1])) if it[0] == "tr" else it, e) for it, e in scalars]
        add_into(total, {(tuple(sorted(made, key=repr)), tuple(changed.get(one, one) for one in word)): coefficient})
    return total


def _is_member(letter: Letter, name: str) -> bool:
    return letter[0] == "op" and isinstance(letter[2], tuple) and letter[2][0] == name


def _numbered(letter: Letter, name: str, k: int) -> Letter:
    order = k + letter[2][1]
    coords = tuple(c for c in letter[3] if not c.startswith("time:")) if order in letter[2][2:] else letter[3]
    return ("op", letter[1], order, coords, *letter[4:])


def _occurrences(x: Any, part: Any) -> int:
    """How often something stands inside nested data."""
    if x == part:
        return 1
    return sum(_occurrences(inner, part) for inner in x) if isinstance(x, tuple) else 0


def _is_generic(letter: Letter) -> bool:
    return letter[0] == "op" and isinstance(letter[2], tuple) and letter[2][0] == "*"


def _generic_count(scalars: Scalars) -> int:
    return sum(k * _heads(((item, k),)) for item, k in scalars)


def _heads(scalars: Scalars) -> int:
    """The series that stand under traces, each trace counted once whatever its power."""
    return sum(_is_generic(letter) for item, _ in scalars if item[0] == "tr" for letter in item[1])


def _at_index(letter: Letter, index: tuple[str, int]) -> Letter:
    return (*letter[:2], (*index, *letter[2][3:]), *letter[3:]) if _is_generic(letter) else letter


def _atom_at_index(item: Atom, index: tuple[str, int]) -> Atom:
    return ("tr", tuple(_at_index(letter, index) for letter in item[1])) if item[0] == "tr" else item
