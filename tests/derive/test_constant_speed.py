"""H = H0 + tau V between smooth fields: V is the speed of H, H0 what is left of it, and nothing accelerates."""

import pytest

from derive import Assumption, Derivation, Step
from derive.kernel import drives
from derive.kernel.errors import Refused
from derive.kernel.replay import replay
from derive.language import D, Equation, Function, Nonzero, Operator, Trace
from derive.prover import infer
from derive.second.germs import NoMeaning
from derive.second.replay import replay_second
from planted.statement import H0, E, H, V, delta, dH, tau

Sigma, u = (Function(name, 2, smooth=False)(E, tau) for name in ("Sigma", "u"))
DENSE = (Assumption("dense", "There are levels.", Nonzero(Trace(delta))),)
ddH = D(D(H, tau), tau)


def judged(claim, speed=V, drive=H0 + tau * V):
    premises = (Equation(H, drive), Equation(Sigma, Trace(delta)), Equation(u, Trace(delta * speed) / Sigma))
    steps = [Step(f"P{k}", "definition" if k else "postulate", premise) for k, premise in enumerate(premises)]
    steps.append(Step("C", "claim", Equation(*claim), cites=tuple(step.label for step in steps)))
    case = Derivation(name="posed", title="posed", source="tests", steps=tuple(steps), assumptions=DENSE)
    (found,) = infer(case, "C", {}, seconds=20)
    return found


TRUE = {
    "continuity": (D(Sigma, tau), -D(Sigma * u, E)),
    "what is left of H": (Trace(delta * H0) / Sigma, E - tau * u),
    "the speed": (Trace(delta * dH), Sigma * u),
}
FALSE = {
    "without the slope of u": (D(Sigma, tau) + u * D(Sigma, E), 0),
    "without the slope of Sigma": (D(Sigma, tau) + Sigma * D(u, E), 0),
    "u at rest": (D(u, tau), 0),
    "what is left of H": (Trace(delta * H0) / Sigma, E + tau * u),
    "a current that does not turn": (D(D(Sigma, tau), tau), -D(Sigma * D(u, tau), E)),
}


@pytest.mark.parametrize("speed", [V, dH], ids=["V", "dH"])
@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name, speed):
    found = judged(TRUE[name], speed)
    assert found.verdict == "conditional", found.reason
    assert found.assumptions == ("dense",)
    replay(found.certificate)
    assert replay_second(found.certificate)


@pytest.mark.parametrize("speed", [V, dH], ids=["V", "dH"])
@pytest.mark.parametrize("name", FALSE)
def test_it_is_refuted(name, speed):
    found = judged(FALSE[name], speed)
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)
    assert replay_second(found.countermodel)


ACCELERATED = (D(u, tau), Trace(delta * ddH) / Sigma)


def test_where_the_second_derivative_would_matter_nothing_is_refuted():
    assert judged(ACCELERATED, dH).verdict == "undecided"
    assert judged((Trace(delta * ddH) / Sigma, 0), dH).verdict != "invalid"


def test_both_checkers_refuse_a_point_that_speaks_of_it(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("derive.kernel.smooth.accelerates", lambda word: False)
        found = judged((2 * ACCELERATED[0], 2 * ACCELERATED[1]), dH)
    assert found.verdict == "invalid"
    with pytest.raises(Refused, match="its second derivative stands in a moment"):
        replay(found.countermodel)
    with pytest.raises(NoMeaning, match="second derivative of H"):
        replay_second(found.countermodel)


@pytest.mark.parametrize(
    "drive",
    [H0 + tau * tau * V, H0 - tau * V, H0 + tau * H0, H0 + tau * Operator("V", (tau,)), H0 * V + tau * V],
    ids=str,
)
def test_other_drives_say_nothing_of_that_kind(drive):
    from derive.lower import lower

    assert drives.constants_of((lower(H), lower(drive))) == []


def test_an_equation_for_h_that_is_not_read_refutes_nothing():
    assert judged(FALSE["u at rest"], dH, H0 + tau * tau * V).verdict == "undecided"
