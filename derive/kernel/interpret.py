"""From terms to expressions: what each head of the grammar means."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from typing import Any

from derive.kernel.algebra import (
    ID,
    Expression,
    add_into,
    atom,
    constant,
    freeze,
    letters,
    multiply,
    power,
    product,
    scaled,
    trace,
)
from derive.kernel.calculus import Frame, at_value, derivative, level_function
from derive.kernel.clocks import require_named
from derive.kernel.errors import Malformed, Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.orders import coefficient_of
from derive.kernel.terms import Term, rename_coordinates, rename_levels, walk
from derive.kernel.times import INFINITE, integral_over_time, limit_key
from derive.kernel.weak import integral_from_below, integral_over_line, mentions, singular_in


def frame_of(*terms: Term) -> Frame:
    """The one Hamiltonian that the terms speak of."""
    found = {(part[1], part[2]) for term in terms for part in walk(term) if part[0] == "ham"}
    if len(found) > 1:
        raise Unsupported(f"more than one Hamiltonian: {', '.join(sorted(name for name, _ in found))}")
    return Frame(*found.pop()) if found else Frame()


class Interpreter:
    """Terms to expressions, over one Hamiltonian."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._fresh = count()

    def __call__(self, term: Term) -> Expression:
        if term[0] in ("d", "at"):
            require_named(self.frame.name, term)
        rule = _RULES.get(term[0])
        if rule is None:
            raise Unsupported(f"the head {term[0]!r}; no normal form reads it yet")
        return rule(self, term)

    def fresh_level(self) -> str:
        return f"#{next(self._fresh)}"


def _sum(run: Interpreter, term: Term) -> Expression:
    total: Expression = {}
    for part in term[1:]:
        add_into(total, run(part))
    return total


def _power(run: Interpreter, term: Term) -> Expression:
    exponent = term[2]
    if exponent < 0:
        return power(run(term[1]), exponent)
    return product(*(run(term[1]) for _ in range(exponent)))


def _commutator(run: Interpreter, term: Term) -> Expression:
    total = multiply(run(term[1]), run(term[2]))
    add_into(total, multiply(run(term[2]), run(term[1])), Gaussian(-1))
    return total


def _series(run: Interpreter, term: Term) -> Expression:
    _, name, coords, slow_only, parameter, start = term
    return letters(("op", name, ("*", parameter, start, *slow_only), coords, (), ()))


def _operator(run: Interpreter, term: Term) -> Expression:
    return letters(("op", term[1], term[2], term[3], (), ()))


def _argument(run: Interpreter, argument: Term, name: str) -> Any:
    match argument[0]:
        case "coord":
            return ("coord", argument[1])
        case "ham":
            return ("x",)
        case "level":
            return ("level", argument[1])
    value = run(argument)
    if value == letters(("f", ID)):
        return ("x",)
    if any(word or any(item[0] != "par" for item, _ in scalars) for scalars, word in value):
        raise Unsupported(f"the function {name} of an argument that is not a coordinate, the Hamiltonian, a level or a number")
    return ("const", freeze(value))


def _function(run: Interpreter, term: Term) -> Expression:
    _, name, orders, arguments, smooth, _ = term
    args = tuple(_argument(run, a, name) for a in arguments)
    spots = [k for k, a in enumerate(args) if a == ("x",) or a[0] == "level"]
    if len(spots) > 1:
        raise Unsupported(f"the function {name} of two levels")
    if not spots:
        return atom(("fun", name, tuple(orders), args, smooth))
    slot = spots[0]
    profile = (("fun", name, tuple(orders), tuple(("x",) if k == slot else a for k, a in enumerate(args)), slot, smooth),)
    return letters(("f", profile)) if args[slot] == ("x",) else level_function(profile, args[slot][1])


def affine(run: Interpreter, argument: Term) -> tuple[str, Fraction, tuple[Any, ...], Any, Fraction]:
    """The argument as a (E + shift - r X): (token of E, a, shift, X, r), X being ("H",), ("level", n) or ("fixed",)."""
    value = run(argument)
    slopes: dict[str, Fraction] = {}
    spot: Any = ("fixed",)
    weight = Fraction(0)
    shift: Expression = {}
    for (scalars, word), c in value.items():
        if c.im:
            raise Unsupported("a delta or step of a complex argument")
        atoms = dict(scalars)
        energies = [item for item in atoms if item[0] == "coord" and item[1].startswith("energy:")]
        if word == (("f", ID),) and not scalars:
            spot, weight = ("H",), c.re
        elif not word and len(atoms) == 1 and scalars[0][0][:2] == ("lev", ID):
            spot, weight = ("level", scalars[0][0][2]), c.re
        elif not word and len(energies) == 1 and atoms == {energies[0]: 1}:
            slopes[energies[0][1]] = c.re
        elif not word and not energies and all(item[0] == "par" for item in atoms):
            add_into(shift, {(scalars, word): c})
        else:
            raise Unsupported("a delta or step of an argument that is not affine in one energy and the Hamiltonian")
    if not slopes:
        raise Unsupported("a delta or step whose argument holds no energy coordinate")
    token = min(slopes)
    a = slopes.pop(token)
    for other, slope in slopes.items():
        add_into(shift, atom(("coord", other)), Gaussian(slope))
    return token, a, freeze(scaled(shift, Gaussian(1 / a))), spot, -weight / a


def _placed(basic: Any, spot: Any) -> Expression:
    match spot[0]:
        case "H":
            return letters(("f", (basic,)))
        case "level":
            return atom(("lev", (basic,), spot[1]))
    order = basic[1] if basic[0] == "delta" else -1
    return atom(("sdelta", order, *basic[-3:-1]))


def _delta(run: Interpreter, term: Term) -> Expression:
    """delta^(k)(a y) = sign(a) a^-(k+1) delta^(k)(y)."""
    token, a, shift, spot, ratio = affine(run, term[2])
    order = term[1]
    factor = (1 if a > 0 else -1) / a ** (order + 1)
    return scaled(_placed(("delta", order, token, shift, ratio), spot), Gaussian(factor))


def _theta(run: Interpreter, term: Term) -> Expression:
    """Theta(a y) = Theta(y) for a > 0, and 1 - Theta(y) for a < 0."""
    token, a, shift, spot, ratio = affine(run, term[1])
    rising = _placed(("theta", token, shift, ratio), spot)
    if a > 0:
        return rising
    falling = constant(ONE)
    add_into(falling, rising, -ONE)
    return falling


def _level_sum(run: Interpreter, term: Term) -> Expression:
    fresh = run.fresh_level()
    total: Expression = {}
    for monomial, coefficient in run(rename_levels(term[2], {term[1]: fresh})).items():
        add_into(total, _summed({monomial: coefficient}, fresh))
    return total


def _summed(one: Expression, n: str) -> Expression:
    """sum_n of a monomial, by completeness: |n><n| under the sum is the unit, so .. |n> <n| .. joins to one word or a trace."""
    ((scalars, word), coefficient) = next(iter(one.items()))
    here = [(item, k) for item, k in scalars if n in _labels_of(item)]
    inner = [item for item, _ in here if item[0] == "elem"]
    profiles = [item[1] for item, k in here if item[0] == "lev" for _ in range(k)]
    functions = letters(*(("f", p) for p in profiles[:1]))
    for p in profiles[1:]:
        functions = multiply(functions, letters(("f", p)))
    rest: Expression = {(tuple(pair for pair in scalars if pair not in here), ()): coefficient}
    simple = not word and all(k == 1 for item, k in here if item[0] == "elem") and all(k > 0 for _, k in here)
    if simple and not inner:
        return multiply(rest, trace(functions))
    if simple and len(inner) == 1 and inner[0][1] == inner[0][3] == n:
        return multiply(rest, trace(multiply(functions, letters(*inner[0][2]))))
    ends = [item for item in inner if item[3] == n and item[1] != n]
    starts = [item for item in inner if item[1] == n and item[3] != n]
    if simple and len(inner) == 2 and len(ends) == len(starts) == 1:
        joined = product(letters(*ends[0][2]), functions, letters(*starts[0][2]))
        return product(rest, letters(("bra", ends[0][1])), joined, letters(("ket", starts[0][3])))
    return multiply(atom(("sumover", n)), one)


def _labels_of(item: Any) -> tuple[str, ...]:
    if item[0] == "elem":
        return (item[1], item[3])
    return (item[2],) if item[0] == "lev" else ()


def _integral(run: Interpreter, term: Term) -> Expression:
    _, token, lower, upper, body = term
    if token in run.frame.coords:
        raise Unsupported(f"an integral over {token}, with which the levels and vectors of the Hamiltonian move")
    if not token.startswith("energy:"):
        return _time_integral(run, token, lower, upper, body)
    value = run(body)
    below = lower in (("prod", ("num", "-1"), ("oo",)), ("unprinted",))
    if below and upper == ("oo",) and lower != ("unprinted",):
        return integral_over_line(value, token)
    if below and upper[0] == "coord" and upper[1].startswith("energy:"):
        return integral_from_below(value, token, upper[1], lower != ("unprinted",))
    raise Unsupported("an integral over an energy with limits other than the whole line or up to an energy")


def _time_integral(run: Interpreter, token: str, lower: Term, upper: Term, body: Term) -> Expression:
    bound = f"time:#{run.fresh_level()}"
    ends = [limit_key(end, None if end in INFINITE or end == ("unprinted",) else run(end)) for end in (lower, upper)]
    return integral_over_time(run(rename_coordinates(body, {token: bound})), token, bound, ends[0], ends[1])


def _flow(run: Interpreter, term: Term) -> Expression:
    _, body, time, hbar = term
    rate = multiply(run(time), power(run(hbar), -1))
    if any(word for _, word in rate):
        raise Unsupported("a flow over a time that is an operator")
    forward = letters(("f", (("exp", freeze(rate)),))) if rate else constant(ONE)
    backward = letters(("f", (("exp", freeze(scaled(rate, Gaussian(-1)))),))) if rate else constant(ONE)
    return product(forward, run(body), backward)


def _average(run: Interpreter, term: Term) -> Expression:
    body = run(term[1])
    return atom(("field", "avg", (freeze(body), term[2]), ())) if body else {}


def _on_levels(run: Interpreter, term: Term) -> Expression:
    """The values of a field at the levels: a ratio of moments Tr(delta(E-H) X)/Tr(delta(E-H)) is X_nn at E = E_n."""
    _, token, body = term
    total: Expression = {}
    for (scalars, word), coefficient in run(body).items():
        if word:
            raise Unsupported("an operator where a field of E was expected")
        made, balance = constant(coefficient), 0
        for item, exponent in scalars:
            if item[0] == "tr" and singular_in(item, token):
                balance += exponent
                made = multiply(made, _at_own_level(item[1], token, exponent))
            elif item == ("coord", token) or (item[0] == "fun" and ("coord", token) in item[3]):
                made = multiply(made, power(_smooth_at_levels(item, token), exponent))
            elif mentions(item, token):
                raise Unsupported("a field whose values at the levels are not defined")
            else:
                made = multiply(made, atom(item, exponent))
        if balance:
            raise Unsupported("a density, which has no value at the levels")
        add_into(total, made)
    return total


def _at_own_level(word: Any, token: str, exponent: int) -> Expression:
    """Tr(delta(E-H) X) without its delta, at a level: X_nn; the bare Tr delta gives 1."""
    place = next(k for k, letter in enumerate(word) if letter[0] == "f" and singular_in(letter, token))
    profile = word[place][1]
    rest = tuple(basic for basic in profile if not singular_in(basic, token))
    if len(profile) - len(rest) != 1 or ("delta", 0, token, (), Fraction(1)) not in profile:
        raise Unsupported("a moment with the derivative of a delta has no value at the levels")
    turned = word[place + 1 :] + word[:place]
    if exponent < 0:
        if turned or rest:
            raise Unsupported("division by a moment other than the density of states, at the levels")
        return constant(ONE)
    functions = letters(("f", rest)) if rest else constant(ONE)
    loop = letters(("loop", turned)) if turned else constant(ONE)
    return product(*([functions, loop] * exponent))


def _smooth_at_levels(item: Any, token: str) -> Expression:
    if item == ("coord", token):
        return letters(("f", ID))
    _, name, orders, args, smooth = item
    if mentions(args, token) and [a for a in args if mentions(a, token)] != [("coord", token)]:
        raise Unsupported(f"the function {name} of one energy at two places, at the levels")
    slot = args.index(("coord", token))
    held = tuple(("x",) if k == slot else a for k, a in enumerate(args))
    return letters(("f", (("fun", name, orders, held, slot, smooth),)))


def _unknown(run: Interpreter, term: Term) -> Expression:
    raise Unsupported(f"{term[1]!r} is not defined in print")


def _limit(run: Interpreter, term: Term) -> Expression:
    raise Malformed(f"{term[0]!r} stands outside a limit of integration")


_RULES: dict[str, Callable[[Interpreter, Term], Expression]] = {
    "num": lambda run, t: constant(Gaussian(Fraction(t[1]))),
    "i": lambda run, t: constant(IMAGINARY),
    "par": lambda run, t: atom(("par", t[1])),
    "coord": lambda run, t: atom(("coord", t[1])),
    "level": lambda run, t: atom(("lev", ID, t[1])),
    "ham": lambda run, t: letters(("f", ID)),
    "op": _operator,
    "fun": _function,
    "delta": _delta,
    "theta": _theta,
    "sum": _sum,
    "prod": lambda run, t: product(*(run(part) for part in t[1:])),
    "pow": _power,
    "comm": _commutator,
    "tr": lambda run, t: trace(run(t[1])),
    "lsum": _level_sum,
    "bra": lambda run, t: letters(("bra", t[1])),
    "ket": lambda run, t: letters(("ket", t[1])),
    "d": lambda run, t: derivative(run(t[2]), t[1], run.frame),
    "int": _integral,
    "avg": _average,
    "flow": _flow,
    "onlevels": _on_levels,
    "at": lambda run, t: at_value(run(t[1]), t[2], run(t[3]), run.frame),
    "series": _series,
    "coef": lambda run, t: coefficient_of(run(t[3]), t[1], t[2]),
    "undefined": _unknown,
    "oo": _limit,
    "unprinted": _limit,
}
