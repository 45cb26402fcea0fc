"""Whether a term is a number, an operator, a ket or a bra, so that no equation compares, and no trace takes, one for another.

A number beside an operator stands for that multiple of the unit, so its trace is the number times the dimension.  Therefore
<n|A|m>, a number, must not come in where the rules have put an operator: Tr(X Y) = Tr(Y X) says nothing of X = |n>, Y = <n|.
"""

from __future__ import annotations

from derive.kernel.errors import Malformed
from derive.kernel.terms import ZERO, Term, children

NUMBER, OPERATOR, KET, BRA = "number", "operator", "ket", "bra"
_LEAVES = {"ham": OPERATOR, "op": OPERATOR, "series": OPERATOR, "onlevels": OPERATOR, "hole": OPERATOR, "ket": KET, "bra": BRA}
_PRODUCTS = {
    (OPERATOR, OPERATOR): OPERATOR,
    (OPERATOR, KET): KET,
    (BRA, OPERATOR): BRA,
    (BRA, KET): NUMBER,
    (KET, BRA): OPERATOR,
}


def shape(term: Term) -> str:
    """The shape of a term; Malformed where a vector stands in a place for numbers and operators, or a product does not fit."""
    head = term[0]
    if head in _LEAVES:
        return _LEAVES[head]
    if head == "sum":
        return _common(children(term))
    inner = [shape(child) for child in children(term)]
    match head:
        case "prod":
            made = NUMBER
            for other in inner:
                made = _product(made, other)
            return made
        case "comm":
            return _agreed({_product(*inner), _product(*reversed(inner))})
        case "d" | "lsum" | "coef" | "at":
            return inner[0]
        case "int":
            return inner[2]
        case "tr" | "avg":
            made = NUMBER
        case _:
            made = OPERATOR if OPERATOR in inner else NUMBER
    if {KET, BRA} & set(inner):
        raise Malformed(f"{head}: expected a number or an operator, came a vector")
    return made


def require_equal_shapes(equation: tuple[Term, Term]) -> None:
    """Malformed where the sides of an equation, or the terms of a sum in it, are not of one shape."""
    _common(equation)


def _product(left: str, right: str) -> str:
    if NUMBER in (left, right):
        return right if left == NUMBER else left
    if (left, right) not in _PRODUCTS:
        raise Malformed(f"product: expected factors that fit, came a {left} before a {right}")
    return _PRODUCTS[left, right]


def _common(terms: tuple[Term, ...]) -> str:
    """The one shape of the terms of a sum; zero is of every shape."""
    return _agreed({shape(term) for term in terms if term != ZERO})


def _agreed(found: set[str]) -> str:
    if found <= {NUMBER, OPERATOR}:
        return OPERATOR if OPERATOR in found else NUMBER
    if len(found) > 1:
        raise Malformed(f"sum: expected terms of one shape, came {' and '.join(sorted(found))}")
    return found.pop()
