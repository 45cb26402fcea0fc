"""(27) to (34): the next term of the expansion, its secular growth, and the first forms of T1."""

from __future__ import annotations

from derive import Step
from derive.cases._jain_readings import carried, g_beside, lower_limit, rho0E, rho0EE, u_beside, unlabelled
from derive.cases._jain_symbols import (
    T1,
    T2,
    E,
    H,
    delta,
    dH,
    g,
    rho1h,
    rho1i,
    rho1p,
    rhos,
    s,
    t,
    tau,
    tp,
)
from derive.language import (
    Chain,
    Choice,
    D,
    Delta,
    Equation,
    Exactly,
    Function,
    Integral,
    ModuloDerivative,
    Node,
    Operator,
    Trace,
)

# In (27) to (32) the state |N> is carried from t back to t', in (34) by s = t' - t.
carried_drho0 = carried(D(rhos[0], tau), tp - t)
carried_dH = unlabelled(dH, tp - t)


def averaged(operator: Node) -> Node:
    """int dE sum_n <n| g delta(E - H) ... |n>."""
    return Integral(Trace(g_beside * delta * operator), E)


T1_printed = Integral(
    Trace(delta * g_beside * D(Integral(carried_drho0, tp, lower_limit(0), t), tau)),
    E,
)
T2_printed = -Integral(Trace(delta * g_beside * D(rho1p(H, tau), tau)), E)
growth = -Integral(Trace(delta * g_beside * D(rhos[1], tau)), E)

Phi = Choice(
    "Phi",
    ("operator", Operator("Phi", (t, tau), arbitrary=True)),
    ("function", Function("Phi", 2, arbitrary=True)(H, tau)),
)


def in_31(operator: Node) -> Node:
    """One side of (31), in the sense in which (31) is read."""
    return Choice(
        "equation (31)",
        ("operator", operator),
        ("trace", Trace(operator)),
        ("trace modulo", Trace(operator)),
    )


modulo_31 = Choice(
    "equation (31)",
    ("operator", Exactly()),
    ("trace", Exactly()),
    ("trace modulo", ModuloDerivative(tau)),
)


def in_33(operator: Node) -> Node:
    """One side of (33), in the sense in which (33) is read."""
    return Choice(
        "equation (33)",
        ("every test function", operator),
        ("under the integral", Integral(operator, E)),
    )


T1_weak = Integral(
    Trace(g_beside * Delta(E - H, 1) * dH * Integral(rho0E * (carried_dH - u_beside), tp, 0, t)),
    E,
)

STEPS = (
    Step(
        "27",
        "claim",
        Chain(
            Equation(rho1i, -Integral(carried_drho0, tp, 0, t), "definition"),
            Equation(rho1h, rho1p(H, tau), "definition"),
            Equation(rhos[1], rho1i + rho1h),
            Equation(rho1i + rho1h, -Integral(carried_drho0, tp, 0, t) + rho1p(H, tau)),
        ),
        cites=("13", "15", "16"),
        latex=r"\hat\rho_1(\{|n\rangle\},t,\epsilon t) = \hat\rho_{1i}+\hat\rho_{1h}"
        r" = -\int_0^t dt^{\prime}\,\frac{\partial\hat\rho_0}{\partial(\epsilon t)}"
        r"(\{|N\rangle\},\epsilon t) + \hat\rho_1^{\prime}(\hat H(\epsilon t),\epsilon t)",
        note="The two parts are defined by the last equality, term by term. That the homogeneous part is a "
        "function of H is assumed as in (16).",
    ),
    Step(
        "28",
        "claim",
        Equation(D(Trace(g(H) * rhos[2]), t), -Trace(g(H) * D(rhos[1], tau))),
        cites=("15",),
        latex=r"\frac{\partial}{\partial t}\sum_n\langle n|g\hat\rho_2|n\rangle"
        r" = -\sum_n\langle n|g\,\tfrac{\partial\hat\rho_1}{\partial(\epsilon t)}|n\rangle",
        note="The commutator term of (15) is not printed.",
    ),
    Step(
        "29",
        "claim",
        Chain(
            Equation(T1, T1_printed, "definition"),
            Equation(T2, T2_printed, "definition"),
            Equation(Integral(D(Trace(delta * g_beside * rhos[2]), t), E), growth),
            Equation(growth, T1_printed + T2_printed),
            Equation(T1_printed + T2_printed, T1 + T2),
        ),
        cites=("27", "28"),
        latex=r"\int dE\,\tfrac{\partial}{\partial t}\sum_n\langle n|\delta(E-\hat H)g\hat\rho_2|n\rangle"
        r" = -\int dE\sum_n\langle n|\delta(E-\hat H)g"
        r"\tfrac{\partial\hat\rho_1}{\partial(\epsilon t)}|n\rangle"
        r" = \int dE\sum_n\langle n|\delta(E-\hat H)g\,\partial_{\epsilon t}\!\int^t\!dt^{\prime}\,"
        r"\partial_{\epsilon t}\hat\rho_0(\{|N\rangle\},\epsilon t)|n\rangle"
        r" - \int dE\sum_n\langle n|\delta(E-\hat H)g\,\partial_{\epsilon t}\hat\rho_1^{\prime}|n\rangle"
        r" := T_1+T_2",
        note="The lower limit of the integral is not printed here (0 in (27) and (30)). T1 and T2 are the "
        "two terms, in this order; their definitions are links of their own.",
    ),
    Step(
        "30",
        "claim",
        Equation(T1, averaged(D(Integral(rho0E * (carried_dH - u_beside), tp, 0, t), tau))),
        cites=("26", "29"),
        latex=r"T_1 = \int dE\sum_n\langle n|g\,\delta(E-\hat H)\,\partial_{\epsilon t}\int_0^t dt^{\prime}\,"
        r"\partial_E\hat\rho_0^{\prime}\,(\partial_{\epsilon t}\hat H - u)|n\rangle",
        note="{|N>} of (29) is not printed. u(H) or u(E); g(H) or g(E); ordering as in (26).",
    ),
    Step(
        "31",
        "claim",
        Equation(in_31(delta * D(Phi, tau)), in_31(Delta(E - H, 1) * dH * Phi), modulo=modulo_31),
        latex=r"\delta(E-\hat H)\,\partial_{\epsilon t}\Phi"
        r" = \delta^{\prime}(E-\hat H)\,\partial_{\epsilon t}\hat H\,\Phi",
        note="Called a property of the delta distribution (weak derivative). What Phi may be is not said.",
    ),
    Step(
        "32",
        "claim",
        Chain(
            Equation(T1, T1_weak),
            Equation(
                T1_weak,
                -averaged(rho0EE * dH * Integral(carried_dH - u_beside, tp, 0, t))
                - averaged(rho0E * dH * Integral(D(carried_dH - u_beside, E), tp, 0, t)),
            ),
        ),
        cites=("30", "31", "33"),
        latex=r"T_1 = \int dE\sum_n\langle n|g\,\delta^{\prime}(E-\hat H)\,\partial_{\epsilon t}\hat H"
        r"\int_0^t dt^{\prime}\,\partial_E\hat\rho_0^{\prime}(\partial_{\epsilon t}\hat H-u)|n\rangle"
        r" = -\int dE\sum_n\langle n|g\,\delta(E-\hat H)\,\partial_E^2\hat\rho_0^{\prime}\,"
        r"\partial_{\epsilon t}\hat H\int_0^t dt^{\prime}(\partial_{\epsilon t}\hat H-u)|n\rangle"
        r" - \int dE\sum_n\langle n|g\,\delta(E-\hat H)\,\partial_E\hat\rho_0^{\prime}\,"
        r"\partial_{\epsilon t}\hat H\int_0^t dt^{\prime}\,"
        r"\partial_E(\partial_{\epsilon t}\hat H-u)|n\rangle",
        note="Which factors depend on E and which on H is not said: g, rho_0', u. d_E acts on explicit E "
        "only. {|N>} is not printed.",
    ),
    Step(
        "33",
        "claim",
        Equation(in_33(Delta(E - H, 1) * rho0E), in_33(-delta * rho0EE)),
        latex=r"\delta^{\prime}(E-\hat H)\,\partial_E\hat\rho_0^{\prime}"
        r" = -\delta(E-\hat H)\,\partial_E^2\hat\rho_0^{\prime}",
    ),
    Step(
        "34",
        "claim",
        Equation(
            T1,
            -averaged(rho0EE * Integral((dH - u_beside) * (unlabelled(dH, s) - u_beside), s, -t, 0))
            - averaged(rho0E * Integral((dH - u_beside) * D(carried(dH, s) - u_beside, E), s, -t, 0))
            - averaged(rho0E * Integral(u_beside * D(unlabelled(dH, s) - u_beside, E), s, -t, 0)),
        ),
        cites=("23", "32"),
        latex=r"T_1 = -\int dE\sum_n\langle n|g\delta(E-\hat H)\partial_E^2\hat\rho_0^{\prime}"
        r"\int_{-t}^0 ds\,(\partial_{\epsilon t}\hat H(\{|n\rangle\})-u)"
        r"(\partial_{\epsilon t}\hat H(\{|n\rangle\})-u)|n\rangle"
        r" - \int dE\sum_n\langle n|g\delta(E-\hat H)\partial_E\hat\rho_0^{\prime}"
        r"\int_{-t}^0 ds\,(\partial_{\epsilon t}\hat H(\{|n\rangle\})-u)\,"
        r"\partial_E(\partial_{\epsilon t}\hat H(\{|N\rangle\})-u)|n\rangle"
        r" - \int dE\sum_n\langle n|g\delta(E-\hat H)\partial_E\hat\rho_0^{\prime}"
        r"\int_{-t}^0 ds\,u\,\partial_E(\partial_{\epsilon t}\hat H-u)|n\rangle",
        note="In the first term the second factor is printed with {|n>}, where (35) has {|N>}; the third term carries neither.",
    ),
)
