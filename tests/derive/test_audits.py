"""Audits of the paper's evolution equations and of many changed ones: the answers follow the encoding."""

from dataclasses import replace
from fractions import Fraction

import pytest

import derive
from derive.audits import QUESTIONS, VERDICTS, Audit, audit, check_audit
from derive.kernel.errors import KernelError
from derive.kernel.replay import sealed
from derive.language import (
    Chain,
    Coordinate,
    D,
    Delta,
    Equation,
    Function,
    Hamiltonian,
    Imaginary,
    Integral,
    ModuloPower,
    Parameter,
    Trace,
    subexpressions,
)

JAIN = derive.load("jain")
CLASSICAL = derive.load("smoluchowski")
HALF = Fraction(1, 2)


def named(derivation, kind, name):
    return next(p for s in derivation for p in subexpressions(s.claim) if isinstance(p, kind) and p.name == name)


E, t, tau = (named(JAIN, Coordinate, name) for name in ("E", "t", "tau"))
eps, hbar = (named(JAIN, Parameter, name) for name in ("eps", "hbar"))
H = named(JAIN, Hamiltonian, "H")
Sigma, u, G2 = (named(JAIN, Function, name)(E, tau) for name in ("Sigma", "u", "G2"))
eta = named(JAIN, Function, "eta")(E, t)
p0, p1 = named(JAIN, Function, "p0")(E, tau), named(JAIN, Function, "p1")(E, t, tau)
h = eta / Sigma


# Certificates that hold nothing but the equation and the hypotheses
ALONE = ("carried", "stationary", "positive", "entropy", "real", "homogeneous", "Hermitian")


def verdicts(derivation, label):
    found = {one.question: one for one in audit(derivation, [label.partition(".")[0]]) if one.label == label}
    return {question: one.verdict for question, one in found.items()}


def check_evidence(found):
    """Every yes has a certificate and every no a countermodel that the kernel accepts; nothing else has any."""
    answered = {(one.label, one.question): one.verdict for one in found}
    for one in found:
        assert (one.certificate is not None) == (one.verdict == "yes"), one.reason
        assert (one.countermodel is not None) == (one.verdict == "no"), one.reason
        evidence = one.certificate or one.countermodel
        assert evidence is None or check_audit(evidence) == (one.question, one.verdict)
        assert one.reason.endswith((".", ")"))
        for kind in ALONE if one.verdict == "no" else ():  # the same equation with the opposite certificate
            try:
                shown = check_audit(sealed({**{k: v for k, v in evidence.items() if k != "digest"}, "kind": kind}))
            except KernelError:
                continue
            assert answered[one.label, shown[0]] == "yes"


# As printed ---------------------------------------------------------------------------------------------

PRINTED = {
    "24": "norm form positive real dimensions",
    "25": "norm carried form positive entropy real dimensions",
    "44.2": "norm carried form positive entropy real dimensions",
    "45.2": "-norm carried stationary -form -positive real dimensions",
    "47": "-norm carried stationary -form positive -entropy real dimensions",
}
SHORT = {"form": "diffusion form", "positive": "positivity", "real": "reality"}


def words(found):
    """{question: verdict} from `norm -form`: the rest does not apply."""
    answers = dict.fromkeys(QUESTIONS, "not-applicable")
    for word in found.split():
        name = word.lstrip("-?")
        answers[SHORT.get(name, name)] = {"-": "no", "?": "undecided"}.get(word[0], "yes")
    return answers


@pytest.mark.parametrize("label", PRINTED)
def test_the_paper(label):
    assert verdicts(JAIN, label) == words(PRINTED[label])


def test_the_classical_equation_has_no_fault():
    assert verdicts(CLASSICAL, "6") == words("norm carried stationary form positive entropy real dimensions")


@pytest.mark.parametrize("derivation", [JAIN, CLASSICAL], ids=lambda d: d.name)
def test_every_answer_has_evidence_that_replays(derivation):
    found = audit(derivation)
    check_evidence(found)
    assert {one.verdict for one in found} >= {"yes"}
    assert not any(one.verdict == "undecided" for one in found)


def test_equations_are_found_by_form_and_not_by_label():
    """Relabelled, the same equations get the same answers."""
    names = {step.label: f"x{place}" for place, step in enumerate(JAIN, 1)}
    steps = tuple(replace(s, label=names[s.label], cites=tuple(names[c] for c in s.cites)) for s in JAIN)
    prose = tuple(replace(p, cites=tuple(names[c] for c in p.cites)) for p in JAIN.prose)
    assumptions = tuple(replace(a, steps=tuple(names[s] for s in a.steps)) for a in JAIN.assumptions)
    renamed = replace(JAIN, steps=steps, prose=prose, assumptions=assumptions)
    mine, other = audit(JAIN), audit(renamed)
    assert [(a.question, a.verdict) for a in mine] == [(a.question, a.verdict) for a in other]
    assert {a.label.partition(".")[0].partition(" ")[0] for a in other} <= set(names.values())


def test_the_steps_asked_for_are_audited_and_no_others():
    assert {one.label for one in audit(JAIN, ["47", "44"])} == {"44.2", "47"}
    assert audit(JAIN, ["1"]) == ()


def test_the_order_is_that_of_the_derivation():
    places = {step.label: place for place, step in enumerate(JAIN)}
    found = [places[one.label.partition(" ")[0].partition(".")[0]] for one in audit(JAIN)]
    assert found == sorted(found)


# (47), changed ------------------------------------------------------------------------------------------

DRIFT = -eps * D(u * eta, E)
SPREAD = eps**2 * D(G2 * Sigma * D(h, E), E)
THIRD = eps**2 * HALF * Sigma * D(G2, E) * D(h, E)
FINE = "norm carried stationary form positive entropy real dimensions"

CHANGED_47 = {
    "third term dropped": (DRIFT + SPREAD, FINE),
    "the classical equation": (DRIFT + HALF * SPREAD, FINE),
    "the same, written out": (
        DRIFT + eps**2 * (G2 * Sigma * D(D(h, E), E) + D(G2 * Sigma, E) * D(h, E)),
        FINE,
    ),
    "two faults that cancel": (DRIFT + SPREAD + THIRD - THIRD, FINE),
    "third term negative": (DRIFT + SPREAD - THIRD, PRINTED["47"]),
    "third term doubled": (DRIFT + SPREAD + 2 * THIRD, PRINTED["47"]),
    "only the third term": (DRIFT + THIRD, "-norm carried stationary -form positive -entropy real dimensions"),
    "third term made a derivative": (
        DRIFT + SPREAD + eps**2 * HALF * D(Sigma * D(G2, E) * h, E),
        "norm carried -stationary form positive -entropy real dimensions",
    ),
    "diffusion backwards": (DRIFT - SPREAD, "norm carried stationary form -positive -entropy real dimensions"),
    "diffusion to eta": (
        DRIFT + eps**2 * D(G2 * D(eta, E), E),
        "norm carried -stationary form positive -entropy real dimensions",
    ),
    "drift reversed": (-DRIFT + SPREAD, "norm -carried stationary form positive -entropy real dimensions"),
    "drift doubled": (2 * DRIFT + SPREAD, "norm -carried stationary form positive -entropy real dimensions"),
    "drift dropped": (SPREAD, "norm -carried stationary form positive -entropy real dimensions"),
    "drift outside": (
        -eps * u * D(eta, E) + SPREAD,
        "-norm -carried stationary -form positive -entropy real dimensions",
    ),
    "no diffusion": (DRIFT, "norm carried form positive entropy real dimensions"),
    "a decay": (DRIFT + SPREAD - eps * D(u, E) * eta, "-norm -carried stationary -form positive -entropy real dimensions"),
    "a power of eps too few": (
        DRIFT + eps * D(G2 * Sigma * D(h, E), E),
        "norm -carried form positive entropy real -dimensions",
    ),
    "the wrong field": (
        DRIFT + eps**2 * D(u * Sigma * D(h, E), E),
        "norm carried stationary form -positive -entropy real -dimensions",
    ),
    "imaginary diffusion": (DRIFT + Imaginary() * SPREAD, "norm carried stationary form ?positive ?entropy -real dimensions"),
    "diffusion by a field that may vanish": (
        DRIFT + eps**2 * D(Sigma / G2 * D(h, E), E),
        "norm carried stationary form ?positive ?entropy real -dimensions",
    ),
    "complex diffusion": (DRIFT + (1 + Imaginary()) * SPREAD, "norm carried stationary form ?positive ?entropy -real dimensions"),
    "fourth order": (
        DRIFT - eps**2 * D(D(G2 * Sigma * D(D(h, E), E), E), E),
        "norm carried stationary -form -positive ?entropy real -dimensions",
    ),
}


@pytest.mark.parametrize("name", CHANGED_47)
def test_the_answers_follow_the_result(name):
    right, expected = CHANGED_47[name]
    changed = JAIN.with_claim("47", Equation(D(eta, t), right, modulo=ModuloPower(eps, 3)))
    assert verdicts(changed, "47") == words(expected)
    check_evidence(audit(changed, ["47"]))


@pytest.mark.parametrize("side", ["left", "sum"])
def test_the_side_a_term_stands_on_is_of_no_matter(side):
    moved = {"left": Equation(D(eta, t) - DRIFT, SPREAD + THIRD), "sum": Equation(0, SPREAD - D(eta, t) + THIRD + DRIFT)}
    assert verdicts(JAIN.with_claim("47", moved[side]), "47") == words(PRINTED["47"])


def test_the_reason_names_the_term_that_spoils_the_norm():
    (norm,) = (one for one in audit(JAIN, ["47"]) if one.question == "norm")
    assert "term 3 of the right side" in norm.reason
    changed = JAIN.with_claim("47", Equation(D(eta, t), THIRD + DRIFT + SPREAD))
    assert "term 1 of the right side" in next(one.reason for one in audit(changed, ["47"]) if one.question == "norm")


# (45), changed ------------------------------------------------------------------------------------------

FLOW_45 = D(p1 * Sigma, tau) + D(u * p1 * Sigma, E)
SPREAD_45, FOURTH = D(Sigma * G2 * D(p0, E), E), HALF * Sigma * D(p0, E) * D(G2, E)
KEPT = "norm carried stationary -form -positive real dimensions"

CHANGED_45 = {
    "fourth term dropped": (FLOW_45 - SPREAD_45, KEPT),
    "fourth term negative": (FLOW_45 - SPREAD_45 + FOURTH, PRINTED["45.2"]),
    "fourth term doubled": (FLOW_45 - SPREAD_45 - 2 * FOURTH, PRINTED["45.2"]),
    "third term dropped": (FLOW_45 - FOURTH, PRINTED["45.2"]),
    "half the diffusion": (FLOW_45 - HALF * SPREAD_45, KEPT),
    "fourth term made a derivative": (
        FLOW_45 - SPREAD_45 - HALF * D(Sigma * p0 * D(G2, E), E),
        "norm carried -stationary -form -positive real dimensions",
    ),
    "p0 Sigma spreads": (
        FLOW_45 - D(G2 * D(Sigma * p0, E), E),
        "norm carried -stationary -form -positive real dimensions",
    ),
    "the flow reversed": (
        D(p1 * Sigma, tau) - D(u * p1 * Sigma, E) - SPREAD_45,
        "norm -carried stationary -form -positive real dimensions",
    ),
    "the flow outside": (
        D(p1 * Sigma, tau) + u * D(p1 * Sigma, E) - SPREAD_45,
        "-norm -carried stationary -form -positive real dimensions",
    ),
    "no source": (FLOW_45, "norm carried form positive entropy real dimensions"),
    "p1 spreads": (
        FLOW_45 - D(Sigma * G2 * D(p1, E), E),
        "norm -carried form positive entropy real -dimensions",
    ),
}


@pytest.mark.parametrize("name", CHANGED_45)
def test_the_answers_follow_the_equation_of_p1(name):
    left, expected = CHANGED_45[name]
    links = JAIN["45"].links
    changed = JAIN.with_claim("45", Chain(links[0], Equation(left, 0)))
    assert verdicts(changed, "45.2") == words(expected)
    check_evidence(audit(changed, ["45"]))


# (44), changed ------------------------------------------------------------------------------------------

RATE_44 = D(p0 * Sigma, tau)
CHANGED_44 = {
    "the flow reversed": (RATE_44 - D(u * p0 * Sigma, E), "norm -carried form positive -entropy real dimensions"),
    "the flow outside": (RATE_44 + u * D(p0 * Sigma, E), "-norm -carried -form positive -entropy real dimensions"),
    "only p0 flows": (RATE_44 + Sigma * D(u * p0, E), "-norm -carried -form positive -entropy real dimensions"),
    "Sigma outside the rate": (
        Sigma * D(p0, tau) + D(u * p0 * Sigma, E),
        "-norm -carried -form positive -entropy real dimensions",
    ),
    "carried, written out": (
        Sigma * D(p0, tau) + Sigma * u * D(p0, E),
        "norm carried form positive entropy real dimensions",
    ),
    "without u": (RATE_44 + D(p0 * Sigma, E), "norm -carried form positive -entropy real -dimensions"),
}


@pytest.mark.parametrize("name", CHANGED_44)
def test_the_answers_follow_the_equation_of_p0(name):
    left, expected = CHANGED_44[name]
    changed = JAIN.with_claim("44", Chain(JAIN["44"].links[0], Equation(left, 0)))
    assert verdicts(changed, "44.2") == words(expected)
    check_evidence(audit(changed, ["44"]))


# What the answers rest on -------------------------------------------------------------------------------


def test_the_carrier_is_the_derivations_own():
    """With (24) reversed, (47) no longer carries it; without it, the question cannot be put."""
    reversed_flow = JAIN.with_claim("24", Equation(D(Sigma, tau), D(Sigma * u, E)))
    assert verdicts(reversed_flow, "47")["carried"] == "no"
    growing = JAIN.with_claim("24", Equation(D(Sigma, tau) + u * D(Sigma, E), 0))
    assert {verdicts(growing, "47")[q] for q in ("carried", "stationary", "entropy")} == {"not-applicable"}


def test_the_sign_of_the_diffusion_comes_from_its_definition():
    link = JAIN["41"].links[1]
    assert isinstance(link.rhs, Integral)
    links = list(JAIN["41"].links)
    links[1] = Equation(link.lhs, -link.rhs, link.role)
    doubtful = verdicts(JAIN.with_claim("41", Chain(*links)), "47")
    assert doubtful["positivity"] == "no"  # a G2 of any sign
    assert doubtful["norm"] == "no"


def test_half_an_integral_of_an_autocorrelation_has_no_sign():
    """int_0^oo of a sampled C(s) may be negative; only over all times is it a spectral density."""
    link = JAIN["41"].links[1]
    links = list(JAIN["41"].links)
    links[1] = Equation(link.lhs, Integral(link.rhs.args[0], link.rhs.args[1], 0), link.role)
    assert verdicts(JAIN.with_claim("41", Chain(*links)), "47")["positivity"] == "no"


def test_a_trace_of_the_derivative_of_delta_has_no_sign():
    links = list(JAIN["19"].links)
    links[0] = Equation(Sigma, Trace(Delta(E - H, 1)), links[0].role)
    assert verdicts(JAIN, "47")["entropy"] == "no"
    assert verdicts(JAIN.with_claim("19", Chain(*links)), "47")["entropy"] == "undecided"


def test_no_logarithm_of_a_density_that_may_vanish():
    unsigned = replace(JAIN, assumptions=tuple(a for a in JAIN.assumptions if "density of states" not in a.name))
    found = {one.question: one for one in audit(unsigned, ["47"])}
    assert found["entropy"].verdict == "undecided"
    assert "positive" in found["entropy"].reason


def test_hypotheses_are_named():
    found = {one.question: one for one in audit(JAIN, ["47"])}
    assert "tau = eps t" in found["carried"].hypotheses
    assert any(h.startswith("(24)") for h in found["carried"].hypotheses)
    assert any(h.startswith("G2 >= 0") for h in found["positivity"].hypotheses)
    assert any("ends" in h for h in audit(CLASSICAL, ["6"])[0].hypotheses)


@pytest.mark.parametrize(
    "claim",
    [
        Equation(D(eta, t) ** 2, SPREAD),
        Equation(D(eta, t), eps * u * eta**2),
        Equation((1 + eta) * D(eta, t), SPREAD),
        Equation(D(D(eta, t), E), SPREAD),
        Equation(D(eta, t), D(D(eta, t), E)),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_undecided_and_says_why(claim):
    found = audit(JAIN.with_claim("47", claim), ["47"])
    asked = [one for one in found if one.question != "Hermiticity"]
    assert {one.verdict for one in asked} == {"undecided"}
    assert all("cannot be read" in one.reason for one in asked)


@pytest.mark.parametrize(
    "claim", [Equation(eta, Sigma), Equation(D(eta, E), u), Equation(eta, 0), Equation(D(eta, t), D(eta, t))]
)
def test_what_has_no_rate_is_not_audited(claim):
    assert audit(JAIN.with_claim("47", claim), ["47"]) == ()


@pytest.mark.parametrize(("question", "verdict"), [("norm", "good"), ("colour", "yes"), ("", "")])
def test_an_answer_is_one_of_those_that_there_are(question, verdict):
    with pytest.raises(ValueError, match="expected one of"):
        Audit("1", question, verdict, "because")
    assert verdict not in VERDICTS or question not in QUESTIONS
