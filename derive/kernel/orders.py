"""The coefficient of a power of a small parameter, numbered or generic."""

from __future__ import annotations

from derive.kernel.algebra import Atom, Expression, Letter, Scalars, add_into
from derive.kernel.errors import Unsupported


def coefficient_of(x: Expression, parameter: str, order: int | tuple[str, int]) -> Expression:
    """The coefficient of parameter^order.  A symbolic order (name, shift) picks, from a series member of generic order `*`,
    the member of that order minus the explicit power; explicit members lie below every symbolic order."""
    total: Expression = {}
    item = ("par", parameter)
    for (scalars, word), coefficient in x.items():
        exponent = dict(scalars).get(item, 0)
        rest = tuple(pair for pair in scalars if pair[0] != item)
        if isinstance(order, int):
            if exponent == order:
                add_into(total, {(rest, word): coefficient})
            continue
        name, shift = order
        generic = _generic_count(rest) + sum(_is_generic(letter) for letter in word)
        if generic > 1:
            raise Unsupported("a symbolic order of an equation that is not linear in the series")
        if generic == 1:
            index = (name, shift - exponent)
            chosen = tuple(_at_index(letter, index) for letter in word)
            more: Scalars = tuple(((it[0], _atom_at_index(it[0], index))[1], it[1]) for it in rest)
            add_into(total, {(tuple(sorted(more, key=repr)), chosen): coefficient})
    return total


def _is_generic(letter: Letter) -> bool:
    return letter[0] == "op" and isinstance(letter[2], tuple) and letter[2][0] == "*"


def _generic_count(scalars: Scalars) -> int:
    return sum(k * sum(_is_generic(letter) for letter in item[1]) for item, k in scalars if item[0] == "tr")


def _at_index(letter: Letter, index: tuple[str, int]) -> Letter:
    return (*letter[:2], (*index, *letter[2][1:]), *letter[3:]) if _is_generic(letter) else letter


def _atom_at_index(item: Atom, index: tuple[str, int]) -> Atom:
    return ("tr", tuple(_at_index(letter, index) for letter in item[1])) if item[0] == "tr" else item
