"""What is driven and how: the slow derivative of H in the eigenbasis of H, drawn by law.

    independent   H = H0 + tau V,  V of the law of H0:   dH = tau/(1 + tau^2) H + W/sqrt(1 + tau^2)
    straight      the same at tau = 0:            dH = W
    rotating      H = cos(tau) H0 + sin(tau) V:           dH = W,  d^2H = -H,  the spectrum is stationary
    shaped        dH = a(H) W a(H) + m H                  so that G2 = 2 pi hbar sigma^2 a^4 Sigma and u = m E

W is a matrix of the same ensemble, independent of H.  The first two lines hold in law because the ensembles
are Gaussian and invariant: H and (V - tau H0)/sqrt(1 + tau^2) are independent, and W has the same law in
every basis of the ensemble's symmetry.  With V independent, G2 is proportional to Sigma; the shaped drives
tell such fields apart, and `flat` has a^2 ~ 1/Sigma inside the bulk, so that Sigma G2 is constant there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]

FLAT_FROM: Final = 1.2  # of 4 - E^2: nearer to the ends of the spectrum `flat` grows no further
ROUNDED: Final = 0.3  # how softly; for |E| < 1.2 it changes Sigma G2 by 0.2 %


@dataclass(frozen=True)
class Drive:
    """dH = mean(E) + a(E_m) W_mn a(E_n), and the diagonal of d^2H; energies in units of half the radius."""

    name: str
    stretch: float  # of the spectrum, over that of the ensemble
    shape: Callable[[Reals], Reals]  # a(E)
    mean: float = 0.0  # what of dH is a multiple of H
    second: float = 0.0  # what of d^2H is a multiple of H
    ensemble_levels: bool = True  # else independent ones


TAU: Final = 0.37


def _one(x: Reals) -> Reals:
    return np.ones_like(x)


def _flat(x: Reals) -> Reals:
    held = FLAT_FROM + ROUNDED * np.logaddexp(0, (4 - x * x - FLAT_FROM) / ROUNDED)
    return np.asarray((held / 4) ** -0.25)


def _rising(x: Reals) -> Reals:
    return np.exp(0.3 * x)


def _hump(x: Reals) -> Reals:
    return np.asarray(np.exp(-0.2 * (x - 0.4) ** 2))


_WIDER: Final = (1 + TAU**2) ** 0.5

DRIVES: Final[Mapping[str, Drive]] = MappingProxyType(
    {
        drive.name: drive
        for drive in (
            Drive("independent", _WIDER, lambda x: np.full_like(x, _WIDER**-0.5), mean=TAU / _WIDER**2),
            Drive("straight", 1.0, _one),
            Drive("rotating", 1.0, _one, second=-1.0),
            Drive("flat", 1.0, _flat),
            Drive("rising", 1.0, _rising, mean=0.25),
            Drive("hump", 1.0, _hump, mean=-0.2),
            Drive("integrable", 1.0, _one, ensemble_levels=False),
        )
    }
)


def drive(name: str) -> Drive:
    """The drive of that name; ValueError for a name that is not in DRIVES."""
    if name not in DRIVES:
        raise ValueError(f"expected the name of a drive, one of {', '.join(DRIVES)}; came {name!r}")
    return DRIVES[name]


def matrix_of(chosen: Drive, energies: Any, w: Any) -> Any:
    """dH in the eigenbasis of H: shape (N, N), real or complex as W is."""
    a = chosen.shape(energies / chosen.stretch)
    made = a[:, None] * w * a[None, :]
    if chosen.mean:
        made[np.diag_indices(len(energies))] += chosen.mean * energies
    return made
