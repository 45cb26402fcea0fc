"""Whether an operator equation keeps a Hermitian operator Hermitian.

An equation c d_x X + rest = 0 between operators, with a real or an imaginary number c before the rate, gives d_x X = -rest/c.
With H, X and the other operators Hermitian and all functions and parameters real, the rate is Hermitian exactly when the residual
r satisfies

    r^dagger = r   (c real),      r^dagger = -r   (c imaginary).

Both sides are words in independent letters; derive/kernel/normal.py decides whether they are equal in every dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.kernel.terms import Term, add, children, mul, neg, number, rebuild, sub, walk

UNTOUCHED = ("num", "par", "coord", "ham", "op", "fun")


def adjoint(term: Term) -> Term:
    """The adjoint of a term of Hermitian letters and real functions; Unsupported for a head it has no line for."""
    match term:
        case ("i",):
            return neg(term)
        case ("prod", *factors):
            return mul(*(adjoint(factor) for factor in reversed(factors)))
        case ("comm", left, right):
            return ("comm", adjoint(right), adjoint(left))
        case ("sum" | "pow" | "d", *_):
            return rebuild(term, adjoint)
    if term[0] in UNTOUCHED:
        return term
    raise Unsupported(f"the adjoint of {term[0]!r}")


def is_hermitian(equation: tuple[Term, Term], time: str) -> bool:
    """Whether the equation's one rate of an operator is Hermitian; Unsupported where there is no such rate."""
    residual = sub(*equation)
    rates = [part for part in summands(residual) if any(is_rate(inner, time) for inner in walk(part))]
    phase = rate_phase(rates[0], time) if len(rates) == 1 else None
    if phase is None:
        raise Unsupported("expected one term with the rate of an operator, and before it a number")
    sign = number(-1 if phase.im else 1)
    return vanishes(Interpreter(frame_of(residual))(sub(adjoint(residual), mul(sign, residual))))


def summands(term: Term) -> Iterator[Term]:
    """The terms of a sum, numbers multiplied in."""
    match term:
        case ("sum", *parts):
            for part in parts:
                yield from summands(part)
        case ("prod", ("num", value), ("sum", *parts)):
            yield from summands(add(*(mul(("num", value), part) for part in parts)))
        case _:
            yield term


def is_rate(term: Term, time: str) -> bool:
    """Whether the term is a derivative in the time of what holds an operator other than H."""
    return bool(term[0] == "d" and term[1] == time and any(part[0] == "op" for part in walk(term[2])))


def rate_phase(term: Term, time: str) -> Gaussian | None:
    """The power of i in a product of numbers, parameters and the rate of one operator; None for any other term."""
    rates, phase = 0, ONE
    for factor in _factors(term):
        base = factor[1] if factor[0] == "pow" else factor
        if is_rate(factor, time) and factor[2][0] == "op":
            rates += 1
        elif factor == ("i",):
            phase = phase * IMAGINARY
        elif base[0] != "par" and not (base[0] == "num" and Fraction(base[1])):
            return None
    return phase if rates == 1 else None


def _factors(term: Term) -> Iterator[Term]:
    if term[0] == "prod":
        for part in children(term):
            yield from _factors(part)
    else:
        yield term
