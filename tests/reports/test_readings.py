"""Headline and equivocation on tables of verdicts, with no judge behind them."""

import itertools
from dataclasses import replace

import pytest

from derive import Derivation, Reading, Step
from derive.language import Choice, Equation, Product, Sum
from derive.verdicts import Inference, Truth
from reports import readings
from reports.judging import Judged, Verdicts
from reports.readings import doubtful, equivocal_links, equivocal_steps, headline, refuted, saved


def verdicts(*pairs):
    return Verdicts(tuple(Inference(a, "") for a, _ in pairs), tuple(Truth(b, "") for _, b in pairs))


GOOD, BAD, OPEN = (
    verdicts(("valid", "exact")),
    verdicts(("invalid", "exact")),
    verdicts(("undecided", "exact")),
)


def derivation(options, cites=None, labels=("1", "2", "3")):
    steps = tuple(Step(label, "claim", Equation(0, 0), (cites or {}).get(label, ())) for label in labels)
    declared = tuple(Reading(name, "?", dict.fromkeys(labels, "")) for name, labels in options.items())
    return Derivation("x", "", "", steps, readings=declared)


def judged(choices, rule):
    found = {key: rule(*key) for key in itertools.product(*choices.values())}
    return Judged(choices, found, 1)


@pytest.mark.parametrize(
    ("inference", "truth", "is_saved", "is_refuted"),
    [
        ("valid", "exact", True, False),
        ("conditional", "asymptotic", True, False),
        ("not-applicable", "not-applicable", True, False),
        ("undecided", "exact", False, False),
        ("valid", "undecided", False, False),
        ("invalid", "exact", False, True),
        ("valid", "fails", False, True),
        ("undecided", "fails", False, True),
    ],
)
def test_saved_and_refuted(inference, truth, is_saved, is_refuted):
    found = verdicts(("valid", "exact"), (inference, truth))
    assert (saved(found), refuted(found)) == (is_saved, is_refuted)


def test_between_equals_the_first_in_the_declared_order():
    case = derivation({"a": ("x", "y"), "b": ("x", "y")})
    step = judged({"a": ("x", "y"), "b": ("x", "y")}, lambda a, b: GOOD if a != b else BAD)
    assert headline(case, {"1": step}).assignment == {"a": "x", "b": "y"}


def test_what_no_step_offers_keeps_its_first_label():
    case = derivation({"a": ("x", "y"), "b": ("x", "y")})
    step = judged({"b": ("x", "y")}, lambda b: GOOD if b == "y" else BAD)
    assert headline(case, {"1": step}).assignment == {"a": "x", "b": "y"}


def test_groups_are_searched_apart_and_joined_by_a_step_that_has_both():
    labels = tuple("abcdefgh")
    case = derivation(dict.fromkeys("pqrstu", labels))  # 8^6 assignments in all
    apart = {name: judged({name: labels}, lambda one: GOOD if one == "h" else BAD) for name in "pqrstu"}
    found = headline(case, apart)
    assert (set(found.assignment.values()), found.saved, found.exhaustive) == ({"h"}, 6, True)


def test_a_group_that_is_too_large_is_climbed_and_said(monkeypatch):
    monkeypatch.setattr(readings, "MOST_ASSIGNMENTS", 3)
    case = derivation({"a": ("x", "y"), "b": ("x", "y")})
    steps = {
        "1": judged({"a": ("x", "y"), "b": ("x", "y")}, lambda a, b: GOOD if b == "y" else BAD),
        "2": judged({"a": ("x", "y")}, lambda a: GOOD if a == "y" else BAD),
    }
    found = headline(case, steps)
    assert (dict(found.assignment), found.saved, found.exhaustive) == ({"a": "y", "b": "y"}, 2, False)


def test_exhaustive_search_agrees_with_trying_everything():
    options = {"a": ("x", "y", "z"), "b": ("x", "y"), "c": ("x", "y", "z")}
    case = derivation(options)
    steps = {
        "1": judged({"a": options["a"], "b": options["b"]}, lambda a, b: GOOD if (a, b) == ("z", "y") else BAD),
        "2": judged({"b": options["b"], "c": options["c"]}, lambda b, c: GOOD if b < c else OPEN),
        "3": judged({"c": options["c"]}, lambda c: GOOD if c == "y" else BAD),
    }
    every = [dict(zip(options, key, strict=True)) for key in itertools.product(*options.values())]
    best = max(every, key=lambda one: sum(saved(step.under(one)) for step in steps.values()))
    assert headline(case, steps).assignment == best


def test_a_label_that_a_step_does_not_offer_does_not_save_it():
    case = derivation({"a": ("x", "y")})
    steps = {
        "1": judged({"a": ("x",)}, lambda a: GOOD),
        "2": judged({"a": ("x", "y")}, lambda a: GOOD if a == "y" else BAD),
    }
    assert headline(case, steps).saved == 1
    assert steps["1"].under({"a": "y"}).truths[0].reason == "not judged: the step offers no reading 'y' of 'a'"


# Equivocation ----------------------------------------------------------------------------------------

AB = {"a": ("x", "y")}


def pairs(first, second, cites=(("2", ("1",)),)):
    steps = {"1": judged(AB, lambda a: first[a]), "2": judged(AB, lambda a: second[a])}
    return list(equivocal_steps(derivation(AB, dict(cites)), steps))


def test_two_steps_that_hold_only_under_different_readings():
    assert pairs({"x": GOOD, "y": BAD}, {"x": BAD, "y": GOOD}) == [("1", "2")]


@pytest.mark.parametrize(
    ("first", "second", "cites"),
    [
        ({"x": GOOD, "y": BAD}, {"x": GOOD, "y": BAD}, {"2": ("1",)}),  # both under x
        ({"x": GOOD, "y": BAD}, {"x": BAD, "y": BAD}, {"2": ("1",)}),  # the second under none
        ({"x": GOOD, "y": BAD}, {"x": OPEN, "y": GOOD}, {"2": ("1",)}),  # perhaps both under x
        ({"x": GOOD, "y": BAD}, {"x": BAD, "y": GOOD}, {}),  # neither rests on the other
    ],
)
def test_what_is_no_equivocation(first, second, cites):
    assert pairs(first, second, cites.items()) == []


FALSE, FALSE_BAD = verdicts(("valid", "fails")), verdicts(("invalid", "fails"))


def test_two_false_steps_that_follow_only_under_different_readings():
    assert pairs({"x": FALSE, "y": FALSE_BAD}, {"x": FALSE_BAD, "y": FALSE}) == [("1", "2")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"x": FALSE, "y": FALSE_BAD}, {"x": FALSE, "y": FALSE_BAD}),  # both under x
        ({"x": FALSE, "y": FALSE_BAD}, {"x": FALSE_BAD, "y": FALSE_BAD}),  # the second under none
        ({"x": FALSE, "y": OPEN}, {"x": FALSE_BAD, "y": FALSE}),  # perhaps both under y
    ],
)
def test_false_steps_that_do_not_equivocate(first, second):
    assert pairs(first, second) == []


def test_what_is_judged_besides_is_the_headline_changed_where_it_may_matter():
    options = {"a": ("x", "y"), "b": ("x", "y")}
    case = derivation(options, {"2": ("1",), "3": ("1",)})
    choices = {"a": ("x", "y")}
    steps = {
        "1": Judged(choices, {("x",): FALSE}, 1),
        "2": Judged(choices, {("x",): FALSE_BAD}, 1),
        "3": Judged({"b": ("x", "y")}, {("x",): FALSE_BAD}, 1),  # shares no choice with (1)
    }
    best = headline(case, steps)
    assert list(doubtful(case, steps, best, 9)) == [(("1", "2"), {"a": "y", "b": "x"})]
    assert list(doubtful(case, steps, best, 0)) == []
    known = {**steps, "1": judged(choices, lambda a: FALSE), "2": judged(choices, lambda a: FALSE_BAD)}
    assert list(doubtful(case, known, best, 9)) == []


def test_what_few_steps_leave_open_is_asked_first_whatever_was_selected():
    """`a` stands in three claims and `b` in one: b is changed first, though both steps that were judged have both."""
    options = {"a": ("x", "y"), "b": ("x", "y")}
    open_a, open_b = (Choice(name, ("x", Product(1)), ("y", Product(2))) for name in options)
    sides = {"1": open_a, "2": Sum(open_a, open_b), "3": open_a}
    case = derivation(options, {"2": ("1",)})
    case = replace(case, steps=tuple(replace(step, claim=Equation(sides[step.label], 0)) for step in case.steps))
    choices = dict(options.items())
    steps = {"1": Judged(choices, {("x", "x"): FALSE}, 1), "2": Judged(choices, {("x", "x"): FALSE_BAD}, 1)}
    asked = list(doubtful(case, steps, headline(case, steps), 1))
    assert asked == [(("1", "2"), {"a": "x", "b": "y"})]


def test_steps_without_a_common_choice_do_not_equivocate():
    steps = {
        "1": judged({"a": ("x", "y")}, lambda a: GOOD if a == "x" else BAD),
        "2": judged({"b": ("x", "y")}, lambda b: GOOD if b == "y" else BAD),
    }
    case = derivation({"a": ("x", "y"), "b": ("x", "y")}, {"2": ("1",)})
    assert list(equivocal_steps(case, steps)) == []


def test_a_remote_ancestor_counts():
    steps = {
        "1": judged(AB, lambda a: GOOD if a == "x" else BAD),
        "2": Judged({}, {(): GOOD}, 1),
        "3": judged(AB, lambda a: GOOD if a == "y" else BAD),
    }
    assert list(equivocal_steps(derivation(AB, {"2": ("1",), "3": ("2",)}), steps)) == [("1", "3")]


@pytest.mark.parametrize(
    ("second", "expected"),
    [(("invalid", "valid"), [("1", 1)]), (("valid", "invalid"), []), (("undecided", "valid"), [])],
)
def test_consecutive_links(second, expected):
    under_x = verdicts(("valid", "exact"), (second[0], "exact"))
    under_y = verdicts(("invalid", "exact"), (second[1], "exact"))
    step = Judged(AB, {("x",): under_x, ("y",): under_y}, 2)
    assert list(equivocal_links({"1": step})) == expected
