"""exp(-beta H) as a function of H that is -beta times itself when it is differentiated, under a trace that a drive moves."""

import pytest

from derive.kernel.replay import replay
from derive.language import ENERGY, D, Function, Parameter, Trace
from derive.second.replay import replay_second
from planted.statement import H0, H, V, dH, tau
from posing import infer_posed

beta = Parameter("beta", ENERGY**-1)
ex, Z = Function("ex"), Function("Z")(tau)
BOLTZMANN = (ex.partial(1)(H), -beta * ex(H))
DRIVE, SUM = (H, H0 + tau * V), (Z, Trace(ex(H)))

CLAIMS = {
    "the sum, by the speed of H": ((D(Z, tau), -beta * Trace(ex(H) * dH)), "valid"),
    "the sum, by V": ((D(Z, tau), -beta * Trace(ex(H) * V)), "valid"),
    "the sum, without a trace of V": ((D(Z, tau), -beta * Z), "invalid"),
    "the sum, a sign": ((D(Z, tau), beta * Trace(ex(H) * V)), "invalid"),
    "the energy": ((D(Trace(ex(H) * H), tau), Trace(ex(H) * V) - beta * Trace(ex(H) * H * V)), "valid"),
    "the energy, without the work": ((D(Trace(ex(H) * H), tau), -beta * Trace(ex(H) * H * V)), "invalid"),
    "twice": ((D(Trace(ex(H) * ex(H)), tau), -2 * beta * Trace(ex(H) * ex(H) * V)), "valid"),
    "twice, a factor": ((D(Trace(ex(H) * ex(H)), tau), -beta * Trace(ex(H) * ex(H) * V)), "invalid"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_trace_of_what_a_drive_moves(name):
    claim, verdict = CLAIMS[name]
    found = infer_posed(claim, SUM, BOLTZMANN, DRIVE)
    assert found.verdict == verdict, found.reason
    replay(found.certificate or found.countermodel)
    assert replay_second(found.certificate or found.countermodel)
