"""Energy diffusion in ergodic adiabatic quantum systems, derived anew: the paper's way to T1, and another one from there.

Up to (29) the steps are the paper's, with its numbers, as far as the result rests on them.  From there

    C1 to C3    T1 = -Tr g d_tau rho_1i by (27) and (28), and Tr g rho_1i = 0 at every slow time, so T1 = Tr (d_tau g) rho_1i
    C4, C5, C9  rho_1i joins levels within hbar/t of one another, where divided differences are derivatives
    C6 to C8    the correlation of d_tau H with what it was, over the times from -t to t
    C10         the flux of (42) with half its size and the other sign, and no further term
    C11 to C13  the equation for rho_1' and that for the energy distribution, up to the third order

u is a number beside delta(E - H) and an operator elsewhere; every sum, limit and {|N>} is written.  What holds in a limit is an
assumption, of which the words A1 to A3 ask the truth.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive import Assumption, Derivation, Prose, Step
from derive.cases import jain
from derive.cases._jain_correlation import transport, two_times
from derive.cases._jain_readings import carried
from derive.cases._jain_result import diffusion, drift
from derive.cases._jain_second_order import carried_drho0
from derive.cases._jain_symbols import (
    G2,
    T1,
    T2,
    C,
    E,
    H,
    Sigma,
    delta,
    dH,
    eps,
    eta,
    g,
    oo,
    rho,
    rho0p,
    rho1h,
    rho1i,
    rho1p,
    rhos,
    s,
    t,
    tau,
    tp,
    u,
)
from derive.language import (
    ENERGY,
    SLOW,
    TIME,
    Average,
    Chain,
    D,
    Equation,
    Function,
    Integral,
    ModuloPower,
    Node,
    Trace,
    chain,
)

half = Fraction(1, 2)
slope = rho0p.partial(1, 0)(H, tau)  # d_E rho_0' at H
slope_E = D(rho0p(E, tau), E)
g_slope = g.partial(1)


def remembered(operator: Node) -> Node:
    """int_{-t}^0 ds of an operator that the frozen flow carries."""
    return Integral(carried(operator, s), s, -t, 0)


def traced(operator: Node) -> Node:
    """sum_n <n| g ... |n>."""
    return Trace(g(H) * operator)


G2_t = Function("G2_t", 3, (ENERGY / SLOW) ** 2 * TIME, smooth=False)(E, t, tau)  # over the times from -t to t

both_orders = dH * rho1i + rho1i * dH
memory = dH * remembered(dH) + remembered(dH) * dH
near_memory = dH * remembered(dH * slope) + remembered(slope * dH) * dH
mean = u * Trace(delta * dH)
correlated = Trace(delta * dH * carried(dH, s))

near_g = Equation(Trace(D(g(H), tau) * rho1i), half * Trace(g_slope(H) * both_orders))
near_rho0 = Equation(Trace(delta * both_orders), -(Trace(delta * near_memory) - 2 * t * slope_E * mean))

flux = D(slope_E * Sigma * G2_t, E)

KEPT = ("1", "2", "10", "12", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "50", "49", "24", "25", "28")


def kept(label: str) -> Step:
    """A step of the paper, which cites what is kept of the paper."""
    step = jain.derivation[label]
    return replace(step, cites=tuple(cited for cited in step.cites if cited in KEPT))


STEPS = (
    *(kept(label) for label in KEPT),
    Step(
        "27",
        "claim",
        Chain(
            Equation(rho1i, -Integral(carried_drho0, tp, 0, t), "definition"),
            Equation(rho1h, rho1p(H, tau), "definition"),
            Equation(rhos[1], rho1i + rho1h),
        ),
        cites=("15", "16"),
        latex=r"\hat\rho_1 = \hat\rho_{1i}+\hat\rho_{1h}, \quad \hat\rho_{1i} := -\int_0^t dt^{\prime}\,"
        r"\frac{\partial\hat\rho_0}{\partial(\epsilon t)}(\{|N\rangle\},\epsilon t), \quad"
        r" \hat\rho_{1h} := \hat\rho_1^{\prime}(\hat H(\epsilon t),\epsilon t)",
    ),
    Step(
        "C1",
        "claim",
        Chain(
            Equation(T1, -Trace(g(H) * D(rho1i, tau)), "definition"),
            Equation(T2, -Trace(g(H) * D(rho1p(H, tau), tau)), "definition"),
            Equation(D(Trace(g(H) * rhos[2]), t), T1 + T2),
        ),
        cites=("27", "28"),
        latex=r"\frac{\partial}{\partial t}\sum_n\langle n|g\hat\rho_2|n\rangle = T_1 + T_2, \quad"
        r" T_1 := -\sum_n\langle n|g\,\partial_{\epsilon t}\hat\rho_{1i}|n\rangle, \quad"
        r" T_2 := -\sum_n\langle n|g\,\partial_{\epsilon t}\hat\rho_1^{\prime}|n\rangle",
    ),
    Step(
        "C2",
        "claim",
        chain(traced(rhos[1]), traced(rho1h) - t * traced(D(rhos[0], tau)), traced(rho1h)),
        cites=("18", "27"),
        latex=r"\sum_n\langle n|g\hat\rho_1|n\rangle = \sum_n\langle n|g\hat\rho_{1h}|n\rangle"
        r" - t\sum_n\langle n|g\,\partial_{\epsilon t}\hat\rho_0|n\rangle = \sum_n\langle n|g\hat\rho_{1h}|n\rangle",
        note="The frozen flow changes no trace with a function of H, and rho_0 is solvable: rho_1i has none.",
    ),
    Step(
        "C3",
        "claim",
        Equation(T1, Trace(D(g(H), tau) * rho1i)),
        cites=("C1", "C2", "27"),
        latex=r"T_1 = \sum_n\langle n|\Big(\frac{\partial g}{\partial(\epsilon t)}\Big)\hat\rho_{1i}|n\rangle",
    ),
    Step(
        "C4",
        "claim",
        Equation(T1, half * Trace(g_slope(H) * both_orders)),
        cites=("C3",),
        latex=r"T_1 = \tfrac12\sum_n\langle n|g^{\prime}(\hat H)\,\{\partial_{\epsilon t}\hat H\,\hat\rho_{1i}"
        r" + \hat\rho_{1i}\,\partial_{\epsilon t}\hat H\}|n\rangle",
    ),
    Step(
        "C5",
        "claim",
        Chain(
            Equation(T1, half * Integral(Trace(delta * g_slope(H) * both_orders), E)),
            Equation(Trace(delta * g_slope(H) * both_orders), g_slope(E) * Trace(delta * both_orders)),
        ),
        cites=("C4",),
        latex=r"T_1 = \tfrac12\int dE\sum_n\langle n|\delta(E-\hat H)\,g^{\prime}(\hat H)\,\{\dots\}|n\rangle, \quad"
        r" \sum_n\langle n|\delta(E-\hat H)\,g^{\prime}(\hat H)\,\{\dots\}|n\rangle"
        r" = g^{\prime}(E)\sum_n\langle n|\delta(E-\hat H)\,\{\dots\}|n\rangle",
        note="The dots are those of (C4).",
    ),
    Step(
        "C6",
        "claim",
        Chain(
            Equation(Trace(delta * near_memory), slope_E * Trace(delta * memory)),
            Equation(Trace(delta * memory), Integral(correlated, s, -t, t)),
        ),
        latex=r"\sum_n\langle n|\delta(E-\hat H)\,\Big\{\partial_{\epsilon t}\hat H\int_{-t}^0 ds\,"
        r"(\partial_{\epsilon t}\hat H\,\partial_E\hat\rho_0^{\prime})(\{|N\rangle\}) + \int_{-t}^0 ds\,"
        r"(\partial_E\hat\rho_0^{\prime}\,\partial_{\epsilon t}\hat H)(\{|N\rangle\})\,\partial_{\epsilon t}\hat H\Big\}|n\rangle"
        r" = \frac{\partial\hat\rho_0^{\prime}}{\partial E}\int_{-t}^{t} ds\sum_n\langle n|\delta(E-\hat H)\,"
        r"\partial_{\epsilon t}\hat H\,\partial_{\epsilon t}\hat H(\{|N\rangle\})|n\rangle",
        note="The derivative of rho_0' is carried out of the flow; one order of the factors is the other at the opposite time.",
    ),
    Step(
        "35",
        "definition",
        Equation(C, Average(two_times, E)),
        cites=("20", "23"),
        latex=r"C_{\epsilon t}(s,E) = \langle\{\partial_{\epsilon t}\hat H(\{|n\rangle\},\epsilon t)-u\}"
        r"\{\partial_{\epsilon t}\hat H(\{|N\rangle\},\epsilon t)-u\}\rangle_{E,\epsilon t}",
    ),
    Step(
        "C7",
        "claim",
        Chain(
            Equation(Sigma * C, correlated - mean),
            Equation(G2_t, Integral(C, s, -t, t), "definition"),
            Equation(Sigma * G2_t, Integral(correlated, s, -t, t) - 2 * t * mean),
        ),
        cites=("20", "23", "35"),
        latex=r"\Sigma\,C(s) = \sum_n\langle n|\delta(E-\hat H)\,\partial_{\epsilon t}\hat H\,"
        r"\partial_{\epsilon t}\hat H(\{|N\rangle\})|n\rangle"
        r" - u\sum_n\langle n|\delta(E-\hat H)\,\partial_{\epsilon t}\hat H|n\rangle, \quad"
        r" G_2(t) := \int_{-t}^{t} ds\,C(s), \quad \Sigma\,G_2(t) = \int_{-t}^{t} ds\,\dots",
        note="The dots are the right side of the first equality.",
    ),
    Step(
        "C8",
        "claim",
        Equation(Trace(delta * near_memory) - 2 * t * slope_E * mean, slope_E * Sigma * G2_t),
        cites=("C6", "C7"),
        latex=r"\sum_n\langle n|\delta(E-\hat H)\,\{\dots\}|n\rangle"
        r" - 2 t\,\frac{\partial\hat\rho_0^{\prime}}{\partial E}\,u\sum_n\langle n|\delta(E-\hat H)\,"
        r"\partial_{\epsilon t}\hat H|n\rangle = \frac{\partial\hat\rho_0^{\prime}}{\partial E}\,\Sigma\,G_2(t)",
        note="The dots are those of (C6).",
    ),
    Step(
        "C9",
        "claim",
        Equation(T1, half * Integral(g(E) * flux, E)),
        cites=("C5", "C8"),
        latex=r"T_1 = \tfrac12\int dE\,g(E)\,\frac{\partial}{\partial E}\Big[\frac{\partial\hat\rho_0^{\prime}}{\partial E}"
        r"\,\Sigma\,G_2(t)\Big]",
        note="The divided difference of rho_0' is replaced by its derivative; by parts, g vanishing where there are no levels.",
    ),
    Step(
        "41",
        "claim",
        Chain(
            Equation(G2, Integral(C, s), "definition"),
            Equation(Integral(C, s, -t, t), Integral(C, s)),
        ),
        cites=("35",),
        latex=r"\int_{-t}^{t} ds\,C(s) = \int_{-\infty}^{\infty} ds\,C(s) := G_2",
    ),
    Step(
        "C10",
        "claim",
        Equation(T1, half * Integral(g(E) * D(slope_E * Sigma * G2, E), E)),
        cites=("41", "C7", "C9"),
        latex=r"T_1 = \tfrac12\int dE\,g(E)\,\frac{\partial}{\partial E}\Big[\Sigma\,G_2\,"
        r"\frac{\partial\hat\rho_0^{\prime}}{\partial E}\Big]",
    ),
    Step(
        "C11",
        "claim",
        Equation(T2, -Integral(g(E) * transport, E)),
        cites=("C1", "19", "20", "23", "24"),
        latex=r"T_2 = -\int dE\,g(E)\,\Big[\frac{\partial}{\partial(\epsilon t)}(\hat\rho_1^{\prime}\Sigma)"
        r" + \frac{\partial}{\partial E}(u\hat\rho_1^{\prime}\Sigma)\Big]",
    ),
    Step(
        "C12",
        "condition",
        Chain(
            Equation(T1 + T2, -Integral(g(E) * (transport - half * D(slope_E * Sigma * G2, E)), E), "claim"),
            Equation(transport - half * D(slope_E * Sigma * G2, E), 0, "condition"),
        ),
        cites=("28", "C10", "C11"),
        latex=r"\frac{\partial}{\partial(\epsilon t)}(\hat\rho_1^{\prime}\Sigma)"
        r" + \frac{\partial}{\partial E}(u\hat\rho_1^{\prime}\Sigma)"
        r" - \tfrac12\frac{\partial}{\partial E}\Big(\Sigma G_2\frac{\partial\hat\rho_0^{\prime}}{\partial E}\Big) = 0",
    ),
    Step(
        "46",
        "definition",
        Equation(eta, Sigma * Average(rho, E)),
        cites=("20",),
        latex=r"\eta = \Sigma\langle\hat\rho\rangle_{E,\epsilon t}",
    ),
    Step(
        "C13",
        "claim",
        Equation(D(eta, t), drift + half * diffusion, modulo=ModuloPower(eps, 3)),
        cites=("12", "16", "25", "27", "46", "C12"),
        latex=r"\frac{\partial\eta}{\partial t} = -\epsilon\frac{\partial}{\partial E}(u\eta)"
        r" + \frac{\epsilon^2}{2}\frac{\partial}{\partial E}\Big[G_2\Sigma\frac{\partial}{\partial E}"
        r"\Big(\frac{\eta}{\Sigma}\Big)\Big]",
        note="The Smoluchowski equation.",
    ),
)

ASSUMPTIONS = (
    *(one for one in jain.ASSUMPTIONS if one.name in ("simple spectrum", "nonzero density of states", "homogeneous part")),
    *(one for one in jain.ASSUMPTIONS if one.name == "no secular growth of rho_1"),
    Assumption(
        "no secular growth of rho_2",
        "The right side of (28) is zero for every g.",
        Equation(Trace(g(H) * D(rhos[1], tau)), 0),
        steps=("C12",),
        imposed=True,
    ),
    Assumption(
        "rho_2 keeps its diagonal on the fast scale",
        "With the secular terms of (28) removed, no average of rho_2 with a function of H changes with t at fixed epsilon t.",
        Equation(D(Trace(g(H) * rhos[2]), t), 0),
        steps=("C13",),
    ),
    Assumption(
        "nearby levels, g",
        "rho_1i joins levels so near one another that the divided difference of g is the mean of its derivatives there.",
        near_g,
        steps=("C4",),
    ),
    Assumption(
        "nearby levels, rho_0'",
        "It joins levels so near one another that the divided difference of rho_0' is its derivative at either.",
        near_rho0,
        steps=("C9",),
    ),
    Assumption(
        "memory has faded",
        "The correlation function has no weight before -t.",
        Equation(Integral(C, s, -oo, -t), 0),
        stated=True,
        steps=("41",),
    ),
    Assumption(
        "nor has it later weight",
        "The correlation function has no weight after t.",
        Equation(Integral(C, s, t, oo), 0),
        steps=("41",),
    ),
)

PROSE = (
    Prose(
        "A1",
        "The divided difference of g is the mean of its derivatives at levels that rho_1i joins.",
        cites=("27",),
        claim=near_g,
    ),
    Prose(
        "A2",
        "The divided difference of rho_0' is its derivative at either of the levels that rho_1i joins.",
        cites=("27", "23"),
        claim=near_rho0,
    ),
    Prose(
        "A3",
        "The correlation function has no weight before -t and after t.",
        cites=("35",),
        claim=Equation(Integral(C, s, -t, t), Integral(C, s)),
    ),
)

derivation = Derivation(
    name="jain_corrected",
    title="Evolution of the energy distribution of ergodic adiabatic quantum systems, corrected",
    source="The paper by Jain up to (29), then by divided differences of functions of H",
    steps=STEPS,
    prose=PROSE,
    assumptions=ASSUMPTIONS,
)
