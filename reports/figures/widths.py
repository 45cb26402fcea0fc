"""Residual against the width of the test function: an exact equation in E, and one that fails, on the same samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from sympy import Integer

from derive.language import D, Product
from numeric.recognise import summands
from numeric.refusals import Refusal
from numeric.widths import Curve, curve
from reports.figures import Drawn, Material
from reports.figures._plate import Plate, colour, marker
from reports.ledger import StepEntry

ORDER = 30
LAWS: Final = ("GOE", "GUE", "GSE")
SIZE: Final = 12
WIDTHS: Final = tuple(float(width) for width in np.geomspace(0.1, 1.6, 9))
FLOOR: Final = 1e-18  # where a residual that is exactly zero is drawn
PRECISIONS: Final = (("double", np.complex128), ("single", np.complex64))


def draw(material: Material) -> Iterator[Drawn]:
    """One picture, if some exact step is an equation in E: a continuity equation if there is one, that most others cite."""
    candidates = _by_use(material, "exact")
    conserving = [step for step in candidates if any(map(_is_continuity, material.derivation[step.label].links))]
    exact = _first_with_curves(material, [*conserving, *candidates])
    if exact is None:
        return
    step, link = exact
    false = _first_with_curves(material, _by_use(material, "fails"))
    with Plate(len(LAWS), height=3.1, level=True) as plate:
        for axes, law in zip(plate.axes, LAWS, strict=True):
            for k, (precision, dtype) in enumerate(PRECISIONS):
                _line(axes, _curve(material, step, link, law, dtype), k, f"({step.label}), {precision}")
            if false is not None:
                _line(axes, _curve(material, *false, law, np.complex128), 3, f"({false[0].label}), double", bound=False)
            axes.set_title(f"{law}, N = {SIZE}")
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.set_xticks([0.1, 0.2, 0.5, 1.0], ["0.1", "0.2", "0.5", "1"])
            axes.set_xticks([], minor=True)
            axes.set_xlabel("width w of the test function")
        plate.axes[0].set_yticks([FLOOR, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1], ["0", "1e−15", "1e−12", "1e−9", "1e−6", "1e−3", "1"])
        plate.axes[0].set_ylabel("residual over its terms")
        handles, labels = plate.axes[0].get_legend_handles_labels()
        plate.figure.legend(handles, labels, loc="outside lower center", ncols=3)
        other = f" ({false[0].label}), which is false, keeps its residual at every width." if false is not None else ""
        yield Drawn(
            plate.picture(
                "widths",
                f"({step.label}): residual against width",
                f"The largest residual of ({step.label}) over kernels, centres and parts, at one finite size, in two "
                "precisions. What is exact holds beneath every test function: at each width the residual is below what roundoff "
                f"may do in that precision (dashed).{other} A residual that is exactly zero is drawn at the foot.",
                f"Residual of ({step.label}) against the width of the test function on three ensembles.",
            )
        )


def _is_continuity(link: Any) -> bool:
    """d_tau A + d_E B = 0."""
    terms = summands(link.lhs)
    kinds = {term.args[1].kind for term in terms if isinstance(term, D)}
    return link.rhs in (0, Product(Integer(0))) and len(terms) == 2 and kinds == {"slow", "energy"}


def _by_use(material: Material, verdict: str) -> list[StepEntry]:
    """Claims with that truth, those that most steps cite first."""
    steps = material.ledger.steps
    claims = [step for step in steps if step.truth.verdict == verdict and step.role == "claim"]
    return sorted(claims, key=lambda step: -sum(step.label in other.cites for other in steps))


def _first_with_curves(material: Material, steps: list[StepEntry]) -> tuple[StepEntry, int] | None:
    """The first of the steps with a link that moves with the slow time or the energy and can be tested at every width."""
    for step in steps:
        for number in range(len(step.links)):
            try:
                _curve(material, step, number, LAWS[0], np.complex128)
            except Refusal:
                continue
            return step, number
    return None


def _curve(material: Material, step: StepEntry, link: int, law: str, dtype: Any) -> Curve:
    return curve(material.derivation, step.label, link, material.assignment, material.ledger.seed, law, SIZE, WIDTHS, dtype)


def _line(axes: Any, found: Curve, k: int, name: str, bound: bool = True) -> None:
    drawn = [max(ratio, FLOOR) for ratio in found.ratios]
    axes.plot(
        WIDTHS, drawn, color=colour(k), marker=marker(k), fillstyle="none" if k else "full", markersize=4 + 2 * k, label=name
    )
    if bound:
        axes.axhline(found.bound, color=colour(k), linestyle="--", linewidth=0.9)
