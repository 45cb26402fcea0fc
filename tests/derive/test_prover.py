"""Inference verdicts: the paper's first half as printed and under each reading, changed definitions, small derivations.

A positive verdict comes with a certificate and an invalid one with a countermodel or loop; both must replay.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings

import derive
from derive import Assumption, Derivation, Step
from derive.kernel.replay import replay
from derive.language import (
    Commutator,
    Coordinate,
    D,
    Equation,
    Function,
    Hamiltonian,
    ModuloDerivative,
    Operator,
    Product,
    SimpleSpectrum,
    Trace,
    subexpressions,
)
from derive.prover import choices_of, infer
from strategies import small_derivations

JAIN = derive.load("jain")
PRINTED = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
POSITIVE = ("valid", "conditional")


def verdicts(derivation, label, **choices):
    found = infer(derivation, label, {**PRINTED, **choices} if derivation.readings else {})
    for one in found:
        if one.verdict in POSITIVE:
            assert one.certificate is not None
            replay(one.certificate)
            assert (one.verdict == "conditional") == bool(one.assumptions)
        if one.verdict == "invalid":
            assert one.countermodel is not None
            assert one.certificate is None
            replay(one.countermodel)
    return found


# the paper's equations, as printed

EXPECTED = {
    "4": "conditional",
    "6": "valid",
    "14": "valid",
    "15": "valid",
    "16": "conditional",
    "17": "valid",
    "18": "valid conditional",
    "19": "valid valid not-applicable valid",
    "21": "conditional",
    "22": "conditional",
    "24": "conditional",
    "25": "conditional",
    "28": "valid",
    "49": "conditional conditional valid valid valid",
    "50": "valid valid valid",
}


@pytest.mark.parametrize("label", EXPECTED)
def test_as_printed(label):
    assert " ".join(one.verdict for one in verdicts(JAIN, label)) == EXPECTED[label]


ASSUMED = {
    "4": {"normalised initial state"},
    "16": {"simple spectrum"},
    "18": {"no secular growth of rho_1"},
    "21": {"nonzero density of states"},
    "24": {"nonzero density of states"},
    "25": {"nonzero density of states"},
}
PREMISES = {
    "4": {"3", "10"},
    "6": {"4", "5"},
    "14": {"10", "12"},
    "16": {"14"},
    "17": {"15"},
    "21": {"20"},
    "22": {"18.2", "19.1", "20"},
    "24": {"19.1", "20", "23"},
}


@pytest.mark.parametrize("label", ASSUMED)
def test_what_is_assumed(label):
    assert set().union(*(one.assumptions for one in verdicts(JAIN, label))) == ASSUMED[label]


@pytest.mark.parametrize("label", PREMISES)
def test_what_it_rests_on(label):
    named = {p for one in verdicts(JAIN, label) for p in one.premises} - ASSUMED.get(label, set())
    assert named == PREMISES[label]
    (one,) = verdicts(JAIN, label)
    for premise in PREMISES[label]:
        assert f"({premise})" in one.reason


@pytest.mark.parametrize("label", ASSUMED)
def test_each_assumption_is_needed(label):
    dropped = {*ASSUMED[label], "nonempty window"}  # a window that holds levels says the same of the density of states
    without = replace(JAIN, assumptions=tuple(a for a in JAIN.assumptions if a.name not in dropped))
    assert not all(one.verdict in (*POSITIVE, "not-applicable") for one in verdicts(without, label))


@pytest.mark.parametrize("label", ["4", "17", "24"])
def test_each_citation_is_needed(label):
    """Without what it cites, a step does not become valid: it is invalid, undecided, or conditional on the missing citation."""
    steps = tuple(replace(step, cites=()) if step.label == label else step for step in JAIN)
    for one in verdicts(replace(JAIN, steps=steps), label):
        assert one.verdict != "valid"
        assert one.verdict != "conditional" or any("citation of" in a for a in one.assumptions)


# readings

READINGS_31 = {
    ("operator", "operator"): "invalid",
    ("operator", "function"): "invalid",
    ("trace", "operator"): "invalid",
    ("trace", "function"): "invalid",
    ("trace modulo", "operator"): "invalid",
    ("trace modulo", "function"): "valid",
}
READINGS_33 = {
    ("H", "every test function"): "invalid",
    ("H", "under the integral"): "invalid",
    ("E", "every test function"): "invalid",
    ("E", "under the integral"): "valid",
}


@pytest.mark.parametrize("reading", READINGS_31, ids=" ".join)
def test_31(reading):
    (one,) = verdicts(JAIN, "31", **{"equation (31)": reading[0], "Phi": reading[1]})
    assert one.verdict == READINGS_31[reading]
    assert (one.countermodel or {}).get("kind", "") == (
        "" if one.verdict == "valid" else "loop" if "modulo" in reading[0] else "countermodel"
    )


@pytest.mark.parametrize("reading", READINGS_33, ids=" ".join)
def test_33(reading):
    (one,) = verdicts(JAIN, "33", **{"rho0' of": reading[0], "equation (33)": reading[1]})
    assert one.verdict == READINGS_33[reading]


def test_readings_out_of_reach_change_nothing():
    assert set(choices_of(JAIN, "33")) == {"rho0' of", "equation (33)"}
    one = verdicts(JAIN, "33")
    other = verdicts(JAIN, "33", **{"u of": "E", "window": "counted", "p1": "homogeneous"})
    assert [x.verdict for x in one] == [x.verdict for x in other]


@pytest.mark.parametrize("assignment", [{}, {"equation (33)": "under the integral"}, {**PRINTED, "equation (33)": "loudly"}])
def test_an_unknown_or_missing_reading_is_undecided_with_the_reason(assignment):
    (one,) = infer(JAIN, "33", assignment)
    assert one.verdict == "undecided"
    assert "expected one of" in one.reason
    assert one.certificate is one.countermodel is None


# changed definitions


def changed(label, number, change, alone=()):
    """The paper with a link changed; the steps in `alone` do not cite (49) or (7), which contradict the change."""
    step = JAIN[label]
    links = list(step.links)
    links[number] = change(links[number])
    copy = JAIN.with_claim(label, links[0] if len(links) == 1 else step.claim.func(*links))
    cut = {name: tuple(c for c in copy[name].cites if c not in ("49", "7")) for name in alone}
    return replace(copy, steps=tuple(replace(s, cites=cut.get(s.label, s.cites)) for s in copy))


def right_times(factor):
    return lambda link: Equation(link.lhs, Product(factor, link.rhs), link.role, link.modulo)


def one_verdict(derivation, label):
    return verdicts(derivation, label)[0].verdict


def test_24_falls_with_the_sign_of_u():
    wrong = changed("23", 0, right_times(-1), alone=("24",))
    assert one_verdict(wrong, "24") == "invalid"
    assert one_verdict(wrong, "49") == "invalid"  # its first equality
    assert verdicts(wrong, "19")[1].verdict == "valid"


def test_24_bears_a_factor_in_sigma_only_with_the_same_in_the_average():
    """With Sigma twice Tr(delta), the product Sigma u is Tr(dH delta) still, and half of what (24) needs."""
    doubled = changed("19", 0, right_times(2), alone=("24",))
    assert verdicts(doubled, "19")[0].verdict == "invalid"  # against (7), the first definition
    assert one_verdict(doubled, "24") == "invalid"
    both = replace(doubled, steps=changed("20", 0, right_times(2), alone=("24",)).steps)
    both = both.with_claim("19", doubled["19"].claim)
    assert one_verdict(both, "24") == "conditional"


def test_a_contradiction_among_the_premises_proves_nothing():
    """(24) cites (49), which contradicts a u of the other sign; no model holds both, so nothing is valid."""
    assert one_verdict(changed("23", 0, right_times(-1)), "24") not in POSITIVE
    assert one_verdict(changed("19", 0, right_times(2)), "24") not in POSITIVE


def test_21_and_24_fall_with_the_normalisation_of_the_average():
    wrong = changed("20", 0, right_times(2), alone=("24",))
    assert one_verdict(wrong, "21") == "invalid"
    assert one_verdict(wrong, "24") == "invalid"


def test_17_loses_15_with_its_sign():
    wrong = changed("15", 0, right_times(-1))
    assert one_verdict(wrong, "15") == "invalid"
    (one,) = verdicts(wrong, "17")
    assert "15" not in one.premises or one.verdict == "invalid"
    assert one.verdict != "valid"


# small derivations


@settings(max_examples=40)
@given(small_derivations())
def test_small_derivations_are_judged_right(drawn):
    derivation, right = drawn
    (one,) = verdicts(derivation, "claim")
    held = one.verdict in POSITIVE
    assert one.verdict in ("valid", "invalid")
    assert held or not right
    if held and not right:  # twice nothing is nothing: a trace of a commutator
        assert any(isinstance(part, Commutator | Trace) for part in subexpressions(derivation["claim"].claim))


E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
H, f = Hamiltonian("H", tau), Function("f")
Y, Z, K = Operator("Y", (t, tau)), Operator("Z", (t, tau)), Operator("K")
SIMPLE = Assumption("simple", "The levels are distinct.", SimpleSpectrum(H))
MOVING = Step("H", "postulate", Equation(H, Operator("H0") + tau * Operator("V")))


def judged(label, *steps):
    return verdicts(Derivation("own", "", "", (MOVING, *steps), assumptions=(SIMPLE,)), label)[0].verdict


def commutes(label, operator):
    return Step(label, "postulate", Equation(Commutator(operator, H), 0))


def test_what_commutes_with_a_simple_h_is_a_function_of_it():
    g = Function("g", 3)
    assert judged("2", commutes("1", Y), Step("2", "claim", Equation(Y, g(H, t, tau)), cites=("1",))) == "conditional"


def test_a_function_of_h_alone_does_not_know_the_time():
    assert judged("2", commutes("1", Y), Step("2", "claim", Equation(Y, f(H)), cites=("1",))) not in POSITIVE


def test_one_new_function_does_not_name_two_operators():
    g = Function("g", 3)
    steps = (
        commutes("1", Y),
        commutes("2", Z),
        Step("3", "claim", Equation(Y, g(H, t, tau)), cites=("1",)),
        Step("4", "claim", Equation(Z, g(H, t, tau)), cites=("2",)),
    )
    assert judged("3", *steps) == "conditional"
    assert judged("4", *steps) not in POSITIVE


CONSTANT_K = {
    "d Tr(K H^3)": Trace(K * (D(H, tau) * H * H + H * D(H, tau) * H + H * H * D(H, tau))),
    "half of d Tr(K H K H)": Trace(K * H * K * D(H, tau)),
    "half of d Tr(K H)^2": Trace(K * H) * Trace(K * D(H, tau)),
}


@pytest.mark.parametrize("name", CONSTANT_K)
def test_a_loop_holds_constant_operators_fixed(name):
    step = Step("1", "claim", Equation(CONSTANT_K[name], 0, modulo=ModuloDerivative(tau)))
    assert judged("1", step) != "invalid"


def test_a_loop_refutes_what_is_no_derivative():
    step = Step("1", "claim", Equation(Trace(f(H) * D(H, tau)) * Trace(H), 0, modulo=ModuloDerivative(tau)))
    assert judged("1", step) == "invalid"
