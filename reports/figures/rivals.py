"""One quantity by every formula that the derivation gives for it, beside its definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numeric.limit import EFFORTS
from numeric.rivals import Contest, Outcome, contests, outcomes
from reports.figures import Drawn, Material
from reports.figures._plate import Plate, colour, marker, plainly
from reports.view.text import shown

ORDER = 10
LINEAR = 2.0  # of the scale: beyond it the axis is logarithmic


def draw(material: Material) -> Iterator[Drawn]:
    """A picture for each quantity with several formulas, one panel for each ensemble and drive."""
    for number, contest in enumerate(contests(material.derivation, material.assignment), start=1):
        seed = material.ledger.seed
        groups = EFFORTS["quick"].groups
        found = [outcomes(contest, material.derivation, material.assignment, seed, group.law, group.drive) for group in groups]
        with Plate(len(groups), width=8.4, height=3.6, level=True) as plate:
            for axes, group, results in zip(plate.axes, groups, found, strict=True):
                _panel(axes, results)
                axes.set_title(group.name)
            plate.axes[0].set_ylabel(f"{_name(contest)} over its own root mean square")
            yield Drawn(
                plate.picture(
                    f"rivals-{number}",
                    f"{_name(contest)} by every formula",
                    _caption(contest, found[0]),
                    f"Values of {_name(contest)} by each formula, with error bars, for {len(groups)} ensembles.",
                )
            )


def _name(contest: Contest) -> str:
    return shown(contest.symbol.name)


def _panel(axes: Any, results: tuple[Outcome, ...]) -> None:
    shown_results = [one for one in results if one.mean is not None]
    count = len(shown_results[0].mean)
    for k in range(count):
        across = (k - (count - 1) / 2) * 0.13
        places = [place + across for place in range(len(shown_results))]
        style = {"color": colour(k), "linestyle": "none", "linewidth": 1.0}
        errors = [float(one.error[k]) for one in shown_results]
        axes.errorbar(places, [float(one.mean[k].real) for one in shown_results], yerr=errors, marker=marker(k), **style)
        imaginary = [
            (place, float(one.mean[k].imag), error) for place, one, error in zip(places, shown_results, errors, strict=True)
        ]
        told = [(place, value) for place, value, error in imaginary if abs(value) > max(5 * error, 1e-3)]
        axes.plot([p for p, _ in told], [v for _, v in told], marker=marker(k), fillstyle="none", **style)
    axes.axvspan(-0.5, 0.5, color="#808080", alpha=0.15, linewidth=0)
    axes.axhline(0, color="#808080", linewidth=0.6)
    axes.set_yscale("symlog", linthresh=LINEAR)
    plainly(axes.yaxis)
    axes.set_xticks(range(len(shown_results)), [_tick(one, number) for number, one in enumerate(shown_results)])
    axes.tick_params(axis="x", labelsize=7.5)


def _tick(one: Outcome, number: int) -> str:
    label = shown(one.formula.label)[:5]
    return f"({label})\nexact" if number == 0 else f"({label})" + (f"\nlink {one.formula.link + 1}" if one.formula.link else "")


def _caption(contest: Contest, results: tuple[Outcome, ...]) -> str:
    missing = [f"({one.formula.label}): {one.refusal}" for one in results if one.mean is None]
    text = (
        f"{_name(contest)} by its definition in ({contest.definition.label}), shaded, and by every later equation that gives a "
        "formula for it, all on the same samples, for five test functions g (colours), with standard errors. A formula is right "
        "where its marks stand at the height of the shaded ones. Hollow marks are imaginary parts, where they can be told from "
        f"0. Beyond ±{LINEAR:g} the axis is logarithmic."
    )
    return text + (f" Not drawn: {'; '.join(missing)}." if missing else "")
