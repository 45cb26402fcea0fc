"""One refused example for the rejections of the kernel: malformed terms, heads no normal form reads, models, loops, rules.

A rejection path without a test may be a rejection that does not work.  What no test reaches is listed by `tests/raises.py`.
"""

import pytest

from derive.kernel.calculus import Frame
from derive.kernel.certificate import check, read_frame
from derive.kernel.countermodel import check_model, value_of
from derive.kernel.errors import IllPosed, KernelError, Malformed, Refused, Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.jets import MOST_TERMS, Jets
from derive.kernel.loop import Loop, check_loop
from derive.kernel.normal import vanishes
from derive.kernel.rules import move, moved, rewritten
from derive.kernel.smooth import check_fields
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
    (("int", T, ("num", "0"), ("coord", T), ("int", T, ("num", "0"), ("coord", T), ("num", "1"))), "nested integrals"),
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


# loops -------------------------------------------------------------------------------------------------------

UNIT = {0: ((Gaussian(1), Gaussian(0)), (Gaussian(0), Gaussian(2)))}
LOOP = Loop(FRAME, 2, {"H": UNIT}, {"f": [{0: Gaussian(1)}]})


@pytest.mark.parametrize(
    ("term", "complaint"),
    [
        (HAM, "of an operator"),
        (("tr", X), "the operator X"),
        (("tr", KET), "the head 'ket'"),
        (("tr", f(HAM, "g")), "the function g"),
        (("prod", DELTA, DELTA), "2 deltas"),
        (("prod", EN, X), "0 deltas|2 deltas"),
        (("tr", ("delta", 0, ("sum", EN, ("prod", HAM, HAM)))), "another argument"),
        (("tr", ("pow", DELTA, 2)), "under a test function"),
        (("prod", ("tr", DELTA), ("pow", EN, 2)), "beside a delta"),
    ],
)
def test_what_has_no_integral_along_a_loop(term, complaint):
    with pytest.raises(Unsupported, match=complaint):
        LOOP.integral(term, [Gaussian(1)])


ROWS = [[["1", "0"], ["0", "0"]], [["0", "0"], ["2", "0"]]]
STORED_LOOP = {
    "hamiltonian": ["H", [TAU]],
    "claim": [["tr", ["ham", "H", [TAU]]], ["num", "0"]],
    "modulo": [TAU],
    "size": 2,
    "matrices": {"H": {"0": ROWS}},
    "functions": {},
    "test": ["1", "0"],
    "integral": ["3", "0"],
}


def test_a_loop_that_integrates_to_something_is_accepted():
    check_loop({**STORED_LOOP, "test": [["1", "0"]]})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"size": "many"}, "fields of derive/kernel/loop.py"),
        ({"test": [[1, 0]]}, "rational numbers as strings"),
        ({"test": [["1", "0"]], "size": 7}, "square matrices"),
        ({"test": [["1", "0"]], "size": 1}, "square matrices"),
        ({"test": [["1", "0"]], "modulo": [T]}, "not in the coordinate"),
        ({"test": [["1", "0"]], "functions": {"f": [{"0": ["0", "1"]}]}}, "not real"),
        ({"test": [["1", "0"]], "matrices": {"H": {"0": [[["1", "1"], ["0", "0"]], ROWS[1]]}}}, "not Hermitian"),
        ({"test": [["1", "0"]], "integral": ["4", "0"]}, "vanishes, or is not the one stored"),
        ({"test": [["1", "0"]], "claim": [["num", "0"], ["num", "0"]]}, "vanishes, or is not the one stored"),
    ],
)
def test_stored_loops_that_are_refused(changes, complaint):
    with pytest.raises((Malformed, Refused), match=complaint):
        check_loop({**STORED_LOOP, **changes})


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


# certificates and models -------------------------------------------------------------------------------------

CERTIFICATE = {
    "hamiltonian": ["H", [TAU]],
    "claim": [["num", "0"], ["num", "0"]],
    "premises": [],
    "nonzero": [],
    "simple": "",
    "rewrites": [],
    "steps": [],
    "closing": ["vanishes"],
    "modulo": [],
}
JX, JH = ["op", "X", "", [TAU, T], 0], ["ham", "H", [TAU]]
NAMED = ["fun", "F", [0, 0, 0], [JH, ["coord", TAU], ["coord", T]], 1, 0]
COMMUTES = {"name": "1", "equation": [["comm", JX, JH], ["num", "0"]]}
NAMING = {**CERTIFICATE, "claim": [JX, NAMED], "premises": [COMMUTES], "simple": "simple", "closing": ["commutant", 0, "F"]}


def test_the_commutant_is_accepted():
    assert check(NAMING).simple


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"closing": ["magic"]}, "one of the table"),
        ({"simple": ""}, "a simple spectrum is needed"),
        ({"closing": ["commutant", 4, "F"]}, "the number of a premise"),
        ({"claim": [JX, ["fun", "F", [1, 0, 0], NAMED[3], 1, 0]]}, "not a derivative of it"),
        ({"claim": [JX, ["prod", ["num", "0"], NAMED]]}, "a nonzero constant"),
        ({"claim": [JX, ["prod", JX, NAMED]]}, "a nonzero constant"),
        ({"claim": [JX, JX]}, "new function of the Hamiltonian"),
        ({"premises": [{"name": "1", "equation": [["comm", JX, ["op", "Y", "", [], 0]], ["num", "0"]]}]}, "commutes with"),
        ({"premises": [{"name": "1", "equation": [JX, ["num", "0"]]}]}, "commutes with"),
        ({"premises": [{"name": "1", "equation": [["sum", ["prod", JX, JH], ["prod", JH, JX]], ["num", "0"]]}]}, "commutes with"),
        ({"nonzero": [{"name": "X", "term": JX}], "closing": ["vanishes"]}, "expected a scalar"),
        ({"nonzero": [{"name": "s", "term": ["sum", ["tr", JX], ["num", "1"]]}]}, "expected a product"),
        ({"closing": ["derivative", TAU, JX]}, "does not allow itself"),
        ({"claim": [["pow", ["tr", JX], -1], ["num", "0"]], "closing": ["vanishes"]}, "no assumption declares nonzero"),
        ({"claim": [["pow", ["num", "0"], -1], ["num", "0"]], "closing": ["vanishes"]}, "division"),
        ({"premises": 3}, "fields of derive/kernel/certificate.py"),
    ],
)
def test_certificates_that_are_refused(changes, complaint):
    with pytest.raises((KernelError, ZeroDivisionError), match=complaint):
        check({**NAMING, **changes})


U_OF_H = ["fun", "u", [0], [JH], 0, 0]
U_AT_E = {
    "name": "u",
    "equation": [
        ["fun", "u", [0], [["coord", E]], 0, 0],
        ["prod", ["tr", ["prod", DELTA, JX]], ["pow", ["tr", DELTA], -1]],
    ],
}
AT_LEVELS = {
    **CERTIFICATE,
    "claim": [U_OF_H, U_OF_H],
    "premises": [U_AT_E],
    "rewrites": [0],
    "nonzero": [{"name": "density", "term": ["tr", DELTA]}],
}


def test_a_field_at_the_levels_supposes_that_they_are_simple():
    assert check({**AT_LEVELS, "simple": "simple"}).simple
    with pytest.raises(Refused, match="supposes a simple spectrum"):
        check(AT_LEVELS)


MODEL = {
    "kind": "model",
    "hamiltonian": ["H", [TAU]],
    "size": 1,
    "labels": {},
    "claim": [["par", "a"], ["par", "a"]],
    "premises": [],
    "rewrites": [],
    "values": {"par|a": ["2", "0"], "level|0": ["1", "0"]},
}


def test_a_model_is_accepted():
    check_model(MODEL)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"size": "x"}, "fields of derive/kernel/countermodel.py"),
        ({"values": {"par|a": [2, 0]}}, "fields of derive/kernel/countermodel.py"),
        ({"size": 9}, "1 to 6 levels"),
        ({"kind": "picture"}, "a known kind"),
        ({"values": {"par|a": ["2", "1"]}}, "not real"),
        ({"values": {"par|a": ["-2", "0"]}}, "not positive"),
        ({"values": {}}, "does not say"),
        ({"size": 2, "values": {"level|0": ["1", "0"], "level|1": ["1", "0"]}}, "coincide"),
        ({"values": {"op|X|||0|0": ["1", "1"]}}, "not Hermitian"),
        ({"claim": [["num", "0"], ["num", "0"]]}, "every term of the claim vanishes"),
        ({"claim": [["par", "a"], ["num", "3"]]}, "does not hold on the model"),
        ({"kind": "countermodel", "witness": []}, "the claim holds"),
        ({"kind": "countermodel", "claim": [["par", "a"], ["num", "3"]], "witness": []}, "not the one stored"),
        (
            {"premises": [{"name": "1", "equation": [["par", "a"], ["num", "3"]], "forms": [[]]}]},
            "premise 1 does not hold",
        ),
        ({"premises": [{"name": "1", "equation": [["par", "a"], ["num", "3"]], "forms": []}]}, "not asked for"),
        ({"premises": [{"name": "1", "equation": [["par", "a"], ["num", "2"]], "forms": [[["trace"]]]}]}, "of a hierarchy only"),
        (
            {"premises": [{"name": "1", "equation": [["par", "a"], ["num", "2"]], "forms": [[]]}], "rewrites": [0]},
            "fixes no symbol",
        ),
    ],
)
def test_models_that_are_refused(changes, complaint):
    with pytest.raises((Malformed, Refused), match=complaint):
        check_model({**MODEL, **changes})


# fields --------------------------------------------------------------------------------------------------------

F = ["fun", "F", [0], [["coord", E]], 1, 0]
SLOPE = ["d", E, F]
POINT = {
    "kind": "fields",
    "answer": "fails",
    "energy": E,
    "hamiltonian": ["H", [TAU]],
    "claim": [F, ["num", "0"]],
    "premises": [],
    "rewrites": [],
    "levels": [],
    "nonzero": [],
    "modulo": [],
    "series": -1,
    "values": {"(jet fun F ())": "2"},
    "witness": ["2", "0"],
}


def test_a_point_is_accepted():
    check_fields(POINT)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"claim": 1}, "fields of derive/kernel/smooth.py"),
        ({"values": {}}, "the point does not say"),
        ({"values": {"(jet fun F ())": "0"}}, "the claim holds at the point"),
        ({"witness": ["3", "0"]}, "not the one stored"),
        ({"answer": "perhaps"}, "expected follows or fails"),
        ({"answer": "follows", "steps": []}, "does not vanish"),
        ({"answer": "follows", "steps": [[2, [], []]]}, "no equation between fields"),
        ({"premises": [{"name": "1", "equation": [F, ["num", "1"]]}]}, "premise 1 does not hold"),
        ({"claim": [["pow", F, -1], ["num", "0"]]}, "no assumption declares nonzero"),
        ({"claim": [["op", "X", "", [], 0], ["num", "0"]]}, "between smooth fields"),
        ({"claim": [["fun", "k", [0, 0], [["coord", E], ["coord", E2]], 1, 0], F]}, "more than one"),
        ({"values": {"(jet fun F ())": "two"}}, "."),
        ({"modulo": ["power", "eps", 0]}, "a power of a parameter"),
        ({"modulo": ["power", "eps", 2], "claim": [["prod", ["pow", ["par", "eps"], -1], F], ["num", "0"]]}, "a division by eps"),
        ({"modulo": ["power", "eps", 2], "claim": [["prod", ["pow", ["par", "eps"], 2], F], ["num", "0"]]}, "the claim holds at"),
        ({"modulo": ["power", "eps", 2], "series": 0, "premises": [{"name": "1", "equation": [F, F]}]}, "operator = its series"),
    ],
)
def test_points_that_are_refused(changes, complaint):
    with pytest.raises((KernelError, ValueError), match=complaint):
        check_fields({**POINT, **changes})


def test_a_polynomial_too_large():
    with pytest.raises(KernelError, match="at most"):
        Jets({((("par", f"a{k}"), 1),): Gaussian(1) for k in range(MOST_TERMS + 1)}) * Jets({(): Gaussian(1)})


def test_an_error_of_the_kernel_is_told_from_others():
    assert issubclass(IllPosed, KernelError)
