"""The page: complete in itself, everything escaped, the same bytes each time."""

import hashlib
import re
from html.parser import HTMLParser

import pytest

from reporting import HOSTILE, everywhere, page_of, relabelled, text_of
from reports import html
from reports.html import katex
from reports.html.policy import policy, source

VOID = {"meta", "link", "br", "input", "img"}


class Elements(HTMLParser):
    """Every element with its attributes, and what is not closed properly."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.errors = [], [], []
        self.feed(text)
        self.errors += self.open

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.errors.append(f"</{tag}>")


@pytest.fixture
def page(small, play):
    play(truths={"2": "fails", "3": "fails"}, inferences={"2": "invalid", "4": "conditional"})
    return page_of(small)


def test_the_page_is_well_formed_and_every_card_is_there(page):
    elements = Elements(html.render(page).decode())
    assert elements.errors == []
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {card.anchor for card in page.cards} | {claim.anchor for claim in page.claims} <= set(ids)
    targets = {attributes["href"] for tag, attributes in elements.found if tag == "a"}
    assert targets <= {f"#{name}" for name in ids}


def test_nothing_is_fetched_and_nothing_runs_but_our_scripts(page):
    text = html.render(page).decode()
    elements = Elements(text)
    for tag, attributes in elements.found:
        assert not any(name.startswith("on") or name == "style" or name == "src" for name in attributes), tag
    assert set(re.findall(r"url\((?:(?!data:|#)[^)]*)\)", text)) == set()
    rule = next(a["content"] for t, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in rule
    assert "unsafe" not in rule
    for kind in ("script", "style"):
        bodies = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert len(bodies) == 2
        assert all(source(body) in rule for body in bodies)


def test_a_policy_names_each_text_by_its_hash():
    assert source("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert policy(["a"], ["b"]) != policy(["a "], ["b"])


def test_the_same_view_gives_the_same_bytes(page):
    assert html.render(page) == html.render(page)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_shown_as_text(small, play, kind):
    text = HOSTILE[kind]
    derivation = relabelled(everywhere(small, text), text)
    made = html.render(page_of(derivation)).decode()
    elements = Elements(made)
    assert elements.errors == []
    assert [tag for tag, _ in elements.found].count("script") == 2
    assert "img" not in {tag for tag, _ in elements.found}
    assert "49" not in text_of(made) or "49" in text
    assert not re.search("[\u202e\u200b\x00\x1b]", made)
    shown = text_of(made)
    if kind == "template":
        assert "{{7*7}}" in shown
    if kind == "TeX":
        assert r"\input{/dev/zero}" in shown
        assert "tex piece" not in re.findall(r'<code class="raw">.*?</code>', made)[0]
    if kind == "length":
        assert "x" * 10_000 in shown


def test_a_verdict_that_changes_changes_the_page(small, play):
    good = html.render(page_of(small)).decode()
    play(truths={"4": "fails"})
    bad = html.render(page_of(small)).decode()
    assert 'data-truth="fails"' not in good
    assert 'data-truth="fails"' in bad
    assert "Truth is lost at (4)" in bad


# KaTeX as it is vendored -------------------------------------------------------------------------------


def test_the_vendored_files_are_those_of_the_package():
    listed = [line.split(maxsplit=1) for line in (katex.folder() / "SHA256SUMS").read_text().splitlines()]
    names = {name for _, name in listed}
    assert {"LICENSE", "katex.min.js", "katex.min.css", "fonts/KaTeX_Main-Regular.woff2"} <= names
    for digest, name in listed:
        assert hashlib.sha256(katex.folder().joinpath(*name.split("/")).read_bytes()).hexdigest() == digest, name
    fonts = {f"fonts/{font.name}" for font in (katex.folder() / "fonts").iterdir()}
    assert fonts == {name for name in names if name.startswith("fonts/")}
    assert all(name.endswith(".woff2") for name in fonts)


def test_the_style_sheet_has_its_fonts_inlined_and_no_address_left():
    text = katex.style([rf"\{command}{{A}}" for commands in katex.FACES.values() for command in commands])
    assert text.count("url(data:font/woff2;base64,") == text.count("@font-face") == sum(map(bool, katex.FACES.values())) == 11
    assert "url(fonts" not in text


def test_a_font_that_no_formula_asks_for_is_left_out():
    def fonts(*formulas):
        return set(re.findall(r"font-family:(KaTeX_\w+);font-style:(\w+);font-weight:(\d+);src", katex.style(formulas)))

    few = fonts(r"\frac{a}{b}")
    assert {family for family, _, _ in few} == {"KaTeX_Main", "KaTeX_Math", *(f"KaTeX_Size{k}" for k in range(1, 5))}
    assert fonts(r"a \in \mathbb{R}") - few == {("KaTeX_AMS", "normal", "400")}
    assert fonts(r"\boldsymbol{a}") - few == {("KaTeX_Main", "normal", "700"), ("KaTeX_Math", "italic", "700")}


def test_a_font_that_the_table_does_not_know_is_refused(monkeypatch):
    monkeypatch.setattr(katex, "FACES", {name: asked for name, asked in katex.FACES.items() if name != "AMS-Regular"})
    with pytest.raises(ValueError, match="expected a font of FACES, came AMS-Regular"):
        katex.style([])
