"""The functions that are put in: g in the bulk of the spectrum, rho_0' and rho_1' over all of it.

g_k(E)   bells exp(-(E - c)^2 / 2 s^2), K of them, none centred; smooth on the width of a kernel, and 0 at
         the ends of the spectrum, where the density of states has no derivative
f_0(E)   a positive function that falls with the energy;   f_1(E) a generic one
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from numeric.functions import Bell, drawn_bell, drawn_occupation
from numeric.streams import stream

CENTRES = (-0.65, -0.35, 0.15, 0.45, 0.7)
BREADTHS = (0.31, 0.37, 0.42, 0.37, 0.33)


@dataclass(frozen=True)
class Given:
    """The functions of one group of samples; the same seed and group give the same ones."""

    tests: tuple[Bell, ...]
    members: tuple[Bell, ...]

    def test(self, x: Any, order: int) -> Any:
        """The derivatives of the g_k at x of shape (..., N), shape (..., K, N)."""
        return np.stack([taylor(g, x, order) for g in self.tests], axis=-2)

    def member(self, j: int, x: Any, order: int) -> Any:
        """The derivative of f_j, shape (..., 1, N)."""
        return taylor(self.members[j], x, order)[..., None, :]


def taylor(bell: Bell, x: Any, order: int) -> Any:
    factorial = 1
    for k in range(2, order + 1):
        factorial *= k
    return bell.taylor(np.asarray(x), order)[order] * factorial


def given(seed: int, stretch: float, *group: str) -> Given:
    rng = stream(seed, "functions", *group)
    tests = []
    for centre, breadth in zip(CENTRES, BREADTHS, strict=True):
        c = stretch * (centre + rng.uniform(-0.06, 0.06))
        s = stretch * breadth * rng.uniform(0.9, 1.0)
        tests.append(Bell((float(np.exp(-c * c / (2 * s * s))),), float(-c / s**2), float(1 / (2 * s**2))))
    return Given(tuple(tests), (drawn_occupation(rng), drawn_bell(rng, 2)))
