"""Fields of terms: each bad one is malformed, and each good one is read; shapes and clocks of terms, head by head."""

import pytest

from derive.kernel.calculus import Frame
from derive.kernel.clocks import is_run_along, runs_along, times_of
from derive.kernel.errors import Malformed
from derive.kernel.grammar import FIELDS, KINDS, RESERVED
from derive.kernel.interpret import Interpreter
from derive.kernel.shapes import BRA, KET, NUMBER, OPERATOR, shape
from derive.kernel.terms import ARITY, from_json
from forging import HBAR, ONE, TAU, ZERO, E, H, T, add, coord, function, mul, op, series

A, RHO = op("A", ()), op("rho", (T,))
NAMED = {"par": 1, "level": 1, "undefined": 1, "bra": 1, "ket": 1, "lsum": 1, "op": 1, "fun": 1, "ham": 1, "series": 1, "coef": 1}
TIMED = {"coord": 1, "d": 1, "int": 1, "avg": 2, "at": 2, "onlevels": 1}
GOOD = {
    "num": ["num", "-1/2"],
    "par": HBAR,
    "coord": coord(E),
    "level": ["level", "n'"],
    "undefined": ["undefined", "n(E)"],
    "bra": ["bra", "n"],
    "ket": ["ket", "n"],
    "lsum": ["lsum", "n", ["level", "n"]],
    "op": A,
    "fun": function("rho0'", coord(E), H),
    "ham": H,
    "series": series(2, slow_only=(0, 1)),
    "coef": ["coef", "eps", ["k", -1], A],
    "delta": ["delta", 2, coord(E)],
    "pow": ["pow", HBAR, -2],
    "d": ["d", TAU, A],
    "int": ["int", E, ZERO, ONE, A],
    "avg": ["avg", A, E],
    "flow": ["flow", A, coord(T), HBAR],
    "at": ["at", A, T, ZERO],
    "onlevels": ["onlevels", E, coord(E)],
}
BAD_NAMES = ["", 7, None, ["n"], "a\0b", "a\nb", *(f"n{mark}" for mark in sorted(RESERVED))]
BAD_TOKENS = ["E", "place:x", "energy:", "time:#0", 3, ":x"]


def put(head, place, value):
    term = list(GOOD[head])
    term[place] = value
    return term


BAD = [(head, put(head, place, name)) for head, place in NAMED.items() for name in BAD_NAMES]
BAD += [(head, put(head, place, token)) for head, place in TIMED.items() for token in BAD_TOKENS]
BAD += [("num", ["num", text]) for text in ("0/1", "2/4", "-0", "1.0", "1e3", " 1", "1_0", "nan", "one", "1/0", 1)]
BAD += [
    ("op", put("op", 2, index)) for index in ("ham", -1, ["k"], ["k", 0, -1], ["k", "0"], ["*", 0], [], [0, 0], ["k", 0, "0"])
]
BAD += [
    (head, put(head, place, held))
    for head, place in (("op", 3), ("ham", 2), ("series", 2))
    for held in (T, [T, T], ["t"], [T, 1])
]
BAD += [(head, put(head, place, flag)) for head, place in (("op", 4), ("fun", 4), ("fun", 5)) for flag in (2, -1, "1", [])]
BAD += [("fun", put("fun", 2, orders)) for orders in ([0], [0, -1], [0, "1"], "00", [0, 0, 0])]
BAD += [("fun", put("fun", 3, arguments)) for arguments in ("EH", 0, [["nothing"], H])]
BAD += [("delta", put("delta", 1, order)) for order in (-1, "0", [0])]
BAD += [("pow", put("pow", 2, order)) for order in ("2", [2])]
BAD += [("series", put("series", 3, orders)) for orders in ([-1], ["0"], 0)]
BAD += [("series", put("series", 4, name)) for name in ("", 1, "a~b")]
BAD += [("series", put("series", 5, start)) for start in (-1, "0", [1])]
BAD += [("coef", put("coef", 2, order)) for order in ("0", ["k"], ["k", 0, 0], ["", 0], ["k", "0"], [0, "k"])]
BAD += [
    ("flow", put("flow", 3, hbar)) for hbar in ("hbar", ONE, function("f", coord(T)), ["par"], ["par", ""], ["par", "a", "b"])
]


def test_every_field_that_is_no_term_has_its_expectation():
    without = {"i", "oo", "unprinted", "theta", "sum", "prod", "comm", "adj", "tr"}
    assert set(FIELDS) == set(ARITY) - without == set(GOOD)
    assert KINDS == ("energy", "time", "slow")


@pytest.mark.parametrize("term", GOOD.values(), ids=GOOD.keys())
def test_good_fields_are_read(term):
    assert from_json(term)[0] == term[0]


@pytest.mark.parametrize(("head", "term"), BAD, ids=[f"{head}-{number}" for number, (head, _) in enumerate(BAD)])
def test_bad_fields_are_malformed(head, term):
    with pytest.raises(Malformed, match="expected"):
        from_json(term)


def test_members_of_a_family_have_three_kinds_of_index():
    for index in ("", 0, 3, ["k", 0], ["k", -1, 0, 1]):
        assert from_json(op("rho", index=index))[2] == (tuple(index) if isinstance(index, list) else index)
    assert from_json(["coef", "eps", -2, A])[2] == -2


def test_a_hole_stands_only_where_something_is_to_be_put_in():
    assert from_json(mul(["hole"], A), hole=True) == ("prod", ("hole",), from_json(A))
    with pytest.raises(Malformed, match="expected one of"):
        from_json(mul(["hole"], A))


SHAPES = [
    (H, OPERATOR),
    (A, OPERATOR),
    (series(), OPERATOR),
    (["onlevels", E, coord(E)], OPERATOR),
    (["ket", "n"], KET),
    (["bra", "n"], BRA),
    (mul(["bra", "n"], A), BRA),
    (mul(A, ["ket", "n"]), KET),
    (mul(["bra", "n"], ["ket", "n"]), NUMBER),
    (mul(["ket", "n"], ["bra", "n"]), OPERATOR),
    (mul(ONE, ["ket", "n"], HBAR), KET),
    (mul(), NUMBER),
    (add(), NUMBER),
    (add(ONE, A), OPERATOR),
    (add(ZERO, ["ket", "n"]), KET),
    (["tr", A], NUMBER),
    (["avg", A, E], NUMBER),
    (["lsum", "n", mul(["ket", "n"], ["bra", "n"])], OPERATOR),
    (["d", TAU, ["ket", "n"]], KET),
    (["at", A, T, ZERO], OPERATOR),
    (["int", E, ZERO, ONE, A], OPERATOR),
    (["int", E, ZERO, coord(E), ONE], NUMBER),
    (["comm", A, H], OPERATOR),
    (function("f", H), OPERATOR),
    (function("f", coord(E)), NUMBER),
    (["flow", A, coord(T), HBAR], OPERATOR),
    (["pow", HBAR, 2], NUMBER),
    (["coef", "eps", 1, A], OPERATOR),
]


@pytest.mark.parametrize(("term", "expected"), SHAPES)
def test_shapes(term, expected):
    assert shape(from_json(term)) == expected


ALONG = [
    (mul(RHO, H), True),
    (mul(RHO, op("A", (TAU,))), True),
    (mul(RHO, coord(TAU)), True),
    (mul(function("f", coord(T)), H), True),
    (mul(RHO, ["level", "n"]), True),
    (mul(RHO, ["flow", A, ONE, HBAR]), True),
    (mul(["bra", "n"], RHO), True),
    (mul(RHO, function("f", coord(TAU))), True),
    (RHO, False),
    (mul(RHO, A), False),
    (H, False),
    (mul(op("X", (TAU, T)), H), False),
    (mul(op("Y", (T,), 1), H), False),
    (mul(coord(T), H), False),
    (mul(function("f", coord(E)), H), False),
]


@pytest.mark.parametrize(("term", "expected"), ALONG)
def test_what_runs_along_both_times(term, expected):
    assert runs_along(from_json(term)) is expected
    if term[1:] and term[1:][0] != op("Y", (T,), 1):
        assert is_run_along(Interpreter(Frame("H", (TAU,)))(from_json(term)), False) is expected


def test_a_driven_state_runs_along():
    read = Interpreter(Frame("H", (TAU,)))
    assert is_run_along(read(from_json(RHO)), True)
    assert not is_run_along(read(from_json(op("X", (TAU, T)))), True)
    assert times_of(from_json(op("X", (TAU, T)))) == {"time", "slow"}
    assert times_of(from_json(function("f", coord(E), coord(T)))) == {"time"}
