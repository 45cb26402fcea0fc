"""(44) to (50): the equations for the probabilities and the energy distribution, and Appendix A."""

from __future__ import annotations

from fractions import Fraction

from derive import Step
from derive.cases._jain_symbols import (
    G2,
    C,
    C_of,
    E,
    H,
    Sigma,
    delta,
    dH,
    eps,
    eta,
    n,
    p0,
    p1,
    rho,
    rho1h,
    rho_bar,
    rhos,
    s,
    t,
    t_c,
    tau,
    u,
)
from derive.language import (
    Average,
    Bra,
    Chain,
    Choice,
    D,
    Delta,
    Equation,
    Integral,
    Ket,
    Level,
    ModuloPower,
    Node,
    Trace,
    chain,
)

half = Fraction(1, 2)

P0, P1 = p0(E, tau), p1(E, t, tau)
rho1_of_p1 = Choice("p1", ("whole", rhos[1]), ("homogeneous", rho1h))


def diffusion_of(density: Node) -> Node:
    """The second term of (47), of another density than eta."""
    return eps**2 * D(G2 * Sigma * D(density / Sigma, E), E)


def third_term_of(density: Node) -> Node:
    """The third term of (47), of another density than eta."""
    return eps**2 / 2 * Sigma * D(G2, E) * D(density / Sigma, E)


# The three terms of (47), which some of the claims in words speak of.
drift = -eps * D(u * eta, E)
diffusion, third_term = diffusion_of(eta), third_term_of(eta)

# Both sides of the first equality of (50).
n_dot_delta_n = D(Bra(n), tau) * delta * Ket(n) + Bra(n) * delta * D(Ket(n), tau)

STEPS = (
    Step(
        "44",
        "claim",
        Chain(
            Equation(p0(Level(n), tau), Bra(n) * rhos[0] * Ket(n), "definition"),
            Equation(D(P0 * Sigma, tau) + D(u * P0 * Sigma, E), 0),
        ),
        cites=("3", "25", "40"),
        latex=r"\frac{\partial}{\partial(\epsilon t)}(p_0\Sigma)"
        r" + \frac{\partial}{\partial E}(u p_0\Sigma) = 0",
        note="p_0 is introduced with 'Cf. Eq. (3)'; its definition is a link of its own.",
    ),
    Step(
        "45",
        "claim",
        Chain(
            Equation(p1(Level(n), t, tau), Bra(n) * rho1_of_p1 * Ket(n), "definition"),
            Equation(
                D(P1 * Sigma, tau) + D(u * P1 * Sigma, E) - D(Sigma * G2 * D(P0, E), E) - half * Sigma * D(P0, E) * D(G2, E),
                0,
            ),
        ),
        cites=("3", "40", "43"),
        latex=r"\frac{\partial}{\partial(\epsilon t)}(p_1\Sigma)"
        r" + \frac{\partial}{\partial E}(u p_1\Sigma)"
        r" - \frac{\partial}{\partial E}\Big(\Sigma G_2\frac{\partial p_0}{\partial E}\Big)"
        r" - \frac12\Sigma\frac{\partial p_0}{\partial E}\frac{\partial G_2}{\partial E} = 0",
        note="p_1 is introduced with 'Cf. Eq. (3)'; its definition is a link of its own.",
    ),
    Step(
        "46",
        "definition",
        Chain(
            Equation(eta, Sigma * Average(rho, E), "definition"),
            Equation(Sigma * Average(rho, E), Sigma * rho_bar, "procedure"),
        ),
        cites=("20",),
        latex=r"\eta = \Sigma\langle\hat\rho\rangle_{E,\epsilon t}"
        r" \to \Sigma\,\overline{\langle\hat\rho\rangle}_{E,\epsilon t}",
        note="'The energy distribution, defined as'. The arrow is the coarse-graining of (40); the overbar is inferred.",
    ),
    Step(
        "47",
        "claim",
        Equation(D(eta, t), drift + diffusion + third_term, modulo=ModuloPower(eps, 3)),
        cites=("12", "44", "45", "46"),
        latex=r"\frac{\partial\eta}{\partial t} = -\epsilon\frac{\partial}{\partial E}(u\eta)"
        r" + \epsilon^2\frac{\partial}{\partial E}\Big[G_2\Sigma\frac{\partial}{\partial E}"
        r"\Big(\frac{\eta}{\Sigma}\Big)\Big]"
        r" + \frac{\epsilon^2}{2}\Sigma\frac{\partial G_2}{\partial E}\frac{\partial}{\partial E}"
        r"\Big(\frac{\eta}{\Sigma}\Big)",
        note="The paper's final result; meant up to terms of order epsilon^3.",
    ),
    Step(
        "48",
        "definition",
        Equation(t_c, 1 / C_of(0, E, tau) * Integral(C, s)),
        cites=("35",),
        latex=r"t_c := [C(0)]^{-1}\int_{-\infty}^{+\infty} C(s)\,ds",
    ),
    Step(
        "49",
        "claim",
        chain(
            D(Sigma * u, E),
            D(Trace(delta) * (1 / Sigma) * Trace(dH * delta), E),
            D(Trace(dH * delta), E),
            Trace(dH * Delta(E - H, 1)),
            -D(Trace(delta), tau),
            -D(Sigma, tau),
        ),
        cites=("19", "23", "50"),
        latex=r"\frac{\partial}{\partial E}(\Sigma u) = \frac{\partial}{\partial E}\Big["
        r"\sum_m\langle m|\delta(E-\hat H)|m\rangle\frac1\Sigma"
        r"\sum_n\langle n|\partial_{\epsilon t}\hat H\,\delta(E-\hat H)|n\rangle\Big]"
        r" = \frac{\partial}{\partial E}\sum_n\langle n|\partial_{\epsilon t}\hat H\,"
        r"\delta(E-\hat H)|n\rangle"
        r" = \sum_n\langle n|\partial_{\epsilon t}\hat H\,\delta^{\prime}(E-\hat H)|n\rangle"
        r" = -\frac{\partial}{\partial(\epsilon t)}\sum_n\langle n|\delta(E-\hat H)|n\rangle"
        r" = -\frac{\partial\Sigma}{\partial(\epsilon t)}",
        note="The paper applies (50) to 'the last equality'.",
    ),
    Step(
        "50",
        "claim",
        chain(
            n_dot_delta_n,
            n_dot_delta_n,
            (D(Bra(n), tau) * Ket(n) + Bra(n) * D(Ket(n), tau)) * Delta(E - Level(n)),
            0,
        ),
        cites=("2",),
        latex=r"\Big(\frac{\partial}{\partial(\epsilon t)}\langle n|\Big)\delta(E-\hat H)|n\rangle"
        r" + \langle n|\delta(E-\hat H)\Big(\frac{\partial}{\partial(\epsilon t)}|n\rangle\Big)"
        r" = \langle\dot n|\delta(E-\hat H)|n\rangle + \langle n|\delta(E-\hat H)|\dot n\rangle"
        r" = [\langle\dot n|n\rangle + \langle n|\dot n\rangle]\,\delta(E-E_n) = 0",
        note="The first equality introduces |n-dot> for the slow derivative of |n>.",
    ),
)
