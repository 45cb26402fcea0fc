"""Integrals over a time: kept as primitives, and done exactly once the levels are distinct.

    int_a^b dv F(v) = P_b - P_a,      P_x = the primitive of F at v = x

The variable v is bound: it is renamed to a name of the kernel's own, and the atom ("prim", v, x) in a monomial says that the rest
of the monomial is integrated over v, up to x.  The lower ends cancel in every difference, so no constant of integration enters.
Over distinct levels a monomial depends on v through exp(i k v (E_a - E_b)) and powers of v alone, and

    P_x = x^(m+1)/(m+1)  or  e^(l x) sum_j (-1)^j m!/(m-j)! x^(m-j)/l^(j+1),   l = i k (E_a - E_b);

a primitive at infinity stays a symbol.
"""

from __future__ import annotations

from typing import Any

from derive.kernel.algebra import Expression, add_into, atom, freeze, multiply
from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.terms import Term

INFINITE = {("oo",): "+", ("prod", ("num", "-1"), ("oo",)): "-"}


def limit_key(term: Term, value: Expression | None) -> Any:
    """A limit of integration as part of an atom: a sign for infinity, a frozen expression otherwise."""
    if term in INFINITE:
        return ("oo", INFINITE[term])
    if term == ("unprinted",) or value is None:
        raise Unsupported("an integral over a time whose limit is not printed")
    if any(word for _, word in value):
        raise Unsupported("an integral over a time up to an operator")
    return ("at", freeze(value))


def integral_over_time(body: Expression, token: str, bound: str, lower: Any, upper: Any) -> Expression:
    """The integral as a difference of primitives; `body` is already written in the bound variable."""
    total: Expression = {}
    endless = lower[0] == "oo" or upper[0] == "oo"
    if endless and not any(_mentions(monomial, bound) for monomial in body):
        raise Unsupported("an infinite integral over a time of what does not depend on it")
    for end, sign in ((upper, 1), (lower, -1)):
        add_into(total, multiply(atom(("prim", bound, end)), body), Gaussian(sign))
    return total


def _mentions(x: Any, token: str) -> bool:
    if isinstance(x, tuple):
        return any(_mentions(part, token) for part in x)
    return bool(x == token)


def bound_names(scalars: Any) -> list[str]:
    """The bound variables of a monomial, in the order of their limits."""
    return [item[1] for item, _ in sorted((pair for pair in scalars if pair[0][0] == "prim"), key=lambda p: repr(p[0][2]))]


def renamed(x: Any, names: dict[str, str]) -> Any:
    """Every occurrence of a token renamed, frozen expressions included."""
    if isinstance(x, tuple):
        return tuple(renamed(part, names) for part in x)
    return names.get(x, x) if isinstance(x, str) else x
