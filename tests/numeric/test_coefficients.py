"""Coefficient functions on arrays, against the printed formula evaluated by hand on polynomial and exponential fields."""

import numpy as np
import pytest
from numpy.polynomial import Polynomial

import derive
from derive.audits import coefficients
from derive.language import (
    ENERGY,
    SLOW,
    TIME,
    Coordinate,
    D,
    Equation,
    Function,
    Imaginary,
    LanguageError,
    ModuloPower,
    Parameter,
)
from numeric.coefficients import CoefficientError, evaluate, on_fields

JAIN = derive.load("jain")
RESULT = JAIN["47"].claim
CLASSICAL = derive.load("smoluchowski")["6"].claim

E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
eps = Parameter("eps", SLOW / TIME)
Sigma, u, G2 = (Function(name, 2, ENERGY, smooth=False)(E, tau) for name in ("Sigma", "u", "G2"))
eta = Function("eta", 2, ENERGY**-1, smooth=False)(E, t)

POLYNOMIALS = {"Sigma": Polynomial([3, 1, 2]), "u": Polynomial([1, -2, 0, 1]), "G2": Polynomial([2, 1, 1])}
N = Polynomial([1, 2, -1, 3])
GRID = np.linspace(0.1, 0.9, 7)
SMALL = 0.25


def field(name):
    """The polynomial times exp(rate tau), with exact derivatives."""
    rate = {"Sigma": 0.3, "u": -0.2, "G2": 0.1}[name]

    def value(e, s, k, j):
        p = POLYNOMIALS[name].deriv(k) if k else POLYNOMIALS[name]
        return p(e) * rate**j * np.exp(rate * s)

    return value


FIELDS = {name: field(name) for name in POLYNOMIALS}


def at(equation, **parameters):
    return on_fields(coefficients(equation), FIELDS, {"eps": SMALL, **parameters})


def right_side(on, s):
    """-d_E(A N) + (1/2) d_E^2(B N) + Z N from the coefficients of N, N', N''."""
    return sum(on.of_order(k, GRID, s) * (N.deriv(k) if k else N)(GRID) for k in range(3))


def by_hand(spread, third, s):
    """The printed right side of (47): all fields are polynomials over a power of Sigma, differentiated exactly."""
    S, U, G = (POLYNOMIALS[name] * float(np.exp(r * s)) for name, r in (("Sigma", 0.3), ("u", -0.2), ("G2", 0.1)))
    slope = N.deriv() * S - N * S.deriv()  # Sigma^2 d_E(eta/Sigma)
    flux = (G * slope)(GRID)  # over Sigma
    d_flux = (G * slope).deriv()(GRID) / S(GRID) - flux * S.deriv()(GRID) / S(GRID) ** 2
    extra = (G.deriv() * slope)(GRID) / S(GRID)
    return -SMALL * (U * N).deriv()(GRID) + SMALL**2 * (spread * d_flux + third * extra)


@pytest.mark.parametrize("s", [0.0, 1.5])
@pytest.mark.parametrize(("equation", "spread", "third"), [(RESULT, 1, 0.5), (CLASSICAL, 0.5, 0)], ids=["paper", "classical"])
def test_the_coefficients_give_the_printed_right_side(equation, spread, third, s):
    expected = by_hand(spread, third, s)
    assert np.abs(right_side(at(equation), s) - expected).max() < 1e-12 * np.abs(expected).max()


def test_a_wrong_coefficient_would_be_seen():
    expected = by_hand(1, -0.5, 0.0)
    assert np.abs(right_side(at(RESULT), 0.0) - expected).max() > 1e-3 * np.abs(expected).max()


def test_drift_and_diffusion_are_those_of_the_fokker_planck_form():
    on = at(CLASSICAL)
    S, U, G = (FIELDS[name] for name in ("Sigma", "u", "G2"))
    drift = SMALL * U(GRID, 0, 0, 0) + SMALL**2 / 2 * (G(GRID, 0, 1, 0) + G(GRID, 0, 0, 0) * S(GRID, 0, 1, 0) / S(GRID, 0, 0, 0))
    np.testing.assert_allclose(on.drift(GRID, 0), drift, rtol=1e-13)
    np.testing.assert_allclose(on.diffusion(GRID, 0), SMALL**2 * G(GRID, 0, 0, 0), rtol=1e-13)
    assert not np.any(on.remainder(GRID, 0))
    assert not np.any(on.source(GRID, 0))


def test_the_papers_remainder_does_not_vanish():
    on = at(RESULT)
    S, G = FIELDS["Sigma"], FIELDS["G2"]
    lost = -(SMALL**2) / 2 * (G(GRID, 0, 2, 0) + G(GRID, 0, 1, 0) * S(GRID, 0, 1, 0) / S(GRID, 0, 0, 0))
    np.testing.assert_allclose(on.remainder(GRID, 0), lost, rtol=1e-13)
    np.testing.assert_allclose(on.diffusion(GRID, 0), 2 * SMALL**2 * G(GRID, 0, 0, 0), rtol=1e-13)


def test_a_changed_equation_has_changed_coefficients():
    doubled = Equation(RESULT.lhs, 2 * RESULT.rhs, modulo=ModuloPower(eps, 3))
    for name in ("drift", "diffusion", "remainder"):
        np.testing.assert_allclose(getattr(at(doubled), name)(GRID, 0.5), 2 * getattr(at(RESULT), name)(GRID, 0.5))
    halved = Equation(2 * RESULT.lhs, RESULT.rhs)
    np.testing.assert_allclose(at(halved).drift(GRID, 0.5), at(RESULT).drift(GRID, 0.5) / 2)


def test_powers_of_the_small_parameter_are_told_apart():
    found = coefficients(RESULT)
    assert {p for _, p in found.by_power} == {1, 2}
    assert {k for k, p in found.by_power if p == 1} == {0, 1}
    total = sum(
        SMALL**p * evaluate(part, {"u": 2.0, "u_E": 3.0, "G2": 5.0, "G2_E": 7.0, "Sigma": 1.5, "Sigma_E": 0.5, "Sigma_EE": -1.0})
        for (k, p), part in found.by_power.items()
        if k == 1
    )
    values = {"u": 2.0, "G2": 5.0, "G2_E": 7.0, "Sigma": 1.5, "Sigma_E": 0.5, "eps": SMALL}
    assert total == pytest.approx(evaluate(found.by_order[1], values), rel=1e-14)


def test_energies_and_times_are_broadcast():
    on = at(RESULT)
    table = on.drift(GRID[:, None], np.array([0.0, 1.0])[None, :])
    assert table.shape == (7, 2)
    np.testing.assert_allclose(table[:, 1], on.drift(GRID, 1.0))
    assert at(CLASSICAL).remainder(GRID, 0).shape == (7,)
    assert at(CLASSICAL).drift(0.5, 0.0).shape == ()


def test_the_source_of_the_equation_of_p1():
    """p1 Sigma is driven by what p0 leaves; `p0` is a field like the rest."""
    link = JAIN["45"].links[1]
    found = coefficients(link, "p1")
    assert found.drift is not None
    on = on_fields(found, {**FIELDS, "p0": field("u")}, {})
    S, G, P = POLYNOMIALS["Sigma"], POLYNOMIALS["G2"], POLYNOMIALS["u"]
    expected = (S * G * P.deriv()).deriv() + S * P.deriv() * G.deriv() / 2
    np.testing.assert_allclose(on.source(GRID, 0), expected(GRID), rtol=1e-12)
    np.testing.assert_allclose(on.drift(GRID, 0), POLYNOMIALS["u"](GRID), rtol=1e-12)


def test_a_coordinate_and_an_imaginary_unit_are_evaluated():
    skew = Equation(D(eta, t), -eps * D(E * u * eta, E) + Imaginary() * eps * D(D(G2 * eta, E), E))
    on = at(skew)
    np.testing.assert_allclose(on.drift(GRID, 0), SMALL * GRID * POLYNOMIALS["u"](GRID))
    np.testing.assert_allclose(on.diffusion(GRID, 0), 2j * SMALL * POLYNOMIALS["G2"](GRID))


def test_slow_derivatives_are_asked_of_the_fields():
    on = at(Equation(D(eta, t), -eps * D(D(u, tau) * eta, E)))
    np.testing.assert_allclose(on.drift(GRID, 0.7), SMALL * FIELDS["u"](GRID, 0.7, 0, 1))


# Refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["u", "G2", "Sigma"])
def test_a_missing_field_is_named(missing):
    on = on_fields(coefficients(RESULT), {k: v for k, v in FIELDS.items() if k != missing}, {"eps": SMALL})
    with pytest.raises(CoefficientError, match=f"the field {missing}"):
        on.drift(GRID, 0)


def test_a_missing_parameter_is_named():
    with pytest.raises(CoefficientError, match="the parameter eps"):
        on_fields(coefficients(RESULT), FIELDS).drift(GRID, 0)


def test_a_missing_value_is_named():
    with pytest.raises(CoefficientError, match="none for G2"):
        evaluate(coefficients(RESULT).by_order[2], {"eps": SMALL})


def test_a_higher_order_has_no_drift():
    third = at(Equation(D(eta, t), D(D(D(G2 * eta, E), E), E)))
    for name in ("drift", "diffusion", "remainder"):
        with pytest.raises(CoefficientError, match="order 2 or less"):
            getattr(third, name)(GRID, 0)
    np.testing.assert_allclose(third.of_order(3, GRID, 0), POLYNOMIALS["G2"](GRID))


def test_a_fast_derivative_of_a_field_is_refused():
    W = Function("W", 2)(E, t)
    on = on_fields(coefficients(Equation(D(eta, t), -D(D(W, t) * eta, E)), "eta"), {"W": FIELDS["u"]})
    with pytest.raises(CoefficientError, match="the energy and the slow time"):
        on.drift(GRID, 0)
    clock = on_fields(coefficients(Equation(D(eta, t), t * D(eta, E))), {})
    with pytest.raises(CoefficientError, match="as a coordinate"):
        clock.drift(GRID, 0)


@pytest.mark.parametrize(
    ("equation", "wanted"),
    [
        (Equation(eta, Sigma), None),
        (Equation(D(eta, t), eta * eta), None),
        (Equation(D(eta, t) ** 2, eta), None),
        (RESULT, "Sigma"),
        (RESULT, "stranger"),
        (RESULT, 3),
        (JAIN["45"].claim, None),
        (JAIN["10"].claim, None),
        ("eta", None),
    ],
    ids=["no rate", "not linear", "a square", "no rate of Sigma", "stranger", "a number", "a chain", "operators", "a string"],
)
def test_what_is_no_evolution_equation_of_the_field_is_refused(equation, wanted):
    with pytest.raises(LanguageError):
        coefficients(equation, wanted)
