"""The method of multiple scales: evolution equation, small parameter, scales -> hierarchy and solvability, to any order.

    grading       the powers of the small parameter, collected on the tree of the language
    operators     linear equations of operators: `expand(equation, ansatz)` -> hierarchy, projected, solvability, secular
    oscillator    weakly nonlinear oscillators: `Oscillator(force, omega0).slow_flow(order)`
    flow          what a slow flow says: amplitude, frequency, limit cycles
    boundaries    the boundaries of stability of Mathieu's and Hill's equations
    polynomials   exact arithmetic for the last three

Everything is exact.  What cannot be expanded is a ScalesError that says why.  Nothing here is trusted: that an equation of a
hierarchy follows is for the kernel to say, by a certificate.
"""

from __future__ import annotations

from derive.scales.boundaries import boundary
from derive.scales.errors import ScalesError
from derive.scales.flow import LimitCycle, SlowFlow
from derive.scales.operators import Expansion, expand, put_in
from derive.scales.oscillator import Oscillator

__all__ = ["Expansion", "LimitCycle", "Oscillator", "ScalesError", "SlowFlow", "boundary", "expand", "put_in"]
