"""An equation in H and constants holds at every slow time: with H = H0 + tau V it speaks of H0 and V too."""

import pytest

from derive.kernel.errors import Refused
from derive.kernel.replay import replay, sealed
from derive.kernel.terms import to_json
from derive.language import Bra, Commutator, Delta, Equation, Index, Ket, Operator, Trace
from derive.lower import lower
from derive.second.germs import Disagrees
from derive.second.replay import replay_second
from planted.statement import H0, E, H, V, tau
from posing import infer_posed

P, Q = Operator("P", ()), Operator("Q", ())
n = Index("n")
LINEAR = (H, H0 + tau * V)

FOLLOWS = {
    "what commutes": ((Commutator(P, V), 0), (Commutator(P, H), 0)),
    "a trace": ((Trace(P * V), 0), (Trace(P * H), 0)),
    "a constant trace": ((Trace(P * V), 0), (Trace(P * H), Trace(Q))),
}
FAILS = {
    "a trace that is not": ((Trace(P * V), 1), (Trace(P * H), 0)),
    "diagonal elements only": ((Commutator(P, V), 0), (Bra(n) * P * Ket(n), 0)),
    "moments only": ((Commutator(P, V), 0), (Trace(P * Delta(E - H)), 0)),
}


@pytest.mark.parametrize("name", FOLLOWS)
def test_it_follows_for_the_velocity(name):
    claim, premise = FOLLOWS[name]
    found = infer_posed(claim, LINEAR, premise)
    assert found.verdict == "valid", found.reason
    replay(found.certificate)


@pytest.mark.parametrize("name", FAILS)
def test_what_does_not_is_refuted(name):
    claim, premise = FAILS[name]
    found = infer_posed(claim, LINEAR, premise)
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


def test_a_quadratic_drive_is_differentiated_twice():
    W = Operator("W", ())
    found = infer_posed((Commutator(P, W), 0), (H, H0 + tau * V + tau * tau * W), (Commutator(P, H), 0))
    assert found.verdict != "invalid"


def as_json(equation):
    return [to_json(lower(side)) for side in Equation(*equation).args[:2]]


def test_a_model_on_which_it_holds_at_one_time_only_is_refused():
    """P commutes with H at the model's point, and not with its velocity V."""
    made = infer_posed((Trace(P * V), 1), LINEAR, (Trace(P * H), 0)).countermodel
    values = dict(made["values"])
    for key in values:
        if key.startswith("op|P|||"):
            values[key] = ["0", "0"]
    values["op|P|||0|0"] = ["1", "0"]
    claim, premise = FOLLOWS["what commutes"]
    forged = {**made, "claim": as_json(claim), "values": values, "witness": []}
    forged["premises"] = [{**one, "equation": as_json(premise)} if one["name"] == "P1" else one for one in made["premises"]]
    del forged["digest"]
    with pytest.raises(Refused, match="premise P1 does not hold"):
        replay(sealed(forged))
    with pytest.raises(Disagrees, match="premise P1 does not hold"):
        replay_second(sealed(forged))
