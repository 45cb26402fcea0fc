"""The verdicts: frozen values that say what was found of a link, without saying how it is shown.

Inference: valid, conditional, invalid, undecided, not-applicable.  Truth: exact, asymptotic, fails, undecided,
not-applicable.  A step shows the worst of its links; `undecided` is never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

INFERENCE_ORDER = ("not-applicable", "valid", "conditional", "undecided", "invalid")
TRUTH_ORDER = ("not-applicable", "exact", "asymptotic", "undecided", "fails")


@dataclass(frozen=True)
class Inference:
    """Whether one link follows: the verdict with the evidence that can be replayed."""

    verdict: str
    reason: str
    assumptions: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()
    certificate: Mapping[str, Any] | None = None
    countermodel: Mapping[str, Any] | None = None
    remainder: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in INFERENCE_ORDER:
            raise ValueError(f"inference verdict: expected one of {', '.join(INFERENCE_ORDER)}, came {self.verdict!r}")

    def _repr_html_(self) -> str:
        from derive.notebook import verdict

        details = (("given", self.assumptions), ("uses", self.premises), ("left over", (self.remainder,)))
        return verdict("inference", self.verdict, self.reason, details)


@dataclass(frozen=True)
class Truth:
    """Whether one link is true of the model: the verdict with its measurements.

    A measurement is a flat mapping with at least ensemble, size and residual.
    """

    verdict: str
    reason: str
    limit: str = ""
    measurements: tuple[Mapping[str, Any], ...] = field(default=())

    def __post_init__(self) -> None:
        if self.verdict not in TRUTH_ORDER:
            raise ValueError(f"truth verdict: expected one of {', '.join(TRUTH_ORDER)}, came {self.verdict!r}")

    def _repr_html_(self) -> str:
        from derive.notebook import verdict

        count = len(self.measurements)
        measured = f"{count} measurement{'s' if count > 1 else ''}" if count else ""
        return verdict("truth", self.verdict, self.reason, (("limit", (self.limit,)), ("rests on", (measured,))))


def worst(verdicts: Iterable[str], order: tuple[str, ...]) -> str:
    """The worst of some verdicts, `not-applicable` when there is none."""
    return max(verdicts, key=order.index, default="not-applicable")
