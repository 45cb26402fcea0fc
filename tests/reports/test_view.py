"""The view: what a report says, computed from the ledger alone."""

from dataclasses import replace

import pytest

from derive import Prose
from derive.language import Equation
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER, Truth
from reporting import page_of
from reports.ledger import LedgerError
from reports.pipeline import check
from reports.view import build
from reports.view.findings import ends
from reports.view.mathematics import formula
from reports.view.standing import blame_path, shortest
from reports.view.text import listed, sentence, shown
from reports.view.tones import MEANINGS, SIGNS, TONES, mark
from reports.view.values import Encoded, Factor, Remedy, Verdict


def texts(page):
    return " ".join(finding.text for finding in page.findings)


def test_hidden_characters_are_named():
    assert shown("a\u202eb\x00\u200bc\n d") == "a⟨U+202E⟩b⟨U+0000⟩⟨U+200B⟩c d"
    assert shown("Σ é 漢") == "Σ é 漢"


def test_sentences():
    assert sentence("it follows") == "It follows."
    assert sentence("u is a number!") == "u is a number!"
    assert sentence("") == ""
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_every_verdict_has_a_tone_a_sign_and_a_meaning():
    for verdict in (*INFERENCE_ORDER, *TRUTH_ORDER):
        assert SIGNS[TONES[verdict]]
        assert MEANINGS[verdict]
    assert TONES["undecided"] not in ("good", "fair")


def test_all_that_passes_is_said_to_pass(small, play):
    page = page_of(small)
    assert all(finding.tone in ("good", "open", "fair") for finding in page.findings)
    assert "4 of the 4 equations that are inferred both follow and are true of the model: (1), (2), (3) and (4)." in texts(page)


def test_a_false_step_is_where_truth_is_lost_and_what_rests_on_it_is_false_downstream(small, play):
    play(truths={"2": "fails", "3": "fails"}, inferences={"2": "invalid"})
    page = page_of(small)
    assert "Truth is lost at (2): it does not follow (because it is invalid), and it is false of the model" in texts(page)
    assert "(3) follows from what is cited, and is false because something cited is." in texts(page)
    assert [card.blame for card in page.cards] == ["", "here", "(2) → (3)", "(2) → (4)"]


def test_the_first_finding_is_about_the_whole(small, play):
    assert page_of(small).findings[0].text == "Nothing is refuted among 4 equations; what is open is listed below."
    play(truths={"2": "fails", "3": "fails"})
    page = page_of(small)
    assert page.findings[0].text == ("The derivation does not hold: truth is lost at 1 of 4 equations, and 2 more rest on these.")
    assert page.findings[0].labels == (("2", page.cards[1].anchor),)


def test_what_does_not_follow_and_is_false_downstream_is_told_apart_from_what_follows(small, play):
    play(truths={"2": "fails", "4": "fails"}, inferences={"2": "invalid", "4": "undecided"})
    assert "(4) is false, as is something that is cited there." in texts(page_of(small))


def limited(verdict, *limits):
    rows = tuple({"ensemble": "GUE", "limit": limit, "half": half, "part": part} for limit, half, part in limits)
    return Truth(verdict, "does not tend to 0", measurements=rows)


def test_by_how_much_an_equation_is_wrong_is_the_limit_that_is_farthest_from_zero(small, play):
    play(truths={"4": [limited("fails", (0.2, 0.05, "real"), (-0.345, 0.041, "imaginary"), (0.5, 0.4, "real"))]})
    words = "its two sides differ by 0.34 ± 0.041 times the size of its terms in the imaginary part"
    page = page_of(small)
    assert (
        page.findings[1].text == f"(4), which no later equation uses, is false of the model: in the limit of many levels {words}."
    )
    assert [formula.latex for formula in page.findings[1].formulas] == ["g = u"]
    play(truths={"4": "fails"})
    assert page_of(small).findings[1].text == "(4), which no later equation uses, is false of the model: because it is fails."


def test_where_the_derivation_leads_is_what_only_words_speak_of(small, play):
    assert [step.label for step in ends(check(small, workers=0))] == ["3", "4"]


FOUND = Remedy(
    1,
    Encoded(formula("g = 2 u"), "g = 2 * u"),
    (Factor(formula("g"), "held", "1"), Factor(formula("u"), "fitted 1.99 ± 0.02", "2")),
    "each interval holds a simple rational number",
    Verdict(mark("asymptotic"), "It tends to 0."),
)


def test_what_is_true_instead_stands_beside_what_is_false(small, play):
    play(truths={"4": "fails"})
    page = build(check(small, workers=0), small, remedies={"4": (FOUND,)})
    assert page.findings[2].text == (
        "The nearest equation to (4) that is true of the model takes each of its terms, in the order of the print, times a "
        "factor fitted to the numbers of every ensemble, 1 (held) and 2 (fitted 1.99 ± 0.02):"
    )
    assert (page.findings[2].tone, page.findings[2].formulas) == ("good", (formula("g = 2 u"),))
    assert page.cards[3].remedies == (FOUND,)
    assert page.cards[3].repair == "derive repair small 4 --seed 0"
    assert page.cards[2].repair == ""


@pytest.mark.parametrize(
    "change",
    [{"found": None}, {"truth": None}, {"truth": Verdict(mark("undecided"), "")}, {"truth": Verdict(mark("fails"), "")}],
)
def test_what_was_not_found_to_be_true_is_not_said_to_be(small, play, change):
    play(truths={"4": "fails"})
    page = build(check(small, workers=0), small, remedies={"4": (replace(FOUND, **change),)})
    assert page.findings[2].text.startswith("What is true instead of (4) was not found: ")
    assert (page.findings[2].tone, page.findings[2].formulas) == ("open", ())


def test_a_claim_in_words_stands_beside_what_was_checked(small, play):
    derivation = replace(small, prose=(*small.prose, Prose("W3", "u is none.", claim=small["2"].claim, denied=True)))
    bare, plain, denied = page_of(derivation).claims
    assert bare.encoded == ()
    assert [(one.formula.latex, one.encoded) for one in plain.encoded] == [("f(E) = g(E)", "f(E) = g(E)")]
    assert plain.heading == "as encoded"
    assert denied.heading == "as encoded; the words deny it (u of: E)"
    assert denied.encoded[0].formula.latex == "f(E) = u(E)"


def test_a_refuted_claim_in_words_says_why(small, play):
    play(truths={"W2": "fails"})
    assert "The claim in words W2, “f is g”, is refuted: because it is fails." in texts(page_of(small))


def test_a_step_that_is_true_and_does_not_follow(small, play):
    play(inferences={"4": "invalid"})
    assert "(4) does not follow from what is cited, but is true of the model." in texts(page_of(small))


def test_undecided_is_reported_as_open_and_as_unchecked(small, play):
    play(inferences={"4": "undecided"}, truths={"2": "undecided"})
    page = page_of(small)
    assert "Not decided: the inference of (4), the truth of (2) and the claim in words W1. Undecided is no pass." in texts(page)
    whats = {(one.what, one.labels[0][0]) for one in page.unchecked}
    assert {("the inference is undecided", "4"), ("the truth is undecided", "2"), ("claims in words", "W1")} <= whats


def test_steps_that_were_left_out_are_named(small, play):
    ledger = check(small, only=["3"], workers=0)
    page = build(ledger, small)
    assert page.unchecked[0].what == "3 equations left out of this check"
    assert [label for label, _ in page.unchecked[0].labels] == ["1", "2", "4"]
    assert page.lead.startswith("1 of 4 equations")


def test_an_assumption_that_the_print_does_not_make_is_a_finding(small, play):
    play(inferences={"2": "conditional"})
    page = page_of(small)
    assert "1 step needs an assumption that the print does not make, 'tail': (2)." in texts(page)
    assert page.cards[1].needed[0].name == "tail"


def test_what_becomes_of_a_step_without_an_assumption_is_shown(small, play):
    play(inferences={"2": "conditional"})
    ledger = check(small, workers=0)
    page = build(ledger, small, without={("2", "tail"): "undecided"})
    assert page.cards[1].needed[0].without == "undecided"


def test_the_graph_has_two_marks_and_the_ways_of_blame(small, play):
    play(truths={"2": "fails", "3": "fails"}, inferences={"2": "invalid"})
    graph = page_of(small).graph
    assert [node.own.word for node in graph.nodes] == ["valid", "fails", "fails", "valid"]
    assert graph.nodes[1].ancestry.word != "fails"
    assert graph.nodes[2].ancestry.word == "fails"
    assert graph.nodes[3].ancestry.word == "fails"
    assert [(edge.tail, edge.head) for edge in graph.edges if edge.blame] == [(2, 1)]
    assert "(2) reaches (3)" in graph.caption


def test_blame_travels_along_citations_that_lead_to_the_fault_only(small, play):
    play(truths={"2": "fails"}, inferences={"2": "invalid"})
    ledger = check(small, workers=0)
    cites = {"1": (), "2": ("1",), "3": ("2", "1"), "4": ("2",)}
    assert blame_path(ledger["3"], cites) == {("3", "2")}
    assert shortest("3", "1", cites) == ("1", "3")
    assert shortest("1", "3", cites) == ()


def test_readings_with_the_same_verdicts_are_gathered(small, play):
    play(inferences={"2": lambda assignment: "valid" if assignment["u of"] == "H" else "invalid"})
    readings = page_of(small).cards[1].readings
    assert [(one.assignments, one.headline, one.inference.mark.word) for one in readings] == [
        (("u of: E",), False, "invalid"),
        (("u of: H",), True, "valid"),
    ]
    choice = page_of(small).choices[0]
    assert [(label, taken) for label, _, taken in choice.options] == [("E", False), ("H", True)]


def test_the_encoding_is_shown_under_the_reading_of_the_headline(small, play):
    play(inferences={"2": lambda assignment: "valid" if assignment["u of"] == "H" else "invalid"})
    card = page_of(small).cards[1]
    assert card.reading == "u of: H"
    assert card.links[0].formula.latex == "f(E) = f(E)"


def test_a_ledger_of_another_case_or_version_is_refused(small, play):
    ledger = check(small, workers=0)
    with pytest.raises(LedgerError, match="expected a ledger of other"):
        build(ledger, replace(small, name="other"))
    other = small.with_claim("2", Equation(small["2"].claim.lhs, 0))
    with pytest.raises(LedgerError, match=r"\(2\) is encoded otherwise"):
        build(ledger, other)
    fewer = replace(small, steps=small.steps[:3])
    with pytest.raises(LedgerError, match="'4', which the case does not have"):
        build(ledger, fewer)


def test_the_command_on_a_card_reproduces_it(small, play):
    assert page_of(small).cards[1].command == "derive check small --only 2 --seed 0"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"headline": 3}, "headline: expected an object"),
        ({"headline": {"assignment": {"u of": 1}, "saved": 1, "search": ""}}, "assignment.u of: expected a string"),
        ({"lost_at": "2"}, "lost_at: expected a list"),
        ({"equivocations": [{"between": ["2"], "links": None}]}, "expected two steps"),
        ({"equivocations": [{"between": ["2", "3"], "links": "all"}]}, "none or two of their links"),
        ({"profile": None}, "profile: expected a string"),
    ],
)
def test_an_edited_summary_is_refused(small, play, change, words):
    ledger = check(small, workers=0)
    with pytest.raises(LedgerError, match=words):
        build(replace(ledger, summary={**ledger.summary, **change}), small)


def test_a_claim_where_a_step_should_be_is_refused(small, play):
    ledger = check(small, workers=0)
    step = replace(ledger["1"], label="W1")
    with pytest.raises(LedgerError, match="'W1', which the case does not have"):
        build(replace(ledger, steps=(step, *ledger.steps[1:]), prose=()), small)


def test_measurements_stand_in_a_table_on_cards_and_claims(small, play):
    page = page_of(small)
    table = page.cards[1].measured
    assert table.heads == ("ensemble", "N", "residual")
    assert table.rows == (("GUE", "32", "0.333"),)
    assert page.claims[1].measured == table
    assert page.claims[0].measured is None
