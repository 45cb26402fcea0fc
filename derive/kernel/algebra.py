"""Sums of (scalars x operator word), exactly.

Vocabulary
    Basic      one function of a level x: ("id",) is x itself; ("fun", name, orders, args, slot, smooth);
               ("delta", k, token, shift, r) is delta^(k)(E + shift - r x); ("theta", token, shift, r); ("exp", c) is
               exp(i c x)
    Profile    a product of Basics, sorted: a function of the level
    Letter     ("f", profile) a function of H; ("dd", profile, letters) the operator with matrix elements
               profile[E_a, E_m, .., E_b] A_am .. Z_zb (a divided difference, Daleckii and Krein);
               ("op", name, index, coords, jets, ats); ("bra", n), ("ket", n); ("conn", token, jets), the connection
               sum_n |dn><n| of the frozen basis
    Atom       a scalar factor: ("par", name), ("coord", token), ("fun", name, orders, args, smooth), ("tr", word),
               ("elem", n, word, m), ("lev", profile, n), ("sumover", n), ("sdelta", k, token, shift), ...
    Monomial   (scalars, word); scalars are sorted (atom, exponent) pairs
    Expression dict from Monomial to Gaussian, without zeros

`freeze` makes an Expression a key that can stand inside an atom; `thaw` undoes it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import ONE, Gaussian
from derive.kernel.tally import WORK

Atom = tuple[Any, ...]
Letter = tuple[Any, ...]
Word = tuple[Letter, ...]
Scalars = tuple[tuple[Atom, int], ...]
Monomial = tuple[Scalars, Word]
Expression = dict[Monomial, Gaussian]
Profile = tuple[Any, ...]
Key = tuple[Any, ...]

ID: Profile = (("id",),)


@lru_cache(maxsize=200_000)
def order_key(item: Any) -> str:
    """One total order for everything: by the text of the tuple."""
    return repr(item)


def constant(value: Gaussian) -> Expression:
    return {((), ()): value} if value else {}


def atom(item: Atom, exponent: int = 1) -> Expression:
    return {(((item, exponent),), ()): ONE}


def letters(*word: Letter) -> Expression:
    return {((), tuple(word)): ONE}


def add_into(total: Expression, extra: Expression, factor: Gaussian = ONE) -> None:
    """total += factor * extra, in place."""
    for monomial, coefficient in extra.items():
        value = coefficient if factor is ONE else coefficient * factor
        known = total.get(monomial)
        value = value if known is None else known + value
        if value:
            total[monomial] = value
        elif known is not None:
            del total[monomial]


def added(*parts: Expression) -> Expression:
    total: Expression = {}
    for part in parts:
        add_into(total, part)
    return total


def scaled(x: Expression, factor: Gaussian) -> Expression:
    return {m: c * factor for m, c in x.items()} if factor else {}


def merge_scalars(a: Scalars, b: Scalars) -> Scalars:
    if not a or not b:
        return a or b
    powers = dict(a)
    for item, exponent in b:
        powers[item] = powers.get(item, 0) + exponent
        if item[0] == "sdelta" and item[1] < 0 and powers[item] > 1:
            powers[item] = 1  # a step is its own square
        if item[0] == "sumover" and powers[item] > 1:
            raise Unsupported("one sum over levels put in at two places, where it would run over both at once")
    return tuple(sorted(((k, v) for k, v in powers.items() if v), key=order_key))


def merge_profiles(a: Profile, b: Profile) -> Profile:
    """The product of two functions of the level; exponentials are gathered into one, and a step is its own square."""
    basics = [basic for basic in a if basic[0] != "exp"]
    basics += [basic for basic in b if basic[0] != "exp" and not (basic[0] == "theta" and basic in a)]
    phases: Expression = {}
    for basic in (*a, *b):
        if basic[0] == "exp":
            add_into(phases, thaw(basic[1]))
    if phases:
        basics.append(("exp", freeze(phases)))
    return tuple(sorted(basics, key=order_key))


def multiply(x: Expression, y: Expression) -> Expression:
    total: Expression = {}
    WORK.count += len(x) * len(y)
    for (scalars_x, word_x), cx in x.items():
        for (scalars_y, word_y), cy in y.items():
            extra, word = join(word_x, word_y)
            scalars = merge_scalars(merge_scalars(scalars_x, scalars_y), extra)
            add_into(total, {(scalars, word): cx * cy})
    return total


def product(*factors: Expression) -> Expression:
    total = constant(ONE)
    for factor in factors:
        total = multiply(total, factor)
    return total


def join(left: Word, right: Word) -> tuple[Scalars, Word]:
    """The product of two words: functions of H merge, f(H)|n> = f(E_n)|n>, and <n| .. |m> becomes a scalar."""
    scalars: Scalars = ()
    word: list[Letter] = list(left)
    for letter in right:
        if letter[0] == "f" and word and word[-1][0] == "f":
            letter = ("f", merge_profiles(word.pop()[1], letter[1]))
            if not letter[1]:
                continue
        if letter[0] == "f" and word and word[-1][0] == "bra":
            scalars = merge_scalars(scalars, ((("lev", letter[1], word[-1][1]), 1),))
            continue
        if letter[0] == "ket":
            if word and word[-1][0] == "f":
                scalars = merge_scalars(scalars, ((("lev", word.pop()[1], letter[1]), 1),))
            start = next((k for k in range(len(word) - 1, -1, -1) if word[k][0] in ("bra", "ket")), None)
            if start is not None and word[start][0] == "bra":
                inner = tuple(word[start + 1 :])
                n, m = word[start][1], letter[1]
                del word[start:]
                if inner or n != m:
                    scalars = merge_scalars(scalars, ((("elem", n, inner, m), 1),))
                continue
        word.append(letter)
    return scalars, tuple(word)


def trace(x: Expression) -> Expression:
    """The trace over the frozen basis, in which a word is kept up to rotation."""
    total: Expression = {}
    for (scalars, word), coefficient in x.items():
        if any(letter[0] in ("bra", "ket") for letter in word):
            start = next((k for k, letter in enumerate(word) if letter[0] == "bra"), None)
            if start is None:
                raise Unsupported("the trace of a vector: expected an operator under the trace")
            extra, rest = join((), word[start:] + word[:start])
            if rest:
                raise Unsupported("the trace of a vector: expected an operator under the trace")
        else:
            extra = ((("tr", rotated(word)), 1),)
        add_into(total, {(merge_scalars(scalars, extra), ()): coefficient})
    return total


def rotated(word: Word) -> Word:
    """The cyclic word's first rotation in the common order."""
    if len(word) > 1 and word[0][0] == "f" and word[-1][0] == "f":
        merged = merge_profiles(word[0][1], word[-1][1])
        word = ((("f", merged),) if merged else ()) + word[1:-1]
    if len(word) < 2:
        return word
    return min((word[k:] + word[:k] for k in range(len(word))), key=order_key)


def power(x: Expression, exponent: int) -> Expression:
    """x^k for k >= 0, and for k < 0 where x is a single scalar monomial."""
    if exponent < 0:
        if len(x) != 1:
            raise Unsupported("division by a sum: the kernel divides by products of parameters, fields and traces")
        ((scalars, word), coefficient) = next(iter(x.items()))
        if word:
            raise Unsupported("division by an operator: expected a scalar denominator")
        if any(item[0] == "sumover" for item, _ in scalars):
            raise Unsupported("division by a sum over levels: expected a parameter, a field or a trace")
        x = {(tuple((item, -k) for item, k in scalars), ()): coefficient.inverse()}
        exponent = -exponent
    return product(*([x] * exponent))


def freeze(x: Expression) -> Key:
    """A canonical, hashable form of an expression."""
    return tuple(sorted(((m, (c.re, c.im)) for m, c in x.items()), key=order_key))


def thaw(key: Key) -> Expression:
    return {m: Gaussian(*c) for m, c in key}
