"""What a residual of a few levels may refute: identities, but neither limits nor rules of procedure."""

import pytest

from derive.language import Average, D, Equation, Heisenberg, Integral, Level, Trace
from derive.verdicts import TRUTH_ORDER, Truth
from judging import JAIN, truth_of, truths
from model_case import E, H, Sigma, X, delta, dH, eps, g, hbar, n, rho, rhos, s, t, tau, u
from numeric.kinds import NOT_OF_RULES, as_rule, of_a_limit
from numeric.recognise import Definition
from numeric.truth import LIMIT_OPEN

flowing = Heisenberg(dH, s, hbar)
memory = Integral(flowing, s, -t, 0)


@pytest.mark.parametrize(
    ("equation", "speaks"),
    [
        (Equation(Trace(dH * flowing), 1), True),
        (Equation(Average(dH * memory, E), 0), True),
        (Equation(Trace(g(H) * Integral(dH, s, -t, 0)), 0), True),
        (Equation(Integral(u, s), 1), True),
        (Equation(flowing, dH), False),  # of operators: at every size and time
        (Equation(memory, 0), False),
        (Equation(D(Sigma, tau), D(u, E)), False),
        (Equation(Integral(Trace(delta * dH), E), 1), False),
        (Equation(Trace(X), Integral(Sigma * Average(X, E), E)), False),
    ],
    ids=range(9),
)
def test_correlations_and_endless_times_speak_of_a_limit(equation, speaks):
    assert of_a_limit(equation, {}) is speaks


def test_definitions_are_opened():
    definition = Definition("1", 0, u.function, (E, tau), Average(dH * flowing, E))
    equation = Equation(D(Sigma * u, E), 0)
    assert not of_a_limit(equation, {})
    assert of_a_limit(equation, {u.function: definition})


@pytest.mark.parametrize(
    "claim",
    [
        Equation(Trace(g(H) * dH * Integral(dH, s, -t, 0)), 0),
        Equation(Trace(dH * Heisenberg(dH, s, hbar)), Trace(dH * dH)),
    ],
    ids=range(2),
)
def test_no_limit_fails_for_a_residual_at_finite_size(claim):
    truth = truth_of(claim)
    assert truth.verdict != "fails" or truth.limit
    if truth.verdict == "undecided":
        assert LIMIT_OPEN in truth.reason


def test_an_identity_still_fails():
    assert truth_of(Equation(memory, Integral(flowing, s, 0, t))).verdict == "fails"
    assert truth_of(Equation(Trace(delta * dH), Trace(delta))).verdict == "fails"


# Roles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", TRUTH_ORDER)
@pytest.mark.parametrize("role", ["claim", "condition", "postulate", "definition", *NOT_OF_RULES])
def test_role_changes_what_is_undecided_and_never_to_a_pass(role, verdict):
    shown = as_rule(role, Truth(verdict, "why")).verdict
    assert shown in (verdict, "not-applicable")
    if role not in NOT_OF_RULES:
        assert shown == verdict
    if verdict == "undecided" and role in NOT_OF_RULES:
        assert shown == "not-applicable"


def test_procedure_is_judged_where_it_is_used():
    replaced = Equation(g(Level(n)), g(E))
    assert truth_of(replaced, role="procedure").verdict == "not-applicable"
    assert truth_of(replaced, role="claim").verdict == "fails"
    assert [x.verdict for x in truths(JAIN, "40")] == ["not-applicable"] * 2


def test_ansatz_with_dots_is_not_applicable_and_a_false_one_fails():
    assert truths(JAIN, "12")[0].verdict == "not-applicable"
    assert truth_of(Equation(rho, rhos[0] - eps * rhos[0]), role="ansatz").verdict == "fails"
