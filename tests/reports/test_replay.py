"""Replaying what a ledger stores."""

from dataclasses import replace

import pytest

from derive import kernel
from derive.kernel import Refused
from derive.verdicts import Inference
from reports import check
from reports.replay import Refusal, replay


@pytest.fixture
def ledger(small, play):
    play({"2": lambda a: "valid" if a["u of"] == "E" else "invalid", "3": ["conditional", "undecided"]})
    return check(small, workers=0)


@pytest.fixture
def seen(monkeypatch):
    seen = []
    monkeypatch.setattr(kernel, "replay", seen.append)
    return seen


def test_everything_is_replayed_and_equal_evidence_once(ledger, seen):
    found = replay(ledger)
    assert (found.certificates, found.countermodels, found.refused) == (1, 1, ())
    assert [evidence["kind"] for evidence in seen] == ["certificate", "countermodel"]


def test_the_evidence_of_other_readings_and_of_better_links_is_replayed_too(ledger, seen):
    assert ledger["2"].inference.countermodel is None  # it is in the reading that is not the headline
    assert ledger["3"].inference.certificate is None  # it is in the first link
    assert replay(replace(ledger, steps=(ledger["2"],))).countermodels == 1
    assert replay(replace(ledger, steps=(ledger["3"],))).certificates == 1


@pytest.mark.parametrize("error", [Refused("line 3 is not that rule"), KeyError("rules"), RecursionError("deep")])
def test_a_refusal_names_every_step_that_rests_on_it(ledger, monkeypatch, error):
    def refuse(evidence):
        if evidence["kind"] == "certificate":
            raise error

    monkeypatch.setattr(kernel, "replay", refuse)
    refused = replay(ledger).refused
    assert [one.label for one in refused] == ["1", "2", "3", "4"]
    assert refused[0].reason.startswith(f"certificate refused: {type(error).__name__}: ")


@pytest.mark.parametrize(
    ("verdict", "missing"),
    [("valid", "certificate"), ("conditional", "certificate"), ("invalid", "countermodel")],
)
def test_a_verdict_without_evidence_is_refused(ledger, seen, verdict, missing):
    bare = Inference(verdict, "trust me")
    link = replace(ledger["1"].links[0], inference=bare)
    edited = replace(ledger, steps=(replace(ledger["1"], inference=bare, links=(link,)),))
    assert replay(edited).refused == (Refusal("1", f"{verdict} without a {missing}"),)


C, M = {"kind": "certificate"}, {"kind": "countermodel"}


@pytest.mark.parametrize(
    ("evidence", "refused"),
    [
        (C, []),
        ({"kind": "all", "parts": [C, {"kind": "all", "parts": [C]}]}, []),
        (M, ["certificate refused: it holds countermodel"]),
        ({"kind": "all", "parts": [C, M]}, ["certificate refused: it holds certificate and countermodel"]),
        ({"kind": "all", "parts": []}, ["certificate refused: it holds nothing"]),
        ({"kind": "all", "parts": 3}, ["certificate refused: it holds all"]),
        ({"kind": "all", "parts": [3]}, ["certificate refused: it holds no evidence"]),
        ({}, ["certificate refused: it holds None"]),
    ],
)
def test_evidence_of_another_kind_is_refused(ledger, seen, evidence, refused):
    link = replace(ledger["1"].links[0], inference=Inference("valid", "", certificate=evidence))
    edited = replace(ledger, steps=(replace(ledger["1"], links=(link,)),))
    assert [one.reason for one in replay(edited).refused] == refused


@pytest.mark.parametrize("verdict", ["undecided", "not-applicable"])
def test_what_claims_nothing_needs_no_evidence(ledger, seen, verdict):
    link = replace(ledger["1"].links[0], inference=Inference(verdict, ""))
    edited = replace(ledger, steps=(replace(ledger["1"], links=(link,)),))
    assert replay(edited).refused == ()
