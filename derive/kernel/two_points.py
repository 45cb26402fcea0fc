"""Fields at two energies: a moment Tr delta(E - r H) X is (1/|r|) mu_X(E/r), the plain moment at another point.

Premises hold at every energy, so a point that refutes must say what everything is at E/r too: a second table of values, at which
the premises hold as well.  What does not depend on the energy has one value in both.  Points apart, smooth fields through both
exist, and then d_E^k of the scaled moment is r^-k mu_X^(k)(E/r)/|r|.
"""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.algebra import order_key
from derive.kernel.at_point import key_of, value_at
from derive.kernel.errors import Refused
from derive.kernel.fields import Fields
from derive.kernel.jets import Jets, Var, jet, order_in
from derive.kernel.moment_words import adjoint_word, name_of

Values = dict[str, Fraction]


def is_scaled(fields: Fields, name: str) -> bool:
    """Whether a moment is Tr delta(E - r H) X with r other than 1: the same function at another point."""
    return bool(name in fields.words and fields.words[name][0][1][0][4] != 1)


def plain_name(fields: Fields, name: str) -> str:
    """The name of the moment Tr delta(E - H) X of which a scaled one is the value at another point."""
    ((_, (delta, *beside)), *rest) = fields.words[name]
    word = (("f", ((*delta[:4], Fraction(1)), *beside)), *rest)
    if len(word) == 1:
        return "Sigma"
    return name_of(min(word, adjoint_word(word), key=order_key) if fields.real else word)


def ratio_of(fields: Fields, v: Var) -> Fraction:
    """The r of a moment Tr delta(E - r H) X; 1 for everything else."""
    return Fraction(fields.words[v[1]][0][1][0][4]) if v[0] == "jet" and is_scaled(fields, v[1]) else Fraction(1)


def partner(fields: Fields, v: Var) -> Var:
    """The plain moment, as often differentiated, of a scaled one."""
    return ("jet", plain_name(fields, v[1]), v[2])


def scaling(fields: Fields, v: Var) -> Fraction:
    """A scaled moment in units of its partner at E/r."""
    r = ratio_of(fields, v)
    return r ** -order_in(v, fields.energy) / abs(r)


def is_shared(fields: Fields, v: Var) -> bool:
    """Whether a variable has the same value at every energy."""
    if v[0] != "jet":
        return v != ("coord", fields.energy)
    return fields.energy not in fields.chart.coordinates[v[1]]


def check_elsewhere(
    fields: Fields, residual: Jets, values: Values, elsewhere: dict[Fraction, Values], consequences: list[Jets]
) -> None:
    """Refused unless the values of the scaled moments are what the tables elsewhere say, and these are possible."""
    scaled = {name for name in fields.words if is_scaled(fields, name)}
    if not scaled or not consequences:  # what no premise speaks of takes any values at two points
        return
    if scaled - {v[1] for v in residual.variables if v[0] == "jet"}:
        raise Refused("a moment at a multiple of the energy stands under an integral")
    if any(ratio_of(fields, v) != 1 for p in consequences for v in p.variables):
        raise Refused("a premise speaks of a moment at a multiple of the energy")
    energy, spoken = ("coord", fields.energy), residual.variables
    held = {v for p in (residual, *consequences) for v in p.variables}
    for ratio in {ratio_of(fields, v) for v in spoken} - {Fraction(1)}:
        here, there = values.get(key_of(energy), Fraction(1)), elsewhere.get(ratio)
        if not ratio or not here or there is None:
            raise Refused("a moment at a multiple of the energy, and no values at that energy, or no other energy")
        if there.get(key_of(energy), here / ratio) != here / ratio:
            raise Refused("the values elsewhere are not at the multiple of the energy")
        if any(is_shared(fields, v) and there.get(key_of(v)) != values.get(key_of(v)) for v in held):
            raise Refused("what does not depend on the energy differs at another")
        if there.get(key_of(jet("Sigma")), Fraction(1)) <= 0:
            raise Refused("the density of states is not positive at the multiple of the energy")
        if any(value_at(p, there) for p in consequences):
            raise Refused("a premise does not hold at the multiple of the energy")
        for v in (v for v in spoken if ratio_of(fields, v) == ratio):
            plain = there.get(key_of(partner(fields, v)))
            if plain is None and partner(fields, v) in held:
                raise Refused(f"the values elsewhere do not say what {key_of(partner(fields, v))} is")
            if plain is not None and values.get(key_of(v)) != scaling(fields, v) * plain:
                raise Refused("a moment at a multiple of the energy is not the plain moment there")
