"""Words under the trace: scalars in front, quotients by a constant, and what drops.

A weighed word is a number and its factors.  Tr is linear, so scalars (numbers, i, parameters and their powers) stand before it.
A sum of words drops if the kernel's normal form of its trace is zero in every dimension, as that of Tr(g(H) [X, H]) is.  The
kernel multiplies out, so what would be too long for it is refused beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Any

from sympy import Basic

from derive.kernel import KernelError
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.language import Commutator, D, Imaginary, LanguageError, Parameter, Power, Product, Sum, Trace
from derive.language.atoms import Named
from derive.lower import lower
from derive.scales.errors import ScalesError
from derive.scales.grading import MAX_EXPONENT, Factors, total, word

Weighed = tuple[Fraction, Factors]

MOST_LEFT = 24  # words whose sums are tried under the trace
MOST_LETTERS = 20_000  # of what these are when multiplied out


def is_scalar(factor: Any) -> bool:
    if isinstance(factor, Power):
        return is_scalar(factor.base)
    if isinstance(factor, Product):
        return all(map(is_scalar, factor.args))
    return isinstance(factor, Imaginary | Parameter) or factor.is_Rational is True


def quotient(piece: Weighed, number: Fraction, divisors: Factors) -> Weighed:
    """A piece times `number` over the divisors: those that stand among its factors are struck out, 1/i = -i."""
    value, factors = piece[0] * number, list(piece[1])
    left = []
    for divisor in divisors:
        if divisor in factors:
            factors.remove(divisor)
        elif isinstance(divisor, Imaginary):
            value = -value
            left.append(divisor)
        else:
            left.append(Power(divisor, -1))
    return value, (*left, *factors)


def traced(weight: Basic, piece: Weighed) -> Weighed:
    """Tr(weight piece), the scalars in front."""
    number, factors = piece
    scalars = [f for f in factors if is_scalar(f)]
    return number, (*scalars, Trace(product(weight, tuple(f for f in factors if not is_scalar(f)))))


def product(weight: Basic, factors: Factors) -> Basic:
    all_of_them = (*(weight.args if isinstance(weight, Product) else (weight,)), *factors)
    return all_of_them[0] if len(all_of_them) == 1 else Product(*all_of_them)


def kept_under_trace(pieces: list[Weighed]) -> list[Weighed]:
    """The pieces less those sets of them (all, single ones, pairs) whose sum the kernel shows to vanish."""
    if len(pieces) * max((letters(written([piece])) for piece in pieces), default=0) > MOST_LETTERS:
        raise ScalesError(
            "what acts on the unknown at order zero is too long to be multiplied out under the trace, so whether it drops is not "
            "known; expected lower powers and fewer brackets, or ask for `projected`, which drops nothing"
        )
    if _vanish(pieces):
        return []
    if len(pieces) > MOST_LEFT:
        raise ScalesError(f"more than {MOST_LEFT} terms act on the unknown at order zero; write them as commutators")
    for size in (1, 2):
        for some in combinations(pieces, size):
            if all(piece in pieces for piece in some) and _vanish(some):
                pieces = [piece for piece in pieces if piece not in some]
    return pieces


def letters(expression: Any) -> int:
    """About how many letters an expression has when it is multiplied out; derivatives by Leibniz."""
    words, length = _expanded(expression)
    return words * length


def _expanded(expression: Any) -> tuple[int, int]:
    """Words, and letters in the longest one."""
    if isinstance(expression, Named):
        return 1, 1
    if isinstance(expression, Power):
        words, length = _expanded(expression.base)
        exponent = abs(expression.exponent)
        return (words ** min(exponent, MAX_EXPONENT), length * exponent)
    parts = [_expanded(argument) for argument in expression.args]
    if isinstance(expression, Sum):
        return sum(w for w, _ in parts), max((n for _, n in parts), default=1)
    words, length = prod(w for w, _ in parts), max(sum(n for _, n in parts), 1)
    if isinstance(expression, Commutator):
        return 2 * words, length
    return (words * length, length) if isinstance(expression, D) else (words, length)


def _vanish(pieces: Sequence[Weighed]) -> bool:
    try:
        term = lower(written(pieces))
        return vanishes(Interpreter(frame_of(term))(term))
    except (KernelError, LanguageError):
        return False


def written(pieces: Sequence[Weighed]) -> Basic:
    return total([word(number, factors) for number, factors in pieces])
