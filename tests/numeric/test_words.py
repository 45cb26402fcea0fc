"""The claims of the paper in words: what their encodings say, and that the verdicts follow the encodings."""

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.language import Average, Equation, Product, Sum
from judging import JAIN, truths
from numeric.recognise import summands

CHOSEN = {"limits and sums": "restored"}
WORDS = {prose.label: prose for prose in JAIN.prose}


def verdict(label, claim=None, **choices):
    prose = WORDS[label] if claim is None else replace(WORDS[label], claim=claim)
    changed = replace(JAIN, prose=tuple(prose if p.label == label else p for p in JAIN.prose))
    return [truth.verdict for truth in truths(changed, label, **{**CHOSEN, **choices})]


def test_the_decay_is_fast_beside_t_q_and_not_beside_itself():
    claim = WORDS["W4"].claim
    t_q, t_c = claim.lhs.args
    assert verdict("W4") == ["asymptotic"]
    assert verdict("W4", Equation(Sum(t_c, Product(Fraction(1, 2), t_c)), t_c)) == ["fails"]
    assert verdict("W4", Equation(Sum(t_q, Product(Fraction(1, 4), t_q), t_c), t_q)) == ["fails"]


@pytest.mark.parametrize("label", ["W6", "W13"])
def test_the_classical_equation_holds_in_the_window(label):
    """So it is denied wrongly; with another diffusion coefficient it fails."""
    claim = WORDS[label].claim
    assert verdict(label) == ["asymptotic"]
    drift, half = summands(claim.rhs)
    for factor in (Fraction(3, 2), 2, -1):
        assert verdict(label, Equation(claim.lhs, Sum(drift, Product(factor, half)), modulo=claim.modulo)) == ["fails"]


def test_the_first_correction_does_not_grow():
    assert verdict("W10") == ["exact"]
    claim = WORDS["W10"].claim
    assert verdict("W10", Equation(claim.lhs, Product(2, claim.rhs))) == ["fails"]


def test_the_third_term_has_no_second_derivative_and_the_second_term_has():
    claim = WORDS["W15"].claim
    assert verdict("W15") == ["asymptotic"]
    assert verdict("W15", Equation(claim.rhs, 0)) == ["fails"]
    assert verdict("W15", Equation(claim.rhs, Product(2, claim.rhs))) == ["fails"]


def test_coarse_graining_is_harmless_for_functions_of_H_alone():
    claim = WORDS["W17"].claim
    assert verdict("W17") == ["exact"] * 4
    links = list(claim.links)
    product = links[2]  # Sigma <dH rho_1'(H)> = u rho_1' Sigma
    density, mean = product.lhs.args
    dH = mean.args[0].args[0]
    state = JAIN["29"].links[3].lhs  # -int dE Tr delta g d_tau rho_1: it holds rho_1
    rho1 = next(part for part in _parts(state) if type(part).__name__ == "Member")
    E = mean.args[1]
    whole = Equation(Product(density, Average(Product(dH, rho1), E)), Product(product.rhs.args[0], density, Average(rho1, E)))
    assert verdict("W17", whole) == ["fails"]  # rho_1i is no function of H: this is what diffuses


def _parts(e):
    yield e
    for part in e.args:
        yield from _parts(part)
