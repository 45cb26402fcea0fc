"""The value of a term on an exact finite model: one line a head.

A scalar is a Value; an operator a matrix of Values, a ket one column, a bra one row.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

from derive.kernel.errors import IllPosed, Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.interpret import Interpreter, affine, frame_of
from derive.kernel.model import Matrix, Model
from derive.kernel.results import Result, combine, entrywise, join, negative
from derive.kernel.slopes import from_below, over_line, over_time, put_in, slope, slope_in_energy
from derive.kernel.terms import Term, coordinates_in, dependence, walk
from derive.kernel.values import Basis, Value, add_to, plus, times_number


def evaluate(model: Model, term: Term) -> Result:
    """The term's value; Unsupported where this route knows no meaning for it."""
    rule = _RULES.get(term[0])
    if rule is None:
        raise Unsupported(f"the head {term[0]!r} on a finite model")
    return rule(model, term)


def scalar(model: Model, term: Term) -> Value:
    value = evaluate(model, term)
    if isinstance(value, list):
        raise Unsupported("an operator where a scalar was expected")
    return value


def _sum(model: Model, term: Term) -> Result:
    total: Result = {}
    for part in term[1:]:
        total = join(model, total, evaluate(model, part))
    return total


def _product(model: Model, term: Term) -> Result:
    total: Result = model.number(1)
    for part in term[1:]:
        total = combine(model, total, evaluate(model, part))
    return total


def _power(model: Model, term: Term) -> Result:
    base = evaluate(model, term[1])
    total: Result = model.number(1)
    if term[2] < 0:
        if isinstance(base, list):
            raise Unsupported("division by an operator")
        base = model.inverse(base)
    for _ in range(abs(term[2])):
        total = combine(model, total, base)
    return total


def _trace(model: Model, term: Term) -> Value:
    value = evaluate(model, term[1])
    if isinstance(value, dict):
        return times_number(value, Gaussian(model.size))
    if len(value) != len(value[0]):
        raise Unsupported("the trace of a vector")
    return plus(*(value[n][n] for n in range(model.size)))


def _parameter(model: Model, term: Term) -> Value:
    if term[1] in model.symbolic:
        return {((), (0,) * model.rank, ((f"par|{term[1]}", 1),)): ONE}
    return model.ask(f"par|{term[1]}")


def _coordinate(model: Model, term: Term) -> Value:
    token = term[1]
    if token.startswith("energy:"):
        return {((("E", token),), (0,) * model.rank, ()): ONE}
    here = model.ask(f"coord|{token}")
    return plus(here, model.increment(token)) if token in model.tokens else here


def _function(model: Model, term: Term) -> Result:
    _, name, orders, arguments, smooth, _ = term
    args: list[Any] = []
    over: int | None = None
    energies = 0
    for place, argument in enumerate(arguments):
        if argument[0] == "coord" and argument[1].startswith("energy:"):
            args.append(("E", argument[1]))
            energies += 1
        elif argument[0] == "coord":
            args.append(("coord", argument[1]))
        elif argument[0] == "ham":
            over = place
            args.append(None)
        elif argument[0] == "level":
            args.append(("spot", model.labels[argument[1]], Fraction(0)))
        else:
            value = scalar(model, argument)
            args.append(("const", constant_of(value)))
    if energies > 1 or (over is not None and energies):
        raise Unsupported("a function of two energies, or of an energy and the Hamiltonian")
    if energies:
        return _free_function(model, name, tuple(orders), tuple(args), bool(smooth))
    if over is None:
        return model.function(name, tuple(orders), tuple(args))
    spots = [tuple(("spot", n, Fraction(0)) if k == over else a for k, a in enumerate(args)) for n in range(model.size)]
    return [
        [model.function(name, tuple(orders), spots[n]) if n == m else {} for m in range(model.size)] for n in range(model.size)
    ]


def _free_function(model: Model, name: str, orders: tuple[int, ...], args: tuple[Any, ...], smooth: bool) -> Value:
    """A function of a free energy: a symbol for each of its slow and fast derivatives."""
    kind = "fun" if smooth else "field"
    base = tuple(("base", a[1]) if a[0] == "coord" else a for a in args)
    total: Value = {(((kind, name, orders, base),), (0,) * model.rank, ()): ONE}
    for slot, argument in enumerate(args):
        if argument[0] == "coord" and argument[1] in model.tokens:
            bound = model.bounds[model.tokens.index(argument[1])]
            grown: Value = {}
            for (basis, powers, unknowns), c in total.items():
                for k in range(bound + 1):
                    _, _, known, held = basis[0]
                    more = tuple(o + k * (p == slot) for p, o in enumerate(known))
                    part: Value = {(((kind, name, more, held),), powers, unknowns): c}
                    step = model.increment(argument[1], k) if k else model.number(1)
                    add_to(grown, times_number(model.times(part, step), Gaussian(Fraction(1, factorial(k)))))
            total = grown
    return total


def constant_of(value: Value) -> str:
    """A value that is a plain number, as text."""
    if any(basis or any(powers) or unknowns for basis, powers, unknowns in value):
        raise Unsupported("a function of an argument that is not a plain number")
    return next(iter(value.values())).text() if value else "0"


def _affine(model: Model, argument: Term) -> tuple[str, Fraction, Any, Fraction]:
    """The argument as a (E + shift - X): token, a, which X (matrix index n by n, or fixed), shift."""
    if len({t for t in coordinates_in(argument) if t.startswith("energy:")}) > 1:
        raise Unsupported("a delta or step of two energies on a finite model")
    token, a, _, spot, ratio = affine(Interpreter(frame_of(argument)), argument)
    value = evaluate(model, argument)
    entry = value[0][0] if isinstance(value, list) else value
    rest = {k: c for k, c in entry.items() if not k[0]}
    here = {"H": 0, "level": model.labels.get(spot[1], 0) if len(spot) > 1 else 0}.get(spot[0], -1)
    if here >= 0:
        add_to(rest, model.level(here), Gaussian(a * ratio))
    if any(any(powers) or unknowns for _, powers, unknowns in rest):
        raise Unsupported("a delta whose shift moves")
    shift = next(iter(rest.values())) if rest else Gaussian(0)
    return token, a, (*spot, ratio), (shift * Gaussian(1 / a)).re


def singular(model: Model, argument: Term, made: Callable[[str, Any, Fraction, Fraction], dict[Basis, Any]]) -> Result:
    """A function of a (E + shift - X), in the basis: `made(token, which X, shift, a)`."""
    token, a, spot, shift = _affine(model, argument)

    def placed(n: int) -> Value:
        at = n if n < 0 or spot[-1] == 1 else (n, spot[-1])
        return {(basis, (0,) * model.rank, ()): Gaussian(c) for basis, c in made(token, at, shift, a).items()}

    if spot[0] == "H":
        return [[placed(n) if n == m else {} for m in range(model.size)] for n in range(model.size)]
    return placed(model.labels[spot[1]] if spot[0] == "level" else -1)


def _without_energy(model: Model, argument: Term) -> list[Gaussian] | None:
    """The numbers that an argument without an energy coordinate takes, level by level; None where it holds an energy."""
    if any(t.startswith("energy:") for t in coordinates_in(argument)):
        return None
    value = evaluate(model, argument)
    entries = [value] if isinstance(value, dict) else [value[n][n] for n in range(model.size)]
    heads = [entry.get(((), (0,) * model.rank, ()), Gaussian(0)) for entry in entries]
    if any(h.im or not h for h in heads):
        raise IllPosed("a delta or step of a number that vanishes or is not real")
    return heads


def _by_level(model: Model, argument: Term, numbers: list[Gaussian]) -> Result:
    values = [model.number(number) for number in numbers]
    if isinstance(evaluate(model, argument), dict):
        return values[0]
    return [[values[n] if n == m else {} for m in range(model.size)] for n in range(model.size)]


def _delta(model: Model, term: Term) -> Result:
    order = term[1]
    fixed = _without_energy(model, term[2])
    if fixed is not None:
        return _by_level(model, term[2], [Gaussian(0)] * len(fixed))

    def made(token: str, n: Any, shift: Fraction, a: Fraction) -> dict[Basis, Any]:
        point = ("delta", order, token, n, shift) if order else ("point", token, n, shift, 1)
        return {(point,): (1 if a > 0 else -1) / a ** (order + 1)}

    return singular(model, term[2], made)


def _theta(model: Model, term: Term) -> Result:
    fixed = _without_energy(model, term[1])
    if fixed is not None:
        return _by_level(model, term[1], [Gaussian(int(number.re > 0)) for number in fixed])

    def made(token: str, n: Any, shift: Fraction, a: Fraction) -> dict[Basis, Any]:
        step = (("theta", token, n, shift),)
        return {step: 1} if a > 0 else {(): 1, step: -1}

    return singular(model, term[1], made)


def _level_sum(model: Model, term: Term) -> Result:
    total: Result = {}
    known = model.labels.get(term[1])
    for n in range(model.size):
        model.labels[term[1]] = n
        total = join(model, total, evaluate(model, term[2]))
    if known is None:
        del model.labels[term[1]]
    else:
        model.labels[term[1]] = known
    return total


def _derivative(model: Model, term: Term) -> Result:
    token, body = term[1], term[2]
    value = evaluate(model, body)
    if token.startswith("energy:"):
        return entrywise(value, lambda v: slope_in_energy(model, v, token))
    if token not in model.tokens:
        raise Unsupported(f"the derivative in {token}")
    changed = entrywise(value, lambda v: slope(model, v, token))
    if token != model.slow or isinstance(value, dict):
        return changed
    connection = model.frame()[1]
    if len(value) == model.size and len(value[0]) == model.size:
        return join(model, changed, model.commute(connection, value))
    if len(value) == model.size:
        return join(model, changed, model.multiply(connection, value))
    return join(model, changed, negative(model.multiply(value, connection)))


def _integral(model: Model, term: Term) -> Result:
    _, token, lower, upper, body = term
    if token.startswith("time:"):
        _require_plain_integral(token, lower, upper, body)
        moved = evaluate(model, body)
        ends = [(scalar(model, upper), Gaussian(1)), (scalar(model, lower), Gaussian(-1))]
        return entrywise(moved, lambda v: over_time(model, v, token, ends))
    if lower != ("prod", ("num", "-1"), ("oo",)) or not token.startswith("energy:"):
        raise Unsupported("an integral other than over an energy from minus infinity")
    value = evaluate(model, body)
    if upper[0] == "coord" and upper[1].startswith("energy:") and upper[1] != token:
        return entrywise(value, lambda v: from_below(v, token, upper[1]))
    if upper != ("oo",):
        raise Unsupported("an integral up to something other than an energy or infinity")
    return entrywise(value, lambda v: over_line(model, v, token))


def _require_plain_integral(token: str, lower: Term, upper: Term, body: Term) -> None:
    """Taylor series reach integrals between numbers and times, nested or not, of what moves by the flow or explicitly.  Each
    raises the powers of the times, so that what is left out of an inner one is left out of an outer one."""
    if any(token in dependence(part) for part in walk(body)):
        raise Unsupported("an integral over a time of an operator that depends on it otherwise than through the flow")
    for end in (lower, upper):
        if len({part[1] for part in walk(end) if part[0] == "coord"}) > 1 or any(part[0] == "fun" for part in walk(end)):
            raise Unsupported("an integral over a time with a limit that is neither a number nor one time")


def _flow(model: Model, term: Term) -> Result:
    """exp(i E_n s/hbar) as a series in a time s that vanishes at the model's point."""
    _, body, time, hbar = term
    rate = model.times(scalar(model, time), model.inverse(scalar(model, hbar)))
    if any(not any(powers) for _, powers, _ in rate):
        raise Unsupported("a flow over a time that does not vanish at the point of the model")
    phases: list[list[Value]] = []
    for sign in (1, -1):
        row = []
        for n in range(model.size):
            exponent = times_number(model.times(model.level(n), rate), Gaussian(0, sign))
            total, part, k = model.number(1), model.number(1), 1
            while True:
                part = times_number(model.times(part, exponent), Gaussian(Fraction(1, k)))
                if not part:
                    break
                add_to(total, part)
                k += 1
            row.append(total)
        phases.append(row)
    forward, backward = ([[row[n] if n == m else {} for m in range(model.size)] for n in range(model.size)] for row in phases)
    return combine(model, combine(model, forward, evaluate(model, body)), backward)


def _at(model: Model, term: Term) -> Result:
    """The model is given at one point; a coordinate can be held at that point's value, or at a series that begins there, such as
    another time that runs from there."""
    _, body, token, value = term
    beyond = plus(scalar(model, value), times_number(model.ask(f"coord|{token}"), Gaussian(-1)))
    if any(basis or unknowns or not any(powers) for basis, powers, unknowns in beyond):
        raise Unsupported("a coordinate held at a value other than the point at which the model is given")
    result = evaluate(model, body)
    return entrywise(result, lambda v: put_in(model, v, token, beyond)) if token in model.tokens else result


def _coefficient(model: Model, term: Term) -> Result:
    _, parameter, order, body = term
    if not isinstance(order, int):
        raise Unsupported("a symbolic order on a finite model")
    known = parameter in model.symbolic
    model.symbolic.add(parameter)
    value = evaluate(model, body)
    if not known:
        model.symbolic.discard(parameter)
    name = f"par|{parameter}"

    def pick(v: Value) -> Value:
        found: Value = {}
        for (basis, powers, unknowns), c in v.items():
            if dict(unknowns).get(name, 0) == order:
                add_to(found, {(basis, powers, tuple(u for u in unknowns if u[0] != name)): c})
        return found

    return entrywise(value, pick)


def _on_levels(model: Model, term: Term) -> Result:
    """A field of E as the function of H with its values at the levels."""
    _, token, body = term
    value = scalar(model, body)
    diagonal: list[Value] = [{} for _ in range(model.size)]
    for (basis, powers, unknowns), c in value.items():
        point = next((f for f in basis if f[0] == "point" and f[1] == token), None)
        if point is None and not any(f[0] != "point" and token in repr(f) for f in basis):
            for entry in diagonal:
                add_to(entry, {(basis, powers, unknowns): c})
            continue
        if point is None or point[4] != 0 or not isinstance(point[2], int) or point[3]:
            raise IllPosed("a field that has no values at the levels")
        rest = tuple(f for f in basis if f is not point)
        add_to(diagonal[point[2]], {(rest, powers, unknowns): c})
    return [[diagonal[n] if n == m else {} for m in range(model.size)] for n in range(model.size)]


def _vector(model: Model, term: Term) -> Matrix:
    n = model.labels[term[1]]
    entries = [model.number(1) if k == n else {} for k in range(model.size)]
    return [[entry] for entry in entries] if term[0] == "ket" else [entries]


def _commutator(model: Model, term: Term) -> Result:
    x, y = evaluate(model, term[1]), evaluate(model, term[2])
    return join(model, combine(model, x, y), negative(combine(model, y, x)))


_RULES: dict[str, Callable[[Model, Term], Result]] = {
    "num": lambda m, t: m.number(Fraction(t[1])),
    "i": lambda m, t: m.number(IMAGINARY),
    "par": _parameter,
    "coord": _coordinate,
    "level": lambda m, t: m.level(m.labels[t[1]]),
    "ham": lambda m, t: [[m.level(a) if a == b else {} for b in range(m.size)] for a in range(m.size)],
    "op": lambda m, t: m.operator(t[1], t[2], t[3]),
    "fun": _function,
    "delta": _delta,
    "theta": _theta,
    "sum": _sum,
    "prod": _product,
    "pow": _power,
    "comm": _commutator,
    "tr": _trace,
    "lsum": _level_sum,
    "bra": _vector,
    "ket": _vector,
    "d": _derivative,
    "int": _integral,
    "flow": _flow,
    "onlevels": _on_levels,
    "at": _at,
    "coef": _coefficient,
}
