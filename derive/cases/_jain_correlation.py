"""(35) to (43): the correlation function, the coarse-graining, and the equation for rho_1'."""

from __future__ import annotations

from fractions import Fraction

from derive import Step
from derive.cases._jain_readings import carried, u_beside
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
    g,
    n,
    rho0p,
    rho1p,
    s,
    t,
    tau,
    u,
)
from derive.language import (
    Average,
    Bra,
    Chain,
    Choice,
    D,
    Equation,
    Integral,
    Ket,
    Level,
    LevelSum,
    Node,
    Trace,
    chain,
)

half = Fraction(1, 2)
rho0, rho1 = rho0p(E, tau), rho1p(E, tau)

two_times = (dH - u) * (carried(dH, s) - u)
int_C = Integral(C, s, -t, 0)


def expectation(operator: Node) -> Node:
    """<n| ... |n> in (39), printed without a sum over n."""
    printed = Bra(n) * operator * Ket(n)
    return Choice("limits and sums", ("as printed", printed), ("restored", LevelSum(n, printed)))


# The last two terms of (39), which W8 speaks of.
third_term_39 = Integral(
    g(E) * D(rho0, E) * expectation(delta * D(dH - u_beside, E) * Integral(carried(dH, s) - u_beside, s, -t, 0)),
    E,
)
fourth_term_39 = -Integral(
    g(E) * D(rho0, E) * u * expectation(delta * D(Integral(carried(dH, s) - u_beside, s, -t, 0), E)),
    E,
)

# The part of (43) that T2 contributes, which W9 speaks of, and the whole of it.
transport = D(rho1 * Sigma, tau) + D(u * rho1 * Sigma, E)
left_side_43 = transport - D(Sigma * G2 * D(rho0, E), E) - half * Sigma * D(rho0, E) * D(G2, E)

STEPS = (
    Step(
        "35",
        "definition",
        chain(
            C,
            ("definition", Average(two_times, E)),
            ("claim", 1 / Sigma * Trace(delta * two_times)),
        ),
        cites=("20", "23", "27"),
        latex=r"C_{\epsilon t}(s,E) = \langle\{\partial_{\epsilon t}\hat H(\{|n\rangle\},\epsilon t)-u\}"
        r"\{\partial_{\epsilon t}\hat H(\{|N\rangle\},\epsilon t)-u\}\rangle_{E,\epsilon t}"
        r" = \frac{1}{\Sigma}\sum_n\langle n|\delta(E-\hat H)"
        r"\{\partial_{\epsilon t}\hat H(\{|n\rangle\},\epsilon t)-u\}"
        r"\{\partial_{\epsilon t}\hat H(\{|N\rangle\},\epsilon t)-u\}|n\rangle",
    ),
    Step(
        "36",
        "claim",
        chain(
            Sigma * D(int_C, E),
            Sigma * D(Integral(1 / Sigma * Trace(delta * two_times), s, -t, 0), E),
            -(1 / Sigma) * D(Sigma, E) * Integral(Trace(delta * two_times), s, -t, 0),
        ),
        cites=("35",),
        latex=r"\Sigma\,\partial_E\int_{-t}^0 ds\,C(s) = \Sigma\,\partial_E\Big[\int_{-t}^0 ds\,"
        r"\frac{1}{\Sigma}\sum_n\langle n|\delta(E-\hat H)"
        r"\{\partial_{\epsilon t}\hat H(\{|n\rangle\},\epsilon t)-u\}"
        r"\{\partial_{\epsilon t}\hat H(\{|N\rangle\},\epsilon t)-u\}|n\rangle\Big]"
        r" = -\frac{1}{\Sigma}\frac{\partial\Sigma}{\partial E}\int_{-t}^0 ds"
        r"\sum_n\langle n|\delta(E-\hat H)\{\partial_{\epsilon t}\hat H(\{|n\rangle\})-u\}"
        r"\{\partial_{\epsilon t}\hat H(\{|N\rangle\})-u\}|n\rangle",
    ),
    Step(
        "37",
        "claim",
        Equation(D(Sigma * int_C, E), 0),
        cites=("35",),
        latex=r"\frac{\partial}{\partial E}\Big(\Sigma\int_{-t}^0 ds\,C(s)\Big) = 0",
        note="Introduced with the one word 'secondly'; no derivation is printed.",
    ),
    Step(
        "38",
        "claim",
        Equation(Sigma * D(D(rho0, E), E) * int_C, D(Sigma * D(rho0, E) * int_C, E)),
        cites=("36", "37"),
        latex=r"\Sigma\,\frac{\partial^2\hat\rho_0^{\prime}}{\partial E^2}\int_{-t}^0 ds\,C(s)"
        r" = \frac{\partial}{\partial E}\Big(\Sigma\,\frac{\partial\hat\rho_0^{\prime}}{\partial E}"
        r"\int_{-t}^0 ds\,C(s)\Big)",
    ),
    Step(
        "39",
        "claim",
        Equation(
            T1,
            -2 * Integral(g(E) * D(D(rho0, E), E) * Sigma * int_C, E)
            - Integral(g(E) * D(rho0, E) * Sigma * D(int_C, E), E)
            + third_term_39
            + fourth_term_39,
        ),
        cites=("34", "35", "36", "37", "40"),
        latex=r"T_1 = -2\int dE\,g(E)\,\partial_E^2\hat\rho^{\prime}_{nn}\Sigma"
        r"\int_{-t}^0 ds\,C_{\epsilon t}(s,E)"
        r" - \int dE\,g(E)\,\partial_E\hat\rho^{\prime}_{nn}\Sigma\,\partial_E"
        r"\int_{-t}^0 ds\,C_{\epsilon t}(s,E)"
        r" + \int dE\,g(E)\,\partial_E\hat\rho^{\prime}_{nn}\langle n|\delta(E-\hat H)\,"
        r"\partial_E(\partial_{\epsilon t}\hat H(\{|n\rangle\})-u)"
        r"\int_{-t}^0 ds\,(\partial_{\epsilon t}\hat H(\{|N\rangle\})-u)|n\rangle"
        r" - \int dE\,g(E)\,\partial_E\hat\rho^{\prime}_{nn}\,u\,\langle n|\delta(E-\hat H)\,"
        r"\partial_E\Big[\int_{-t}^0 ds\,(\partial_{\epsilon t}\hat H(\{|N\rangle\})-u)\Big]|n\rangle",
        note="After 'tedious manipulations'. No sum over n is printed in the last two terms; rho'_nn is not "
        "defined and is read as rho_0'(E, tau), by (40); two unbalanced parentheses are mended.",
    ),
    Step(
        "40",
        "procedure",
        Chain(
            Equation(g(Level(n)), g(E)),
            Equation(Bra(n) * rho0p.partial(2, 0)(H, tau) * Ket(n), D(D(rho0, E), E)),
        ),
        latex=r"g(E_n)\to g(E), \qquad \Big\langle n\Big|\frac{\partial^2\hat\rho_0^{\prime}}"
        r"{\partial E^2}\Big|n\Big\rangle \to \frac{\partial^2\hat\rho_0^{\prime}}{\partial E^2}",
        note="The ad hoc coarse-graining: the left sides are replaced by the right sides.",
    ),
    Step(
        "41",
        "claim",
        Chain(
            Equation(int_C, half * Integral(C, s)),
            Equation(G2, Integral(C, s), "definition"),
            Equation(half * Integral(C, s), half * G2),
        ),
        cites=("35",),
        latex=r"\int_{-t}^0 ds\,C(s) = \frac12\int_{-\infty}^{\infty} ds\,C(s) := \frac12 G_2",
        note="For times of O(1/epsilon). The last equality defines G2; its definition is a link of its own.",
    ),
    Step(
        "42",
        "claim",
        Equation(
            T1,
            -Integral(g(E) * D(Sigma * D(rho0, E) * G2, E), E) - half * Integral(g(E) * Sigma * D(rho0, E) * D(G2, E), E),
        ),
        cites=("38", "39", "41"),
        latex=r"T_1 = -\int dE\,g(E)\,\frac{\partial}{\partial E}\Big[\Sigma"
        r"\frac{\partial\hat\rho_0^{\prime}}{\partial E}G_2\Big]"
        r" - \frac12\int dE\,g(E)\,\Sigma\,\frac{\partial\hat\rho_0^{\prime}}{\partial E}"
        r"\frac{\partial G_2}{\partial E}",
    ),
    Step(
        "43",
        "condition",
        Chain(
            Equation(T1 + T2, -Integral(g(E) * left_side_43, E), "claim"),
            Equation(left_side_43, 0, "condition"),
        ),
        cites=("18", "24", "29", "42"),
        latex=r"\frac{\partial}{\partial(\epsilon t)}(\hat\rho_1^{\prime}\Sigma)"
        r" + \frac{\partial}{\partial E}(u\hat\rho_1^{\prime}\Sigma)"
        r" - \frac{\partial}{\partial E}\Big(\Sigma G_2\frac{\partial\hat\rho_0^{\prime}}{\partial E}\Big)"
        r" - \frac12\Sigma\frac{\partial\hat\rho_0^{\prime}}{\partial E}\frac{\partial G_2}{\partial E} = 0",
        note="T1 + T2 = 0 for arbitrary g, T2 treated as (18) was. Two parts: what T1 + T2 is, with the sign "
        "that W9 gives to T2, and that it vanishes.",
    ),
)
