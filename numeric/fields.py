"""Coarse-grained fields, each from its encoded definition: means over samples with standard errors.

    found = measured([Sigma, u, G2], setting, energies)
    found[k].mean, found[k].error        arrays over the energies

What is asked for is an expression of the language (a field, or anything built of fields); what its symbols denote are the
definitions of the derivation.  An infinite integral over time runs to the time of the setting, which may lie
outside the window: these numbers are for closed forms and for what happens beyond Heisenberg's time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numeric.coarse import words as w
from numeric.coarse.drives import drive
from numeric.coarse.functions import Given, given
from numeric.coarse.reading import Reading
from numeric.coarse.sample import Sample
from numeric.kernels import kernel
from numeric.recognise import Definition, Roles
from numeric.refusals import IllPosed


@dataclass(frozen=True)
class Setting:
    """On what is measured: `time` is t and stands for infinity; `ballistic` keeps the diagonal of W."""

    definitions: Mapping[Any, Definition]
    roles: Roles
    law: str
    drive: str
    size: int
    count: int
    seed: int
    time: float
    width: float
    hbar: float = 1.0
    kernel: str = "gaussian"
    ballistic: bool = True
    mean_squares: bool = False


@dataclass(frozen=True, eq=False)
class Measured:
    mean: Any  # complex, over the energies; one number where the expression does not depend on E
    error: Any  # of the real and of the imaginary part alike


def samples(setting: Setting) -> Any:
    """The samples of a setting, one after the other."""
    for index in range(setting.count):
        yield Sample(
            setting.law,
            drive(setting.drive),
            setting.size,
            setting.seed,
            index,
            setting.hbar,
            kernel(setting.kernel, setting.width),
            setting.mean_squares,
            setting.ballistic,
        )


def measured(
    expressions: Sequence[Any],
    setting: Setting,
    energies: Any,
    times: Mapping[Any, float] | None = None,
    functions: Given | None = None,
) -> list[Measured]:
    """Every expression at the given energies, for the first test function g if there is one.

    `times` are values of further fast times, `functions` what g and rho_j' are (drawn, if not given).

    IllPosed for energies outside the spectrum of some sample, where a field does not exist, and for fewer than two samples.
    """
    places = np.asarray(energies, float)
    if setting.count < 2:
        raise IllPosed(f"an error needs at least two samples, came {setting.count}")
    rows: list[list[Any]] = [[] for _ in expressions]
    if functions is None:
        functions = given(setting.seed, drive(setting.drive).stretch, setting.law, setting.drive)
    for sample in samples(setting):
        low, high = float(sample.energies[0]), float(sample.energies[-1])
        if places.min() < low or places.max() > high:
            raise IllPosed(
                f"energies outside the spectrum: expected {low:.3g} to {high:.3g}, came {places.min():g} to {places.max():g}"
            )
        run = Reading(sample, setting.roles, setting.definitions, functions, setting.time, setting.time, dict(times or {}))
        for row, e in zip(rows, expressions, strict=True):
            values = w.scalar(run.value(e), "a field")[0]
            row.append(
                values
                if len(values) == 1
                else np.interp(places, sample.grid, values.real) + 1j * _imaginary(places, sample, values)
            )
    return [_mean(np.stack(row)) for row in rows]


def _imaginary(places: Any, sample: Sample, values: Any) -> Any:
    return np.interp(places, sample.grid, values.imag) if np.iscomplexobj(values) else 0.0


def _mean(table: Any) -> Measured:
    spread = np.hypot(table.real.std(axis=0, ddof=1), table.imag.std(axis=0, ddof=1))
    return Measured(table.mean(axis=0), spread / len(table) ** 0.5)


def gap_ratios(levels: Any) -> Any:
    """min/max of successive spacings of the distinct levels in the middle half of a spectrum."""
    points = np.unique(np.round(levels, 12))
    middle = points[len(points) // 4 : -(len(points) // 4)]
    gaps = np.diff(middle)
    return np.minimum(gaps[1:], gaps[:-1]) / np.maximum(gaps[1:], gaps[:-1])
