"""Which LaTeX is typeset: a closed vocabulary, well formed; the rest is shown as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import derive
from derive.language.latex import latex
from reports.view.mathematics import LONGEST, formula

ACCEPTED = [
    r"\frac12\Big[x^{2}\Big]",
    r"f''(x)^2 + g'_n",
    r"\left.\rho\right|_{t=0}",
    r"\begin{aligned}a&=b\\c&=d\end{aligned}",
    r"\text{words, only (these)}",
    r"\{|n\rangle\}",
]
REFUSED = {
    "a file": r"\input{x}",
    "a program": r"\write18{ls}",
    "a definition": r"\def\x{y}",
    "a name made of others": r"\csname input\endcsname x",
    "a code of a character": "^^5cinput x",
    "a comment": "x % y",
    "a parameter": "#1",
    "a dollar": "x$ y",
    "an active character": "x~y",
    "a brace too few": r"\hat{H",
    "a brace too many": r"\hat H}",
    "an argument too few": r"\frac{1}",
    "two superscripts": "x^a^b",
    "a left without a right": r"\left(x",
    "an environment of text": r"\begin{verbatim}x\end{verbatim}",
    "an environment that ends as another": r"\begin{aligned}x\end{matrix}",
    "a column too many": r"\begin{cases}a&b&c\end{cases}",
    "an alignment outside": "a & b",
    "an option of a line end": r"\begin{aligned}a\\[9999pt]b\end{aligned}",
    "commands among words": r"\text{\input x}",
    "a box of any size": r"\rule{9pt}{9pt}",
    "an address": r"\href{javascript:alert(1)}{x}",
    "another script": "\u03a3",
    "nothing": "",
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_formulas_are_typeset(text):
    assert formula(text).typeset, formula(text).reason


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_everything_else_is_refused_with_a_reason(text):
    found = formula(text)
    assert not found.typeset
    assert found.reason
    assert found.latex == text
    assert found.pieces == ()


def test_length_and_depth_are_bounded():
    assert not formula("x" * (LONGEST + 1)).typeset
    assert not formula("{" * 2000 + "}" * 2000).typeset


@given(st.text(alphabet=r"\{}^_&%$#~ab1 ()[]|", max_size=30))
def test_whatever_comes_is_answered(text):
    found = formula(text)
    assert found.typeset or found.reason


@pytest.mark.parametrize("case", ["jain", "smoluchowski"])
def test_every_printed_and_every_encoded_equation_is_typeset_and_cut_without_loss(case):
    for step in derive.load(case):
        for text in (step.latex, latex(step.claim), *map(latex, step.links)):
            found = formula(text)
            assert found.typeset, f"({step.label}): {found.reason}"
            assert "".join(found.pieces).replace(" ", "") == text.replace(" ", "")
            assert all(formula(piece).typeset for piece in found.pieces if "\\left" not in piece or "\\right" in piece)


def test_a_line_may_end_between_terms_but_not_within_small_brackets():
    assert formula("a = -b + f(c - d)").pieces == ("a", "= -b", "+ f(c - d)")
