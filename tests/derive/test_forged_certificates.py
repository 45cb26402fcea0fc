"""Certificates of false claims, made by hand: each once passed the kernel, and each is refused for the reason given.

The comment beside each says what is false about the claim."""

import pytest

from derive.kernel.errors import Malformed, Refused, Unsupported
from derive.kernel.replay import replay, sealed
from forging import (
    E2,
    EPS,
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
    model,
    mul,
    op,
    series,
    step,
)

A, B, X = op("A", ()), op("B", ()), op("X", ())
ANY_X, ANY_Y = op("X", (), 1), op("Y", (), 1)
KET, BRA, LEVEL = ["ket", "n"], ["bra", "n"], ["level", "n"]
RHO = op("rho", (T,))
ANSATZ = [RHO, series(0)]
COMMUTES = [["comm", X, H], ZERO]
OF_TAU = function("f", coord(TAU))


def member(order, coordinates=(TAU, T)):
    return op("rho", coordinates, index=order)


def commutant(claim, premise, **fields):
    return certificate(claim, [premise], closing=["commutant", 0, "f"], simple="simple", **fields)


def up_to_e2(body):
    """An integral up to E2 whose lower limit is not printed."""
    return ["int", E, ["unprinted"], coord(E2), body]


DIAGONAL = ["onlevels", E, mul(["tr", mul(delta(), A)], ["pow", ["tr", delta()], -1])]
DENSE = [{"name": "density", "term": ["tr", delta()]}]
EXACT = [["d", T, RHO], mul(["i"], ["pow", HBAR, -1], ["comm", RHO, H])]
FROZEN = ["flow", op("R", ()), mul(["num", "-1"], coord(T)), HBAR]
THETA = ["theta", minus(coord(E), H)]

SERIES = {
    # they differ by eps rho_1
    "two starts": (certificate([series(1), series(2)]), Refused, "does not vanish"),
    "two parameters": (certificate([series(1), series(1, parameter="lambda")]), Refused, "does not vanish"),
    # it is rho_1
    "a numbered order of the dots": (certificate([["coef", "eps", 1, series(1)], ZERO]), Unsupported, "a series with dots"),
    # it is f(0)
    "a parameter in an argument": (
        certificate([["coef", "eps", 0, function("f", EPS)], function("f", EPS)]),
        Unsupported,
        "stands inside something else",
    ),
    # it is <n|rho_k|n>
    "a symbolic order of an element": (
        certificate([["coef", "eps", ["k", 0], mul(BRA, series(1), KET)], ZERO]),
        Unsupported,
        "otherwise than as a factor",
    ),
    # (rho - eps B)/eps begins with rho_1 - B
    "divided by the parameter": (
        certificate(
            [B, ZERO],
            [ANSATZ, [RHO, mul(EPS, B)]],
            [step(["left", ["pow", EPS, -1]], ["scales", 0], ["order", "eps", 0], premise=1, factor=["num", "-1"])],
        ),
        Unsupported,
        "divided by eps",
    ),
    # rho = eps B has rho_1 = B
    "every order but the first": (
        certificate(
            [op("rho", index=["k", 0]), ZERO],
            [ANSATZ, [RHO, mul(EPS, B)]],
            [step(["scales", 0], ["order", "eps", ["k", 0]], premise=1)],
        ),
        Refused,
        "order k = 1 is not as those of higher orders",
    ),
}

NAMES = {
    # it is u
    "the kernel's name for a bound time": (
        certificate([["int", "time:s", ZERO, ONE, coord("time:##0")], ["num", "1/2"]]),
        Malformed,
        "expected a coordinate",
    ),
    # it projects on one level
    "the kernel's name for a row": (
        certificate([mul(["ket", "<row>"], ["bra", "<row>"]), ONE]),
        Malformed,
        "expected a name",
    ),
    # an operator of that name is not H
    "the kernel's index for H": (
        certificate([["d", TAU, ["op", "H", "ham", [TAU], 0]], ["d", TAU, H]]),
        Malformed,
        "expected an index",
    ),
    # A(t) moves
    "coordinates in one string": (
        certificate(
            [["d", T, ["op", "A", "", T, 0]], ZERO],
            [[["d", T, ANY_X], ZERO]],
            [step(["operator", "X", ["op", "A", "", T, 0]])],
        ),
        Malformed,
        "expected coordinates",
    ),
    # it is 1 at every E: the step of height 1
    "a delta of order -1": (
        certificate([["int", E, *LINE, ["delta", -1, minus(coord(E), H)]], ZERO]),
        Malformed,
        "not negative",
    ),
    # f may vanish
    "hbar that is no constant": (
        certificate([["flow", A, coord(T), OF_TAU], ["flow", A, mul(["num", "2"], coord(T)), mul(["num", "2"], OF_TAU)]]),
        Malformed,
        "a parameter for hbar",
    ),
}

COMMUTANTS = {
    # X commutes with H, and need not vanish
    "zero under another name": (commutant([X, mul(["num", "0/1"], function("f", H))], COMMUTES), Malformed, "lowest terms"),
    "zero": (commutant([X, mul(ZERO, function("f", H, coord(TAU)))], COMMUTES), Refused, "expected a nonzero constant"),
    # E_1 at one time may be E_2 at another
    "a function that does not know when": (commutant([X, function("f", H)], COMMUTES), Refused, "or the Hamiltonian depends on"),
    # one function for all
    "members of every order": (
        commutant(
            [op("X", (TAU,), index=["k", 0]), function("f", H, coord(TAU))], [["comm", op("X", (TAU,), index=["k", 0]), H], ZERO]
        ),
        Refused,
        "expected one operator",
    ),
    "every operator": (
        commutant([ANY_X, function("f", H, coord(TAU))], [["comm", ANY_X, H], ZERO]),
        Refused,
        "expected one operator",
    ),
    "a function said not to vanish": (
        commutant(
            [X, function("f", H, coord(TAU))],
            COMMUTES,
            nonzero=[{"name": "f is nowhere zero", "term": function("f", coord(E), coord(TAU))}],
        ),
        Refused,
        "the function is not new",
    ),
}

INSTANCES = {
    # the unit has the trace of the dimension
    "vectors for operators": (
        certificate(
            [["tr", ONE], ONE],
            [[["tr", mul(ANY_X, ANY_Y)], ["tr", mul(ANY_Y, ANY_X)]]],
            [step(["operator", "X", KET], ["operator", "Y", BRA], factor=["num", "-1"])],
        ),
        Malformed,
        "expected an operator, came a vector",
    ),
    # the right side keeps E apart from E2; d/dE2 h(E2, E2) does not
    "at the coordinate of a derivative": (
        certificate(
            [function("f", coord(E2)), ["d", E2, function("h", coord(E2), coord(E2))]],
            [[function("f", coord(E)), ["d", E2, function("h", coord(E), coord(E2))]]],
            rewrites=[0],
        ),
        Unsupported,
        "which it keeps apart",
    ),
    # <E A> at E is E <A>
    "an average of what depends on the energy": (
        certificate(
            [["avg", mul(coord(E), A), E], ["d", E, mul(coord(E), ["tr", mul(THETA, A)])]],
            [[["avg", ANY_X, E], ["d", E, ["tr", mul(THETA, ANY_X)]]]],
            rewrites=[0],
        ),
        Refused,
        "does not vanish",
    ),
}

SLOW = {
    # E_n moves
    "an integral over the slow time": (
        certificate([["int", TAU, ZERO, ONE, LEVEL], LEVEL]),
        Unsupported,
        "an integral over slow:tau",
    ),
    # E_n is the level at tau
    "a level at another slow time": (
        certificate([function("f", coord("slow:s")), LEVEL], [[OF_TAU, LEVEL]], rewrites=[0]),
        Refused,
        "a second coordinate slow:s",
    ),
    # the basis turns
    "a diagonal held": (
        certificate([["at", DIAGONAL, TAU, ZERO], DIAGONAL], nonzero=DENSE, simple="simple"),
        Unsupported,
        "a frozen vector held",
    ),
    # what is not printed may depend on tau
    "a constant of integration": (
        certificate([["d", TAU, up_to_e2(delta(order=1))], ["d", TAU, delta(E2)]]),
        Unsupported,
        "derivative of a scalar 'constant'",
    ),
    # every f(tau) is the derivative of its integral
    "the derivative of an integral": (
        certificate(
            [OF_TAU, ZERO],
            closing=["derivative", TAU, ["int", "slow:s", ZERO, coord(TAU), function("f", coord("slow:s"))]],
            modulo=["derivative", TAU],
        ),
        Refused,
        "the derivative of its own integral",
    ),
}

TWO_TIMES = {
    # at fixed t the exact state does not know tau, and rho_1 does
    "a slow derivative of the exact state": (
        certificate(
            [["d", TAU, member(1)], ZERO],
            [ANSATZ, [mul(RHO, A), B]],
            [step(["d", TAU], ["scales", 0], ["order", "eps", 1], premise=1)],
        ),
        Unsupported,
        "of which the exact state knows nothing",
    ),
    # rho(0) = B says rho_0(0, 0) = B
    "an initial value at every slow time": (
        certificate(
            [["at", member(0), T, ZERO], B],
            [ANSATZ, [["at", RHO, T, ZERO], B]],
            [step(["scales", 0], ["order", "eps", 0], premise=1)],
        ),
        Unsupported,
        "at one value of both",
    ),
    # f(t) may be any number that rho has, with its own powers of eps
    "an exact function": (
        certificate(
            [member(1), ZERO],
            [ANSATZ, [RHO, mul(function("f", coord(T)), A)]],
            [step(["scales", 0], ["order", "eps", 1], premise=1)],
        ),
        Unsupported,
        "has a series of its own",
    ),
    # H(tau) runs with t
    "a slow derivative along the motion": (
        certificate([["comm", RHO, ["d", TAU, H]], ZERO], [EXACT], [step(["d", TAU], factor=mul(HBAR, ["i"]))]),
        Unsupported,
        "along which both run",
    ),
    "a frozen motion": (
        certificate(
            [RHO, FROZEN],
            [EXACT, [["at", RHO, T, ZERO], op("R", ())]],
            [step()],
            closing=["initial value", T, ZERO, "hbar", [step(premise=1)]],
        ),
        Refused,
        "neither is held fixed",
    ),
}

LEVELS = {f"level|{n}": [str(n), "0"] for n in (0, 1)}
UNIT = {**LEVELS, **{f"op|A|||{a}|{b}": ["1" if a == b else "0", "0"] for a in (0, 1) for b in (0, 1)}}


def possible(claim, premises):
    return sealed({**model(claim, [(p, [[]]) for p in premises], UNIT), "kind": "model"})


VACUOUS = {
    # 1 = 0 has no model
    "a model of another claim": (
        certificate([ONE, ZERO], [[ONE, ZERO]], [step()], model=possible([A, A], [])),
        Refused,
        "one of another claim",
    ),
    "a model without the premise": (
        certificate([mul(A, A), A], [[A, ONE]], [step(["left", A])], model=possible([mul(A, A), A], [])),
        Refused,
        "leaves out a premise",
    ),
}

GROUPS = (SERIES, NAMES, COMMUTANTS, INSTANCES, SLOW, TWO_TIMES, VACUOUS)
FORGED = {name: forged for group in GROUPS for name, forged in group.items()}


@pytest.mark.parametrize(("evidence", "error", "complaint"), FORGED.values(), ids=FORGED.keys())
def test_a_forged_certificate_is_refused(evidence, error, complaint):
    with pytest.raises(error, match=complaint):
        replay(evidence)


def test_the_same_premises_show_what_is_true():
    """The forgeries above are not refused for want of a rule: their honest neighbours pass."""
    know_when = commutant([op("X", (TAU,)), function("f", H, coord(TAU))], [["comm", op("X", (TAU,)), H], ZERO])
    assert replay(know_when).simple
    general = certificate(
        [["d", TAU, op("rho", index=["k", 0])], ZERO],
        [ANSATZ, [RHO, B]],
        [step(["scales", 0], ["order", "eps", ["k", 0]], ["d", TAU], premise=1)],
    )
    assert replay(general).premises == (1,)
    second = certificate([member(2), ZERO], [ANSATZ, [RHO, mul(EPS, B)]], [step(["scales", 0], ["order", "eps", 2], premise=1)])
    assert replay(second).premises == (1,)
    held = certificate([A, ONE], [[A, ONE]], [step()], model=possible([A, ONE], [[A, ONE]]))
    assert replay(held).premises == (0,)
    assert replay(certificate([add(A, B), add(B, A)])).premises == ()
