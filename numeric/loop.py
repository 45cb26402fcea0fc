"""Equality up to a total slow derivative: the residual integrates to zero round a closed loop.

    H(tau) = H0 + r cos(tau) A + r sin(tau) B,    int_0^{2 pi} d_tau X dtau = 0 for every X that closes

All that is generic (functions, operators) is periodic in tau.  The trapezoidal rule converges faster than
any power of the number of nodes for what is analytic on the loop; its error is seen by leaving out every
second node.  Probe functions with poles or edges near the real axis would spoil that, so wide ones are taken.

Source: L. N. Trefethen and J. A. C. Weideman, SIAM Review 56, 385 (2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import pi
from typing import Any, Final

import numpy as np

from numeric.interpreter import Interpreter
from numeric.measure import Probe, as_lab, norms

NODES: Final = 32
TESTS: Final = tuple(Probe(name, 1.0, centre) for name in ("gaussian", "logistic") for centre in (-0.45, 0.6))


def round_loop(
    run: Interpreter, measured: Callable[[Interpreter, Sequence[Probe]], tuple[tuple[Probe, ...], list[Any]]]
) -> tuple[tuple[Probe, ...], Any, Any, float]:
    """The tests, the mean residual and majorant round the loop, and the quadrature's error over the majorant.

    `measured` gives the tests and the terms at one slow time.
    """
    total: Any = 0.0
    half: Any = 0.0
    majorant: Any = 0.0
    tests: tuple[Probe, ...] = ()
    for node in range(NODES):
        there = run.at(2 * pi * node / NODES)
        tests, terms = measured(there, TESTS)
        lab = [as_lab(term.astype(np.complex128), there.model.frame().basis) for term in terms]
        here = sum(lab) / NODES
        total = total + here
        half = half + (2 * here if node % 2 == 0 else 0)
        majorant = majorant + sum(norms(term) for term in lab) / NODES
    error = norms(total - half) / np.where(majorant > 0, majorant, 1)
    return tests, total, majorant, float(error.max())
