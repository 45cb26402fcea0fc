"""A slip in one equation moves the verdicts of its step, of the steps that use it, and the blame.

The paper's (26), (33), (37), (38), (42)-(45) and (47) are changed in a sign, a factor and a term, and checked with the steps that
cite them.  Three things are asked, none by label: the changed step's verdicts change or, where it was bad before, the evidence
does; a step downstream whose inference does not use the changed equation keeps its inference; and blame lies on the changed step
exactly when it is bad.
"""

from functools import cache

import pytest

from derive.language import resolve
from derive.mutate import mutations
from jain_readings import HEADLINE, JAIN
from reports import check, standing

LABELS = ("26", "33", "37", "38", "42", "43", "44", "45", "47")
KINDS = ("sign", "factor 2", "drop term")


def citers(label):
    return [step.label for step in JAIN if label in step.cites]


def selected(label):
    return [step.label for step in JAIN if step.label == label or label in step.cites]


@cache
def before(label):
    return check(JAIN, only=selected(label), assignment=HEADLINE, workers=0)


@cache
def slips(label):
    """A change of each kind in the claim's last link: of a term rather than of a whole side, and of no delta's argument."""
    claim = resolve(JAIN[label].claim, HEADLINE)
    made = [c for c in mutations(claim, KINDS) if c.link == len(JAIN[label].links) - 1 and "of (E + (-H))" not in c.place]
    return {
        kind: min((c for c in made if c.kind == kind), key=lambda c: "the whole" in c.place) for kind in {c.kind for c in made}
    }


def bad(step):
    return step.inference.verdict == "invalid" or step.truth.verdict == "fails"


def evidence(step):
    return [(link.inference.countermodel, link.inference.remainder, link.truth.measurements) for link in step.links]


def uses(step, label):
    """Whether the step's inference has the label among its premises."""
    names = {name for link in step.links for name in link.inference.premises}
    return any(name == label or name.startswith(f"{label}.") for name in names)


@pytest.mark.nightly
@pytest.mark.parametrize(("label", "kind"), [(label, kind) for label in LABELS for kind in KINDS if kind in slips(label)])
def test_a_slip_moves_what_rests_on_it_and_nothing_else(label, kind):
    old = before(label)
    new = check(JAIN.with_claim(label, slips(label)[kind].claim), only=selected(label), assignment=HEADLINE, workers=0)
    mine, was = new[label], old[label]
    pairs = (mine.inference.verdict, mine.truth.verdict), (was.inference.verdict, was.truth.verdict)
    assert pairs[0] != pairs[1] or (bad(was) and evidence(mine) != evidence(was)), slips(label)[kind].place
    assert "undecided" not in pairs[0]
    for other in citers(label):
        if not uses(old[other], label) and not uses(new[other], label):
            assert new[other].inference.verdict == old[other].inference.verdict, other
        assert (label in new[other].blame) == loses_truth(new, label), other


def loses_truth(ledger, label):
    verdicts = {step.label: (step.inference.verdict, step.truth.verdict) for step in ledger.steps}
    return standing.loses_truth(JAIN, label, verdicts)


@pytest.mark.nightly
def test_the_assignment_is_what_a_check_of_the_whole_finds():
    """And the equivocation is there: (45) follows for the homogeneous part of p_1 alone, (47) for the whole."""
    found = check(JAIN).summary
    assert found["headline"]["assignment"] == HEADLINE
    assert {"between": ["45", "47"], "links": None} in found["equivocations"]
