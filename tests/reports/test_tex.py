"""The LaTeX report: everything escaped, the same bytes each time, compiled without error and without overfull boxes."""

import re

import pytest

from programs import program
from reporting import HOSTILE, everywhere, page_of, relabelled
from reports import tex
from reports.tex.compile import CompileError, compiled, has_latexmk, require_latexmk
from reports.tex.escape import Tex, escaped

OVERFULL = re.compile(r"Overfull \\[hv]box \(([0-9.]+)pt too (?:wide|high)\)")
WIDEST = 10.0  # points


def compiled_without_overfull(page):
    program("latexmk")
    program("pdflatex")
    pdf, log = compiled(tex.render(page))
    assert pdf.startswith(b"%PDF")
    assert [width for width in OVERFULL.findall(log) if float(width) > WIDEST] == []
    assert "undefined" not in "".join(line for line in log.splitlines() if "Warning" in line and "Font" not in line)
    return pdf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("100% & #1_2 ~^$", r"100\% \& \#1\_2 \textasciitilde{}\textasciicircum{}\$"),
        ("--", "{-}{-}"),
        ("é Σ ≤", r"{\'{e}} \ensuremath{\Sigma} \ensuremath{\le}"),
        ("漢", r"{\ttfamily [U+6F22]}"),
    ],
)
def test_characters_stand_for_themselves(text, expected):
    assert escaped(text).replace(r"\hspace{0pt}", "") == expected


def test_our_own_tex_is_not_escaped_again_and_all_is_ascii():
    assert escaped(Tex(r"\alpha")) == r"\alpha"
    assert all(escaped(text).isascii() for text in HOSTILE.values())


def test_every_command_in_escaped_text_is_ours():
    allowed = {"textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar", "textquotedbl",
               "textquotesingle", "textasciigrave", "hspace", "ensuremath", "ttfamily", "Sigma", "to", "le"}  # fmt: skip
    for text in HOSTILE.values():
        found = set(re.findall(r"\\([A-Za-z]+)", escaped(text)))
        assert found <= allowed, found - allowed


def test_the_same_view_gives_the_same_bytes(small, play):
    page = page_of(small)
    first = tex.render(page)
    assert first == tex.render(page)
    assert set(first) == {"report.tex", "fragment.tex", "report.bib"}


def test_numbers_are_those_of_the_paper(small, play):
    fragment = tex.render(page_of(small))["fragment.tex"].decode()
    assert [rf"\tag{{{label}}}" in fragment for label in "1234"] == [True] * 4
    assert r"\tag" not in tex.render(page_of(relabelled(small, r"\evil")))["fragment.tex"].decode().split("As printed:")[-1]


def test_a_verdict_that_changes_changes_the_text(small, play):
    good = tex.render(page_of(small))["fragment.tex"]
    play(truths={"4": "fails"})
    bad = tex.render(page_of(small))["fragment.tex"].decode()
    assert b"Truth is lost at" not in good
    assert "Truth is lost at (4)" in bad


def test_it_compiles_to_the_same_bytes_each_time(small, play):
    play(truths={"2": "fails", "3": "fails"}, inferences={"2": "invalid", "4": "conditional"})
    page = page_of(small)
    assert compiled_without_overfull(page) == compiled_without_overfull(page)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_compiles_as_text(small, play, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    derivation = relabelled(everywhere(small, HOSTILE[kind]), HOSTILE[kind])
    assert compiled_without_overfull(page_of(derivation))
    assert list(tmp_path.iterdir()) == []


def test_what_tex_complains_of_is_reported(small, play):
    program("latexmk")
    broken = tex.render(page_of(small)) | {"fragment.tex": rb"\nosuchcommand"}
    with pytest.raises(CompileError, match="Undefined control sequence"):
        compiled(broken)


def test_a_missing_latexmk_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert not has_latexmk()
    with pytest.raises(CompileError, match=r"apt-get install texlive-latex-recommended.*latexmk"):
        require_latexmk()
