"""Differences between two ledgers of one case."""

from dataclasses import replace

import pytest

from reports import LedgerError, check
from reports.baseline import differences, headline_of


@pytest.fixture
def old(small, play):
    play({"3": ["conditional", "valid"]})
    return check(small, workers=0)


def test_the_same_verdicts_with_other_reasons_and_numbers_are_no_difference(small, play, old):
    assert differences(old, replace(check(small, seed=5, workers=0), environment={}), whole=True) == ()


def test_every_changed_verdict_is_named(small, play, old):
    play({"3": ["conditional", "invalid"]}, {"4": "undecided"})
    assert differences(old, check(small, workers=0), whole=True) == (
        "3 inference: conditional before, invalid now",
        "3 link 2 inference: valid before, invalid now",
        "4 truth: exact before, undecided now",
    )


def test_a_link_may_change_below_an_equal_worst(small, play, old):
    play({"3": ["valid", "conditional"]})
    assert differences(old, check(small, workers=0), whole=True) == (
        "3 link 1 inference: conditional before, valid now",
        "3 link 2 inference: valid before, conditional now",
    )


def test_steps_that_come_and_go(old):
    fewer = replace(old, steps=old.steps[1:])
    assert differences(old, fewer, whole=True) == (
        "1 inference: valid before, absent now",
        "1 truth: exact before, absent now",
    )
    assert differences(fewer, old, whole=True) == (
        "1 inference: absent before, valid now",
        "1 truth: absent before, exact now",
    )


def test_with_a_selection_what_is_missing_is_no_difference(small, play, old):
    assert differences(old, check(small, only=["2", "W1"], workers=0), whole=False) == ()


def test_claims_in_words_are_compared(old):
    changed = replace(old, prose=(replace(old.prose[0], verdict="fails"), *old.prose[1:]))
    assert differences(old, changed, whole=True) == ("W1 in words: undecided before, fails now",)


def test_the_headline_of_a_baseline(small, old):
    assert headline_of(old, small) == {"u of": "E"}


def test_a_reading_that_is_no_longer_offered_is_left_out(small, old):
    for assignment in ({"u of": "tau"}, {"v of": "E"}):
        gone = replace(old, summary={"headline": {"assignment": assignment}})
        assert headline_of(gone, small) == {}


@pytest.mark.parametrize("summary", [{}, {"headline": 3}, {"headline": {"assignment": {"u of": 1}}}])
def test_a_baseline_without_a_headline_is_refused(small, old, summary):
    with pytest.raises(LedgerError, match="summary"):
        headline_of(replace(old, summary=summary), small)
