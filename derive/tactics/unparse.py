"""From the kernel's expressions back to terms, so that a piece of one can stand in a certificate."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.algebra import Expression, Key, Profile, Scalars, Word
from derive.kernel.calculus import Frame
from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.rules import HOLE
from derive.kernel.terms import Term


class Unparser:
    """Terms for words, scalars and keys over one Hamiltonian; `argument` stands where functions of H take it."""

    def __init__(self, frame: Frame, argument: Term | None = None) -> None:
        self.hamiltonian: Term = ("ham", frame.name, frame.coords)
        self.argument = argument or self.hamiltonian

    def number(self, value: Gaussian) -> Term:
        real: Term = ("num", str(value.re))
        if not value.im:
            return real
        return ("sum", real, ("prod", ("num", str(value.im)), ("i",)))

    def expression(self, x: Expression) -> Term:
        parts = [("prod", self.number(c), *self.scalars(scalars), *self.word(word)) for (scalars, word), c in x.items()]
        return ("sum", *parts)

    def key(self, key: Key) -> Term:
        return self.expression({m: Gaussian(*c) for m, c in key})

    def scalars(self, scalars: Scalars) -> list[Term]:
        return [self.atom(item) if k == 1 else ("pow", self.atom(item), k) for item, k in scalars]

    def atom(self, item: Any) -> Term:
        match item[0]:
            case "par":
                return ("par", item[1])
            case "coord":
                return ("coord", item[1])
            case "fun":
                _, name, orders, args, smooth = item
                return ("fun", name, orders, tuple(self._argument(a) for a in args), smooth, 0)
            case "tr":
                return ("tr", ("prod", *self.word(item[1])))
            case "elem":
                return ("prod", ("bra", item[1]), *self.word(item[2]), ("ket", item[3]))
            case "lev":
                return ("prod", *Unparser._at_level(self, item[1], ("level", item[2])))
        raise Unsupported(f"no term for the scalar {item[0]!r}")

    def _at_level(self, profile: Profile, level: Term) -> list[Term]:
        other = Unparser.__new__(Unparser)
        other.hamiltonian = level
        other.argument = level
        return other.profile(profile)

    def _argument(self, argument: Any) -> Term:
        if argument[0] == "coord":
            return ("coord", argument[1])
        return self.key(argument[1])

    def word(self, word: Word) -> list[Term]:
        made: list[Term] = []
        for letter in word:
            if letter[0] == "f":
                made.extend(self.profile(letter[1]))
            else:
                made.append(self.letter(letter))
        return made

    def letter(self, letter: Any) -> Term:
        match letter[0]:
            case "op":
                _, name, index, coords, jets, ats = letter
                term: Term = self.hamiltonian if index == "ham" else ("op", name, index, coords, 0)
                for token, k in jets:
                    for _ in range(k):
                        term = ("d", token, term)
                for token, value in ats:
                    at = ("coord", value[1]) if value[0] == "coord" else self.key(value[1])
                    term = ("at", term, token, at)
                return term
            case "ket" | "bra":
                return (letter[0], letter[1])
            case "dd":
                return self.divided(letter)
        raise Unsupported(f"no term for the letter {letter[0]!r}")

    def divided(self, letter: Any) -> Term:
        """dd(f; dH) is d f(H) less the explicit derivative of f."""
        _, profile, inner = letter
        if len(inner) != 1 or inner[0][2] != "ham" or len(inner[0][4]) != 1 or inner[0][4][0][1] != 1:
            raise Unsupported("no term for a divided difference of higher order")
        from derive.kernel.calculus import profile_partial

        token = inner[0][4][0][0]
        explicit = profile_partial(profile, token)
        term: Term = ("d", token, ("prod", *self.profile(profile)))
        for changed, coefficient in explicit.items():
            part = ("prod", ("num", "-1"), self.expression(coefficient), *self.profile(changed))
            term = ("sum", term, part)
        return term

    def profile(self, profile: Profile) -> list[Term]:
        return [self.basic(basic) for basic in profile]

    def basic(self, basic: Any) -> Term:
        match basic[0]:
            case "id":
                return self.argument
            case "fun":
                _, name, orders, args, slot, smooth = basic
                made = tuple(self.argument if k == slot else self._argument(a) for k, a in enumerate(args))
                return ("fun", name, orders, made, smooth, 0)
            case "delta":
                return ("delta", basic[1], self._point(*basic[2:]))
            case "theta":
                return ("theta", self._point(*basic[1:]))
        raise Unsupported(f"no term for the function of the level {basic[0]!r}")

    def _point(self, token: str, shift: Key, ratio: Fraction) -> Term:
        parts: list[Term] = [("coord", token)]
        if shift:
            parts.append(self.key(shift))
        return ("sum", *parts, ("prod", ("num", str(-ratio)), self.argument))


def function_body(profile: Profile, frame: Frame) -> Term:
    """A profile as the body of an instance g(H) := body, with the hole for H."""
    return ("prod", *Unparser(frame, HOLE).profile(profile))


def text_of(x: Expression) -> str:
    """A readable exact form of an expression, for a remainder."""
    parts = []
    for (scalars, word), c in sorted(x.items(), key=repr):
        factors = [_atom_text(item) + (f"^{k}" if k != 1 else "") for item, k in scalars]
        if word:
            factors.append(_word_text(word))
        number = c.text()
        if number == "1" and factors:
            parts.append(("+", " ".join(factors)))
        elif number == "-1" and factors:
            parts.append(("-", " ".join(factors)))
        else:
            wrapped = f"({number})" if " " in number else number
            sign = "-" if wrapped.startswith("-") else "+"
            parts.append((sign, " ".join([wrapped.lstrip("-"), *factors])))
    text = " ".join(f"{sign} {part}" for sign, part in parts)
    return text.removeprefix("+ ") or "0"


def _atom_text(item: Any) -> str:
    match item[0]:
        case "par":
            return str(item[1])
        case "coord":
            return str(item[1]).split(":")[1]
        case "fun":
            return f"{_ordered(item[1], item[2])}({', '.join(_arg_text(a) for a in item[3])})"
        case "tr":
            return f"Tr({_word_text(item[1])})"
        case "elem":
            return f"<{item[1]}|{_word_text(item[2])}|{item[3]}>"
        case "lev":
            return " ".join(_basic_text(b, f"E_{item[2]}") for b in item[1])
        case "sumover":
            return f"sum_{item[1]}"
        case "sdelta":
            return _basic_text(("delta", *item[1:], Fraction(1)), "0")
    return str(item[0])


def _ordered(name: str, orders: Any) -> str:
    return f"{name}^({','.join(map(str, orders))})" if any(orders) else str(name)


def _arg_text(argument: Any) -> str:
    if argument[0] == "coord":
        return str(argument[1]).split(":")[1]
    if argument[0] == "const":
        return text_of({m: Gaussian(*c) for m, c in argument[1]})
    return "H"


def _word_text(word: Word) -> str:
    return " ".join(_letter_text(letter) for letter in word) or "1"


def _letter_text(letter: Any) -> str:
    match letter[0]:
        case "f":
            return " ".join(_basic_text(b, "H") for b in letter[1])
        case "op":
            _, name, index, _, jets, _ = letter
            shown = name if index in ("", "ham") else f"{name}[{index if isinstance(index, int) else index[0]}]"
            for token, k in jets:
                shown = f"d_{token.split(':')[1]}{k if k > 1 else ''} {shown}"
            return f"({shown})" if jets else shown
        case "dd":
            function = " ".join(_basic_text(b, "H") for b in letter[1])
            return f"dd[{function}; {', '.join(_letter_text(part) for part in letter[2])}]"
        case "ket":
            return f"|{letter[1]}>"
        case "bra":
            return f"<{letter[1]}|"
    return "A"


def _basic_text(basic: Any, point: str) -> str:
    match basic[0]:
        case "id":
            return point
        case "fun":
            args = [point if k == basic[4] else _arg_text(a) for k, a in enumerate(basic[3])]
            return f"{_ordered(basic[1], basic[2])}({', '.join(args)})"
        case "delta":
            return f"delta{chr(39) * basic[1]}({_argument_text(basic[2:], point)})"
        case "theta":
            return f"Theta({_argument_text(basic[1:], point)})"
    return f"exp(i ({text_of({m: Gaussian(*c) for m, c in basic[1]})}) {point})"


def _argument_text(place: Any, point: str) -> str:
    token, shift, ratio = place
    moved = f" + {text_of({m: Gaussian(*c) for m, c in shift})}" if shift else ""
    return f"{token.split(':')[1]}{moved}" + ("" if point == "0" else f" - {point}" if ratio == 1 else f" - {ratio} {point}")
