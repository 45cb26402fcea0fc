"""Equations of every order in the small parameter: what a symbolic order stands for, and where it may not stand."""

import pytest

from derive.kernel.errors import Refused, Unsupported
from derive.kernel.replay import replay
from forging import EPS, HBAR, ONE, TAU, ZERO, H, T, add, certificate, mul, op, series, step

RHO, A = op("rho", (T,)), op("A", ())


def member(order, coordinates=(TAU, T)):
    return op("rho", coordinates, index=order)


def any_order(shift):
    return member(["k", shift, 0])  # the member of order 0 knows no fast time


ANSATZ = [RHO, add(member(0, (TAU,)), mul(EPS, member(1)), series(2, slow_only=(0,)))]
MOTION = [mul(["i"], HBAR, ["d", T, RHO]), ["comm", H, RHO]]
GENERAL = [mul(["i"], HBAR, add(["d", T, any_order(0)], ["d", TAU, any_order(-1)])), ["comm", H, any_order(0)]]


def of_order(claim, premise, order=("k", 0)):
    return certificate(claim, [ANSATZ, premise], [step(["scales", 0], ["order", "eps", order], premise=1)])


def test_the_motion_at_every_order():
    assert replay(of_order(GENERAL, MOTION)).premises == (1,)
    assert replay(of_order([["tr", any_order(0)], ZERO], [["tr", RHO], ONE])).premises == (1,)
    assert replay(of_order([["tr", any_order(-1)], ZERO], [mul(EPS, ["tr", mul(RHO)]), ZERO])).premises == (1,)


FALSE = {
    # without the drift of the order below
    "a term left out": (
        [mul(["i"], HBAR, ["d", T, any_order(0)]), ["comm", H, any_order(0)]],
        MOTION,
        Refused,
        "does not vanish",
    ),
    # Tr rho_1 = 1
    "a number at the first order": ([["tr", any_order(0)], ZERO], [["tr", RHO], add(ONE, EPS)], Refused, "order k = 1"),
    # Tr rho_2 = 1
    "a number at the second order": ([["tr", any_order(0)], ZERO], [["tr", RHO], mul(EPS, EPS)], Refused, "order k = [12]"),
    # d_t rho_1 = A
    "a drive at the first order": (
        [["d", T, any_order(0)], ZERO],
        [["d", T, RHO], mul(EPS, A)],
        Refused,
        "does not vanish|order k",
    ),
    # a square mixes the orders
    "a square": ([mul(any_order(0), any_order(0)), ZERO], [mul(RHO, RHO), ZERO], Unsupported, "not linear in the series"),
    "a square of a trace": ([["pow", ["tr", any_order(0)], 2], ZERO], [["pow", ["tr", RHO], 2], ZERO], Unsupported, "not linear"),
}


@pytest.mark.parametrize(("claim", "premise", "error", "complaint"), FALSE.values(), ids=FALSE.keys())
def test_a_false_general_order_is_refused(claim, premise, error, complaint):
    with pytest.raises(error, match=complaint):
        replay(of_order(claim, premise))
