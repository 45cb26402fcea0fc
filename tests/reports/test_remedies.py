"""What is true instead of where a derivation leads: from the repair, or why there is none."""

from fractions import Fraction

import pytest

from derive.language import Equation
from derive.verdicts import Inference, Truth
from numeric.repair import Factor, Repair
from reports import check
from reports.remedies import remedies
from reports.repair_command import Mended, Outcome

BEFORE = (Inference("invalid", "it does not follow"), Truth("fails", "it does not tend to 0"))


def mended(derivation, label, equation, after="asymptotic"):
    claim = derivation[label].links[0]
    factors = (Factor(claim.lhs, 1.0, 0.0, Fraction(1), False), Factor(claim.rhs, -0.499, 0.004, Fraction(-1, 2)))
    repair = Repair(label, 0, factors, ("GOE",), equation, "each interval holds a simple rational number")
    verdicts = (Inference("undecided", ""), Truth(after, "it tends to 0")) if equation is not None else None
    link = Mended(0, "printed", BEFORE, repair, repair.reason, verdicts)
    return Outcome("small", label, None, 0, "quick", {"u of": "H"}, "fails", (link,))


@pytest.fixture
def mend(monkeypatch):
    """mend(answer): what the repair of any step gives; an exception is raised."""

    def set_up(answer):
        def repair(derivation, label, seed, profile, workers):
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("reports.remedies.mend", repair)

    return set_up


def test_only_ends_that_fail_are_repaired(small, play, mend):
    mend(AssertionError("a repair was asked for"))
    play(truths={"2": "fails"})  # no end: (3) and (4) cite it
    assert remedies(check(small, workers=0), small, workers=0) == ({}, ())


@pytest.mark.parametrize("workers", [0, 2])
def test_a_repair_becomes_a_remedy_under_the_reading_of_the_headline(small, play, mend, workers):
    play(truths={"4": "fails"})
    equation = Equation(small["4"].claim.lhs, 2 * small["4"].claim.rhs)
    mend(mended(small, "4", equation))
    found, remarks = remedies(check(small, workers=0), small, workers)
    assert remarks == ()
    (remedy,) = found["4"]
    assert remedy.found.formula.latex == r"g(E) = 2\,f(E)"
    assert [(one.fitted, one.proposed) for one in remedy.factors] == [("held", "1"), ("fitted −0.499 ± 0.004", "−1/2")]
    assert (remedy.truth.mark.word, remedy.truth.reason) == ("asymptotic", "It tends to 0.")


def test_a_fit_without_a_proposal_has_its_factors_and_its_reason(small, play, mend):
    play(truths={"4": "fails"})
    mend(mended(small, "4", None))
    (remedy,) = remedies(check(small, workers=0), small, workers=0)[0]["4"]
    assert (remedy.found, remedy.truth) == (None, None)
    assert len(remedy.factors) == 2


def test_a_repair_that_fails_is_said_and_harms_nothing(small, play, mend):
    play(truths={"3": "fails"})
    mend(ValueError("no numbers\nof it"))
    assert remedies(check(small, workers=0), small, workers=0) == ({}, ("no repair of (3): ValueError: no numbers",))
