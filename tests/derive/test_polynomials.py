"""Divided differences of powers of H, written out as words, are what they were."""

import pytest

from derive.kernel.algebra import added, scaled
from derive.kernel.gaussian import Gaussian
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.language import D, Function, Operator, Trace
from derive.lower import lower
from derive.tactics.polynomials import opened
from planted.statement import H, V, planted, tau
from planted.test_planted import verdicts

X = Operator("X0", ())
f = Function("f")
CUBE = D(H * H * H, tau)


def forms(expression):
    value = Interpreter(frame_of(lower(H)))(lower(expression))
    return value, opened(value)


@pytest.mark.parametrize(
    "expression",
    [D(H * H, tau), CUBE, D(CUBE, tau), D(D(CUBE, tau), tau), X * CUBE * X, Trace(X * CUBE), Trace(CUBE) * Trace(X) * CUBE],
)
def test_written_out_it_is_the_same(expression):
    before, after = forms(expression)
    assert before != after
    assert not any(letter[0] == "dd" for _, word in after for letter in word)
    assert vanishes(added(before, scaled(after, Gaussian(-1))))


@pytest.mark.parametrize("expression", [D(f(H), tau), X * V, Trace(X)])
def test_what_is_no_power_stays(expression):
    before, after = forms(expression)
    assert before == after


def test_a_premise_is_put_beside_powers_of_H():
    bent = D(CUBE, tau)
    statement = planted("cube", (bent, 2 * (V * V * H + V * H * V + H * V * V)), "H = H0 + tau V", "its second derivative")
    assert verdicts(statement) == ["valid"]
    ordered = planted("cube, out of order", (bent, 6 * H * V * V), "H = H0 + tau V", "H and V do not commute")
    assert verdicts(ordered) == ["invalid"]
