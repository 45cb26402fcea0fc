"""Theta(-x) = 1 - Theta(x): a step that falls with the energy is one less a step that rises."""

import pytest

from derive.kernel.replay import replay
from derive.language import Coordinate, D, Delta, Function, Theta, Trace
from planted.statement import E, H, dH, tau
from posing import infer_posed

a = Coordinate("a", "energy")
above = Function("Nabove", 2)(E, tau)
COUNTED = (above, Trace(Theta(H - E)))

TRUE = {
    "of an operator": ((Theta(H - E), 1 - Theta(E - H)),),
    "of a number": ((Theta(a - E), 1 - Theta(E - a)),),
    "never both": ((Theta(E - H) * Theta(H - E), 0),),
    "with a factor": ((Theta(2 * H - 2 * E), Theta(H - E)),),
    "its slope": ((D(Theta(H - E), E), -Delta(E - H)),),
    "levels above": ((D(above, E), -Trace(Delta(E - H))), COUNTED),
    "levels that come from below": ((D(above, tau), Trace(Delta(E - H) * dH)), COUNTED),
    "all levels": ((above + Trace(Theta(E - H)), Trace(1 + 0 * H)), COUNTED),
}
FALSE = {
    "as if it rose": ((Theta(H - E), Theta(E - H)),),
    "always both": ((Theta(E - H) * Theta(H - E), 1),),
    "its slope": ((D(Theta(H - E), E), Delta(E - H)),),
    "levels above": ((D(above, E), Trace(Delta(E - H))), COUNTED),
    "levels that come from below": ((D(above, tau), -Trace(Delta(E - H) * dH)), COUNTED),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_of_a_falling_step_follows(name):
    found = infer_posed(*TRUE[name])
    assert found.verdict == "valid", found.reason
    replay(found.certificate)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_of_a_falling_step_is_refuted(name):
    found = infer_posed(*FALSE[name])
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)
