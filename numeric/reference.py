"""T1 as it is, on large samples: the number that every formula for it is held against, with what would grow with t apart.

With rho_0 the solution of the hierarchy, whose populations do not change, d_tau rho_0 is purely off-diagonal, a divided
difference of rho_0' (Daleckii and Krein), and

    T1 = Tr g(H) d_tau int_{-t}^0 ds (d_tau rho_0)(s)

is an exact sum over levels, real, with an error of sampling alone.  If rho_0 is instead a smooth function rho_0'(H, tau) that
solves d_tau rho_0' = -u d_E rho_0' (the solvability condition, coarse-grained), then d_tau rho_0 has a diagonal that the frozen
flow does not move.  With f = d_E rho_0',

    D_n = f(E_n) (V_nn - u(E_n)),     int_{-t}^0 ds D(s) = t D,     secular part = t Tr g(H) d_tau D = t sum_n g(E_n) dD_n/dtau,

which grows with t, and vanishes in the mean, since u is the mean of V_nn at E.  Along the levels

    dD_n/dtau = (d_E f V_nn + d_tau f)(V_nn - u) + f (d^2E_n/dtau^2 - V_nn d_E u - d_tau u),     d_tau f = -d_E(u f).

For V of the law of H0 and independent of it, at tau = 0, on the semicircle of radius 2 (hbar, sigma^2 N as in closed_forms.py),

    T1 = -1/2 int dE (d_E g) Sigma f G2(t),     G2(t) = 2 pi hbar sigma^2 Sigma (1 - int_{-x}^{x} b_beta(y) dy),     x = t/t_H,

with half the flux: the equation for rho_1' then has the classical coefficient (C. Jarzynski, Phys. Rev. A 46, 7498 (1992)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from numeric.closed_forms import off_diagonal, semicircle
from numeric.coarse import words as w
from numeric.coarse.functions import Given, taylor
from numeric.coarse.levels import Levels
from numeric.coarse.reading import Reading
from numeric.ensembles import ensemble
from numeric.fields import Setting, samples
from numeric.functions import Bell
from numeric.refusals import IllPosed

Drift: TypeAlias = Callable[[Levels], tuple[Any, Any, Any]]


@dataclass(frozen=True, eq=False)
class Reference:
    """Means over the samples with standard errors; for each test function g."""

    mean: Any
    error: Any
    imaginary: Any  # largest imaginary part, over the mean
    secular: Any
    secular_error: Any


def reference(expression: Any, setting: Setting, functions: Given, drifting: Drift | None = None) -> Reference:
    """T1, given as the encoded `expression`, and its secular part, on the samples of a setting.

    `drifting` gives u, d_E u and d_tau u at the levels of a sample; by default those of `drift`.
    """
    if setting.count < 2:
        raise IllPosed(f"an error needs at least two samples, came {setting.count}")
    values, growing = [], []
    for sample in samples(setting):
        run = Reading(sample, setting.roles, setting.definitions, functions, setting.time, setting.time)
        values.append(np.broadcast_to(w.scalar(run.value(expression), "T1")[:, 0], (len(functions.tests),)))
        growing.append(secular(sample, functions, setting.time, *(drifting or drift)(sample)))
    table, apart = np.stack(values), np.stack(growing)
    count = setting.count**0.5
    return Reference(
        table.real.mean(axis=0),
        table.real.std(axis=0, ddof=1) / count,
        float(np.abs(table.imag).max() / np.abs(table).max()),
        apart.mean(axis=0),
        apart.std(axis=0, ddof=1) / count,
    )


def drift(sample: Levels) -> tuple[Any, Any, Any]:
    """u, d_E u and d_tau u at the levels, u the mean of V_nn over the kernel; each of shape (1, N).

    The kernel bends what it averages by width^2/2 times a second derivative, and the secular part by t as much.
    """
    one, v, a = np.ones((1, sample.count)), sample.velocity[None, :], sample.acceleration[None, :]
    density, flux = sample.smear(0, one), sample.smear(0, v)
    share = w.inverse(density)
    u = flux * share
    moved = (sample.smear(0, a) - sample.smear(1, v * v) + u * sample.smear(1, v)) * share
    fields = (u, w.slope_in_energy(sample, u), moved)
    mean, slope, change = (w.at_levels(sample, values) for values in fields)
    return mean, slope, change


def secular(sample: Levels, functions: Given, time: float, u: Any, slope: Any, change: Any) -> Any:
    """t Tr g d_tau D for each g, of rho_0' = the first member; u, d_E u and d_tau u at the levels."""
    first, second = (taylor(functions.members[0], sample.energies, k) for k in (1, 2))
    moved = -(slope * first + u * second)  # d_tau d_E rho_0' = -d_E(u d_E rho_0')
    v = sample.velocity
    rate = (second * v + moved) * (v - u) + first * (sample.acceleration - v * slope - change)
    return time * sample.degeneracy * (functions.test(sample.energies, 0) * rate).sum(axis=-1)


def expected(law: str, size: int, time: float, test: Bell, member: Bell, hbar: float = 1.0, points: int = 801) -> float:
    """The closed form of T1 for V independent of H0 at tau = 0; see the module."""
    beta, doublets = ensemble(law).beta, 2 if ensemble(law).kramers else 1
    energy = np.linspace(-2, 2, points)[1:-1]
    density = semicircle(energy, size)
    heisenberg = 2 * np.pi * hbar * density / doublets
    strength = 2 * np.pi * hbar / size * density * off_diagonal(beta, time / heisenberg, nodes=201)
    flux = density * taylor(member, energy, 1) * strength
    return float(-0.5 * (taylor(test, energy, 1) * flux).sum() * (energy[1] - energy[0]))
