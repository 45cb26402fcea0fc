"""What follows does not depend on a name, from which models are drawn; and evolutions that a model must find a way to obey."""

import pytest

from derive.kernel.replay import replay
from derive.language import Commutator, D, Operator, Trace
from planted.statement import I, hbar, t
from posing import infer_posed

NAMES = [("a", "K"), ("r", "Ht"), ("r", "K"), ("rho", "h"), ("a", "L"), ("sigma", "Q"), ("x", "y")]
P, Q = Operator("P", ()), Operator("Q", ())
U, W = Operator("U", (t,)), Operator("W", (t,))
FORWARD, BACK = (D(U, t), P * U), (D(W, t), -W * P)


@pytest.mark.parametrize("names", NAMES, ids="-".join)
def test_the_third_moment_of_what_is_carried_along(names):
    a, k = (Operator(name, (t,)) for name in names)
    motion = (I * hbar * D(a, t), Commutator(k, a))
    found = infer_posed((D(Trace(a * a * a), t), 0), motion)
    assert found.verdict == "valid", found.reason
    assert infer_posed((D(Trace(a * a * a), t), Trace(a)), motion).verdict == "invalid"


CARRIED = {
    "what undoes what": ((D(W * U, t), 0), "valid"),
    "the other way round": ((D(U * W, t), Commutator(P, U * W)), "valid"),
    "a body between": ((D(W * Q * U, t), W * Commutator(Q, P) * U), "valid"),
    "a body between, a sign": ((D(W * Q * U, t), W * Commutator(P, Q) * U), "invalid"),
    "twice": ((D(D(W * Q * U, t), t), W * Commutator(Commutator(Q, P), P) * U), "valid"),
    "twice, a sign": ((D(D(W * Q * U, t), t), W * Commutator(P, Commutator(Q, P)) * U), "invalid"),
}


@pytest.mark.parametrize("name", CARRIED)
def test_products_of_evolutions(name):
    claim, verdict = CARRIED[name]
    found = infer_posed(claim, FORWARD, BACK)
    assert found.verdict == verdict, found.reason
    replay(found.certificate or found.countermodel)
