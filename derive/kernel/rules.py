"""The closed table of inference rules.

Rewriting.  An equation whose left side is a single symbol (a function at coordinates or at a level, an operator, an average
of an arbitrary operator, the derivative of an operator, or one of these times parameters) lets that symbol be replaced by the
right side everywhere.  A field of E that is used at H or at E_n is replaced by its values at the levels, which supposes
them simple.

Moves.  Each takes the residual of an equation that holds to the residual of an equation that then holds too:

    ["left", a] ["right", a]       multiplication            ["trace"]
    ["d", token]                   differentiation           ["integral", token]   over the whole line
    ["function", name, body]       an arbitrary function g(H) becomes a given function of H; body holds ("hole",) for H
    ["operator", name, body]       an arbitrary operator becomes a given one
    ["index", name, k]             a symbolic order becomes the number k
    ["scales", p]                  the series of premise p is put in, and d_t becomes d_t + eps d_tau
    ["order", parameter, k]        the coefficient of parameter^k, k a number or [name, shift]
    ["at", time, value]            an equation at every time, at one of them
    ["levels", n]                  the sum over the levels n of an equation that holds at each
    ["commutes", body]             c [X, H] = 0 becomes [X, f(H)] = 0; body holds ("hole",) for H
    ["flow", time, hbar]           the frozen flow on both sides, exp(i H time/hbar) .. exp(-i H time/hbar)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from derive.kernel.bodies import commuting, require_function_of_h, require_plain
from derive.kernel.clocks import runs_along, stands_at_slow, times_of
from derive.kernel.errors import Malformed, Unsupported
from derive.kernel.terms import (
    Term,
    children,
    coordinates_in,
    dependence,
    rebuild,
    rename_coordinates,
    rename_levels,
    replace_term,
    walk,
)

Equation = tuple[Term, Term]
HOLE: Term = ("hole",)
MAX_PASSES = 40


# rewriting


def pattern_of(equation: Equation) -> tuple[Term, Term] | None:
    """The symbol that the equation fixes, with what it is equal to; None where the left side is not a single symbol."""
    lhs, rhs = equation
    if lhs[0] == "prod":
        symbols = [part for part in lhs[1:] if part[0] not in ("num", "par")]
        divisors = [part for part in lhs[1:] if part[0] in ("num", "par")]
        if len(symbols) != 1 or ("num", "0") in divisors:
            return None
        found = pattern_of((symbols[0], rhs))
        return None if found is None else (found[0], ("prod", *(("pow", d, -1) for d in divisors), found[1]))
    if lhs[0] == "fun" and not any(lhs[2]) and all(a[0] in ("coord", "level") for a in lhs[3]):
        distinct = len(set(lhs[3])) == len(lhs[3])
        return (lhs, rhs) if distinct and not _holds(rhs, lhs) else None
    if lhs[0] == "op" and not lhs[4]:
        return (lhs, rhs) if not _holds(rhs, lhs) else None
    if lhs[0] == "d" and lhs[2][0] == "op" and not lhs[2][4]:
        return (lhs, rhs) if not any(part == lhs for part in walk(rhs)) else None
    if lhs[0] == "avg" and lhs[1][0] == "op" and lhs[1][4]:
        return (lhs, rhs) if not any(part[0] == "avg" for part in walk(rhs)) else None
    return None


def _holds(term: Term, symbol: Term) -> bool:
    fields = 2 if symbol[0] == "fun" else 3
    return any(part[:fields] == symbol[:fields] for part in walk(term))


def rewritten(term: Term, equations: list[Equation], both_times: bool = False) -> Term:
    """The term with every symbol that the equations fix replaced, until nothing changes.

    A symbol of the fast time whose value knows the slow time too runs along tau = eps t: no derivative in one of the two is taken
    of it, Unsupported, unless the term is written for `both_times`, each at rest while the other runs."""
    patterns = tuple(found for found in map(pattern_of, equations) if found is not None)
    if not both_times:
        _refuse_one_time(term, patterns)
    return _rewritten(term, patterns)


@lru_cache(maxsize=20_000)
def _refuse_one_time(term: Term, patterns: tuple[tuple[Term, Term], ...]) -> None:
    along = {lhs[1] for lhs, rhs in patterns if lhs[0] in ("fun", "op") and _runs(lhs, rhs)}
    for part in walk(term) if along else ():
        if part[0] == "d" and not part[1].startswith("energy:"):
            held = next((p[1] for p in walk(part[2]) if p[0] in ("fun", "op") and p[1] in along), "")
            if held and any(map(stands_at_slow, walk(_with_traces(_rewritten(part[2], patterns))))):
                raise Unsupported(f"a derivative in {part[1].replace(':', ' ')} of {held}, which runs along both times")


@lru_cache(maxsize=20_000)
def _rewritten(term: Term, patterns: tuple[tuple[Term, Term], ...]) -> Term:
    if term[0] in ("sum", "prod"):
        return (term[0], *(_rewritten(part, patterns) for part in term[1:]))
    for _ in range(MAX_PASSES):
        before = term
        present = {(part[0], part[1] if part[0] in ("fun", "op") else "") for part in walk(term)}
        for lhs, rhs in patterns:
            if (lhs[0], lhs[1] if lhs[0] in ("fun", "op") else "") in present:
                term = _replace(term, lhs, rhs, frozenset())
                present = {(part[0], part[1] if part[0] in ("fun", "op") else "") for part in walk(term)}
        if term == before:
            return term
    raise Unsupported("the definitions go round in a circle: rewriting does not end")


def _runs(symbol: Term, value: Term) -> bool:
    """Whether a symbol of the fast time alone stands for what knows the slow time too; one at a level knows it by that."""
    return value[0] != "series" and not any(p[0] == "level" for p in walk(symbol)) and runs_along(("sum", symbol, value))


def _with_traces(term: Term) -> Term:
    """Sums over all levels of <n|X|n> written as traces, which know no level."""
    match term:
        case ("lsum", label, ("prod", ("bra", one), *inner, ("ket", other))) if one == other == label:
            if not any(part[0] in ("level", "bra", "ket") and part[1] == label for factor in inner for part in walk(factor)):
                return ("tr", ("prod", *inner))
    return rebuild(term, _with_traces)


def _replace(term: Term, lhs: Term, rhs: Term, bound: frozenset[str]) -> Term:
    if term[0] == "lsum":
        return ("lsum", term[1], _replace(term[2], lhs, rhs, bound | {term[1]}))
    found = _match(term, lhs, rhs, bound)
    if found is not None:
        return found
    return rebuild(term, lambda child: _replace(child, lhs, rhs, bound))


def _match(term: Term, lhs: Term, rhs: Term, bound: frozenset[str]) -> Term | None:
    """What the occurrence `term` of the pattern is equal to; None where it is no occurrence."""
    if lhs[0] in ("op", "d"):
        if term != lhs:
            return None
        _refuse_capture(rhs, set(), bound)
        return rhs
    if lhs[0] == "avg":
        if term[0] != "avg":
            return None
        _refuse_capture(rhs, set(), bound)
        body = _instance(rhs, {lhs[2]: term[2]})
        if touching(lhs[1], term[1], body):
            return None
        return replace_term(body, lhs[1], term[1])
    if term[0] != "fun" or term[1] != lhs[1] or len(term[3]) != len(lhs[3]):
        return None
    names: dict[str, str] = {}
    levels: dict[str, str] = {}
    at_levels: list[tuple[Term, Term]] = []
    for pattern, argument, order in zip(lhs[3], term[3], term[2], strict=True):
        if pattern[0] == "coord" and _kind(pattern) == "energy" and argument[0] in ("ham", "level"):
            if order:
                return None
            at_levels.append((pattern, argument))
            continue
        if pattern[0] != argument[0] or (pattern[0] == "coord" and _kind(pattern) != _kind(argument)):
            return None
        (names if pattern[0] == "coord" else levels)[pattern[1]] = argument[1]
    if len(set(names.values())) != len(names):
        return None
    if any(k and a[0] == "level" for k, a in zip(term[2], term[3], strict=True)):
        return None
    _refuse_capture(rhs, {pattern[1] for pattern in lhs[3] if pattern[0] == "level"}, bound)
    body = _instance(rhs, names)
    for pattern, argument in at_levels:
        body = ("onlevels", pattern[1], body)
        if argument[0] == "level":
            body = ("prod", ("bra", argument[1]), body, ("ket", argument[1]))
    for old, new in levels.items():
        if old != new and any(part[0] == "lsum" and part[1] == new for part in walk(body)):
            return None
    body = rename_levels(body, levels)
    for order, argument in zip(term[2], term[3], strict=True):
        if order and at_levels:
            return None
        for _ in range(order):
            body = ("d", argument[1], body)
    return body


def _kind(coordinate: Term) -> str:
    return str(coordinate[1]).split(":")[0]


def _instance(rhs: Term, names: dict[str, str]) -> Term:
    """The right side with the pattern's coordinates renamed; its own bound coordinates are kept apart from the new names.

    An equation holds at every value of the coordinates that stand free in it, so an instance may meet an integral over one."""
    held = {part[1] for part in walk(rhs) if part[0] in ("d", "onlevels")} | {p[2] for p in walk(rhs) if p[0] in ("avg", "at")}
    if held & {new for old, new in names.items() if new != old and new not in names}:
        raise Unsupported("a definition at the coordinate in which its right side differentiates, which it keeps apart")
    inner = {part[1] for part in walk(rhs) if part[0] == "int"}
    fresh = {}
    for name in sorted(inner & set(names.values())):
        if name not in names:
            fresh[name] = name + "'" * (1 + max((n.count("'") for n in coordinates_in(rhs) | set(names.values())), default=0))
    return rename_coordinates(rhs, {**fresh, **names})


def _refuse_capture(rhs: Term, own: set[str], bound: frozenset[str]) -> None:
    """A level that stands free in a definition is one level, not each of those that a sum runs over."""
    caught = (set(free_levels(rhs)) - own) & bound
    if caught:
        raise Unsupported(f"a definition would be captured by the sum over the level {', '.join(sorted(caught))}")


def free_levels(term: Term, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """The level labels that no sum in the term binds."""
    if term[0] == "lsum":
        bound = bound | {term[1]}
    elif term[0] in ("level", "bra", "ket") and term[1] not in bound:
        yield term[1]
    for child in children(term):
        yield from free_levels(child, bound)


# moves


def moved(residual: Term, moves: Any, premises: list[Equation]) -> Term:
    """The residual after several rules.  Coefficients of a parameter are compared only once a series in it has been put in."""
    parameters: set[str] = set()
    for step in moves:
        residual = move(residual, step, premises)
        if step[0] == "scales":
            parameters |= {part[4] for part in walk(premises[step[1]][1]) if part[0] == "series"}
        elif step[0] == "order" and step[1] not in parameters:
            raise Malformed(f"order: expected the parameter of a series put in before, came {step[1]}")
    return residual


def move(residual: Term, step: Any, premises: list[Equation]) -> Term:
    """The residual after one rule; Malformed for a rule that is not in the table."""
    match list(step):
        case ["left", factor]:
            return ("prod", factor, residual)
        case ["right", factor]:
            return ("prod", residual, factor)
        case ["trace"]:
            return ("tr", residual)
        case ["d", str(token)]:
            if token.startswith(("time:", "slow:")) and runs_along(residual):
                raise Unsupported("a derivative in one of two times of an equation for the exact state, along which both run")
            return ("d", token, residual)
        case ["integral", str(token)]:
            return ("int", token, ("prod", ("num", "-1"), ("oo",)), ("oo",), residual)
        case ["levels", str(name)]:
            if name not in free_levels(residual):
                raise Malformed(f"levels: expected a level at which the equation stands, came {name!r:.40}")
            return ("lsum", name, residual)
        case ["function", str(name), body]:
            require_function_of_h(body)
            _require_untouched(name, body, residual)
            return _with_function(residual, name, body)
        case ["operator", str(name), body]:
            _require_untouched(name, body, residual)
            return _with_operator(residual, name, body)
        case ["index", str(name), int(k)]:
            return _with_index(residual, name, k)
        case ["scales", int(place)]:
            if not 0 <= place < len(premises):
                raise Malformed(f"scales: expected the number of a premise, came {place}")
            return _two_times(residual, premises[place])
        case ["order", str(parameter), order]:
            return ("coef", parameter, order, up_to(residual, order))
        case ["at", str(token), value]:
            require_plain(value, "at")
            if not token.startswith(("time:", "slow:")) or token in coordinates_in(value):
                raise Malformed(f"at: expected a time and a value that does not hold it, came {token!r:.40}")
            if runs_along(residual):
                raise Unsupported("one of two times held in an equation for the exact state, along which both run")
            return ("at", residual, token, value)
        case ["commutes", body]:
            require_function_of_h(body)
            operator, hamiltonian = commuting(residual)
            return ("comm", operator, replace_term(body, HOLE, hamiltonian))
        case ["flow", time, str(hbar)]:
            require_plain(time, "flow")
            return ("flow", residual, time, ("par", hbar))
    raise Malformed(f"rule: expected one of the table in derive/kernel/rules.py, came {step!r:.80}")


def _with_function(term: Term, name: str, body: Term) -> Term:
    if term[0] == "fun" and term[1] == name:
        if not term[5]:
            raise Malformed(f"instance: the function {name} is not arbitrary")
        if any(term[2]) or len(term[3]) != 1:
            raise Unsupported(f"an instance of a derivative of {name}, or of {name} with several arguments")
        return replace_term(body, HOLE, term[3][0])
    return rebuild(term, lambda child: _with_function(child, name, body))


def _require_untouched(name: str, body: Term, term: Term) -> None:
    """What stands for something arbitrary may depend on coordinates and levels as on parameters, but not on those in which the
    equation differentiates, integrates or sums: of these, only on the ones that the symbol is declared to depend on."""
    caught = touching(("op", name), body, term)
    if caught:
        raise Malformed(f"instance: {name} stands for nothing that depends on {', '.join(sorted(caught))}")


def touching(symbol: Term, body: Term, term: Term) -> set[str]:
    """The coordinates and levels of the body, beyond those of the symbol it stands for, that the term does something in."""
    name = symbol[1]
    own = {t for part in walk(term) if part[0] == "op" and part[1] == name for t in part[3]}
    depends = {t for part in walk(body) if part[0] == "op" for t in dependence(part)}
    depends |= {part[1] for part in walk(body) if part[0] == "coord"} | set(free_levels(body))
    touched = {part[1] for part in walk(term) if part[0] in ("d", "int", "onlevels", "lsum")}
    touched |= {part[2] for part in walk(term) if part[0] in ("avg", "at")}
    return (depends - own) & touched


def _with_operator(term: Term, name: str, body: Term) -> Term:
    if term[0] == "op" and term[1] == name:
        if not term[4]:
            raise Malformed(f"instance: the operator {name} is not arbitrary")
        return body
    return rebuild(term, lambda child: _with_operator(child, name, body))


def _with_index(term: Term, name: str, k: int) -> Term:
    if term[0] == "op" and isinstance(term[2], tuple) and term[2][0] == name:
        order = k + term[2][1]
        if order < 0 or k < 1:
            raise Malformed(f"instance: expected an order {name} >= 1, came {k}")
        coords = tuple(c for c in term[3] if not c.startswith("time:")) if order in term[2][2:] else term[3]
        return ("op", term[1], order, coords, term[4])
    return rebuild(term, lambda child: _with_index(child, name, k))


def _two_times(residual: Term, ansatz: Equation) -> Term:
    """Multiple scales: the solution becomes its series in eps with coefficients of (t, tau), and d_t becomes d_t + eps d_tau."""
    symbol, series = ansatz
    dots = [part for part in walk(series) if part[0] == "series"]
    if symbol[0] != "op" or len(dots) != 1:
        raise Malformed("scales: expected a premise `operator = its series`")
    _, _, coords, _, parameter, _ = dots[0]
    fast = [c for c in coords if c.startswith("time:")]
    slow = [c for c in coords if c.startswith("slow:")]
    if len(fast) != 1 or len(slow) != 1:
        raise Malformed("scales: expected a series whose terms depend on one fast and one slow time")
    for part in walk(residual):
        if part[0] in ("op", "fun") and part != symbol and not part[-1] and times_of(part) == {"time"}:
            raise Unsupported(f"scales: {part[1]} knows the fast time alone, as the state does, and has a series of its own")

    def change(term: Term) -> Term:
        if term == symbol:
            return series
        if term[0] in ("d", "int") and term[1] == slow[0] and not _apart(term, symbol, ""):
            raise Unsupported("scales: a derivative or an integral in the slow time, of which the exact state knows nothing")
        if term[0] == "at" and term[2] in (fast[0], slow[0]) and not _apart(term, symbol, ""):
            raise Unsupported("scales: the exact state at one value of a time is its series at one value of both")
        if term[0] == "d" and term[1] == fast[0]:
            if _apart(term[2], symbol, slow[0]):
                return term
            if not _only_derived(term[2], symbol, fast[0]):
                raise Unsupported("scales: d_t of something other than the expanded symbol; write the derivative out first")
            inner = change(term[2])
            return ("sum", ("d", fast[0], inner), ("prod", ("par", parameter), ("d", slow[0], inner)))
        return rebuild(term, change)

    return change(residual)


def _apart(term: Term, symbol: Term, slow: str) -> bool:
    """Whether the term has to do neither with the symbol nor with the slow time: it keeps its derivative."""
    return not any(part == symbol or part == ("coord", slow) or slow in dependence(part) for part in walk(term))


def _only_derived(term: Term, symbol: Term, token: str) -> bool:
    """Whether the term is the symbol, or a derivative of it in the token."""
    return term == symbol or (term[0] == "d" and term[1] == token and _only_derived(term[2], symbol, token))


def up_to(term: Term, order: Any) -> Term:
    """The dots of a series written out up to a numbered order; left generic for a symbolic one."""
    if term[0] == "series" and isinstance(order, int):
        _, name, coords, slow_only, parameter, start = term
        members = []
        for k in range(start, order + 1):
            at = tuple(c for c in coords if not c.startswith("time:")) if k in slow_only else coords
            members.append(("prod", ("pow", ("par", parameter), k), ("op", name, k, at, 0)))
        return ("sum", *members)
    if term[0] == "series":
        return term
    return rebuild(term, lambda child: up_to(child, order))
