"""T1 at the size that the issue of truth asks for: real, precise, apart from what would grow with t, and half the flux."""

import dataclasses

import numpy as np
import pytest

from judging import JAIN, PRINTED
from numeric.coarse.drives import drive
from numeric.coarse.functions import Given, taylor
from numeric.coarse.reading import Reading
from numeric.coarse.sample import Sample
from numeric.coarse.words import scalar
from numeric.ensembles import ensemble
from numeric.fields import Setting
from numeric.functions import Bell
from numeric.kernels import kernel
from numeric.recognise import read
from numeric.reference import expected, reference, secular
from numeric.refusals import IllPosed
from numeric.streams import stream
from numeric.truth import _premises

LAWS = ("GOE", "GUE", "GSE")
READ = read(JAIN, {**PRINTED, "limits and sums": "restored"})
KNOWN = _premises(JAIN, READ, JAIN["42"], 0, None)
T1 = JAIN["42"].claim.lhs
TIME = 10.0


def bell(centre, sharpness):
    """exp(-sharpness (E - centre)^2)."""
    return Bell((float(np.exp(-sharpness * centre**2)),), -2 * sharpness * centre, sharpness)


TESTS = (bell(0.8, 2.0), bell(0.0, 2.0), bell(-0.6, 3.0), bell(0.4, 1.5), bell(-1.0, 2.5))
FALLING, STEEPER, BENT = Bell((1.0,), 0.5), Bell((1.0,), 1.0), Bell((1.0, 0.3), 0.4, 0.1)
OTHER = Bell((1.0,), 0.1, 0.1)


def setting(law, **options):
    """N = 400, hbar = 1, spectrum of radius 2, mean square of V's elements 1/N, tau = 0, t = 10."""
    base = Setting(KNOWN, READ.roles, law, "straight", 400, 12, 3, TIME, 0.2)
    return dataclasses.replace(base, **options)


@pytest.mark.parametrize("law", LAWS)
def test_the_reference_is_real_precise_and_half_the_flux(law):
    found = reference(T1, setting(law), Given((TESTS[0],), (FALLING, OTHER)))
    assert found.error[0] <= 0.02 * abs(found.mean[0])
    assert found.imaginary < 1e-9
    half = expected(law, 400, TIME, TESTS[0], FALLING)
    assert abs(found.mean[0] - half) <= 4 * found.error[0] + 0.01 * abs(half)
    for other in (2 * half, -half, 0.9 * half):
        assert abs(found.mean[0] - other) > 4 * found.error[0] + 0.01 * abs(half)


def breathing(sample):
    """u = tau E/(1 + tau^2) at tau = 0: nothing, but it changes by E (numeric/closed_forms.py, drift)."""
    nothing = np.zeros((1, sample.count))
    return nothing, nothing, sample.energies[None, :]


@pytest.mark.parametrize("law", LAWS)
def test_the_secular_part_is_zero_in_the_mean_alone(law):
    many, functions = setting(law, count=60), Given(TESTS, (FALLING, OTHER))
    found = reference(T1, many, functions, breathing)
    scale = np.abs(found.mean).max()
    assert (np.abs(found.secular) <= 4 * found.secular_error).all()
    assert found.secular_error.max() <= 0.05 * scale
    still = reference(T1, many, functions, lambda sample: (np.zeros((1, 1)),) * 3)  # a spectrum that would not breathe
    assert np.abs(still.secular).max() > scale


def test_a_kernel_bends_the_secular_part_by_the_square_of_its_width():
    functions = Given(TESTS, (FALLING, OTHER))
    wide, narrow = (np.abs(reference(T1, setting("GUE", width=w, count=24), functions).secular).max() for w in (0.2, 0.1))
    assert 3 < wide / narrow < 5


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("member", [FALLING, STEEPER, BENT])
def test_every_test_function_and_state_has_half_the_flux(law, member):
    found = reference(T1, setting(law, count=24), Given(TESTS, (member, OTHER)))
    half = np.array([expected(law, 400, TIME, test, member) for test in TESTS])
    assert (np.abs(found.mean - half) <= 4 * found.error + 0.015 * np.abs(half).max()).all()


@pytest.mark.parametrize("name", ["independent", "rotating", "flat", "rising", "hump"])
def test_other_drives_have_a_real_reference_too(name):
    found = reference(
        T1, setting("GUE", drive=name, count=24, ballistic=False, mean_squares=True), Given(TESTS, (FALLING, OTHER))
    )
    assert found.imaginary < 1e-9
    assert (found.error <= 0.02 * np.abs(found.mean).max()).all()


# By finite differences -----------------------------------------------------------------------------------


@pytest.fixture(params=LAWS)
def forty(request):
    """H0 and V of N = 40, and the sample that they make at tau = 0."""
    h0, v = (ensemble(request.param).sample(stream(8, request.param, x), 40).astype(complex) for x in ("H0", "V"))
    energies, basis = np.linalg.eigh(h0)
    sample = Sample("GUE", drive("straight"), 40, 0, 0, 1.0, kernel("gaussian", 0.3))
    if request.param == "GSE":
        energies = np.repeat(energies.reshape(-1, 2).mean(axis=1), 2)  # doublets to the last bit
    sample.__dict__["energies"], sample.__dict__["dH"] = energies, basis.conj().T @ v @ basis
    return h0, v, sample


def test_the_closed_slow_derivative_is_that_of_a_finite_difference(forty):
    """Tr g(H(0)) (X(h) - X(-h))/2h, X(tau) = int_{-t}^0 ds (d_tau rho_0)(s) at H(tau), populations constant."""
    h0, v, sample = forty
    time = 1.3
    populations = taylor(FALLING, sample.energies, 0)

    def memory(tau):
        energies, basis = np.linalg.eigh(h0 + tau * v)
        turned = basis.conj().T @ v @ basis
        gaps = energies[None, :] - energies[:, None]
        apart = np.abs(gaps) > 1e-9
        safe = np.where(apart, gaps, 1)
        change = np.where(apart, (populations[None, :] - populations[:, None]) / safe, 0) * turned
        flow = np.where(apart, (1 - np.exp(1j * gaps * time)) / (-1j * safe), time)  # frequency (E_a - E_b), from -t to 0
        return basis @ (change * flow) @ basis.conj().T

    step = 1e-4
    slopes = (8 * (memory(step) - memory(-step)) - (memory(2 * step) - memory(-2 * step))) / (12 * step)
    energies, basis = np.linalg.eigh(h0)
    brute = [np.trace((basis * taylor(test, energies, 0)) @ basis.conj().T @ slopes).real for test in TESTS]
    run = Reading(sample, READ.roles, KNOWN, Given(TESTS, (FALLING, OTHER)), time, time)
    ours = scalar(run.value(T1), "T1")[:, 0]
    assert np.abs(ours - brute).max() <= 1e-6 * np.abs(brute).max()


def test_the_secular_part_is_that_of_a_finite_difference(forty):
    """With u = 0 held: t sum_n g_n (D_n(h) - D_n(-h))/2h, D_n = rho_0'(E_n) V_nn along the levels."""
    h0, v, sample = forty

    def diagonal(tau):
        energies, basis = np.linalg.eigh(h0 + tau * v)
        return taylor(FALLING, energies, 1) * np.einsum("an,ab,bn->n", basis.conj(), v, basis).real

    step = 1e-4
    slopes = (8 * (diagonal(step) - diagonal(-step)) - (diagonal(2 * step) - diagonal(-2 * step))) / (12 * step)
    brute = [2.0 * (taylor(test, sample.energies, 0) * slopes).sum() for test in TESTS]
    nothing = np.zeros((1, 40))
    ours = secular(sample, Given(TESTS, (FALLING, OTHER)), 2.0, nothing, nothing, nothing)
    assert np.abs(ours - brute).max() <= 1e-5 * np.abs(brute).max()


def test_one_sample_has_no_error():
    with pytest.raises(IllPosed, match="two samples"):
        reference(T1, setting("GUE", count=1), Given(TESTS, (FALLING, OTHER)))
