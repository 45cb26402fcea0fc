"""One refused example for the rejections of stored evidence: loops, certificates, models, points between fields."""

import pytest

from derive.kernel.calculus import Frame
from derive.kernel.certificate import check
from derive.kernel.countermodel import check_model
from derive.kernel.errors import KernelError, Malformed, Refused, Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.loop import Loop, check_loop
from derive.kernel.smooth import check_fields

TAU, T, E, E2 = "slow:tau", "time:t", "energy:E", "energy:E'"
FRAME = Frame("H", (TAU,))
HAM = ("ham", "H", (TAU,))
X = ("op", "X", "", (TAU, T), 0)
KET = ("ket", "n")
EN, MINUS = ("coord", E), ("num", "-1")
DELTA = ("delta", 0, ("sum", EN, ("prod", MINUS, HAM)))


def f(argument, name="f"):
    return ("fun", name, (0,), (argument,), 1, 0)


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
