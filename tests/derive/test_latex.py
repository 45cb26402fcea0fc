"""The LaTeX of encodings."""

import pytest

from derive.language import (
    Average,
    Choice,
    Coordinate,
    D,
    Delta,
    Equation,
    Function,
    Hamiltonian,
    Integral,
    LanguageError,
    ModuloPower,
    Node,
    Operator,
    Parameter,
    Trace,
    chain,
)
from derive.language import latex as module
from derive.language.latex import latex, name

E, tau = Coordinate("E", "energy"), Coordinate("tau", "slow")
H, X, eps = Hamiltonian("H", tau), Operator("X", (tau,)), Parameter("eps")
g, u = Function("g"), Function("u", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E", "E"), ("E'", "E'"), ("Sigma", r"\Sigma"), ("rho0'", r"\rho_{0}'"), ("rho_1i", r"\rho_{1i}"), ("G2", "G_{2}"),
        ("DeltaE", r"\Delta E"), ("rho_bar", r"\rho_{bar}"), ("hbar", r"\hbar"), ("energy", r"\mathrm{energy}"),
        (r"\input{x}", r"\text{inputx}"),
    ],
)  # fmt: skip
def test_names(text, expected):
    assert name(text) == expected


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (E - H, r"E - \hat{H}"),
        (2 * (E + E), r"2\,\left(E + E\right)"),
        (-(E * E) + E, r"-E\,E + E"),
        (E * (-E), r"E\,\left(-E\right)"),
        (E / 2, r"\tfrac{1}{2}\,E"),
        (1 / E, r"\frac{1}{E}"),
        ((E + 1) ** 2, r"{\left(E + 1\right)}^{2}"),
        (D(D(u(E, tau), E), E), r"\partial_{E}^{2} u(E, \tau)"),
        (D(D(X, tau), E), r"\partial_{E} \partial_{\tau} \hat{X}"),
        (D(g(E), E) * g(E), r"\left(\partial_{E} g(E)\right)\,g(E)"),
        (g(E) * D(g(E), E), r"g(E)\,\partial_{E} g(E)"),
        (g.partial(1)(H), r"(\partial_{1} g)(\hat{H})"),
        (Trace(Delta(E - H, 1) * X), r"\mathrm{Tr}\left(\delta'(E - \hat{H})\,\hat{X}\right)"),
        (Average(X, E), r"\langle \hat{X}\rangle_{E}"),
        (Integral(g(E), E), r"\int dE\, g(E)"),
        (Integral(g(E), E, 0, E), r"\int_{0}^{E} dE\, g(E)"),
        (chain(E, H, X), r"E = \hat{H} = \hat{X}"),
        (Equation(E, 0, modulo=ModuloPower(eps, 3)), r"E = 0\quad \text{up to }\, \epsilon^{3}"),
        (Choice("u of", ("E", E), ("H", H)), r"\langle \text{u of}\; \text{E}: E \,|\, \text{H}: \hat{H}\rangle"),
    ],
    ids=str,
)
def test_expressions(node, expected):
    assert latex(node) == expected


def test_a_product_that_is_regrouped_is_printed_otherwise():
    assert latex(D(g(E) * g(E), E)) != latex(D(g(E), E) * g(E))
    assert latex(E * (E - E)) != latex(E * E - E)


def test_an_unknown_node_is_refused_and_names_the_file():
    class Strange(Node):
        pass

    with pytest.raises(LanguageError, match=r"Strange.*latex\.py"):
        latex(Strange())


def test_every_node_of_the_language_has_a_line():
    from derive.language import printing

    assert set(printing._FORMS) <= set(module._FORMS)
