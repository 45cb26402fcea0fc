"""Truths of the bundled paper's equations and of our own, for the tests of the judge."""

import derive
from model_case import case
from numeric.truth import judge

SEED = 11
JAIN = derive.load("jain")
PRINTED = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}


def truths(derivation, label, seed=SEED, **choices):
    assignment = {**PRINTED, **choices} if derivation.readings else {}
    return judge(derivation, label, assignment, seed, "quick")


def truth_of(claim, seed=SEED, **options):
    """The truth of one claim of our own."""
    (found,) = judge(case(claim, **options), "1", {}, seed, "quick")
    return found


def ensembles_off(truth):
    """The ensembles on which some measurement is above a thousandth."""
    return {m["ensemble"] for m in truth.measurements if m["residual"] > 1e-3}
