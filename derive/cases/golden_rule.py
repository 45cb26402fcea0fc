"""Transitions between levels by the golden rule, and the master equation of the populations.  A control: every step is right.

A perturbation V acts for the time t; to second order it takes the level n to m with the probability P_mn(t), whose rate is the
golden rule before its limit: the transform of the correlation of V over times up to t.  A bath weighs what goes to the level m
with b(E_m).  The master equation conserves probability, obeys detailed balance, leaves b alone, and brings populations closer.
"""

from __future__ import annotations

from fractions import Fraction

from derive import Derivation, Step
from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    Bra,
    Coordinate,
    D,
    Equation,
    Function,
    Hamiltonian,
    Heisenberg,
    Index,
    Integral,
    Ket,
    Level,
    LevelSum,
    Node,
    Operator,
    Parameter,
    chain,
)

t, s = Coordinate("t", "time"), Coordinate("s", "time")
tau = Coordinate("tau", "slow")
hbar = Parameter("hbar", ACTION)
H = Hamiltonian("H", tau)
H0, V = Operator("H0", (), ENERGY), Operator("V", (), ENERGY / SLOW)
m, n = Index("m"), Index("n")

dH = D(H, tau)
P = Function("P", 3, SLOW**-2, smooth=False)
W = Function("W", 3, smooth=False)
R = Function("R", 2, smooth=False)
b, x, phi = Function("b", arbitrary=True), Function("x", arbitrary=True), Function("phi", arbitrary=True)

carried = Integral(Heisenberg(dH, s, hbar), s, 0, t)


def rate(final: Index, initial: Index) -> Node:
    """The rate of going from the level `initial` to `final`."""
    return W(Level(final), Level(initial), t)


gain = LevelSum(m, rate(n, m) * b(Level(m)) * x(Level(m)))
loss = LevelSum(m, rate(m, n) * b(Level(n)) * x(Level(n)))

STEPS = (
    Step("1", "postulate", Equation(H, H0 + tau * V), latex=r"\hat H(\tau) = \hat H_0 + \tau\hat V"),
    Step(
        "2",
        "definition",
        Equation(P(Level(m), Level(n), t), hbar**-2 * (Bra(m) * carried * Ket(n)) * (Bra(n) * carried * Ket(m))),
        cites=("1",),
        latex=r"P_{mn}(t) := \frac{1}{\hbar^2}\Big|\int_0^t ds\,\langle m|\hat V(s)|n\rangle\Big|^2",
        note="To second order in the perturbation; V is the slow derivative of H.",
    ),
    Step(
        "3",
        "claim",
        Equation(P(Level(m), Level(n), t), P(Level(n), Level(m), t)),
        cites=("2",),
        latex=r"P_{mn} = P_{nm}",
    ),
    Step(
        "4",
        "claim",
        Equation(
            D(P(Level(m), Level(n), t), t),
            hbar**-2 * Integral(Bra(m) * Heisenberg(dH, s, hbar) * Ket(n), s, -t, t) * (Bra(n) * dH * Ket(m)),
        ),
        cites=("2",),
        latex=r"\dot P_{mn} = \frac{1}{\hbar^2}\int_{-t}^t ds\,\langle m|\hat V(s)|n\rangle\langle n|\hat V|m\rangle",
        note="For large t this is 2 pi/hbar |V_mn|^2 delta(E_m - E_n), the golden rule; here t stays finite.",
    ),
    Step(
        "5",
        "definition",
        Equation(rate(m, n), b(Level(m)) * D(P(Level(m), Level(n), t), t)),
        cites=("2",),
        latex=r"w_{mn} := b(E_m)\,\dot P_{mn}",
    ),
    Step(
        "6",
        "claim",
        Equation(rate(m, n) * b(Level(n)), rate(n, m) * b(Level(m))),
        cites=("3", "5"),
        latex=r"w_{mn} b(E_n) = w_{nm} b(E_m)",
        note="Detailed balance.",
    ),
    Step(
        "7",
        "definition",
        Equation(
            R(Level(n), t),
            gain - loss,
        ),
        cites=("5",),
        latex=r"R_n := \sum_m w_{nm} p_m - \sum_m w_{mn} p_n, \quad p_n = b(E_n)\,x(E_n)",
        note="The right side of the master equation, for populations p_n = b(E_n) x(E_n); x is arbitrary.",
    ),
    Step(
        "8",
        "claim",
        chain(LevelSum(n, R(Level(n), t)), LevelSum(n, gain) - LevelSum(n, loss), 0),
        cites=("7",),
        latex=r"\sum_n R_n = \sum_{nm} w_{nm} b_m x_m - \sum_{nm} w_{mn} b_n x_n = 0",
        note="Probability is conserved.",
    ),
    Step(
        "9",
        "claim",
        Equation(LevelSum(m, rate(n, m) * b(Level(m))), LevelSum(m, rate(m, n) * b(Level(n)))),
        cites=("6",),
        latex=r"\sum_m w_{nm} b_m = \sum_m w_{mn} b_n",
        note="Populations proportional to b stay as they are.",
    ),
    Step(
        "10",
        "claim",
        Equation(
            LevelSum(n, phi(Level(n)) * R(Level(n), t)),
            -Fraction(1, 2)
            * LevelSum(
                n,
                LevelSum(
                    m,
                    rate(n, m) * b(Level(m)) * (x(Level(n)) - x(Level(m))) * (phi(Level(n)) - phi(Level(m))),
                ),
            ),
        ),
        cites=("6", "7"),
        latex=r"\sum_n \phi_n R_n = -\tfrac12\sum_{nm} w_{nm} b_m (x_n - x_m)(\phi_n - \phi_m)",
        note="The H-theorem: for phi = F'(x), F convex, no term of the last sum is negative, so that sum_n b_n F(x_n) never "
        "grows. That a number is not negative the language cannot say; the equality is what is checked.",
    ),
)

derivation = Derivation(
    name="golden_rule",
    title="The golden rule and the master equation: conservation, detailed balance, H-theorem",
    source="Pauli's master equation; van Kampen, Stochastic Processes in Physics and Chemistry, ch. V",
    steps=STEPS,
)
