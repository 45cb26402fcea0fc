"""What the kernel reads: terms, nested tuples of strings and integers, and nothing else.

Coordinates are tokens `kind:name`, kind one of energy, time, slow.  Heads and their fields:

    num p/q | i | par name | coord token | level n | oo | unprinted | undefined name
    ham name coords                      the frozen Hamiltonian; coords: tokens it depends on
    op name index coords arbitrary       an operator; index: "", an integer, or symbolic
    fun name orders args smooth arbitrary
    delta k x | theta x                  of an argument affine in one energy
    sum a.. | prod a.. | pow a k | comm a b | adj a | tr a | lsum n a | bra n | ket n
    d token a | int token lower upper a | avg a token | flow a time hbar | at a token value
    series name coords slow_only parameter start
    coef parameter order a               the coefficient of parameter^order; order an integer or (order name, shift)
    onlevels token a                     the function of H whose value at E_n is that of the field a at E = E_n

The index of a member of a family is an integer, or (order name, shift, *slow_only) with the orders that know no fast time.

A term is data: it is compared by equality, substituted in, and stored as JSON lists.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from derive.kernel.errors import Malformed, Unsupported
from derive.kernel.grammar import check_fields

Term = tuple[Any, ...]

ARITY = {
    "num": 1,
    "i": 0,
    "par": 1,
    "coord": 1,
    "level": 1,
    "oo": 0,
    "unprinted": 0,
    "undefined": 1,
    "ham": 2,
    "op": 4,
    "fun": 5,
    "delta": 2,
    "theta": 1,
    "sum": None,
    "prod": None,
    "pow": 2,
    "comm": 2,
    "adj": 1,
    "tr": 1,
    "lsum": 2,
    "bra": 1,
    "ket": 1,
    "d": 2,
    "int": 4,
    "avg": 2,
    "flow": 3,
    "at": 3,
    "series": 5,
    "coef": 3,
    "onlevels": 2,
}

# positions of the subterms of each head; every other field is plain data
CHILDREN = {
    "delta": (2,),
    "theta": (1,),
    "pow": (1,),
    "comm": (1, 2),
    "adj": (1,),
    "tr": (1,),
    "lsum": (2,),
    "d": (2,),
    "int": (2, 3, 4),
    "avg": (1,),
    "flow": (1, 2),
    "at": (1, 3),
    "coef": (3,),
    "onlevels": (2,),
}

ZERO: Term = ("num", "0")
ONE: Term = ("num", "1")


def number(value: int | Fraction) -> Term:
    return ("num", str(Fraction(value)))


def add(*terms: Term) -> Term:
    return ("sum", *terms)


def mul(*factors: Term) -> Term:
    return ("prod", *factors)


def neg(term: Term) -> Term:
    return ("prod", ("num", "-1"), term)


def sub(left: Term, right: Term) -> Term:
    return ("sum", left, neg(right))


def children(term: Term) -> tuple[Term, ...]:
    """The direct subterms."""
    head = term[0]
    if head in ("sum", "prod"):
        return term[1:]
    if head == "fun":
        children_of: tuple[Term, ...] = term[3]
        return children_of
    return tuple(term[k] for k in CHILDREN.get(str(head), ()))


def rebuild(term: Term, change: Callable[[Term], Term]) -> Term:
    """The term with `change` applied to each direct subterm."""
    head = term[0]
    if head in ("sum", "prod"):
        return (head, *(change(t) for t in term[1:]))
    if head == "fun":
        return (*term[:3], tuple(change(t) for t in term[3]), *term[4:])
    places = CHILDREN.get(head, ())
    if not places:
        return term
    return tuple(change(part) if k in places else part for k, part in enumerate(term))


@lru_cache(maxsize=1 << 16)
def walk(term: Term) -> tuple[Term, ...]:
    """The term and all subterms, outermost first.  Terms are data and are asked again and again, so the answer is kept."""
    return (term, *(part for child in children(term) for part in walk(child)))


def coordinates_in(term: Term) -> set[str]:
    """The tokens that stand as coordinates in the term, bound or free."""
    found = {part[1] for part in walk(term) if part[0] in ("coord", "d", "int", "onlevels")}
    found |= {part[2] for part in walk(term) if part[0] in ("avg", "at")}
    return found


def replace_term(term: Term, old: Term, new: Term) -> Term:
    """Every occurrence of the subterm `old` replaced by `new`."""
    if term == old:
        return new
    return rebuild(term, lambda child: replace_term(child, old, new))


def rename_coordinates(term: Term, names: dict[str, str]) -> Term:
    """Coordinates renamed everywhere, bound ones included; `names` must be injective.  An operator is known at its own
    coordinates only: one that depends on a renamed coordinate is Unsupported."""
    head = term[0]
    for token in dependence(term):
        if names.get(token, token) != token:
            raise Unsupported(f"{term[1]} at another {token.replace(':', ' ')}: an operator is known at its own coordinates only")
    term = rebuild(term, lambda child: rename_coordinates(child, names))
    if head in ("coord", "d", "int", "onlevels"):
        return (head, names.get(term[1], term[1]), *term[2:])
    if head in ("avg", "at"):
        return (head, term[1], names.get(term[2], term[2]), *term[3:])
    return term


def dependence(term: Term) -> tuple[str, ...]:
    """The coordinates that a symbol depends on without showing them as arguments."""
    place = {"ham": 2, "op": 3, "series": 2}.get(str(term[0]))
    return () if place is None else tuple(term[place])


def rename_levels(term: Term, names: dict[str, str]) -> Term:
    """Level labels renamed everywhere and all at once, so that two can change places."""
    head = term[0]
    term = rebuild(term, lambda child: rename_levels(child, names))
    if head in ("level", "bra", "ket", "lsum") and term[1] in names:
        return (head, names[term[1]], *term[2:])
    return term


def from_json(data: Any, hole: bool = False) -> Term:
    """A term from JSON lists, checked against the grammar; Malformed otherwise.  With `hole`, ("hole",) may stand for what is
    still to be put in."""
    term: Term = _freeze(data)
    _check(term, hole)
    return term


def to_json(term: Any) -> Any:
    """A term as JSON lists."""
    return [to_json(part) for part in term] if isinstance(term, tuple) else term


def _freeze(data: Any) -> Any:
    if isinstance(data, list | tuple):
        return tuple(_freeze(part) for part in data)
    if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)):
        return data
    raise Malformed(f"term: expected lists of strings and integers, came {type(data).__name__}")


def _check(term: Any, hole: bool) -> None:
    if hole and term == ("hole",):
        return
    if not isinstance(term, tuple) or not term or not isinstance(term[0], str) or term[0] not in ARITY:
        raise Malformed(f"term: expected one of {', '.join(ARITY)} with its fields, came {str(term)[:60]}")
    head = term[0]
    arity = ARITY[head]
    if arity is not None and len(term) != arity + 1:
        raise Malformed(f"term {head}: expected {arity} fields, came {len(term) - 1}")
    check_fields(term)
    for child in children(term):
        _check(child, hole)
