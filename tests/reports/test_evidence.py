"""Certificates and countermodels as a reader sees them: what is shown is what is stored, and edited evidence does no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import derive
from reports import check
from reports.view.evidence import shown_evidence
from reports.view.jets import polynomial, variable
from reports.view.matrices import complex_text, of_model
from reports.view.terms import equation, term


@pytest.fixture(scope="module")
def ledger():
    return check(derive.load("jain"), only=["4", "15", "16", "26", "31", "36", "37", "38"], workers=0)


def text(evidence):
    return "\n".join([evidence.title, *(line for passage in evidence.passages for line in (passage.heading, *passage.lines))])


def test_a_certificate_shows_its_steps(ledger):
    found = text(shown_evidence(ledger["26"].inference.certificate, "the certificate"))
    assert "(23): u(E, tau) = avg(d_tau(H); E)" in found
    assert "1. (22): multiplied from the left by g(E), then integrated over E." in found
    assert "zero in the kernel's normal form" in found


def test_the_other_closings(ledger):
    assert "vanishes at 0, hence always" in text(shown_evidence(ledger["4"].inference.certificate, ""))
    assert "commutes with H, whose spectrum is simple" in text(shown_evidence(ledger["16"].inference.certificate, ""))
    assert "7 certificates, one for each order" in text(shown_evidence(ledger["15"].inference.certificate, ""))


def test_a_countermodel_shows_numbers_to_retype(ledger):
    stored = ledger["37"].inference.countermodel
    found = shown_evidence(stored, "the countermodel")
    matrices = {matrix.name: matrix for passage in found.passages for matrix in passage.matrices}
    expected = tuple(tuple(complex_text(stored["values"][f"ham|1|{a}|{b}"]) for b in range(2)) for a in range(2))
    assert matrices["d_tau H"].rows == expected
    assert matrices["hbar"].single == complex_text(stored["values"]["par|hbar"])
    _, element, pair = stored["witness"][0]
    assert f"the coefficient of {element}: lhs - rhs = {complex_text(pair)}" in text(found)
    assert found.digest == stored["digest"]


def test_fields_are_named_as_a_reader_would(ledger):
    found = text(shown_evidence(ledger["36"].inference.countermodel, ""))
    assert "(jet" not in found
    assert "d_E Sigma = " in found
    assert "Tr[delta(E - H) (d_tau H)] = " in found


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("(coord time:t)", "t"),
        ("(jet fun rho0' ((energy:E 2)))", "d_E^2 rho0'"),
        ("(jet ((f ((delta 1 energy:E () 1))) (op X  () () ())) ())", "(jet ((f ((delta 1 energy:E () 1))) (op X () () ())) ())"),
        ("(jet ((f ((delta 1 energy:E () 1))) (op X 1 () () ())) ())", "Tr[delta'(E - H) X[1]]"),
        ("(jet", "(jet"),
        ("", ""),
    ],
)
def test_variables(stored, expected):
    assert variable(stored) == expected


SIGMA = ["jet", "Sigma", []]
RATE = "((((coord time:t) 1)) ())"


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ([[["1", "0"], []]], "1"),
        ([], "0"),
        ([[["-1", "0"], [[["par", "eps"], 2]]]], "-eps^2"),
        ([[["1", "0"], [[SIGMA, 1]]], [["-3/2", "0"], [[SIGMA, -1], [["par", "eps"], 1]]]], "Sigma - 3/2 Sigma^-1 eps"),
        ([[["2", "1"], [[["jet", "fun C", [["energy:E", 1]]], 2]]]], "(2 + i) (d_E C)^2"),
        ([[["1", "0"], [["no variable", 1]]]], "[[['1', '0'], [['no variable', 1]]]]"),
        ("odd", "odd"),
        (None, "None"),
    ],
)
def test_polynomials(stored, expected):
    assert polynomial(stored) == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("(jet int fun C to (oo -) ((energy:E 1)))", "d_E [integral over ~ up to -oo of C]"),
        (f"(jet int fun C to (at (({RATE} (-1 0)))) ())", "[integral over ~ up to -t of C]"),
        (
            "(jet int [((((jet fun C ()) 1)) (((jet Sigma ()) 2)))] to (oo +) ())",
            "[integral over ~ up to +oo of the part in C and Sigma^2]",
        ),
        ("(jet int fun C to nowhere ())", "(jet int fun C to nowhere ())"),
    ],
)
def test_integrals_of_fields(stored, expected):
    assert variable(stored) == expected


@given(st.recursive(st.none() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3), max_leaves=10))
def test_whatever_stands_for_a_polynomial_is_shown(data):
    assert isinstance(polynomial(data), str)


def test_zeros_of_a_point_are_counted_and_paper_has_the_first_lines():
    values = {f"(jet f{k} ())": str(k % 3) for k in range(30)}
    found = shown_evidence({"kind": "fields", "answer": "no", "values": values, "claim": None}, "")
    point = found.passages[-1]
    assert len(point.lines) == 21
    assert point.lines[-1] == "the 10 others that occur are 0"
    assert "f1 = 1" in point.lines
    assert point.first_lines == (*point.lines[:12], "and 9 more lines on the page and in the ledger")
    assert found.passages[0].first_lines == found.passages[0].lines


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (["3", "0"], "3"), (["0", "1"], "i"), (["0", "-5"], "-5 i"), (["1/2", "-1"], "1/2 - i"), (["2", "3"], "2 + 3 i"),
        ("odd", "odd"),
    ],
)  # fmt: skip
def test_numbers(pair, expected):
    assert complex_text(pair) == expected


def test_zero_matrices_are_left_out_as_the_caption_says():
    values = {f"ham|2|{a}|{b}": ["0", "0"] for a in range(2) for b in range(2)}
    assert of_model(values) == ()


def test_no_evidence_is_none():
    assert shown_evidence(None, "") is None


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_whatever_stands_for_a_term_is_shown(data):
    assert isinstance(term(data), str)
    assert isinstance(equation(data), str)


def test_edited_evidence_is_shown_and_harms_nothing(ledger):
    stored = dict(ledger["37"].inference.countermodel)
    for key in stored:
        for value in ("x", [], {}, 3):
            if key != "kind":
                assert shown_evidence({**stored, key: value}, "") is not None
