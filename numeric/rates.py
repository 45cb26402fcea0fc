"""Where a measured residual tends to: r = a + b N^(-p), with an interval for a that allows for not knowing p.

For each p among POWERS, by all sizes and by all but the smallest, weighted least squares give a and its
standard error; the interval is the hull of a +- Z errors over the fits that are compatible with the data
(reduced chi^2 at most GOOD), or over all if none is.  Why these powers: with t ~ N^(1/3) and w ~ N^(-1/2) the
corrections are of the order t/t_H ~ N^(-2/3), w^2 ~ 1/N and (t_c/t)^(3/2) ~ N^(-1/2).  What they leave out is
allowed for: the next terms are smaller by N^(-1/3) at least, so that each residual is trusted up to that fraction
of what it has of the correction, which the change from the smallest to the largest size measures.

    asymptotic   0 lies in every interval, and no half-width is above the tolerance
    fails        some interval excludes 0, and a is above the tolerance in size
    undecided    anything else

False alarms: a normal error leaves +- Z standard errors once in 2000 (Z = 3.5), so that `fails` is said wrongly of
one probe in 2000 at most; the tolerance makes it rarer, since the hull is wider than any one fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

POWERS: Final = (1 / 2, 2 / 3, 1.0)
Z: Final = 3.5
GOOD: Final = 4.0
FLOOR: Final = 5e-4  # of the majorant: what the energy grid and the ends of the times may do


@dataclass(frozen=True)
class Limit:
    """The interval centre +- half for a, and the power that fits best."""

    centre: float
    half: float
    power: float

    @property
    def excludes_zero(self) -> bool:
        return abs(self.centre) > self.half


def limit_of(sizes: Sequence[int], values: Sequence[float], errors: Sequence[float], change: float = 0.0) -> Limit:
    """The limit of values +- errors at at least three sizes, ascending.

    `change` is how much like residuals change from the smallest to the largest size, if it is known: one that
    happens to change little is trusted no more than they are.
    """
    if len(sizes) < 3 or list(sizes) != sorted(set(sizes)):
        raise ValueError(f"expected at least three ascending sizes, came {tuple(sizes)}")
    n, y = np.asarray(sizes, float), np.asarray(values, float)
    noise = np.asarray(errors, float)
    if not (np.isfinite(y).all() and np.isfinite(noise).all()):
        raise ValueError("expected finite residuals and errors")
    sigma = np.sqrt(noise**2 + FLOOR**2 + left_out(n, max(change, float(np.abs(y - y[-1]).max()))) ** 2)
    fits = [(*_line(n[first:] ** -p, y[first:], sigma[first:]), p) for p in POWERS for first in _starts(len(n))]
    good = [fit for fit in fits if fit[2] <= GOOD] or fits
    low = min(a - Z * e for a, e, _, _ in good)
    high = max(a + Z * e for a, e, _, _ in good)
    best = min(fits, key=lambda fit: fit[2])
    return Limit(float((low + high) / 2), float((high - low) / 2), float(best[3]))


def left_out(n: Any, change: float) -> Any:
    """N^(-1/3) of the correction at each size, taken to fall as N^(-2/3)."""
    fall = (n / n[0]) ** (-2 / 3)
    return n ** (-1 / 3) * fall * change / (1 - fall[-1])


def _starts(count: int) -> range:
    return range(2 if count > 3 else 1)


def _line(x: Any, y: Any, sigma: Any) -> tuple[float, float, float]:
    """a, its standard error and the reduced chi^2 of y = a + b x."""
    weight = sigma**-2
    total, mean = weight.sum(), (weight * x).sum() / weight.sum()
    spread = (weight * (x - mean) ** 2).sum()
    slope = (weight * (x - mean) * y).sum() / spread
    a = (weight * y).sum() / total - slope * mean
    chi = float((weight * (y - a - slope * x) ** 2).sum() / max(len(x) - 2, 1))
    error = np.sqrt((1 / total + mean**2 / spread) * max(1.0, chi))  # Birge: data that scatter more than they say
    return float(a), float(error), chi


def verdict_of(limits: Sequence[Limit], tolerance: float) -> str:
    """What the limits of all probes say together; of none nothing."""
    if any(one.excludes_zero and abs(one.centre) > tolerance for one in limits):
        return "fails"
    if limits and all(not one.excludes_zero and one.half <= tolerance for one in limits):
        return "asymptotic"
    return "undecided"
