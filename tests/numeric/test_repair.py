"""Repair: factors of terms are found again where they were changed, and nothing is proposed where none make it true."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from derive.language import D, Equation, Product, Sum
from judging import JAIN, PRINTED, SEED, truths
from numeric import repair as module
from numeric.limit import EFFORTS
from numeric.recognise import summands
from numeric.refusals import IllPosed
from numeric.repair import efforts, repair, simplest, with_factors, with_link

CHOSEN = {"limits and sums": "restored"}
RESTORED = {**PRINTED, **CHOSEN}
HALF = Fraction(1, 2)
T1 = JAIN["42"].claim.lhs
FLUX, EXTRA = (Product(-1, term) for term in (JAIN["42"].claim.rhs.args[0], JAIN["42"].claim.rhs.args[1]))


def proposals(found):
    return [one.proposed for one in found.factors]


@pytest.fixture(scope="module")
def printed():
    """The last form of T1, as it is printed."""
    return repair(JAIN, "42", 0, RESTORED, SEED)


def test_the_printed_equation_has_half_the_flux_with_the_other_sign_and_no_further_term(printed):
    assert proposals(printed) == [1, -HALF, 0]
    assert all(one.half <= 0.05 * HALF for one in printed.factors)
    assert truths(with_link(JAIN, "42", 0, printed.equation), "42", **CHOSEN)[0].verdict == "asymptotic"
    assert truths(JAIN, "42", **CHOSEN)[0].verdict == "fails"


@pytest.mark.parametrize(("c", "d"), [c for c in product((-HALF, Fraction(1, 4), HALF, 1), (-HALF, 0, HALF)) if c != (HALF, 0)])
def test_other_factors_stay_false(printed, c, d):
    """T1 = c flux + d extra term, on a grid outside the joint interval."""
    claimed = Equation(T1, Sum(Product(c, FLUX), Product(d, EXTRA)))
    _, flux, extra = printed.factors
    assert abs(-flux.centre - c) > flux.half or abs(2 * -extra.centre - 2 * d) > extra.half
    assert truths(JAIN.with_claim("42", claimed), "42", **CHOSEN)[0].verdict == "fails"


def test_changed_factors_are_found_again(printed):
    """The repair of c T1 = c' flux + c'' extra is that of the printed one, relative to what is written."""
    written = Equation(Product(3, T1), Sum(Product(Fraction(3, 4), FLUX), Product(5, EXTRA)))
    found = repair(JAIN.with_claim("42", written), "42", 0, RESTORED, SEED)
    assert proposals(found) == [1, 2, 0]


def test_other_streams_propose_the_same(printed):
    assert proposals(repair(JAIN, "42", 0, RESTORED, 11)) == proposals(printed)


@pytest.mark.parametrize(("label", "link"), [("43", 1), ("45", 1), ("47", 0)])
def test_evolution_equations_have_half_the_flux(label, link):
    found = repair(JAIN, label, link, RESTORED, SEED)
    shown = [one.proposed for one in found.factors if one.free]
    assert shown == [1, HALF, 0]
    assert max(one.half for one in found.factors) <= 0.05
    assert truths(with_link(JAIN, label, link, found.equation), label, **CHOSEN)[link].verdict == "asymptotic"


# At every size -------------------------------------------------------------------------------------------


def test_an_identity_with_slips_is_mended_on_a_few_levels():
    """d_tau Sigma = 3 d_E(Sigma u): exact with -1/3 of it."""
    claim = JAIN["24"].claim
    moved, carried = claim.lhs.args
    slip = JAIN.with_claim("24", Equation(moved, Product(3, carried)))
    found = repair(slip, "24", 0, RESTORED, SEED)
    assert proposals(found) == [1, Fraction(-1, 3)]
    assert found.factors[1].half < 1e-6
    assert truths(with_link(slip, "24", 0, found.equation), "24", **CHOSEN)[0].verdict == "exact"


def test_what_is_true_as_printed_is_left_alone():
    found = repair(JAIN, "24", 0, RESTORED, SEED)
    assert found.equation is None
    assert "printed factors" in found.reason


def test_no_factors_make_an_operator_identity_of_what_holds_under_the_trace():
    found = repair(JAIN, "26", 0, {**RESTORED, "equation (26)": "operator"}, SEED)
    assert found.equation is None
    assert "no factors" in found.reason


# Refused -------------------------------------------------------------------------------------------------


def test_one_term_alone_cannot_be_weighed():
    with pytest.raises(IllPosed, match="fewer than two"):
        repair(JAIN, "37", 0, RESTORED, SEED)


def test_proportional_terms_are_not_told_apart():
    moved, carried = JAIN["24"].claim.lhs.args
    twice = JAIN.with_claim("24", Equation(moved, Sum(Product(3, carried), Product(2, carried))))
    with pytest.raises(IllPosed, match="proportional"):
        repair(twice, "24", 0, RESTORED, SEED)


def test_one_drive_alone_tells_less(monkeypatch):
    """With V independent of H0, G2 is proportional to Sigma; all drives together tell the two terms apart better."""
    whole = repair(JAIN, "42", 0, RESTORED, SEED)
    monkeypatch.setattr(module, "DRIVES_TRIED", ("rotating",))
    alone = repair(JAIN, "42", 0, RESTORED, SEED)
    assert alone.factors[2].half > 2 * whole.factors[2].half


# Parts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.49, 0.51, HALF), (-0.01, 0.02, 0), (-0.51, -0.49, -HALF), (0.3332, 0.3334, Fraction(1, 3)), (0.41231, 0.41232, None)],
)
def test_simplest_rational(low, high, expected):
    assert simplest(low, high) == expected


def test_factors_go_to_their_terms_and_zero_leaves_out():
    claim = JAIN["24"].claim
    a, b = summands(claim.lhs)
    assert with_factors(claim, [1, Fraction(2), 1]) == Equation(Sum(a, Product(2, b)), claim.rhs)
    assert with_factors(claim, [0, 1, 1]) == Equation(b, claim.rhs)


def test_every_drive_meets_every_ensemble():
    for name in EFFORTS:
        groups = efforts(name).groups
        assert len({(g.law, g.drive) for g in groups}) == 3 * len({g.drive for g in groups}) >= 15
        assert {g.kernel for g in groups} == {"gaussian", "gumbel"}


def test_intervals_hold_planted_factors():
    """Synthetic tables with a correction and noise of known size: the joint interval misses the planted factors rarely."""
    rng, missed = np.random.default_rng(5), 0
    truth = np.array([0.5, -0.25])
    sizes = (96, 160, 256, 384)
    for _ in range(60):
        cells = []
        for group in range(6):
            base, correction = rng.normal(size=(10, 2)), rng.normal(size=10) * 0.1
            for size in sizes:
                noise = rng.normal(size=(6, 10)) * 0.01
                first = -base @ truth + correction * (size / 96) ** -(2 / 3) + noise
                table = np.concatenate([first[..., None], np.broadcast_to(base, (6, 10, 2))], axis=2)
                cells.append(module.Cell(str(group), size, sizes, table))
        fits = [module._fit(cells, power, start) for power, start in module._ways(cells)]
        intervals = module._hull(fits)
        missed += any(abs(centre - value) > half for (centre, half), value in zip(intervals, truth, strict=True))
        assert all(half < 0.05 for _, half in intervals)
    assert missed == 0


def test_d_is_kept_whole():
    """A derivative of a product is one printed term."""
    found = repair(JAIN, "24", 0, RESTORED, SEED)
    assert isinstance(found.factors[1].term, D)
