"""The variables of evidence between smooth fields, in print: `d_E Tr[delta(E - H) d_tau H]` for a kernel's tuple.

The kernel names a variable by its tuple in brackets, `(jet WHAT ((energy:E 1)))`: a derivative of a field, of a moment Tr[word]
or of the primitive of one of these over a time ~.  What has another shape is shown as the kernel names it.
"""

from __future__ import annotations

import re
from typing import Any

from reports.view.matrices import complex_text
from reports.view.terms import token
from reports.view.text import shown

TOKEN = re.compile(r"[()]|[^\s()]+")
Tree = Any  # a word, or a list of trees


def variable(text: str) -> str:
    """The variable in print; as it is where it cannot be read."""
    try:
        return shown(_variable(_tree(text)))
    except (IndexError, TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return shown(text)


def polynomial(terms: Any) -> str:
    """A polynomial in the variables, [[[re, im], [[variable, power], ...]], ...], in print; as it is where it cannot be read."""
    try:
        return shown(_signed([_monomial(*one) for one in terms])) or "0"
    except (IndexError, TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return shown(terms)


def _monomial(coefficient: Any, powers: Any) -> str:
    number = complex_text(coefficient)
    factors = " ".join(_power(variable, power) for variable, power in powers)
    if not factors:
        return number
    if " " in number:
        return f"({number}) {factors}"
    return {"1": factors, "-1": f"-{factors}"}.get(number, f"{number} {factors}")


def _power(variable: Any, power: Any) -> str:
    match variable:
        case ["jet", str(what), list(derivatives)]:
            found = _variable(["jet", *_trees(what), [[name, str(k)] for name, k in derivatives]])
        case [str(kind), str(name)]:
            found = _variable([kind, name])
        case _:
            raise ValueError("no variable")
    return _power_of(found, power)


def _power_of(found: str, power: Any) -> str:
    if int(power) == 1:
        return found
    return f"({found})^{int(power)}" if " " in found else f"{found}^{int(power)}"


def _signed(terms: list[str]) -> str:
    return " ".join([*terms[:1], *(f"- {one[1:]}" if one.startswith("-") else f"+ {one}" for one in terms[1:])])


def _tree(text: str) -> Tree:
    (found,) = _trees(text)
    return found


def _trees(text: str) -> list[Tree]:
    stack: list[list[Tree]] = [[]]
    for word in TOKEN.findall(text):
        if word == "(":
            stack.append([])
        elif word == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(word)
    found = stack.pop()
    if stack:
        raise ValueError("brackets that do not close")
    return found


def _variable(found: Tree) -> str:
    match found:
        case ["coord" | "par", name]:
            return token(name)
        case ["jet", *what, derivatives]:
            return _derived(derivatives) + _field(what)
    raise ValueError("no variable")


def _derived(derivatives: Tree) -> str:
    return "".join(f"d_{token(name)}" + (f"^{k}" if k != "1" else "") + " " for name, k in derivatives)


def _field(what: Tree) -> str:
    match what:
        case ["fun", str(name)]:
            return name
        case [str(name)]:
            return name
        case [list(word)]:
            return f"Tr[{_word(word)}]"
        case ["int", "[", list(monomials), "]", "to", end]:
            return f"[integral over ~ up to {_end(end)} of the part in {' and '.join(map(_product, monomials))}]"
        case ["int", *integrand, "to", end]:
            return f"[integral over ~ up to {_end(end)} of {_field(integrand)}]"
    raise ValueError("no field")


def _product(monomial: Tree) -> str:
    return " ".join(_power_of(_variable(found), power) for found, power in monomial)


def _end(found: Tree) -> str:
    """Where an integral ends: at a combination of coordinates, or at infinity."""
    match found:
        case ["oo", sign]:
            return f"{sign}oo"
        case ["at", list(rates)]:
            return " + ".join(map(_rate, rates)) or "0"
    raise ValueError("no end")


def _word(factors: Tree) -> str:
    return " ".join(map(_factor, factors))


def _factor(found: Tree) -> str:
    match found:
        case ["f", list(items)]:
            return " ".join(map(_of_hamiltonian, items)) or "1"
        case ["dd", list(functions), list(words)]:
            return f"dd[{' '.join(map(_of_hamiltonian, functions))}; {'; '.join(map(_factor, words))}]"
        case ["op", str(name), str(index), list(), list(derivatives), *_]:
            mark = "" if index == "ham" else f"[{index}]"
            return f"({_derived(derivatives)}{name}{mark})" if derivatives else f"{name}{mark}"
    raise ValueError("no factor")


def _of_hamiltonian(found: Tree) -> str:
    match found:
        case ["delta", order, energy, [], "1"]:
            return "delta" + "'" * int(order) + f"({token(energy)} - H)"
        case ["exp", list(rates)]:
            return f"exp(i ({' + '.join(map(_rate, rates))}) H)"
        case ["fun", name, *_]:
            return f"{name}(H)"
    raise ValueError("no function of H")


def _rate(found: Tree) -> str:
    (scalars, _), (re_part, im_part) = found
    if im_part != "0":
        raise ValueError("a rate that is not real")
    factors = " ".join(f"{token(item[1])}" + (f"^{k}" if k != "1" else "") for item, k in scalars)
    return {"1": factors, "-1": f"-{factors}"}.get(re_part, f"{re_part} {factors}")
