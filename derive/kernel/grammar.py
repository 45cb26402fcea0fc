"""The fields of a term that are no terms: names, coordinates, orders, flags.

A field of another type than its head expects may mean one thing to one rule of the kernel and another thing to the next: a string
of coordinates is searched for a substring here and taken letter by letter there.  So each head says what its fields are.  Names
keep clear of what the kernel calls its own bound variables, summed levels and ends of lines, and of the marks by which a
model's keys are told apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.kernel.errors import Malformed

KINDS = ("energy", "time", "slow")
RESERVED = frozenset("#~<>|?,*")


def is_name(x: Any) -> bool:
    return isinstance(x, str) and bool(x) and x.isprintable() and not RESERVED & set(x)


def is_token(x: Any) -> bool:
    """A coordinate, `kind:name`."""
    return isinstance(x, str) and x.partition(":")[0] in KINDS and is_name(x.partition(":")[2])


def is_order(x: Any) -> bool:
    """A number of derivatives, or a power that a series starts at."""
    return type(x) is int and x >= 0


def _tokens(x: Any) -> bool:
    return isinstance(x, tuple) and all(map(is_token, x)) and len(set(x)) == len(x)


def _orders(x: Any) -> bool:
    return isinstance(x, tuple) and all(map(is_order, x))


def _flag(x: Any) -> bool:
    return type(x) is int and x in (0, 1)


def _integer(x: Any) -> bool:
    return type(x) is int


def _number(x: Any) -> bool:
    """In lowest terms, so that zero has one name."""
    try:
        return isinstance(x, str) and str(Fraction(x)) == x
    except (ValueError, ZeroDivisionError):
        return False


def _index(x: Any) -> bool:
    """Of a member of a family: none, a number, or (order, shift, orders that know no fast time..)."""
    return x == "" or is_order(x) or (_power(x[:2]) and _orders(x[2:]) if isinstance(x, tuple) else False)


def _power(x: Any) -> bool:
    """Of a small parameter: a number, or (order, shift)."""
    return _integer(x) or (isinstance(x, tuple) and len(x) == 2 and is_name(x[0]) and _integer(x[1]))


def _parameter(x: Any) -> bool:
    return isinstance(x, tuple) and len(x) == 2 and x[0] == "par" and is_name(x[1])


def _terms(x: Any) -> bool:
    return isinstance(x, tuple)


# what the fields of each head are, by their places; those that are terms are checked as terms
FIELDS: dict[str, dict[int, tuple[str, Callable[[Any], bool]]]] = {
    "num": {1: ("p/q in lowest terms", _number)},
    "par": {1: ("a name", is_name)},
    "coord": {1: ("a coordinate kind:name", is_token)},
    "level": {1: ("a name", is_name)},
    "undefined": {1: ("a name", is_name)},
    "ham": {1: ("a name", is_name), 2: ("coordinates", _tokens)},
    "op": {
        1: ("a name", is_name),
        2: ("an index", _index),
        3: ("coordinates", _tokens),
        4: ("0 or 1 for arbitrary", _flag),
    },
    "fun": {
        1: ("a name", is_name),
        2: ("orders", _orders),
        3: ("arguments", _terms),
        4: ("0 or 1 for smooth", _flag),
        5: ("0 or 1 for arbitrary", _flag),
    },
    "delta": {1: ("an integer order, not negative", is_order)},
    "pow": {2: ("an integer order", _integer)},
    "lsum": {1: ("a name", is_name)},
    "bra": {1: ("a name", is_name)},
    "ket": {1: ("a name", is_name)},
    "d": {1: ("a coordinate kind:name", is_token)},
    "int": {1: ("a coordinate kind:name", is_token)},
    "avg": {2: ("a coordinate kind:name", is_token)},
    "flow": {3: ("a parameter for hbar", _parameter)},
    "at": {2: ("a coordinate kind:name", is_token)},
    "series": {
        1: ("a name", is_name),
        2: ("coordinates", _tokens),
        3: ("orders", _orders),
        4: ("a name of a parameter", is_name),
        5: ("an order to start at", is_order),
    },
    "coef": {1: ("a name of a parameter", is_name), 2: ("an order", _power)},
    "onlevels": {1: ("a coordinate kind:name", is_token)},
}


def check_fields(term: tuple[Any, ...]) -> None:
    """Malformed where a field of the term is not what its head expects."""
    for place, (expected, fits) in FIELDS.get(term[0], {}).items():
        if not fits(term[place]):
            raise Malformed(f"term {term[0]}: expected {expected}, came {term[place]!r:.60}")
    if term[0] == "fun" and len(term[2]) != len(term[3]):
        raise Malformed(f"function {term[1]}: expected as many orders as arguments")
