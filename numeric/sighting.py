"""Residuals and majorants of one equation on one sample, in one precision.

    residual = |sum of the terms of lhs - rhs|,    majorant = sum of |terms|,    ratio = residual / majorant

|.| is the root of the sum of squares over matrix elements, labels, levels and energies; test functions are
looked at one by one.  The part `real` of an operator is its Hermitian part and `imaginary` its
anti-Hermitian one, which no change of basis mixes; both are over the same majorant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.language import D
from numeric.measure import Probe, norms
from numeric.model import Model


@dataclass(frozen=True)
class Look:
    """A residual as seen by one test, in one part."""

    test: Probe
    part: str
    ratio: float
    residual: float
    majorant: float


@dataclass(frozen=True)
class Sighting:
    """All looks at one equation on one sample; `bound` is C eps, `error` that of an integral round a loop."""

    ensemble: str
    size: int
    precision: str
    bound: float
    order: int | None
    looks: tuple[Look, ...]
    error: float = 0.0

    @property
    def worst(self) -> Look:
        return max(self.looks, key=lambda look: look.ratio)

    def like(self, look: Look) -> Look:
        """The look by the same test at the same part."""
        return next(x for x in self.looks if (x.test, x.part) == (look.test, look.part))

    @property
    def vacuous(self) -> bool:
        return all(look.majorant == 0 for look in self.looks)

    @property
    def is_exact(self) -> bool:
        """A residual that is roundoff, of terms that are there."""
        return not self.vacuous and self.worst.ratio <= self.bound

    @property
    def group(self) -> str:
        """What a verdict is given for: an ensemble, and an order j if there is one."""
        return self.ensemble if self.order is None else f"{self.ensemble} (order {self.order})"

    def measurement(self) -> dict[str, Any]:
        look = self.worst
        found: dict[str, Any] = {
            "ensemble": self.ensemble,
            "size": self.size,
            "precision": self.precision,
            "residual": look.ratio,
            "part": look.part,
            "majorant": look.majorant,
            "bound": self.bound,
        }
        if look.test.kernel:
            found |= {"kernel": look.test.kernel, "width": look.test.width, "centre": look.test.centre}
        if self.order is not None:
            found["order"] = self.order
        if self.error:
            found["quadrature"] = self.error
        return found


def looks_at(tests: Sequence[Probe], total: Any, majorant: Any) -> Iterator[Look]:
    """The looks at a residual: an array whose first axis runs over the tests, as does its majorant."""
    if total.shape[-1] == total.shape[-2]:
        conjugate = np.swapaxes(total, -1, -2).conj()
        parts = {"real": (total + conjugate) / 2, "imaginary": (total - conjugate) / 2}
    else:
        parts = {"real": total.real, "imaginary": total.imag}
    for part, array in parts.items():
        for test, r, m in zip(tests, norms(array), majorant, strict=True):
            yield Look(test, part, float(r / m) if m > 0 else 0.0, float(r), float(m))


def roundoff(model: Model, depth: int) -> float:
    """C eps with C = 4 N kappa^(1 + depth); see numeric/truth.py."""
    frame = model.frame()
    mixing = frame.gauge_and_mixing[0] * (1 - np.eye(frame.size))
    kappa = 1 + float(np.abs(mixing).max())
    return float(4 * frame.size * kappa ** (1 + depth) * np.finfo(model.real).eps)


def nested(e: Any) -> int:
    """How deep slow derivatives are nested in an expression."""
    inner = max((nested(argument) for argument in e.args), default=0)
    return inner + (isinstance(e, D) and e.args[1].kind == "slow")
