"""Countermodels, loops and equations between fields against what is true, made by hand: each once passed, and is refused."""

import pytest

from derive.kernel.errors import Malformed, Refused, Unsupported
from derive.kernel.replay import replay, sealed
from forging import LINE, ONE, TAU, ZERO, E, T, coord, delta, function, model, mul, op, series

A, B = op("A", ()), op("B", ())
HERE = {"hamiltonian": ["H", []]}
RHO = op("rho", (T,))
AT_ONE = function("f", ONE)
O, U, I, J, M = ["0", "0"], ["1", "0"], ["0", "1"], ["0", "-1"], ["-1", "0"]  # 0, 1, i, -i, -1
PAULI = {"H": {"0": [[U, O], [O, M]]}, "A": {"0": [[O, U], [U, O]]}, "B": {"0": [[O, J], [I, O]]}}


def values(**operators):
    found = {f"level|{n}": [str(n + 1), "0"] for n in (0, 1)}
    for name, scale in operators.items():
        found |= {f"op|{name}|||{a}|{b}": [str(scale if a == b else 0), "0"] for a in (0, 1) for b in (0, 1)}
    return found


def multiple_of_unit(number):
    return [[f"{a},{a}", "1", [str(number), "0"]] for a in (0, 1)]


def loop(claim, integral, functions):
    return sealed(
        {
            "kind": "loop",
            "hamiltonian": ["H", [TAU]],
            "claim": claim,
            "modulo": [TAU],
            "size": 2,
            "matrices": PAULI,
            "functions": functions,
            "test": [U],
            "integral": integral,
        }
    )


def fields(claim, **stored):
    return sealed(
        {
            "kind": "fields",
            "answer": "follows",
            "hamiltonian": ["H", [TAU]],
            "energy": E,
            "claim": claim,
            "premises": [],
            "rewrites": [],
            "levels": [],
            "nonzero": [],
            "modulo": [],
            "series": -1,
            "steps": [],
            **stored,
        }
    )


G, S = function("g", coord(E), coord(TAU), arbitrary=1), function("S", coord(E))
FORGED = {
    # A = 0 follows from A = 0; its coefficient of eps^3 says nothing
    "a premise at an order that does not speak": (
        model(
            [A, ZERO],
            [([A, ZERO], [[["scales", 1], ["order", "eps", 3]]]), ([RHO, series(0)], [])],
            values(A=1),
            multiple_of_unit(1),
            **HERE,
        ),
        Refused,
        "not asked for as it stands, nor at every order",
    ),
    "a premise at one order of many": (
        model(
            [op("rho", index=1), ZERO],
            [([RHO, ZERO], [[["scales", 1], ["order", "eps", 0]]]), ([RHO, series(0)], [])],
            values(),
            (),
            **HERE,
        ),
        Refused,
        "nor at every order up to 1",
    ),
    # f(1) = 1, so A = B
    "a definition left standing in a premise": (
        model(
            [A, B],
            [([function("f", coord(E)), coord(E)], [[]]), ([A, mul(AT_ONE, B)], [[]])],
            {**values(A=7, B=1), "fun|f|0|1": ["7", "0"]},
            multiple_of_unit(6),
            rewrites=[0],
            **HERE,
        ),
        Refused,
        "premise 1 speaks of f where its definition does not reach",
    ),
    "a label that is no level": (
        model([["tr", mul(["ket", "n"], ["bra", "n"])], ONE], [], values(), [["", "1", ["-1", "0"]]], labels={"n": -1}, **HERE),
        Malformed,
        "labels among them",
    ),
    # f(tau) is a number, and Tr [A, B] = 0
    "a number that is a matrix along the loop": (
        loop([["tr", mul(function("f", coord(TAU)), ["comm", A, B])], ZERO], ["0", "4"], {"f": [{}, {"0": U}]}),
        Refused,
        "the integral over the loop vanishes",
    ),
    "a function of a number as one of H": (
        loop([["tr", mul(AT_ONE, ["comm", A, B])], ZERO], ["0", "4"], {"f": [{}, {"0": U}]}),
        Unsupported,
        "something other than one energy",
    ),
    # g(E, tau) and its slow derivative are two arbitrary functions
    "a test function of the slow time": (
        fields(
            [["int", E, *LINE, mul(["tr", delta()], G)], ["int", E, *LINE, mul(["tr", delta()], ["d", TAU, G])]],
            values={"(jet Sigma ())": "1"},
        ),
        Unsupported,
        "its other derivatives are arbitrary too",
    ),
    "a slow derivative of what a test function is in": (
        fields([["d", TAU, ["int", E, *LINE, mul(S, G)]], ZERO], values={}),
        Unsupported,
        "its other derivatives are arbitrary too",
    ),
}


@pytest.mark.parametrize(("evidence", "error", "complaint"), FORGED.values(), ids=FORGED.keys())
def test_forged_evidence_is_refused(evidence, error, complaint):
    with pytest.raises(error, match=complaint):
        replay(evidence)


def test_honest_neighbours_pass():
    held = [([A, mul(["num", "7"], B)], [[]])]
    assert replay(model([A, B], held, values(A=7, B=1), multiple_of_unit(6), **HERE)) is None
    orders = [[["scales", 1], ["order", "eps", k]] for k in (0, 1)]
    state = {f"op|rho|{k}||{a}|{b}": ["0", "0"] for k in (0, 1) for a in (0, 1) for b in (0, 1)}
    zero = [([mul(A, RHO), ZERO], orders), ([RHO, series(0)], [])]
    refuted = model([A, op("rho", index=1)], zero, {**values(A=1), **state}, multiple_of_unit(1), **HERE)
    assert replay(refuted) is None
    function_of_h = function("f", ["ham", "H", [TAU]])
    assert replay(loop([["tr", mul(function_of_h, ["comm", A, B])], ZERO], ["0", "4"], {"f": [{}, {"0": U}]})) is None
