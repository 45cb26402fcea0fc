"""The trusted part: exact normal forms, certificates and countermodels, on the standard library alone.

Nothing here searches and nothing here sees a label, a LaTeX string or a reading.  `replay` checks a stored certificate or
countermodel from its own bytes.

    terms         what the kernel reads: nested tuples; grammar says what their fields are, shapes which of them are operators
    clocks        equations along which a fast and a slow time run together
    gaussian      exact numbers a + i b
    algebra       sums of (scalars x operator word): product, inverse, trace
    calculus      derivatives, integrals over E, coefficients of a small parameter
    interpret     term -> algebra
    diagrams      algebra -> words, cyclic words and spectral sums up to renaming of summed levels
    split         spectral sums over distinct levels with divided differences and rational coefficients
    normal        the decision: does an expression vanish identically?
    rules         the closed table of inference rules
    certificate   residual(claim) = sum of rules applied to residuals of premises
    model         exact finite matrices: evaluation of any term
"""

from __future__ import annotations

from derive.kernel.errors import KernelError, Refused
from derive.kernel.replay import replay

__all__ = ["KernelError", "Refused", "replay"]
