"""The classical diffusion equation of the energy of a slowly driven ergodic system, after Jarzynski: a control for the audits.

It is in divergence form, so it must be found to keep the norm, to leave eta = Sigma alone at the second order, and to let
the entropy grow.  Only what these questions need is here: what Sigma, u, C and G2 are, and the continuity equation of Sigma.
"""

from __future__ import annotations

from fractions import Fraction

from derive import Assumption, Derivation, Step
from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    TIME,
    Average,
    Coordinate,
    D,
    Delta,
    Equation,
    Function,
    Hamiltonian,
    Heisenberg,
    Integral,
    ModuloPower,
    Nonzero,
    Parameter,
    Trace,
)

E, t, s = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("s", "time")
tau = Coordinate("tau", "slow")
hbar, eps = Parameter("hbar", ACTION), Parameter("eps", SLOW / TIME)
H = Hamiltonian("H", tau)

Sigma = Function("Sigma", 2, ENERGY**-1, smooth=False)(E, tau)
u = Function("u", 2, ENERGY / SLOW, smooth=False)(E, tau)
C = Function("C", 3, (ENERGY / SLOW) ** 2, smooth=False)(s, E, tau)
G2 = Function("G2", 2, (ENERGY / SLOW) ** 2 * TIME, smooth=False)(E, tau)
eta = Function("eta", 2, ENERGY**-1, smooth=False)(E, t)

dH = D(H, tau)

drift = -eps * D(u * eta, E)
diffusion = eps**2 * Fraction(1, 2) * D(G2 * Sigma * D(eta / Sigma, E), E)

derivation = Derivation(
    name="smoluchowski",
    title="The classical equation for the energy distribution of a slowly driven ergodic system",
    source="Jarzynski, Phys. Rev. A 46, 7498 (1992), in the letters of the paper by Jain",
    steps=(
        Step(
            "1", "definition", Equation(Sigma, Trace(Delta(E - H))), latex=r"\Sigma := \sum_n\langle n|\delta(E-\hat H)|n\rangle"
        ),
        Step(
            "2",
            "definition",
            Equation(u, Average(dH, E)),
            latex=r"u := \Big\langle\frac{\partial\hat H}{\partial(\epsilon t)}\Big\rangle_{E,\epsilon t}",
        ),
        Step(
            "3",
            "postulate",
            Equation(D(Sigma, tau) + D(Sigma * u, E), 0),
            cites=("1", "2"),
            latex=r"\frac{\partial\Sigma}{\partial(\epsilon t)} + \frac{\partial}{\partial E}(\Sigma u) = 0",
        ),
        Step(
            "4",
            "definition",
            Equation(C, Average((dH - u) * (Heisenberg(dH, s, hbar) - u), E)),
            cites=("2",),
            latex=r"C(s) := \langle(\partial_{\epsilon t}\hat H - u)(\partial_{\epsilon t}\hat H(s) - u)\rangle_{E,\epsilon t}",
        ),
        Step("5", "definition", Equation(G2, Integral(C, s)), cites=("4",), latex=r"G_2 := \int_{-\infty}^{\infty} ds\,C(s)"),
        Step(
            "6",
            "postulate",
            Equation(D(eta, t), drift + diffusion, modulo=ModuloPower(eps, 3)),
            cites=("3", "5"),
            latex=r"\frac{\partial\eta}{\partial t} = -\epsilon\frac{\partial}{\partial E}(u\eta)"
            r" + \frac{\epsilon^2}{2}\frac{\partial}{\partial E}\Big[G_2\Sigma\frac{\partial}{\partial E}"
            r"\Big(\frac{\eta}{\Sigma}\Big)\Big]",
            note="The classical equation; it is taken as given here.",
        ),
    ),
    assumptions=(Assumption("nonzero density of states", "There are states at the energies considered.", Nonzero(Sigma)),),
)
