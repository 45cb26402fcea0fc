"""Each assumption in turn is taken away: what needs it breaks, what does not says so."""

import time

import pytest

import derive
from reports import check
from reports import without as module
from reports.figures import Material
from reports.without import without


def found(derivation, labels, workers=0):
    ledger = check(derivation, only=labels, workers=0)
    return without(ledger, derivation, Material(ledger, derivation).assignment, workers)


@pytest.fixture(scope="module")
def jain():
    return derive.load("jain")


def test_a_step_breaks_without_what_it_needs(jain):
    answers = found(jain, ["4", "16", "18"])
    assert set(answers) == {("4", "normalised initial state"), ("16", "simple spectrum"), ("18", "no secular growth of rho_1")}
    assert answers["4", "normalised initial state"].startswith("it does not follow (does not follow: on a 2 x 2 model")
    assert answers["16", "simple spectrum"].startswith("undecided")


def test_another_assumption_that_does_as_well_is_named(jain):
    answers = found(jain, ["24"])
    assert (
        answers["24", "nonzero density of states"] == "it still follows (follows from (23), (19.1), (20), given: nonempty window)"
    )


def test_what_rests_on_nothing_is_not_asked(jain):
    assert found(jain, ["15", "37"]) == {}


def test_the_number_of_processes_changes_nothing(jain):
    assert found(jain, ["4", "24"], workers=2) == found(jain, ["4", "24"], workers=0)


def test_a_failure_is_an_answer(jain, monkeypatch):
    ledger = check(jain, only=["24"], workers=0)

    def fail(*arguments, **options):
        raise ArithmeticError("too hard")

    monkeypatch.setattr(module.prover, "infer", fail)
    answers = without(ledger, jain, {}, workers=0)
    assert answers == {("24", "nonzero density of states"): "undecided: ArithmeticError: too hard"}


def test_a_search_that_hangs_is_given_up(jain, monkeypatch):
    ledger = check(jain, only=["24"], workers=0)
    monkeypatch.setattr(module.prover, "infer", lambda *arguments, **options: time.sleep(60))
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    (answer,) = without(ledger, jain, {}, workers=1).values()
    assert answer.startswith("undecided: time limit")
