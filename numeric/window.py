"""The window in which a coarse-grained equation is measured, and how its ends go to their limits.

    mean spacing << w << bandwidth,    t_c << t << t_H,    N -> infinity first

Along N, with n = N distinct levels (N/2 for GSE), both ratios of each pair grow:

    t = FAR t_c n^(1/3),    w = NARROW stretch n^(-1/2),    so that t/t_H ~ n^(-2/3), spacing/w ~ n^(-1/2).

t is drawn anew for each sample within SPREAD of that, so that what oscillates with the width of the band
averages out.  A size for which a ratio is below LEAST has no window, and is refused; so is a time or a width that is
asked for outside it, and a g or rho_j' that is not smooth on the width: averaged over the kernel it changes by w^2/2 of its
second derivative, which may be ROUGH of its largest value.  Each refusal names the nearest value that is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Any, Final

import numpy as np

from numeric.coarse.drives import Drive
from numeric.coarse.functions import Given, taylor
from numeric.coarse.sample import Sample
from numeric.kernels import kernel
from numeric.refusals import IllPosed

FAR: Final = 1.0
NARROW: Final = 1.3
SPREAD: Final = 0.15
LONG: Final = 1.25  # the long time that stands for infinity, over t
LEAST: Final = {"t / t_c": 2.0, "t_H / t": 6.0, "w / spacing": 3.5, "bandwidth / w": 12.0}
ROUGH: Final = 0.15
PILOT: Final = 256


@dataclass(frozen=True)
class Scales:
    """The time scales of one group: t_c, and t_H of one level, t_H = heisenberg * N."""

    memory: float
    heisenberg: float
    spacing: float  # mean spacing of distinct levels in the middle, times N
    bandwidth: float
    degeneracy: int


def scales(law: str, drive: Drive, hbar: float, seed: int) -> Scales:
    """t_c = int C ds / C(0) and t_H = 2 pi hbar (density of distinct levels), in the middle half of a sample.

    The integral runs to 4 t_H/N, beyond the decay and below Heisenberg's time.
    """
    sample = Sample(law, drive, PILOT, seed, -1, hbar, kernel("gaussian", NARROW * drive.stretch / PILOT**0.5))
    energies = sample.energies
    points = np.unique(energies)
    quarter = len(points) // 4
    spacing = float((points[-quarter] - points[quarter]) / (len(points) - 2 * quarter))
    long = 4 * 2 * pi * hbar / spacing / PILOT
    middle = slice(PILOT // 4, PILOT - PILOT // 4)
    strength = np.abs(sample.dH) ** 2 * ~np.eye(PILOT, dtype=bool)
    weighed = (strength * sample.flowing(1.0, 0.0, -long, long).real)[middle].sum() / strength[middle].sum()
    return Scales(
        float(weighed), 2 * pi * hbar / spacing / PILOT, spacing * PILOT, float(points[-1] - points[0]), PILOT // len(points)
    )


def time_and_width(
    found: Scales, stretch: float, size: int, time: float | None = None, width: float | None = None
) -> tuple[float, float]:
    """t and w at this size, or those asked for; IllPosed, with the nearest allowed, where there is no window."""
    t, w = _path(found, stretch, size)
    if time is not None:
        t = _within("time", time, LEAST["t / t_c"] * found.memory, found.heisenberg * size / LEAST["t_H / t"])
    if width is not None:
        w = _within("width", width, LEAST["w / spacing"] * found.spacing / size, found.bandwidth / LEAST["bandwidth / w"])
    short = [name for name, ratio in ratios(found, size, t, w).items() if ratio < LEAST[name]]
    if short:
        good = next((n for n in range(size, 10**6, 8) if _open(found, stretch, n)), None)
        raise IllPosed(f"no window at size {size}: {', '.join(short)} is too small; the least size is {good}")
    return t, w


def _within(what: str, value: float, low: float, high: float) -> float:
    if low > high:
        raise IllPosed(f"no {what} lies in the window at this size: expected one from {low:.3g} to {high:.3g}; take more levels")
    if not low <= value <= high:
        nearest = min((low, high), key=lambda end: abs(end - value))
        ends = f"Heisenberg's time over {LEAST['t_H / t']:g}" if what == "time" and value > high else "an end of the window"
        raise IllPosed(f"the {what} {value:.3g} lies outside the window: the nearest allowed is {nearest:.3g}, {ends}")
    return value


def check_smooth(functions: Given, width: float, stretch: float) -> None:
    """IllPosed for a g or rho_j' that the kernel bends too much, with the largest width that would do."""
    energies = np.linspace(-2 * stretch, 2 * stretch, 801)
    named = [(f"the test function number {k + 1}", bell) for k, bell in enumerate(functions.tests)]
    named += [(f"the function of the state of order {j}", bell) for j, bell in enumerate(functions.members)]
    for name, bell in named:
        values, bend = (np.abs(taylor(bell, energies, order)).max() for order in (0, 2))
        if not np.isfinite([values, bend]).all() or values == 0:
            raise IllPosed(f"{name} is not a finite function on the spectrum, or vanishes on it; take another")
        if width**2 / 2 * bend > ROUGH * values:
            allowed = float(np.sqrt(2 * ROUGH * values / bend))
            raise IllPosed(
                f"{name} is not smooth on the width {width:.3g}: the largest width for it is {allowed:.3g}; "
                "take a broader function, or more levels"
            )


def _path(found: Scales, stretch: float, size: int) -> tuple[float, float]:
    count = size / found.degeneracy
    return FAR * found.memory * count ** (1 / 3), NARROW * stretch * count**-0.5


def _open(found: Scales, stretch: float, size: int) -> bool:
    t, w = _path(found, stretch, size)
    return all(ratio >= LEAST[name] for name, ratio in ratios(found, size, t, w).items())


def ratios(found: Scales, size: int, t: float, w: float) -> dict[str, Any]:
    """How far inside the window a time and a width are."""
    return {
        "t / t_c": t / found.memory,
        "t_H / t": found.heisenberg * size / t,
        "w / spacing": w * size / found.spacing,
        "bandwidth / w": found.bandwidth / w,
    }
