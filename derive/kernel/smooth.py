"""Equations between smooth fields: what is left of moments at the levels once they are smoothed.

A moment mu_X(E, tau) = Tr delta(E - H) X is a sum of deltas for a finite matrix; an equation that divides one moment by another
and differentiates the quotient has a meaning only between smooth fields.  fields.py says what is read as a field, levels.py what
an equation at every level says of them, two_times.py what becomes of an equation modulo a power of a small parameter.

Evidence is a JSON object:

    kind       "fields";   answer   "follows" or "fails"
    claim, premises, rewrites        as in certificate.py;   levels   numbers of premises taken from the levels to E
    nonzero    [{"name", "term"}]    what one may divide by
    modulo     [] or ["power", parameter, k];   series   the number of the premise that expands the state, or -1
    steps      "follows": [[premise, [[token, times], ...], factor as jets], ...], with claim = sum factor * derivative(premise)
    values     variable -> number    a point at which the premises hold; the claim fails, or holds and not for nothing
    elsewhere  ratio -> values       "fails", where the claim speaks of moments Tr delta(E - r H) X: points E/r (two_points.py)
    witness    "fails": the claim's residual at the point, of the first order in the parameter that does not vanish

A point refutes in a world where every moment there is real: the moment of an adjoint word then has the same value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.kernel.at_point import key_of, value_at
from derive.kernel.calculus import Frame
from derive.kernel.certificate import require_frame
from derive.kernel.drives import accelerates, constants_of
from derive.kernel.ends import Point, refuse_bound_integrals
from derive.kernel.errors import IllPosed, Malformed, Refused, Unsupported
from derive.kernel.fields import Fields
from derive.kernel.gaussian import Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.jets import Jets, Var, from_data, jet, rational
from derive.kernel.levels import from_levels
from derive.kernel.normal import vanishes
from derive.kernel.positivity import refuse_impossible_moments
from derive.kernel.prolongation import orders_of, prolonged
from derive.kernel.rules import pattern_of, rewritten
from derive.kernel.terms import Term, from_json, sub, walk
from derive.kernel.two_points import check_elsewhere
from derive.kernel.two_times import expanded, in_two_times, is_exact

Equation = tuple[Term, Term]
HIGHEST = 4  # derivatives of a premise in each coordinate


@dataclass(frozen=True)
class Setting:
    """A claim with its premises, and how they are to be read."""

    frame: Frame
    energy: str
    claim: Equation
    premises: tuple[Equation, ...]
    rewrites: tuple[int, ...]
    levels: tuple[int, ...]
    power: tuple[str, int] | None = None  # the claim holds up to this power of this parameter
    series: int = -1

    @property
    def definitions(self) -> list[Equation]:
        """The equations that fix a symbol; H = H0 + tau V fixes two."""
        return [one for k in self.rewrites for one in constants_of(self.premises[k]) or [self.premises[k]]]

    def claimed(self, side: Term) -> Term:
        """A side of an equation with the definitions put in, and the series of the state for a claim modulo a power."""
        if self.power is None or self.series < 0:
            return rewritten(side, self.definitions)
        ansatz = self.premises[self.series]
        spelled = expanded(rewritten(in_two_times(side, ansatz), self.definitions, True), ansatz, self.power[1])
        return rewritten(spelled, self.definitions, True)  # the terms of the series may be defined in their turn

    def orders(self, place: int, p: Jets) -> list[Jets]:
        """What a premise says of each power of the parameter: of every one, but where the series was put in, which is cut off."""
        cut = any(self.claimed(side) != rewritten(side, self.definitions) for side in self.premises[place])
        return by_order(p, self.power) if cut else every_order(p, self.power)

    def exact_in(self, *terms: Term) -> bool:
        """Whether terms of an equation modulo a power speak of the exact state, which is no field of its own there."""
        if self.power is None or self.series < 0:
            return False
        ansatz = self.premises[self.series]
        return any(is_exact(part, ansatz) for term in terms for part in walk(term))


@dataclass(frozen=True)
class Read:
    """What was read: the claim's residual, its sides, and each premise's residual; None for one that fixes a symbol or speaks of
    more than fields."""

    fields: Fields
    residual: Jets
    sides: tuple[Jets, Jets]
    premises: tuple[Jets | None, ...]

    def seen(self, p: Jets, power: tuple[str, int] | None) -> Jets:
        """The part of a residual that an equation modulo a power of a parameter speaks of."""
        if power is None:
            return p
        return Jets({m: c for m, c in p.terms.items() if _order(m, power[0]) < power[1]})


def _order(monomial: Any, parameter: str) -> int:
    order = int(dict(monomial).get(("par", parameter), 0))
    if order < 0:
        raise Unsupported(f"a division by {parameter} in an equation modulo a power of it")
    return order


def by_order(p: Jets, power: tuple[str, int] | None) -> list[Jets]:
    """The coefficients of the powers of the parameter below the given one; the residual itself where there is none."""
    if power is None:
        return [p]
    orders: list[dict[Any, Gaussian]] = [{} for _ in range(power[1])]
    for monomial, c in p.terms.items():
        order = _order(monomial, power[0])
        if order < power[1]:
            orders[order][tuple(pair for pair in monomial if pair[0] != ("par", power[0]))] = c
    return [Jets(part) for part in orders]


def every_order(p: Jets, power: tuple[str, int] | None) -> list[Jets]:
    """The coefficients of all powers of the parameter: an equation that holds exactly holds in each."""
    highest = max((_order(m, power[0]) for m in p.terms), default=0) if power else 0
    return by_order(p, None if power is None else (power[0], highest + 1))


def read_all(setting: Setting, real: bool = False) -> Read:
    """Reads the claim and its premises; `real` for a world in which every moment is real."""
    fields = Fields(setting.frame, setting.energy, real)
    residual = fields.equation(setting.claimed(sub(*setting.claim)))
    sides = (fields.equation(setting.claimed(setting.claim[0])), fields.equation(setting.claimed(setting.claim[1])))
    found: list[Jets | None] = []
    for k, equation in enumerate(setting.premises):
        if k in setting.rewrites or k == setting.series:
            found.append(None)
            continue
        try:
            terms = (setting.claimed(equation[0]), setting.claimed(equation[1]))
            if setting.exact_in(*terms):
                raise Unsupported("a function of the exact state, which knows every order of the parameter")
            if k in setting.levels:
                terms = from_levels(terms, setting.energy, setting.frame)
            found.append(fields.equation(sub(*terms)))
        except (Unsupported, IllPosed):
            found.append(None)
    return Read(fields, residual, sides, tuple(found))


def derived(fields: Fields, p: Jets, derivatives: Any) -> Jets:
    """The polynomial differentiated so often in each coordinate."""
    for token, times in derivatives:
        for _ in range(times):
            p = fields.slope(p, token)
    return p


def witness_at(p: Jets, power: tuple[str, int] | None, values: dict[str, Fraction]) -> list[str] | None:
    """The first coefficient that does not vanish at the point; None where all do."""
    found = (value_at(part, values) for part in by_order(p, power))
    return next((value.pair() for value in found if value), None)


def check_fields(data: Any) -> None:
    """Verifies stored evidence between smooth fields; Refused with the reason, Malformed where it is none."""
    setting = _setting(data)
    nonzero = [from_json(entry["term"]) for entry in data["nonzero"]]
    require_frame(setting.frame, *setting.claim, *(side for premise in setting.premises for side in premise), *nonzero)
    refutes = data["answer"] == "fails"
    read = read_all(setting, real=refutes)
    fields = read.fields
    values = {str(k): rational(v) for k, v in data["values"].items()}
    allowed: set[Var] = set()
    for term in nonzero:
        allowed |= factors_of(fields.read(rewritten(term, setting.definitions)))
    if fields.divided - allowed:
        raise Refused("division by a field that no assumption declares nonzero")
    for name, value in values.items():
        if (name.startswith("(par ") or name == key_of(jet("Sigma"))) and value <= 0:
            raise Refused(f"{name} is not positive at the point")
    orders = orders_of(fields, read.residual, read.premises, refutes)
    consequences: list[Jets] = []
    for place, premise in enumerate(read.premises):
        for _, consequence in prolonged(fields, premise, orders) if premise else ():
            consequences.append(consequence)
            if any(value_at(part, values) for part in (setting.orders(place, consequence) if refutes else [consequence])):
                raise Refused(f"premise {data['premises'][place]['name']} does not hold at the point")
    if refutes:
        elsewhere = {
            rational(ratio): {str(k): rational(v) for k, v in table.items()} for ratio, table in data.get("elsewhere", {}).items()
        }
        check_elsewhere(fields, read.residual, values, elsewhere, consequences)
        for table in (values, *elsewhere.values()):
            refuse_impossible_moments(fields.words, fields.density, table)
        _check_refutation(data, setting, read, values, orders)
    elif data["answer"] == "follows":
        _check_steps(data, setting, read, values, allowed)
    else:
        raise Malformed(f"answer: expected follows or fails, came {data['answer']!r:.20}")


def _check_refutation(data: Any, setting: Setting, read: Read, values: dict[str, Fraction], orders: dict[str, int]) -> None:
    fields, found = read.fields, read.premises
    unread = [
        p
        for k, p in enumerate(setting.premises)
        if found[k] is None and k not in setting.rewrites and k != setting.series
        if not _identical(p, setting)
    ]
    known = [sub(*setting.claim), setting.claimed(sub(*setting.claim))]
    known += [rewritten(sub(*p), setting.definitions) for k, p in enumerate(setting.premises) if found[k]]
    if any(_shared(one, sub(*p)) for p in unread for one in known):
        raise Refused("a premise speaks of the claim's fields and cannot be read as an equation between fields")
    _refuse_what_is_left_of_definitions(setting, fields)
    if any(constants_of(setting.premises[k]) for k in setting.rewrites) and any(map(accelerates, fields.words.values())):
        raise Refused("H moves at constant speed, and its second derivative stands in a moment")
    spoken = [v for p in [read.residual, *filter(None, found)] for v in p.variables]
    _refuse_two_points(fields, spoken, [p for p in found if p])
    free = _free_moments(fields)
    for p in filter(None, found):
        bare = all(v[0] == "par" or (v[0] == "jet" and v[1] in fields.words and not v[2]) for v in p.variables)
        if bare and not any(v[0] == "jet" and v[1] in free for v in p.variables):
            raise Refused("a premise fixes moments alone, which inequalities bind besides")
    if any(_unknown_motion(v, free) for v in spoken):
        raise Refused("a moment is differentiated in a time, and what that is is not known")
    polynomials = [read.residual, *(p for p in found if p)]
    if any(_holds_integrated(fields, p) and not _fresh_moment(fields, p, polynomials) for p in polynomials):
        raise Refused("a field stands under an integral and outside it: its primitive is not free")
    refuse_bound_integrals(fields, read.residual, [p for p in found if p], Point(values, orders))
    if len(fields.wholes) > 1 or any(name in whole for whole in fields.wholes for name in fields.integrated):
        raise Refused("more than one integrand that has an infinite integral as a whole only: what binds them is not known")
    if any(k > HIGHEST for k in orders.values()):
        raise Refused("the premises would have to be differentiated too often")
    witness = witness_at(read.residual, setting.power, values)
    if witness is None:
        raise Refused("the claim holds at the point")
    if witness != list(data["witness"]):
        raise Refused("the claim's residual is not the one stored")


def _check_steps(data: Any, setting: Setting, read: Read, values: dict[str, Fraction], allowed: set[Var]) -> None:
    residual = read.residual
    for place, derivatives, factor in data["steps"]:
        premise = read.premises[place] if 0 <= place < len(read.premises) else None
        if premise is None:
            raise Refused("a step uses a premise that is no equation between fields")
        multiplier = from_data(factor)
        if set(multiplier.divisors) - allowed:
            raise Refused("division by a field that no assumption declares nonzero")
        residual = residual - multiplier * derived(read.fields, premise, [(str(t), int(n)) for t, n in derivatives])
    if read.seen(residual, setting.power):
        raise Refused("the combination does not vanish: the claim does not follow in this way")
    sides = [read.seen(side, setting.power) for side in read.sides]
    if not any(value_at(Jets({m: c}), values) for side in sides for m, c in side.terms.items()):
        raise Refused("every term of the claim vanishes at the point")


def _refuse_what_is_left_of_definitions(setting: Setting, fields: Fields) -> None:
    """A point says nothing of a definition that was put in; so its symbol must be gone."""
    letters = {letter for word in fields.words.values() for letter in _letters(word)}
    for symbol, _ in filter(None, map(pattern_of, setting.definitions)):
        symbol = symbol[2] if symbol[0] == "d" else symbol
        left = symbol[0] == "fun" and f"fun {symbol[1]}" in fields.chart.coordinates
        if left or (symbol[0] == "op" and symbol[1:3] in letters):
            raise Refused(f"{symbol[1]} is left where its definition was to be put in")


def _refuse_two_points(fields: Fields, spoken: list[Var], premises: list[Jets]) -> None:
    """The same moment at two energies that are both coordinates, or at two times, is no two free fields."""
    everywhere = {t for coordinates in fields.chart.coordinates.values() for t in coordinates}
    if len([t for t in everywhere if t.startswith("energy:")]) > 1:
        raise Refused("fields at more than one energy: the same moment at two points is no two free fields")
    seen: dict[Any, str] = {}
    for name in {v[1] for v in spoken if v[0] == "jet" and v[1] in fields.words}:
        if seen.setdefault(_anywhere(fields.words[name]), name) != name:
            raise Refused("a moment at more than one time: the same moment at two points is no two free fields")
    bound = {v[1] for p in premises for v in p.variables if v[0] == "jet" and v[1] in fields.words}
    for name in bound:
        for other in seen.values():
            at_a_time = any(t.startswith("time:") for held in (name, other) for t in fields.chart.coordinates[held])
            if other != name and at_a_time and _made_of(fields.words[other]) == _made_of(fields.words[name]):
                raise Refused("a premise binds a moment, which is one more moment at another time")


def _made_of(word: Any) -> Any:
    """The delta and the operators of a moment, whatever stands between them."""
    return [basic for basic in word[0][1] if basic[0] == "delta"], sorted(_letters(word), key=repr)


def _anywhere(x: Any) -> Any:
    if isinstance(x, tuple):
        return tuple(map(_anywhere, x))
    return "time:" if isinstance(x, str) and x.startswith("time:") else x


def _free_moments(fields: Fields) -> set[str]:
    """Moments Tr delta(E - H) X, or of a slow derivative of X, of an operator X that no other moment holds: with f(H, ..)
    for X, or for its derivative, they take any value at every E and time."""
    holders: dict[Any, list[str]] = {}
    for name, word in fields.words.items():
        for letter in _letters(word):
            holders.setdefault(letter, []).append(name)
    free = set()
    for name, word in fields.words.items():
        if len(word) != 2 or len(word[0][1]) != 1 or word[1][0] != "op":
            continue
        _, symbol, index, coords, jets, held = word[1]
        alone = holders[(symbol, index)] == [name]
        if index != "ham" and alone and not held and {t for t, _ in jets} <= set(fields.frame.coords) <= set(coords):
            free.add(name)
    return free


def _letters(word: Any) -> list[Any]:
    found = []
    for letter in word:
        if letter[0] == "op":
            found.append((letter[1], letter[2]))
        elif letter[0] in ("dd", "loop"):
            found.extend(_letters(letter[2] if letter[0] == "dd" else letter[1]))
    return found


def _holds_integrated(fields: Fields, p: Jets) -> bool:
    return any(v[0] == "jet" and _is_integrated(fields, v[1]) for v in p.variables)


def _is_integrated(fields: Fields, name: str) -> bool:
    """Whether a field stands under an integral, be it at another time."""
    if name in fields.integrated or name not in fields.words:
        return name in fields.integrated
    under = [_made_of(fields.words[other]) for other in fields.integrated if other in fields.words]
    return any(t.startswith("time:") for t in fields.chart.coordinates[name]) and _made_of(fields.words[name]) in under


def _fresh_moment(fields: Fields, p: Jets, polynomials: list[Jets]) -> bool:
    """Whether a premise holds, alone among all, a moment at the running time, linearly: it only says at every time what this
    moment is, and binds no field that is integrated over the time."""
    others = {v[1] for q in polynomials if q is not p for v in q.variables if v[0] == "jet"}
    for v in p.variables:
        if v[0] != "jet" or v[1] not in fields.words or v[1] in others or v[2] or _is_integrated(fields, v[1]):
            continue
        moving = any(token.startswith("time:") for token in fields.chart.coordinates[v[1]])
        if moving and all(k == 1 for m in p.terms for w, k in m if w == v):
            return True
    return False


def _unknown_motion(v: Var, free: set[str]) -> bool:
    """Whether a moment other than the density of states is differentiated in a time: its rate is no free field unless its
    operator is."""
    moment = v[0] == "jet" and v[1].startswith(("(", "int (")) and v[1] not in free
    return moment and any(not token.startswith("energy:") for token, _ in v[2])


def factors_of(p: Jets) -> set[Var]:
    """The factors of a product; empty for a sum, which may be nonzero where its parts are not."""
    return {v for v, k in next(iter(p.terms)) if k > 0} if len(p.terms) == 1 else set()


def _shared(claim: Term, premise: Term) -> bool:
    def names(term: Term) -> set[str]:
        return {part[1] for part in walk(term) if part[0] == "ham" or (part[0] in ("fun", "op") and not part[-1])}

    return bool(names(claim) & names(premise))


def _identical(equation: Equation, setting: Setting) -> bool:
    """Whether a premise says nothing once the definitions are put in, as H |n> = E_n |n>."""
    try:
        return vanishes(Interpreter(setting.frame)(rewritten(sub(*equation), setting.definitions)))
    except (Unsupported, IllPosed):
        return False


def _setting(data: Any) -> Setting:
    try:
        name, coords = data["hamiltonian"]
        match data["modulo"]:
            case []:
                power = None
            case ["power", str(parameter), int(k)] if 0 < k < 100 and not isinstance(k, bool):
                power = (parameter, k)
            case _:
                raise Malformed(f"modulo: expected [] or a power of a parameter, came {data['modulo']!r:.40}")
        return Setting(
            frame=Frame(str(name), tuple(map(str, coords))),
            energy=str(data["energy"]),
            claim=(from_json(data["claim"][0]), from_json(data["claim"][1])),
            premises=tuple((from_json(p["equation"][0]), from_json(p["equation"][1])) for p in data["premises"]),
            rewrites=tuple(int(k) for k in data["rewrites"]),
            levels=tuple(int(k) for k in data["levels"]),
            power=power,
            series=int(data["series"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Malformed(f"fields: expected the fields of derive/kernel/smooth.py; {error!r:.80}") from error
