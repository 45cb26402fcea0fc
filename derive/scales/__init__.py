"""The method of multiple scales: evolution equation, small parameter, scales -> hierarchy and solvability, to any order.

    grading       the powers of the small parameter, collected on the tree of the language
    operators     linear equations of operators: `expand(equation, ansatz)` -> hierarchy, projected, solvability, secular
    oscillator    weakly nonlinear oscillators: `Oscillator(force, omega0).slow_flow(order)`
    flow          what a slow flow says: amplitude, frequency, limit cycles
    boundaries    the boundaries of stability of Mathieu's and Hill's equations
    polynomials   exact arithmetic for the last three

Operators.  A density operator in a field that turns slowly, with a weak decay (rho' = [H, rho]/(i hbar) + eps (L rho M - rho)):

>>> from derive.language import *
>>> t, tau = Coordinate("t", "time"), Coordinate("tau", "slow")
>>> i, hbar, eps = Imaginary(), Parameter("hbar", ACTION), Parameter("eps", SLOW / TIME)
>>> H, rho, L, M = Hamiltonian("H", tau), Operator("rho", (t,)), Operator("L"), Operator("M")
>>> rhos = Family("rho_", (t, tau), unit=SLOW / TIME, slow_only=(0,))             # rho_0 does not know t
>>> equation = Equation(D(rho, t), Commutator(H, rho) / (i * hbar) + eps * (L * rho * M - rho))
>>> expansion = expand(equation, Equation(rho, rhos[0] + eps * rhos[1] + Continuation(rhos, eps, 2)))
>>> expansion.solvability(1)                      # the commutator drops under the trace with any g(H), which the kernel shows
d_t(Tr((g(H) * rho_[1]))) = ((-Tr((g(H) * d_tau(rho_[0])))) + Tr((g(H) * L * rho_[0] * M)) + (-Tr((g(H) * rho_[0]))))
>>> expansion.hierarchy(Order("j")).rhs           # j = 1, 2, ...
((-d_tau(rho_[j-1])) + (L * rho_[j-1] * M) + (-rho_[j-1]))
>>> put_in(expansion.secular(1), Equation(rhos[0], Function("f", 2)(H, tau))).lhs
(Tr((g(H) * d_tau(f(H, tau)))) + (-Tr((g(H) * L * f(H, tau) * M))) + Tr((g(H) * f(H, tau))))

Oscillators.  Van der Pol, x'' + x = eps (1 - x^2) x', and what has no expansion:

>>> (cycle,) = Oscillator({(0, 1): 1, (2, 1): -1}).slow_flow(4).limit_cycles()
>>> [str(c) for c in cycle.frequency], str(cycle.amplitude[0]), cycle.attracts
(['1', '0', '-1/16', '0', '17/3072'], '2', True)
>>> Oscillator({(3, 0): -1}).slow_flow(13)
Traceback (most recent call last):
derive.scales.errors.ScalesError: order 13 is too high: expected an integer from 0 to 12; ...

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
