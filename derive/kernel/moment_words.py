"""The words of moments Tr delta(E - H) X, the delta in front: adjoints, the coordinates in them, and a text for each."""

from __future__ import annotations

from typing import Any

from derive.kernel.algebra import Profile, freeze, order_key, thaw
from derive.kernel.errors import Unsupported


def adjoint_word(word: Any) -> Any:
    """The adjoint of Tr(delta X): its complex conjugate, with Hermitian letters; the delta stays in front."""
    return (_adjoint_letter(word[0]), *(_adjoint_letter(letter) for letter in reversed(word[1:])))


def _adjoint_letter(letter: Any) -> Any:
    match letter[0]:
        case "op":
            return letter
        case "f":
            return ("f", _conjugate(letter[1]))
        case "dd":
            return ("dd", _conjugate(letter[1]), tuple(_adjoint_letter(part) for part in reversed(letter[2])))
        case "loop":
            return ("loop", tuple(_adjoint_letter(part) for part in reversed(letter[1])))
    raise Unsupported(f"the adjoint of a letter {letter[0]!r}")


def _conjugate(profile: Profile) -> Profile:
    """exp(i c x) becomes exp(-i c* x); the other functions of the level are real."""

    def flipped(basic: Any) -> Any:
        if basic[0] != "exp":
            return basic
        return ("exp", freeze({m: -c.conjugate() for m, c in thaw(basic[1]).items()}))

    return tuple(sorted((flipped(basic) for basic in profile), key=order_key))


def tokens_in(x: Any) -> set[str]:
    if isinstance(x, str):
        return {x} if x.startswith(("time:", "slow:", "energy:")) else set()
    return {t for part in x for t in tokens_in(part)} if isinstance(x, tuple | frozenset) else set()


def name_of(x: Any) -> str:
    """A text of plain nested data, one for each."""
    if isinstance(x, tuple):
        return "(" + " ".join(map(name_of, x)) + ")"
    return str(x) if not isinstance(x, str) else x or "''"
