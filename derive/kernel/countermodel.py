"""Countermodels and models: exact finite matrices on which premises hold, and a claim fails or holds non-trivially.

A model is a JSON object:

    hamiltonian [name, coordinates]
    kind       "countermodel" (the premises hold and the claim fails) or "model" (both hold, and the claim's sides are not zero)
    size       how many levels;     labels   free level labels -> level
    claim      [lhs, rhs];          rewrites numbers of premises used as definitions
    premises   [{"name", "equation": [lhs, rhs], "forms": [[moves], ...]}]  every form must hold
    values     key -> [re, im]      the numbers, by the keys of model.py
    witness    the claim's residual: [[place, element, [re, im]], ...] for a countermodel
    derived    [a time] where the claim's residual vanishes at the point of the model and its derivative in that time does not

Where a premise is a scheme, it must hold for every value of what is arbitrary in it, so that is kept unknown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.along_times import at_two_times, highest_orders, prolonged, running
from derive.kernel.calculus import Frame
from derive.kernel.certificate import read_frame, read_moves, require_frame
from derive.kernel.clocks import require_named
from derive.kernel.errors import IllPosed, Malformed, Refused, Unsupported
from derive.kernel.evaluate import evaluate
from derive.kernel.expansion import TIME_ORDER, flowing, taylor_orders
from derive.kernel.gaussian import ONE, Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.model import Lookup, Model, labels_in
from derive.kernel.normal import vanishes
from derive.kernel.physical import refuse_unphysical
from derive.kernel.results import Result
from derive.kernel.rules import Equation, moved, pattern_of, rewritten
from derive.kernel.second import SecondRoute
from derive.kernel.terms import Term, from_json, replace_term, sub, walk
from derive.kernel.values import Value, add_to

Form = tuple[str, Term]  # the premise's name and the residual that must vanish
Flat = dict[tuple[int, int, Any, Any], Gaussian]  # row, column, basis, unknowns -> number


def arbitrary_in(term: Term) -> set[str]:
    """The names of the functions and operators a term claims something for every value of."""
    found = {part[1] for part in walk(term) if part[0] == "fun" and part[5]}
    return found | {part[1] for part in walk(term) if part[0] == "op" and part[4]}


def with_schemes(lookup: Lookup, names: set[str]) -> Lookup:
    """The lookup with everything arbitrary kept unknown."""

    def answer(key: str) -> Any:
        kind, name = key.split("|")[:2]
        if kind in ("fun", "op") and name in names:
            return [(ONE, f"?{key}")]
        return lookup(key)

    return answer


def value_of(term: Term, size: int, lookup: Lookup, labels: dict[str, int], frame: Frame) -> Flat:
    """The term's value at the model's point, flattened; products of deltas without meaning raise IllPosed."""
    require_named(frame.name, term)
    model = Model(size, lookup, taylor_orders(term), frame.coords)
    model.labels.update(labels)
    result = evaluate(model, term)
    read = at_the_levels(model, result) if isinstance(result, dict) else result
    return flattened(read, model.tokens, flowing(term))


def at_the_levels(model: Model, value: Value) -> Value:
    """Where a field known at the levels only takes part, the whole expression is read at the levels: 1 becomes their sum."""
    indicators = {(f[1], f[3]) for basis, _, _ in value for f in basis if f[0] == "point" and f[4] == 0}
    for token, shift in indicators:
        everywhere: Value = {((("point", token, n, shift, 0),), (0,) * model.rank, ()): ONE for n in range(model.size)}
        read: Value = {}
        for key, c in value.items():
            beside = any((f[2] if f[0] == "delta" else f[1]) == token for f in key[0] if f[0] in ("point", "delta", "theta"))
            add_to(read, {key: c} if beside else model.times({key: c}, everywhere))
        value = read
    return value


def flattened(result: Result, tokens: tuple[str, ...], times: set[str]) -> Flat:
    """The coefficients at the model's point, and of the powers of the times that a flow makes run."""
    entries: list[tuple[int, int, Value]] = []
    if isinstance(result, dict):
        entries.append((-1, -1, result))
    else:
        entries.extend((a, b, entry) for a, row in enumerate(result) for b, entry in enumerate(row))
    found: Flat = {}
    for a, b, value in entries:
        for (basis, powers, unknowns), c in value.items():
            if any(p > (TIME_ORDER if t in times else 0) for t, p in zip(tokens, powers, strict=True)):
                continue
            run = tuple(("power", t, p) for t, p in zip(tokens, powers, strict=True) if p)
            for factor in basis:
                if factor[0] == "point" and factor[4] not in (0, 1):
                    raise IllPosed("a product of distributions, or a division by one, is left over")
            found[(a, b, (*basis, *run), unknowns)] = c
    return found


def premise_forms(residual: Term, forms: list[Any], premises: list[Equation], rewrites: list[Equation]) -> list[Term]:
    made = []
    for moves in forms:
        made.append(rewritten(moved(residual, moves, premises), rewrites))
    return made


def forms_to_hold(equation: Equation, forms: list[Any], premises: list[Equation], rewrites: list[Equation]) -> list[Term]:
    """The forms in which a premise must hold: of one that fixes a symbol none, since the symbol is replaced; of one that fixes a
    derivative itself, since the derivatives of that are left."""
    if equation not in rewrites:
        return premise_forms(sub(*equation), forms, premises, rewrites)
    found = pattern_of(equation)
    if found is None or found[0][0] != "d":
        return []
    return [rewritten(sub(*equation), [other for other in rewrites if other != equation])]


def undefined_survivor(term: Term, rewrites: list[Equation]) -> str:
    """A symbol that a definition fixes and that rewriting left standing, as at equal arguments: a model is free to give it any
    value there, so it shows nothing about the claim.  Empty where there is none."""
    fixed = [found[0] for found in map(pattern_of, rewrites) if found is not None and found[0][0] in ("fun", "op")]
    defined = {symbol[:2] if symbol[0] == "fun" else symbol[:3] for symbol in fixed}
    for part in walk(term):
        if part[:2] in defined or part[:3] in defined:
            return str(part[1])
    return ""


def labellings(term: Term, size: int) -> list[dict[str, int]]:
    from itertools import product

    names = labels_in(term)
    return [dict(zip(names, levels, strict=True)) for levels in product(range(size), repeat=len(names))]


def check_model(data: Any) -> None:
    """Verifies a stored model or countermodel by both routes; Refused with the reason."""
    try:
        size, labels = int(data["size"]), {str(k): int(v) for k, v in data["labels"].items()}
        claim = (from_json(data["claim"][0]), from_json(data["claim"][1]))
        premises = [(from_json(p["equation"][0]), from_json(p["equation"][1])) for p in data["premises"]]
        frame = read_frame(data["hamiltonian"])
        forms = [[read_moves(moves) for moves in p["forms"]] for p in data["premises"]]
        rewrites = [premises[int(k)] for k in data["rewrites"]]
        values = {str(k): Gaussian(_fraction(v[0]), _fraction(v[1])) for k, v in data["values"].items()}
        kind, derived = data["kind"], [str(token) for token in data.get("derived", ())]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError) as error:
        raise Malformed(f"model: expected the fields of derive/kernel/countermodel.py; {error!r:.80}") from error
    require_frame(frame, *claim, *(side for equation in premises for side in equation))
    if not 1 <= size <= 6 or kind not in ("model", "countermodel") or not all(0 <= n < size for n in labels.values()):
        raise Malformed(f"model: expected 1 to 6 levels, labels among them and a known kind, came {size}, {labels} and {kind!r}")
    if derived and (kind == "model" or len(derived) > 1 or not derived[0].startswith(("time:", "slow:"))):
        raise Malformed(f"model: expected a countermodel differentiated in one time at most, came {kind!r} and {derived}")
    refuse_unphysical(values, size)

    def lookup(key: str) -> Gaussian:
        if key not in values:
            raise Refused(f"the model does not say what {key} is")
        return values[key]

    residual = rewritten(sub(*claim), rewrites)
    for token in derived:  # a claim holds along the times, and so do its derivatives
        residual = ("d", token, residual)
    if kind == "model":
        residual = at_one_energy(residual)
    _check_forms(data, claim, premises, forms, rewrites)
    named = [
        (data["premises"][k]["name"], term)
        for k, equation in enumerate(premises)
        for term in forms_to_hold(equation, forms[k], premises, rewrites)
    ]
    if kind == "countermodel":
        _refuse_what_a_model_cannot_show(named, residual, rewrites, frame)
        _refuse_what_is_expanded(claim, premises, rewrites)
    found = value_of(residual, size, lookup, labels, frame)
    powers, highest = powers_of(found, residual), highest_orders((form for _, form in named), residual)
    for name, form in named:
        for term in [form] if kind == "model" else prolonged(form, highest, powers):
            for labelled in labellings(term, size):
                if value_of(term, size, with_schemes(lookup, arbitrary_in(term)), labelled, frame):
                    raise Refused(f"premise {name} does not hold on the model")
    if kind == "countermodel":
        if not found:
            raise Refused("the claim holds on the model")
        if witness_of(found) != data["witness"]:
            raise Refused("the claim's residual is not the one stored")
        _agree(residual, size, lookup, labels, frame, found)
    else:
        if any(value_of(residual, size, lookup, labelled, frame) for labelled in labellings(residual, size)):
            raise Refused("the claim does not hold on the model")
        parts = [at_one_energy(part) for side in claim for part in top_terms(rewritten(side, rewrites))]

        def lives(part: Term) -> bool:
            return any(value_of(part, size, lookup, labelled, frame) for labelled in labellings(part, size))

        if not any(lives(part) or (inner_terms(part) and all(map(lives, inner_terms(part)))) for part in parts):
            raise Refused("every term of the claim vanishes on the model")


def at_one_energy(term: Term) -> Term:
    """A claim about delta(E - E') holds at each E': for a model, at one, a number like any parameter.  As it stands where the
    second energy is differentiated in, integrated over or averaged at."""
    for part in walk(term):
        if part[0] in ("delta", "theta"):
            energies = sorted({p[1] for p in walk(part) if p[0] == "coord" and p[1].startswith("energy:")})
            if len(energies) != 2 or any(p[0] in ("d", "int", "avg") and energies[1] in p[1:3] for p in walk(term)):
                continue
            return replace_term(term, ("coord", energies[1]), ("par", energies[1]))
    return term


def _refuse_what_a_model_cannot_show(named: list[Form], residual: Term, rewrites: list[Equation], frame: Frame) -> None:
    """A countermodel says nothing where a symbol may take any value there only for lack of what binds it."""
    for name, term in named:
        left = undefined_survivor(term, rewrites)
        if left:
            raise Refused(f"premise {name} speaks of {left} where its definition does not reach")
        if running(term) and not _drives(term) and not _says_nothing(term, frame):
            raise Refused(f"a time stands by itself in premise {name}, which says more where that time is 0")
    left = undefined_survivor(residual, rewrites)
    if left:
        raise Refused(f"the claim speaks of {left} where its definition does not reach")
    elsewhere = at_two_times([term for _, term in named], residual)
    if elsewhere:
        raise Refused(f"{elsewhere} stands at more than one time, and a premise speaks of it")


def _refuse_what_is_expanded(claim: Equation, premises: list[Equation], rewrites: list[Equation]) -> None:
    """A model does not say how a state and the terms of its series go together: orders are compared instead, in every premise."""
    for symbol, series in premises:
        if all(part[0] != "series" for part in walk(series)):
            continue
        if any(part == symbol for side in claim for part in walk(side)):
            raise Refused(f"the claim speaks of {symbol[1]} as a whole, of which a premise is a series")
        if any(part == symbol for fixed in rewrites for side in fixed for part in walk(side)):
            raise Refused(f"a premise fixes {symbol[1]}, of which another is a series: its orders are not asked for")


def _says_nothing(residual: Term, frame: Frame) -> bool:
    """Whether a premise is an identity once the definitions are put in."""
    try:
        return vanishes(Interpreter(frame)(residual))
    except (Unsupported, IllPosed):
        return False


def _drives(residual: Term) -> bool:
    """Whether a premise says how H moves, as H = H0 + tau V: at one point that says what H0 is."""
    return bool(residual[0] == "sum" and residual[1][0] == "ham")


def _check_forms(data: Any, claim: Equation, premises: list[Equation], forms: list[Any], rewrites: list[Equation]) -> None:
    """Every premise but a series is asked for, as it stands or order by order; a rewriting fixes a symbol."""
    spoken = [*claim, *(side for equation in premises for side in equation)]
    top = max((part[2] for term in spoken for part in walk(term) if part[0] == "op" and isinstance(part[2], int)), default=0)
    for place, (equation, mine) in enumerate(zip(premises, forms, strict=True)):
        name = data["premises"][place]["name"]
        series = any(part[0] == "series" for part in walk(equation[1]))
        if not mine and not series:
            raise Refused(f"premise {name} is not asked for on the model")
        if not series and equation not in rewrites:
            _require_whole(name, equation, mine, premises, top)
        if equation in rewrites and (pattern_of(equation) is None or series):
            raise Refused(f"premise {name} fixes no symbol")


def _require_whole(name: str, equation: Equation, forms: list[Any], premises: list[Equation], top: int) -> None:
    """Refused where the forms leave out some of what a premise says: it holds as it stands, or, where it speaks of a state that
    is expanded or of a symbolic order, at every order up to the highest that anything here speaks of."""
    residual = sub(*equation)
    match forms:
        case [[]]:
            return
        case [[["index", str(order), _]], *_]:
            wanted = [[["index", order, k]] for k in range(1, max(top, 1) + 1)]
            speaks = any(part[0] == "op" and isinstance(part[2], tuple) and part[2][0] == order for part in walk(residual))
        case [[["scales", int(place)], ["order", str(parameter), _]], *_] if 0 <= place < len(premises):
            wanted = [[["scales", place], ["order", parameter, k]] for k in range(top + 1)]
            speaks = any(part == premises[place][0] for part in walk(residual))
        case _:
            raise Malformed(f"premise {name}: expected the forms of a hierarchy only")
    if not speaks or forms != wanted:
        raise Refused(f"premise {name} is not asked for as it stands, nor at every order up to {top}")


def inner_terms(term: Term) -> list[Term]:
    """What a term that vanishes is made of: its factors, or what it differentiates, integrates or traces."""
    if term[0] == "prod":
        return [part for part in term[1:] if part[0] not in ("num", "i", "par")]
    return [term[-1]] if term[0] in ("d", "int", "tr") else []


def top_terms(term: Term) -> list[Term]:
    """The terms that a side of an equation adds up, sums and commutators opened, other heads kept around each of their terms."""
    match term[0]:
        case "sum":
            return [part for inner in term[1:] for part in top_terms(inner)]
        case "comm":
            return [("prod", term[1], term[2]), ("prod", term[2], term[1])]
        case "tr":
            return [("tr", part) for part in top_terms(term[1])]
        case "lsum":
            return [("lsum", term[1], part) for part in top_terms(term[2])]
        case "prod":
            parts: list[Term] = [("prod",)]
            for factor in term[1:]:
                parts = [(*part, opened) for part in parts for opened in top_terms(factor)]
            return parts
    return [term]


def _agree(residual: Term, size: int, lookup: Lookup, labels: dict[str, int], frame: Frame, found: Flat) -> None:
    try:
        second = SecondRoute(size, lookup, labels, frame, flowing(residual))(residual)
    except (Unsupported, IllPosed):
        return  # the second route knows fewer heads; the first one stands alone
    if set(second) == {(-1, -1)} and all(a >= 0 for a, *_ in found):
        second = {(n, n): second[(-1, -1)] for n in range(size)}  # a number beside operators that cancel
    entries = [(a, b, basis, c) for (a, b), values in second.items() for basis, c in values.items()]
    flat = {(a, b, basis): c for a, b, basis, c in entries if all(f[0] != "power" or f[2] <= TIME_ORDER for f in basis)}
    first = {(a, b, tuple(sorted(basis, key=repr))): c for (a, b, basis, _), c in found.items()}
    if flat != first:
        raise Refused("the two routes to the claim's value disagree")


def powers_of(found: Flat, claim: Term) -> dict[str, int]:
    """The lowest powers of the times that run at which a value does not vanish: it is known there from as many derivatives of
    what it is made of; of what is held at another time, from as many as there are powers of all."""
    runs = [{f[1]: f[2] for f in basis if f[0] == "power" and f[1].startswith("time:")} for _, _, basis, _ in found]
    lowest = min(runs, key=lambda run: (sum(run.values()), sorted(run.items())), default={})
    held = {part[2] for part in walk(claim) if part[0] == "at" and part[2].startswith("time:")}
    return {**lowest, **dict.fromkeys(held, sum(lowest.values()))} if lowest else lowest


def witness_of(found: Flat) -> list[Any]:
    """The residual as JSON: where, which element, how much."""
    return [
        [f"{a},{b}" if a >= 0 else "", readable(basis), c.pair()]
        for (a, b, basis, _), c in sorted(found.items(), key=lambda item: repr(item[0]))
    ]


def readable(basis: Any) -> str:
    """A basis element in words a reader can retype, as in `delta'(E - E_1)`."""
    words = []
    for factor in basis:
        match factor[0]:
            case "point" | "delta":
                k = factor[1] if factor[0] == "delta" else 0
                token, n, shift = factor[2:5] if factor[0] == "delta" else factor[1:4]
                words.append(
                    f"delta{chr(39) * k}({_point(token, n, shift)})" if factor[0] == "delta" or factor[4] else f"at E_{n}"
                )
            case "theta":
                words.append(f"Theta({_point(*factor[1:4])})")
            case "E":
                words.append(factor[1].split(":")[1])
            case "power":
                words.append(f"{factor[1].split(':')[1]}^{factor[2]}")
            case _:
                words.append(f"{factor[1]}^{list(factor[2])}" if any(factor[2]) else str(factor[1]))
    return " ".join(words) or "1"


def _point(token: str, n: int, shift: Any) -> str:
    spot, ratio = n if isinstance(n, tuple) else (n, Fraction(1))
    sign, size = ("-", ratio) if ratio > 0 else ("+", -ratio)
    at = f" {sign} E_{spot}" if size == 1 else f" {sign} {size} E_{spot}"
    return token.split(":")[1] + (at if spot >= 0 else "") + (f" + {shift}" if shift else "")


def _fraction(text: Any) -> Fraction:
    if not isinstance(text, str):
        raise TypeError("expected a rational number as a string")
    return Fraction(text)
