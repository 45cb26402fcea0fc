"""Inequalities between moments at one energy, which a point must obey that refutes.

With Hermitian letters and <A> = Tr delta(E - H) A, smoothed or not, a moment of a square and of a product obey

    <A^+ A> >= 0,        |<A>|^2 <= <1> <A^+ A>        (Cauchy, Schwarz; <1> is the density of states).

Where <A^+ A> is zero, every moment that ends in A is: a point that has it zero is refused as well, rather than asked for those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from derive.kernel.at_point import key_of
from derive.kernel.errors import Refused
from derive.kernel.jets import Var, jet
from derive.kernel.moment_words import adjoint_word


def root_of(word: Any) -> Any:
    """(delta, A) for the word of a moment Tr delta A^+ A; None for another."""
    delta, letters = word[0], word[1:]
    half = len(letters) // 2
    if not letters or len(letters) % 2 or len(delta[1]) != 1 or not _is_plain(delta[1][0]):
        return None
    root = (delta, *letters[half:])
    return root if adjoint_word(root)[1:] == letters[:half] else None


def _is_plain(basic: Any) -> bool:
    """Whether a basic is delta(E - H), neither differentiated nor moved nor scaled."""
    return bool(basic[:2] == ("delta", 0) and basic[3:] == ((), 1))


def squares(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name of <A^+ A>, name of <A> or nothing) for the moments of squares; <A> where it is real."""
    named = {word: name for name, word in words.items()}
    for name, word in words.items():
        root = root_of(word)
        if root is not None:
            yield name, named.get(root, "") if adjoint_word(root) == root else ""


def refuse_impossible_moments(words: Mapping[str, Any], density: str, values: Mapping[str, Fraction]) -> None:
    """Refused where the values at a point are those of no moments."""

    def value(name: str) -> Fraction | None:
        v: Var = jet(name)
        return values.get(key_of(v))

    for name, root in squares(words):
        square, mean, weight = value(name), value(root), value(density)
        if square is None:
            continue
        if square <= 0:
            raise Refused(f"the moment {name} of a square is not positive at the point")
        if mean is not None and weight is not None and mean * mean > weight * square:
            raise Refused(f"the moment {name} of a square is less than the square of a moment allows")
