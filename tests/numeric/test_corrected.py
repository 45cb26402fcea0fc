"""The corrected chain: every step of it true, none refuted, and nothing of it true without what it assumes."""

from dataclasses import replace
from fractions import Fraction

import pytest

from derive import load, prover
from derive.language import Chain, Equation, Product
from judging import SEED
from numeric.truth import judge

CORRECTED = load("jain_corrected")
OURS = tuple(step.label for step in CORRECTED if step.label not in load("jain"))
TRUE = ("exact", "asymptotic", "not-applicable")


@pytest.mark.parametrize("label", [*OURS, "41", *(prose.label for prose in CORRECTED.prose)])
def test_every_new_step_and_every_assumption_of_a_limit_is_true(label):
    found = [truth.verdict for truth in judge(CORRECTED, label, {}, SEED)]
    assert set(found) <= set(TRUE)
    assert set(found) != {"not-applicable"}


@pytest.mark.parametrize("label", [*OURS, "27", "41"])
def test_every_new_step_follows(label):
    found = [one.verdict for one in prover.infer(CORRECTED, label, {}, seconds=60)]
    assert set(found) <= {"valid", "conditional", "not-applicable"}


@pytest.mark.parametrize(
    ("label", "link", "assumption"),
    [("C4", 0, "nearby levels, g"), ("41", 1, "memory has faded"), ("41", 1, "nor has it later weight")],
)
def test_an_assumption_is_necessary(label, link, assumption):
    """Without it nothing certifies the step."""
    kept = tuple(one for one in CORRECTED.assumptions if one.name != assumption)
    assert len(kept) == len(CORRECTED.assumptions) - 1
    whole = prover.infer(CORRECTED, label, {}, seconds=60)[link]
    assert (whole.verdict, assumption in whole.assumptions) == ("conditional", True)
    without = prover.infer(replace(CORRECTED, assumptions=kept), label, {}, seconds=60)[link]
    assert without.verdict in ("undecided", "invalid")


@pytest.mark.parametrize("factor", [2, -1, Fraction(1, 2)])
@pytest.mark.parametrize("label", ["C10", "C13"])
def test_other_coefficients_are_false(label, factor):
    claim = CORRECTED[label].claim
    *others, flux = claim.rhs.args if label == "C13" else (claim.rhs,)
    right = sum(others, Product(factor, flux))
    changed = CORRECTED.with_claim(label, Equation(claim.lhs, right, modulo=claim.modulo))
    assert judge(changed, label, {}, SEED)[0].verdict == "fails"


def test_nothing_of_the_paper_after_29_is_used():
    """No step rests on a step of the paper that is not kept here; what keeps its number is what the paper prints."""
    paper = load("jain")
    for step in CORRECTED:
        if step.label in paper and step.label not in ("27", "35", "41", "46"):
            assert step.claim == paper[step.label].claim
    for label in ("35", "41", "46"):  # their definitions alone
        printed = paper[label].claim
        links = printed.links if isinstance(printed, Chain) else (printed,)
        ours = CORRECTED[label].links[0]
        assert any((one.lhs, one.rhs) == (ours.lhs, ours.rhs) for one in links)
