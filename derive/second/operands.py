"""Sums of products as they stand in an equation between smooth fields: what a term is worth before its trace is taken.

A sum maps (atoms, ends, word) to a Taylor series that stands before it: atoms are what depends on the time that is being
integrated over, or on the function an equation holds for every choice of; ends say that the word is integrated up to there.

    atoms   ("field", field, times-derivatives)   ("test", k)   ("local",)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.taylor import Series, Space
from derive.second.words import Letter, Rate, Word, joined

Atom = tuple[Any, ...]
Key = tuple[tuple[Atom, ...], tuple[Any, ...], Word]
Sum = dict[Key, Series]
PLAIN: Key = ((), (), ())
LOCAL: Atom = ("local",)


def scalar(series: Series) -> Sum:
    return {PLAIN: series} if series else {}


def total(space: Space, *every: Sum) -> Sum:
    found: Sum = {}
    for one in every:
        for key, series in one.items():
            made = space.add(found[key], series) if key in found else series
            if made:
                found[key] = made
            else:
                found.pop(key, None)
    return found


def times(space: Space, x: Sum, y: Sum) -> Sum:
    found: Sum = {}
    for (a, e, u), s in x.items():
        for (b, f, v), t in y.items():
            if len(e) + len(f) > 1:
                raise NoMeaning("integrals over more than one time")
            key = (tuple(sorted((*a, *b), key=repr)), (*e, *f), joined((*u, *v)))
            found = total(space, found, {key: space.mul(s, t)})
    return found


def scaled(space: Space, x: Sum, series: Series) -> Sum:
    return total(space, {key: space.mul(own, series) for key, own in x.items()})


def slow_slope(word: Word, slow: str, drive: Letter, known: tuple[Letter, ...] = ()) -> list[tuple[Fraction, Word]]:
    """d_tau of a product of letters: of a function of H it is a divided difference about d_tau H.  Operators whose slope is
    `known` otherwise are left out, and may not stand within a divided difference."""
    found: list[Word] = []
    for k, letter in enumerate(word):
        if letter in known:
            continue
        if letter[0] == "dd" and set(letter[2]) & set(known):
            raise NoMeaning("a definition gives the slope of an operator within a divided difference")
        for made in _slopes(letter, slow, drive):
            found.append((*word[:k], *made, *word[k + 1 :]))
    return [(Fraction(1), joined(one)) for one in found]


def _slopes(letter: Letter, slow: str, drive: Letter) -> list[Word]:
    match letter:
        case ("op", _, _, coords, _):
            return [(raised_op(letter, slow),)] if slow in coords else []
        case ("fn", (("id",),)):
            return [(drive,)]
        case ("fn", basics):
            return [(("dd", basics, (drive,)),), *((("fn", other),) for other in _explicit(basics, slow))]
        case ("dd", basics, ops):
            found: list[Word] = [(("dd", other, ops),) for other in _explicit(basics, slow)]
            found += [(("dd", basics, (*ops[:k], drive, *ops[k:])),) for k in range(len(ops) + 1)]
            for k, op in enumerate(ops):
                found += [(("dd", basics, (*ops[:k], *made, *ops[k + 1 :])),) for made in _slopes(op, slow, drive)]
            return found
    raise NoMeaning(f"the slow derivative of the letter {letter[0]!r}")


def _explicit(basics: tuple[Any, ...], slow: str) -> list[tuple[Any, ...]]:
    """d_tau of what functions of H depend on besides H."""
    found = []
    for k, basic in enumerate(basics):
        if basic[0] == "fun" and ("coord", slow) in basic[3]:
            orders = tuple(n + (a == ("coord", slow)) for n, a in zip(basic[2], basic[3], strict=True))
            found.append((*basics[:k], ("fun", basic[1], orders, basic[3]), *basics[k + 1 :]))
    return found


def raised_op(letter: Letter, token: str) -> Letter:
    jets = dict(letter[4])
    jets[token] = jets.get(token, 0) + 1
    return (*letter[:4], tuple(sorted(jets.items())))


def rate_of(term: Term) -> dict[Any, Fraction]:
    """A polynomial in times and parameters, {monomial: number}."""
    match term:
        case ("num", text):
            return {(): Fraction(text)} if Fraction(text) else {}
        case ("coord", _) | ("par", _):
            return {((term, 1),): Fraction(1)}
        case ("sum", *parts):
            found: dict[Any, Fraction] = {}
            for part in parts:
                for monomial, c in rate_of(part).items():
                    found[monomial] = found.get(monomial, Fraction(0)) + c
            return {m: c for m, c in found.items() if c}
        case ("prod", *parts):
            made = {(): Fraction(1)}
            for part in parts:
                made = product_of(made, rate_of(part))
            return made
        case ("pow", base, int(k)):
            inner = rate_of(base)
            if k < 0 and len(inner) != 1:
                raise NoMeaning("a rate divided by a sum")
            if k < 0:
                ((monomial, c),) = inner.items()
                inner = {tuple((v, -n) for v, n in monomial): 1 / c}
            made = {(): Fraction(1)}
            for _ in range(abs(k)):
                made = product_of(made, inner)
            return made
    raise NoMeaning(f"the head {term[0]!r} in a rate or in the end of an integral")


def product_of(x: dict[Any, Fraction], y: dict[Any, Fraction]) -> dict[Any, Fraction]:
    found: dict[Any, Fraction] = {}
    for m, c in x.items():
        for n, d in y.items():
            powers = dict(m)
            for v, k in n:
                powers[v] = powers.get(v, 0) + k
            key = tuple(sorted((v, k) for v, k in powers.items() if k))
            found[key] = found.get(key, Fraction(0)) + c * d
    return {m: c for m, c in found.items() if c}


def frozen_rate(rate: dict[Any, Fraction]) -> Rate:
    return tuple(sorted(rate.items()))
