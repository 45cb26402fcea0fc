"""The kernel's terms, as the evidence stores them, in print: every operation keeps its brackets.

A term is what derive/kernel/terms.py says; evidence may have been edited, so whatever is none is shown as the JSON it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from reports.view.text import shown

Term = Any
DEEPEST, LONGEST = 60, 4000


def equation(sides: Any) -> str:
    """`lhs = rhs`."""
    if isinstance(sides, list | tuple) and len(sides) == 2:
        return f"{term(sides[0])} = {term(sides[1])}"
    return _as_data(sides)


def term(found: Term) -> str:
    """A term in one line, cut where it is very long."""
    text = shown(_text(found, 0))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"


def token(name: object) -> str:
    """A coordinate `kind:name` by its name."""
    return shown(str(name).rpartition(":")[2])


def _text(found: Term, depth: int) -> str:
    form = _FORMS.get(str(found[0])) if isinstance(found, list | tuple) and found else None
    if form is None or depth > DEEPEST:
        return _as_data(found)
    try:
        return form(list(found), lambda part: _text(part, depth + 1))
    except (IndexError, TypeError, ValueError, AttributeError):
        return _as_data(found)


def _as_data(found: Any) -> str:
    return json.dumps(found, ensure_ascii=True, default=str)


Show = Callable[[Term], str]


def _sum(t: list[Term], show: Show) -> str:
    return f"({' + '.join(map(show, t[1:]))})" if len(t) > 2 else show(t[1]) if len(t) == 2 else "0"


def _product(t: list[Term], show: Show) -> str:
    factors = [part for part in t[1:] if part != ["num", "1"]]
    if len(factors) > 1 and factors[0] == ["num", "-1"]:
        return f"(-{_product(['prod', *factors[1:]], show)})"
    return f"({' '.join(map(show, factors))})" if len(factors) > 1 else show(factors[0]) if factors else "1"


def _function(t: list[Term], show: Show) -> str:
    orders = f"^({','.join(map(str, t[2]))})" if any(t[2]) else ""
    return f"{t[1]}{orders}({', '.join(map(show, t[3]))})"


def _operator(t: list[Term], show: Show) -> str:
    index = t[2]
    if isinstance(index, list):
        return f"{t[1]}[{index[0]}{index[1]:+d}]" if index[1] else f"{t[1]}[{index[0]}]"
    return f"{t[1]}[{index}]" if index != "" else str(t[1])


def _delta(t: list[Term], show: Show) -> str:
    return "delta" + "'" * int(t[1]) + f"({show(t[2])})"


def _call(word: str, *places: int) -> Callable[[list[Term], Show], str]:
    return lambda t, show: f"{word}({', '.join(show(t[k]) for k in places)})"


_FORMS: Mapping[str, Callable[[list[Term], Show], str]] = {
    "num": lambda t, show: str(t[1]) if "/" not in str(t[1]) and not str(t[1]).startswith("-") else f"({t[1]})",
    "i": lambda t, show: "i",
    "par": lambda t, show: str(t[1]),
    "coord": lambda t, show: token(t[1]),
    "level": lambda t, show: f"E_{t[1]}",
    "oo": lambda t, show: "oo",
    "unprinted": lambda t, show: "unprinted",
    "undefined": lambda t, show: f"undefined({t[1]})",
    "hole": lambda t, show: "H",
    "ham": lambda t, show: str(t[1]),
    "op": _operator,
    "fun": _function,
    "delta": _delta,
    "theta": _call("Theta", 1),
    "sum": _sum,
    "prod": _product,
    "pow": lambda t, show: f"{show(t[1])}^{t[2]}" if int(t[2]) >= 0 else f"{show(t[1])}^({t[2]})",
    "comm": lambda t, show: f"[{show(t[1])}, {show(t[2])}]",
    "adj": _call("adjoint", 1),
    "tr": _call("Tr", 1),
    "lsum": lambda t, show: f"sum_{t[1]} {show(t[2])}",
    "bra": lambda t, show: f"<{t[1]}|",
    "ket": lambda t, show: f"|{t[1]}>",
    "d": lambda t, show: f"d_{token(t[1])}({show(t[2])})",
    "int": lambda t, show: f"int_[{show(t[2])}, {show(t[3])}] d{token(t[1])} {show(t[4])}",
    "avg": lambda t, show: f"avg({show(t[1])}; {token(t[2])})",
    "flow": lambda t, show: f"flow({show(t[1])}; {show(t[2])})",
    "at": lambda t, show: f"at({show(t[1])}; {token(t[2])} = {show(t[3])})",
    "series": lambda t, show: f"series({t[1]}; {t[4]})",
    "coef": lambda t, show: f"coefficient({t[1]}^{t[2]}; {show(t[3])})",
    "onlevels": lambda t, show: f"at the levels({show(t[2])})",
}
