"""What theory says of the coarse-grained fields: the closed systems that the numbers are held against.

Units: sigma^2 N = 1 (mean square of an off-diagonal element of an N x N matrix), spectrum of radius R = 2 unless said.
Sigma counts states; a doublet of GSE counts twice.  t_H = 2 pi hbar (density of distinct levels), which is
2 pi hbar Sigma for GOE and GUE and pi hbar Sigma for GSE.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any, Final

import numpy as np

GAP_RATIOS: Final = {
    "GOE": 4 - 2 * sqrt(3),
    "GUE": 2 * sqrt(3) / pi - 1 / 2,
    "GSE": 32 * sqrt(3) / (15 * pi) - 1 / 2,
    "Poisson": 2 * np.log(2) - 1,
}
"""The mean of min(s_n, s_{n+1})/max(s_n, s_{n+1}) over successive spacings.

From the joint law of three levels, p(r) ~ (r + r^2)^beta/(1 + r + r^2)^(1 + 3 beta/2), twice its mean over r < 1; independent
levels have p(r) = 2/(1 + r)^2.  Exact for three levels; large matrices differ by 0.0052, 0.0031 and 0.0018 (they have
0.5307, 0.5996, 0.6744).  Source: Y. Y. Atas et al., Phys. Rev. Lett. 110, 084101 (2013).
"""


def semicircle(energy: Any, size: int, radius: float = 2.0) -> Any:
    """Sigma(E) = (2 N/(pi R^2)) sqrt(R^2 - E^2), inside; 0 outside.

    The moments of a Wigner matrix count plane rooted trees, so that the resolvent G = Tr (E - H)^-1/N solves
    G = 1/(E - (R/2)^2 G), whose imaginary part below the real axis over -pi is this.
    """
    return 2 * size / (pi * radius**2) * np.sqrt(np.clip(radius**2 - np.asarray(energy) ** 2, 0, None))


def counting(energy: Any, size: int, radius: float = 2.0) -> Any:
    """Omega(E), the integral of the semicircle from below: N (1/2 + (x sqrt(1 - x^2) + arcsin x)/pi), x = E/R."""
    x = np.clip(np.asarray(energy) / radius, -1, 1)
    return size * (0.5 + (x * np.sqrt(1 - x * x) + np.arcsin(x)) / pi)


def drift(energy: Any, tau: float) -> Any:
    """u = tau E/(1 + tau^2) for H = H0 + tau V with V of the law of H0 and independent of it.

    H/sqrt(1 + tau^2) and W = (V - tau H0)/sqrt(1 + tau^2) are independent and of that law, and
    V = (tau H + sqrt(1 + tau^2) W)/(1 + tau^2) with <W_nn> = 0 in the eigenbasis of H.  The spectrum breathes, with
    radius 2 sqrt(1 + tau^2), and its edge moves at the velocity u there.
    """
    return tau * np.asarray(energy) / (1 + tau**2)


def correlation(s: Any, energy: float, hbar: float) -> Any:
    """C(s, E) = int dE' Sigma(E')/N exp(i (E' - E) s/hbar) = exp(-i E s/hbar) J_1(2 s/hbar)/(s/hbar), V = W, R = 2.

    <|W_nm|^2> = 1/N for every m != n, so C is the Fourier transform of the density about E: complex but at the centre.
    The semicircle's is int (2/pi R^2) sqrt(R^2 - x^2) exp(i x k) dx = 2 J_1(R k)/(R k).
    """
    from scipy.special import j1

    k = np.asarray(s, float) / hbar
    safe = np.where(k == 0, 1, k)
    return np.where(k == 0, 1.0, j1(2 * safe) / safe) * np.exp(-1j * energy * k)


def one_less_form_factor(beta: int, y: Any) -> Any:
    """b_beta(y) = 1 - K(y), K the spectral form factor, y the time over t_H of distinct levels; even in y.

        beta = 1   1 - 2 y + y ln(1 + 2 y) for y < 1;    -1 + y ln((2 y + 1)/(2 y - 1)) beyond
        beta = 2   1 - y                   for y < 1;    0 beyond
        beta = 4   1 - y/2 + (y/4) ln|1 - y| for y < 2;  0 beyond
        beta = 0   0: independent levels

    Source: M. L. Mehta, Random Matrices, chapters 6 to 8, where it is called b(k).
    """
    y = np.abs(np.asarray(y, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        match beta:
            case 0:
                return np.zeros_like(y)
            case 1:
                late = -1 + y * np.log((2 * y + 1) / np.where(y > 0.5, 2 * y - 1, 1))
                return np.where(y < 1, 1 - 2 * y + y * np.log(1 + 2 * y), late)
            case 2:
                return np.clip(1 - y, 0, None)
            case 4:
                inside = 1 - y / 2 + np.where(y == 1, 0, y / 4 * np.log(np.abs(np.where(y == 1, 2, 1 - y))))
                return np.where(y < 2, inside, 0)
    raise ValueError(f"expected Dyson's index 0, 1, 2 or 4, came {beta}")


def off_diagonal(beta: int, x: Any, nodes: int = 4001) -> Any:
    """The off-diagonal part of G2(t)/(2 pi hbar sigma^2 Sigma), x = t/t_H: 1 - int_{-x}^{x} b_beta(y) dy.

    G2(t) = int_{-t}^t ds C(s) = sum_m |V_nm|^2 2 sin(w_nm t)/w_nm.  With <|V_nm|^2> = sigma^2 the density of pairs,
    Sigma (delta + 1 - Y_2), is integrated against a function whose Fourier transform is the box (-x, x): the 1 gives 1, the
    cluster function -int b.  So (1 - x)^2 for GUE and x < 1, then 0; GOE falls to 1/(6 x); independent levels stay at 1.
    """
    return np.array([1 - 2 * _simpson(lambda y: one_less_form_factor(beta, y), float(one), nodes) for one in np.atleast_1d(x)])


def diagonal(beta: int, x: Any) -> Any:
    """The diagonal part of the same, (4/beta) x: G2 has 2 t Var V_nn with Var V_nn = 2 sigma^2/beta for one state.

    For GSE, where sigma^2 is the mean square of a complex element and Sigma counts doublets twice, Var V_nn = sigma^2 and
    t_H = pi hbar Sigma, so that 2 t sigma^2/(2 pi hbar sigma^2 Sigma) = x: again 4/beta.
    """
    return 4 / beta * np.asarray(x)


def surmise(beta: int, s: Any) -> Any:
    """Wigner's law of the spacings s of unit mean: a s^beta exp(-b s^2), exact for two levels; exp(-s) for beta = 0."""
    s = np.asarray(s, float)
    match beta:
        case 0:
            return np.exp(-s)
        case 1:
            return pi / 2 * s * np.exp(-pi / 4 * s**2)
        case 2:
            return 32 / pi**2 * s**2 * np.exp(-4 / pi * s**2)
        case 4:
            return 2**18 / (3**6 * pi**3) * s**4 * np.exp(-64 / (9 * pi) * s**2)
    raise ValueError(f"expected Dyson's index 0, 1, 2 or 4, came {beta}")


def _simpson(f: Any, high: float, nodes: int) -> float:
    y = np.linspace(0, high, nodes)
    weights = np.full(nodes, 2.0)
    weights[1::2] = 4
    weights[[0, -1]] = 1
    return float((weights * f(y)).sum() * high / (3 * (nodes - 1)))
