"""Derivatives and integrals of expressions.

The slow derivative of a function of H is the operator of divided differences (Daleckii and Krein 1951),
    d f(H) = dd(f; dH) + (d f)(H),     d dd(f; A, B, ..) = dd(f; dH, A, B, ..) + dd(f; A, dH, B, ..) + .. + dd(f; dA, B, ..) + ..,
which needs no assumption on the spectrum.  Bras and kets carry the connection: d|n> = conn |n>, d<n| = -<n| conn, which is
what orthonormality leaves of it; d E_n = <n|dH|n>.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from derive.kernel.algebra import (
    ID,
    Atom,
    Expression,
    Letter,
    Profile,
    Scalars,
    Word,
    add_into,
    added,
    atom,
    constant,
    freeze,
    letters,
    merge_profiles,
    merge_scalars,
    multiply,
    power,
    product,
    scaled,
    thaw,
    trace,
)
from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian

MINUS = Gaussian(-1)


@dataclass(frozen=True)
class Frame:
    """The one Hamiltonian of an expression: its name and the coordinates it depends on."""

    name: str = ""
    coords: tuple[str, ...] = ()

    def derivative_letter(self, token: str) -> Letter:
        return ("op", self.name, "ham", self.coords, ((token, 1),), ())

    def connection_letter(self, token: str) -> Letter:
        """sum_n |dn><n|: off the diagonal V_mn/(E_n - E_m), on it a free phase rate."""
        return ("conn", token, (), self.name, self.coords)


def derivative(x: Expression, token: str, frame: Frame) -> Expression:
    """The derivative of an expression in a coordinate."""
    total: Expression = {}
    for (scalars, word), coefficient in x.items():
        for place, (item, exponent) in enumerate(scalars):
            if item[0] == "prim":
                moved = _moving_end(item, scalars[:place] + scalars[place + 1 :], word, token, frame)
                add_into(total, moved, coefficient)
                continue
            change = derivative_of_atom(item, token, frame)
            if change:
                rest = scalars[:place] + scalars[place + 1 :]
                if exponent != 1:
                    rest = merge_scalars(rest, ((item, exponent - 1),))
                add_into(total, multiply(change, {(rest, word): coefficient}), Gaussian(exponent))
        add_into(total, multiply({(scalars, ()): coefficient}, derivative_of_word(word, token, frame)))
    return total


def _moving_end(item: Atom, rest: Scalars, word: Word, token: str, frame: Frame) -> Expression:
    """The end of an integral moves: (dx/dtoken) times the integrand at v = x."""
    _, bound, end = item
    if end[0] == "oo":
        return {}
    speed = derivative(thaw(end[1]), token, frame)
    if not speed:
        return {}
    return multiply(speed, at_value({(rest, word): ONE}, bound, thaw(end[1]), frame))


def derivative_of_word(word: Word, token: str, frame: Frame) -> Expression:
    total: Expression = {}
    for place, letter in enumerate(word):
        change = derivative_of_letter(letter, token, frame)
        if change:
            add_into(total, product(letters(*word[:place]), change, letters(*word[place + 1 :])))
    return total


def derivative_of_letter(letter: Letter, token: str, frame: Frame) -> Expression:
    match letter[0]:
        case "op":
            return added(*(letters(raised(letter, own)) for own in depends(letter, token)))
        case "f":
            change = _functions(profile_partial(letter[1], token))
            if token in frame.coords:
                moved = frame.derivative_letter(token)
                add_into(change, letters(moved if letter[1] == ID else ("dd", letter[1], (moved,))))
            return change
        case "dd":
            return _derivative_of_divided(letter, token, frame)
        case "ket":
            return letters(frame.connection_letter(token), letter) if token in frame.coords else {}
        case "bra":
            return scaled(letters(letter, frame.connection_letter(token)), MINUS) if token in frame.coords else {}
        case "conn":
            if token not in frame.coords:
                return {}
            return letters((*letter[:2], tuple(sorted((*letter[2], token))), *letter[3:]))
        case "loop":
            return _derivative_of_loop(letter, token, frame)
    raise Unsupported(f"the derivative of a letter {letter[0]!r}; add it to derive/kernel/calculus.py")


def _derivative_of_loop(letter: Letter, token: str, frame: Frame) -> Expression:
    """d sum_n |n> X_nn <n| = [conn, loop X] + loop(dX + [X, conn])."""
    inner = derivative_of_word(letter[1], token, frame)
    total: Expression = {}
    if token in frame.coords:
        conn = frame.connection_letter(token)
        add_into(inner, letters(*letter[1], conn))
        add_into(inner, letters(conn, *letter[1]), MINUS)
        add_into(total, letters(conn, letter))
        add_into(total, letters(letter, conn), MINUS)
    for (scalars, word), coefficient in inner.items():
        add_into(total, {(scalars, (("loop", word),)): coefficient})
    return total


def _derivative_of_divided(letter: Letter, token: str, frame: Frame) -> Expression:
    _, profile, inner = letter
    total: Expression = {}
    for changed, coefficient in profile_partial(profile, token).items():
        add_into(total, multiply(coefficient, letters(("dd", changed, inner))))
    for place, part in enumerate(inner):
        for own in depends(part, token):
            add_into(total, letters(("dd", profile, (*inner[:place], raised(part, own), *inner[place + 1 :]))))
    if token in frame.coords:
        extra = frame.derivative_letter(token)
        for place in range(len(inner) + 1):
            add_into(total, letters(("dd", profile, (*inner[:place], extra, *inner[place:]))))
    return total


def depends(letter: Letter, token: str) -> list[str]:
    """The coordinates of its own in which an operator changes with the coordinate: that one, where it is declared to depend on
    it and is not held at a value of it, and those that are held at it, as t is in X(t = s).  Unsupported where one is held at
    another value that depends on the coordinate."""
    refuse_inside((key for _, key in letter[5]), token)
    own = [token] if token in letter[3] and all(held != token for held, _ in letter[5]) else []
    return own + [held for held, key in letter[5] if key == ("coord", token)]


def raised(letter: Letter, token: str) -> Letter:
    jets = dict(letter[4])
    jets[token] = jets.get(token, 0) + 1
    return (*letter[:4], tuple(sorted(jets.items())), letter[5])


def _functions(parts: dict[Profile, Expression]) -> Expression:
    total: Expression = {}
    for profile, coefficient in parts.items():
        add_into(total, multiply(coefficient, letters(("f", profile)) if profile else constant(ONE)))
    return total


def derivative_of_atom(item: Atom, token: str, frame: Frame) -> Expression:
    match item[0]:
        case "par" | "sumover":
            return {}
        case "constant" if token.startswith("energy:") and not _speaks(item, token):
            return {}  # it may depend on everything but the upper limit
        case "coord":
            return constant(ONE) if item[1] == token else {}
        case "fun":
            _, name, orders, args, smooth = item
            refuse_inside(args, token)
            total: Expression = {}
            for slot, argument in enumerate(args):
                if argument == ("coord", token):
                    more = tuple(k + (j == slot) for j, k in enumerate(orders))
                    add_into(total, atom(("fun", name, more, args, smooth)))
            return total
        case "tr":
            return trace(derivative_of_word(item[1], token, frame))
        case "elem":
            _, n, word, m = item
            change = derivative_of_word(word, token, frame)
            if token in frame.coords:
                conn: Word = (frame.connection_letter(token),)
                add_into(change, letters(*word, *conn))
                add_into(change, letters(*conn, *word), MINUS)
            return product(letters(("bra", n)), change, letters(("ket", m)))
        case "lev":
            _, profile, n = item
            change = {}
            for changed, coefficient in profile_partial(profile, token).items():
                add_into(change, multiply(coefficient, level_function(changed, n)))
            if token in frame.coords:
                speed = atom(("elem", n, (frame.derivative_letter(token),), n))
                for changed, coefficient in profile_slope(profile).items():
                    add_into(change, product(coefficient, level_function(changed, n), speed))
            return change
        case "sdelta":
            _, k, held, shift = item
            slope = added(constant(ONE) if held == token else {}, derivative(thaw(shift), token, frame))
            return multiply(slope, atom(("sdelta", k + 1, held, shift)))
        case "field":
            _, kind, key, jets = item
            counts = dict(jets)
            counts[token] = counts.get(token, 0) + 1
            return atom(("field", kind, key, tuple(sorted(counts.items()))))
    raise Unsupported(f"the derivative of a scalar {item[0]!r}; add it to derive/kernel/calculus.py")


def level_function(profile: Profile, n: str) -> Expression:
    return atom(("lev", profile, n)) if profile else constant(ONE)


def _product_rule(profile: Profile, change: Any) -> dict[Profile, Expression]:
    total: dict[Profile, Expression] = {}
    for place, basic in enumerate(profile):
        rest = profile[:place] + profile[place + 1 :]
        for new, coefficient in change(basic):
            changed = merge_profiles(rest, new)
            total[changed] = added(total.get(changed, {}), coefficient)
    return {p: c for p, c in total.items() if c}


def profile_partial(profile: Profile, token: str) -> dict[Profile, Expression]:
    """The explicit derivative of a function of the level in a coordinate, the level held fixed."""

    def change(basic: Any) -> list[tuple[Profile, Expression]]:
        match basic[0]:
            case "id":
                return []
            case "fun":
                _, name, orders, args, slot, smooth = basic
                refuse_inside(args, token)
                return [
                    (
                        (("fun", name, tuple(k + (j == place) for j, k in enumerate(orders)), args, slot, smooth),),
                        constant(ONE),
                    )
                    for place, argument in enumerate(args)
                    if argument == ("coord", token)
                ]
            case "delta" | "theta":
                order, held, shift, ratio = (basic[1], *basic[2:]) if basic[0] == "delta" else (-1, *basic[1:])
                slope = added(constant(ONE) if held == token else {}, derivative(thaw(shift), token, Frame()))
                return [((("delta", order + 1, held, shift, ratio),), slope)] if slope else []
            case "exp":
                slope = derivative(thaw(basic[1]), token, Frame())
                return [((basic, ("id",)), scaled(slope, IMAGINARY))] if slope else []
        raise Unsupported(f"the derivative of a function of the level {basic[0]!r}")

    return _product_rule(profile, change)


def profile_slope(profile: Profile) -> dict[Profile, Expression]:
    """The derivative of a function of the level in the level itself."""

    def change(basic: Any) -> list[tuple[Profile, Expression]]:
        match basic[0]:
            case "id":
                return [((), constant(ONE))]
            case "fun":
                _, name, orders, args, slot, smooth = basic
                more = tuple(k + (j == slot) for j, k in enumerate(orders))
                return [((("fun", name, more, args, slot, smooth),), constant(ONE))]
            case "delta":
                return [((("delta", basic[1] + 1, *basic[2:]),), constant(Gaussian(-basic[4])))]
            case "theta":
                return [((("delta", 0, *basic[1:]),), constant(Gaussian(-basic[3])))]
            case "exp":
                return [((basic,), scaled(thaw(basic[1]), IMAGINARY))]
        raise Unsupported(f"the slope of a function of the level {basic[0]!r}")

    return _product_rule(profile, change)


def at_value(x: Expression, token: str, value: Expression, frame: Frame) -> Expression:
    """The expression with a coordinate held at a value (a number, parameters, or another coordinate)."""
    key = argument_key(value)

    def held_args(args: tuple[Any, ...]) -> tuple[Any, ...]:
        refuse_inside(args, token)
        return tuple(key if a == ("coord", token) else a for a in args)

    def held_profile(profile: Profile) -> Profile:
        made: Profile = ()
        for b in profile:
            if b[0] == "exp":
                rate = at_value(thaw(b[1]), token, value, frame)
                if rate:
                    made = merge_profiles(made, (("exp", freeze(rate)),))
            elif b[0] in ("delta", "theta") and _speaks(b, token):
                raise Unsupported("a delta or step held at a value of a coordinate")
            else:
                made = merge_profiles(made, ((*b[:3], held_args(b[3]), *b[4:]),) if b[0] == "fun" else (b,))
        return made

    def held_letter(letter: Letter) -> Letter:
        match letter[0]:
            case "op":
                if letter[2] == "ham" and token in letter[3]:
                    raise Unsupported("the Hamiltonian held at a value of its coordinate")
                places = dict.fromkeys(depends(letter, token), key)
                kept = {**dict(letter[5]), **places}
                held = ((own, value_of) for own, value_of in kept.items() if value_of != ("coord", own))
                return (*letter[:5], tuple(sorted(held, key=repr)))
            case "f":
                if token in frame.coords:
                    raise Unsupported("a function of the Hamiltonian held at a value of its coordinate")
                return ("f", held_profile(letter[1]))
            case "dd":
                if token in frame.coords:
                    raise Unsupported("a divided difference held at a value of its coordinate")
                return ("dd", held_profile(letter[1]), tuple(held_letter(part) for part in letter[2]))
            case "loop" | "conn" | "bra" | "ket" if token in frame.coords:
                raise Unsupported("a frozen vector held at a value of its coordinate")
            case "loop":
                return ("loop", tuple(held_letter(part) for part in letter[1]))
            case "conn" | "bra" | "ket":
                return letter
        raise Unsupported(f"a letter {letter[0]!r} held at a value of a coordinate")

    def held_atom(item: Atom) -> Expression:
        match item[0]:
            case "par" | "sumover":
                return atom(item)
            case "prim":
                end = item[2] if item[2][0] == "oo" else ("at", freeze(at_value(thaw(item[2][1]), token, value, frame)))
                return atom(("prim", item[1], end))
            case "coord":
                return value if item[1] == token else atom(item)
            case "fun":
                return atom((*item[:3], held_args(item[3]), item[4]))
            case "tr":
                return trace(_joined(held_letter(letter) for letter in item[1]))
            case "elem":
                inner = _joined(held_letter(letter) for letter in item[2])
                return product(letters(held_letter(("bra", item[1]))), inner, letters(("ket", item[3])))
            case "lev":
                if token in frame.coords:
                    raise Unsupported("a level held at a value of its coordinate")
                return atom(("lev", held_profile(item[1]), item[2]))
        raise Unsupported(f"a scalar {item[0]!r} held at a value of a coordinate")

    total: Expression = {}
    for (scalars, word), coefficient in x.items():
        part = constant(coefficient)
        for item, exponent in scalars:
            part = multiply(part, power(held_atom(item), exponent))
        add_into(total, multiply(part, _joined(held_letter(letter) for letter in word)))
    return total


def argument_key(value: Expression) -> Any:
    """An argument as a coordinate where it is one, so that it can be differentiated in; a frozen expression otherwise."""
    if len(value) == 1:
        (((scalars, word), coefficient),) = value.items()
        if not word and coefficient == ONE and len(scalars) == 1 and scalars[0][1] == 1 and scalars[0][0][0] == "coord":
            return scalars[0][0]
    return ("const", freeze(value))


def refuse_inside(arguments: Iterable[Any], token: str, *others: Any) -> None:
    """Unsupported where an argument depends on the coordinate and is not the coordinate itself: there is no chain rule."""
    for argument in arguments:
        if argument in others or (argument != ("coord", token) and _speaks(argument, token)):
            raise Unsupported(f"a function or an operator at a value that depends on {token.replace(':', ' ')}")


def _speaks(x: Any, token: str) -> bool:
    return any(_speaks(part, token) for part in x) if isinstance(x, tuple) else bool(x == token)


def _joined(word: Any) -> Expression:
    """Letters multiplied one by one; a function of H that has become 1 drops out."""
    total = constant(ONE)
    for letter in word:
        if letter[0] in ("f", "dd") and not letter[1]:
            if letter[0] == "dd":
                return {}
            continue
        total = multiply(total, letters(letter))
    return total
