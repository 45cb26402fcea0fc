"""Divided differences of powers of H written out, and of other functions of H where a trace closes them.

x^k[E_0, .., E_m] is the sum of E_0^a_0 .. E_m^a_m with a_0 + .. + a_m = k - m, so the m-th divided difference of H^k with
operators A_1 .. A_m between its levels is the sum of the words

    H^a_0 A_1 H^a_1 .. A_m H^a_m.

A search looks at these words to see beside what a premise is to be put; the certificate does not speak of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.kernel.algebra import Expression, Letter, Profile, Word, add_into, letters, merge_profiles, multiply, trace
from derive.kernel.calculus import profile_slope
from derive.kernel.gaussian import ONE

MOST = 12  # no higher power is written out


def opened(x: Expression) -> Expression:
    """The same with the divided differences of powers written out, in words and in single traces."""
    total: Expression = {}
    for (scalars, word), c in x.items():
        kept = tuple(one for one in scalars if one[0][0] != "tr" or one[1] != 1)
        made: Expression = {(kept, ()): c}
        for item, _ in (one for one in scalars if one not in kept):
            made = multiply(made, _closed(item[1]) or trace(_written_out(item[1])))
        add_into(total, multiply(made, _written_out(word)))
    return total


def _closed(word: Word) -> Expression:
    """Tr g(H) f[H, H] A = Tr g(H) f'(H) A, where nothing else stands in the trace; empty where something does."""
    slopes = [letter for letter in word if letter[0] == "dd"]
    if len(slopes) != 1 or len(slopes[0][2]) != 1 or any(letter[0] not in ("dd", "f") for letter in word):
        return {}
    beside: Profile = ()
    for letter in word:
        beside = merge_profiles(beside, letter[1]) if letter[0] == "f" else beside
    total: Expression = {}
    for changed, coefficient in profile_slope(slopes[0][1]).items():
        add_into(total, multiply(coefficient, trace(letters(("f", merge_profiles(beside, changed)), *slopes[0][2]))))
    return total


def _written_out(word: Word) -> Expression:
    made: Expression = {((), ()): ONE}
    for letter in word:
        made = multiply(made, _sum_of_words(letter) if _is_of_a_power(letter) else letters(letter))
    return made


def _is_of_a_power(letter: Letter) -> bool:
    return letter[0] == "dd" and len(letter[1]) <= MOST and all(basic == ("id",) for basic in letter[1])


def _sum_of_words(letter: Letter) -> Expression:
    _, profile, between = letter[:3]
    total: Expression = {}
    for powers in _shared(len(profile) - len(between), len(between) + 1):
        made = _power(powers[0])
        for operator, k in zip(between, powers[1:], strict=True):
            made = multiply(multiply(made, letters(operator)), _power(k))
        add_into(total, made)
    return total


def _power(k: int) -> Expression:
    return letters(("f", (("id",),) * k)) if k else {((), ()): ONE}


def _shared(total: int, places: int) -> Iterator[tuple[Any, ...]]:
    """The ways to share a number out over so many places."""
    if places == 1:
        if total >= 0:
            yield (total,)
        return
    for first in range(total + 1):
        for rest in _shared(total - first, places - 1):
            yield (first, *rest)


__all__ = ["opened"]
