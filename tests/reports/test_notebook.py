"""What a notebook shows of equations, steps, verdicts and ledgers; the tutorial runs."""

import re
import subprocess
import sys

import jupytext
import pytest

import derive
from checkout import ROOT
from derive.language import Node
from derive.verdicts import Inference
from reporting import HOSTILE, everywhere, relabelled
from reports import check

TUTORIAL = ROOT / "docs" / "tutorial.md"


def test_equations_and_steps_show_their_encoding_as_latex():
    step = derive.load("jain")["24"]
    assert step.claim._repr_latex_().startswith(r"$\displaystyle \partial_{\tau} \Sigma(E, \tau) + ")
    assert step.claim.lhs._repr_latex_().startswith("$")
    shown = step._repr_latex_()
    assert shown.startswith(r"$$\begin{gathered}")
    assert shown.endswith(r"\end{gathered} \tag{24}$$")


def test_a_label_that_is_no_number_is_no_tag(small):
    assert r"\tag" not in relabelled(small, r"\evil")[r"\evil"]._repr_latex_()


def test_a_node_without_latex_shows_its_printed_form():
    class Strange(Node):
        pass

    assert Strange()._repr_latex_() is None


def test_verdicts_steps_and_ledgers_show_themselves(small, play):
    play(inferences={"2": "conditional"}, truths={"2": "fails"})
    ledger = check(small, workers=0)
    assert "<strong>conditional</strong>" in ledger["2"].inference._repr_html_()
    assert "given: tail" in ledger["2"].inference._repr_html_()
    assert "<li>rests on: 1 measurement</li>" in ledger["2"].truth._repr_html_()
    assert "◐ conditional" in ledger["2"]._repr_html_()
    assert "$f = u$" in ledger["2"]._repr_html_()
    whole = ledger._repr_html_()
    assert [f"({label})" in whole for label in "1234"] == [True] * 4
    assert whole.count("✗ fails") >= 1
    assert "W1" in whole


def test_a_verdict_that_changes_changes_the_notebook(small, play):
    good = check(small, workers=0)
    play(truths={"4": "fails"})
    bad = check(small, workers=0)
    assert good._repr_html_() != bad._repr_html_()
    assert good["4"]._repr_html_() != bad["4"]._repr_html_()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_text_here_too(small, play, kind):
    derivation = relabelled(everywhere(small, HOSTILE[kind]), HOSTILE[kind])
    ledger = check(derivation, workers=0)
    label = derivation.steps[-1].label
    for shown in (ledger._repr_html_(), ledger[label]._repr_html_(), ledger[label].inference._repr_html_()):
        assert "<script" not in shown
        assert "<img" not in shown
        assert r"$\input" not in shown
        assert not re.search("[\u202e\u200b\x00\x1b]", shown)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_reason_is_text(kind):
    shown = Inference("conditional", HOSTILE[kind], assumptions=(HOSTILE[kind],))._repr_html_()
    assert not re.search("<script|<img|[\u202e\u200b\x00\x1b]", shown)
    assert kind != "direction" or "abc⟨U+202E⟩txt.exe" in shown


def test_the_tutorial_runs(tmp_path):
    """Every cell of the notebook, by nbmake, in a kernel of its own."""
    notebook = tmp_path / "tutorial.ipynb"
    jupytext.write(jupytext.read(TUTORIAL), notebook)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "--nbmake", "--nbmake-timeout=300", "-p", "no:cacheprovider", notebook],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-2000:]
    assert "1 passed" in result.stdout


def test_a_cell_that_fails_is_found(tmp_path):
    notebook = tmp_path / "broken.ipynb"
    text = TUTORIAL.read_text(encoding="utf-8").split("# A first look")[0] + "\n```{code-cell} ipython3\nassert 1 == 2\n```\n"
    jupytext.write(jupytext.reads(text, fmt="md:myst"), notebook)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "--nbmake", "-q", "-p", "no:cacheprovider", str(notebook)],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert result.returncode == 1
    assert "AssertionError" in result.stdout
