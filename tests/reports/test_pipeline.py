"""The check as a whole: headline, standing, blame, and that what goes wrong in one step stays there."""

import contextlib
import os
import signal
import time
from dataclasses import replace

import pytest

from derive import Derivation, Reading, Step
from derive.language import Choice, Coordinate, Equation, Function, Hamiltonian, Node, Nonzero, SimpleSpectrum
from derive.verdicts import Inference, Truth
from reports import CheckError, check, judging, request, rounds
from reports.ledger_json import encode


def verdicts(ledger):
    return {step.label: (step.inference.verdict, step.truth.verdict) for step in ledger}


FINE = ("valid", "exact")
E = Coordinate("E", "energy")
f, g, u = Function("f"), Function("g"), Function("u")


def under(label, then, otherwise):
    """An answer that depends on the reading."""
    return lambda assignment: then if assignment["u of"] == label else otherwise


def test_a_sound_derivation_is_found_sound(small, play):
    ledger = check(small)
    assert verdicts(ledger) == dict.fromkeys("1234", FINE)
    assert [step.standing for step in ledger] == ["valid"] * 4
    assert [step.blame for step in ledger] == [()] * 4
    assert ledger.summary["headline"] == {"assignment": {"u of": "E"}, "saved": 4, "search": "exhaustive"}
    assert ledger["2"].inference.certificate == {
        "kind": "certificate",
        "rules": [["trace", 1], ["d_E", "2/3"]],
    }


def test_a_step_shows_the_worst_of_its_links(small, play):
    play({"3": ["conditional", "valid"]}, {"3": ["asymptotic", "fails"]})
    step = check(small)["3"]
    assert (step.inference.verdict, step.truth.verdict) == ("conditional", "fails")
    assert [link.role for link in step.links] == ["claim", "definition"]
    assert [link.inference.verdict for link in step.links] == ["conditional", "valid"]
    assert step.inference.assumptions == ("tail",)


def test_standing_is_the_weakest_above_and_blame_where_truth_is_lost(small, play):
    play({"2": "conditional"}, {"2": "fails", "3": "fails", "4": "exact"})
    ledger = check(small)
    assert [step.standing for step in ledger] == ["valid", "fails", "fails", "fails"]
    assert [step.blame for step in ledger] == [(), ("2",), ("2",), ("2",)]
    assert ledger.summary["lost_at"] == ["2"]


def test_an_invalid_step_is_blamed_although_its_premise_is_false_too(small, play):
    play({"3": "invalid"}, {"2": "fails", "3": "fails"})
    assert check(small)["3"].blame == ("2", "3")


# Readings --------------------------------------------------------------------------------------------


def test_the_headline_saves_most_steps_and_is_one_for_all(small, play):
    only_h = under("H", "valid", "invalid")
    play({"2": under("E", "valid", "invalid"), "3": only_h, "4": only_h})
    ledger = check(small)
    assert ledger.summary["headline"] == {"assignment": {"u of": "H"}, "saved": 3, "search": "exhaustive"}
    assert [step.inference.verdict for step in ledger] == ["valid", "invalid", "valid", "valid"]
    assert [(dict(one.assignment), one.headline, one.inference.verdict) for one in ledger["2"].readings] == [
        ({"u of": "E"}, False, "valid"),
        ({"u of": "H"}, True, "invalid"),
    ]
    assert ledger["1"].readings == ()


def test_equivocation_is_reported_in_the_summary_and_on_both_steps(small, play):
    play({"2": under("E", "valid", "invalid")}, {"4": under("E", "fails", "exact")})
    ledger = check(small)
    assert ledger.summary["equivocations"] == [{"between": ["2", "4"], "links": None}]
    assert [one.against for one in ledger["2"].readings] == [("4",), ()]
    assert [one.against for one in ledger["4"].readings] == [(), ("2",)]


def test_what_is_undecided_is_no_equivocation(small, play):
    play({"2": under("E", "valid", "undecided"), "4": under("E", "invalid", "valid")})
    assert check(small).summary["equivocations"] == []


def test_links_of_one_step_equivocate(small, play):
    play({"3": lambda a: ["valid", "invalid"] if a["u of"] == "E" else ["invalid", "valid"]})
    assert check(small).summary["equivocations"] == [{"between": ["3", "3"], "links": [1, 2]}]


def test_a_given_assignment_is_used(small, play):
    assert check(small, assignment={"u of": "H"}).summary["headline"]["assignment"] == {"u of": "H"}


def test_the_judges_get_every_reading_and_the_step_shows_its_own(small, play):
    def infer(assignment):
        assert assignment == {"u of": "E", "v of": "H"}
        return "valid"

    more = (Reading("v of", "?", {"H": "", "E": ""}), Reading("w of", "?", {}))
    play({"1": infer}, {"1": lambda a: "exact" if len(a) == 2 else "fails"})
    step = check(replace(small, readings=small.readings + more), workers=0)["1"]
    assert (step.inference.verdict, step.truth.verdict, step.readings) == (*FINE, ())


def test_too_many_readings_are_cut_and_said(small, play, monkeypatch):
    """Beyond the most that are judged, the headline's reading is judged all the same, and that one is all."""
    monkeypatch.setattr(judging, "MOST_READINGS", 1)
    ledger = check(small, assignment={"u of": "H"})
    assert ledger["2"].inference.verdict == "valid"
    assert len(ledger["2"].readings) == 2
    assert check(small).summary["headline"]["assignment"] == {"u of": "E"}
    assert len(check(small)["2"].readings) == 1
    monkeypatch.setattr(rounds, "ROUNDS", 0)
    ledger = check(small, assignment={"u of": "H"})
    assert ledger["2"].inference.verdict == ledger["2"].truth.verdict == "undecided"
    assert ledger["2"].truth.reason == "not judged: the step has 2 readings, of which the first 1 are judged"


# Only some of the steps ------------------------------------------------------------------------------


def test_only_some(small, play):
    play({}, {"2": "fails"})
    ledger = check(small, only=["3", "1", "W1"])
    assert [step.label for step in ledger] == ["1", "3"]
    assert [claim.label for claim in ledger.prose] == ["W1"]
    assert ledger["1"].standing == "valid"
    assert ledger["3"].standing == "undecided"  # step 2 was not looked at
    assert ledger.summary["only"] == ["1", "3", "W1"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"only": ["1", "9"]}, "came '9'"),
        ({"only": []}, "at least one label"),
        ({"only": "24"}, "list of labels"),
        ({"only": [["1"]]}, "came"),
        ({"seed": -1}, "came -1"),
        ({"seed": 2**63}, "expected a seed"),
        ({"seed": True}, "expected a seed"),
        ({"seed": 1.0}, "expected a seed"),
        ({"profile": "slow"}, "quick, full, came 'slow'"),
        ({"assignment": {"u of": "x"}}, "came 'u of': 'x'"),
        ({"assignment": {"v of": "E"}}, "came 'v of': 'E'"),
    ],
)
def test_what_cannot_be_asked_is_refused(small, play, asked, message):
    with pytest.raises(CheckError, match=message):
        check(small, **asked)


# Claims in words -------------------------------------------------------------------------------------


def test_an_encoded_claim_in_words_is_judged_like_a_step(small, play):
    play({}, {"2": "fails", "W2": "fails"})
    without, encoded = check(small).prose
    assert (without.verdict, encoded.verdict) == ("undecided", "fails")
    assert "without an encoding" in without.reason
    assert (without.cites, without.standing) == (("3",), "fails")
    assert encoded.standing == "not-applicable"


def test_a_claim_in_words_counts_among_the_undecided(small, play):
    play({"3": "undecided"}, {"4": "fails"})
    ledger = check(small)
    assert ledger.undecided == ("3", "W1")
    assert ledger.refuted == ("4",)


def test_a_claim_in_words_whose_truth_is_open_shows_whether_it_follows(small, play):
    play({"W2": "invalid"}, {"W2": "undecided"})
    assert check(small).prose[1].verdict == "invalid"
    play({"W2": "undecided"}, {"W2": "undecided"})
    assert check(small).prose[1].verdict == "undecided"


def test_words_that_say_nothing_as_the_headline_reads_are_read_otherwise(small, play):
    """As where both sides vanish under one reading of u; the first other reading that decides is used, and said."""
    open_u = Choice("u of", ("E", u(E)), ("H", f(E)))
    spoken = replace(small, prose=(replace(small.prose[1], claim=Equation(g(E), open_u), cites=()),))
    play({"W2": "undecided"}, {"W2": under("H", "fails", "undecided")})
    (entry,) = check(spoken).prose
    assert entry.verdict == "fails"
    assert entry.reason.startswith("read with u of: H: ")
    assert "as the headline reads: " in entry.reason
    play({"W2": "undecided"}, {"W2": "undecided"})
    assert not check(spoken).prose[0].reason.startswith("read with")


@pytest.mark.parametrize(
    ("true", "shown"), [("exact", "fails"), ("asymptotic", "fails"), ("fails", "exact"), ("undecided", "undecided")]
)
def test_words_that_deny_an_equation_are_true_where_it_is_not(small, play, true, shown):
    play({"W2": "valid"}, {"W2": true})
    denying = replace(small, prose=(small.prose[0], replace(small.prose[1], denied=True)))
    entry = check(denying).prose[1]
    assert entry.verdict == shown  # whether the equation follows says nothing of the words
    assert ("the words deny" in entry.reason) == (true != "undecided")


def test_a_statement_in_words_is_measured_by_itself(small, play):
    play({}, {})
    spoken = replace(
        small, prose=(replace(small.prose[0], statement=SimpleSpectrum(Hamiltonian("H", Coordinate("tau", "slow")))),)
    )
    (entry,) = check(spoken).prose
    assert (entry.verdict, entry.cites) == ("fails", ("3",))
    assert "GSE" in entry.reason
    unknown = replace(small, prose=(replace(small.prose[0], statement=Nonzero(Function("f")(Coordinate("E", "energy")))),))
    assert check(unknown).prose[0].verdict == "undecided"


def test_claims_in_words_alone(small, play):
    ledger = check(small, only=["W1"])
    assert (len(ledger), ledger.undecided, ledger.prose[0].standing) == (0, ("W1",), "undecided")


# One step goes wrong ---------------------------------------------------------------------------------


def others_are_fine(ledger, label, headlines=1):
    found = verdicts(ledger)
    assert all(found[other] == FINE for other in found if other != label)
    return ledger[label]


def crash(assignment):
    raise ValueError(f"division by zero in {object()!r}\nsecond line")


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_an_exception_in_one_step_leaves_the_others(small, play, workers):
    play({"3": crash}, {"4": crash})
    ledger = check(small, workers=workers)
    assert verdicts(ledger) == {
        "1": FINE,
        "2": FINE,
        "3": ("undecided", "exact"),
        "4": ("valid", "undecided"),
    }
    assert ledger["3"].inference.reason == "ValueError: division by zero in <object object>"


@pytest.mark.parametrize("workers", [0, 2])
def test_a_time_limit_in_one_step_leaves_the_others(small, play, monkeypatch, workers):
    monkeypatch.setitem(request.SECONDS, "quick", 0.5)
    play({}, {"3": lambda a: time.sleep(60)})
    begun = time.monotonic()
    step = others_are_fine(check(small, workers=workers), "3")
    assert time.monotonic() - begun < 10
    assert (step.inference.verdict, step.truth.verdict) == ("valid", "undecided")
    assert step.truth.reason == "time limit: no answer within the 0.5 s that a quick check gives a step"


def test_of_many_slow_readings_the_first_are_decided(play, monkeypatch):
    monkeypatch.setitem(request.SECONDS, "quick", 3.0)
    labels = [f"option {number:02}" for number in range(32)]
    claim = Equation(Choice("c", *((label, 1) for label in labels)), 1)
    reading = Reading("c", "?", dict.fromkeys(labels, ""))
    play({}, {"1": lambda a: time.sleep(0.2) or "exact"})
    many = Derivation("many", "", "", (Step("1", "claim", claim),), readings=(reading,))
    found = [one.truth.verdict for one in check(many, workers=1)["1"].readings]
    assert found[:3] == ["exact"] * 3
    assert found[-3:] == ["undecided"] * 3


def swallow(assignment):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(60)


def test_a_step_that_swallows_the_alarm_is_stopped_with_its_process(small, play, monkeypatch):
    monkeypatch.setitem(request.SECONDS, "quick", 0.2)
    monkeypatch.setattr(rounds, "GRACE", 0.5)
    play({"3": swallow})
    step = others_are_fine(check(small), "3")
    assert step.truth.reason == "time limit: it did not heed the alarm, and its process was stopped"


@pytest.mark.parametrize(
    ("death", "ending"),
    [
        (lambda a: os.kill(os.getpid(), signal.SIGKILL), "was ended by SIGKILL"),
        (lambda a: os._exit(7), "ended with exit code 7"),
    ],
)
def test_a_crash_of_a_process_leaves_the_others(small, play, death, ending):
    play({}, {"3": death})
    step = others_are_fine(check(small), "3")
    assert step.inference.verdict == step.truth.verdict == "undecided"
    assert step.truth.reason == f"the process that judged it {ending}"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda a: [Inference("valid", "")], "expected 2 of Inference, one for each link, came Inference"),
        (lambda a: [Truth("exact", ""), Truth("exact", "")], "TypeError: expected 2 of Inference"),
        (lambda a: [], "came nothing"),
        (lambda a: [Inference("valid", "", certificate={"x": 0.5})] * 2, "LedgerError: expected exact data"),
        (
            lambda a: [Inference("valid", "", certificate={"x": 1j})] * 2,
            "LedgerError: expected data that JSON",
        ),
        (lambda a: [Inference("valid", None)] * 2, "LedgerError: the verdict.reason: expected a string"),
        (lambda a: [Inference("perfect", "")] * 2, "ValueError: inference verdict"),
        (lambda a: exit(0), "SystemExit"),
    ],
)
def test_a_wrong_answer_is_no_answer(small, play, answer, reason):
    play({"3": answer})
    step = others_are_fine(check(small, workers=1), "3")
    assert step.inference.verdict == "undecided"
    assert reason in step.inference.reason
    assert step.truth.verdict == "exact"


def test_choices_that_cannot_be_found_lose_one_step(small, play):
    def choices(derivation, label):
        if label == "3":
            raise KeyError("no such symbol")
        return {}

    play(choices=choices)
    step = others_are_fine(check(small), "3")
    assert (step.inference.verdict, step.truth.verdict) == ("undecided", "undecided")
    assert "no such symbol" in step.truth.reason


class Unknown(Node):
    """A node that no table has."""


def test_an_unknown_node_is_said_where_the_encoding_would_stand(small, play):
    strange = replace(small, steps=(Step("1", "claim", Equation(Unknown(), 0)),), prose=())
    (link,) = check(strange)["1"].links
    assert link.printed == ("cannot be printed: LanguageError: printing: unknown node Unknown; give it a line in printing.py")


def test_a_latex_that_is_no_string_does_not_stop_the_check(play):
    step = Step("1", "claim", Equation(0, 0), latex=5)
    assert check(Derivation("x", "", "", (step,)))["1"].latex == "5"


# The same bytes --------------------------------------------------------------------------------------


def test_the_bytes_depend_neither_on_the_workers_nor_on_the_run(small, play):
    play({"2": under("E", "valid", "invalid"), "3": crash}, {"4": "fails"})
    kinds = {encode(check(small, workers=workers)) for workers in (0, 1, 2, 3, 2)}
    assert len(kinds) == 1


def test_progress_counts_every_step(small, play):
    seen = []
    check(small, progress=lambda done, total, label: seen.append((done, total, label)))
    assert [(done, total) for done, total, _ in seen] == [(k, 5) for k in range(1, 6)]
    assert sorted(label for _, _, label in seen) == ["1", "2", "3", "4", "W2"]


def test_no_process_is_left_behind(small, play):
    import multiprocessing

    def interrupt(done, total, label):
        raise KeyboardInterrupt

    play({}, {"4": lambda a: time.sleep(60)})
    with pytest.raises(KeyboardInterrupt):
        check(small, progress=interrupt)
    assert multiprocessing.active_children() == []
