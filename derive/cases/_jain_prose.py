"""The claims that the paper makes in words, W1 to W17."""

from __future__ import annotations

from fractions import Fraction

from derive import Prose
from derive.cases._jain_correlation import fourth_term_39, third_term_39, transport
from derive.cases._jain_result import diffusion, diffusion_of, drift, third_term, third_term_of
from derive.cases._jain_symbols import T2, E, H, Sigma, dH, eps, eta, g, hbar, rho, rho0p, rho1p, rhos, t, t_c, tau, u
from derive.language import (
    At,
    Average,
    Chain,
    Commutator,
    D,
    Equation,
    Integral,
    ModuloPower,
    Node,
    SimpleSpectrum,
    Trace,
)

right_side_47 = drift + diffusion + third_term
classical = Equation(D(eta, t), drift + Fraction(1, 2) * diffusion, modulo=ModuloPower(eps, 3))


def second_order(once: Node, with_E: Node, with_E2: Node) -> Node:
    """L[E^2 f] - 2 E L[E f] + E^2 L[f], twice the coefficient of d_E^2 f in an operator L of second order, times f."""
    return with_E2 - 2 * E * with_E + E * E * once


flux_alone = second_order(diffusion_of(eta), diffusion_of(E * eta), diffusion_of(E * E * eta))
with_third = flux_alone + second_order(third_term_of(eta), third_term_of(E * eta), third_term_of(E * E * eta))

g_rho0EE = g(H) * rho0p.partial(2, 0)(H, tau)
rho0_of_H, rho0_of_E = rho0p(H, tau), rho0p(E, tau)
rho1_of_H, rho1_of_E = rho1p(H, tau), rho1p(E, tau)

PROSE = (
    Prose(
        "W1",
        "(24) is a new derivation of the quantum adiabatic theorem.",
        cites=("24",),
        note="Whether a derivation is new, and of what theorem, is no equation.",
    ),
    Prose(
        "W2",
        "As hbar becomes small, t_q = hbar/S (S the mean level spacing) becomes large, which explains how "
        "(47) reduces to the Smoluchowski equation.",
        cites=("47",),
        note="How many levels there are at another hbar, and so how S depends on it, the paper does not say.",
    ),
    Prose(
        "W3",
        "(47) is an equation for a probability density: its solutions keep the norm.",
        printed="implied by (6), (9), (46)",
        cites=("6", "9", "46", "47"),
        claim=Equation(Integral(right_side_47, E), 0),
    ),
    Prose(
        "W4",
        "For a system modelled by large random matrices the correlation function decays very rapidly, so t_c "
        "of (48) can be very small, if the levels are very many and the classical system is chaotic.",
        cites=("35", "48"),
        claim=Equation(hbar * Sigma + t_c, hbar * Sigma),
        note="Small beside the other time of the paper, t_q = hbar/S = hbar Sigma, which grows with the number of levels.",
    ),
    Prose(
        "W5",
        "Very small spacings raise the probability of Landau-Zener transitions, which eventually change the energy distribution.",
        cites=("2", "46"),
        note="No equation of the paper holds a probability of a transition.",
    ),
    Prose(
        "W6",
        "The diffusion coefficient of the quantum system differs from that of the Smoluchowski equation.",
        cites=("12", "46"),
        claim=classical,
        denied=True,
        note="Encoded is what the words deny: that the energy distribution obeys the Smoluchowski equation.",
    ),
    Prose(
        "W7",
        "The derivation assumes nothing special about the initial density operator.",
        cites=("12", "13", "47"),
        claim=Equation(Commutator(At(rho, t, 0), At(H, tau, 0)), 0),
        denied=True,
        note="Encoded is what the words deny: that the density operator begins as a special one, here one that commutes with the "
        "Hamiltonian, as (13) has it.",
    ),
    Prose(
        "W8",
        "The last two terms of (39) are of the same order and of opposite sign, and so compensate each other.",
        cites=("39",),
        claim=Equation(third_term_39 + fourth_term_39, 0),
    ),
    Prose(
        "W9",
        "T2 has the same form as the expression in (18), so that T2 = -int dE g [d_tau(rho_1' Sigma) + d_E(u rho_1' Sigma)].",
        printed="printed in words",
        cites=("18", "21", "24", "29"),
        claim=Equation(T2, -Integral(g(E) * transport, E)),
    ),
    Prose(
        "W10",
        "rho_0 remains valid for times of O(1/epsilon) once the right side of (17) is zero.",
        cites=("12", "16", "17", "27"),
        claim=Equation(Trace(g(H) * rhos[1]), At(Trace(g(H) * rhos[1]), t, 0)),
        note="What does not decay of epsilon rho_1, the first correction, does not grow with t: it is what it was at t = 0.",
    ),
    Prose(
        "W11",
        "(26) and the initial condition (13) completely determine rho_0.",
        cites=("13", "16", "26"),
        claim=Equation(Sigma * D(rho0_of_E, tau), -u * Sigma * D(rho0_of_E, E)),
        note="Encoded is that (26), with (16), says how rho_0'(E, tau) changes with tau where there are levels, to first order "
        "in tau and E: such an equation has one solution from the rho_00(E) at which (13) lets it begin.",
    ),
    Prose(
        "W12",
        "The levels do not cross, though they may come arbitrarily close; in particular in a random matrix hypothesis.",
        cites=("2",),
        statement=SimpleSpectrum(H),
        note="Neighbouring levels are distinct at every tau.",
    ),
    Prose(
        "W13",
        "If t_q << t_c << t all terms of (47) matter; if t_c << t_q << t the evolution is Smoluchowski-like "
        "first and then not; if t_c << t << t_q it is classical.",
        cites=("12", "46", "48"),
        claim=classical,
        note="Encoded is the last clause alone. With very many random levels t_c is much smaller than t_q (W4), so that the "
        "regime of the first clause does not occur.",
    ),
    Prose(
        "W14",
        "In an appropriate limit the results reduce to the classical ones (Jarzynski 1992: diffusion "
        "(epsilon^2/2) d_E [G2 Sigma d_E (eta/Sigma)]).",
        printed="printed; the classical equation is quoted from the literature",
        cites=("47",),
        claim=Equation(right_side_47, classical.rhs, modulo=classical.modulo),
    ),
    Prose(
        "W15",
        "The extra term of (47) makes the diffusion coefficient different.",
        cites=("46",),
        claim=Equation(with_third, flux_alone),
        denied=True,
        note="Encoded is what the words deny: that the coefficient of the second derivative is the same with the third term "
        "and without it.",
    ),
    Prose(
        "W16",
        "In classical ergodic adiabatic systems t is much larger than t_c, thus the third term of (47) is zero.",
        cites=("47", "48"),
        claim=Equation(third_term, 0),
    ),
    Prose(
        "W17",
        "The ad hoc coarse-graining (40) does no harm: it commutes with the derivatives and products used from (39) to (47).",
        printed="printed as a hope",
        cites=("19", "20", "23", "40"),
        claim=Chain(
            Equation(Sigma * Average(g_rho0EE, E), g(E) * D(D(rho0_of_E, E), E) * Sigma),
            Equation(D(Sigma * Average(rho0_of_H, E), E), D(rho0_of_E * Sigma, E)),
            Equation(Sigma * Average(dH * rho1_of_H, E), u * rho1_of_E * Sigma),
            Equation(D(Sigma * Average(rho1_of_H, E), tau), D(rho1_of_E * Sigma, tau)),
        ),
        note="Of functions of H, which is what (40) replaces: the product of (42), and d_E, the product with u and d_tau of (43) "
        "to (45). What is no function of H, such as the part rho_1i of rho_1, is another matter.",
    ),
)
