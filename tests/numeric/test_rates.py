"""Where a residual tends to: planted limits are found, and what the data do not tell stays undecided."""

import numpy as np
import pytest

from numeric.rates import POWERS, Limit, Z, limit_of, verdict_of
from numeric.streams import stream

SIZES = (96, 192, 384, 640)


def planted(a, b, p, error, seed=0):
    """Residuals a + b N^-p with normal errors that fall with the size."""
    errors = np.full(len(SIZES), error)
    noise = stream(3, "rates", seed).standard_normal(len(SIZES)) * errors
    return limit_of(SIZES, a + b * np.asarray(SIZES, float) ** -p + noise, errors)


@pytest.mark.parametrize("a", [-0.3, -0.01, 0.0, 0.01, 0.3])
@pytest.mark.parametrize("b", [0.0, 0.5, -2.0])
@pytest.mark.parametrize("p", POWERS)
def test_planted_limit_lies_in_the_interval(a, b, p):
    for seed in range(20):
        found = planted(a, b, p, 1e-3, seed)
        assert abs(found.centre - a) <= found.half


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        ([Limit(0.0, 0.01, 1)], "asymptotic"),
        ([Limit(0.01, 0.015, 1)], "asymptotic"),
        ([Limit(0.0, 0.01, 1), Limit(0.3, 0.01, 1)], "fails"),
        ([Limit(-0.3, 0.01, 1)], "fails"),
        ([Limit(0.0, 0.03, 1)], "undecided"),  # too wide
        ([Limit(0.3, 0.4, 1)], "undecided"),  # too wide to be off
        ([Limit(0.01, 0.005, 1)], "undecided"),  # off 0, but within the tolerance
        ([Limit(0.0, 0.01, 1), Limit(0.0, 0.03, 1)], "undecided"),  # every probe counts
        ([], "undecided"),  # nothing was measured
    ],
    ids=range(9),
)
def test_verdict_of_made_up_limits(limits, verdict):
    assert verdict_of(limits, 0.02) == verdict


def test_no_false_alarm_in_a_thousand():
    """A residual that falls as t/t_H, with the noise of a quick check."""
    found = [planted(0.0, 1.0, 2 / 3, 0.004, seed) for seed in range(1000)]
    assert sum(one.excludes_zero for one in found) <= 2
    assert not any(verdict_of([one], 0.04) == "fails" for one in found)


def test_a_limit_of_twice_the_tolerance_is_seen():
    found = [planted(0.1, -0.4, 2 / 3, 0.002, seed) for seed in range(100)]
    assert all(verdict_of([one], 0.04) == "fails" for one in found)


def test_what_does_not_fall_as_a_power_widens_the_interval():
    smooth = limit_of(SIZES, [0.022, 0.021, 0.02, 0.02], [1e-3] * 4)
    jumping = limit_of(SIZES, [0.08, -0.05, 0.06, -0.04], [1e-3] * 4)
    assert jumping.half > 3 * smooth.half
    assert verdict_of([jumping], 0.02) == "undecided"


def test_a_large_correction_is_not_trusted_to_the_end():
    """What is left out of the fit is allowed for, in proportion to what falls; a constant needs no allowance."""
    falling = limit_of(SIZES, [0.3 * (n / 96) ** (-2 / 3) for n in SIZES], [1e-4] * 4)
    steady = limit_of(SIZES, [0.3] * 4, [1e-4] * 4)
    assert falling.half > 5 * steady.half
    assert steady.excludes_zero
    assert not falling.excludes_zero


def test_a_probe_that_changes_little_is_trusted_no_more_than_the_others():
    alone = limit_of(SIZES, [0.01] * 4, [1e-4] * 4)
    among = limit_of(SIZES, [0.01] * 4, [1e-4] * 4, change=0.1)
    assert alone.excludes_zero
    assert not among.excludes_zero


def test_errors_are_allowed_for():
    narrow, wide = (limit_of(SIZES, [0.0] * 4, [error] * 4) for error in (1e-3, 1e-2))
    assert wide.half > 5 * narrow.half > 5 * Z * 1e-3


@pytest.mark.parametrize(
    ("sizes", "values"),
    [((96, 192), (0.0, 0.0)), ((192, 96, 384), (0.0, 0.0, 0.0)), ((96, 96, 192), (0.0, 0.0, 0.0))],
    ids=range(3),
)
def test_too_few_or_disordered_sizes_are_refused(sizes, values):
    with pytest.raises(ValueError, match="ascending sizes"):
        limit_of(sizes, values, [1e-3] * len(sizes))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        limit_of(SIZES, [0.0, bad, 0.0, 0.0], [1e-3] * 4)
    with pytest.raises(ValueError, match="finite"):
        limit_of(SIZES, [0.0] * 4, [1e-3, bad, 1e-3, 1e-3])
