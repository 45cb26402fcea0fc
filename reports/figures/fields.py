"""The coarse-grained fields from their encoded definitions, beside the closed forms of random-matrix theory.

Which symbol is which is told by its definition alone:

    density        Tr delta(E - H)                         semicircle
    drift          <d_tau H>_E                             tau E/(1 + tau^2) for H0 + tau V
    correlation    an average of a product with what the flow carries      J_1, at the middle of the spectrum
    its integral   int ds of the correlation, over a time t                1 - int b_beta: the form factor
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from derive.language import Apply, Average, D, Delta, Hamiltonian, Heisenberg, Integral, Trace, subexpressions
from numeric import closed_forms
from numeric.coarse.drives import TAU, drive
from numeric.ensembles import ensemble
from numeric.fields import Setting, measured
from numeric.recognise import Definition, Read, read
from reports.figures import Drawn, Material
from reports.figures._plate import Plate, colour, marker
from reports.view.values import Source

ORDER = 20
LAWS = ("GOE", "GUE", "GSE")
SIZE, COUNT = 192, 16  # distinct levels, samples
SOURCES = (
    Source(
        "mehta",
        "book",
        (("author", "M. L. Mehta"), ("title", "Random Matrices"), ("publisher", "Elsevier"), ("year", "2004")),
    ),
    Source(
        "dumitriu-edelman",
        "article",
        (
            ("author", "I. Dumitriu and A. Edelman"), ("title", "Matrix models for beta ensembles"),
            ("journal", "J. Math. Phys."), ("volume", "43"), ("pages", "5830"), ("year", "2002"),
        ),
    ),
)  # fmt: skip

Panel = Callable[[Any, Definition, Read, int], None]


def draw(material: Material) -> Iterator[Drawn]:
    """One picture with a panel for each of the fields that the derivation defines."""
    reading = read(material.derivation, material.assignment)
    panels = [(panel, one) for is_it, panel in _KINDS if (one := next(filter(is_it, reading.definitions), None)) is not None]
    if not panels:
        return
    with Plate(len(panels), width=6.6, height=2.5, columns=2) as plate:
        for axes, (panel, definition) in zip(plate.axes, panels, strict=True):
            panel(axes, definition, reading, material.ledger.seed)
        plate.axes[0].legend(loc="lower center")
        names = ", ".join(f"{one.symbol.name} of ({one.label})" for _, one in panels)
        yield Drawn(
            plate.picture(
                "fields",
                "The fields and their closed forms",
                f"{names}: means over {COUNT} samples of {SIZE} distinct levels, with standard errors (marks), each computed "
                "from the encoded definition, beside what random-matrix theory says (lines). H0 and V independent for the "
                "drift, a rotating Hamiltonian for the others; ħ = 1, half the radius of the spectrum = 1. The integral of the "
                "correlation over the time t decays beyond Heisenberg's time, which is why N goes to infinity before t.",
                f"{len(panels)} panels of fields with closed forms: {names}.",
                ("mehta", "dumitriu-edelman"),
            )
        )


def _setting(reading: Read, law: str, name: str, seed: int, **options: Any) -> Setting:
    known: dict[Any, Definition] = {}
    for definition in reading.definitions:
        known.setdefault(definition.symbol, definition)
    states = SIZE * (2 if ensemble(law).kramers else 1)
    chosen = {"time": 6.0, "width": 0.14} | options
    return Setting(known, reading.roles, law, name, states, COUNT, seed, **chosen)


def _points(axes: Any, k: int, places: Any, values: Any, errors: Any) -> None:
    axes.errorbar(places, values, yerr=errors, color=colour(k), marker=marker(k), linestyle="none", linewidth=1.0, label=LAWS[k])


def _density(axes: Any, definition: Definition, reading: Read, seed: int) -> None:
    energies = np.linspace(-1.8, 1.8, 13)
    for k, law in enumerate(LAWS):
        (found,) = measured([definition.body], _setting(reading, law, "rotating", seed), energies)
        states = SIZE * (2 if ensemble(law).kramers else 1)
        _points(axes, k, energies, found.mean.real / states, found.error / states)
    fine = np.linspace(-2, 2, 101)
    axes.plot(fine, closed_forms.semicircle(fine, 1), color="#808080", label="semicircle")
    axes.set_title(f"{definition.symbol.name}(E)/N")
    axes.set_xlabel("E")


def _drift(axes: Any, definition: Definition, reading: Read, seed: int) -> None:
    energies = drive("independent").stretch * np.linspace(-1.6, 1.6, 11)
    for k, law in enumerate(LAWS):
        (found,) = measured([definition.body], _setting(reading, law, "independent", seed), energies)
        _points(axes, k, energies, found.mean.real, found.error)
    axes.plot(energies, closed_forms.drift(energies, TAU), color="#808080")
    axes.set_title(f"{definition.symbol.name}(E), tau = {TAU:g}")
    axes.set_xlabel("E")


def _correlation(axes: Any, definition: Definition, reading: Read, seed: int) -> None:
    moments = np.linspace(0, 6, 13)
    time = next(formal for formal in definition.formals if getattr(formal, "kind", "") == "time")
    for k, law in enumerate(LAWS):
        asked = _setting(reading, law, "rotating", seed, mean_squares=True, ballistic=False)
        found = [measured([definition.body], asked, np.array([0.0]), {time: float(moment)})[0] for moment in moments]
        _points(axes, k, moments, [one.mean[0].real for one in found], [one.error[0] for one in found])
    fine = np.linspace(0, 6, 121)
    axes.plot(fine, closed_forms.correlation(fine, 0.0, 1.0).real, color="#808080")
    axes.axhline(0, color="#808080", linewidth=0.6)
    axes.set_title(f"{definition.symbol.name}(s) at E = 0")
    axes.set_xlabel("s")


def _integral(axes: Any, definition: Definition, reading: Read, seed: int) -> None:
    fractions = np.array([0.05, 0.15, 0.3, 0.5, 0.75, 1.0, 1.4])
    unit = 2 * np.pi / SIZE * float(closed_forms.semicircle(0.0, SIZE))
    heisenberg = 2 * np.pi * float(closed_forms.semicircle(0.0, SIZE))
    for k, law in enumerate(LAWS):
        means, errors = [], []
        for fraction in fractions:
            asked = _setting(reading, law, "rotating", seed, time=fraction * heisenberg, mean_squares=True, ballistic=False)
            (found,) = measured([definition.body], asked, np.array([0.0]))
            means.append(found.mean[0].real / unit)
            errors.append(found.error[0] / unit)
        _points(axes, k, fractions, means, errors)
        fine = np.linspace(0, 1.5, 61)
        axes.plot(fine, closed_forms.off_diagonal(ensemble(law).beta, fine), color=colour(k), linewidth=1.0)
    axes.set_title(f"{definition.symbol.name}(t)/(2 pi ħ sigma² {chr(0x3A3)})")
    axes.set_xlabel("t/t_H")


# Which definition is which -----------------------------------------------------------------------------


def _is_density(one: Definition) -> bool:
    return isinstance(one.body, Trace) and isinstance(one.body.args[0], Delta) and one.body.args[0].order == 0


def _is_drift(one: Definition) -> bool:
    inner = one.body.args[0] if isinstance(one.body, Average) else None
    return isinstance(inner, D) and isinstance(inner.args[0], Hamiltonian)


def _is_correlation(one: Definition) -> bool:
    timed = any(getattr(formal, "kind", "") == "time" for formal in one.formals)
    return timed and isinstance(one.body, Average) and any(isinstance(part, Heisenberg) for part in subexpressions(one.body))


def _is_integral(one: Definition) -> bool:
    """The integral over all times of one symbol, of a time."""
    whole = isinstance(one.body, Integral) and one.body.args[1].kind == "time" and isinstance(one.body.args[0], Apply)
    return whole and one.body == Integral(one.body.args[0], one.body.args[1])


_KINDS: tuple[tuple[Callable[[Definition], bool], Panel], ...] = (
    (_is_density, _density),
    (_is_drift, _drift),
    (_is_correlation, _correlation),
    (_is_integral, _integral),
)
