"""Calculus on the written expression: derivatives and integrals over a fast time brought to the leaves.

    d_E, d_tau     sums, products (Leibniz, order kept), integer powers of numbers, derivatives; a function of E
                   has its own derivative
    int ds         sums; what does not depend on s goes out of a product; traces and averages; definitions are
                   opened; what remains is the integral of one operator that the flow carries

Every line is an identity of the language, so the result denotes what the expression denotes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, Final

from sympy import Integer, Rational, Tuple

from derive.language import (
    Apply,
    Average,
    Bra,
    Coordinate,
    D,
    Heisenberg,
    Imaginary,
    Integral,
    Ket,
    LevelSum,
    Member,
    Node,
    Operator,
    Parameter,
    Power,
    Product,
    Sum,
    Trace,
    subexpressions,
)
from numeric.recognise import Definition, flattened, summands
from numeric.refusals import Unsupported

Definitions = Mapping[Any, Definition]

MOST: Final = 48  # terms


@lru_cache(maxsize=4096)
def derivative(e: Any, x: Any) -> Any:
    """d_x of an expression by sums, products and powers; D(leaf, x) where none of these applies."""
    match e:
        case Coordinate():
            return Integer(e == x)
        case Rational() | Parameter() | Imaginary():
            return Integer(0)
        case Sum():
            return Sum(*(derivative(part, x) for part in e.args))
        case Product() if x.kind == "energy" and quotient(e):
            return D(e, x)
        case Product():
            factors = flattened(e)
            return Sum(*(Product(*factors[:i], derivative(f, x), *factors[i + 1 :]) for i, f in enumerate(factors)))
        case Power() if e.exponent > 0:
            return derivative(Product(*[e.base] * e.exponent), x)
        case Power():
            return Product(e.exponent, Power(e.base, e.exponent - 1), derivative(e.base, x))
        case D() if e.args[1] != x and "time" not in (e.args[1].kind, x.kind):
            return _of_derivative(e, x)
        case D() if e.args[1] == x:
            inner = derivative(e.args[0], x)
            return D(inner, x) if inner == D(e.args[0], x) else derivative(inner, x)
        case Apply():
            return _of_function(e, x)
        case Integral() if e.args[1].kind == "energy" and x.kind == "slow":
            return Integral(derivative(e.args[0], x), *e.args[1:])
    return D(e, x)


def quotient(e: Any) -> bool:
    """Whether a product holds a division: its derivative in E is one thing, not many large ones that cancel."""
    return any(isinstance(f, Power) and f.exponent < 0 for f in flattened(e))


def _of_derivative(e: Any, x: Any) -> Any:
    """d_tau d_E = d_E d_tau: the energy outside, unless a function takes both."""
    if x.kind == "energy":
        return D(e, x)
    inner = derivative(e.args[0], x)
    return derivative(inner, e.args[1]) if inner != D(e.args[0], x) else D(inner, e.args[1])


def _of_function(e: Any, x: Any) -> Any:
    """The partial derivative of a function that takes x once, by itself; smooth functions only."""
    if not e.function.smooth:
        return D(e, x)
    places = [i for i, a in enumerate(e.arguments) if a == x]
    elsewhere = [a for a in e.arguments if a != x and any(part == x for part in subexpressions(a))]
    if len(places) != 1 or elsewhere:
        return D(e, x)
    orders = [k + (i == places[0]) for i, k in enumerate(e.orders)]
    return Apply(e.function, Tuple(*map(Integer, orders)), Tuple(*e.arguments))


def spelled(e: Any) -> Any:
    """The expression with the derivatives of sums and products in E written out, so that each term has its size."""
    if not isinstance(e, Node) or not e.args or isinstance(e, Apply | Member | Operator | Coordinate):
        return e
    if isinstance(e, D) and e.args[1].kind == "energy":
        return derivative(spelled(e.args[0]), e.args[1])
    if isinstance(e, D | Integral):
        return e.func(spelled(e.args[0]), *e.args[1:])
    if isinstance(e, Sum | Product | Trace):
        return e.func(*map(spelled, e.args))
    return e


@lru_cache(maxsize=1024)
def sized(lhs: Any, rhs: Any) -> tuple[Any, ...]:
    """The terms of lhs - rhs, derivatives of products written out; what stands under a trace or an average is one term."""
    return (*_terms(spelled(lhs)), *(Product(-1, term) for term in _terms(spelled(rhs)) if term != 0))


def _terms(e: Any) -> list[Any]:
    match e:
        case Sum():
            return [term for part in e.args for term in _terms(part)]
        case Product():
            parts = [_terms(part) for part in e.args]
            return [Product(*chosen) for chosen in product(*parts)] if prod(map(len, parts)) <= MOST else [e]
        case Integral() if e.args[1].kind == "energy":
            return [Integral(term, *e.args[1:]) for term in _terms(e.args[0])]
        case D():
            return [D(term, e.args[1]) for term in _terms(e.args[0])]
    return [e]


# Integrals over a fast time ----------------------------------------------------------------------------


def integral(e: Any, x: Any, low: Any, high: Any, definitions: Definitions) -> Any:
    """int_low^high dx of an expression; `Integral` is left about a carried operator alone."""
    if not depends(e, x):
        return Product(Sum(high, Product(-1, low)), e)

    def inside(part: Any) -> Any:
        return integral(part, x, low, high, definitions)

    match e:
        case Sum():
            return Sum(*map(inside, e.args))
        case Product():
            factors = flattened(e)
            touched = [i for i, f in enumerate(factors) if depends(f, x)]
            if len(touched) > 1:
                sums = [i for i in touched if isinstance(factors[i], Sum)]
                if not sums:
                    raise Unsupported("an integral over a time of a product in which two factors depend on it")
                i = sums[0]
                return inside(Sum(*(Product(*factors[:i], part, *factors[i + 1 :]) for part in factors[i].args)))
            i = touched[0]
            return Product(*factors[:i], inside(factors[i]), *factors[i + 1 :])
        case Trace() | Average():
            return e.func(inside(e.args[0]), *e.args[1:])
        case LevelSum():
            return LevelSum(e.args[0], inside(e.args[1]))
        case D() if e.args[1].kind == "energy":
            return D(inside(e.args[0]), e.args[1])
        case Integral() if e.args[1].kind == "energy":
            return Integral(inside(e.args[0]), *e.args[1:])
        case Apply() if e.function in definitions and not any(e.orders):
            return _of_definition(e, x, low, high, definitions)
        case Heisenberg() if not depends(e.args[0], x):
            return _carried(e, x, low, high)
        case Coordinate() if e == x:
            half = Rational(1, 2)
            return Sum(Product(half, Power(high, 2)), Product(-half, Power(low, 2)))
    raise Unsupported(f"an integral over a time of {type(e).__name__}")


def _carried(e: Any, x: Any, low: Any, high: Any) -> Any:
    """The flow is linear: sums and numbers come out, and the product of the parts is carried as one."""
    if isinstance(e.args[0], Sum):
        return Sum(*(Integral(Heisenberg(part, *e.args[1:]), x, low, high) for part in summands(e.args[0])))
    return Integral(e, x, low, high)


def _of_definition(e: Any, x: Any, low: Any, high: Any, definitions: Definitions) -> Any:
    definition = definitions[e.function]
    body, place = definition.body, None
    for formal, argument in zip(definition.formals, e.arguments, strict=True):
        if argument == x:
            place = formal
        elif formal != argument:
            raise Unsupported("an integral over a time of a defined function at other arguments than its own")
    if place is None:
        raise Unsupported("an integral over a time of a defined function that depends on it in its body alone")
    return integral(body, place, low, high, definitions)


@lru_cache(maxsize=4096)
def depends(e: Any, x: Any) -> bool:
    """Whether x stands in an expression, or in what a member of an expansion or an operator depends on."""
    for part in subexpressions(e):
        if part == x or (isinstance(part, Operator) and x in part.coordinates):
            return True
        if isinstance(part, Member):
            order = part.order
            if x in (part.family.coordinates_of(order) if isinstance(order, int) else part.family.coordinates):
                return True
    return False


def bracketed(e: Any) -> tuple[list[Any], Any, Any] | None:
    """The numbers, the operator and the label of a product ... <n| X |n>, or None."""
    factors = flattened(e)
    bras = [i for i, f in enumerate(factors) if isinstance(f, Bra)]
    kets = [i for i, f in enumerate(factors) if isinstance(f, Ket)]
    if len(bras) != 1 or len(kets) != 1 or bras[0] > kets[0] or factors[bras[0]].args != factors[kets[0]].args:
        return None
    outside = [*factors[: bras[0]], *factors[kets[0] + 1 :]]
    return outside, Product(*factors[bras[0] + 1 : kets[0]]), factors[bras[0]].args[0]
