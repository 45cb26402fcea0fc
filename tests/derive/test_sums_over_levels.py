"""An equation at every level may be summed over the levels, with a function of H beside it."""

import pytest

from derive.kernel.errors import Malformed
from derive.kernel.replay import replay
from derive.kernel.rules import move
from derive.language import Bra, Equation, Function, Index, Ket, Level, LevelSum, Operator, Trace
from derive.lower import lower
from derive.second.replay import replay_second
from planted.statement import H, V, delta
from posing import infer_posed

P = Operator("P", ())
f, p = Function("f"), Function("p")
n = Index("n")


def element(operator):
    return Bra(n) * operator * Ket(n)


NOTHING, ALIKE, LEVELS = (element(P), 0), (element(P), element(V)), (element(P), Level(n))
CLAIMS = {
    "the trace": ((Trace(P), 0), NOTHING, "valid"),
    "with a function of H": ((Trace(f(H) * P), 0), NOTHING, "valid"),
    "the moment": ((Trace(delta * P), 0), NOTHING, "valid"),
    "of two operators": ((Trace(f(H) * P), Trace(f(H) * V)), ALIKE, "valid"),
    "of two operators, a sign": ((Trace(f(H) * P), -Trace(f(H) * V)), ALIKE, "invalid"),
    "of the levels": ((Trace(P), Trace(H)), LEVELS, "valid"),
    "of the levels, with a function": ((Trace(f(H) * P), Trace(f(H) * H)), LEVELS, "valid"),
    "beside what is not diagonal": ((Trace(P * V), 0), NOTHING, "invalid"),
    "squares": ((Trace(P * P), Trace(H * H)), LEVELS, "invalid"),
    "a sum is not its terms": (NOTHING, (LevelSum(n, element(P)), 0), "invalid"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_what_holds_at_each_level_holds_of_the_sum(name):
    claim, premise, verdict = CLAIMS[name]
    found = infer_posed(claim, premise)
    assert found.verdict == verdict, found.reason
    replay(found.certificate or found.countermodel)
    assert replay_second(found.certificate or found.countermodel)


def test_what_stands_at_no_level_is_not_summed():
    (residual,) = (lower(side) for side in Equation(*ALIKE).args[:1])
    assert move(residual, ["levels", "n"], []) == ("lsum", "n", residual)
    for other in (residual, ("lsum", "n", residual)):
        with pytest.raises(Malformed, match="levels: expected a level at which the equation stands"):
            move(other, ["levels", "m" if other is residual else "n"], [])
