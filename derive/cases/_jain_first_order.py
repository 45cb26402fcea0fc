"""(12) to (26): the expansion in epsilon and the equation for its leading term."""

from __future__ import annotations

from derive import Step
from derive.cases._jain_readings import u_beside
from derive.cases._jain_symbols import (
    E,
    H,
    I,
    Omega,
    Sigma,
    X,
    delta,
    dH,
    eps,
    g,
    hbar,
    j,
    rho,
    rho0p,
    rho00,
    rhos,
    t,
    tau,
    u,
)
from derive.language import (
    At,
    Average,
    Chain,
    Choice,
    Commutator,
    Continuation,
    D,
    Equation,
    Integral,
    Node,
    Theta,
    Trace,
)

rho0 = rho0p(E, tau)


def initially(operator: Node) -> Node:
    """The operator at the times at which the initial conditions hold."""
    return Choice(
        "when (13) holds",
        ("start", At(At(operator, t, 0), tau, 0)),
        ("fast start", At(operator, t, 0)),
        ("always", operator),
    )


def in_26(operator: Node) -> Node:
    """One side of (26), in the sense in which (26) is read."""
    return Choice("equation (26)", ("operator", operator), ("trace", Trace(g(H) * operator)))


secular_trace = Trace(g(H) * (rho0p.partial(1, 0)(H, tau) * dH + rho0p.partial(0, 1)(H, tau)))

STEPS = (
    Step(
        "12",
        "ansatz",
        Equation(rho, rhos[0] + eps * rhos[1] + Continuation(rhos, eps, 2)),
        latex=r"\hat\rho(\{|n(\epsilon t)\rangle\},t) = \hat\rho_0(\{|n(\epsilon t)\rangle\},\epsilon t)"
        r" + \epsilon\,\hat\rho_1(\{|n(\epsilon t)\rangle\},t,\epsilon t) + \dots",
    ),
    Step(
        "13",
        "condition",
        Chain(
            Equation(initially(rhos[0]), initially(rho00(H))),
            Equation(initially(rhos[j]), 0),
        ),
        latex=r"\hat\rho_0 = \hat\rho_{00}(\hat H(\epsilon t)), \qquad "
        r"\hat\rho_1=\hat\rho_2=\hat\rho_3=\dots=0",
        note="Called the initial conditions; the print does not say t = 0 and writes H(epsilon t), not H(0).",
    ),
    Step(
        "14",
        "claim",
        Equation(Commutator(rhos[0], H), 0),
        cites=("10", "12"),
        latex=r"[\hat\rho_0, \hat H(\epsilon t)] = 0",
    ),
    Step(
        "15",
        "claim",
        Equation(I * hbar * D(rhos[j], t) + Commutator(rhos[j], H), -I * hbar * D(rhos[j - 1], tau)),
        cites=("10", "12"),
        latex=r"i\hbar\,\frac{\partial\hat\rho_j}{\partial t} + [\hat\rho_j, \hat H(\epsilon t)]"
        r" = -i\hbar\,\frac{\partial\hat\rho_{j-1}}{\partial(\epsilon t)}, \quad j=1,2,\dots",
    ),
    Step(
        "16",
        "claim",
        Equation(rhos[0], rho0p(H, tau)),
        cites=("14",),
        latex=r"\hat\rho_0(\{|n(\epsilon t)\rangle\},\epsilon t)"
        r" = \hat\rho_0^{\prime}(\hat H(\epsilon t),\epsilon t)",
        note="Stated condition: there are no other constants of the motion than H on the fast scale, or the "
        "Thomas-Fermi approximation. The prime on rho_0' and rho_1' is a name, not a derivative: "
        "rho_0'(E, tau) is a function of energy and slow time.",
    ),
    Step(
        "17",
        "claim",
        Equation(
            Trace(g(H) * D(rhos[1], t)) + 1 / (I * hbar) * Trace(g(H) * Commutator(rhos[1], H)),
            -Trace(g(H) * D(rhos[0], tau)),
        ),
        cites=("15",),
        latex=r"\sum_n \langle n|g\,\tfrac{\partial\hat\rho_1}{\partial t}|n\rangle"
        r" + \frac{1}{i\hbar}\sum_n\langle n|g[\hat\rho_1,\hat H]|n\rangle"
        r" = -\sum_n\langle n|g\,\tfrac{\partial\hat\rho_0}{\partial(\epsilon t)}|n\rangle",
        note="g = g(H) is an arbitrary operator-valued function of the frozen Hamiltonian.",
    ),
    Step(
        "18",
        "condition",
        Chain(
            Equation(Trace(g(H) * D(rhos[0], tau)), secular_trace, "claim"),
            Equation(secular_trace, 0, "condition"),
        ),
        cites=("16", "17"),
        latex=r"\sum_n\Big\langle n\Big|g\Big[\frac{\partial\rho_0^{\prime}(\hat H)}{\partial E}\,"
        r"\frac{\partial\hat H}{\partial(\epsilon t)}"
        r" + \frac{\partial\rho_0^{\prime}(\hat H)}{\partial(\epsilon t)}\Big]\Big|n\Big\rangle = 0",
        note="Two parts: the right side of (17) equals minus this trace, and it is then set to zero. Here "
        "d/d(epsilon t) of rho_0' acts at fixed E; in (17) it is the total slow derivative of the operator.",
    ),
    Step(
        "19",
        "definition",
        Chain(
            Equation(Sigma, Trace(delta), "definition"),
            Equation(Trace(delta), D(Trace(Theta(E - H)), E), "claim"),
            Equation(Omega, Trace(Theta(E - H)), "definition"),
            Equation(D(Trace(Theta(E - H)), E), D(Omega, E), "claim"),
        ),
        latex=r"\Sigma(E,\epsilon t) := \sum_n\langle n|\delta(E-\hat H)|n\rangle"
        r" = \frac{\partial}{\partial E}\sum_n\langle n|\Theta(E-\hat H)|n\rangle"
        r" := \frac{\partial\Omega(E,\epsilon t)}{\partial E}",
        note="The last equality defines Omega; its definition is a link of its own.",
    ),
    Step(
        "20",
        "definition",
        Equation(Average(X, E), 1 / Sigma * Trace(delta * X)),
        cites=("19",),
        latex=r"\frac{1}{\Sigma}\sum_n\langle n|\delta(E-\hat H)\dots|n\rangle"
        r" := \langle\dots\rangle_{E,\epsilon t}",
        note="What is defined stands on the right in print.",
    ),
    Step(
        "21",
        "claim",
        Equation(Trace(X), Integral(Sigma * Average(X, E), E)),
        cites=("19", "20"),
        latex=r"\sum_n\langle n|\dots|n\rangle = \int dE\,\Sigma\,\langle\dots\rangle_{E,\epsilon t}",
    ),
    Step(
        "22",
        "claim",
        Equation(Sigma * (D(rho0, E) * Average(dH, E) + D(rho0, tau)), 0),
        cites=("18", "20", "21"),
        latex=r"\Sigma\Big[\frac{\partial\hat\rho_0^{\prime}}{\partial E}"
        r"\Big\langle\frac{\partial\hat H}{\partial(\epsilon t)}\Big\rangle_{E,\epsilon t}"
        r" + \frac{\partial\hat\rho_0^{\prime}}{\partial(\epsilon t)}\Big] = 0",
    ),
    Step(
        "23",
        "definition",
        Equation(u, Average(dH, E)),
        cites=("20",),
        latex=r"u(E,\epsilon t) := \Big\langle\frac{\partial\hat H}{\partial(\epsilon t)}"
        r"\Big\rangle_{E,\epsilon t}",
    ),
    Step(
        "24",
        "claim",
        Equation(D(Sigma, tau) + D(Sigma * u, E), 0),
        cites=("19", "23", "49"),
        latex=r"\frac{\partial\Sigma}{\partial(\epsilon t)} + \frac{\partial}{\partial E}(\Sigma u) = 0",
    ),
    Step(
        "25",
        "claim",
        Equation(D(rho0 * Sigma, tau) + D(u * Sigma * rho0, E), 0),
        cites=("22", "23", "24"),
        latex=r"\frac{\partial}{\partial(\epsilon t)}(\hat\rho_0^{\prime}\Sigma)"
        r" + \frac{\partial}{\partial E}(u\Sigma\hat\rho_0^{\prime}) = 0",
    ),
    Step(
        "26",
        "claim",
        Equation(in_26(D(rhos[0], tau)), in_26(rho0p.partial(1, 0)(H, tau) * (dH - u_beside))),
        cites=("16", "22", "23"),
        latex=r"\frac{\partial\hat\rho_0}{\partial(\epsilon t)}(\{|n\rangle\},\epsilon t)"
        r" = \frac{\partial\hat\rho_0^{\prime}}{\partial E}(\hat H,\epsilon t)"
        r"\Big(\frac{\partial\hat H}{\partial(\epsilon t)} - u\Big)",
        note="Printed as an operator equation, without the argument of u; the order of the factors is the printed one.",
    ),
)
