"""Positive controls: derivations known to be right come out right, or the verifier may only know 'no'."""

import pytest

import derive
from derive.mutants import is_judged, role_of
from reports import check
from reports.replay import replay, second_opinion

CONTROLS = ("golden_rule", "kubo")


@pytest.fixture(scope="module", params=CONTROLS)
def ledger(request):
    return check(derive.load(request.param), workers=0)


def test_every_step_follows_and_is_true(ledger):
    derivation = derive.load(ledger.case)
    for step in ledger:
        for number, link in enumerate(step.links):
            judged = is_judged(role_of(derivation[step.label], derivation[step.label].links[number]))
            expected = ("valid", "conditional") if judged else ("not-applicable",)
            assert link.inference.verdict in expected, (step.label, link.inference.reason)
            assert link.truth.verdict in (("exact",) if judged else ("exact", "not-applicable")), (step.label, link.truth.reason)
    assert not ledger.refuted
    assert not ledger.undecided


def test_the_controls_claim_something(ledger):
    claims = [link for step in ledger for link in step.links if link.inference.verdict in ("valid", "conditional")]
    assert len(claims) >= 6
    assert all(link.inference.certificate is not None for link in claims)


def test_both_checkers_replay_all_of_it(ledger):
    assert replay(ledger).refused == ()
    second = second_opinion(ledger)
    assert second.refused == ()
    assert second.unread == ()
    assert second.agrees["certificate"] >= 6
