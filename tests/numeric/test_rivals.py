"""One quantity by several formulas: found by shape, measured on the same samples, each by its own encoding."""

import numpy as np
import pytest

from derive.language import Equation
from judging import JAIN, PRINTED
from numeric.rivals import contests, outcomes

(CONTEST,) = contests(JAIN, PRINTED)
GROUP = {"seed": 3, "law": "GUE", "drive_name": "independent", "size": 128, "count": 4}


def test_the_contested_quantity_is_found_with_its_formulas():
    assert CONTEST.symbol.name == "T1"
    assert CONTEST.definition.label == "29"
    assert [(one.label, one.link) for one in CONTEST.formulas] == [
        ("30", 0), ("32", 0), ("32", 1), ("34", 0), ("39", 0), ("42", 0),
    ]  # fmt: skip


def test_what_has_one_formula_only_is_no_contest():
    few = JAIN
    for label in ("30", "32", "34", "39"):
        few = few.with_claim(label, JAIN["14"].claim)
    assert contests(few, PRINTED) == ()


@pytest.fixture(scope="module")
def printed():
    return outcomes(CONTEST, JAIN, PRINTED, **GROUP)


def test_the_definition_comes_first_and_is_the_scale(printed):
    assert printed[0].formula.label == "29"
    assert np.sqrt((np.abs(printed[0].mean) ** 2).mean()) == pytest.approx(1)
    assert np.abs(printed[0].mean.imag).max() < 1e-9
    assert all(one.refusal == "" for one in printed)


def test_the_same_seed_gives_the_same_numbers(printed):
    again = outcomes(CONTEST, JAIN, PRINTED, **GROUP)
    assert all((a.mean == b.mean).all() for a, b in zip(printed, again, strict=True))


def test_a_formula_that_is_changed_changes_its_own_value_and_no_other(printed):
    link = JAIN["42"].claim
    doubled = JAIN.with_claim("42", Equation(link.lhs, 2 * link.rhs))
    (contest,) = contests(doubled, PRINTED)
    changed = outcomes(contest, doubled, PRINTED, **GROUP)
    assert np.allclose(changed[-1].mean, 2 * printed[-1].mean)
    assert all((a.mean == b.mean).all() for a, b in zip(printed[:-1], changed[:-1], strict=True))


def test_the_definition_written_again_agrees_with_itself(printed):
    """A formula that is right stands at the height of the reference."""
    right = JAIN.with_claim("42", Equation(JAIN["42"].claim.lhs, CONTEST.definition.body))
    (contest,) = contests(right, PRINTED)
    found = outcomes(contest, right, PRINTED, **GROUP)
    assert np.allclose(found[-1].mean, found[0].mean)
    assert not np.allclose(printed[-1].mean, printed[0].mean, atol=0.5)


def test_a_formula_without_a_meaning_says_why():
    odd = JAIN.with_claim("42", Equation(JAIN["42"].claim.lhs, JAIN["10"].claim.lhs))
    (contest,) = contests(odd, PRINTED)
    last = outcomes(contest, odd, PRINTED, **GROUP)[-1]
    assert last.mean is None
    assert last.refusal
