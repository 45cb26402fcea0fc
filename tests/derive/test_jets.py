"""Differential polynomials: Leibniz, rules and the clock, checked on polynomial fields; what they refuse."""

from fractions import Fraction
from math import comb

import pytest

from derive.kernel import bumps, jets
from derive.kernel.errors import IllPosed, KernelError, Malformed, Refused, TooLarge, Unsupported
from derive.kernel.gaussian import IMAGINARY
from derive.kernel.jets import Chart, Jets, jet, number, variable

E, T, TAU = "energy:E", "time:t", "slow:tau"
eps = ("par", "eps")


def fun(name, *tokens, orders=None):
    return ("fun", name, orders or (0,) * len(tokens), tuple(("coord", token) for token in tokens), 1, 0)


f, g, a = fun("f", E, TAU), fun("g", E), fun("a", TAU)
CHART = Chart(jets.fields_of(f, g, a))

# f and g as polynomials in E, f_tau as one of its own; a is a constant
FIELDS = {("f", ()): [1, 2, 0, 3], ("f", ((TAU, 1),)): [5, -1, 2], ("g", ()): [2, 1, 1], ("a", ()): [7], ("a", ((TAU, 1),)): [-3]}
FIELDS = {("jet", name, derivatives): [Fraction(x) for x in q] for (name, derivatives), q in FIELDS.items()}
CONSTANTS = {eps: Fraction(1, 3)}


def value(term, slow=0):
    """The polynomial that a term is on FIELDS, computed on the term tree; `slow` counts derivatives in tau to come."""
    match term:
        case ("num", x):
            return bumps.trimmed([Fraction(x)]) if not slow else []
        case ("par", _):
            return [CONSTANTS[term]] if not slow else []
        case ("coord", _):
            return [Fraction(0), Fraction(1)] if not slow else []
        case ("fun", name, orders, args, *_):
            tokens = [token for _, token in args]
            counts = dict(zip(tokens, orders, strict=True))
            order = counts.get(TAU, 0) + slow
            if order and TAU not in tokens:
                return []
            return bumps.slope(FIELDS["jet", name, ((TAU, order),) if order else ()], counts.get(E, 0))
        case ("sum", *parts):
            total = []
            for part in parts:
                total = bumps.plus(total, value(part, slow))
            return total
        case ("prod", first, *rest):
            if not rest:
                return value(first, slow)
            rest = ("prod", *rest)
            if not slow:
                return bumps.times(value(first), value(rest))
            return bumps.plus(bumps.times(value(first, 1), value(rest)), bumps.times(value(first), value(rest, 1)))
        case ("pow", base, k):
            return value(("prod", *[base] * k), slow)
        case ("d", token, operand):
            return value(operand, slow + 1) if token == TAU else bumps.slope(value(operand, slow))
    raise AssertionError(term)


def d(token, term):
    return ("d", token, term)


TERMS = [
    ("prod", f, g),
    d(E, ("prod", f, g)),
    d(E, d(E, ("prod", f, f, g))),
    d(TAU, ("prod", f, f, g)),
    d(E, d(TAU, ("prod", a, f, g))),
    d(TAU, ("prod", a, d(E, ("prod", f, g)))),
    d(E, ("prod", ("coord", E), ("pow", f, 3))),
    d(E, ("sum", ("num", "2/7"), ("prod", eps, f), ("prod", ("num", "-1"), a))),
    ("sum", d(E, ("prod", f, g)), ("prod", ("num", "-1"), f, fun("g", E, orders=(1,)))),
    d(E, fun("f", E, TAU, orders=(1, 1))),
]


@pytest.mark.parametrize("term", TERMS, ids=range(len(TERMS)))
def test_derivatives_are_those_of_polynomials(term):
    found = bumps.substituted(jets.read(term, CHART), E, FIELDS, CONSTANTS)
    assert found == value(term)
    assert found  # nothing here is zero


def test_terms_that_differ_have_different_polynomials():
    found = [jets.read(term, CHART) for term in TERMS]
    assert found[4] == found[5]  # derivatives commute
    assert len(set(found)) == len(TERMS) - 1


def test_leibniz_makes_equal_what_is_equal():
    product, by_hand = d(E, ("prod", f, g)), ("sum", ("prod", d(E, f), g), ("prod", f, d(E, g)))
    assert jets.read(product, CHART) == jets.read(by_hand, CHART)
    assert not jets.read(d(TAU, g), CHART)
    assert not jets.read(d(E, a), CHART)


def test_a_quotient_is_differentiated():
    quotient = jets.read(d(E, ("prod", f, ("pow", g, -1))), CHART)
    f0, g0, f1, g1 = variable(jet("f")), variable(jet("g")), variable(jet("f", E)), variable(jet("g", E))
    assert quotient == (f1 * g0 - f0 * g1) * g0**-2
    assert quotient.divisors == (jet("g"),)


def test_the_clock_makes_a_fast_derivative_slow():
    slow = Chart(jets.fields_of(f, g), clock=(T, TAU, "eps"))
    assert jets.read(d(T, f), slow) == variable(eps) * variable(jet("f", TAU))
    assert slow.used == {"clock"}
    assert not jets.read(d(T, g), slow)
    assert not jets.read(d(T, f), CHART)  # without the clock the two times are independent


def test_a_rule_is_used_in_every_higher_derivative():
    ruled = CHART.with_rules({("f", TAU): -variable(jet("g")) * variable(jet("f", E))})
    again = jets.read(d(TAU, d(E, f)), ruled)
    assert again == ruled.d(-variable(jet("g")) * variable(jet("f", E)), E)
    assert ruled.used == {("f", TAU)}
    twice = jets.read(d(TAU, d(TAU, f)), ruled)
    assert not any(v[1] == "f" and dict(v[2]).get(TAU) for v in twice.variables)


def test_the_text_reads_as_one_writes():
    p = variable(eps) ** 2 * variable(jet("g", E)) * number(Fraction(-1, 2)) * variable(jet("f")) ** -1
    assert jets.text(p) == "-1/2 eps^2 g_E/f"
    assert jets.text(Jets()) == "0"


def test_data_are_read_back():
    for term in TERMS:
        p = jets.read(term, CHART) * number(IMAGINARY)
        assert jets.from_data(jets.to_data(p)) == p


# Refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "error"),
    [
        (("pow", ("sum", f, g), -1), Unsupported),
        (("pow", ("sum", f, ("prod", ("num", "-1"), f)), -1), IllPosed),
        (("pow", f, 65), TooLarge),
        (("pow", f, -65), TooLarge),
        (("tr", f), Unsupported),
        (("ham", "H", (TAU,)), Unsupported),
        (("int", E, ("oo",), ("oo",), f), Unsupported),
        (("delta", 0, ("coord", E)), Unsupported),
        (d(E, ("tr", f)), Unsupported),
        (d(E, fun("stranger", E)), Malformed),
    ],
    ids=str,
)
def test_terms_that_are_no_polynomials_are_refused(term, error):
    with pytest.raises(error):
        jets.read(term, CHART)


@pytest.mark.parametrize(
    "terms",
    [
        [("fun", "f", (0,), (("ham", "H", ()),), 1, 0)],
        [("fun", "f", (0,), (("num", "0"),), 1, 0)],
        [fun("f", E), fun("f", "energy:E'")],
        [fun("f", E), fun("f", E, TAU)],
        [fun("f", E, E)],
    ],
    ids=["of H", "at a number", "at two points", "of two arities", "on the diagonal"],
)
def test_functions_that_are_no_fields_are_refused(terms):
    with pytest.raises(Unsupported):
        jets.fields_of(*terms)


def test_a_long_polynomial_is_refused():
    many = Jets({((("par", f"x{k}"), 1),): number(1).terms[()] for k in range(1500)})
    with pytest.raises(TooLarge):
        many * many


def test_a_rule_may_not_use_what_it_replaces():
    with pytest.raises(Unsupported):
        CHART.with_rules({("f", TAU): variable(jet("f", TAU, E))})
    with pytest.raises(Unsupported):
        CHART.with_field("f", [E])


@pytest.mark.parametrize(
    "data",
    [
        [[["1", "0"], [[["jet", "f", [["energy:E", 0]]], 1]]]],
        [[["1", "0"], [[["jet", "f", [["energy:E", True]]], 1]]]],
        [[["1", "0"], [[["jet", "f", [["slow:tau", 1], ["energy:E", 1]]], 1]]]],
        [[["1", "0"], [[["jet", "f", [["energy:E", 1], ["energy:E", 1]]], 1]]]],
        [[["1", "0"], [[["arb", "f", -1], 1]]]],
        [[["1", "0"], [[["arb", "f", True], 1]]]],
        [[["1", "0"], [[["other", "f"], 1]]]],
        [[["1", "0"], [[["par", 3], 1]]]],
        [[["1", "0"], [[["par", "eps"], 1.0]]]],
        [[["1", "0"], [[["par", "eps"], True]]]],
        [[["1e3", "0"], []]],
        [[["0.5", "0"], []]],
        [[[1, "0"], []]],
        [[["1 ", "0"], []]],
        [[["٣", "0"], []]],  # a digit, but not one of ours
    ],
    ids=range(15),
)
def test_data_that_are_no_polynomials_are_refused(data):
    with pytest.raises(Malformed):
        jets.from_data(data)


@pytest.mark.parametrize(
    ("p", "fields"),
    [
        (variable(jet("f")) ** -1, {jet("f"): [Fraction(0), Fraction(1)]}),  # 1/E is no polynomial
        (variable(jet("f")) ** -1, {jet("f"): []}),
        (variable(jet("f")), {}),
        (variable(("par", "stranger")), {}),
        (number(IMAGINARY) * variable(jet("f")), {jet("f"): [Fraction(1)]}),
    ],
    ids=["no polynomial", "division by zero", "no field", "no constant", "imaginary"],
)
def test_what_cannot_be_integrated_is_refused(p, fields):
    with pytest.raises(Refused):
        bumps.substituted(p, E, fields, CONSTANTS)


def test_exact_division_and_integrals():
    p, q = [Fraction(x) for x in (2, 3, 1)], [Fraction(x) for x in (1, 1)]
    assert bumps.divided(p, q) == [2, 1]
    assert bumps.integral(p) == Fraction(2) + Fraction(3, 2) + Fraction(1, 3)
    with pytest.raises(KernelError):
        bumps.divided([*p, Fraction(1)], [*q[:1], Fraction(2)])


@pytest.mark.parametrize(("order", "is_one"), [(0, True), (1, True), (2, False)])
def test_bumps_vanish_at_both_ends(order, is_one):
    bump = bumps.power([Fraction(0), Fraction(1), Fraction(-1)], 2)
    assert bumps.is_bump(bump, order) is is_one
    assert not bumps.is_bump(bumps.times(bump, [Fraction(1)])[1:], 1)


def test_signs_are_read_off_and_not_guessed():
    for positive in ([1], [1, 0, 2], [1, Fraction(-1, 4)], [1, -1, 1], [Fraction(1, 9), 0, 1, -1]):
        assert bumps.is_positive(list(map(Fraction, positive)))
    for touching in ([], [0, 1], [1, -1], [0, 1, -1]):
        assert not bumps.is_positive(list(map(Fraction, touching)))
        assert bumps.is_nonnegative(list(map(Fraction, touching)))
    for negative in ([-1], [1, -2], [1, -5, 5], [0, -1, 1], [Fraction(1, 5), -1, 1]):
        assert not bumps.is_nonnegative(list(map(Fraction, negative)))
        assert not bumps.is_positive(list(map(Fraction, negative)))


def test_bernsteins_basis_gives_the_polynomial_back():
    p = [Fraction(x) for x in (3, -1, 4, 1, -5)]
    total = []
    for i, b in enumerate(bumps.bernstein(p)):
        left, right = bumps.power([Fraction(0), Fraction(1)], i), bumps.power([Fraction(1), Fraction(-1)], 4 - i)
        total = bumps.plus(total, bumps.times([b * comb(4, i)], bumps.times(left, right)))
    assert total == p
