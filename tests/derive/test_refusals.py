"""One refused example for the rejections of the kernel: malformed terms, heads no normal form reads, models, loops, rules.

A rejection path without a test may be a rejection that does not work.  What no test reaches is listed by `tests/raises.py`.
"""

import pytest

from derive.kernel.calculus import Frame
from derive.kernel.certificate import read_frame
from derive.kernel.countermodel import value_of
from derive.kernel.errors import IllPosed, KernelError, Malformed, Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.jets import MOST_TERMS, Jets
from derive.kernel.normal import vanishes
from derive.kernel.rules import move, moved, rewritten
from derive.kernel.terms import from_json

TAU, T, E, E2 = "slow:tau", "time:t", "energy:E", "energy:E'"
FRAME = Frame("H", (TAU,))
HAM = ("ham", "H", (TAU,))
X, Y = (("op", name, "", (TAU, T), 0) for name in "XY")
KET, BRA = ("ket", "n"), ("bra", "n")
EN = ("coord", E)
MINUS = ("num", "-1")
DELTA = ("delta", 0, ("sum", EN, ("prod", MINUS, HAM)))
STEP = ("theta", ("sum", EN, ("prod", MINUS, HAM)))
OO, BELOW = ("oo",), ("prod", MINUS, ("oo",))
HBAR = ("par", "hbar")


def f(argument, name="f", order=0, smooth=1, arbitrary=0):
    return ("fun", name, (order,), (argument,), smooth, arbitrary)


# terms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (["num", 1.5], "lists of strings and integers"),
        (["num", True], "lists of strings and integers"),
        ([], "expected one of"),
        (["sin", ["num", "1"]], "expected one of"),
        (["tr"], "expected 1 fields"),
        (["num", "1/0"], "expected p/q"),
        (["num", "one"], "expected p/q"),
        (["pow", ["num", "1"], "2"], "expected an integer order"),
        (["delta", "0", ["num", "1"]], "expected an integer order"),
        (["fun", "f", [0, 0], [["num", "1"]], 1, 0], "as many orders as arguments"),
        (["sum", ["tr", ["nothing"]]], "expected one of"),
    ],
)
def test_malformed_terms(data, complaint):
    with pytest.raises(Malformed, match=complaint):
        from_json(data)


# what no normal form reads -----------------------------------------------------------------------------------

UNREAD = [
    (("tr", KET), "trace of a vector"),
    (("tr", ("prod", KET, BRA, KET)), "trace of a vector"),
    (("adj", ("lsum", "n", KET)), "."),
    (("undefined", "n(E)"), "n\\(E\\)"),
    (f(("sum", HAM, X)), "not a coordinate, the Hamiltonian, a level or a number"),
    (("delta", 0, ("prod", ("i",), EN)), "complex"),
    (("int", E, ("num", "0"), ("num", "1"), DELTA), "limits other than"),
    (("flow", X, HAM, "hbar"), "."),
    (("flow", X, HAM, HBAR), "a time that is an operator"),
    (("onlevels", E, ("prod", EN, X)), "an operator where a field"),
    (("onlevels", E, ("tr", ("prod", DELTA, X))), "a density"),
    (
        ("onlevels", E, ("prod", ("tr", ("prod", DELTA, X)), ("pow", ("tr", ("prod", DELTA, Y)), -1))),
        "another|other than the density",
    ),
    (
        ("onlevels", E, ("prod", ("tr", ("prod", ("delta", 1, DELTA[2]), X)), ("pow", ("tr", DELTA), -1))),
        "the derivative of a delta",
    ),
    (OO, "outside a limit"),
    (("unprinted",), "outside a limit"),
    (("int", T, ("num", "0"), HAM, ("num", "1")), "up to an operator"),
    (("int", T, ("num", "0"), ("unprinted",), ("coord", T)), "not printed"),
    (("int", T, BELOW, OO, ("num", "1")), "infinite integral"),
    (("at", HAM, TAU, ("num", "0")), "the Hamiltonian held"),
    (("at", ("d", TAU, HAM), TAU, ("num", "0")), "the Hamiltonian held"),
    (("at", f(HAM), TAU, ("num", "0")), "function of the Hamiltonian held"),
    (("at", ("d", TAU, f(HAM)), TAU, ("num", "0")), "held"),
    (("at", KET, TAU, ("num", "0")), "a frozen vector held"),
    (("at", ("level", "n"), TAU, ("num", "0")), "a level held"),
    (("at", ("avg", X, E), T, ("num", "0")), "held at a value"),
    (("int", E, BELOW, ("coord", E2), ("prod", EN, EN)), "without exactly one delta|exactly one"),
]


@pytest.mark.parametrize(("term", "complaint"), UNREAD)
def test_what_no_normal_form_reads(term, complaint):
    with pytest.raises((KernelError, TypeError), match=complaint):
        vanishes(Interpreter(FRAME)(term))


# what has no value on a model --------------------------------------------------------------------------------


def number(key):
    kind, *rest = key.split("|")
    if kind == "level":
        return Gaussian(3 * int(rest[0]) + 1)
    return Gaussian(0) if kind == "coord" else Gaussian(2)


NO_VALUE = [
    (f(HAM, smooth=1), None),
    (f(("sum", HAM, X)), "an operator where a scalar"),
    (("pow", X, -1), "division by an operator"),
    (("tr", KET), "trace of a vector"),
    (("fun", "k", (0, 0), (EN, ("coord", E2)), 1, 0), "a function of two energies"),
    (("fun", "k", (0, 0), (EN, HAM), 1, 0), "energy and the Hamiltonian"),
    (f(("prod", EN, EN)), "not a plain number"),
    (("delta", 0, ("num", "0")), "a number that vanishes"),
    (("int", E, ("num", "0"), ("num", "1"), DELTA), "other than over an energy from minus infinity"),
    (("int", E, BELOW, ("num", "1"), DELTA), "up to something other than an energy or infinity"),
    (("int", E, BELOW, ("coord", E2), STEP), "of something other than one delta"),
    (("int", E, BELOW, OO, ("prod", STEP, ("num", "1"))), "diverges"),
    (("int", E, BELOW, OO, ("prod", EN, EN)), "without exactly one delta"),
    (("int", T, ("num", "0"), ("coord", T), ("int", T, ("num", "0"), f(("num", "1")), ("num", "1"))), "neither a number nor"),
    (("int", T, ("num", "0"), f(("num", "1")), ("num", "1")), "neither a number nor one time"),
    (("coef", "eps", ("j", 0), ("par", "eps")), "a symbolic order"),
    (("onlevels", E, DELTA[2]), "."),
    (("onlevels", E, ("tr", DELTA)), "no values at the levels"),
    (("prod", KET, KET), "do not fit"),
    (("sum", KET, BRA), "do not fit"),
    (("prod", STEP, DELTA), "a step times a delta"),
    (("prod", DELTA, DELTA), "distribution"),
    (("adj", X), "adj"),
]


@pytest.mark.parametrize(("term", "complaint"), NO_VALUE)
def test_what_has_no_value_on_a_model(term, complaint):
    def value():
        return value_of(term, 2, number, {"n": 0}, FRAME)

    if complaint is None:
        assert value()
        return
    with pytest.raises((KernelError, KeyError), match=complaint):
        value()


def test_a_frame_of_two_coordinates_and_a_bad_name():
    with pytest.raises(Unsupported, match="more than one coordinate"):
        value_of(HAM, 2, number, {}, Frame("H", (TAU, T)))
    with pytest.raises(Malformed, match="a name and coordinates"):
        read_frame([1, [TAU]])
    with pytest.raises(ZeroDivisionError):
        Gaussian(0).inverse()


# rules -------------------------------------------------------------------------------------------------------

SERIES = ("series", "rho_", (TAU, T), (0,), "eps", 1)
RHO = ("op", "rho", "", (T,), 0)


@pytest.mark.parametrize(
    ("residual", "step", "premises", "complaint"),
    [
        (X, ["scales", 3], [], "the number of a premise"),
        (X, ["scales", 0], [(X, Y)], "operator = its series"),
        (X, ["scales", 0], [(RHO, ("series", "rho_", (T,), (), "eps", 1))], "one fast and one slow time"),
        (("d", T, ("prod", RHO, RHO)), ["scales", 0], [(RHO, SERIES)], "write the derivative out"),
        (f(HAM, "g", 1, arbitrary=1), ["function", "g", ("hole",)], [], "a derivative of g"),
        (f(HAM, "g"), ["function", "g", ("hole",)], [], "is not arbitrary"),
        (f(HAM, "g", arbitrary=1), ["function", "g", ("tr", X)], [], "a function of the Hamiltonian"),
        (X, ["operator", "X", HAM], [], "is not arbitrary"),
        (("op", "r", ("j", -1, 0), (TAU, T), 0), ["index", "j", 0], [], "an order j >= 1"),
        (X, ["turn", 1], [], "one of the table"),
    ],
)
def test_rules_that_are_refused(residual, step, premises, complaint):
    with pytest.raises((Malformed, Unsupported), match=complaint):
        move(residual, step, premises)


def test_orders_want_a_series_and_definitions_an_end():
    with pytest.raises(Malformed, match="the parameter of a series"):
        moved(X, [["order", "eps", 1]], [])
    circle = [(f(EN, "a"), ("sum", f(EN, "b"), ("num", "1"))), (f(EN, "b"), f(EN, "a"))]
    with pytest.raises(Unsupported, match="round in a circle"):
        rewritten(f(EN, "a"), circle)


def test_a_polynomial_too_large():
    with pytest.raises(KernelError, match="at most"):
        Jets({((("par", f"a{k}"), 1),): Gaussian(1) for k in range(MOST_TERMS + 1)}) * Jets({(): Gaussian(1)})


def test_an_error_of_the_kernel_is_told_from_others():
    assert issubclass(IllPosed, KernelError)
