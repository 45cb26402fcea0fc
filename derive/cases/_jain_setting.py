"""(1) to (11): the Hamiltonian, the probabilities, the von Neumann equation, the energy distribution."""

from __future__ import annotations

from derive import Step
from derive.cases._jain_readings import lower_limit
from derive.cases._jain_symbols import (
    H0,
    DeltaE,
    E,
    Ep,
    H,
    I,
    Sigma,
    V,
    eta,
    hbar,
    n,
    oo,
    p_E,
    p_N,
    p_n,
    rho,
    t,
    tau,
)
from derive.language import (
    Bra,
    Chain,
    Choice,
    Commutator,
    D,
    Delta,
    Equation,
    Integral,
    Ket,
    Level,
    LevelSum,
    Placeholder,
    Theta,
    Trace,
)

p_level = p_n(Level(n), t)

in_window = Choice(
    "window",
    ("differential", D(LevelSum(n, Theta(E - Level(n)) * p_level), E) * DeltaE),
    ("counted", LevelSum(n, (Theta(E + DeltaE - Level(n)) - Theta(E - Level(n))) * p_level)),
)
DeltaN = Choice(
    "window",
    ("differential", D(Trace(Theta(E - H)), E) * DeltaE),
    ("counted", Trace(Theta(E + DeltaE - H) - Theta(E - H))),
)
n_of_E = Choice("n(E)", ("density", Sigma), ("undefined", Placeholder("n(E)")))

STEPS = (
    Step(
        "1",
        "postulate",
        Equation(H, H0 + tau * V),
        latex=r"\hat H(t) = \hat H_0 + \epsilon t\,\hat V",
        note="Encoded in the slow time tau, which is epsilon t.",
    ),
    Step(
        "2",
        "definition",
        Equation(H * Ket(n), Level(n) * Ket(n)),
        cites=("1",),
        latex=r"\hat H(\epsilon t)\,|n(\epsilon t)\rangle = E_n(\epsilon t)\,|n(\epsilon t)\rangle",
    ),
    Step(
        "3",
        "definition",
        Equation(p_level, Bra(n) * rho * Ket(n)),
        cites=("2",),
        latex=r"p_n(t) = \langle n(\epsilon t)|\hat\rho|n(\epsilon t)\rangle",
    ),
    Step(
        "4",
        "claim",
        Equation(LevelSum(n, p_level), 1),
        cites=("3", "10"),
        latex=r"\sum_n p_n(t) = 1 \quad \forall t",
    ),
    Step(
        "5",
        "definition",
        Equation(p_E * DeltaE, in_window),
        cites=("3",),
        latex=r"p(E)\,dE = \sum_{E \le E_n \le E+\Delta E} p_n(t)",
        note="dE on the left stands for the Delta E of the sum.",
    ),
    Step(
        "6",
        "claim",
        Equation(Integral(p_E, E), 1),
        cites=("4", "5"),
        latex=r"\int_{-\infty}^{\infty} dE\, p(E) = 1",
    ),
    Step(
        "7",
        "definition",
        Equation(Sigma, DeltaN / DeltaE),
        latex=r"\Sigma(E) = \frac{\Delta N}{\Delta E}",
    ),
    Step(
        "8",
        "claim",
        Chain(
            Equation(p_E * DeltaE, p_E * DeltaN / n_of_E),
            Equation(p_N * DeltaN, p_E * DeltaN / n_of_E, "definition"),
        ),
        cites=("5", "7"),
        latex=r"p(E)\,\Delta E = p(E)\,\frac{\Delta N}{n(E)} = p(N)\,\Delta N",
        note="n(E) is never defined. The last equality introduces p(N), the probability per level; "
        "what is defined stands on the left here.",
    ),
    Step(
        "9",
        "claim",
        Equation(p_E, Sigma * p_N),
        cites=("7", "8"),
        latex=r"p(E) = \Sigma(E)\, p(N)",
    ),
    Step(
        "10",
        "postulate",
        Equation(I * hbar * D(rho, t), Commutator(H, rho)),
        cites=("1",),
        latex=r"i\hbar\,\frac{\partial\hat\rho}{\partial t} = [\hat H, \hat\rho]",
    ),
    Step(
        "11",
        "definition",
        Equation(eta, Integral(Trace(Delta(Ep - H) * rho), Ep, lower_limit(-oo), E)),
        latex=r"\eta(E) = \int^{E} dE^{\prime}\, \mathrm{tr}\{\delta(E^{\prime}-\hat H)\,\hat\rho\}",
        note="Cumulative; the lower limit is not printed.",
    ),
)
