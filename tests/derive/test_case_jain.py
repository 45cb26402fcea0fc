"""The encoded paper: all of it is there, each thing once, and the case says nothing about what is true.

The second half plants mistakes in a case, one at a time: each must be refused when the case is built.
"""

import ast
import itertools
from fractions import Fraction

import pytest
import sympy

import derive
from checkout import ROOT
from derive import CaseError, Derivation, Prose, Reading, Step
from derive.language import (
    ENERGY,
    Choice,
    Coordinate,
    D,
    DimensionMismatch,
    Equation,
    Function,
    LanguageError,
    Node,
    check_dimensions,
    choices_in,
    printed,
    resolve,
    subexpressions,
)
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER

SOURCES = sorted((ROOT / "derive" / "cases").glob("*jain*.py"))

# What every equation is used as, and what the paper says, or plainly means, that it follows from.
TABLE = """
 1 postulate                     18 condition  16 17           35 definition 20 23 27
 2 definition 1                  19 definition                 36 claim      35
 3 definition 2                  20 definition 19              37 claim      35
 4 claim      3 10               21 claim      19 20           38 claim      36 37
 5 definition 3                  22 claim      18 20 21        39 claim      34 35 36 37 40
 6 claim      4 5                23 definition 20              40 procedure
 7 definition                    24 claim      19 23 49        41 claim      35
 8 claim      5 7                25 claim      22 23 24        42 claim      38 39 41
 9 claim      7 8                26 claim      16 22 23        43 condition  18 24 29 42
10 postulate  1                  27 claim      13 15 16        44 claim      3 25 40
11 definition                    28 claim      15              45 claim      3 40 43
12 ansatz                        29 claim      27 28           46 definition 20
13 condition                     30 claim      26 29           47 claim      12 44 45 46
14 claim      10 12              31 claim                      48 definition 35
15 claim      10 12              32 claim      30 31 33        49 claim      19 23 50
16 claim      14                 33 claim                      50 claim      2
17 claim      15                 34 claim      23 32
"""
ROLES = ("definition", "postulate", "ansatz", "condition", "claim", "procedure")


def table():
    """label -> (role, citations), read from TABLE."""
    words = TABLE.split()
    starts = [index - 1 for index, word in enumerate(words) if word in ROLES]
    ends = [*starts[1:], len(words)]
    return {words[start]: (words[start + 1], tuple(words[start + 2 : end])) for start, end in zip(starts, ends, strict=True)}


@pytest.fixture(scope="module")
def jain():
    return derive.load("jain")


def statements(derivation):
    """(label, claim) of everything that is encoded, in numbers or in words."""
    encoded = [(step.label, step.claim) for step in derivation]
    return encoded + [(prose.label, prose.claim) for prose in derivation.prose if prose.claim is not None]


def assignments(expression):
    """Every way to decide the choices in an expression."""
    choices = choices_in(expression)
    return [dict(zip(choices, labels, strict=True)) for labels in itertools.product(*choices.values())]


# All of it is there ---------------------------------------------------------------------------------


def test_there_are_fifty_equations_and_seventeen_claims_in_words(jain):
    assert [step.label for step in jain] == [str(number) for number in range(1, 51)]
    assert [prose.label for prose in jain.prose] == [f"W{number}" for number in range(1, 18)]
    assert all(prose.text for prose in jain.prose)


def test_roles_and_citations_are_those_of_the_paper(jain):
    assert len(table()) == 50
    assert {step.label: (step.role, step.cites) for step in jain} == table()


def test_every_equation_has_its_latex_once(jain):
    printed_forms = [step.latex for step in jain]
    assert all(printed_forms)
    assert len(set(printed_forms)) == 50


def test_latex_is_balanced(jain):
    for latex in (step.latex for step in jain):
        groups = latex.replace(r"\{", "").replace(r"\}", "")
        assert groups.count("{") == groups.count("}")
        assert latex.count(r"\{") == latex.count(r"\}")
        assert latex.count("[") == latex.count("]")


def test_words_that_hold_an_equation_are_encoded(jain):
    encoded = {prose.label for prose in jain.prose if prose.claim is not None}
    assert encoded == {"W3", "W4", "W6", "W7", "W8", "W9", "W10", "W11", "W13", "W14", "W15", "W16", "W17"}
    assert {prose.label for prose in jain.prose if prose.denied} == {"W6", "W7", "W15"}
    assert {prose.label for prose in jain.prose if prose.statement is not None} == {"W12"}
    assert all(prose.note for prose in jain.prose if prose.claim is None), "it says why it holds no equation"


def test_what_is_defined_is_defined_in_one_place(jain):
    """Only Sigma, by (7) and (19), and eta, by (11) and (46), have two definitions in print."""
    places = {}
    for step in jain:
        for link in step.links:
            if step.role_of(link) == "definition":
                places.setdefault(printed(link.lhs), []).append(step.label)
    twice = {left: labels for left, labels in places.items() if len(labels) > 1}
    assert twice == {"Sigma(E, tau)": ["7", "19"], "eta(E, t)": ["11", "46"]}


# It hangs together ----------------------------------------------------------------------------------


def test_every_reading_is_used_with_all_its_options(jain):
    used = {}
    for _, claim in statements(jain):
        for name, labels in choices_in(claim).items():
            used.setdefault(name, set()).update(labels)
    assert used == {reading.name: set(reading.options) for reading in jain.readings}


def test_every_reading_asks_and_explains(jain):
    for reading in jain.readings:
        assert reading.question
        assert len(reading.options) > 1
        assert all(reading.options.values())


def test_an_assignment_decides_every_choice(jain):
    for label, claim in statements(jain):
        for assignment in assignments(claim):
            assert choices_in(resolve(claim, assignment)) == {}, label


def test_different_claims_print_differently(jain):
    links = {link for _, claim in statements(jain) for link in claim.links}
    assert len({printed(link) for link in links}) == len(links)


def test_every_expression_is_rebuilt_from_its_parts(jain):
    expressions = [claim for _, claim in statements(jain)] + [a.statement for a in jain.assumptions]
    nodes = {part for e in expressions for part in subexpressions(e) if isinstance(part, Node)}
    assert all(part.func(*part.args) == part for part in nodes)


def test_dimensions_agree_except_between_the_two_definitions_of_eta(jain):
    """eta is a density in (46) and (47), and a probability in (11)."""
    differing = set()
    for label, claim in statements(jain):
        for link in claim.links:
            for assignment in assignments(link):
                try:
                    check_dimensions(resolve(link, assignment))
                except DimensionMismatch:
                    differing.add(label)
    assert differing == {"11"}


def test_dimensions_of_the_assumptions_agree(jain):
    equations = [a.statement for a in jain.assumptions if isinstance(a.statement, Equation)]
    assert equations
    for equation in equations:
        check_dimensions(equation)


# It says nothing about truth ------------------------------------------------------------------------

VERDICTS = {*INFERENCE_ORDER, *TRUTH_ORDER, "verdict", "expected"}


def verdict_words(text):
    """Names, fields and whole strings that are verdicts; a word inside a sentence of the paper is not."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.keyword(arg=str(found)) | ast.arg(arg=found) | ast.Name(id=found):
                pass
            case ast.Attribute(attr=found) | ast.Constant(value=str(found)):
                pass
            case _:
                continue
        if found.lower() in VERDICTS:
            yield found


@pytest.mark.parametrize("offence", ["f(verdict=1)", "expected = 1", "x = {'24': 'valid'}", "step.fails"])
def test_verdict_words_are_found(offence):
    assert len(list(verdict_words(offence))) == 1


def test_verdict_words_inside_sentences_are_let_pass():
    assert list(verdict_words("text = 'rho_0 remains valid'\nmodulo = Exactly()")) == []


def test_there_are_sources_of_the_case():
    assert "jain.py" in {path.name for path in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_verdict_stands_in_the_case(path):
    assert list(verdict_words(path.read_text(encoding="utf-8"))) == []


# What must be refused -------------------------------------------------------------------------------

E = Coordinate("E", "energy")
f = Function("f")
TRUE = Equation(f(E), f(E))


def case(*steps, **rest):
    return Derivation(name="small", title="", source="", steps=steps, **rest)


def test_a_small_case_is_accepted():
    small = case(Step("1", "claim", TRUE), Step("2", "claim", TRUE, cites=("1",)))
    assert [step.label for step in small] == ["1", "2"]
    assert small.ancestors("2") == ("1",)


def test_a_duplicate_label_is_refused():
    with pytest.raises(CaseError, match="'1' is used twice"):
        case(Step("1", "claim", TRUE), Step("1", "claim", TRUE))


@pytest.mark.parametrize("label", ["1", "W1"])
def test_a_duplicate_label_of_a_claim_in_words_is_refused(label):
    with pytest.raises(CaseError, match="prose label is used twice"):
        case(Step("1", "claim", TRUE), prose=(Prose("W1", "words"), Prose(label, "words")))


def test_an_unknown_citation_is_refused():
    with pytest.raises(CaseError, match="cites '7', which does not exist"):
        case(Step("1", "claim", TRUE, cites=("7",)))


def test_an_unknown_citation_of_a_claim_in_words_is_refused():
    with pytest.raises(CaseError, match="cites '7', which does not exist"):
        case(Step("1", "claim", TRUE), prose=(Prose("W1", "words", cites=("7",)),))


@pytest.mark.parametrize("cites", [{"1": ("1",)}, {"1": ("2",), "2": ("1",)}, {"1": ("3",), "2": ("1",), "3": ("2",)}])
def test_a_circle_of_citations_is_refused(cites):
    with pytest.raises(CaseError, match="round in a circle"):
        case(*(Step(label, "claim", TRUE, cites=cited) for label, cited in cites.items()))


def test_an_undeclared_choice_is_refused():
    open_question = Equation(Choice("f of", ("E", f(E)), ("zero", 0)), f(E))
    with pytest.raises(CaseError, match="'f of', which no reading declares"):
        case(Step("1", "claim", open_question))


def test_an_undeclared_option_is_refused():
    open_question = Equation(Choice("f of", ("E", f(E)), ("zero", 0)), f(E))
    reading = Reading("f of", "Is f of E?", {"E": "yes"})
    with pytest.raises(CaseError, match="offers zero, which its reading does not"):
        case(Step("1", "claim", open_question), readings=(reading,))


def test_a_reading_declared_twice_is_refused():
    reading = Reading("f of", "Is f of E?", {"E": "yes"})
    with pytest.raises(CaseError, match="declared twice"):
        case(Step("1", "claim", TRUE), readings=(reading, reading))


def test_an_unknown_role_of_a_step_is_refused():
    with pytest.raises(CaseError, match="expected a role among"):
        case(Step("1", "theorem", TRUE))


def test_an_unknown_role_of_a_link_is_refused():
    with pytest.raises(LanguageError, match="role: expected one of"):
        Equation(f(E), 0, "theorem")


def test_a_step_without_an_equation_is_refused():
    with pytest.raises(CaseError, match="expected an Equation or a Chain"):
        case(Step("1", "claim", f(E)))


@pytest.mark.parametrize("number", [0.5, 1.0, sympy.Float("0.5"), True, complex(0, 1)], ids=lambda x: type(x).__name__)
def test_a_number_that_is_not_exact_is_refused(number):
    with pytest.raises(LanguageError, match="exact number"):
        Equation(f(E), number)
    with pytest.raises(LanguageError, match="exact number"):
        f(E) * number


def test_exact_numbers_are_accepted():
    assert Equation(f(E), Fraction(1, 2)).rhs == Equation(f(E), sympy.Rational(1, 2)).rhs


x = sympy.Symbol("x")


@pytest.mark.parametrize(
    "expression",
    [x, x + 1, sympy.pi, sympy.DiracDelta(x), sympy.Function("f")(x), sympy.Eq(x, 1)],
    ids=str,
)
def test_an_expression_of_sympy_is_refused(expression):
    with pytest.raises(LanguageError, match=r"expression of derive\.language"):
        Equation(f(E), expression)
    with pytest.raises(LanguageError, match=r"expression of derive\.language"):
        f(E) + expression


def test_a_derivative_in_a_symbol_of_sympy_is_refused():
    with pytest.raises(LanguageError, match="Coordinate to differentiate in"):
        D(f(E), sympy.Symbol("E"))


def test_a_mismatch_of_dimensions_is_found():
    energy = Function("e", dimension=ENERGY)
    with pytest.raises(DimensionMismatch):
        check_dimensions(Equation(energy(E), f(E)))
    with pytest.raises(DimensionMismatch):
        check_dimensions(Equation(energy(E) + f(E), 0))
