"""The names by which stored evidence calls the fields, read back into words: a format, and none of its makers is used here.

(par NAME)   (coord TOKEN)   (jet FIELD ((TOKEN TIMES) ..))     FIELD one of
    Sigma              Tr delta(E - H)
    fun NAME           a function of coordinates
    ((f ((delta 0 E () r) ..)) LETTER ..)                        Tr delta(E - r H) X, the delta in front
    int FIELD to END   its primitive in the time called time:~, at an END  (at RATE)  or  (oo SIGN)
    int [(MONOMIAL ..)] to END    that of a sum of products as a whole; its numbers are not in the name
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from derive.second.germs import NoMeaning
from derive.second.words import Letter, Rate, Word, joined

BOUND = "time:~"  # the one name of a time that is integrated over
TOKEN = re.compile(r"[()\[\]]|[^()\[\]\s]+")
Field = tuple[Any, ...]  # ("moment", word)  ("scaled", r, word)  ("fun", name)  ("int", field, end)  ("whole", monomials, end)
Variable = tuple[Any, ...]  # ("par", name)  ("coord", token)  ("jet", field, ((token, times), ..))


def variable(text: str, energy: str) -> Variable:
    """What a name in stored evidence stands for; `energy` is the one that deltas may hold."""
    whole = _parsed(text, energy)
    if len(whole) != 1:
        raise NoMeaning(f"the name {text!r:.60}")
    return _variable(whole[0])


def field(text: str, energy: str) -> Field:
    """The field of a jet in a multiplier, by its name."""
    return _field(_parsed(text, energy))


def _parsed(text: str, energy: str) -> list[Any]:
    if set(re.findall(r"delta -?[0-9]+ (\S*)", text)) - {energy}:
        raise NoMeaning(f"a delta at another energy in the name {text!r:.60}")
    stack: list[list[Any]] = [[]]
    for token in TOKEN.findall(text):
        if token in "([":
            stack.append(["["] if token == "[" else [])
        elif token in ")]":
            if len(stack) < 2:
                raise NoMeaning(f"the name {text!r:.60}")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    if len(stack) != 1:
        raise NoMeaning(f"the name {text!r:.60}")
    return stack[0]


def _variable(data: Any) -> Variable:
    match data:
        case ["par" | "coord", str(name)]:
            return (data[0], name)
        case ["jet", *name, list(jets)] if name:
            return ("jet", _field(name), _jets(jets))
    raise NoMeaning(f"the variable {data!r:.60}")


def _field(data: list[Any]) -> Field:
    match data:
        case ["Sigma"]:
            return ("moment", ())
        case ["fun", str(name)]:
            return ("fun", name)
        case ["int", ["[", list(monomials)], "to", end]:
            return ("whole", tuple(map(_monomial, monomials)), _end(end))
        case ["int", *name, "to", end] if name:
            return ("int", _field(name), _end(end))
        case [[["f", [["delta", "0", str(energy), [], str(ratio)], *basics]], *letters]] if energy.startswith("energy:"):
            front: Word = (("fn", tuple(map(_basic, basics))),) if basics else ()
            word = joined((*front, *map(_letter, letters)))
            return ("moment", word) if Fraction(ratio) == 1 else ("scaled", Fraction(ratio), word)
    raise NoMeaning(f"the field {data!r:.60}")


def _monomial(data: Any) -> tuple[Any, tuple[tuple[Variable, int], ...]]:
    """(number or None, powers of variables)."""
    match data:
        case [[[str(), *_], _], *_]:  # powers alone
            return None, tuple((_variable(v), int(k)) for v, k in data)
        case [list(powers), [str(re_), str(im)]]:
            return (Fraction(re_), Fraction(im)), tuple((_variable(v), int(k)) for v, k in powers)
    raise NoMeaning(f"the monomial {data!r:.60}")


def _jets(data: Any) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((str(token), int(k)) for token, k in data))


def _letter(data: Any) -> Letter:
    match data:
        case ["f", list(basics)]:
            return ("fn", tuple(map(_basic, basics)))
        case ["op", str(name), index, list(coords), list(jets), []]:
            return ("op", name, _index(index), tuple(coords), _jets(jets))
        case ["dd", list(basics), list(ops)]:
            return ("dd", tuple(map(_basic, basics)), tuple(map(_letter, ops)))
    raise NoMeaning(f"the letter {data!r:.60}")


def _index(data: Any) -> Any:
    if isinstance(data, str):
        return "" if data == "''" else int(data) if data.isdigit() else data
    raise NoMeaning(f"the index {data!r:.40}")


def _basic(data: Any) -> tuple[Any, ...]:
    match data:
        case ["id"]:
            return ("id",)
        case ["exp", rate]:
            return ("exp", _rate(rate))
        case ["fun", str(name), list(orders), list(arguments), _, _]:
            places = tuple(("ham",) if a == ["x"] else ("coord", a[1]) for a in arguments)
            if any(a[0] not in ("x", "coord") for a in arguments):
                raise NoMeaning(f"the function {data!r:.60} of H")
            return ("fun", name, tuple(map(int, orders)), places)
    raise NoMeaning(f"the function {data!r:.60} of H")


def _rate(data: Any) -> Rate:
    """A real polynomial in times and parameters."""
    found = []
    for entry in data:
        match entry:
            case [[list(powers), []], [str(re_), "0"]]:
                monomial = tuple(sorted(((item[0], item[1]), int(k)) for item, k in powers if item[0] in ("coord", "par")))
                if len(monomial) != len(powers):
                    raise NoMeaning(f"the rate {entry!r:.60}")
                found.append((monomial, Fraction(re_)))
            case _:
                raise NoMeaning(f"the rate {entry!r:.60}")
    return tuple(sorted(found))


def _end(data: Any) -> Any:
    match data:
        case ["oo", "+" | "-"]:
            return ("oo", data[1])
        case ["at", rate]:
            return ("at", _rate(rate))
    raise NoMeaning(f"the end {data!r:.60} of an integral")
