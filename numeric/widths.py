"""The residual of an equation in E against the width of the test function, at one finite size.

What is exact holds beneath every test function K_w(E_0 - E): its residual is roundoff at every width.  What only holds in a
limit, or not at all, has a residual that the width changes or leaves standing.

    ratio(w) = largest |sum of terms|/sum of |terms| over the kernels, centres and parts
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from derive.derivation import Derivation
from derive.language import subexpressions
from numeric.denote import fast_time, interpreter
from numeric.kernels import KERNELS
from numeric.known import known_at
from numeric.measure import CENTRES, Probe, norms
from numeric.model import Model
from numeric.recognise import read
from numeric.refusals import Unsupported
from numeric.sighting import looks_at, nested, roundoff
from numeric.truth import measured

SECONDS: Final = 10.0


@dataclass(frozen=True)
class Curve:
    """The residual at each width, and what roundoff allows."""

    ratios: tuple[float, ...]
    bound: float


def curve(
    derivation: Derivation,
    label: str,
    link: int,
    assignment: Mapping[str, str],
    seed: int,
    law: str,
    size: int,
    widths: Sequence[float],
    dtype: Any = np.complex128,
) -> Curve:
    """One link of a step on one sample; a Refusal where it is no equation in E, or has no meaning at a finite size."""
    reading = read(derivation, assignment)
    equation = reading.claims[label].links[link]
    known = known_at(derivation, reading, label)
    run = interpreter(Model(law, size, seed, reading.roles, dtype), known, fast_time(equation, known), time.monotonic() + SECONDS)
    tests = tuple(Probe(name, width, centre) for width in widths for name in KERNELS for centre in CENTRES)
    used, terms = measured(run, equation, tests)
    if used != tests or not any(getattr(part, "kind", "") == "energy" for part in subexpressions(equation)):
        raise Unsupported("an equation that is not tested against functions of E")
    total = sum(term.astype(np.complex128) for term in terms)
    majorant = np.sum([norms(term) for term in terms], axis=0)
    found = dict.fromkeys(widths, 0.0)
    for look in looks_at(used, total, majorant):
        found[look.test.width] = max(found[look.test.width], look.ratio)
    return Curve(tuple(found.values()), roundoff(run.model, nested(equation)))
