"""What is said of a state as a whole, and of the terms of its series, from one equation of motion in any of its forms."""

import pytest

from derive import Derivation, Step
from derive.kernel.errors import Refused
from derive.kernel.replay import replay, sealed
from derive.kernel.terms import to_json
from derive.language import (
    SLOW,
    TIME,
    Commutator,
    Continuation,
    D,
    Equation,
    Family,
    Operator,
    Parameter,
    Trace,
    subexpressions,
)
from derive.lower import lower
from derive.prover import infer
from planted.statement import H, I, hbar, t, tau

eps = Parameter("eps", SLOW / TIME)
r = Family("rho_", (t, tau), unit=SLOW / TIME)
rho = Operator("rho", (t,))
SERIES = Equation(rho, r[0] + eps * r[1] + Continuation(r, eps, 2))
MOTION = {
    "von Neumann": Equation(I * hbar * D(rho, t), Commutator(H, rho)),
    "solved": Equation(D(rho, t), -I / hbar * Commutator(H, rho)),
    "with hbar": Equation(hbar * D(rho, t), -I * Commutator(H, rho)),
    "with a sign": Equation(-D(rho, t), I / hbar * Commutator(H, rho)),
}


def judged(claim, *premises):
    steps = [
        Step(f"P{k}", "ansatz" if any(isinstance(x, Continuation) for x in subexpressions(p)) else "postulate", p)
        for k, p in enumerate(premises)
    ]
    steps.append(Step("C", "claim", claim, cites=tuple(step.label for step in steps)))
    (found,) = infer(Derivation(name="posed", title="posed", source="tests", steps=tuple(steps)), "C", {}, seconds=20)
    return found


@pytest.mark.parametrize("form", MOTION)
def test_an_equation_follows_from_itself_beside_a_series(form):
    found = judged(MOTION[form], MOTION[form], SERIES)
    assert found.verdict == "valid", found.reason


@pytest.mark.parametrize("form", MOTION)
@pytest.mark.parametrize("series", [(), (SERIES,)], ids=["alone", "beside a series"])
def test_the_state_as_a_whole_keeps_its_norm(form, series):
    assert judged(Equation(D(Trace(rho), t), 0), MOTION[form], *series).verdict == "valid"
    assert judged(Equation(D(Trace(rho * rho), t), 0), MOTION[form], *series).verdict == "valid"
    found = judged(Equation(D(Trace(rho), t), 1), MOTION[form], *series)
    assert found.verdict == "invalid"
    replay(found.countermodel)


@pytest.mark.parametrize("form", MOTION)
def test_the_hierarchy_comes_out_of_any_form(form):
    true = Equation(D(r[1], t), -I / hbar * Commutator(H, r[1]) - D(r[0], tau))
    false = Equation(D(r[1], t), -I / hbar * Commutator(H, r[1]) + D(r[0], tau))
    assert judged(true, MOTION[form], SERIES).verdict == "valid"
    assert judged(Equation(D(Trace(r[1]), t), -D(Trace(r[0]), tau)), MOTION[form], SERIES).verdict == "valid"
    found = judged(false, MOTION[form], SERIES)
    assert found.verdict == "invalid"
    replay(found.countermodel)


def test_a_state_at_rest_and_one_that_decays():
    assert judged(Equation(D(r[1], t), -D(r[0], tau)), Equation(D(rho, t), 0), SERIES).verdict == "valid"
    assert judged(Equation(D(r[1], t), -D(r[0], tau) - r[0]), Equation(D(rho, t), -eps * rho), SERIES).verdict == "valid"
    assert judged(Equation(D(r[1], t), -D(r[0], tau) + r[0]), Equation(D(rho, t), -eps * rho), SERIES).verdict == "invalid"


def test_a_state_and_its_terms_together_are_asked_of_no_model():
    found = judged(Equation(Trace(rho), Trace(r[0])), MOTION["von Neumann"], SERIES)
    assert found.verdict == "undecided"


def as_json(equation):
    return [to_json(lower(side)) for side in equation.args[:2]]


@pytest.mark.parametrize(
    ("claim", "rewrites", "complaint"),
    [
        (Equation(Trace(rho), 0), [], "as a whole, of which a premise is a series"),
        (Equation(Trace(r[0]), 0), [0], "a premise fixes rho"),
    ],
)
def test_a_countermodel_beside_a_series_is_refused(claim, rewrites, complaint):
    made = judged(Equation(D(Trace(rho), t), 1), MOTION["solved"]).countermodel
    series = {"name": "S", "equation": as_json(SERIES), "forms": []}
    motion = {"name": "M", "equation": as_json(MOTION["solved"]), "forms": [[]]}
    forged = {**made, "claim": as_json(claim), "premises": [motion, series], "rewrites": rewrites}
    del forged["digest"]
    with pytest.raises(Refused, match=complaint):
        replay(sealed(forged))
