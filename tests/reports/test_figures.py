"""Pictures: found by being there, drawn from measurements, the same bytes each time, fit to stand within the page."""

import re
import sys
import types
import xml.etree.ElementTree as ET

import pytest

import derive
from reports import check, figures
from reports.figures import Drawn, Material, gallery, kinds
from reports.figures._plate import Plate, inlined
from reports.view.text import shown

ALLOWED = {"svg", "g", "path", "use", "defs", "text", "tspan", "rect", "clipPath", "image"}


@pytest.fixture(scope="module")
def paper():
    """A ledger with a few steps of every kind of truth."""
    derivation = derive.load("jain")
    return Material(check(derivation, only=["19", "23", "24", "29", "35", "37", "41", "42"], workers=0), derivation)


@pytest.fixture(scope="module")
def hung(paper):
    return gallery(paper)


def plate(anchor="one", title="a title", words="words"):
    with Plate(1) as made:
        (axes,) = made.axes
        axes.errorbar([1, 2], [1, 2], yerr=[0.1, 0.2], label=words)
        axes.set_title(words)
        axes.legend()
        return made.picture(anchor, title, "a caption", "what it shows")


def test_every_kind_draws_something_of_the_paper(hung):
    assert hung.remarks == ()
    anchors = [picture.anchor for picture in hung.pictures]
    assert anchors == ["rivals-1", "fields", "widths", "window"]
    assert set(hung.of_steps) == {"37", "41", "42"}
    assert {source.key for source in hung.sources} == {"mehta", "dumitriu-edelman"}


def test_the_kinds_are_the_files_of_the_folder():
    assert [module.__name__.rpartition(".")[2] for module in kinds()] == ["rivals", "fields", "widths", "window", "residuals"]


def test_the_same_ledger_gives_the_same_bytes(paper, hung):
    again = gallery(paper)
    assert [(one.svg, one.pdf) for one in again.pictures] == [(one.svg, one.pdf) for one in hung.pictures]
    assert again.of_steps == hung.of_steps


def test_the_pictures_can_stand_within_the_page(hung):
    ids = []
    for picture in (*hung.pictures, *hung.of_steps.values()):
        root = ET.fromstring(picture.svg)
        for element in root.iter():
            assert element.tag in ALLOWED
            assert not {"style", "class", "onload"} & set(element.attrib)
            ids += [element.attrib["id"]] if "id" in element.attrib else []
            for value in element.attrib.values():
                assert re.match(r"(?!https?:|data:|javascript:)", value)
                assert "$" not in value
        used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', picture.svg))
        assert used <= {element.attrib.get("id") for element in root.iter()}
        assert "mathdefault" not in picture.svg
        assert picture.pdf.startswith(b"%PDF")
        assert picture.alternative
    assert len(ids) == len(set(ids))


def test_ink_takes_the_colour_of_the_page():
    svg = plate().svg
    assert "currentColor" in svg
    assert "#0c0d0e" not in svg
    assert "#000000" not in svg


def test_the_hour_and_the_prefix_leave_no_trace():
    assert plate().svg == plate().svg
    assert plate().pdf == plate().pdf
    assert plate("one").svg != plate("two").svg
    assert plate("one").svg.replace("one-", "two-") == plate("two").svg


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", r"$\frac{1$ \input{x}", "a\u202eb", "{{7*7}}"])
def test_hostile_words_are_text(words):
    made = plate(title=words, words=shown(words))
    assert "<script" not in made.svg
    texts = "".join(ET.fromstring(made.svg).itertext())
    assert shown(words) in texts
    assert made.title == shown(words)


def test_attributes_instead_of_styles():
    text = inlined(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1pt"><style>*{}</style>'
        '<defs><path id="m" d="M 0.123456 1" style="stroke: #0c0d0e; stroke-width: 2"/></defs><g id="unused">'
        '<use xlink:href="#m" x="1.98765"/></g><text style="font: 10px Sans; text-anchor: middle">a</text></svg>',
        "p",
    )
    assert '<path id="p-m" d="M 0.12 1" stroke="currentColor" stroke-width="2" />' in text
    assert '<use x="1.99" href="#p-m" />' in text
    assert '<text font-size="10" text-anchor="middle">a</text>' in text
    assert "style" not in text
    assert "unused" not in text


def test_a_new_kind_is_one_file_and_a_failing_one_harms_no_other(small, play, monkeypatch):
    good, bad = types.ModuleType("reports.figures.good"), types.ModuleType("reports.figures.bad_kind")
    good.ORDER, bad.ORDER = 2, 1
    good.draw = lambda material: [Drawn(plate(material.ledger.case))]

    def fail(material):
        raise ValueError("no such thing")

    bad.draw = fail
    monkeypatch.setattr(figures, "kinds", lambda: [bad, good])
    found = gallery(Material(check(small, workers=0), small))
    assert [picture.anchor for picture in found.pictures] == ["small"]
    assert found.remarks == ("no picture of bad kind: ValueError: no such thing",)


def test_a_derivation_without_a_model_has_no_pictures(small, play):
    found = gallery(Material(check(small, workers=0), small))
    assert found.pictures == ()
    assert found.remarks == ()


def test_nothing_is_drawn_through_a_window_of_the_screen():
    assert "matplotlib.pyplot" not in sys.modules
