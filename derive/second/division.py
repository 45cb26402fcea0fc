"""What one divides by must be declared nonzero.

Where a divisor vanishes, something that is declared nonzero must vanish too.  Divisors are products of fields: a field is a
factor where it makes the product vanish, and the product depends on nothing but its factors.
"""

from __future__ import annotations

from typing import Any

from derive.second.germs import Disagrees, NoMeaning
from derive.second.ground import Term
from derive.second.looking import drawn, looked
from derive.second.moves import frozen, in_reach, walk
from derive.second.names import field as field_of
from derive.second.numbers import PRIME, Number
from derive.second.reading import term_of
from derive.second.setting import Setting
from derive.second.wholes import known_as


def refuse_undeclared(setting: Setting, data: Any, refutes: bool) -> None:
    """What an equation divides by must be declared nonzero: where the divisor vanishes, so must something that is declared so."""
    terms = [setting.residual(k) for k in (-1, *setting.usable()) if k < 0 or not _unread(setting, k, refutes)]
    divisors = {
        part[1]
        for part in in_reach(terms, list(setting.definitions))
        if part[0] == "pow" and part[2] < 0 and part[1][0] not in ("par", "num")
    }
    declared = [term_of(entry["term"]) for entry in data["nonzero"]]
    for divisor in sorted(divisors, key=repr):
        if any(p[0] == "coord" and p[1].startswith("time:") for p in walk(divisor)) and divisor[0] == "coord":
            raise Disagrees("division by a time")
        fields = factors(setting, divisor, refutes)
        if not fields:
            raise NoMeaning("division by something other than a product of fields")
        for name in fields:
            _declared(setting, declared, name, refutes)


def _unread(setting: Setting, place: int, refutes: bool) -> bool:
    try:
        looked(setting, setting.residual(place), drawn("plain"), PRIME, {}, refutes)
    except NoMeaning:
        return True
    return False


def factors(setting: Setting, term: Term, refutes: bool) -> list[Any]:
    """The fields of a product: each makes it vanish, and it depends on nothing else."""
    at = looked(setting, term, drawn("plain"), PRIME, {}, refutes)
    before = at.at_point()
    names = sorted({name for name, _, _ in at.run.world.series}, key=repr)
    found = [name for name in names if not any(_with_zero(setting, term, {name}, refutes))]

    def tweak(name: Any, orders: dict[str, int]) -> bool:
        return name[0] != "par" and (name not in found or bool(orders))

    after = looked(setting, term, drawn("plain", tweak), PRIME, {}, refutes).at_point()
    return found if after == before else []


def _with_zero(setting: Setting, term: Term, names: set[Any], refutes: bool) -> list[bool]:
    plain = drawn("plain")

    def look(name: Any, orders: dict[str, int]) -> Number:
        return PRIME.zero if name in names and not orders else plain(name, orders)

    return [value != PRIME.zero for value in looked(setting, term, look, PRIME, {}, refutes).at_point()]


def _declared(setting: Setting, declared: list[Term], name: Any, refutes: bool) -> None:
    for term in declared:
        try:
            if name in factors(setting, term, refutes):
                return
        except NoMeaning:
            continue
    raise Disagrees("division by a field that no assumption declares nonzero")


def refuse_divisors(setting: Setting, data: Any, multipliers: list[Any]) -> None:
    """The same for what the multipliers divide by."""
    declared = [term_of(entry["term"]) for entry in data["nonzero"]]
    at = looked(setting, setting.residual(-1), drawn("plain"), PRIME, {}, False)
    below = {frozen(v) for factor in multipliers for _, powers in factor for v, k in powers if type(k) is int and k < 0}
    for v in sorted(below, key=repr):
        if v[0] == "par":
            continue
        if v[0] != "jet" or v[2]:
            raise Disagrees("division by something that no assumption declares nonzero")
        _declared(setting, declared, known_as(at.run, field_of(v[1], setting.energy)), False)
