"""When the moments at a point are free to take the values there: what a refutation must not rest on.

Moments of finite matrices are bound by more than a point speaks of: by inequalities, by how they move in a time, by their values
at another time.  A refutation in which any of this could matter is not agreed to.  That an equation depends on something is seen
by drawing it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.looking import Looked, drawn, looked
from derive.second.numbers import PRIME
from derive.second.reading import drive_of
from derive.second.setting import Setting
from derive.second.words import Word, operators, tokens, value
from derive.second.world import DENSITY

Pick = Callable[[Any, dict[str, int]], bool]


def refuse_what_is_bound(setting: Setting, premises: list[int]) -> None:
    """NoMeaning where values at a point may not be there to be had."""
    terms = {place: setting.residual(place) for place in (-1, *premises)}
    plain = {place: _at(setting, term) for place, term in terms.items()}
    words: dict[Any, Word] = {DENSITY: ()}
    integrated: set[Any] = set()
    for one in plain.values():
        words |= one.run.world.moments
        integrated |= one.run.world.integrated
        if len(one.run.world.endless) and any(((), (), ()) in body and len(body) > 1 for body in one.run.world.endless):
            raise NoMeaning("an integral without end that has a value only as a whole, at a point that refutes")
    if any(drive_of(setting.premises[k]) for k in setting.rewrites) and any(map(_accelerates, words.values())):
        raise NoMeaning("a second derivative of H in a moment, where H moves at constant speed")
    depends = _Dependence(setting, terms, plain)
    free = free_moments(setting, words)
    _refuse_definitions_left(setting, words)
    for place in terms:
        if depends(place, lambda name, orders: _moves(name, orders, free)):
            raise NoMeaning("a moment is differentiated in a time, and what that is is not known")
    for place in premises:
        only = not depends(place, lambda name, orders: name[0] not in ("moment", "scaled", "par") or bool(orders))
        if only and not depends(place, lambda name, orders: name in free):
            raise NoMeaning("a premise fixes moments alone, which inequalities bind besides")
    spoken = {name for name in words if any(depends(place, _is(name)) for place in terms)}
    times: dict[Any, Any] = {}
    for name in sorted(spoken, key=repr):
        if times.setdefault((name[1] if name[0] == "scaled" else 1, value(anywhere(words[name]), False)), name) != name:
            raise NoMeaning("a moment at more than one time: the same moment at two points is no two free fields")
    for place in terms:
        held = [name for name in integrated if depends(place, _is(name))]
        if held and not _fresh(setting, place, list(terms), words, integrated, depends):
            raise NoMeaning("a field stands under an integral and outside it: its primitive is not free")


def _accelerates(word: Any) -> bool:
    """Whether H stands in a word differentiated more than once."""
    if isinstance(word, tuple) and word[:1] == ("op",) and word[2:3] == ("ham",):
        return bool(sum(k for _, k in word[4]) > 1)
    return isinstance(word, tuple) and any(map(_accelerates, word))


class _Dependence:
    """Whether an equation's value depends on the jets of a pick."""

    def __init__(self, setting: Setting, terms: dict[int, Term], plain: dict[int, Looked]) -> None:
        self.setting, self.terms, self.plain = setting, terms, plain

    def __call__(self, place: int, pick: Pick) -> bool:
        after = looked(self.setting, self.terms[place], drawn("plain", pick), PRIME, {}, True)
        return after.at_point() != self.plain[place].at_point()


def _at(setting: Setting, term: Term) -> Looked:
    return looked(setting, term, drawn("plain"), PRIME, {}, True)


def _is(name: Any) -> Pick:
    return lambda other, orders: other == name


def _is_differentiated(name: Any) -> Pick:
    return lambda other, orders: other == name and bool(orders)


def _moves(name: Any, orders: dict[str, int], free: set[Any]) -> bool:
    """A moment, or its integral, other than one that is free, differentiated in a time.  (d_tau of the density of states is
    known, and is looked up as what it is.)"""
    inner = name[1] if name[0] == "int" else name
    is_moment = inner[0] in ("moment", "scaled") and inner != DENSITY
    return is_moment and name not in free and any(not token.startswith("energy:") for token in orders)


def free_moments(setting: Setting, words: dict[Any, Word]) -> set[Any]:
    """Moments Tr delta(E - H) X, or of a slow derivative of X, of an operator X that no other moment holds: with f(H, ..)
    for X, or for its derivative, they take any value at every E and time."""
    holders: dict[Any, set[Any]] = {}
    for name, word in words.items():
        for letter in operators(word):
            holders.setdefault(letter[1:3], set()).add(name)
    slow = set(setting.hamiltonian[2])
    free = set()
    for name, word in words.items():
        if len(word) == 1 and word[0][0] == "op" and word[0][2] != "ham":
            _, symbol, index, coords, jets = word[0]
            if holders[symbol, index] == {name} and {t for t, _ in jets} <= slow <= set(coords):
                free.add(name)
    return free


def anywhere(x: Any) -> Any:
    """A word with its times all called one."""
    if isinstance(x, tuple):
        return tuple(map(anywhere, x))
    return "time:" if isinstance(x, str) and x.startswith("time:") else x


def _refuse_definitions_left(setting: Setting, words: dict[Any, Word]) -> None:
    letters = {letter[1:3] for word in words.values() for letter in operators(word)}
    for symbol, _ in setting.definitions:
        held = symbol[2] if symbol[0] == "d" else symbol
        if held[0] == "op" and held[1:3] in letters:
            raise NoMeaning(f"{held[1]} is left where its definition was to be put in")


def _fresh(
    setting: Setting, place: int, places: list[int], words: dict[Any, Word], integrated: set[Any], depends: _Dependence
) -> bool:
    """Whether an equation holds, alone among all, a moment at the running time, as it is: it only says at every time what this
    moment is, and binds no field that is integrated over the time."""
    for name, word in words.items():
        if name in integrated or not any(token.startswith("time:") for token in tokens(word)):
            continue
        if any(depends(other, _is(name)) for other in places if other != place):
            continue
        bare = depends(place, _is(name)) and not depends(place, _is_differentiated(name))
        if bare and _linear(setting, depends.terms[place], name):
            return True
    return False


def _linear(setting: Setting, term: Term, name: Any) -> bool:
    """Whether a value is affine in a moment: at 0, 1, 2, 3 times its number its second differences vanish."""
    plain = drawn("plain")
    found = []
    for k in range(4):

        def look(other: Any, orders: dict[str, int], k: int = k) -> Any:
            c = plain(other, orders)
            return PRIME.mul(c, PRIME.of(k)) if other == name and not orders else c

        found.append(looked(setting, term, look, PRIME, {}, True).at_point()[0])
    for a, b, c in zip(found, found[1:], found[2:], strict=False):
        if PRIME.add(PRIME.add(a, c), PRIME.mul(PRIME.of(-2), b)) != PRIME.zero:
            return False
    return True
