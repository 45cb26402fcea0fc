"""The truth of a statement that is no equation: whether levels are distinct, along the whole path of H(tau).

For SimpleSpectrum, H(tau) = H0 + tau V of the law is diagonalised at many tau, and the smallest spacing of neighbouring levels,
over the mean spacing in the middle of the spectrum, is followed in size:

    exact   at every tau, in every sample, no two levels are nearer than roundoff allows them to be told apart, and the smallest
            spacing of a sample falls with its size as a power with a finite exponent
    fails   in some ensemble neighbours coincide at every tau, to roundoff

Neighbours on a generic path avoid each other: a crossing asks for two conditions on a real symmetric matrix, three on a Hermitian
and five on a quaternion one, of one parameter (J. von Neumann and E. P. Wigner, Phys. Z. 30, 467 (1929)).  The smallest of N
spacings distributed as s^beta is of the order N^(-1/(beta + 1)); the levels of GSE are doublets (Kramers), which coincide always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from derive.language import SimpleSpectrum
from derive.verdicts import Truth
from numeric.ensembles import ensemble
from numeric.refusals import UnknownNode
from numeric.streams import stream

LAWS: Final = ("GOE", "GUE", "GSE")
SIZES: Final = (16, 32, 64)
PATH: Final = np.linspace(-1.0, 1.0, 41)
SAMPLES: Final = 12
ROUNDOFF: Final = 1e-12  # of the width of the spectrum: eigh is backward stable


def judge(statement: Any, seed: int) -> Truth:
    """The truth of a statement; `undecided`, with the reason, for one that no rule measures."""
    rule = RULES.get(type(statement))
    if rule is None:
        raise UnknownNode(f"no rule for the statement {type(statement).__name__}: add one to numeric/statements.py")
    with threadpool_limits(limits=1):
        return rule(statement, seed)


def simple_spectrum(statement: Any, seed: int) -> Truth:
    rows: list[dict[str, Any]] = []
    met, told = [], []
    for law in LAWS:
        smallest: list[float] = []
        nearest: list[float] = []
        for size in SIZES:
            gaps = [_smallest_gaps(law, size, seed, index) for index in range(SAMPLES)]
            nearest.append(float(np.min(gaps)))
            smallest.append(float(np.median(np.min(gaps, axis=1))))
            rows.append({"ensemble": law, "size": size, "residual": smallest[-1], "nearest": nearest[-1], "samples": SAMPLES})
        if smallest[-1] < ROUNDOFF:
            met.append(law)
        elif min(nearest) > ROUNDOFF:
            told.append((law, -np.polyfit(np.log(SIZES), np.log(smallest), 1)[0]))
    apart = "; ".join(f"on {law} they come as near as N^(-{power:.2g}) mean spacings, and do not meet" for law, power in told)
    if met:
        words = f"neighbouring levels coincide at every tau on {', '.join(met)}, in pairs"
        return Truth("fails", words + (f"; {apart}" if apart else ""), measurements=tuple(rows))
    if len(told) < len(LAWS):
        return Truth("undecided", f"levels come too near to be told apart; {apart}", measurements=tuple(rows))
    return Truth("exact", apart, measurements=tuple(rows))


def _smallest_gaps(law: str, size: int, seed: int, index: int) -> Any:
    """The smallest spacing at every tau, over the mean spacing of the middle half."""
    h0, v = (ensemble(law).sample(stream(seed, "statement", law, size, index, name), size) for name in ("H0", "V"))
    levels = np.linalg.eigvalsh(h0 + PATH[:, None, None] * v)
    middle = levels[:, size // 4 : size - size // 4]
    mean = (middle[:, -1] - middle[:, 0]) / (middle.shape[1] - 1)
    return np.diff(levels, axis=1).min(axis=1) / mean


RULES: Final[Mapping[type, Callable[[Any, int], Truth]]] = {SimpleSpectrum: simple_spectrum}
