"""A claim may bring in a symbol; what it says of a symbol otherwise it says of whatever that stands for."""

import pytest

from derive.kernel.replay import replay
from derive.language import At, Bra, Commutator, D, Function, Ket, Operator, Trace
from planted.statement import E, H, V, delta, m, n, t
from posing import infer_posed

A, B, C = (Operator(name, ()) for name in "ABC")
p, q = Function("p"), Function("q")

OF_WHATEVER_IT_IS = {
    "of two under a trace": (Trace(A * B), -Trace(B * A)),
    "of one under a trace": (Trace(delta * A), 0),
    "a product": (A * B, B * A),
    "a commutator": (Commutator(A, H), 0),
    "a matrix element": (Bra(m) * A * Ket(n), 0),
    "a field beside itself": (q(E), 2 * q(E)),
    "a field and its derivative": (D(q(E), E), q(E)),
}
FIXED_BY_THE_CLAIM = {
    "an operator": (A, V * V),
    "a factor": (2 * A * H, V),
    "a derivative": (D(Operator("A", (t,)), t), V),
    "an initial value": (At(Operator("A", (t,)), t, 0), V),
    "a field": (q(E), Trace(delta * V)),
    "a field through its derivative": (D(q(E), E), p(E)),
    "one of three": (A, B * C),
}


@pytest.mark.parametrize("name", OF_WHATEVER_IT_IS)
def test_what_is_said_of_whatever_a_symbol_stands_for_is_refuted(name):
    found = infer_posed(OF_WHATEVER_IT_IS[name])
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


@pytest.mark.parametrize("name", FIXED_BY_THE_CLAIM)
def test_what_a_claim_may_bring_in_is_not_refuted(name):
    found = infer_posed(FIXED_BY_THE_CLAIM[name])
    assert found.verdict == "undecided"
