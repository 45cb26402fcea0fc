"""The coarse-grained fields, from their encoded definitions, against closed forms."""

import itertools

import numpy as np
import pytest

from judging import JAIN, PRINTED
from numeric.closed_forms import (
    GAP_RATIOS,
    correlation,
    counting,
    diagonal,
    drift,
    off_diagonal,
    one_less_form_factor,
    semicircle,
    surmise,
)
from numeric.coarse.drives import DRIVES, TAU, drive
from numeric.coarse.functions import Given, taylor
from numeric.coarse.sample import Sample, at_mean_square, levels
from numeric.ensembles import ENSEMBLES, ensemble
from numeric.fields import Setting, gap_ratios, measured
from numeric.functions import Bell
from numeric.kernels import kernel
from numeric.recognise import read
from numeric.refusals import IllPosed
from numeric.streams import stream
from numeric.truth import _premises

BETA = {"GOE": 1, "GUE": 2, "GSE": 4, "Poisson": 0}
READ = read(JAIN, {**PRINTED, "limits and sums": "restored"})
KNOWN = _premises(JAIN, READ, JAIN["42"], 0, None)
SIGMA, OMEGA = JAIN["19"].claim.links[0].lhs, JAIN["19"].claim.links[2].lhs
U, C, G2 = JAIN["23"].claim.lhs, JAIN["35"].claim.lhs, JAIN["41"].claim.links[1].lhs
T_C = JAIN["48"].claim.lhs
S = C.arguments[0]
ENERGIES = np.linspace(-1.2, 1.2, 7)


def setting(law="GUE", name="rotating", size=256, count=12, time=6.0, width=0.12, **options):
    return Setting(KNOWN, READ.roles, law, name, size, count, 4, time, width, **options)


def agree(found, expected, bias):
    """Within five standard errors and a given fraction of the largest."""
    return (np.abs(found.mean - expected) <= 5 * found.error + bias * np.abs(expected).max()).all()


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
@pytest.mark.parametrize("shape", ["gaussian", "gumbel"])
def test_density_and_counting_are_those_of_the_semicircle(law, shape):
    density, count = measured([SIGMA, OMEGA], setting(law, kernel=shape), ENERGIES)
    assert agree(density, semicircle(ENERGIES, 256), 0.01)
    assert agree(count, counting(ENERGIES, 256), 0.01)
    assert not agree(density, semicircle(ENERGIES, 256, radius=2.1), 0.01)
    assert (np.diff(count.mean.real) > 0).all()


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_u_is_that_of_a_breathing_spectrum(law):
    (u,) = measured([U], setting(law, "independent", count=20), ENERGIES)
    assert agree(u, drift(ENERGIES, TAU), 0.02)
    assert not agree(u, drift(ENERGIES, 2 * TAU), 0.02)
    (still,) = measured([U], setting(law, "rotating", count=20), ENERGIES)
    assert agree(still, 0 * ENERGIES, 0)


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_correlation_is_the_transform_of_the_density_and_complex(law):
    """As printed; its symmetrised part is the real one, for C(-s) is the conjugate."""
    asked = setting(law, hbar=0.8, count=16)
    for moment in (0.0, 0.6, 1.7):
        ahead, back = (measured([C], asked, ENERGIES, {S: sign * moment})[0] for sign in (1, -1))
        expected = np.array([complex(correlation(moment, energy, 0.8)) for energy in ENERGIES])
        assert agree(ahead, expected, 0.02)
        assert np.abs(ahead.mean - back.mean.conj()).max() < 1e-9
    imaginary = measured([C], asked, ENERGIES, {S: 0.6})[0].mean.imag
    assert imaginary[0] > 0.1 > -0.1 > imaginary[-1]  # exp(-i E s): positive below the middle


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
@pytest.mark.parametrize("ballistic", [True, False])
def test_G2_over_a_finite_time_is_that_of_the_form_factor(law, ballistic):
    """Before and beyond Heisenberg's time; the diagonal part of V apart."""
    size, beta = 128, BETA[law]
    heisenberg = size * (0.5 if law == "GSE" else 1.0) * 2  # 2 pi hbar times the density of distinct levels at E = 0, hbar = 1
    energies = np.array([-0.2, 0.0, 0.2])
    for x in (0.1, 0.5, 1.5):
        asked = setting(law, size=size, time=x * heisenberg, width=0.15, count=60, ballistic=ballistic, mean_squares=True)
        (found,) = measured([G2], asked, energies)
        unit = 2 * np.pi / size * semicircle(energies, size)
        expected = off_diagonal(beta, x) + (diagonal(beta, x) if ballistic else 0)
        assert np.abs(found.mean / unit - expected).max() <= 5 * (found.error / unit).max() + 0.02, (
            x,
            found.mean / unit,
            expected,
        )


def test_integrable_control_has_no_correlation_hole():
    energies = np.array([-0.2, 0.2])
    asked = setting("GUE", "integrable", size=128, time=192.0, width=0.2, count=60, ballistic=False, mean_squares=True)
    (found,) = measured([G2], asked, energies)
    unit = 2 * np.pi / 128 * semicircle(energies, 128)
    assert np.abs(found.mean / unit - off_diagonal(0, 1.5)).max() <= 5 * (found.error / unit).max()
    assert np.abs(found.mean / unit - off_diagonal(2, 1.5)).min() > 5 * (found.error / unit).max()


def test_t_c_is_the_heisenberg_time_over_the_number_of_levels():
    """2 pi hbar sigma^2 Sigma/(N sigma^2); Heisenberg's time is N times that, and t_q = hbar Sigma is t_H over 2 pi."""
    (found,) = measured([T_C], setting("GUE", hbar=0.7, time=8.0, count=16), np.array([-0.3, 0.0, 0.3]))
    expected = 2 * np.pi * 0.7 * semicircle(np.array([-0.3, 0.0, 0.3]), 256) / 256
    assert np.abs(found.mean - expected).max() <= 0.04 * expected.max()


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_reference_T1_to_two_per_cent(law):
    """N = 400, hbar = 1, t = 10, g = exp(-2 (E - 0.8)^2), rho_0' = exp(-E/2): against -1/2 int Sigma G2 g' rho_0''.

    G2 is its off-diagonal part over the same time; what is left of it is of the order of (t_c/t)^(3/2), 3 %.
    """
    g, f = Bell((float(np.exp(-1.28)),), -3.2, 2.0), Bell((1.0,), 0.5, 0.0)
    asked = setting(law, size=400, time=10.0, count=16)
    (found,) = measured([JAIN["30"].claim.lhs], asked, ENERGIES, functions=Given((g,), (f, f)))
    value, error = float(found.mean[0].real), float(found.error[0])
    assert error <= 0.02 * abs(value)
    assert np.abs(found.mean[0].imag) < 1e-9 * abs(value)
    energy = np.linspace(-2, 2, 4001)
    density = semicircle(energy, 400)
    distinct = density / (2 if law == "GSE" else 1)
    x = 10.0 / np.maximum(2 * np.pi * distinct, 1e-9)
    rate = 2 * np.pi / 400 * density * np.interp(x, np.linspace(0, 1, 101), off_diagonal(BETA[law], np.linspace(0, 1, 101)))
    expected = -0.5 * np.trapezoid(density * rate * taylor(g, energy, 1) * taylor(f, energy, 1), energy)
    assert abs(value - expected) <= 3 * error + 0.03 * abs(expected)


# Closed forms by themselves ------------------------------------------------------------------------------


def test_form_factors_have_their_sum_rule_and_limits():
    for beta in (1, 2, 4):
        assert one_less_form_factor(beta, 0.0) == 1
        near = off_diagonal(beta, np.array([1e-3]))
        assert near == pytest.approx(1 - 2e-3, abs=1e-5)
    assert off_diagonal(2, np.array([0.25, 1.0, 3.0])) == pytest.approx([0.75**2, 0, 0], abs=1e-6)
    assert off_diagonal(1, np.array([20.0])) * 20 == pytest.approx(1 / 6, rel=0.02)
    assert off_diagonal(4, np.array([2.0, 5.0]), nodes=400001) == pytest.approx([0, 0], abs=1e-4)  # int b = 1
    assert off_diagonal(0, np.array([3.0])) == 1
    with pytest.raises(ValueError, match="Dyson"):
        one_less_form_factor(3, 0.1)


def test_surmises_have_unit_norm_and_mean():
    s = np.linspace(0, 40, 40001)
    for beta in (0, 1, 2, 4):
        p = surmise(beta, s)
        assert np.trapezoid(p, s) == pytest.approx(1, abs=1e-5)
        assert np.trapezoid(s * p, s) == pytest.approx(1, abs=1e-5)
    with pytest.raises(ValueError, match="Dyson"):
        surmise(3, s)


def test_counting_is_the_integral_of_the_density():
    e = np.linspace(-2, 2, 4001)
    integral = np.concatenate([[0], np.cumsum((semicircle(e, 1)[1:] + semicircle(e, 1)[:-1]) / 2)]) * (e[1] - e[0])
    assert counting(e, 1) == pytest.approx(integral, abs=1e-4)


# Spectra in law ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE", "Poisson"])
def test_gap_ratios(law):
    """Within four standard errors of the value for three levels, which large matrices miss by 0.005 at most."""
    found = np.concatenate([gap_ratios(levels(ensemble(law), stream(2, law, k), 400)) for k in range(40)])
    error = found.std() / len(found) ** 0.5
    assert abs(found.mean() - GAP_RATIOS[law]) < 4 * error + 0.006
    others = [value for name, value in GAP_RATIOS.items() if name != law]
    assert min(abs(found.mean() - value) for value in others) > 6 * error


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_tridiagonal_spectra_have_the_law_of_dense_ones(law):
    made = ensemble(law)
    drawn = np.array([levels(made, stream(1, law, "tri", k), 12) for k in range(600)])
    dense = np.array([np.linalg.eigvalsh(made.sample(stream(1, law, "dense", k), 12)) for k in range(600)])
    for moment in (
        lambda x: (x**2).sum(axis=1),
        lambda x: (x**4).sum(axis=1),
        lambda x: x[:, -1],
        lambda x: np.diff(x[:, ::2], axis=1).min(axis=1),
    ):
        a, b = moment(drawn), moment(dense)
        assert abs(a.mean() - b.mean()) < 4 * np.hypot(a.std(), b.std()) / 600**0.5
        assert a.std() == pytest.approx(b.std(), rel=0.2)


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_spacings_follow_the_surmise(law):
    points = [np.unique(np.round(levels(ensemble(law), stream(6, law, k), 200), 12)) for k in range(60)]
    gaps = np.concatenate([np.diff(p[len(p) // 2 - 10 : len(p) // 2 + 10]) for p in points])
    gaps /= gaps.mean()
    edges = np.linspace(0, 3, 13)
    fine = np.linspace(0, 3, 3001)
    share = np.histogram(gaps, edges)[0] / len(gaps)
    expected = [
        np.trapezoid(surmise(BETA[law], fine[(fine >= a) & (fine <= b)]), fine[(fine >= a) & (fine <= b)])
        for a, b in itertools.pairwise(edges)
    ]
    assert np.abs(share - expected).max() < 5 * (0.25 / len(gaps)) ** 0.5


# Drives --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_independent_drive_is_that_of_dense_matrices(law):
    """V in the eigenbasis of H0 + tau V: mean of V_nn over E_n, mean square of V_mn, against the law that is drawn."""
    size, made = 16, ensemble(law)
    table = {"dense": [], "drawn": []}
    for k in range(300):
        h0, v = (made.sample(stream(9, law, name, k), size) for name in ("H0", "V"))
        energies, basis = np.linalg.eigh(h0 + TAU * v)
        table["dense"].append(_summary(energies, basis.conj().T @ v @ basis))
        sample = Sample(law, drive("independent"), size, 9, k, 1.0, kernel("gaussian", 0.2))
        table["drawn"].append(_summary(sample.energies, sample.dH))
    a, b = (np.array(table[name]) for name in ("dense", "drawn"))
    assert (np.abs(a.mean(axis=0) - b.mean(axis=0)) < 4 * np.hypot(a.std(axis=0), b.std(axis=0)) / 300**0.5).all()


def _summary(energies, v):
    squares = np.abs(v) ** 2
    return [
        (energies**2).sum(),
        (energies * np.diagonal(v).real).sum(),
        squares.sum() - np.diagonal(squares).sum(),
        np.diagonal(squares).sum(),
    ]


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_mean_squares_are_those_of_the_ensemble(law):
    made = ensemble(law)
    fixed = at_mean_square(made, made.sample(stream(3, law), 32))
    assert np.abs(fixed - fixed.conj().T).max() < 1e-12
    drawn = np.mean([np.abs(made.sample(stream(3, law, k), 32)) ** 2 for k in range(400)], axis=0)
    ours = np.abs(fixed) ** 2
    if law == "GSE":
        block = np.kron(np.eye(16), np.ones((2, 2)))
        drawn, ours = (
            np.add.reduceat(np.add.reduceat(x * (1 - block), range(0, 32, 2), 0), range(0, 32, 2), 1) for x in (drawn, ours)
        )
    assert np.abs(drawn - ours).max() < 0.4 * ours.max()
    assert drawn.sum() == pytest.approx(ours.sum(), rel=0.02)


def test_shaped_drives_differ_and_the_flat_one_is_flat():
    x = np.linspace(-1.2, 1.2, 49)
    strength = {name: one.shape(x) ** 4 * semicircle(x, 1) ** 2 for name, one in DRIVES.items()}
    flat = strength["flat"]
    assert flat.max() / flat.min() < 1.01
    for name in ("rising", "hump", "independent"):
        assert strength[name].max() / strength[name].min() > 1.3
    assert len([one for one in DRIVES.values() if np.ptp(one.shape(x)) > 0.05]) >= 3


@pytest.mark.parametrize("name", ["", "Flat", "slow"])
def test_unknown_drive_is_refused(name):
    with pytest.raises(ValueError, match="expected the name of a drive"):
        drive(name)


# Refusals ------------------------------------------------------------------------------------------------


def test_energies_outside_the_spectrum_and_single_samples_are_refused():
    with pytest.raises(IllPosed, match="outside the spectrum"):
        measured([SIGMA], setting(count=2), np.array([0.0, 3.0]))
    with pytest.raises(IllPosed, match="two samples"):
        measured([SIGMA], setting(count=1), np.array([0.0]))


def test_changed_definition_changes_the_field():
    """The field is what the encoding says: with C doubled G2 doubles."""
    definition = KNOWN[C.function]
    changed = {
        **KNOWN,
        C.function: type(definition)(
            definition.label, definition.link, definition.symbol, definition.formals, 2 * definition.body
        ),
    }
    plain, doubled = (
        measured([G2], Setting(known, READ.roles, "GUE", "rising", 96, 3, 4, 5.0, 0.2), np.array([0.0, 0.5]))[0].mean
        for known in (KNOWN, changed)
    )
    assert doubled == pytest.approx(2 * plain, rel=1e-12)
    assert set(BETA) == set(ENSEMBLES)
