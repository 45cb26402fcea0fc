r"""The LaTeX of an encoding: for a reader to hold beside the print; for showing only, nothing reads it back.

    name       rho0' -> \rho_0'    rho_1i -> \rho_{1i}    DeltaE -> \Delta E    G2 -> G_2
    operators  carry a hat; what depends on coordinates shows them where the encoding puts them: u(E, \tau), g(\hat H)
    D(X, E)    \partial_E X;   the frozen flow {X}_{s};   a choice of the print <name: A | B>

Unlike derive/language/printing.py it is not injective, but products and sums keep the brackets that they need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from sympy import Basic, Integer, Rational

from derive.language import atoms, base, operations, relations

GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
]
LETTERS: Mapping[str, str] = {name: f"\\{name}" for name in GREEK} | {"eps": "\\epsilon", "hbar": "\\hbar"}
NAME = re.compile(r"(?P<letter>[A-Za-z]+?)(?P<index>_?[0-9][A-Za-z0-9]*|_[A-Za-z0-9]*)?(?P<primes>'*)")
PLAIN = re.compile(r"[^A-Za-z0-9 .,;:()'/+*=<>-]")
SHORT = 120  # characters: in longer brackets a line may have to end, which \\left does not allow
SUM, PRODUCT, ATOM = range(3)  # how tightly a text holds together
_REACHING = (operations.D, operations.Integral, operations.LevelSum)  # what seems to hold all that follows


def latex(expression: Basic) -> str:
    """The LaTeX of an expression, an equation or a chain; LanguageError for a node that has no line in the table."""
    return _show(expression)[0]


def name(text: str) -> str:
    """The LaTeX of a symbol's name; words where it is no letter with an index."""
    found = NAME.fullmatch(text)
    if found is None:
        return words(text)
    letter = _letter(found["letter"])
    index = (found["index"] or "").strip("_")
    return letter + (f"_{{{LETTERS.get(index, index)}}}" if index else "") + found["primes"]


def words(text: str) -> str:
    """Plain words; what TeX might take for more than a letter is left out."""
    return f"\\text{{{PLAIN.sub('', text)}}}"


def _letter(text: str) -> str:
    if text in LETTERS or len(text) == 1:
        return LETTERS.get(text, text)
    for start in ("Delta", "delta"):
        if text.startswith(start):
            return f"{LETTERS[start]} {_letter(text[len(start) :])}"
    return f"\\mathrm{{{text}}}"


def _show(e: Any) -> tuple[str, int]:
    if isinstance(e, Rational):
        if e.q == 1:
            return str(e.p), ATOM if e >= 0 else SUM
        sign = "-" if e < 0 else ""
        return f"{sign}\\tfrac{{{abs(e.p)}}}{{{e.q}}}", SUM if e < 0 else ATOM
    form = _FORMS.get(type(e))
    if form is None:
        raise base.LanguageError(f"LaTeX: unknown node {type(e).__name__}; give it a line in latex.py")
    found = form(e)
    return found if isinstance(found, tuple) else (found, ATOM)


def _held(e: Any, tightness: int) -> str:
    """The text of a part, in brackets if it holds together less tightly than asked."""
    text, own = _show(e)
    if own >= tightness:
        return text
    return f"\\left({text}\\right)" if len(text) <= SHORT else f"\\bigl({text}\\bigr)"


def _sum(e: Any) -> tuple[str, int]:
    if len(e.args) < 2:
        return _show(e.args[0]) if e.args else ("0", ATOM)
    text = ""
    for term in e.args:
        shown = _held(term, PRODUCT) if not _negative(term) else _show(term)[0]
        text += shown if not text else f" - {shown[1:].lstrip()}" if shown.startswith("-") else f" + {shown}"
    return text, SUM


def _negative(e: Any) -> bool:
    return isinstance(e, base.Product) and len(e.args) > 1 and isinstance(e.args[0], Rational) and e.args[0] < 0


def _product(e: Any) -> tuple[str, int]:
    factors = list(e.args)
    if len(factors) == 1:
        return _show(factors[0])
    if not factors:
        return "1", ATOM
    if factors[0] == Integer(-1):
        return f"-{_factors(factors[1:])}", SUM
    if _negative(e):
        return f"-{_factors([-factors[0], *factors[1:]])}", SUM
    return _factors(factors), PRODUCT


def _factors(factors: list[Any]) -> str:
    """The factors in order; a derivative or an integral that others follow stands in brackets, or it seems to hold them."""
    if len(factors) > 1 and factors[0] == Integer(1):
        factors = factors[1:]
    parts = [
        _held(factor, ATOM if isinstance(factor, _REACHING) and later else PRODUCT)
        for factor, later in zip(factors, [*factors[1:], None], strict=True)
    ]
    return "\\,".join(parts) or "1"


def _power(e: Any) -> tuple[str, int]:
    if e.exponent == -1:
        return f"\\frac{{1}}{{{_show(e.base)[0]}}}", ATOM
    inner = _held(e.base, ATOM)
    braced = inner if isinstance(e.base, atoms.Coordinate | atoms.Parameter) else f"{{{inner}}}"
    return f"{braced}^{{{e.exponent}}}", ATOM


def _apply(e: Any) -> str:
    arguments = ", ".join(_show(a)[0] for a in e.arguments)
    derived = "".join(
        f"\\partial_{{{k + 1}}}" + (f"^{{{order}}}" if order > 1 else "") for k, order in enumerate(e.orders) if order
    )
    symbol = name(e.function.name)
    return f"({derived} {symbol})({arguments})" if derived else f"{symbol}({arguments})"


def _member(e: Any) -> str:
    order = _show(e.args[1])[0]
    return f"\\hat{{{name(e.family.name.rstrip('_'))}}}_{{{order}}}"


def _derivative(e: Any) -> tuple[str, int]:
    r"""Derivatives of a derivative are gathered: \partial_E^{2} \partial_\tau X."""
    coordinates: list[str] = []
    inner = e
    while isinstance(inner, operations.D):
        coordinates.append(_show(inner.args[1])[0])
        inner = inner.args[0]
    signs = [
        f"\\partial_{{{x}}}" + (f"^{{{count}}}" if count > 1 else "")
        for x, group in groupby(coordinates)
        if (count := len(list(group)))
    ]
    return f"{' '.join(signs)} {_held(inner, ATOM)}", PRODUCT


def _integral(e: Any) -> tuple[str, int]:
    operand, x, lower, upper = e.args
    whole = (lower, upper) == operations.Integral(operand, x).args[2:]
    low, high = ("" if isinstance(limit, operations.Unprinted) else _show(limit)[0] for limit in (lower, upper))
    limits = "" if whole else f"_{{{low}}}^{{{high}}}"
    return f"\\int{limits} d{_show(x)[0]}\\, {_held(operand, PRODUCT)}", PRODUCT


def _delta(e: Any) -> str:
    primes = "'" * e.order if e.order < 4 else f"^{{({e.order})}}"
    return f"\\delta{primes}({_show(e.argument)[0]})"


def _choice(e: Any) -> str:
    options = " \\,|\\, ".join(f"{words(label)}: {_show(value)[0]}" for label, value in e.options.items())
    return f"\\langle {words(e.name)}\\; {options}\\rangle"


def _equation(e: Any) -> tuple[str, int]:
    tail = "" if isinstance(e.modulo, relations.Exactly) else f"\\quad {_show(e.modulo)[0]}"
    return f"{_show(e.args[0])[0]} = {_show(e.args[1])[0]}{tail}", SUM


def _chain(e: Any) -> tuple[str, int]:
    text = ""
    for number, link in enumerate(e.links):
        continued = number and link.args[0] == e.links[number - 1].args[1]
        right = _equation(link)[0]
        text += f" = {right.split(' = ', 1)[1]}" if continued and " = " in right else ("\\,;\\quad " if text else "") + right
    return text, SUM


def _hat(e: Any) -> str:
    letter, mark, index = name(e.name).partition("_")
    return f"\\hat{{{letter}}}{mark}{index}"


_FORMS: Mapping[type, Callable[[Any], str | tuple[str, int]]] = {
    base.Sum: _sum,
    base.Product: _product,
    base.Power: _power,
    base.Imaginary: lambda e: "i",
    atoms.Coordinate: lambda e: name(e.name),
    atoms.Parameter: lambda e: name(e.name),
    atoms.Index: lambda e: name(e.name),
    atoms.Order: lambda e: name(e.name) + (f"{e.shift:+d}" if e.shift else ""),
    atoms.Hamiltonian: _hat,
    atoms.Operator: _hat,
    atoms.Family: _hat,
    atoms.Member: _member,
    atoms.Function: lambda e: name(e.name),
    atoms.Apply: _apply,
    operations.Commutator: lambda e: f"[{_show(e.args[0])[0]}, {_show(e.args[1])[0]}]",
    operations.Adjoint: lambda e: f"{{{_held(e.args[0], ATOM)}}}^{{\\dagger}}",
    operations.Trace: lambda e: f"\\mathrm{{Tr}}\\left({_show(e.args[0])[0]}\\right)",
    operations.Delta: _delta,
    operations.Theta: lambda e: f"\\Theta({_show(e.argument)[0]})",
    operations.Level: lambda e: f"E_{{{_show(e.args[0])[0]}}}",
    operations.Ket: lambda e: f"|{_show(e.args[0])[0]}\\rangle",
    operations.Bra: lambda e: f"\\langle {_show(e.args[0])[0]}|",
    operations.LevelSum: lambda e: (f"\\sum_{{{_show(e.args[0])[0]}}} {_held(e.args[1], PRODUCT)}", PRODUCT),
    operations.D: _derivative,
    operations.Infinity: lambda e: "\\infty",
    operations.Unprinted: lambda e: words("unprinted"),
    operations.Integral: _integral,
    operations.Average: lambda e: f"\\langle {_show(e.args[0])[0]}\\rangle_{{{_show(e.args[1])[0]}}}",
    operations.Heisenberg: lambda e: f"\\{{{_show(e.args[0])[0]}\\}}_{{{_show(e.args[1])[0]}}}",
    operations.At: lambda e: f"\\left.{_held(e.args[0], PRODUCT)}\\right|_{{{_show(e.args[1])[0]} = {_show(e.args[2])[0]}}}",
    operations.Continuation: lambda e: "\\dots",
    operations.Placeholder: lambda e: words(f"undefined {e.name}"),
    relations.ModuloDerivative: lambda e: words("up to a total derivative in ") + f"\\, {_show(e.args[0])[0]}",
    relations.ModuloPower: lambda e: words("up to ") + f"\\, {_show(e.args[0])[0]}^{{{_show(e.args[1])[0]}}}",
    relations.Exactly: lambda e: words("exactly"),
    relations.Nonzero: lambda e: (f"{_show(e.args[0])[0]} \\ne 0", SUM),
    relations.SimpleSpectrum: lambda e: words("simple spectrum of ") + f"\\, {_show(e.args[0])[0]}",
    relations.Equation: _equation,
    relations.Chain: _chain,
    relations.Choice: _choice,
}
