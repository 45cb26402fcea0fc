"""Energy diffusion in ergodic adiabatic quantum systems, as published: fifty equations, exactly as printed.

The paper goes from the von Neumann equation with a slowly changing Hamiltonian, by multiple time scales
and coarse-graining, to an equation for the energy distribution (47), a quantum analogue of the Smoluchowski
equation.

Every equation is written once, slips included; beside it stands its LaTeX.  The steps follow the paper:

    _jain_symbols        the letters
    _jain_readings       what the print leaves open
    _jain_setting        (1) to (11)    the Hamiltonian, the probabilities, the energy distribution
    _jain_first_order    (12) to (26)   the expansion and rho_0'
    _jain_second_order   (27) to (34)   rho_1, T1 and T2
    _jain_correlation    (35) to (43)   C, G2, the coarse-graining, and rho_1'
    _jain_result         (44) to (50)   the final equation, and Appendix A
    _jain_prose          W1 to W17      the claims in words

Conventions: sum_n <n| ... |n> is the trace; epsilon t is the slow time tau, independent of t; what a
definition defines stands on its left; an operator at {|N>} is carried there by the frozen flow.
"""

from __future__ import annotations

from derive import Assumption, Derivation
from derive.cases import (
    _jain_correlation,
    _jain_first_order,
    _jain_prose,
    _jain_result,
    _jain_second_order,
    _jain_setting,
)
from derive.cases._jain_readings import READINGS
from derive.cases._jain_symbols import C, C_of, E, H, Sigma, g, oo, rho, rho1p, rhos, s, t, tau
from derive.language import At, D, Equation, Integral, Nonzero, SimpleSpectrum, Trace

ASSUMPTIONS = (
    Assumption(
        "normalised initial state",
        "The density operator has trace one at t = 0.",
        Equation(At(Trace(rho), t, 0), 1),
        steps=("4",),
    ),
    Assumption(
        "simple spectrum",
        "The levels do not cross, and there are no other constants of the motion than H on the fast scale.",
        SimpleSpectrum(H),
        stated=True,
    ),
    Assumption(
        "nonzero density of states",
        "There are levels at the energies considered.",
        Nonzero(Sigma),
    ),
    Assumption(
        "nonempty window",
        "The window between E and E + Delta E holds levels.",
        Nonzero(_jain_setting.DeltaN),
    ),
    Assumption(
        "no secular growth of rho_1",
        "The right side of (17) is zero for every g.",
        Equation(Trace(g(H) * D(rhos[0], tau)), 0),
        stated=True,
        steps=("18",),
        imposed=True,
    ),
    Assumption(
        "homogeneous part",
        "What does not change on the fast scale in rho_1 is a function of H, as in (16); it is rho_1 at t = 0.",
        Equation(At(rhos[1], t, 0), rho1p(H, tau)),
        stated=True,
        steps=("27",),
    ),
    Assumption(
        "no secular growth of rho_2",
        "The right side of (28) is zero for every g.",
        Equation(Trace(g(H) * D(rhos[1], tau)), 0),
        stated=True,
        steps=("43",),
        imposed=True,
    ),
    Assumption(
        "rho_1 keeps its diagonal on the fast scale",
        "With the secular terms of (17) removed, no average of rho_1 with a function of H changes with t at fixed epsilon t.",
        Equation(D(Trace(g(H) * rhos[1]), t), 0),
        stated=True,
        steps=("47",),
    ),
    Assumption(
        "rho_2 keeps its diagonal on the fast scale",
        "With the secular terms of (28) removed, no average of rho_2 with a function of H changes with t at fixed epsilon t.",
        Equation(D(Trace(g(H) * rhos[2]), t), 0),
        stated=True,
        steps=("47",),
    ),
    Assumption(
        "memory has faded",
        "At times of O(1/epsilon) the correlation function has no weight before -t.",
        Equation(Integral(C, s, -oo, -t), 0),
        stated=True,
        steps=("41",),
    ),
    Assumption(
        "past and future alike",
        "The correlation function has the same weight at negative and at positive times.",
        Equation(Integral(C, s, -oo, 0), Integral(C, s, 0, oo)),
        steps=("41",),
    ),
    Assumption(
        "nonzero fluctuations",
        "The correlation function does not vanish at s = 0.",
        Nonzero(C_of(0, E, tau)),
    ),
    Assumption(
        "no flux at the ends",
        "The first two terms of (47), derivatives in E, integrate to nothing over the spectrum.",
        Equation(Integral(_jain_result.drift + _jain_result.diffusion, E), 0),
        steps=("47",),
    ),
    Assumption(
        "classical limit",
        "t is much larger than t_c, and the third term of (47) is zero.",
        Equation(_jain_result.third_term, 0),
        stated=True,
        steps=("47",),
    ),
)

derivation = Derivation(
    name="jain",
    title="Evolution of the energy distribution of ergodic adiabatic quantum systems",
    source="The paper by Jain: fifty numbered equations, with Appendix A, and seventeen claims in words",
    steps=(
        *_jain_setting.STEPS,
        *_jain_first_order.STEPS,
        *_jain_second_order.STEPS,
        *_jain_correlation.STEPS,
        *_jain_result.STEPS,
    ),
    prose=_jain_prose.PROSE,
    readings=READINGS,
    assumptions=ASSUMPTIONS,
)
