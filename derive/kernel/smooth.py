"""Equations between smooth fields: what is left of moments at the levels once they are smoothed.

A moment mu_X(E, tau) = Tr delta(E - H) X is a sum of deltas for a finite matrix; an equation that divides one moment by another
and differentiates the quotient has a meaning only between smooth fields.  Here every distinct moment is a field, as is every
function of coordinates; their derivatives at a point are independent (jets.py) but for the continuity equation of the density
of states, d_tau Tr delta(E - H) = -d_E Tr(delta(E - H) V), which holds identically.  A time integral of fields is a difference
of primitives P(upper) - P(lower) of the fields that depend on the time; what does not depend on it stands outside.

Where a premise says something at every level (p(E_n) = <n| f(H) |n>) and the coarse-graining is declared, E_n becomes E.

Evidence is a JSON object:

    kind       "fields";   answer   "follows" or "fails"
    claim, premises, rewrites        as in certificate.py;   levels   numbers of premises taken from the levels to E
    nonzero    [{"name", "term"}]    what one may divide by
    steps      "follows": [[premise, [[token, times], ...], factor as jets], ...], with claim = sum factor * derivative(premise)
    values     variable -> number    a point at which the premises hold; the claim fails, or holds and not for nothing
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.calculus import Frame
from derive.kernel.diagrams import energies_in
from derive.kernel.errors import IllPosed, Malformed, Refused, Unsupported
from derive.kernel.gaussian import IMAGINARY, Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.jets import ONE, ZERO, Chart, Jets, Var, from_data, jet, number, rational, variable
from derive.kernel.normal import vanishes
from derive.kernel.rules import rewritten
from derive.kernel.terms import Term, coordinates_in, from_json, rebuild, sub, walk
from derive.kernel.weak import absorb

Equation = tuple[Term, Term]
HIGHEST = 4  # derivatives of a premise in each coordinate


class Fields:
    """Reads terms as differential polynomials, naming each moment and each primitive as it meets it."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.chart = Chart({})
        self.held: set[str] = set()  # coordinates that stand in a limit: no field is differentiated in them
        self.bound: set[str] = set()
        self.density = ""
        self.divided: set[Var] = set()
        self.integrated: set[str] = set()
        self.places: dict[str, tuple[str, ...]] = {}

    def read(self, term: Term) -> Jets:
        match term:
            case ("num", value):
                return number(Fraction(value))
            case ("i",):
                return number(IMAGINARY)
            case ("par", name):
                return variable(("par", name))
            case ("coord", token):
                return variable(("coord", token))
            case ("sum", *parts):
                return sum((self.read(part) for part in parts), ZERO)
            case ("prod", *parts):
                made = ONE
                for part in parts:
                    made = made * self.read(part)
                return made
            case ("pow", base, exponent):
                inner = self.read(base)
                if exponent < 0:
                    self.divided |= {v for m in inner.terms for v, _ in m if v[0] != "par"}
                power: Jets = inner**exponent
                return power
            case ("d", token, operand):
                return self.slope(self.read(operand), token)
            case ("fun", name, orders, arguments, *_):
                return self.function(name, orders, arguments)
            case ("tr", _):
                return self.moments(term)
            case ("int", token, lower, upper, body) if token.startswith("time:"):
                return self.integral(token, lower, upper, self.read(body))
        raise Unsupported(f"{term[0]!r} in an equation between smooth fields")

    def slope(self, p: Jets, token: str) -> Jets:
        if token in self.held or token in self.bound:
            raise Unsupported(f"a derivative in {token.replace(':', ' ')}, which stands in the limit of an integral of fields")
        return self.chart.d(p, token)

    def named(self, name: str, coordinates: set[str]) -> str:
        if name not in self.chart.coordinates:
            self.chart = self.chart.with_field(name, coordinates)
        elif self.chart.coordinates[name] != frozenset(coordinates):
            raise Unsupported(f"the field {name} of different coordinates")
        return name

    def function(self, name: str, orders: Any, arguments: Any) -> Jets:
        tokens = [a[1] for a in arguments if a[0] == "coord"]
        if len(set(tokens)) != len(arguments):
            raise Unsupported(f"the function {name} at something that is no coordinate")
        if self.places.setdefault(name, tuple(tokens)) != tuple(tokens):
            raise Unsupported(f"the function {name} at more than one point")
        self.named(f"fun {name}", set(tokens))
        return self.chart.field(f"fun {name}", *(t for t, k in zip(tokens, orders, strict=True) for _ in range(k)))

    def moments(self, term: Term) -> Jets:
        """A trace with one undifferentiated delta as a sum of products of moments."""
        value = Interpreter(self.frame)(term)
        for energy in energies_in(value):
            value = absorb(value, energy)
        made = ZERO
        for (scalars, word), c in value.items():
            if word:
                raise Unsupported("an operator in an equation between smooth fields")
            part = number(c)
            for item, k in scalars:
                part = part * self.atom(item) ** k
                if k < 0:
                    self.divided |= set(self.atom(item).variables) if item[0] != "par" else set()
            made = made + part
        return made

    def atom(self, item: Any) -> Jets:
        match item:
            case ("par", name):
                return variable(("par", name))
            case ("coord", token):
                return variable(("coord", token))
            case ("fun", name, orders, arguments, *_):
                return self.function(name, orders, arguments)
            case ("tr", word):
                return variable(jet(self.moment(word)))
        raise Unsupported(f"{item[0]!r} in an equation between smooth fields")

    def moment(self, word: Any) -> str:
        deltas = [basic for letter in word if letter[0] == "f" for basic in letter[1] if basic[0] in ("delta", "theta")]
        if len(deltas) != 1 or deltas[0][0] != "delta" or deltas[0][1] != 0 or deltas[0][3:] != ((), Fraction(1)):
            raise Unsupported("a trace that is no moment Tr delta(E - H) X")
        beside = next(letter[1] for letter in word if letter[0] == "f" and deltas[0] in letter[1])
        if any(basic[0] not in ("delta", "exp") for basic in beside):
            raise Unsupported("a function of H beside the delta of a moment: it is one of E, outside")
        energy, slow = deltas[0][2], set(self.frame.coords)
        if len(slow) > 1:
            raise Unsupported("a Hamiltonian of several slow times between smooth fields")
        times = {token for token in _tokens(word) if token.startswith("time:")}
        if word == (("f", (deltas[0],)),):
            name = self.named("Sigma", {energy, *slow})
            if not self.density:
                self.density = name
                drive = (("f", (deltas[0],)), self.frame.derivative_letter(next(iter(slow)))) if slow else ()
                if drive:
                    current = self.named(_name(drive), {energy, *slow})
                    self.chart = self.chart.with_rules({(name, next(iter(slow))): -variable(jet(current, energy))})
            return name
        return self.named(_name(word), {energy, *slow, *times})

    def integral(self, token: str, lower: Term, upper: Term, body: Jets) -> Jets:
        """int ds: primitives of what depends on s, times what does not."""
        self.bound.add(token)
        if len(self.bound) > 1:
            raise Unsupported("integrals over more than one time between smooth fields")
        self.held |= {part[1] for end in (lower, upper) for part in walk(end) if part[0] == "coord"}
        made = ZERO
        for monomial, c in body.terms.items():
            inside = [(v, k) for v, k in monomial if self.depends(v, token)]
            outside = Jets({tuple(p for p in monomial if p not in inside): c})
            if not inside:
                made = made + outside * (self.read(upper) - self.read(lower))
                continue
            if len(inside) > 1 or inside[0][1] != 1 or inside[0][0][0] != "jet":
                raise Unsupported("a time integral of a product of fields that depend on the time")
            _, name, derivatives = inside[0][0]
            self.integrated.add(name)
            if any(t == token or t in self.held for t, _ in derivatives):
                raise Unsupported("a time integral of a derivative in the time")
            for end, sign in ((upper, 1), (lower, -1)):
                if end == ("num", "0"):
                    continue  # the primitive that vanishes at 0
                where = self.named(f"int {name} to {_name(end)}", set(self.chart.coordinates[name]) - {token})
                made = made + outside * number(sign) * variable(("jet", where, derivatives))
        return made

    def depends(self, v: Var, token: str) -> bool:
        return v == ("coord", token) or (v[0] == "jet" and token in self.chart.coordinates[v[1]])


def _tokens(x: Any) -> set[str]:
    if isinstance(x, str):
        return {x} if x.startswith(("time:", "slow:", "energy:")) else set()
    return {t for part in x for t in _tokens(part)} if isinstance(x, tuple | frozenset) else set()


def _name(x: Any) -> str:
    """A text of plain nested data, one for each."""
    if isinstance(x, tuple):
        return "(" + " ".join(map(_name, x)) + ")"
    return str(x) if not isinstance(x, str) else x or "''"


def from_levels(equation: Equation, energy: str) -> Equation:
    """What an equation at every level says of E, by the coarse-graining: E_n and <n| f(H) |n> become E and f(E)."""
    labels = {part[1] for side in equation for part in walk(side) if part[0] in ("level", "bra", "ket")}
    if len(labels) != 1:
        raise Unsupported("an equation at one level was expected")
    for side in equation:
        heads = {part[0] for part in walk(side)}
        if heads & {"d", "int", "at", "avg", "tr", "onlevels", "lsum"} or energy in coordinates_in(side):
            raise Unsupported("an equation at the levels that differentiates, integrates or holds an energy already")
    return _at_energy(equation[0], energy), _at_energy(equation[1], energy)


def _at_energy(term: Term, energy: str) -> Term:
    if term[0] == "level":
        return ("coord", energy)
    if term[0] == "prod" and len(term) >= 3 and term[1][0] == "bra":
        if term[-1][0] != "ket" or any(not _of_h(part) for part in term[2:-1]):
            raise Unsupported("a matrix element of something that is no function of H")
        return ("prod", *(_h_to(part, energy) for part in term[2:-1]))
    if term[0] in ("bra", "ket", "ham", "op"):
        raise Unsupported(f"{term[0]!r} in an equation at the levels")
    return rebuild(term, lambda child: _at_energy(child, energy))


def _of_h(term: Term) -> bool:
    if term[0] == "prod":
        return all(map(_of_h, term[1:]))
    return term[0] in ("num", "par") or (term[0] == "fun" and all(a[0] in ("ham", "coord") for a in term[3]))


def _h_to(term: Term, energy: str) -> Term:
    return ("coord", energy) if term[0] == "ham" else rebuild(term, lambda child: _h_to(child, energy))


def read_all(
    frame: Frame, claim: Equation, premises: list[Equation], rewrites: list[int], levels: list[int], energy: str
) -> tuple[Fields, Jets, list[Jets | None]]:
    """The reader, the claim's residual, and each premise's; None for one that fixes a symbol or speaks of more than fields."""
    fields = Fields(frame)
    equations = [premises[k] for k in rewrites]
    residual = fields.read(rewritten(sub(*claim), equations))
    found: list[Jets | None] = []
    for k, equation in enumerate(premises):
        arbitrary = any(part[0] in ("fun", "op") and part[-1] for side in equation for part in walk(side))
        if k in rewrites or arbitrary:  # a point cannot say that something holds for every function
            found.append(None)
            continue
        sides = (rewritten(equation[0], equations), rewritten(equation[1], equations))
        try:
            found.append(fields.read(sub(*(from_levels(sides, energy) if k in levels else sides))))
        except (Unsupported, IllPosed):
            found.append(None)
    return fields, residual, found


def derived(fields: Fields, p: Jets, derivatives: Any) -> Jets:
    """The polynomial differentiated so often in each coordinate."""
    for token, times in derivatives:
        for _ in range(times):
            p = fields.slope(p, token)
    return p


def key_of(v: Var) -> str:
    """The variable's name in stored evidence."""
    return _name(v)


def value_at(p: Jets, values: dict[str, Fraction]) -> Gaussian:
    """The polynomial at a point; Refused where the point does not say enough or makes a divisor vanish."""
    total = Gaussian(0)
    for monomial, c in p.terms.items():
        for v, k in monomial:
            if key_of(v) not in values:
                raise Refused(f"the point does not say what {key_of(v)} is")
            if k < 0 and not values[key_of(v)]:
                raise Refused(f"{key_of(v)} vanishes, and the equation divides by it")
            c = c * Gaussian(values[key_of(v)] ** k)
        total = total + c
    return total


def check_fields(data: Any) -> None:
    """Verifies stored evidence between smooth fields; Refused with the reason, Malformed where it is none."""
    claim, premises, rewrites, levels, frame, energy = _parts(data)
    fields, residual, found = read_all(frame, claim, premises, rewrites, levels, energy)
    values = {str(k): rational(v) for k, v in data["values"].items()}
    allowed: set[Var] = set()
    for entry in data["nonzero"]:
        allowed |= factors_of(fields.read(rewritten(from_json(entry["term"]), [premises[k] for k in rewrites])))
    if fields.divided - allowed:
        raise Refused("division by a field that no assumption declares nonzero")
    for name, value in values.items():
        if (name.startswith("(par ") or name == key_of(jet("Sigma"))) and value <= 0:
            raise Refused(f"{name} is not positive at the point")
    orders = orders_of(fields, residual, found)
    for place, premise in enumerate(found):
        for derivatives in orders_up_to(orders) if premise is not None else ():
            assert premise is not None
            if value_at(derived(fields, premise, derivatives), values):
                raise Refused(f"premise {data['premises'][place]['name']} does not hold at the point")
    if data["answer"] == "fails":
        unread = [p for k, p in enumerate(premises) if found[k] is None and k not in rewrites and not _identical(p, frame)]
        definitions = [premises[k] for k in rewrites]
        known = [claim, *(p for k, p in enumerate(premises) if found[k])]
        if any(_shared(rewritten(sub(*one), definitions), sub(*p)) for p in unread for one in known):
            raise Refused("a premise speaks of the claim's fields and cannot be read as an equation between fields")
        for kind in ("energy:", "time:"):
            if len({t for coordinates in fields.chart.coordinates.values() for t in coordinates if t.startswith(kind)}) > 1:
                raise Refused(f"fields at more than one {kind[:-1]}: the same moment at two points is no two free fields")
        if any(p and all(v[0] == "par" or (v[0] == "jet" and v[1][0] == "(" and not v[2]) for v in p.variables) for p in found):
            raise Refused("a premise fixes moments alone, which inequalities bind besides")
        spoken = [v for p in [residual, *filter(None, found)] for v in p.variables]
        if any(_unknown_motion(v) for v in spoken):
            raise Refused("a moment is differentiated in a time, and what that is is not known")
        if any(v[0] == "jet" and v[1] in fields.integrated for v in spoken):
            raise Refused("a field stands under an integral and outside it: its primitive is not free")
        if any(k > HIGHEST for k in orders.values()):
            raise Refused("the premises would have to be differentiated too often")
        if value_at(residual, values) == Gaussian(0):
            raise Refused("the claim holds at the point")
        if value_at(residual, values).pair() != list(data["witness"]):
            raise Refused("the claim's residual is not the one stored")
        return
    if data["answer"] != "follows":
        raise Malformed(f"answer: expected follows or fails, came {data['answer']!r:.20}")
    for place, derivatives, factor in data["steps"]:
        premise = found[place] if 0 <= place < len(found) else None
        if premise is None:
            raise Refused("a step uses a premise that is no equation between fields")
        multiplier = from_data(factor)
        if set(multiplier.divisors) - allowed:
            raise Refused("division by a field that no assumption declares nonzero")
        residual = residual - multiplier * derived(fields, premise, [(str(t), int(n)) for t, n in derivatives])
    if residual:
        raise Refused("the combination does not vanish: the claim does not follow in this way")
    sides = [fields.read(rewritten(side, [premises[k] for k in rewrites])) for side in claim]
    if not any(value_at(Jets({m: c}), values) for side in sides for m, c in side.terms.items()):
        raise Refused("every term of the claim vanishes at the point")


def _unknown_motion(v: Var) -> bool:
    """Whether a moment other than the density of states is differentiated in a time: its rate is no free field."""
    moment = v[0] == "jet" and v[1].startswith(("(", "int ("))
    return moment and any(not token.startswith("energy:") for token, _ in v[2])


def factors_of(p: Jets) -> set[Var]:
    """The factors of a product; empty for a sum, which may be nonzero where its parts are not."""
    return {v for v, k in next(iter(p.terms)) if k > 0} if len(p.terms) == 1 else set()


def orders_of(fields: Fields, residual: Jets, premises: list[Jets | None]) -> dict[str, int]:
    """How often to differentiate the premises in each coordinate: as often as the claim and the premises do together, so that no
    consequence of theirs that the claim can speak of is left out."""
    def highest(polynomials: list[Jets]) -> dict[str, int]:
        found: dict[str, int] = {}
        for v in (v for p in polynomials for v in p.variables if v[0] == "jet"):
            for token, k in v[2]:
                found[token] = max(found.get(token, 0), k)
        return found

    mine, theirs = highest([residual]), highest([p for p in premises if p])
    total = {token: mine.get(token, 0) + theirs.get(token, 0) for token in sorted({*mine, *theirs})}
    return {token: k for token, k in total.items() if token not in fields.held | fields.bound}


def orders_up_to(orders: dict[str, int]) -> list[list[tuple[str, int]]]:
    """Every choice of how often to differentiate in each coordinate, up to the given orders."""
    made: list[list[tuple[str, int]]] = [[]]
    for token, most in orders.items():
        made = [[*before, (token, k)] for before in made for k in range(most + 1)]
    return made


def _shared(claim: Term, premise: Term) -> bool:
    def names(term: Term) -> set[str]:
        return {part[1] for part in walk(term) if part[0] == "ham" or (part[0] in ("fun", "op") and not part[-1])}

    return bool(names(claim) & names(premise))


def _identical(equation: Equation, frame: Frame) -> bool:
    """Whether a premise says nothing, as H |n> = E_n |n>."""
    try:
        return vanishes(Interpreter(frame)(sub(*equation)))
    except (Unsupported, IllPosed):
        return False


def _parts(data: Any) -> tuple[Equation, list[Equation], list[int], list[int], Frame, str]:
    try:
        name, coords = data["hamiltonian"]
        claim = (from_json(data["claim"][0]), from_json(data["claim"][1]))
        premises = [(from_json(p["equation"][0]), from_json(p["equation"][1])) for p in data["premises"]]
        rewrites, levels = [int(k) for k in data["rewrites"]], [int(k) for k in data["levels"]]
        return claim, premises, rewrites, levels, Frame(str(name), tuple(map(str, coords))), str(data["energy"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Malformed(f"fields: expected the fields of derive/kernel/smooth.py; {error!r:.80}") from error
