"""A sample made of given matrices, and brute force on them: exponentials, kernel sums, finite differences."""

import numpy as np
from scipy.linalg import expm

from numeric.coarse.drives import drive
from numeric.coarse.functions import given, taylor
from numeric.coarse.reading import Reading
from numeric.coarse.sample import Sample
from numeric.ensembles import ensemble
from numeric.kernels import kernel
from numeric.recognise import read
from numeric.streams import stream
from numeric.truth import _premises

HBAR = 0.8


def pair(law, size, seed=5):
    """H0 and V of an ensemble."""
    return tuple(ensemble(law).sample(stream(seed, law, size, name), size).astype(complex) for name in ("H0", "V"))


class Dense:
    """H(tau) = H0 + tau V with everything computed from the matrices themselves."""

    def __init__(self, law, size, width=0.3, tau=0.4, shape="gaussian"):
        self.h0, self.v = pair(law, size)
        self.tau, self.size, self.kernel = tau, size, kernel(shape, width)
        self.given = given(7, 1.0, "dense")
        self.levels, self.basis = np.linalg.eigh(self.hamiltonian(tau))
        self.populations = taylor(self.given.members[0], self.levels, 0)  # at this tau, and constant

    def hamiltonian(self, tau):
        return self.h0 + tau * self.v

    def sample(self):
        made = Sample("GUE", drive("rising"), self.size, 0, 0, HBAR, self.kernel)
        made.__dict__["energies"] = self.levels
        made.__dict__["dH"] = self.basis.conj().T @ self.v @ self.basis
        return made

    def reading(self, derivation, assignment, fast=1.1, long=2.3, label="", **others):
        """With the first definition of each symbol, or that which the step `label` rests on."""
        found = read(derivation, assignment)
        definitions = _premises(derivation, found, derivation[label], 0, None) if label else {}
        for definition in found.definitions:
            definitions.setdefault(definition.symbol, definition)
        return Reading(self.sample(), found.roles, definitions, self.given, fast, long, others)

    # Brute force, in the lab basis -------------------------------------------------------------------

    def state(self, tau):
        """rho_0 with the populations of the levels in ascending order."""
        _, basis = np.linalg.eigh(self.hamiltonian(tau))
        return (basis * self.populations) @ basis.conj().T

    def flow(self, x, s, tau):
        u = expm(1j * s / HBAR * self.hamiltonian(tau))
        return u @ x @ u.conj().T

    def over_time(self, x, low, high, tau, nodes=48):
        """int ds of the flow of x by Gauss-Legendre."""
        points, weights = np.polynomial.legendre.leggauss(nodes)
        half, middle = (high - low) / 2, (high + low) / 2
        return sum(
            half * weight * self.flow(x, middle + half * point, tau) for point, weight in zip(points, weights, strict=True)
        )

    def function(self, values):
        """A function of H(tau) at the slow time looked at, given at its levels."""
        return (self.basis * values) @ self.basis.conj().T

    def differentiated(self, f, step=1e-5):
        """df/dtau by central differences of fourth order."""
        a, b = (f(self.tau + k * step) - f(self.tau - k * step) for k in (1, 2))
        return (8 * a - b) / (12 * step)

    def smeared(self, x, tau=None, order=0):
        """Tr K_w^(order)(E - H) x on the grid of the sample."""
        levels, basis = np.linalg.eigh(self.hamiltonian(self.tau if tau is None else tau))
        diagonal = np.einsum("an,ab,bn->n", basis.conj(), x, basis)
        grid = self.sample().grid
        return diagonal @ self.kernel.derivative(order, grid[None, :] - levels[:, None])
