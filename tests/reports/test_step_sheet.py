"""One step on one sheet."""

from dataclasses import replace

import pytest

from derive import Derivation, Step
from derive.language import Coordinate, Equation, Function, Node
from reports.step_sheet import sheet


def test_a_step(small):
    assert sheet(small, "2").splitlines() == [
        "small (2)  claim",
        "cites       1",
        "cited by    3, 4",
        "",
        "as printed",
        "  f = u",
        "as encoded",
        "  [claim; dimension: 1]",
        '    f(E) = <"u of"? E: u(E) | H: f(E)>',
        "left open by the print",
        "  u of: What does u depend on?",
        "    E: the energy",
        "    H: the operator",
        "note",
        "  What u means is open.",
    ]


def test_the_links_of_a_chain_have_their_roles(small):
    text = sheet(small, "3")
    assert "[link 1, claim; dimension: 1]\n    f(E) = g(E)\n" in text
    assert "[link 2, definition; dimension: 1]\n    g(E) = u(E) [definition]\n" in text


def test_claims_in_words(small):
    assert "a claim in words, printed\ncites       3\n" in sheet(small, "W1")
    assert "as encoded" not in sheet(small, "W1")
    assert "  [claim; dimension: 1]\n    f(E) = g(E)\n" in sheet(small, "W2")


class Unknown(Node):
    """A node that no table has."""


E, f = Coordinate("E", "energy"), Function("f")


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Equation(Unknown(), f(E)), "cannot be printed: LanguageError: printing: unknown node Unknown"),
        (Equation(Unknown(), f(E)), "dimension: LanguageError: dimensions: unknown node Unknown"),
        (Equation(E, f(E)), "dimension: DimensionMismatch: the sides of the equation differ"),
        (Equation(0, 0), "dimension: any (zero)"),
    ],
)
def test_what_is_wrong_with_an_equation_is_shown(claim, words):
    assert words in sheet(Derivation("x", "", "", (Step("1", "claim", claim),)), "1")


def test_no_control_character_reaches_the_terminal(small):
    strange = replace(small, steps=(replace(small["1"], latex="\x1b[31m\na\tb", note="\x07"),), prose=())
    assert all(c.isprintable() or c == "\n" for c in sheet(strange, "1"))


def test_an_unknown_label(small):
    with pytest.raises(KeyError):
        sheet(small, "9")
