"""What an equation that holds only up to something says exactly, so that it may be used as a premise.

    a = b modulo eps^k               a = b + eps^k R
    a = b modulo a derivative in x   a = b + d_x R

with a remainder R of which nothing else is known, a function of the coordinates that the equation speaks of, or an operator that
depends on them.  Where the equation holds for whatever an arbitrary symbol stands for, or at a level, R would depend on that too:
then there is no such equation.
"""

from __future__ import annotations

from derive.kernel.countermodel import arbitrary_in
from derive.kernel.rules import Equation as KernelEquation
from derive.kernel.terms import Term, add, children, coordinates_in, dependence, walk
from derive.language import Equation, Exactly, LanguageError, ModuloDerivative, ModuloPower
from derive.lower import lower, token

BESIDE = ("level", "bra", "ket", "lsum", "series")  # what a remainder would depend on besides coordinates


def made_exact(name: str, equation: Equation) -> KernelEquation | None:
    """The equation called `name`, with its readings decided, as one that holds exactly; None where there is none."""
    left, right = lower(equation.args[0]), lower(equation.args[1])
    if isinstance(equation.modulo, Exactly):
        return left, right
    parts = [part for side in (left, right) for part in walk(side)]
    if arbitrary_in(left) | arbitrary_in(right) or any(part[0] in BESIDE for part in parts):
        return None
    bound = {part[1] for part in parts if part[0] == "int"} | {part[2] for part in parts if part[0] in ("avg", "at")}
    coordinates = sorted({c for side in (left, right) for c in coordinates_in(side)}.union(*map(dependence, parts)))
    known = tuple(c for c in coordinates if c not in bound)
    remainder: Term
    if _is_operator(left) or _is_operator(right):
        remainder = ("op", f"R of ({name})", "", tuple(c for c in known if not c.startswith("energy:")), 0)
    else:
        remainder = ("fun", f"R of ({name})", (0,) * len(known), tuple(("coord", c) for c in known), 1, 0)
    match equation.modulo:
        case ModuloPower(args=(parameter, exponent)):
            rest: Term = ("prod", ("pow", lower(parameter), int(exponent)), remainder)
        case ModuloDerivative(args=(coordinate,)):
            rest = ("d", token(coordinate), remainder)
        case _:
            raise LanguageError(f"an equation modulo {equation.modulo}: expected nothing, a derivative or a power of a parameter")
    return left, add(right, rest)


def _is_operator(term: Term) -> bool:
    """Whether a term is an operator, or a function of one."""
    match term[0]:
        case "op" | "ham" | "comm" | "adj" | "flow":
            return True
        case "tr" | "avg":
            return False
    return any(map(_is_operator, children(term)))
