"""Which symbols of a derivation stand for what in the model, told by the shape of its equations alone.

    postulate     H = A + c(t) B                  A and B are the constant parts of the Hamiltonian
    postulate     ... D(X, t) ... [H, X] ...      X is the state that evolves
    ansatz        X = F_0 + ... + Continuation    F is the family of the expansion
    any role      F_k = ... f(H, tau) ...         the values of f at the levels are the diagonal of F_k
    definition    x = body                        x is denoted by its body

Names, labels and LaTeX are never looked at.  Symbols are numbered by first appearance, before any choice is
decided; the numbers name the random streams, so that a symbol means the same under every reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sympy import Rational

from derive.derivation import Derivation
from derive.language import (
    ACTION,
    SLOW,
    TIME,
    Apply,
    At,
    Choice,
    Commutator,
    Coordinate,
    D,
    Family,
    Function,
    Hamiltonian,
    Imaginary,
    Level,
    Member,
    Operator,
    Parameter,
    Power,
    Product,
    Sum,
    resolve,
    subexpressions,
)
from numeric.refusals import Undefined

Steps: TypeAlias = tuple[tuple[str, str, Any], ...]  # label, role, claim


@dataclass(frozen=True)
class Definition:
    """x(formals) := body, printed as link `link` of step `label`."""

    label: str
    link: int
    symbol: Any  # Function or Operator
    formals: tuple[Any, ...]
    body: Any


@dataclass(frozen=True)
class Roles:
    """What the symbols of a derivation stand for; see the module."""

    numbers: tuple[Any, ...]  # symbols in the order of their first appearance, in whatever reading
    start: Any = None  # A of H = A + c B
    slope: Any = None  # B
    state: Any = None
    family: Any = None
    levels_of: tuple[tuple[Any, int], ...] = ()  # Function -> order of the member whose diagonal it gives
    hbar: Any = None
    epsilon: Any = None

    def number(self, symbol: Any) -> int:
        """The name of a symbol's random streams: the same under every reading, whatever it is called."""
        if symbol not in self.numbers:
            raise Undefined(f"the symbol {symbol.name} stands nowhere in the derivation")
        return self.numbers.index(symbol)

    def member_of(self, function: Any) -> int | None:
        return dict(self.levels_of).get(function)


@dataclass(frozen=True)
class Read:
    """A derivation in one reading: the roles of its symbols, its definitions, its claims without choices."""

    roles: Roles
    definitions: tuple[Definition, ...]
    claims: Mapping[str, Any]


def read(derivation: Derivation, assignment: Mapping[str, str]) -> Read:
    """The derivation with its choices decided and its symbols recognised."""
    steps = tuple((step.label, step.role, step.claim) for step in derivation)
    others = (
        *(prose.claim for prose in derivation.prose if prose.claim is not None),
        *(assumption.statement for assumption in derivation.assumptions),
    )
    return _read(steps, others, tuple(sorted(assignment.items())))


@lru_cache(maxsize=256)  # every link of a derivation asks for it
def _read(steps: Steps, others: tuple[Any, ...], assignment: tuple[tuple[str, str], ...]) -> Read:
    choices = dict(assignment)
    known: dict[Any, Any] = {}
    resolved = tuple((label, role, _decided(claim, choices, known)) for label, role, claim in steps)
    numbers = _numbers((*(claim for _, _, claim in steps), *others))
    definitions = tuple(_definitions(resolved))
    defined = {d.symbol for d in definitions}
    found: dict[str, Any] = {}
    levels: dict[Any, int] = {}
    for _, role, claim in resolved:
        for link in claim.links:
            if (link.role or role) == "postulate":
                found = {**_linear(link), **_evolution(link), **found}
            if (link.role or role) == "ansatz":
                found = {**_expansion(link), **found}
        for function, order in _levels(claim):
            if function not in defined:
                levels.setdefault(function, order)
    parameters = [p for p in numbers if isinstance(p, Parameter)]
    roles = Roles(
        numbers,
        levels_of=tuple(levels.items()),
        hbar=next((p for p in parameters if p.dimension == ACTION), None),
        epsilon=next((p for p in parameters if p.dimension == SLOW / TIME), None),
        **found,
    )
    return Read(roles, definitions, {label: claim for label, _, claim in resolved})


def _decided(e: Any, choices: Mapping[str, str], known: dict[Any, Any]) -> Any:
    """derive.language.resolve with a memory: what is asked for each of many readings."""
    if not e.args:
        return e
    if e not in known:
        if isinstance(e, Choice):
            label = choices.get(e.name)
            known[e] = _decided(e.options[label], choices, known) if label in e.options else resolve(e, choices)
        else:
            inner = [_decided(part, choices, known) for part in e.args]
            same = all(new is old for new, old in zip(inner, e.args, strict=True))
            known[e] = e if same else e.func(*inner)
    return known[e]


@lru_cache(maxsize=16)
def _numbers(expressions: tuple[Any, ...]) -> tuple[Any, ...]:
    symbols = (Function, Operator, Family, Parameter, Coordinate)
    parts = (part for e in expressions for part in subexpressions(e) if isinstance(part, symbols))
    return tuple(dict.fromkeys(parts))


# Definitions ---------------------------------------------------------------------------------------


def _definitions(steps: Steps) -> Iterator[Definition]:
    known: set[Any] = set()
    for label, role, claim in steps:
        for number, link in enumerate(claim.links):
            if (link.role or role) != "definition":
                continue
            for left, right in ((link.lhs, link.rhs), (link.rhs, link.lhs)):
                made = _solved(left, right, known)
                if made is not None:
                    known.add(made[0])
                    yield Definition(label, number, *made)
                    break


def _solved(left: Any, right: Any, known: set[Any]) -> tuple[Any, tuple[Any, ...], Any] | None:
    """The one symbol that `left` = `right` defines, if left is that symbol, alone or times known numbers."""
    factors = flattened(left)
    candidates = [f for f in factors if _definable(f) and not _holds(right, _symbol(f))]
    if len(factors) > 1:
        candidates = [f for f in candidates if isinstance(f, Apply) and f.function not in known]
    if len(candidates) != 1:
        return None
    chosen = candidates[0]
    others = [f for f in factors if f is not chosen]
    body = Product(right, *(Power(other, -1) for other in others)) if others else right
    formals = chosen.arguments if isinstance(chosen, Apply) else chosen.coordinates
    return _symbol(chosen), tuple(formals), body


def _definable(x: Any) -> bool:
    if isinstance(x, Operator):
        return not x.arbitrary
    return (
        isinstance(x, Apply)
        and not x.function.arbitrary
        and not any(x.orders)
        and all(isinstance(a, Coordinate | Level | Hamiltonian) for a in x.arguments)
        and len(set(x.arguments)) == len(x.arguments)
    )


def _symbol(x: Any) -> Any:
    return x.function if isinstance(x, Apply) else x


def _holds(expression: Any, symbol: Any) -> bool:
    return any(part == symbol for part in subexpressions(expression))


def flattened(expression: Any) -> list[Any]:
    """The factors of a product, products within it opened."""
    if isinstance(expression, Product):
        return [factor for part in expression.args for factor in flattened(part)]
    return [expression]


def summands(expression: Any) -> list[Any]:
    """The terms of a sum, sums within it opened."""
    if isinstance(expression, Sum):
        return [term for part in expression.args for term in summands(part)]
    return [expression]


# The model -----------------------------------------------------------------------------------------


def _linear(link: Any) -> dict[str, Any]:
    """H = A + c B: A without a time, B with one."""
    for left, right in ((link.lhs, link.rhs), (link.rhs, link.lhs)):
        if not isinstance(left, Hamiltonian):
            continue
        found: dict[str, Any] = {}
        for term in summands(right):
            factors = flattened(term)
            constants = [f for f in factors if isinstance(f, Operator) and not f.coordinates]
            if len(constants) != 1 or any(isinstance(f, Operator) and f.coordinates for f in factors):
                return {}
            timed = any(isinstance(f, Coordinate) for f in factors)
            found.setdefault("slope" if timed else "start", constants[0])
        return found
    return {}


def _evolution(link: Any) -> dict[str, Any]:
    """X with both D(X, t) and [H, X]."""
    parts = [*subexpressions(link.lhs), *subexpressions(link.rhs)]
    driven = {frozenset(p.args) for p in parts if isinstance(p, Commutator) and any(isinstance(a, Hamiltonian) for a in p.args)}
    for part in parts:
        if (
            isinstance(part, D)
            and isinstance(part.args[0], Operator)
            and part.args[1].kind == "time"
            and any(part.args[0] in pair for pair in driven)
        ):
            return {"state": part.args[0]}
    return {}


def _expansion(link: Any) -> dict[str, Any]:
    for part in subexpressions(link):
        if isinstance(part, Member) and part.order == 0:
            return {"family": part.family}
    return {}


def _levels(claim: Any) -> Iterator[tuple[Any, int]]:
    """Functions of H that stand as terms in an equation for a member of a family."""
    sides = [_member(side) for link in claim.links for side in (link.lhs, link.rhs)]
    members = {side.order for side in sides if side is not None and isinstance(side.order, int)}
    for link in claim.links:
        own = _member(link.lhs)
        order = None if own is None else own.order
        if order is None and len(members) == 1:
            order = next(iter(members))
        if not isinstance(order, int):
            continue
        for term in summands(_without_at(link.rhs)):
            for factor in flattened(_without_at(term)):
                if isinstance(factor, Apply) and not factor.function.arbitrary and _of_hamiltonian(factor):
                    yield factor.function, order


def _member(side: Any) -> Any:
    """The member of a family that a side is, up to a number; else None."""
    factors = [f for f in flattened(_without_at(side)) if not isinstance(f, Rational | Parameter | Imaginary)]
    return factors[0] if len(factors) == 1 and isinstance(factors[0], Member) else None


def _of_hamiltonian(x: Apply) -> bool:
    kinds = [isinstance(a, Hamiltonian) for a in x.arguments]
    slow = [isinstance(a, Coordinate) and a.kind == "slow" for a in x.arguments]
    return sum(kinds) == 1 and sum(slow) == len(kinds) - 1 and not any(x.orders)


def _without_at(x: Any) -> Any:
    while isinstance(x, At):
        x = x.args[0]
    return x
