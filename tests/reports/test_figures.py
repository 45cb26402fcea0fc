"""Pictures: found by being there, drawn from measurements, the same bytes each time, fit to stand within the page."""

import io
import re
import sys
import types
import xml.etree.ElementTree as ET

import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG

import derive
from reports import check, figures
from reports.figures import Drawn, Material, _svg, gallery, kinds
from reports.figures._plate import Plate
from reports.figures._svg import inlined
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
    assert '<path d="M0.12 1" stroke="currentColor" stroke-width="2" id="p-0"/>' in text
    assert '<use x="1.99" href="#p-0"/>' in text
    assert '<text font-size="10" text-anchor="middle">a</text>' in text
    assert "style" not in text
    assert "unused" not in text


SVG = "{http://www.w3.org/2000/svg}"
STYLE = {"stroke-linejoin": "round", "stroke-linecap": "butt", "fill": "currentColor"}
GEOMETRY = {"d", "x", "y", "width", "height", "transform"}


def painted(element, style, targets):
    """What an SVG paints: every mark, stroke and text with the style that it has in the end, as a flat list."""
    own = {key: value for key, value in element.attrib.items() if key in _svg.INHERITED or key == "clip-path"}
    style = style | own
    kind = element.tag.removeprefix(SVG)
    if kind == "use":
        name = element.get("href", element.get(_svg.LINK))[1:]
        place = {key: round(float(element.get(key)), 2) for key in ("x", "y")}
        return [(*one, str(place)) for one in painted(targets[name], style, targets)]
    if kind in ("path", "rect", "text"):
        place = {k: numbers(v) for k, v in element.attrib.items() if k in GEOMETRY and k != "d"}
        clip = style.get("clip-path", "")
        style = {key: value for key, value in style.items() if key != "clip-path"} | {"clip": clip != ""}
        if style.get("fill") == "none" and "stroke" not in style:
            return []
        parts = re.findall(r"M[^M]*", element.get("d", "M")) if style.get("fill") == "none" else [element.get("d", "M")]
        return [
            (kind, numbers(part), str(sorted(place.items())), str(sorted(style.items())), element.text or "") for part in parts
        ]
    if kind in ("svg", "g"):
        return [one for child in element for one in painted(child, style, targets)]
    return []


def numbers(text):
    return " ".join(
        word if word.isalpha() else f"{round(float(word), 2) + 0.0:g}" for word in re.findall(r"[A-Za-z]|-?[0-9.]+", text)
    )


def test_what_is_made_smaller_paints_the_same():
    with Plate(2) as made:
        for k, axes in enumerate(made.axes):
            axes.errorbar([1, 2, 3], [1, 2, 1.5], yerr=[0.1, 0.2, 0.1], label=f"words {k}", marker="os"[k])
            axes.axvspan(1, 2, color="#808080", alpha=0.15)
            axes.legend()
        buffer = io.StringIO()
        FigureCanvasSVG(made.figure).print_svg(buffer)
        before = ET.fromstring(buffer.getvalue())
        after = ET.fromstring(inlined(buffer.getvalue(), "p"))
    _svg._plain(before)
    for element in before.iter():
        element.attrib.pop("font-family", None)
        if element.get("transform", "").startswith("rotate(-0 "):  # by nothing
            element.attrib.pop("transform")
    pictures = [
        sorted(painted(root, STYLE, {one.get("id"): one for one in root.iter() if "id" in one.attrib}))
        for root in (before, after)
    ]
    assert len(pictures[0]) > 60
    assert pictures[0] == pictures[1]
    assert len(ET.tostring(after)) < 0.7 * len(ET.tostring(before))


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
