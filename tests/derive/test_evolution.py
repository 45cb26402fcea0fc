"""Evolution equations: their parts, flux, Fokker-Planck form and carriers; and the equations that are none."""

from fractions import Fraction

import pytest

from derive.kernel import jets
from derive.kernel.errors import KernelError, Unsupported
from derive.kernel.evolution import (
    applied,
    by_parts,
    carried_residual,
    carrier_of,
    entropy,
    evolution,
    fokker_planck,
    of_density,
    split_linear,
    with_carrier,
)
from derive.kernel.jets import ONE, Chart, jet, number, variable
from derive.language import ENERGY, SLOW, TIME, Coordinate, D, Function, Imaginary, Parameter
from derive.lower import lower

E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
k = Parameter("k", SLOW / TIME)
S = Function("S", 2, ENERGY**-1)(E, tau)
w, b = Function("w", 2)(E, tau), Function("b", 2)(E, tau)
v, q = Function("v", 2)(E, tau), Function("q", 2)(E, tau)
I = Imaginary()

ENERGY_TOKEN, SLOW_TOKEN = "energy:E", "slow:tau"


def read(lhs, rhs):
    terms = (lower(lhs), lower(rhs))
    chart = Chart(jets.fields_of(*terms, lower(S), lower(w), lower(b), lower(v), lower(q)))
    return evolution(terms, SLOW_TOKEN, ENERGY_TOKEN, "v", chart)


ORDERS = {
    "transport": -D(w * v, E),
    "not conserved": w * D(v, E),
    "diffusion": D(b * D(v, E), E),
    "Ito": D(D(b * v, E), E) - D(w * v, E),
    "Stratonovich": D(b * D(b * v, E), E),
    "third order": D(b * D(D(v, E), E), E),
    "fourth order": b * D(D(D(D(v, E), E), E), E) + w * v,
    "relative": D(b * S * D(v / S, E), E),
}


@pytest.mark.parametrize("name", ORDERS)
def test_by_parts_gives_the_equation_back(name):
    e = read(D(v, tau), ORDERS[name])
    kappa, flux = by_parts(e.chart, e.coefficients, e.unknown, e.energy)
    assert kappa * variable(jet("v")) + e.chart.d(flux, ENERGY_TOKEN) == e.right
    assert bool(kappa) is (name in ("not conserved", "fourth order"))


@pytest.mark.parametrize("name", ORDERS)
def test_a_weight_and_a_constant_change_nothing_but_the_unknown(name):
    """d_tau v = R(v), written for p = v/S and multiplied by 3k, is the same equation for the density."""
    p = Function("p", 2)(E, tau)
    plain = read(D(v, tau), ORDERS[name])
    right = ORDERS[name].xreplace({v: S * p})
    terms = (lower(3 * k * D(S * p, tau)), lower(3 * k * right))
    chart = Chart(jets.fields_of(*terms, lower(w), lower(b), lower(S)))
    e = of_density(evolution(terms, SLOW_TOKEN, ENERGY_TOKEN, "p", chart))
    assert e.unknown == "N"
    assert e.coefficients == plain.coefficients


@pytest.mark.parametrize("name", ["transport", "not conserved", "diffusion", "Ito", "Stratonovich", "relative"])
def test_the_fokker_planck_form_gives_the_equation_back(name):
    e = read(D(v, tau), ORDERS[name])
    form, d, n = fokker_planck(e), e.chart.d, variable(jet("v"))
    back = number(Fraction(1, 2)) * d(form.diffusion * n, ENERGY_TOKEN, 2) - d(form.drift * n, ENERGY_TOKEN)
    assert back + form.remainder * n == e.right
    assert form.remainder == by_parts(e.chart, e.coefficients, "v", ENERGY_TOKEN)[0]


def test_the_ito_form_is_read_off():
    form = fokker_planck(read(D(v, tau), ORDERS["Ito"]))
    assert (form.drift, form.diffusion) == (variable(jet("w")), number(2) * variable(jet("b")))


def test_a_source_is_told_apart():
    e = read(D(v, tau) + D(w * v, E), D(b * D(q, E), E))
    assert e.source == jets.read(lower(D(b * D(q, E), E)), e.chart)
    assert e.homogeneous + e.source == e.right


# Carriers -----------------------------------------------------------------------------------------------

FLOW = (lower(D(S, tau)), lower(-D(S * w, E)))


def carried(right):
    chart = Chart(jets.fields_of(*FLOW, lower(right), lower(b), lower(v)))
    carrier = carrier_of(evolution(FLOW, SLOW_TOKEN, ENERGY_TOKEN, "S", chart))
    e = evolution((lower(D(v, tau)), lower(right)), SLOW_TOKEN, ENERGY_TOKEN, "v", with_carrier(chart, carrier, ENERGY_TOKEN))
    return e, carrier


def test_the_flow_of_the_carrier_carries_any_function_of_its_measure():
    e, carrier = carried(-D(w * v, E))
    assert not carried_residual(e, carrier, e.coefficients)


@pytest.mark.parametrize(
    "right",
    [D(w * v, E), -2 * D(w * v, E), -w * D(v, E), -D(w * v, E) + b * v, -D(b * v, E), D(b * S * D(v / S, E), E) - D(w * v, E)],
    ids=["against it", "too fast", "no continuity", "with a gain", "another flow", "with diffusion"],
)
def test_another_equation_does_not(right):
    e, carrier = carried(right)
    assert carried_residual(e, carrier, e.coefficients)


def test_entropy_is_balanced_by_diffusion_alone():
    e, carrier = carried(-D(w * v, E) + D(b * S * D(v / S, E), E))
    found = entropy(e, carrier)
    assert found.alpha == variable(jet("b")) * variable(jet("S"))
    assert not found.kappa
    assert not found.delta


@pytest.mark.parametrize(
    ("right", "kappa", "delta"),
    [
        (-D(w * v, E) + D(b * D(v, E), E), False, True),  # S is not stationary
        (-D(w * v, E) + b * S * D(v / S, E), True, False),  # the norm is not kept
        (D(w * v, E), False, True),
        (-D(w * v, E) + b * v, True, True),
    ],
)
def test_what_spoils_the_balance_is_seen(right, kappa, delta):
    found = entropy(*carried(right))
    assert (bool(found.kappa), bool(found.delta)) == (kappa, delta)


@pytest.mark.parametrize(
    "right",
    [S * w, -w * D(S, E), -D(D(S * w, E), E), -D(S * S, E), S * 0, -D(S * w, E) + b],
    ids=["growth", "advection", "second order", "not linear", "nothing", "source"],
)
def test_what_is_no_continuity_equation_is_refused(right):
    terms = (lower(D(S, tau)), lower(right))
    with pytest.raises(KernelError):
        carrier_of(evolution(terms, SLOW_TOKEN, ENERGY_TOKEN, "S", Chart(jets.fields_of(*terms, lower(w), lower(b)))))


# Refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (D(v, E), w),
        (v * D(v, tau), w),
        (D(v * v, tau), w),
        (D(v, tau) ** 2, w),
        (D(v, tau), v * v),
        (D(v, tau), D(v, E) ** 2),
        (D(v, tau), 1 / v),
        (D(D(v, tau), tau), D(v, E)),
        (D(v, tau), D(D(v, E), tau)),
        (D(v, tau) + D(D(v, tau), tau), w),
        ((w + b) * D(v, tau), v),
        (E * D(v, tau), v),
        (D(v, tau) - D(v, tau), v),
        (D(v, tau), D(v, tau) + v),
    ],
    ids=str,
)
def test_what_is_no_evolution_equation_is_refused(lhs, rhs):
    with pytest.raises(Unsupported):
        read(lhs, rhs)


def test_higher_orders_have_no_fokker_planck_form():
    for name in ("third order", "fourth order"):
        with pytest.raises(Unsupported):
            fokker_planck(read(D(v, tau), ORDERS[name]))
        with pytest.raises(Unsupported):
            entropy(*carried(ORDERS[name]))


def test_a_source_has_no_entropy():
    with pytest.raises(Unsupported):
        entropy(*carried(-D(w * v, E) + b))


def test_an_imaginary_number_before_the_rate_is_divided_out():
    e = read(I * D(v, tau), D(D(v, E), E))
    assert e.weight == ONE
    assert all(c.im for c in e.right.terms.values())


def test_split_linear_refuses_products_of_what_is_chosen():
    p = variable(jet("v")) * variable(jet("v", ENERGY_TOKEN))
    with pytest.raises(Unsupported):
        split_linear(p, lambda x: x[1] == "v", "v", ENERGY_TOKEN)


def test_the_homogeneous_part_is_linear():
    e = read(D(v, tau), ORDERS["relative"])
    one, two = variable(jet("w")), variable(jet("b"))
    assert applied(e, one + two) == applied(e, one) + applied(e, two)
