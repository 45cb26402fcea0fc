"""The page in a real browser: Chromium, headless, with the system's executable."""

import struct
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright

import derive
from programs import BROWSERS, FLAGS, program
from reporting import HOSTILE, everywhere, page_of, relabelled
from reports import check, html
from reports.figures._plate import Plate
from reports.view import build
from reports.view.mathematics import DELIMITERS, ENVIRONMENTS, ONE_ARGUMENT, SYMBOLS

WIDTHS = (1280, 400)


@pytest.fixture(scope="module")
def browser():
    executable = program(*BROWSERS)
    with sync_playwright() as playing:
        started = playing.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """The paper's report from disk: all fifty equations, of which two are judged."""
    derivation = derive.load("jain")
    whole = check(derivation, only=["24", "37"], workers=0)
    path = tmp_path_factory.mktemp("paper") / "report.html"
    with Plate(2) as plate:
        plate.axes[0].errorbar([1, 2], [1, 2], yerr=[0.1, 0.2], label="measured")
        plate.axes[0].legend()
        picture = plate.picture("picture", "A picture", "Its caption.", "two points with error bars")
    path.write_bytes(
        html.render(build(_with_all(whole, derivation), derivation, [picture], {"37": replace(picture, anchor="small")}))
    )
    return path


def _with_all(ledger, derivation):
    """The ledger with the steps that were not judged as undecided ones, so that the page shows all."""
    from derive.verdicts import Inference, Truth
    from reports.ledger import LinkEntry, StepEntry
    from reports.reasons import encoding

    open_inference, open_truth = Inference("undecided", "not judged here"), Truth("undecided", "not judged here")

    def entry(step):
        if step.label in ("24", "37"):
            return ledger[step.label]
        links = tuple(LinkEntry(step.role_of(link), encoding(link), open_inference, open_truth) for link in step.links)
        return StepEntry(step.label, step.role, step.latex, step.cites, open_inference, open_truth, links, (), (), "undecided")

    return replace(ledger, steps=tuple(map(entry, derivation.steps)))


class Visit:
    """A page opened from disk, with all that it asked for and complained of."""

    def __init__(self, browser, path, width, fragment="", **options):
        self.tab = browser.new_page(viewport={"width": width, "height": 900}, **options)
        self.requests, self.complaints = [], []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("dialog", lambda dialog: (self.complaints.append("a dialog"), dialog.dismiss()))
        self.address = path.as_uri() + fragment
        self.tab.goto(self.address)
        self.tab.evaluate("document.fonts.ready")

    @property
    def left(self):
        """What was asked for besides the page and its own data."""
        return [url for url in self.requests if not url.startswith("data:") and url != self.address]

    def count(self, selector):
        return len(self.tab.query_selector_all(selector))

    def overflow(self):
        return self.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def visit(browser):
    opened = []

    def open_page(path, width=1280, fragment="", **options):
        opened.append(Visit(browser, path, width, fragment, **options))
        return opened[-1]

    yield open_page
    for one in opened:
        one.tab.close()


def test_every_equation_is_rendered_and_nothing_leaves_the_page(visit, paper):
    seen = visit(paper)
    assert seen.count("#equations .card") == 50
    assert seen.tab.evaluate("[...document.querySelectorAll('.tex')].every(one => one.querySelector('.katex'))")
    assert seen.tab.evaluate(
        "[...document.querySelectorAll('#equations .card')].every(card => card.querySelector('.formula .katex'))"
    )
    assert seen.count(".katex-error") == seen.count(".tex-failed") == seen.count(".raw") == 0
    tags = seen.tab.evaluate("[...document.querySelectorAll('.tex.number .katex-html')].map(tag => tag.textContent)")
    assert tags == [f"({label})" for label in range(1, 51)]
    assert seen.left == seen.complaints == []


def test_the_fonts_are_the_inlined_ones(visit, paper):
    seen = visit(paper)
    loaded = seen.tab.evaluate("[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)")
    assert {"KaTeX_Main", "KaTeX_Math"} <= {family.strip('"') for family in loaded}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("unfolded", [False, True])
def test_nothing_stands_out_of_the_page(visit, paper, width, unfolded):
    seen = visit(paper, width)
    if unfolded:
        seen.tab.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert seen.overflow() == 0
    shot = seen.tab.screenshot()
    assert struct.unpack(">I", shot[16:20])[0] == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_reader_s_colours(visit, paper, scheme):
    seen = visit(paper, color_scheme=scheme)
    red = seen.tab.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0])")
    assert (red < 60) is (scheme == "dark")


def test_pictures_take_the_colours_of_the_page(visit, paper):
    inks = []
    for scheme in ("light", "dark"):
        seen = visit(paper, color_scheme=scheme)
        inks.append(seen.tab.evaluate("getComputedStyle(document.querySelector('#picture text')).fill"))
        assert seen.tab.evaluate("document.querySelector('#picture svg').getBoundingClientRect().height") > 100
        assert seen.complaints == []
    assert inks[0] != inks[1]


def test_the_filter_leaves_the_right_cards(visit, paper):
    seen = visit(paper)

    def visible():
        return seen.tab.evaluate("[...document.querySelectorAll('#equations .card:not([hidden]) h3')].map(h => h.textContent)")

    seen.tab.select_option("#by-inference", "invalid")
    assert visible() == ["(37)"]
    assert seen.tab.text_content("#shown") == "1 of 50 shown"
    seen.tab.select_option("#by-truth", "exact")
    assert visible() == []
    seen.tab.click("#filter button[type=reset]")
    seen.tab.wait_for_function("document.querySelectorAll('#equations .card[hidden]').length === 0")
    seen.tab.fill("#search", "nonzero DENSITY")
    assert visible() == ["(24)"]


def test_the_nodes_of_the_graph_lead_to_their_cards(visit, paper):
    seen = visit(paper)
    targets = seen.tab.evaluate("[...document.querySelectorAll('a.node')].map(n => [n.querySelector('.label').textContent,"
                                " document.querySelector(n.getAttribute('href')).querySelector('h3').textContent])")  # fmt: skip
    assert len(targets) == 50
    assert all(f"({label})" == heading for label, heading in targets)
    seen.tab.select_option("#by-inference", "invalid")
    seen.tab.click("a.node[href='#eq-24']")
    seen.tab.wait_for_function("location.hash === '#eq-24' && document.activeElement.id === 'eq-24'")
    assert not seen.tab.evaluate("document.getElementById('eq-24').hidden")


def test_the_graph_is_zoomed_and_shown_whole_again(visit, paper):
    seen = visit(paper)

    def box():
        return seen.tab.get_attribute("#citations", "viewBox")

    before = box()
    seen.tab.click("[data-zoom=in]")
    assert float(box().split()[2]) < float(before.split()[2])
    seen.tab.click("[data-zoom=all]")
    assert box() == before
    place = seen.tab.query_selector("#citations").bounding_box()
    seen.tab.mouse.move(place["x"] + 20, place["y"] + 300)
    seen.tab.mouse.down()
    seen.tab.mouse.move(place["x"] + 120, place["y"] + 340)
    seen.tab.mouse.up()
    assert float(box().split()[0]) < float(before.split()[0])


def test_keys_lead_through_the_cards(visit, paper):
    seen = visit(paper)
    for key, here in (("j", "eq-1"), ("j", "eq-2"), ("k", "eq-1")):
        seen.tab.keyboard.press(key)
        assert seen.tab.evaluate("document.activeElement.id") == here
    seen.tab.keyboard.press("/")
    assert seen.tab.evaluate("document.activeElement.id") == "search"
    seen.tab.keyboard.type("jk")
    assert seen.tab.input_value("#search") == "jk"


def test_without_scripts_the_page_shows_everything_as_text(visit, paper):
    seen = visit(paper, java_script_enabled=False)
    assert seen.count("#equations .card") == 50
    assert r"\hat H(t)" in seen.tab.text_content("#eq-1 .formula")


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_does_nothing(visit, small, play, tmp_path, kind):
    path = tmp_path / "report.html"
    path.write_bytes(html.render(page_of(relabelled(everywhere(small, HOSTILE[kind]), HOSTILE[kind]))))
    for width in WIDTHS:
        seen = visit(path, width)
        assert seen.left == seen.complaints == []
        assert seen.count("#equations .card") == 4
        assert seen.count(".katex-error") == seen.count(".tex-failed") == 0
        assert seen.overflow() == 0


def every_form():
    """Formulas with every symbol, every wrapper around letters, signs and each other, and brackets of every size."""
    inner = ("A", "abc", "1+2", r"\Sigma", r"\alpha", r"\int", r"\le", r"\hbar", r"\text{ab}", r"\left(a\right)")
    wrapped = [f"\\{outer}{{{one}}}" for outer in sorted(ONE_ARGUMENT) for one in inner]
    nested = [f"\\{outer}{{\\{one}{{A}}}}" for outer in sorted(ONE_ARGUMENT) for one in sorted(ONE_ARGUMENT)]
    tall = r"\frac{\frac{\frac12}{a}}{\frac{b}{\frac13}}"
    brackets = [f"\\left{sign} {tall} \\right{sign}" for sign in sorted(DELIMITERS)]
    sized = [f"\\{size} {sign}" for size in ("big", "Big", "bigg", "Bigg") for sign in sorted(DELIMITERS)]
    environments = [f"\\begin{{{name}}} a \\\\ b \\\\ c \\end{{{name}}}" for name in sorted(ENVIRONMENTS)]
    symbols = [f"\\{name}" for name in sorted(SYMBOLS)]
    return [*symbols, *wrapped, *nested, *brackets, *sized, *environments]


FAMILIES = """() => {
  const found = new Set();
  for (const part of document.querySelectorAll(".katex-html *")) {
    const own = [...part.childNodes].some((node) => node.nodeType === 3 && node.textContent.replace(/[\\s\\u200b]/g, ""));
    if (!own) continue;
    const style = getComputedStyle(part);
    const family = style.fontFamily.split(",")[0].replaceAll('"', "");
    found.add([family, style.fontStyle, style.fontWeight].join(" "));
  }
  return [...found].filter((name) => name.startsWith("KaTeX"));
}"""
FACES = "[...document.fonts].map((font) => [font.family.replaceAll('\"', ''), font.style, font.weight].join(' '))"


@pytest.mark.parametrize("command", ["", "mathbb", "mathcal", "mathbf", "mathit", "boldsymbol"])
def test_every_font_that_a_formula_asks_for_is_in_the_page(visit, small, play, tmp_path, command):
    """For each command that brings a font of its own a page with just the formulas that have no other such command."""
    special = {"mathbb", "mathcal", "mathbf", "mathit", "boldsymbol"} - {command}
    forms = [form for form in every_form() if not any(f"\\{one}" in form for one in special)]
    assert len(forms) > 200
    steps = tuple(replace(small["1"], label=str(k), latex=form) for k, form in enumerate(forms, start=1))
    path = tmp_path / "report.html"
    path.write_bytes(html.render(page_of(replace(small, steps=steps, prose=()))))
    seen = visit(path)
    assert seen.count(".tex-failed") == seen.count(".raw") == 0
    asked, there = set(seen.tab.evaluate(FAMILIES)), set(seen.tab.evaluate(FACES))
    assert asked <= there
    assert {"KaTeX_Main normal 400", "KaTeX_Math italic 400", "KaTeX_Size4 normal 400"} < asked
    assert len(there) == 6 + (2 if command == "boldsymbol" else 1 if command else 0)
