"""A verdict that a changed equation changes shows up in whatever a person or a program reads."""

import sys

import pytest

import derive
from derive.language import Equation
from reports import check, html, tex
from reports.formats import renderer
from reports.report import LARGEST, files
from reports.to_terminal import console_for, show_ledger
from reports.view import build

FORMATS = ("json", "junit", "sarif", "github")


def shown(derivation):
    """What each format says of (24), as text."""
    ledger = check(derivation, only=["24"], workers=0)
    page = build(ledger, derivation)
    said = {name: renderer(name)(ledger, "").decode() for name in FORMATS}
    said["html"] = html.render(page).decode()
    said["tex"] = tex.render(page)["fragment.tex"].decode()
    said["notebook"] = ledger._repr_html_()
    return said, ledger


@pytest.fixture(scope="module")
def both():
    derivation = derive.load("jain")
    claim = derivation["24"].claim
    slip = derivation.with_claim("24", Equation(claim.lhs, 2 * derivation["19"].claim.lhs))
    return shown(derivation)[0], shown(slip)[0]


def test_every_format_says_that_the_slip_is_refuted_and_the_print_is_not(both):
    printed, slipped = both
    words = {
        "json": '"verdict": "invalid"', "junit": 'failure type="invalid"', "sarif": '"ruleId": "fails"',
        "github": "::error title=jain (24) truth%3A fails", "html": 'data-inference="invalid"',
        "tex": "(24) claim: invalid, fails", "notebook": "✗ invalid",
    }  # fmt: skip
    assert set(words) == set(printed)
    for name, word in words.items():
        assert word in slipped[name], name
        assert word not in printed[name], name


def test_the_equation_as_checked_is_the_changed_one(both):
    printed, slipped = both
    for name in ("html", "tex"):
        assert r"= 2\,\Sigma(E, \tau)" in slipped[name]
        assert r"= 2\,\Sigma(E, \tau)" not in printed[name]


def test_the_table_says_so_too(capsys):
    derivation = derive.load("jain")
    slip = derivation.with_claim("24", Equation(derivation["24"].claim.lhs, 2 * derivation["19"].claim.lhs))
    for changed, words in ((derivation, ["conditional", "exact"]), (slip, ["invalid", "fails"])):
        show_ledger(check(changed, only=["24"], workers=0), console_for(sys.stdout))
        (row,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("24 "))
        assert row.split()[1:4] == ["claim", *words]


def test_a_page_that_would_be_too_large_leaves_out_the_pictures_on_cards(monkeypatch):
    derivation = derive.load("jain")
    ledger = check(derivation, only=["37"], workers=0)
    whole = files(ledger, derivation, pdf=False)
    assert len(whole.files["report.html"]) < 1_500_000
    assert 'class="plot small"' in whole.files["report.html"].decode()
    monkeypatch.setattr("reports.report.LARGEST", len(whole.files["report.html"]) - 1)
    smaller = files(ledger, derivation, pdf=False)
    assert 'class="plot small"' not in smaller.files["report.html"].decode()
    assert "pictures on the cards are left out" in smaller.remarks[0]
    assert smaller.files["report.html"].count(b'class="measured"') == whole.files["report.html"].count(b'class="measured"')


@pytest.mark.nightly
def test_the_whole_paper_has_its_pictures_and_a_page_with_room():
    """Fifteen parts in a hundred are to spare, nothing is left out, and where it leads is repaired; the same bytes each time."""
    derivation = derive.load("jain")
    ledger = check(derivation)
    made, again = files(ledger, derivation, pdf=False), files(ledger, derivation, pdf=False)
    assert made.remarks == ()
    assert made.files == again.files
    page = made.files["report.html"].decode()
    assert len(made.files["report.html"]) <= 0.85 * LARGEST
    assert page.count('class="plot small"') == sum(
        any(row.get("limit") is not None and row.get("size") for row in step.truth.measurements) for step in ledger.steps
    )
    assert 'class="finding good">The nearest equation to (47) that is true of the model' in page
