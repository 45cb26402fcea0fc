"""An equation in one time as an equation in two, order by order in the small parameter.

Along tau = eps t a quantity q(t, eps t) has d q/dt = (d_t + eps d_tau) q.  The exact state, and what is defined by it as a
function of the fast time alone, are differentiated in this sense; the coefficients of its series know both times, and d_t of
them is partial. The series cut off before eps^k differs from the state by eps^k times something smooth, which an equation
modulo eps^k does not see.
"""

from __future__ import annotations

from derive.kernel.errors import Malformed, Unsupported
from derive.kernel.rules import Equation
from derive.kernel.terms import Term, add, mul, rebuild, walk


def clock_of(ansatz: Equation) -> tuple[str, str, str]:
    """(fast time, slow time, parameter) of a premise `operator = its series`; Malformed where it is none."""
    dots = [part for part in walk(ansatz[1]) if part[0] == "series"]
    if ansatz[0][0] != "op" or len(dots) != 1:
        raise Malformed("two times: expected a premise `operator = its series`")
    fast = [c for c in dots[0][2] if c.startswith("time:")]
    slow = [c for c in dots[0][2] if c.startswith("slow:")]
    if len(fast) != 1 or len(slow) != 1:
        raise Malformed("two times: expected a series whose terms depend on one fast and one slow time")
    return fast[0], slow[0], dots[0][4]


def in_two_times(term: Term, ansatz: Equation) -> Term:
    """The term with d_t of what knows the fast time alone replaced by d_t + eps d_tau.  To be done before definitions are
    put in."""
    fast, slow, parameter = clock_of(ansatz)
    family = next(part[1] for part in walk(ansatz[1]) if part[0] == "series")

    def change(part: Term) -> Term:
        if part[0] == "d" and part[1] == fast and any(is_exact(inner, ansatz) for inner in walk(part[2])):
            if any(inner[0] == "op" and inner[1] == family for inner in walk(part[2])):
                raise Unsupported("two times: a derivative of the exact state together with a term of its series")
            inner = change(part[2])
            return add(("d", fast, inner), mul(("par", parameter), ("d", slow, inner)))
        return rebuild(part, change)

    return change(term)


def is_exact(part: Term, ansatz: Equation) -> bool:
    """Whether a symbol is the exact state, or a function that knows the fast time and not the slow one."""
    fast, slow, _ = clock_of(ansatz)
    if part[0] != "fun":
        return part == ansatz[0]
    known = {argument[1] for argument in part[3] if argument[0] == "coord"}
    return fast in known and slow not in known


def expanded(term: Term, ansatz: Equation, order: int) -> Term:
    """The term with the series, up to eps^(order - 1), put in for the state."""
    state, series = ansatz

    def member(dots: Term, k: int) -> Term:
        _, name, coords, slow_only, parameter, _ = dots
        at = tuple(c for c in coords if not c.startswith("time:")) if k in slow_only else coords
        return mul(("pow", ("par", parameter), k), ("op", name, k, at, 0))

    def written(part: Term) -> Term:
        if part[0] == "series":
            return add(*(member(part, k) for k in range(part[5], order)))
        return rebuild(part, written)

    value = written(series)

    def change(part: Term) -> Term:
        return value if part == state else rebuild(part, change)

    return change(term)
