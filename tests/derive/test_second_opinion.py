"""A second opinion on the kernel's normal form: exact random matrices over the field of 2^61 - 1 elements.

Nothing here comes from the kernel.  A term is evaluated along H(tau), A(tau), ..: matrices of truncated Taylor series in tau; f
and g are random polynomials.  The matrices are larger than the degree of every statement, so by Schwartz and Zippel a statement
that vanishes on them and is no identity has a chance below 1e-15.
"""

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings

from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.kernel.terms import sub
from strategies import HAM, LETTERS, TAU, function, operators, statements

P = 2**61 - 1
SIZE = 6  # above the degree, 5 for mixed words and traces
DEGREE = 14  # of f and g: more coefficients than there are values and slopes at the levels
ORDER = 4  # of the Taylor series

A, B, C = LETTERS
F, G, DF = function(), function("g"), function("f", 1)


def number(text):
    numerator, _, denominator = text.partition("/")
    return int(numerator) * pow(int(denominator or 1), -1, P) % P


def unit(c=1):
    return [[c * (a == b) for b in range(SIZE)] for a in range(SIZE)]


def plus(x, y):
    return [[(a + b) % P for a, b in zip(r, s, strict=True)] for r, s in zip(x, y, strict=True)]


def times(x, y):
    columns = list(zip(*y, strict=True))
    return [[sum(map(int.__mul__, row, column)) % P for column in columns] for row in x]


def scaled(x, c):
    return [[a * c % P for a in row] for row in x]


# A value is the list of its Taylor coefficients, each a matrix; a scalar is a multiple of the unit.


def series(x):
    return [x] + [unit(0)] * (ORDER - 1)


def add(x, y):
    return [plus(a, b) for a, b in zip(x, y, strict=True)]


def multiply(x, y):
    total = [unit(0) for _ in range(ORDER)]
    for i, a in enumerate(x):
        for j, b in enumerate(y[: ORDER - i]):
            if any(map(any, a)) and any(map(any, b)):
                total[i + j] = plus(total[i + j], times(a, b))
    return total


@cache
def path(name, seed):
    rng = random.Random(f"{name}{seed}")
    return [[[rng.randrange(P) for _ in range(SIZE)] for _ in range(SIZE)] for _ in range(ORDER)]


@cache
def applied(name, order, seed):
    """f^(order)(H) by Horner's rule."""
    rng = random.Random(f"{name}{seed}")
    coefficients = [rng.randrange(P) for _ in range(DEGREE + 1)]
    for _ in range(order):
        coefficients = [k * c % P for k, c in enumerate(coefficients)][1:]
    total = series(unit(0))
    for c in reversed(coefficients):
        total = add(multiply(total, path("H", seed)), series(unit(c)))
    return total


def value(term, seed):
    match term:
        case ("num", text):
            return series(unit(number(text)))
        case ("op", name, *_) | ("ham", name, _):
            return path(name, seed)
        case ("fun", name, (order,), _, _, _):
            return applied(name, order, seed)
        case ("sum", *parts):
            total = series(unit(0))
            for part in parts:
                total = add(total, value(part, seed))
            return total
        case ("prod", *parts):
            total = series(unit())
            for part in parts:
                total = multiply(total, value(part, seed))
            return total
        case ("pow", body, 2):
            inner = value(body, seed)
            return multiply(inner, inner)
        case ("comm", a, b):
            x, y = value(a, seed), value(b, seed)
            return add(multiply(x, y), [scaled(m, P - 1) for m in multiply(y, x)])
        case ("tr", body):
            return [unit(sum(m[n][n] for n in range(SIZE)) % P) for m in value(body, seed)]
        case ("d", token, body) if token == TAU:
            inner = value(body, seed)
            return [*[scaled(m, k) for k, m in enumerate(inner)][1:], unit(0)]
    raise NotImplementedError(term)


def on_matrices(term, seed=0):
    return not any(map(any, value(term, seed)[0]))


def in_the_kernel(term):
    return vanishes(Interpreter(frame_of(("prod", HAM, term)))(term))


def agree(term):
    found = in_the_kernel(term)
    assert found == on_matrices(term), f"the kernel says {found}, the matrices say {not found}: {term}"
    return found


def depth(term):
    inner = max((depth(part) for part in term[1:] if isinstance(part, tuple)), default=0)
    return inner + (term[0] == "d")


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(statements())
def test_kernel_and_matrices_agree(statement):
    left, right, made_equal = statement
    found = agree(sub(left, right))
    assert found or not made_equal, "a rewording that changes nothing was refused"


@settings(max_examples=60)
@given(operators(3))
def test_a_random_operator_is_zero_for_both_or_for_neither(term):
    assert depth(term) < ORDER
    assert agree(("comm", term, HAM)) == agree(("comm", HAM, term))
    assert agree(term) <= agree(("tr", term))


TRACES = {
    "three letters turned": (("tr", ("prod", A, B, C)), ("tr", ("prod", B, C, A)), True),
    "three letters reversed": (("tr", ("prod", A, B, C)), ("tr", ("prod", A, C, B)), False),
    "trace of a product": (("tr", ("prod", A, B)), ("prod", ("tr", A), ("tr", B)), False),
    "trace of the slope of f": (("tr", ("d", TAU, F)), ("tr", ("prod", DF, ("d", TAU, HAM))), True),
    "slope of f as an operator": (("d", TAU, F), ("prod", DF, ("d", TAU, HAM)), False),
    "slope of f beside g": (("tr", ("prod", G, ("d", TAU, F))), ("tr", ("prod", G, DF, ("d", TAU, HAM))), True),
    "slope of f beside A": (("tr", ("prod", A, ("d", TAU, F))), ("tr", ("prod", A, DF, ("d", TAU, HAM))), False),
    "slope of f passes H": (
        ("comm", ("d", TAU, F), HAM),
        ("comm", ("d", TAU, HAM), F),
        True,
    ),
    "slope of f passes H, wrong sign": (("comm", ("d", TAU, F), HAM), ("comm", F, ("d", TAU, HAM)), False),
    "symmetry of the divided difference": (
        ("tr", ("prod", ("d", TAU, F), ("d", TAU, G))),
        ("tr", ("prod", ("d", TAU, G), ("d", TAU, F))),
        True,
    ),
    "which function is derived matters": (
        ("tr", ("prod", ("d", TAU, F), DF, ("d", TAU, G))),
        ("tr", ("prod", ("d", TAU, G), DF, ("d", TAU, F))),
        True,
    ),
    "the place of a function between two slopes": (
        ("tr", ("prod", ("d", TAU, F), DF, ("d", TAU, G), A)),
        ("tr", ("prod", ("d", TAU, G), DF, ("d", TAU, F), A)),
        False,
    ),
    "second slope under the trace": (
        ("tr", ("d", TAU, ("d", TAU, F))),
        ("tr", ("d", TAU, ("prod", DF, ("d", TAU, HAM)))),
        True,
    ),
    "second slope without the turning basis": (
        ("tr", ("d", TAU, ("d", TAU, F))),
        (
            "tr",
            ("sum", ("prod", function("f", 2), ("pow", ("d", TAU, HAM), 2)), ("prod", DF, ("d", TAU, ("d", TAU, HAM)))),
        ),
        False,
    ),
}


@pytest.mark.parametrize("name", TRACES)
def test_known_statements(name):
    left, right, expected = TRACES[name]
    assert agree(sub(left, right)) is expected


def test_the_evaluator_is_no_rubber_stamp():
    """Its own checks: a polynomial of H commutes with H, other matrices do not, and the slope of H^2 is V H + H V."""
    assert on_matrices(("comm", F, HAM))
    assert not on_matrices(("comm", A, HAM))
    slope = ("d", TAU, HAM)
    assert on_matrices(sub(("d", TAU, ("pow", HAM, 2)), ("sum", ("prod", slope, HAM), ("prod", HAM, slope))))
    assert not on_matrices(sub(("d", TAU, ("pow", HAM, 2)), ("prod", ("num", "2"), HAM, slope)))
