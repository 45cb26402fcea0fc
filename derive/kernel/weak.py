"""Distributions in an energy: Leibniz' rule at the point of support, and integrals over E.

    f(E) delta^(k)(E + a - x) = sum_j C(k, j) (-1)^j f^(j)(x - a) delta^(k-j)(E + a - x)

holds against every test function when f is smooth.  It is used only when a monomial holds exactly one delta in that energy;
a product of two is left as it stands (it cancels as a whole, or is ill posed).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

from derive.kernel.algebra import (
    Atom,
    Expression,
    Key,
    Letter,
    Profile,
    Scalars,
    add_into,
    atom,
    constant,
    freeze,
    letters,
    merge_profiles,
    multiply,
    product,
    scaled,
    thaw,
    trace,
)
from derive.kernel.calculus import argument_key, level_function
from derive.kernel.errors import IllPosed, Unsupported
from derive.kernel.gaussian import ONE, Gaussian
from derive.kernel.times import renamed

SINGULAR = ("delta", "theta")
# a rewriting of the one singular function: from (Basic, shift) to a sum of coefficient x replacing function of the level
Change = Callable[[Any], list[tuple[Expression, Profile]]]


@lru_cache(maxsize=1 << 16)
def singular_in(x: Any, token: str) -> tuple[Any, ...]:
    """Every delta or step in the energy `token` inside an atom, a letter or a scalar list."""
    if not isinstance(x, tuple):
        return ()
    match x:
        case ("delta", _, found, _, _) | ("theta", found, _, _) | ("sdelta", _, found, _) if found == token:
            return (x,)
    return tuple(one for part in x for one in singular_in(part, token))


def mentions(x: Any, token: str) -> bool:
    """Whether an atom or letter depends on the energy `token` in any way."""
    if isinstance(x, tuple):
        return any(mentions(part, token) for part in x)
    return bool(x == token)


def transform(scalars: Scalars, word: tuple[Letter, ...], token: str, change: Change) -> Expression:
    """The monomial with its one singular function replaced by what `change` makes of it."""
    total = constant(ONE)
    for item, exponent in scalars:
        if singular_in(item, token):
            if exponent != 1:
                raise IllPosed(f"a power of a delta distribution in {token}")
            total = multiply(total, _in_atom(item, token, change))
        else:
            total = multiply(total, {(((item, exponent),), ()): ONE})
    return multiply(total, _in_word(word, token, change))


def _in_word(word: tuple[Letter, ...], token: str, change: Change) -> Expression:
    parts = [constant(ONE)]
    for letter in word:
        if letter[0] in ("f", "dd") and singular_in(letter[1], token):
            made: Expression = {}
            for coefficient, profile in _in_profile(letter[1], token, change):
                if letter[0] == "f":
                    new = letters(("f", profile)) if profile else constant(ONE)
                elif not profile:
                    continue  # the divided difference of a constant over two or more points
                else:
                    new = letters(("dd", profile, letter[2]))
                add_into(made, multiply(coefficient, new))
            parts.append(made)
        else:
            parts.append(letters(letter))
    return product(*parts)


def _in_profile(profile: Profile, token: str, change: Change) -> list[tuple[Expression, Profile]]:
    place = next(k for k, basic in enumerate(profile) if basic[0] in SINGULAR and singular_in(basic, token))
    rest = profile[:place] + profile[place + 1 :]
    return [(c, merge_profiles(rest, new)) for c, new in change(profile[place])]


def _in_atom(item: Atom, token: str, change: Change) -> Expression:
    match item[0]:
        case "tr":
            return trace(_in_word(item[1], token, change))
        case "elem":
            inner = _in_word(item[2], token, change)
            return product(letters(("bra", item[1])), inner, letters(("ket", item[3])))
        case "lev":
            total: Expression = {}
            for coefficient, profile in _in_profile(item[1], token, change):
                add_into(total, multiply(coefficient, level_function(profile, item[2])))
            return total
        case "sdelta":
            total = {}
            for coefficient, profile in change(("delta", item[1], item[2], item[3], Fraction(0))):
                add_into(total, multiply(coefficient, _at_fixed_point(profile, item)))
            return total
    raise Unsupported(f"a delta inside a scalar {item[0]!r}")


def _at_fixed_point(profile: Profile, item: Atom) -> Expression:
    """A function of the level evaluated at the fixed point x = 0 of delta(E + shift): profiles there mean E = -shift."""
    total = constant(ONE)
    for basic in profile:
        match basic[0]:
            case "delta":
                total = multiply(total, atom(("sdelta", *basic[1:4])))
            case "theta":
                total = multiply(total, atom(("sdelta", -1, *basic[1:3])))
            case "id":
                return {}
            case "fun":
                _, name, orders, args, slot, smooth = basic
                point = argument_key(scaled(thaw(item[3]), Gaussian(-1)))
                held = tuple(point if k == slot else a for k, a in enumerate(args))
                total = multiply(total, atom(("fun", name, orders, held, smooth)))
            case _:
                raise Unsupported(f"{basic[0]!r} at a fixed energy")
    return total


def absorb(x: Expression, token: str) -> Expression:
    """Every smooth function of E, and every power of E, that multiplies a delta is expanded at its point of support.

    What all of it is divided by, such as a density of states, stands aside."""
    total: Expression = {}
    for (factors, word), coefficient in x.items():
        aside = tuple((item, e) for item, e in factors if e < 0 and singular_in(item, token))
        scalars = tuple(pair for pair in factors if pair not in aside)
        found = singular_in((tuple(item for item, _ in scalars), word), token)
        deltas = [f for f in found if f[0] in ("delta", "sdelta") and not (f[0] == "sdelta" and f[1] < 0)]
        smooth = [(item, e) for item, e in scalars if e > 0 and _smooth_in(item, token)]
        if len(found) != 1 or len(deltas) != 1 or not smooth:
            add_into(total, {(factors, word): coefficient})
            continue
        item, exponent = smooth[0]
        rest = tuple(
            sorted([(i, e) for i, e in scalars if i != item] + ([(item, exponent - 1)] if exponent > 1 else []), key=repr)
        )
        once = transform(rest, word, token, _leibniz(item, token))
        add_into(total, multiply({(aside, ()): ONE}, absorb(once, token)), coefficient)
    return total


def _smooth_in(item: Atom, token: str) -> bool:
    if item == ("coord", token):
        return True
    return item[0] == "fun" and item[4] == 1 and [a for a in item[3] if mentions(a, token)] == [("coord", token)]


def _leibniz(item: Atom, token: str) -> Change:
    def change(basic: Any) -> list[tuple[Expression, Profile]]:
        _, k, held, shift, ratio = basic
        made = []
        for j in range(k + 1):
            sign = Gaussian((-1) ** j * comb(k, j))
            for coefficient, profile in _derivative_at_point(item, token, j, shift, ratio):
                made.append((scaled(coefficient, sign), merge_profiles(profile, (("delta", k - j, held, shift, ratio),))))
        return made

    return change


def _derivative_at_point(item: Atom, token: str, j: int, shift: Key, ratio: Fraction) -> list[tuple[Expression, Profile]]:
    """The j-th derivative of a smooth factor in E, at E = r x - shift, as a function of the level x (r = 0: a fixed energy)."""
    if item == ("coord", token):
        if j == 0:
            return [(constant(Gaussian(ratio)), (("id",),)), (scaled(thaw(shift), Gaussian(-1)), ())]
        return [(constant(ONE), ())] if j == 1 else []
    _, name, orders, args, smooth = item
    slot = args.index(("coord", token))
    more = tuple(k + j * (place == slot) for place, k in enumerate(orders))
    if ratio != 0 and (shift or ratio != 1):
        raise Unsupported(f"the function {name} at a shifted level; expected a delta at a level or at a fixed energy")
    held = tuple(("x",) if place == slot else a for place, a in enumerate(args))
    return [(constant(ONE), (("fun", name, more, held, slot, smooth),))]


def integral_over_line(x: Expression, token: str) -> Expression:
    """The integral over all E of a sum of deltas (exact), and of steps whose sum vanishes at both ends."""
    total: Expression = {}
    steps: Expression = {}
    height: Expression = {}
    for (scalars, word), coefficient in absorb(x, token).items():
        found = singular_in((tuple(item for item, _ in scalars), word), token)
        if len(found) != 1:
            raise Unsupported(f"the integral over {token} of a term with {len(found)} deltas; expected exactly one")
        if found[0][0] == "theta" or (found[0][0] == "sdelta" and found[0][1] < 0):
            add_into(height, transform(scalars, word, token, lambda b: [(constant(ONE), ())]), coefficient)
            add_into(steps, transform(scalars, word, token, _step_point), coefficient)
            continue
        made = transform(scalars, word, token, lambda b: [(constant(ONE), ())] if b[1] == 0 else [])
        for (rest, word_rest), c in made.items():
            if mentions((tuple(item for item, _ in rest), word_rest), token):
                raise Unsupported(f"the integral over {token} of a delta times a function that is not smooth")
            add_into(total, {(rest, word_rest): c}, coefficient)
    if steps or height:
        from derive.kernel.normal import vanishes

        if not vanishes(height):
            raise IllPosed(f"the integral over {token} diverges: the steps do not cancel at infinity")
        add_into(total, steps)
    return total


def _step_point(basic: Any) -> list[tuple[Expression, Profile]]:
    """int over E of sum c Theta(E + a - r x) = sum c (a - r x) when sum c = 0."""
    return [(thaw(basic[-2]), ()), (constant(Gaussian(-basic[-1])), (("id",),))]


def integral_from_below(x: Expression, token: str, upper: str, known: bool) -> Expression:
    """The integral up to the energy `upper`; with the lower limit not known, up to a constant."""
    total: Expression = {}
    for (scalars, word), coefficient in absorb(x, token).items():
        found = singular_in((tuple(item for item, _ in scalars), word), token)
        if len(found) != 1 or found[0][0] != "delta":
            raise Unsupported(f"the integral over {token} up to {upper} of a term without exactly one delta")

        def primitive(basic: Any) -> list[tuple[Expression, Profile]]:
            _, k, _, shift, ratio = basic
            new = ("theta", upper, shift, ratio) if k == 0 else ("delta", k - 1, upper, shift, ratio)
            return [(constant(ONE), (new,))]

        add_into(total, transform(scalars, word, token, primitive), coefficient)
    if not known:
        add_into(total, atom(("constant", renamed(freeze(x), {token: "energy:~"}))))
    return total
