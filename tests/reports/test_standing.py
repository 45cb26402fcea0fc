"""Standing and blame on the graph of citations."""

import pytest

from derive import Derivation, Step
from derive.language import Equation
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER
from reports.ledger import STANDING_ORDER
from reports.standing import blame, standing, weakest

# 1 <- 2 <- 4, 1 <- 3 <- 4
CITES = {"1": (), "2": ("1",), "3": ("1",), "4": ("2", "3")}
STEPS = tuple(Step(label, "claim", Equation(0, 0), cites) for label, cites in CITES.items())
DIAMOND = Derivation("x", "", "", STEPS)
FINE = dict.fromkeys(CITES, ("valid", "exact"))


def test_the_common_order_keeps_both_orders():
    for order in (INFERENCE_ORDER, TRUTH_ORDER):
        assert sorted(order, key=STANDING_ORDER.index) == list(order)


def test_weakest():
    assert weakest(["valid", "asymptotic", "exact"]) == "asymptotic"
    assert weakest(["invalid", "fails"]) == "fails"
    assert weakest([]) == "not-applicable"


def test_a_step_is_no_better_than_what_it_rests_on():
    verdicts = FINE | {"3": ("invalid", "exact")}
    assert [standing(DIAMOND, label, verdicts) for label in CITES] == ["valid", "valid", "invalid", "invalid"]


def test_what_was_not_judged_is_no_support():
    verdicts = {"2": ("valid", "exact"), "4": ("valid", "exact")}
    assert [standing(DIAMOND, label, verdicts) for label in ("2", "4")] == ["undecided", "undecided"]


@pytest.mark.parametrize(
    ("changed", "blamed"),
    [
        ({}, ()),
        ({"1": ("valid", "fails"), "4": ("valid", "fails")}, ("1", "4")),  # 2 and 3 are true: lost twice
        ({"2": ("valid", "fails"), "4": ("valid", "fails")}, ("2",)),
        ({"2": ("valid", "fails"), "3": ("conditional", "fails"), "4": ("valid", "fails")}, ("2", "3")),
        ({"2": ("invalid", "exact")}, ("2",)),
        ({"2": ("undecided", "undecided")}, ()),
        ({"2": ("undecided", "undecided"), "4": ("valid", "fails")}, ("4",)),
        ({"1": ("valid", "fails"), "2": ("invalid", "fails"), "4": ("valid", "fails")}, ("1", "2")),
    ],
)
def test_blame(changed, blamed):
    assert blame(DIAMOND, "4", FINE | changed) == blamed


def test_blame_looks_up_only():
    verdicts = FINE | {"3": ("invalid", "fails")}
    assert blame(DIAMOND, "2", verdicts) == ()
    assert blame(DIAMOND, "1", verdicts) == ()
