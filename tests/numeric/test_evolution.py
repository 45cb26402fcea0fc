"""The evolution of fields of the state, order by order in the small parameter, and the equations that claim it."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import expm

from dense import HBAR, Dense
from derive.language import Average, D, Equation, Integral, ModuloPower, Product, Trace
from judging import JAIN, PRINTED, truth_of, truths
from model_case import E, H, Sigma, case, delta, eps, rho, rhos, t, tau
from numeric.coarse import words as w
from numeric.coarse.functions import taylor
from numeric.refusals import Refusal

RESTORED = {**PRINTED, "limits and sums": "restored"}
ETA = JAIN["46"].claim.links[0].lhs
T = ETA.arguments[1]
GOES, FLOWS = JAIN["47"].claim.lhs, JAIN["47"].claim.rhs
DRIFT, (DIFFUSION, THIRD) = FLOWS.args[0], FLOWS.args[1:]


def weighed(run, e):
    """int dE g_k(E) of a field, by order."""
    tests = run.given.test(run.sample.grid, 0)
    return {k: (value * tests).sum(axis=-1) * run.sample.step for k, value in w.by_order(run.value(e), "a field").items()}


@pytest.mark.parametrize("law", ["GOE", "GUE"])
def test_against_exact_dynamics(law):
    """d/dt Tr g(H) rho of the von Neumann equation itself, with slow driving, against both orders."""
    dense, time = Dense(law, 16, width=0.015), 1.2
    run = dense.reading(JAIN, RESTORED, fast=time, label="47")
    found = weighed(run, D(ETA, T))
    first, second = [], {}
    for bell in dense.given.tests:

        def g_of(tau, bell=bell):
            levels, basis = np.linalg.eigh(dense.hamiltonian(tau))
            return (basis * taylor(bell, levels, 0)) @ basis.conj().T

        turned = dense.differentiated(g_of)
        first.append(np.trace(turned @ dense.state(dense.tau)).real)
        for rate in (1e-3, 2e-3):
            exact = np.trace(turned @ _evolved(dense, time, rate)).real
            second.setdefault(rate, []).append((exact - first[-1]) / rate)
    extrapolated = 2 * np.array(second[1e-3]) - np.array(second[2e-3])
    still = np.array(dense.given.member(1, dense.levels, 0)[0])
    extra = (dense.given.test(dense.levels, 1) * dense.sample().velocity) @ still
    assert np.abs(found[1] - first).max() < 5e-3 * np.abs(first).max()  # (width / breadth)^2
    assert np.abs(found[2] - extra - extrapolated).max() < 5e-3 * np.abs(extrapolated).max()
    assert not found[0].any()


def _evolved(dense, time, rate, steps=600):
    """rho at the slow time looked at, from the eigenstates a fast time earlier, by midpoint exponentials."""
    start = dense.tau - rate * time
    state, step = dense.state(start), time / steps
    for k in range(steps):
        u = expm(-1j * step / HBAR * dense.hamiltonian(start + rate * step * (k + 0.5)))
        state = u @ state @ u.conj().T
    return state


def test_orders_are_kept_apart_and_cut_off():
    run = Dense("GUE", 10).reading(case(), {})
    found = w.by_order(run.value(Trace(delta * rho) * (1 + eps) * eps), "a field")
    assert set(found) == {0, 1, 2}
    assert not found[0].any()
    p, q = (w.scalar(run.value(Trace(delta * rhos[j])), "a field") for j in (0, 1))
    assert np.allclose(found[1], p)
    assert np.allclose(found[2], p + q)


@pytest.mark.parametrize(
    "expression",
    [D(Trace(H * rho), tau) * Trace(rhos[2]), D(D(Trace(delta * rho), t), t), 1 / (Sigma + eps)],
    ids=range(3),
)
def test_what_has_no_value_is_refused(expression):
    run = Dense("GUE", 8).reading(case(), {})
    with pytest.raises(Refusal):
        w.by_order(run.value(expression), "this")


def claimed(rhs, power=3):
    changed = JAIN.with_claim("47", Equation(GOES, rhs, modulo=ModuloPower(FLOWS.args[1].args[0].base, power)))
    return truths(changed, "47", **{"limits and sums": "restored"})[0]


def test_the_final_equation_follows_its_coefficients():
    assert truths(JAIN, "47", **{"limits and sums": "restored"})[0].verdict == "fails"
    half = Product(Fraction(1, 2), DIFFUSION)
    true = claimed(DRIFT + half)
    assert true.verdict == "asymptotic", true.reason
    for rhs in (DRIFT + half + THIRD, half - DRIFT, DRIFT, DRIFT + Product(Fraction(1, 3), DIFFUSION), half):
        assert claimed(rhs).verdict == "fails"


def test_less_is_claimed_up_to_a_lower_power():
    assert claimed(DRIFT, power=2).verdict == "asymptotic"
    assert claimed(-1 * DRIFT, power=2).verdict == "fails"


def test_norm_is_kept_by_the_drift_and_the_flux_but_not_by_the_third_term():
    energy = ETA.arguments[0]
    for term, verdict in ((DIFFUSION, "asymptotic"), (THIRD, "fails")):
        changed = JAIN.with_claim("47", Equation(Integral(term, energy), 0))
        assert truths(changed, "47")[0].verdict == verdict
    assert [truth.verdict for truth in truths(JAIN, "W3")] == ["fails"]


def test_powers_that_are_not_known_are_undecided():
    claim = Equation(Trace(delta * rho), Trace(delta * rhos[0]), modulo=ModuloPower(eps, 5))
    assert truth_of(claim).verdict == "undecided"
    claim = Equation(Average(rho, E), Average(rhos[0], E), modulo=ModuloPower(eps, 1))
    assert truth_of(claim).verdict == "asymptotic"
