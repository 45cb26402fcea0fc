"""Generic smooth functions with exact jets, drawn from a stream.

    Bell     h(x) = P(x) exp(-b x - c x^2), P a polynomial
    Drawn    f(x, tau, t, ...) = sum_ij c_i(tau) theta^j h_ij(x),  c = (1, cos, sin),  theta = sum_k r_k t_k

Both are entire, and periodic in tau with period 2 pi, so that they can be carried round a closed loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, factorial, pi, sin
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Bell:
    """P(x) exp(-b x - c x^2), coefficients of P lowest first."""

    polynomial: tuple[float, ...]
    b: float = 0.0
    c: float = 0.0

    def taylor(self, x: Reals, most: int) -> Reals:
        """The coefficients of (E - x)^j, j <= most, at every x; shape (most + 1, *x.shape), dtype of x."""
        exponential = np.zeros((most + 1, *x.shape), dtype=x.dtype)
        exponential[0] = np.exp(-self.b * x - self.c * x * x)
        slope = -(self.b + 2 * self.c * x)
        for j in range(most):
            following = slope * exponential[j]
            if j:
                following = following - 2 * self.c * exponential[j - 1]
            exponential[j + 1] = following / (j + 1)
        shifted = np.zeros((most + 1, *x.shape), dtype=x.dtype)  # P about x, by Horner
        for coefficient in reversed(self.polynomial):
            shifted[1:] = shifted[1:] * x + shifted[:-1]
            shifted[0] = shifted[0] * x + coefficient
        result = np.zeros_like(shifted)
        for i in range(most + 1):
            for j in range(most + 1 - i):
                result[i + j] += shifted[i] * exponential[j]
        return result


def drawn_bell(rng: np.random.Generator, degree: int = 4) -> Bell:
    """A generic bell that varies over a spectrum of radius 2 without being large there."""
    coefficients = rng.uniform(0.4, 1.0, degree + 1) * rng.choice([-1.0, 1.0], degree + 1)
    scale = [factorial(k) ** 0.5 for k in range(degree + 1)]
    return Bell(
        tuple(float(a / s) for a, s in zip(coefficients, scale, strict=True)),
        float(rng.uniform(-0.3, 0.3)),
        0.15,
    )


def drawn_occupation(rng: np.random.Generator) -> Bell:
    """A generic positive function that falls with the energy."""
    return Bell((1.0, float(rng.uniform(0.1, 0.3)), float(rng.uniform(0.1, 0.3))), float(rng.uniform(0.4, 0.7)), 0.05)


@dataclass(frozen=True)
class Drawn:
    """A generic function of an energy, the slow time and fast times."""

    bells: tuple[tuple[Bell, ...], ...]  # [i][j]
    rates: tuple[float, ...]  # r_k

    @property
    def degree(self) -> int:
        return len(self.bells[0]) - 1

    def energy_taylor(self, i: int, j: int, x: Reals, most: int) -> Reals:
        return self.bells[i][j].taylor(x, most)


def drawn(rng: np.random.Generator, times: int) -> Drawn:
    """A function with `times` arguments that are fast times."""
    degree = 2 if times else 0
    bells = tuple(tuple(drawn_bell(rng) for _ in range(degree + 1)) for _ in range(3))
    return Drawn(bells, tuple(float(r) for r in rng.uniform(0.4, 0.9, times)))


def waves(tau: float, order: int, most: int) -> list[Sequence[float]]:
    """The Taylor coefficients at tau, up to `most`, of the `order`-th derivative of 1, cos and sin."""
    one = [1.0 if order == k == 0 else 0.0 for k in range(most + 1)]
    quarter = pi / 2
    cosine = [cos(tau + (order + k) * quarter) / factorial(k) for k in range(most + 1)]
    sine = [sin(tau + (order + k) * quarter) / factorial(k) for k in range(most + 1)]
    return [one, cosine, sine]
