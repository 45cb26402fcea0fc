"""Residual against width: roundoff for what is exact, something for what is not."""

import numpy as np
import pytest

from derive.language import Equation
from judging import JAIN, PRINTED
from numeric.refusals import Refusal
from numeric.widths import curve

WIDTHS = (0.2, 0.6, 1.2)


def found(label, derivation=JAIN, dtype=np.complex128, link=0):
    return curve(derivation, label, link, PRINTED, 1, "GOE", 8, WIDTHS, dtype)


@pytest.mark.parametrize("label", ["22", "24", "25"])
def test_what_is_exact_is_below_roundoff_at_every_width(label):
    for dtype in (np.complex128, np.complex64):
        one = found(label, dtype=dtype)
        assert len(one.ratios) == len(WIDTHS)
        assert max(one.ratios) <= one.bound < 1e-3


def test_what_is_false_is_above_it_at_every_width():
    claim = JAIN["24"].claim
    slip = JAIN.with_claim("24", Equation(claim.lhs, 2 * JAIN["19"].claim.links[0].lhs))
    one = found("24", slip)
    assert min(one.ratios) > 0.1 > one.bound


def test_what_is_no_equation_in_E_is_refused():
    with pytest.raises(Refusal):
        found("14")
