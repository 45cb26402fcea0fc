"""Forged certificates about values: arguments that move, coordinates held, integrals over times, sums over levels put in.

Each once passed the kernel.  The comment beside each says what is false about the claim."""

import pytest

from derive.kernel.errors import Refused, Unsupported
from derive.kernel.replay import replay
from forging import E2, EPS, HBAR, LINE, ONE, TAU, ZERO, E, H, T, certificate, coord, delta, function, minus, mul, op, step

A, B = op("A", ()), op("B", ())
KET, BRA = ["ket", "n"], ["bra", "n"]

S, TWO_S = "time:s", mul(["num", "2"], coord("time:s"))
HELD = ["at", op("A", (T,)), T, coord(S)]  # A(s)


def element(operator):
    return mul(BRA, operator, KET)


def over_s(top, body):
    return ["int", S, ZERO, top, body]


PAIRED = ["lsum", "n", mul(element(A), element(B))]
SQUARES = ["lsum", "n", mul(element(A), element(A), element(B), element(B))]
INVERSE = ["pow", ["tr", HELD], -1]

VALUES = {
    # the square of a sum is no sum of squares
    "a sum over levels put in twice": (
        certificate([["at", mul(coord(T), coord(T)), T, PAIRED], SQUARES]),
        Unsupported,
        "one sum over levels put in at two places",
    ),
    "a sum over levels as a limit": (
        certificate([over_s(PAIRED, coord(S)), mul(["num", "1/2"], SQUARES)]),
        Unsupported,
        "one sum over levels put in at two places",
    ),
    # its values at the levels are h(E_n, E_n)
    "one energy in two places": (
        certificate([["onlevels", E, function("h", coord(E), coord(E))], function("h", H, coord(E))], simple="simple"),
        Unsupported,
        "of one energy at two places",
    ),
    # f(2 s), f(E2), A(s) and A(2 s) move with s and E2
    "a function at twice a time": (
        certificate([["d", S, ["at", function("f", coord(T)), T, TWO_S]], ZERO]),
        Unsupported,
        "at a value that depends on time s",
    ),
    "a function at the point of a delta": (
        certificate([["d", E2, ["int", E, *LINE, mul(function("f", coord(E)), ["delta", 0, minus(coord(E), coord(E2))])]], ZERO]),
        Refused,
        "does not vanish",
    ),
    "an operator at another time": (certificate([["d", S, HELD], ZERO]), Refused, "does not vanish"),
    "an operator at twice a time": (
        certificate([["d", S, ["at", op("A", (T,)), T, TWO_S]], ZERO]),
        Unsupported,
        "at a value that depends on time s",
    ),
    # f(s^2) is not f(s)
    "a function at the square of a time": (
        certificate([["at", function("f", coord(T)), T, mul(coord(S), coord(S))], function("f", coord(S))]),
        Refused,
        "does not vanish",
    ),
    # the integrand moves
    "an integral of an operator at the time": (
        certificate([over_s(["num", "2"], HELD), mul(["num", "2"], over_s(ONE, HELD))]),
        Refused,
        "does not vanish",
    ),
    "an integral of an inverse": (
        certificate(
            [over_s(["num", "2"], INVERSE), mul(["num", "2"], over_s(ONE, INVERSE))],
            nonzero=[{"name": "trace", "term": ["tr", HELD]}],
        ),
        Unsupported,
        "something other than phases",
    ),
    # it is a delta at 0
    "a delta held at an energy": (
        certificate([["at", delta(), E, ZERO], delta()]),
        Unsupported,
        "a delta or step held at a value",
    ),
    # f(2 s) at s = 0 is f(0)
    "a function held twice": (
        certificate(
            [["at", ["at", function("f", coord(T)), T, TWO_S], S, ZERO], ["at", function("f", coord(T)), T, TWO_S]],
        ),
        Unsupported,
        "at a value that depends on time s",
    ),
    "an operator held twice": (certificate([["at", HELD, S, ZERO], HELD]), Refused, "does not vanish"),
}


@pytest.mark.parametrize(("evidence", "error", "complaint"), VALUES.values(), ids=VALUES.keys())
def test_a_forged_certificate_is_refused(evidence, error, complaint):
    with pytest.raises(error, match=complaint):
        replay(evidence)


def test_honest_neighbours_pass():
    nested = ["int", T, ZERO, ONE, over_s(coord(T), coord(S))]
    assert replay(certificate([nested, ["num", "1/6"]])).premises == ()
    sifted = ["int", E, *LINE, mul(function("f", coord(E)), ["delta", 0, minus(coord(E), coord(E2))])]
    assert replay(certificate([["d", E2, sifted], function("f", coord(E2), orders=[1])])).premises == ()


def frozen_motion(parameter, turned):
    """X(t) with a rate, given by its value at 0 and the frozen flow over the parameter: X = e^(-iHt) R e^(iHt) or the inverse."""
    state, start, sign = op("X"), op("R", (TAU,)), ["num", "1" if turned else "-1"]
    rate = [["d", T, state], mul(["num", "-1"], ["i"], ["pow", parameter, -1], ["comm", H, state])]
    return certificate(
        [state, ["flow", start, mul(sign, coord(T)), HBAR]],
        [rate, [["at", state, T, ZERO], start]],
        [step()],
        closing=["initial value", T, ZERO, "hbar", [step(premise=1)]],
    )


def test_a_motion_is_fixed_by_its_rate_and_its_start():
    assert replay(frozen_motion(HBAR, turned=False)).premises == (0, 1)
    for wrong in (frozen_motion(HBAR, turned=True), frozen_motion(EPS, turned=False)):
        with pytest.raises(Refused, match="does not vanish"):
            replay(wrong)
