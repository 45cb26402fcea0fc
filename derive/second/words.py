"""Moments Tr delta(E - H) X told apart by their values on a random finite model, and not by a way of writing them.

A word X is a product of letters; on a model with levels E_n and Hermitian matrices drawn at random modulo 2^61 - 1 its element
X_nn is a number, and two words with the same number are the same moment, but for a chance of 1 in 2^61:

    ("fn", basics)         a function of H, prod of basics:   ("id",)   ("fun", name, orders, arguments)   ("exp", rate)
    ("op", name, index, coords, jets)      an operator, differentiated; jets are sorted pairs (token, times)
    ("dd", basics, ops)    sum f[E_a, E_b, .., E_z] A_ab B_bc ..: what the slow derivative of a function of H is made of

exp stands for e^{i c x}; its rate c is a polynomial in times and parameters, {monomial: number}, as sorted pairs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from derive.second.germs import NoMeaning
from derive.second.numbers import PRIME, Number, P

fast_matrix: Any = None
try:  # matrices modulo p, faster; the numbers are the same without
    from flint import nmod_mat

    fast_matrix = nmod_mat
except ImportError:
    pass

Letter = tuple[Any, ...]
Word = tuple[Letter, ...]
Basic = tuple[Any, ...]
Rate = tuple[tuple[Any, Fraction], ...]
Matrix = list[list[Number]]

SIZE, PLACE = 3, 0  # of the model; the level at which the delta sits
ROOT = 12  # a phase is this power of a drawn one, so that rates with small denominators have one too
MOST_OPS = 4


def value(word: Word, fast: bool = True) -> Number:
    """The element of the word at the level of the delta."""
    every = [_matrix(letter) for letter in word]
    if not every:
        return PRIME.one
    return (_quick if fast and fast_matrix is not None else _plain)(every)


def _plain(every: list[Matrix]) -> Number:
    row = every[0][PLACE]
    for matrix in every[1:]:
        made = []
        for column in range(SIZE):
            total = PRIME.zero
            for k in range(SIZE):
                total = PRIME.add(total, PRIME.mul(row[k], matrix[k][column]))
            made.append(total)
        row = made
    return row[PLACE]


def _quick(every: list[Matrix]) -> Number:
    """The same with a + b i as the matrix ((a, -b), (b, a))."""
    total = None
    for matrix in every:
        wide = [[x for a, b in row for x in (a, (P - b) % P)] for row in matrix]
        low = [[x for a, b in row for x in (b, a)] for row in matrix]
        rows = [line for pair in zip(wide, low, strict=True) for line in pair]
        made = fast_matrix(2 * SIZE, 2 * SIZE, [int(x) for row in rows for x in row], P)
        total = made if total is None else total * made
    assert total is not None
    return (int(total[2 * PLACE, 2 * PLACE]), int(total[2 * PLACE + 1, 2 * PLACE]))


def _draw(*key: Any) -> int:
    return random.Random(repr(key)).randrange(1, P)


def _matrix(letter: Letter) -> Matrix:
    kind = letter[0]
    if kind == "op":
        return _operator(letter)
    if kind == "fn":
        here = [_divided(letter[1], (n,)) for n in range(SIZE)]
        return [[here[a] if a == b else PRIME.zero for b in range(SIZE)] for a in range(SIZE)]
    if kind == "dd":
        return _difference(letter[1], letter[2])
    raise NoMeaning(f"the letter {kind!r} of a moment")


@cache
def _operator(letter: Letter) -> Matrix:
    """Hermitian."""
    found = [[PRIME.zero] * SIZE for _ in range(SIZE)]
    for a in range(SIZE):
        found[a][a] = (_draw(letter, a, a), 0)
        for b in range(a):
            re, im = _draw(letter, a, b), _draw(letter, b, a)
            found[a][b], found[b][a] = (re, im), (re, P - im)
    return found


@cache
def _difference(basics: tuple[Basic, ...], ops: tuple[Letter, ...]) -> Matrix:
    if len(ops) > MOST_OPS:
        raise NoMeaning("a divided difference over many operators")
    found = [[PRIME.zero] * SIZE for _ in range(SIZE)]
    for levels in product(range(SIZE), repeat=len(ops) + 1):
        c = _divided(basics, levels)
        for k, op in enumerate(ops):
            c = PRIME.mul(c, _operator(op)[levels[k]][levels[k + 1]])
        found[levels[0]][levels[-1]] = PRIME.add(found[levels[0]][levels[-1]], c)
    return found


def level(n: int) -> int:
    return _draw("level", n)


@cache
def _divided(basics: tuple[Basic, ...], levels: tuple[int, ...]) -> Number:
    """f[x_0, .., x_k]; where all are one, f^(k)(x)/k!."""
    at = tuple(sorted(levels))
    if at[0] == at[-1]:
        inverse = PRIME.one
        for j in range(2, len(at)):
            inverse = PRIME.mul(inverse, PRIME.of(Fraction(1, j)))
        return PRIME.mul(_slope(basics, len(at) - 1, at[0]), inverse)
    upper, lower = _divided(basics, at[1:]), _divided(basics, at[:-1])
    gap = PRIME.inverse(((level(at[-1]) - level(at[0])) % P, 0))
    return PRIME.mul(PRIME.add(upper, PRIME.neg(lower)), gap)


@cache
def _slope(basics: tuple[Basic, ...], times: int, n: int) -> Number:
    """The derivative of a product of functions at a level."""
    if not basics:
        return PRIME.zero if times else PRIME.one
    first, rest = basics[0], basics[1:]
    if not rest:
        return _basic(first, times, n)
    total, binomial = PRIME.zero, 1
    for k in range(times + 1):
        part = PRIME.mul(_basic(first, k, n), _slope(rest, times - k, n))
        total = PRIME.add(total, PRIME.mul(part, PRIME.of(binomial)))
        binomial = binomial * (times - k) // (k + 1)
    return total


def _basic(basic: Basic, times: int, n: int) -> Number:
    match basic:
        case ("id",):
            return (level(n), 0) if not times else PRIME.one if times == 1 else PRIME.zero
        case ("fun", name, orders, arguments):
            raised = tuple(k + times * (a == ("ham",)) for k, a in zip(orders, arguments, strict=True))
            return (_draw("fun", name, raised, arguments, n), 0)
        case ("exp", rate):
            slope = PRIME.mul(PRIME.i, rate_value(rate))
            found = phase(rate, n)
            for _ in range(times):
                found = PRIME.mul(found, slope)
            return found
    raise NoMeaning(f"the function {basic[0]!r} of H")


def rate_value(rate: Rate) -> Number:
    total = PRIME.zero
    for monomial, c in rate:
        total = PRIME.add(total, PRIME.mul((_draw("rate", monomial), 0), PRIME.of(c)))
    return total


def phase(rate: Rate, n: int) -> Number:
    """e^{i c E_n}: a number of modulus one for every monomial of the rate, to the power that stands before it."""
    found = PRIME.one
    for monomial, c in rate:
        power = c * ROOT
        if power.denominator != 1:
            raise NoMeaning(f"a phase with the factor {c}")
        root = (_draw("phase", monomial, n), _draw("phase", n, monomial))
        base = PRIME.mul(root, PRIME.inverse((root[0], (P - root[1]) % P)))
        if power < 0:
            base = PRIME.inverse(base)
        for _ in range(abs(int(power))):
            found = PRIME.mul(found, base)
    return found


# Reading off words ----------------------------------------------------------------------------------------


def tokens(x: Any) -> set[str]:
    """The coordinates that stand anywhere in nested data."""
    if isinstance(x, str):
        return {x} if x.startswith(("time:", "slow:", "energy:")) else set()
    return {t for part in x for t in tokens(part)} if isinstance(x, tuple) else set()


def operators(word: Word) -> Iterator[Letter]:
    for letter in word:
        if letter[0] == "op":
            yield letter
        elif letter[0] == "dd":
            yield from letter[2]


def renamed(x: Any, old: str, new: str) -> Any:
    if isinstance(x, tuple):
        return tuple(renamed(part, old, new) for part in x)
    return new if x == old else x


def joined(word: Word) -> Word:
    """Functions of H that stand together as one letter; phases together as one."""
    made: list[Letter] = []
    for letter in word:
        if letter[0] == "fn" and made and made[-1][0] == "fn":
            made[-1] = ("fn", _together((*made[-1][1], *letter[1])))
        else:
            made.append(("fn", _together(letter[1])) if letter[0] == "fn" else letter)
    return tuple(letter for letter in made if letter != ("fn", ()))


def _together(basics: tuple[Basic, ...]) -> tuple[Basic, ...]:
    rate: dict[Any, Fraction] = {}
    for basic in basics:
        if basic[0] == "exp":
            for monomial, c in basic[1]:
                rate[monomial] = rate.get(monomial, Fraction(0)) + c
    whole = tuple(sorted((monomial, c) for monomial, c in rate.items() if c))
    kept = sorted((basic for basic in basics if basic[0] != "exp"), key=repr)
    return tuple([*kept, ("exp", whole)] if whole else kept)
