"""The questions of an audit, and an answer to one of them; standard library only, as a ledger holds these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

QUESTIONS = {
    "norm": "is the norm kept, whatever the solution?",
    "carried": "does the first-order part carry S f(Omega), S the density of states?",
    "stationary": "does everything else leave N = S alone?",
    "diffusion form": "is it drift and diffusion of N, with nothing left over?",
    "positivity": "does N >= 0 stay so?",
    "entropy": "does -int N ln(N/S) dE never fall (H-theorem)?",
    "reality": "is the rate of N real?",
    "Hermiticity": "does a Hermitian operator stay Hermitian?",
    "dimensions": "has every term the same dimension?",
}
VERDICTS = ("yes", "no", "undecided", "not-applicable")


@dataclass(frozen=True)
class Audit:
    """The answer to one question about one evolution equation.

    `density` is what evolves, N, and `time` the coordinate it evolves in.  A yes has a certificate, a no a countermodel; both are
    replayed by `derive.kernel.audits.check_audit`.
    """

    label: str
    question: str
    verdict: str
    reason: str
    density: str = ""
    time: str = ""
    hypotheses: tuple[str, ...] = ()
    certificate: Mapping[str, Any] | None = None
    countermodel: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.question not in QUESTIONS:
            raise ValueError(f"audit: expected one of {', '.join(QUESTIONS)}, came {self.question!r}")
        if self.verdict not in VERDICTS:
            raise ValueError(f"audit: expected one of {', '.join(VERDICTS)}, came {self.verdict!r}")
