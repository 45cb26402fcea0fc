"""Jets: exact differential polynomials, the normal form of equations between smooth fields.

A field f(E, tau, ...) and its derivatives f_E, f_EE, f_Etau, ... at a point can be given any values at all, so as variables
they are independent (Borel's lemma).  An equation between smooth fields, with d x expanded by Leibniz, is therefore a
polynomial in these variables, here with negative powers for what one divides by; it holds identically exactly when every
coefficient is zero.

Variables
    ("par", name)                a positive constant
    ("coord", token)             a coordinate that stands in the equation by itself
    ("jet", name, derivatives)   a field, differentiated: derivatives are sorted pairs (token, order)
    ("arb", name, k)             the k-th derivative of an arbitrary function of one argument, at its argument

The derivations.  d_x of a constant is 0, of the coordinate x it is 1, of a field that does not depend on x it is 0, and
d_x f^(k)(Omega) = f^(k+1)(Omega) d_x Omega.  Two things can be known besides, and stand in the Chart:

    rules   d_x f = P for a field f: every jet that holds d_x of f is replaced by the derivatives of P
    clock   (t, tau, eps) says that tau = eps t: d_t of a field of tau alone is eps d_tau

Coefficients are Gaussian rationals, so that an imaginary unit stays in sight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from derive.kernel.errors import IllPosed, Malformed, TooLarge, Unsupported
from derive.kernel.gaussian import IMAGINARY, Gaussian
from derive.kernel.tally import WORK
from derive.kernel.terms import Term, walk

Var = tuple[Any, ...]
Monomial = tuple[tuple[Var, int], ...]
Derivatives = tuple[tuple[str, int], ...]

MOST_TERMS = 20_000
HIGHEST_POWER = 64
RATIONAL = re.compile(r"-?[0-9]{1,1000}(/[0-9]{1,1000})?", re.ASCII)


class Jets:
    """A Laurent polynomial in the variables; immutable, canonical, so that zero is the empty sum."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Monomial, Gaussian] | None = None) -> None:
        self.terms: dict[Monomial, Gaussian] = {m: c for m, c in terms.items() if c} if terms else {}
        if len(self.terms) > MOST_TERMS:
            raise TooLarge(f"a differential polynomial of {len(self.terms)} terms; expected at most {MOST_TERMS}")

    def __add__(self, other: Jets) -> Jets:
        made = dict(self.terms)
        for monomial, c in other.terms.items():
            made[monomial] = made[monomial] + c if monomial in made else c
        return Jets(made)

    def __neg__(self) -> Jets:
        return Jets({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Jets) -> Jets:
        made = dict(self.terms)
        for monomial, c in other.terms.items():
            made[monomial] = made[monomial] - c if monomial in made else -c
        return Jets(made)

    def __mul__(self, other: Jets) -> Jets:
        if len(self.terms) * len(other.terms) > 100 * MOST_TERMS:
            raise TooLarge("a product of two long differential polynomials")
        WORK.count += len(self.terms) * len(other.terms)
        made: dict[Monomial, Gaussian] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = _product(left, right)
                made[monomial] = made[monomial] + a * b if monomial in made else a * b
        return Jets(made)

    def __pow__(self, exponent: int) -> Jets:
        if abs(exponent) > HIGHEST_POWER:
            raise TooLarge(f"the power {exponent}; expected at most {HIGHEST_POWER}")
        if exponent < 0:
            if not self.terms:
                raise IllPosed("division by zero")
            if len(self.terms) > 1:
                raise Unsupported("division by a sum; jets divide by products of fields and constants")
            ((monomial, c),) = self.terms.items()
            return Jets({tuple((v, -k) for v, k in monomial): c.inverse()}) ** -exponent
        made = ONE
        for _ in range(exponent):
            made = made * self
        return made

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Jets) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __repr__(self) -> str:
        return text(self)

    @property
    def variables(self) -> tuple[Var, ...]:
        return tuple(sorted({v for m in self.terms for v, _ in m}))

    @property
    def divisors(self) -> tuple[Var, ...]:
        """What stands in a denominator."""
        return tuple(sorted({v for m in self.terms for v, k in m if k < 0}))


def _product(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    powers = dict(left)
    for v, k in right:
        powers[v] = powers.get(v, 0) + k
    return tuple(sorted([item for item in powers.items() if item[1]]))


def number(value: int | Fraction | Gaussian) -> Jets:
    return Jets({(): value if isinstance(value, Gaussian) else Gaussian(value)})


def variable(v: Var) -> Jets:
    return Jets({((v, 1),): Gaussian(1)})


ZERO, ONE = Jets(), number(1)


def jet(name: str, *tokens: str) -> Var:
    """The variable of a field differentiated once in each of the tokens."""
    return ("jet", name, tuple(sorted((token, tokens.count(token)) for token in set(tokens))))


def order_in(v: Var, token: str) -> int:
    """How often the variable is differentiated in a coordinate."""
    return dict(v[2]).get(token, 0) if v[0] == "jet" else 0


# Derivations --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chart:
    """What is known of the fields: their coordinates, first derivatives that are given, and how fast tau runs.

    `used` collects the rules, and "clock", that a calculation has called upon.
    """

    coordinates: Mapping[str, frozenset[str]]
    rules: Mapping[tuple[str, str], Jets] = field(default_factory=dict)
    clock: tuple[str, str, str] | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    used: set[Any] = field(default_factory=set, compare=False)

    def with_field(self, name: str, coordinates: Iterable[str]) -> Chart:
        """A new field beside the others."""
        if name in self.coordinates:
            raise Unsupported(f"a field called {name!r}: the kernel needs this name for itself")
        return replace(self, coordinates={**self.coordinates, name: frozenset(coordinates)})

    def with_rules(self, rules: Mapping[tuple[str, str], Jets]) -> Chart:
        """More rules; what they say may not itself hold a derivative that a rule replaces."""
        made = replace(self, rules={**self.rules, **rules})
        for value in made.rules.values():
            if any(made.rule_of(v) is not None for v in value.variables):
                raise Unsupported("a rule for a derivative whose value holds such a derivative itself")
        return made

    def rule_of(self, v: Var) -> tuple[str, str] | None:
        if v[0] != "jet":
            return None
        return next(((v[1], token) for token, _ in v[2] if (v[1], token) in self.rules), None)

    def field(self, name: str, *tokens: str) -> Jets:
        """A jet with the rules applied."""
        return self.reduced(jet(name, *tokens))

    def reduced(self, v: Var) -> Jets:
        rule = self.rule_of(v)
        if rule is None:
            return variable(v)
        self.used.add(rule)
        value = self.rules[rule]
        for token, k in v[2]:
            for _ in range(k - (token == rule[1])):
                value = self.d(value, token)
        return value

    def d(self, p: Jets, token: str, times: int = 1) -> Jets:
        """The derivative in a coordinate."""
        for _ in range(times):
            slopes: dict[Var, Jets] = {}
            made: dict[Monomial, Gaussian] = {}
            for monomial, c in p.terms.items():
                for v, k in monomial:
                    if v not in slopes:
                        slopes[v] = self._slope(v, token)
                    rest = _product(monomial, ((v, -1),))
                    for other, d in slopes[v].terms.items():
                        WORK.count += 1
                        product = _product(rest, other)
                        term = c * d * Gaussian(k)
                        made[product] = made[product] + term if product in made else term
            p = Jets(made)
        return p

    def _slope(self, v: Var, token: str) -> Jets:
        match v:
            case ("coord", other):
                return ONE if other == token else ZERO
            case ("arb", name, k):
                return variable(("arb", name, k + 1)) * self._slope(jet(self.arguments[name]), token)
            case ("jet", name, derivatives):
                known = self.coordinates.get(name)
                if known is None:
                    raise Malformed(f"the field {name}: its coordinates are not given")
                if token in known:
                    raised = dict(derivatives)
                    raised[token] = raised.get(token, 0) + 1
                    return self.reduced(("jet", name, tuple(sorted(raised.items()))))
                if self.clock is not None and token == self.clock[0] and self.clock[1] in known:
                    self.used.add("clock")
                    return variable(("par", self.clock[2])) * self._slope(v, self.clock[1])
        return ZERO

    def put(self, p: Jets, change: Callable[[Var], Jets | None]) -> Jets:
        """Variables replaced; `change` gives None for one that stays."""
        made = ZERO
        for monomial, c in p.terms.items():
            term = number(c)
            for v, k in monomial:
                value = change(v)
                term = term * (variable(v) if value is None else value) ** k
            made = made + term
        return made


# Reading ------------------------------------------------------------------------------------------------


def fields_of(*terms: Term) -> dict[str, frozenset[str]]:
    """The fields of some terms with their coordinates; Unsupported where a function is not a field."""
    found: dict[str, tuple[str, ...]] = {}
    for term in terms:
        for part in walk(term):
            if part[0] != "fun":
                continue
            if any(argument[0] != "coord" for argument in part[3]):
                raise Unsupported(f"the function {part[1]} at something that is no coordinate")
            tokens = tuple(argument[1] for argument in part[3])
            if len(set(tokens)) != len(tokens) or found.setdefault(part[1], tokens) != tokens:
                raise Unsupported(f"the function {part[1]} at more than one point")
    return {name: frozenset(tokens) for name, tokens in found.items()}


def read(term: Term, chart: Chart) -> Jets:
    """A term of scalars, fields and their derivatives as a differential polynomial; Unsupported for anything else."""
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
            made = ZERO
            for part in parts:
                made = made + read(part, chart)
            return made
        case ("prod", *parts):
            made = ONE
            for part in parts:
                made = made * read(part, chart)
            return made
        case ("pow", base, exponent):
            power: Jets = read(base, chart) ** exponent
            return power
        case ("d", token, operand):
            return chart.d(read(operand, chart), token)
        case ("fun", name, orders, arguments, *_):
            tokens = [a[1] for a, k in zip(arguments, orders, strict=True) for _ in range(k)]
            return chart.field(name, *tokens)
    raise Unsupported(f"{term[0]!r} in an equation between smooth fields")


# Text and storage ---------------------------------------------------------------------------------------


def name_of(v: Var) -> str:
    """A variable's name: `Sigma`, `G2_EE`, `Sigma_Etau`, `f''`."""
    match v:
        case ("jet", name, derivatives) if derivatives:
            lowered = [bare(token) * k for token, k in derivatives]
            return f"{name}_{''.join(lowered)}"
        case ("arb", name, k):
            return str(name) + "'" * int(k)
        case ("coord", token):
            return bare(token)
    return str(v[1])


def bare(token: str) -> str:
    """The name of a coordinate."""
    return token.partition(":")[2]


def text(p: Jets) -> str:
    """A readable and exact form."""
    parts = []
    for monomial, c in sorted(p.terms.items(), key=lambda item: item[0]):
        shown = sorted(monomial, key=lambda power: (power[0][0] != "par", power))  # eps^2 u, as one writes it
        over = [_power(v, k) for v, k in shown if k > 0]
        under = [_power(v, -k) for v, k in shown if k < 0]
        plain = c.text() if not (c.p and c.q) else f"({c.text()})"
        head = {"1": "", "-1": "-"}.get(plain, plain) if over else plain
        body = " ".join([head, *over] if head not in ("", "-") else over)
        body = f"-{body}" if head == "-" else body
        below = " ".join(under)
        parts.append(body + (f"/({below})" if len(under) > 1 else f"/{below}" if under else ""))
    return " + ".join(parts).replace("+ -", "- ") or "0"


def _power(v: Var, k: int) -> str:
    return name_of(v) if k == 1 else f"{name_of(v)}^{k}"


def to_data(p: Jets) -> list[Any]:
    """A polynomial as JSON lists."""
    return [[c.pair(), [[_plain(v), k] for v, k in m]] for m, c in sorted(p.terms.items(), key=lambda item: item[0])]


def _plain(v: Any) -> Any:
    return [_plain(part) for part in v] if isinstance(v, tuple) else v


def var_from(data: Any) -> Var:
    """A variable from JSON lists; Malformed where it is none."""
    match data:
        case ["par" | "coord", str(name)]:
            return (data[0], name)
        case ["arb", str(name), int(k)] if k >= 0 and not isinstance(k, bool):
            return ("arb", name, k)
        case ["jet", str(name), list(derivatives)]:
            pairs: Derivatives = tuple((token, k) for token, k in derivatives)
            proper = all(isinstance(x, str) and type(k) is int and k > 0 for x, k in pairs)
            if proper and [x for x, _ in pairs] == sorted({x for x, _ in pairs}):
                return ("jet", name, pairs)
    raise Malformed(f"variable: expected one of the grammar of derive/kernel/jets.py, came {data!r:.60}")


def rational(data: Any) -> Fraction:
    """A rational number from its text `p` or `p/q`; Malformed for anything else."""
    if not isinstance(data, str) or not RATIONAL.fullmatch(data):
        raise Malformed(f"number: expected p or p/q, came {data!r:.40}")
    return Fraction(data)


def from_data(data: Any) -> Jets:
    """A polynomial from JSON lists, checked against the grammar."""
    made = ZERO
    for (real, imaginary), powers in data:
        term = number(Gaussian(rational(real), rational(imaginary)))
        for v, k in powers:
            if type(k) is not int:
                raise Malformed(f"power: expected an integer, came {k!r:.20}")
            term = term * variable(var_from(v)) ** k
        made = made + term
    return made
