"""A premise holds under the frozen flow as well: the interaction picture."""

import pytest

from derive.kernel.errors import Malformed
from derive.kernel.replay import replay
from derive.kernel.rules import move
from derive.language import Commutator, D, Heisenberg, Operator, Parameter, Trace
from derive.second.germs import NoMeaning
from derive.second.replay import replay_second
from planted.statement import H, I, V, X, Y, Z, delta, hbar, s, t
from posing import infer_posed

W, strength = Operator("W0", ()), Parameter("lambda")
SPOKEN_OF = (Trace(W * W) * Trace(V * V) * Trace(X * Y * Z), 1)


def flow(x, time):
    return Heisenberg(x, time, hbar)


FREE = (I * hbar * D(X, t), Commutator(H, X))
DRIVEN = (I * hbar * D(X, t), Commutator(H + strength * W, X))
SOLVED = (D(X, t), -I / hbar * Commutator(H + strength * W, X))
TRUE = {
    "what H alone moves rests": ((D(flow(X, t), t), 0), FREE),
    "what is left moves it": ((I * hbar * D(flow(X, t), t), strength * Commutator(flow(W, t), flow(X, t))), DRIVEN),
    "solved for the rate": ((I * hbar * D(flow(X, t), t), strength * Commutator(flow(W, t), flow(X, t))), SOLVED),
    "equals under the flow": ((flow(X, s), flow(Y, s)), (X - Y, 0)),
    "at another time": ((flow(X, s - t), flow(Y, s - t)), (X - Y, 0)),
    "the rate of the flow": ((hbar * D(flow(X, s), s), flow(Y, s)), (I * Commutator(H, X), Y)),
    "in a correlator": ((Trace(delta * flow(X, s) * V), Trace(delta * flow(Y, s) * V)), (X - Y, 0)),
}
FALSE = {
    "the flow the other way": ((D(flow(X, -t), t), 0), FREE),
    "what is left, with its sign changed": (
        (I * hbar * D(flow(X, t), t), -strength * Commutator(flow(W, t), flow(X, t))),
        DRIVEN,
    ),
    "W does not flow": ((I * hbar * D(flow(X, t), t), strength * Commutator(W, flow(X, t))), DRIVEN),
    "two times": ((flow(X, s), flow(Y, 2 * s)), (X - Y, 0)),
    "the rate's sign": ((hbar * D(flow(X, s), s), -flow(Y, s)), (I * Commutator(H, X), Y)),
}


@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name):
    found = infer_posed(*TRUE[name], spoken=SPOKEN_OF)
    assert found.verdict == "valid", found.reason
    replay(found.certificate)
    if name == "solved for the rate":  # the second checker does not put a rate in under a flow
        with pytest.raises(NoMeaning):
            replay_second(found.certificate)
    else:
        assert replay_second(found.certificate).values > 0


@pytest.mark.parametrize("name", FALSE)
def test_a_slip_is_refuted(name):
    found = infer_posed(*FALSE[name], spoken=SPOKEN_OF)
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


@pytest.mark.parametrize("time", [("ham", "H", ()), ("op", "X", "", (), 0), ("tr", ("ham", "H", ()))])
def test_a_flow_over_what_is_no_time_is_refused(time):
    with pytest.raises(Malformed, match="expected a time"):
        move(("op", "X", "", (), 0), ["flow", time, "hbar"], [])
