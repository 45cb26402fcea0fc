"""Deltas of other arguments than E - H.

A delta's argument is a E + b H with rational a and b.  Beneath the integral over all E of what depends on E through such deltas
alone, all of one ratio r = -b/a, the substitution E -> r E leaves the plain delta:

    delta^(k)(c y) = c^-k delta^(k)(y)/|c|,      int dE X delta^(k)(a E + b H) = |r| (-b)^-k/|b| int dE X delta^(k)(E - H).
"""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.calculus import Frame
from derive.kernel.errors import IllPosed, Unsupported
from derive.kernel.terms import Term, coordinates_in, dependence, rebuild, sub, walk

SINGULAR = ("delta", "theta")


def weights(argument: Term, token: str, frame: Frame) -> tuple[Fraction, Fraction]:
    """(a, b) of a delta's argument a E + b H; IllPosed where it holds no energy, Unsupported for another argument."""
    energy, ham = ("coord", token), ("ham", frame.name, frame.coords)

    def read(term: Term) -> tuple[Fraction, Fraction]:
        match term:
            case ("sum", *parts):
                found = [read(part) for part in parts]
                return sum((a for a, _ in found), Fraction(0)), sum((b for _, b in found), Fraction(0))
            case ("prod", ("num", value), *rest) if rest:
                a, b = read(("prod", *rest) if len(rest) > 1 else rest[0])
                return Fraction(value) * a, Fraction(value) * b
            case _ if term == energy:
                return Fraction(1), Fraction(0)
            case _ if term == ham:
                return Fraction(0), Fraction(1)
        raise Unsupported("a delta of another argument than a E + b H")

    a, b = read(argument)
    if not a:
        raise IllPosed("a delta or step whose argument holds no energy coordinate")
    return a, b


def stretched(body: Term, token: str, frame: Frame) -> Term:
    """What is integrated over an energy, with plain deltas where the substitution gives them; else as it stands."""
    deltas = [part for part in walk(body) if part[0] in SINGULAR]
    if any(part[0] == "theta" or coordinates_in(part) != {token} for part in deltas) or _speaks(_without_deltas(body), token):
        return body
    found = [weights(part[2], token, frame) for part in deltas]
    ratios = {-b / a for a, b in found}
    if len(ratios) != 1 or ratios <= {Fraction(0), Fraction(1)}:
        return body

    def plain(term: Term) -> Term:
        if term[0] != "delta":
            return rebuild(term, plain)
        _, b = weights(term[2], token, frame)
        factor = (-b) ** -term[1] / abs(b)
        return ("prod", ("num", str(factor)), ("delta", term[1], sub(("coord", token), ("ham", frame.name, frame.coords))))

    (ratio,) = ratios
    return ("prod", ("num", str(abs(ratio))), plain(body))


def _speaks(term: Term, token: str) -> bool:
    return token in coordinates_in(term) or any(token in dependence(part) for part in walk(term))


def _without_deltas(term: Term) -> Term:
    return ("num", "0") if term[0] in SINGULAR else rebuild(term, _without_deltas)
