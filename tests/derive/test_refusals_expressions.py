"""One refused example for rejections of the kernel that lie deep: expressions, shapes, finite models, fields, stored evidence."""

import pytest

from derive.kernel.calculus import Frame
from derive.kernel.errors import IllPosed, KernelError, Malformed, Refused, TooLarge, Unsupported
from derive.kernel.fields import Fields
from derive.kernel.hermitian import is_hermitian
from derive.kernel.homogeneity import dimension
from derive.kernel.interpret import Interpreter
from derive.kernel.levels import from_levels
from derive.kernel.loop import Loop
from derive.kernel.normal import vanishes
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import rewritten
from derive.kernel.shapes import shape
from derive.kernel.stretch import weights
from derive.kernel.terms import from_json
from derive.kernel.two_times import clock_of, in_two_times
from derive.kernel.values import merge_basis
from forging import (
    E2,
    HBAR,
    LINE,
    ONE,
    TAU,
    ZERO,
    E,
    H,
    T,
    add,
    certificate,
    coord,
    delta,
    function,
    minus,
    mul,
    op,
    series,
    step,
)

FRAME = Frame("H", (TAU,))
S = "time:s"
A, B, X = op("A", ()), op("B", ()), op("X")
KET, BRA = ["ket", "n"], ["bra", "n"]
STEP = ["theta", minus(coord(E), H)]
TWICE = ["delta", 0, minus(coord(E), mul(["num", "2"], H))]
PHASE = ["flow", A, coord(S), HBAR]
RHO = op("rho", (T,))


def loops(factors):
    """A trace of many equal letters, in which nothing tells one place from another."""
    return mul(*[["tr", mul(A, H)]] * factors)


UNREAD = [
    (["tr", mul(KET, A)], Unsupported, "trace of a vector"),
    (["pow", ["lsum", "n", mul(BRA, A, KET, BRA, B, KET)], -1], Unsupported, "division by a sum over levels"),
    (["at", delta(), E, ZERO], Unsupported, "delta or step held at a value"),
    (function("f", H, ["level", "n"]), Unsupported, "of two levels"),
    (loops(9), TooLarge, "renamings"),
    (["coef", "eps", ["k", 0], mul(["tr", series(1)], series(1))], Unsupported, "not linear in the series"),
    (["int", T, ZERO, ONE, ["at", function("f", coord(T)), T, coord(T)]], Unsupported, "a time integral of something other"),
    (["int", E, *LINE, mul(function("f", coord(E)), TWICE)], Unsupported, "at a shifted level"),
    (
        ["int", S, ZERO, ["num", "1"], mul(PHASE, ["flow", B, mul(["num", "2"], coord(S)), HBAR])],
        Unsupported,
        "more than two levels",
    ),
    (["int", S, ZERO, ONE, ["flow", A, mul(coord(S), coord(S)), HBAR]], Unsupported, "not linear in the time"),
    (["int", S, ZERO, ONE, function("f", H, coord(S))], Unsupported, "a function of the time that is not given"),
]


@pytest.mark.parametrize(("term", "error", "complaint"), UNREAD)
def test_what_no_normal_form_reads(term, error, complaint):
    with pytest.raises(error, match=complaint):
        vanishes(Interpreter(FRAME)(from_json(term)))


SHAPES = [
    (["comm", KET, A], "product: expected factors that fit"),
    (["tr", KET], "tr: expected a number or an operator"),
    (add(KET, A), "sum: expected terms of one shape"),
    (mul(KET, KET), "expected factors that fit, came a ket before a ket"),
    (["flow", BRA, coord(T), HBAR], "flow: expected a number or an operator"),
]


@pytest.mark.parametrize(("term", "complaint"), SHAPES)
def test_shapes_that_do_not_fit(term, complaint):
    with pytest.raises(Malformed, match=complaint):
        shape(from_json(term))


UNFIT_FOR_FIELDS = [
    (["pow", add(coord(E), ONE), -1], "division by a sum"),
    (add(function("f", coord(E)), function("f", coord(E2))), "at more than one point"),
    (["int", S, ZERO, ONE, ["int", T, ZERO, ONE, mul(coord(S), function("f", coord(T)))]], "more than one time"),
    (["int", S, ZERO, coord(T), ["d", S, function("f", coord(S))]], "derivative in the time"),
    (["int", S, ZERO, ONE, mul(function("f", coord(S)), function("h", coord(S)))], "product of fields that depend on the time"),
    (["tr", mul(["theta", minus(coord(E), H)], A)], "no moment"),
    (["tr", mul(delta(), ["theta", minus(coord(E), H)])], "no moment"),
    (["tr", mul(TWICE, function("f", H))], "beside the delta of a moment at a multiple"),
    (["lsum", "n", mul(BRA, A, KET, BRA, B, KET)], "in an equation between smooth fields"),
]


@pytest.mark.parametrize(("term", "complaint"), UNFIT_FOR_FIELDS)
def test_what_is_no_field(term, complaint):
    with pytest.raises(Unsupported, match=complaint):
        Fields(FRAME, E).equation(from_json(term))


ANY_G = function("g", coord(E), arbitrary=1)
UNFIT_FOR_TESTING = [
    (["int", E, *LINE, mul(ANY_G, ANY_G)], "not linear in the arbitrary function"),
    (["int", E, *LINE, mul(function("f", coord(E)), ["d", E, ANY_G])], "nothing that vanishes at the ends"),
    (mul(coord(E), ["int", E, *LINE, mul(function("f", coord(E)), ANY_G)]), "a function of the energy before an integral"),
    (["int", E2, *LINE, mul(function("f", coord(E)), function("g", coord(E2), arbitrary=1))], "of what depends on another"),
    (["pow", ANY_G, 2], "no integral over the energy"),
]


@pytest.mark.parametrize(("term", "complaint"), UNFIT_FOR_TESTING)
def test_what_is_no_equation_for_every_test_function(term, complaint):
    with pytest.raises(Unsupported, match=complaint):
        Fields(FRAME, E).equation(from_json(term))


EQUATIONS_AT_LEVELS = [
    ([["level", "n"], ["level", "m"]], "an equation at one level"),
    ([mul(BRA, ["level", "n"], A, KET), ZERO], "a level inside a matrix element"),
    ([mul(A, ["level", "n"]), ZERO], "an operator outside a matrix element"),
]


@pytest.mark.parametrize(("equation", "complaint"), EQUATIONS_AT_LEVELS)
def test_equations_at_the_levels(equation, complaint):
    with pytest.raises(Unsupported, match=complaint):
        from_levels(tuple(map(from_json, equation)), E, FRAME)


def test_a_definition_is_not_caught_by_a_sum():
    with pytest.raises(Unsupported, match="captured by the sum over the level n"):
        rewritten(from_json(["lsum", "n", mul(BRA, A, KET)]), [(from_json(A), from_json(mul(["level", "n"], B)))])


def test_two_times_need_one_fast_and_one_slow():
    state = from_json(RHO)
    with pytest.raises(Malformed, match="one fast and one slow time"):
        clock_of((state, from_json(series(0, coordinates=(T,)))))
    both = mul(RHO, op("rho", index=1))
    with pytest.raises(Unsupported, match="together with a term of its series"):
        in_two_times(from_json(["d", T, both]), (state, from_json(series(0))))


def test_hermiticity_and_dimensions_of_what_has_none():
    with pytest.raises(Unsupported, match="the adjoint of 'tr'"):
        is_hermitian((from_json(["d", T, X]), from_json(mul(["tr", A], X))), T)
    with pytest.raises(Unsupported, match="the dimension of 'tr'"):
        dimension(from_json(["tr", A]), {})
    with pytest.raises(Malformed, match="expected an energy, a time or a slow time"):
        dimension(("coord", "place:x"), {})


def test_products_of_distributions_have_no_value():
    point, other, inverse = ("point", E, 0, 0, 1), ("point", E, 1, 0, 1), ("point", E, 1, 0, -1)
    slope, step_at = ("delta", 1, E, 0, 0), ("theta", E, 0, 0)
    assert merge_basis((point,), (other,)) is None
    for left, right, complaint in (
        ((slope,), (slope,), "a product of distributions at one level"),
        ((slope,), (step_at,), "a step times a delta"),
        ((slope,), (point,), "a field known at levels only"),
        ((step_at,), (point,), "a step times a delta"),
        ((("point", E, (0, 2), 0, 1),), (inverse,), "a quotient of distributions at different points"),
    ):
        with pytest.raises(IllPosed, match=complaint):
            merge_basis(left, right)


def test_a_delta_without_its_energy_is_ill_posed():
    with pytest.raises(IllPosed, match="holds no energy coordinate"):
        weights(from_json(H), E, FRAME)
    with pytest.raises(KernelError):
        Loop(FRAME, 1, {}, {}).integral(from_json(["tr", mul(["delta", 0, H], coord(E))]), [])


EVIDENCE = [
    ([], Malformed, "expected an object whose kind is one of"),
    ({"kind": "opinion"}, Malformed, "expected an object whose kind is one of"),
    ({**certificate([A, A]), "simple": "x"}, Refused, "changed after it was stored"),
    (sealed({"kind": "all", "parts": []}), Malformed, "a nonempty list of parts"),
    (sealed({"kind": "all", "parts": "none"}), Malformed, "a nonempty list of parts"),
    (sealed({"kind": "all"}), Malformed, "KeyError"),
    (certificate([A, ZERO], [[A, ZERO]], [step(premise=4)]), Malformed, "expected the number of a premise, came 4"),
    (certificate([H, H], hamiltonian=["K", [TAU]]), Refused, "names the Hamiltonian K, and its equations speak of H"),
    (
        certificate(
            [X, function("f", H, coord(TAU), coord(TAU))],
            [[["comm", X, H], ZERO]],
            closing=["commutant", 0, "f"],
            simple="simple",
        ),
        Refused,
        "at different coordinates",
    ),
]


@pytest.mark.parametrize(("evidence", "error", "complaint"), EVIDENCE)
def test_evidence_that_is_none(evidence, error, complaint):
    with pytest.raises(error, match=complaint):
        replay(evidence)


def test_parts_are_each_replayed():
    good, bad = certificate([A, A]), certificate([A, B])
    assert replay(sealed({"kind": "all", "parts": [good, good]})) is None
    with pytest.raises(Refused, match="does not vanish"):
        replay(sealed({"kind": "all", "parts": [good, bad]}))
