"""Nascent deltas: what they refuse, and the laws that every kernel obeys in every precision.

Quadrature is Gauss-Legendre with nodes polished in the precision under test, so that the laws are
seen to hold to roundoff: once in float64 and once in longdouble.
"""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from numeric.kernels import KERNELS, MAX_ORDER, Gaussian, Gumbel, Kernel, Logistic, kernel

EACH = pytest.mark.parametrize("name", list(KERNELS))
PRECISE = pytest.mark.parametrize("dtype", [np.float64, np.longdouble], ids=["float64", "longdouble"])
DTYPES = [np.float16, np.float32, np.float64, np.longdouble]


def gauss_legendre(points, dtype):
    """Nodes and weights on [-1, 1], the double ones polished by Newton in `dtype`."""
    x = np.polynomial.legendre.leggauss(points)[0].astype(dtype)
    for _ in range(3):
        below, value = np.ones_like(x), x
        for n in range(1, points):
            below, value = value, ((2 * n + 1) * x * value - n * below) / (n + 1)
        slope = points * (below - x * value) / (1 - x * x)
        x = x - value / slope
    return x, 2 / ((1 - x * x) * slope**2)


def integrate(f, start, stop, dtype=np.float64, panels=60, points=20):
    """int_start^stop f, composite."""
    x, weights = gauss_legendre(points, dtype)
    edges = np.linspace(dtype(start), dtype(stop), panels + 1)
    half = (edges[1:] - edges[:-1]) / 2
    return (f(edges[:-1, None] + half[:, None] * (1 + x)) * weights).sum(axis=1) @ half


def smear(k, f, order=0):
    """int K_w^(order)(x) f(x) dx."""
    reach = 30 * k.width
    return integrate(lambda x: k.derivative(order, x) * f(x), -reach, reach, panels=240)


# What must be refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "Gaussian", "gauss", "lorentzian", "sech2"])
def test_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=r"expected the name of a kernel.*gaussian, gumbel, logistic") as error:
        kernel(name, 0.1)
    assert repr(name) in str(error.value)


@EACH
@pytest.mark.parametrize("width", [0.0, -0.1, float("nan"), float("inf"), 1e-31, 1e31])
def test_width_out_of_range_is_refused(name, width):
    with pytest.raises(ValueError, match=f"kernel {name}: expected a width"):
        kernel(name, width)


@EACH
@pytest.mark.parametrize("order", [-1, MAX_ORDER + 1, 1.0, "1", None, True])
def test_order_out_of_range_is_refused(name, order):
    with pytest.raises(ValueError, match=f"kernel {name}: expected an order.*0..8"):
        kernel(name, 0.1).derivative(order, np.zeros(3))


@EACH
@pytest.mark.parametrize("dtype", [int, complex, bool, object, str])
def test_energies_of_another_type_are_refused(name, dtype):
    x = np.zeros(3).astype(dtype)
    for method in (kernel(name, 0.1).integral, lambda x: kernel(name, 0.1).derivative(0, x)):
        with pytest.raises(ValueError, match=f"kernel {name}: expected real floating energies, came dtype"):
            method(x)


def test_a_kernel_is_frozen_and_the_base_abstract():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Gaussian(0.1).width = 0.2
    with pytest.raises(TypeError, match="abstract"):
        Kernel(0.1)
    with pytest.raises(TypeError):
        KERNELS["box"] = Gaussian


# Laws --------------------------------------------------------------------------------------------


@EACH
@PRECISE
@pytest.mark.parametrize("width", [1.0, 0.05])
def test_normalised_centred_and_of_the_stated_moments(name, dtype, width):
    k = kernel(name, width)

    def moment(n):
        z = dtype(width)
        return integrate(lambda x: (x / z) ** n * k.derivative(0, x), -40 * width, 40 * width, dtype, panels=400)

    unit = 100 * np.finfo(dtype).eps
    assert abs(moment(0) - 1) < unit
    assert abs(moment(1)) < unit
    assert abs(moment(2) - 1) < 10 * unit
    assert abs(moment(3) - k.third_moment) < max(100 * unit, 1e-15)  # the attribute is a double


@EACH
@PRECISE
@pytest.mark.parametrize("order", range(-1, MAX_ORDER))
def test_each_derivative_is_the_integral_of_the_next(name, dtype, order):
    """int_a^b K^(m+1) = K^(m)(b) - K^(m)(a), with the step as K^(-1)."""
    k = kernel(name, 0.3)
    edges = np.linspace(dtype(-2), dtype(3), 41)
    values = k.integral(edges) if order < 0 else k.derivative(order, edges)
    areas = [integrate(lambda x: k.derivative(order + 1, x), a, b, dtype, panels=4) for a, b in itertools.pairwise(edges)]
    error = np.abs(np.array(areas) - np.diff(values)).max()
    assert error < 200 * np.finfo(dtype).eps * np.abs(values).max()


@EACH
@pytest.mark.parametrize("order", range(MAX_ORDER))
def test_each_derivative_against_central_differences(name, order):
    """(K^(m)(x+h) - K^(m)(x-h)) / 2h - K^(m+1)(x) = O(h^2), and the O(h^2) is seen."""
    k = kernel(name, 0.4)
    x = np.linspace(-1.0, 1.5, 26)
    error = []
    for h in (0.004, 0.002):
        slope = (k.derivative(order, x + h) - k.derivative(order, x - h)) / (2 * h)
        error.append(np.abs(slope - k.derivative(order + 1, x)).max())
    assert 3.9 < error[0] / error[1] < 4.1
    assert error[1] < 3e-3 * np.abs(k.derivative(order + 1, x)).max()


@EACH
def test_width_scales(name):
    x = np.linspace(-4, 4, 33)
    for order in range(MAX_ORDER + 1):
        scaled = kernel(name, 0.25).derivative(order, x / 4) / 4.0 ** (order + 1)
        assert np.array_equal(scaled, kernel(name, 1.0).derivative(order, x))
    assert np.array_equal(kernel(name, 0.25).integral(x / 4), kernel(name, 1.0).integral(x))


@EACH
def test_the_step_is_monotone_from_zero_to_one(name):
    for dtype in DTYPES:
        x = np.concatenate([[-np.inf], np.linspace(-50, 50, 2001), [np.inf]]).astype(dtype)
        step = kernel(name, 1.0).integral(x)
        assert step[0] == 0
        assert step[-1] == 1
        assert step.min() == 0
        assert step.max() == 1
        assert np.diff(step).min() >= -40 * np.finfo(dtype).eps


@EACH
def test_positive_and_symmetric_where_the_third_moment_vanishes(name):
    k = kernel(name, 1.0)
    x = np.linspace(-30, 30, 601)
    assert k.derivative(0, x).min() >= 0
    symmetric = k.third_moment == 0
    for order in range(MAX_ORDER + 1):
        mirrored = (-1) ** order * k.derivative(order, -x)
        assert np.array_equal(k.derivative(order, x), mirrored) == symmetric
    assert np.allclose(k.integral(x) + k.integral(-x), 1, rtol=0, atol=1e-15) == symmetric


def test_at_least_one_kernel_is_asymmetric_and_all_differ():
    assert [name for name in KERNELS if KERNELS[name].third_moment != 0] == ["gumbel"]
    x = np.array([0.0, 0.5, 2.0])
    values = [KERNELS[name](1.0).derivative(0, x) for name in KERNELS]
    assert all(np.abs(a - b).min() > 1e-4 for i, a in enumerate(values) for b in values[:i])


# Weak limit --------------------------------------------------------------------------------------


def rate(error, width):
    """p of error ~ width^p, from two widths a factor of two apart."""
    return math.log2(error(width) / error(width / 2))


@EACH
def test_weak_limit_is_of_second_order_with_coefficient_a_half(name):
    """f = cos + sin: int K_w f - f(0) -> w^2 f''(0)/2; nothing of first order, f'(0) = 1."""

    def error(width):
        return smear(kernel(name, width), lambda x: np.cos(x) + np.sin(x)) - 1

    assert 1.9 < rate(error, 0.02) < 2.1
    assert error(0.01) / 0.01**2 == pytest.approx(-0.5, abs=5e-3)


@EACH
def test_next_order_tells_the_asymmetric_kernel(name):
    """f = sin: int K_w f -> w^3 m_3/6 f'''(0); zero at every width for a symmetric kernel."""

    def error(width):
        return smear(kernel(name, width), np.sin)

    third = KERNELS[name].third_moment
    if third == 0:
        assert abs(error(0.3)) < 1e-15
    else:
        assert 2.95 < rate(error, 0.1) < 3.05
        assert error(0.05) / 0.05**3 == pytest.approx(-third / 6, rel=0.02)


@EACH
@pytest.mark.parametrize("order", range(1, MAX_ORDER + 1))
def test_derivatives_act_as_those_of_delta(name, order):
    """int K_w^(m) f - (-1)^m f^(m)(0) -> (-1)^m w^2 f^(m+2)(0)/2, with f = exp(x/2)."""
    expected = (-0.5) ** order

    def error(width):
        return smear(kernel(name, width), lambda x: np.exp(x / 2), order) - expected

    assert 1.95 < rate(error, 0.8) < 2.25
    assert error(0.4) / 0.4**2 == pytest.approx(expected / 8, rel=0.1)


# Precision ---------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_dtype_and_shape_are_kept(name, dtype):
    for shape in [(), (0,), (3,), (2, 3)]:
        x = np.full(shape, 0.5, dtype=dtype)
        for y in (kernel(name, 0.7).integral(x), kernel(name, 0.7).derivative(2, x)):
            assert isinstance(y, np.ndarray)
            assert (y.shape, y.dtype) == (x.shape, x.dtype)


@EACH
@pytest.mark.parametrize("order", range(-1, MAX_ORDER + 1))
def test_low_precision_is_high_precision_rounded(name, order):
    """Each dtype agrees with the widest to its own unit of the largest value, and not better."""
    k = kernel(name, 0.3)
    x = np.linspace(-2, 3, 641).astype(np.float16)

    def values(dtype):
        y = x.astype(dtype)
        return k.integral(y) if order < 0 else k.derivative(order, y)

    exact = values(np.longdouble)
    for dtype, ulps in [(np.float32, 1), (np.float64, 4 * 2 ** max(order, 0))]:
        error = np.abs(values(dtype) - exact).max() / np.abs(exact).max()
        assert error < ulps * np.finfo(dtype).eps
        if np.finfo(dtype).eps > 10 * np.finfo(np.longdouble).eps:
            assert error > np.finfo(dtype).eps / 100


@EACH
def test_ends_of_the_line(name):
    k = kernel(name, 0.5)
    for dtype in DTYPES:
        far = np.array([-np.inf, -1e4, 1e4, np.inf], dtype=dtype)
        with np.errstate(all="raise", under="ignore"):
            for order in range(MAX_ORDER + 1):
                assert np.array_equal(k.derivative(order, far), np.zeros(4))
            assert np.array_equal(k.integral(far), [0, 0, 1, 1])
        nan = np.array([np.nan], dtype=dtype)
        assert np.isnan(k.derivative(3, nan)).all()
        assert np.isnan(k.integral(nan)).all()


def test_closed_values_at_the_centre():
    """Known numbers, by hand: no law above would see a common factor in shape and step."""
    zero = np.zeros(1)
    assert Gaussian(1.0).derivative(8, zero) == pytest.approx(105 / math.sqrt(2 * math.pi), rel=1e-14)
    c = math.pi / math.sqrt(3)
    assert Logistic(1.0).derivative(0, zero) == pytest.approx(c / 4, rel=1e-14)
    assert Logistic(1.0).derivative(2, zero) == pytest.approx(-(c**3) / 8, rel=1e-14)
    c, t = math.pi / math.sqrt(6), math.exp(-0.5772156649015329)
    assert Gumbel(1.0).derivative(0, zero) == pytest.approx(c * t * math.exp(-t), rel=1e-14)
    assert Gumbel(1.0).derivative(1, zero) == pytest.approx(-(c**2) * t * (1 - t) * math.exp(-t), rel=1e-14)
