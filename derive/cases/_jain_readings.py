"""What the print leaves open, and the choices that several equations share.

A choice of one name is one decision wherever it stands.
"""

from __future__ import annotations

from derive import Reading
from derive.cases._jain_symbols import E, H, g, hbar, rho0p, tau, u, u_of
from derive.language import Choice, D, Heisenberg, Node, Unprinted

READINGS = (
    Reading(
        "window",
        "In (5) and (7), is the energy window Delta E infinitesimal or finite?",
        {
            "differential": "infinitesimal: what lies in the window is Delta E times a derivative in E",
            "counted": "finite: what lies between E and E + Delta E is counted",
        },
    ),
    Reading(
        "n(E)",
        "What is n(E) in (8)? The paper does not define it.",
        {"density": "the density of states Sigma(E)", "undefined": "a symbol without a meaning"},
    ),
    Reading(
        "when (13) holds",
        "When do the initial conditions (13) hold? The paper does not say, and writes H(epsilon t).",
        {
            "start": "at t = 0 and epsilon t = 0",
            "fast start": "at t = 0, for every epsilon t",
            "always": "as printed: at every t and epsilon t",
        },
    ),
    Reading(
        "u of",
        "Beside operators, from (26) to (39): is u the operator u(H) or the number u(E)?",
        {"H": "u(H, epsilon t)", "E": "u(E, epsilon t)"},
    ),
    Reading(
        "equation (26)",
        "Is (26) an equation between operators, or one under the trace with g(H)?",
        {"operator": "between operators, as printed", "trace": "under the trace, multiplied by g(H)"},
    ),
    Reading(
        "g of",
        "Beside delta(E - H), from (29) to (34): is g the operator g(H) or the number g(E)?",
        {"H": "g(H)", "E": "g(E)"},
    ),
    Reading(
        "rho0' of",
        "Beside delta(E - H), from (30) to (34): is rho_0' the operator rho_0'(H) or the number rho_0'(E)?",
        {"H": "rho_0'(H, epsilon t)", "E": "rho_0'(E, epsilon t)"},
    ),
    Reading(
        "{|N>}",
        "Is the derivative of H that (30), (32) and the first and third terms of (34) print without {|N>} carried back in time?",
        {"as printed": "no: it stands at the time t", "restored": "yes: {|N>} is meant, as in (29) and (35)"},
    ),
    Reading(
        "limits and sums",
        "(11) and (29) print no lower limit, the last two terms of (39) no sum over n: are they meant?",
        {
            "as printed": "no: the integrals have no lower limit, and n is free",
            "restored": "yes: minus infinity in (11), 0 in (29), and the sum over n in (39)",
        },
    ),
    Reading(
        "equation (31)",
        "In which sense does (31) hold?",
        {
            "operator": "as an equation between operators",
            "trace": "under the trace",
            "trace modulo": "under the trace, up to a total derivative in the slow time",
        },
    ),
    Reading(
        "Phi",
        "What may Phi be in (31)?",
        {"operator": "any operator", "function": "any function of H and the slow time"},
    ),
    Reading(
        "equation (33)",
        "In which sense does (33) hold?",
        {
            "every test function": "at every E, against every test function of E",
            "under the integral": "under the integral over E alone",
        },
    ),
    Reading(
        "p1",
        "Does p_1 in (45) hold the part rho_1i of (27)?",
        {"whole": "yes: p_1 = <n|rho_1|n>", "homogeneous": "no: p_1 = <n|rho_1h|n>"},
    ),
)

# Beside operators and delta(E - H) --------------------------------------------------------------------

u_beside = Choice("u of", ("H", u_of(H, tau)), ("E", u))
g_beside = Choice("g of", ("H", g(H)), ("E", g(E)))
rho0E = Choice("rho0' of", ("H", rho0p.partial(1, 0)(H, tau)), ("E", D(rho0p(E, tau), E)))
rho0EE = Choice("rho0' of", ("H", rho0p.partial(2, 0)(H, tau)), ("E", D(D(rho0p(E, tau), E), E)))

# The state |N>, and what is not printed ---------------------------------------------------------------


def carried(operator: Node, time: Node) -> Node:
    """The operator at {|N>}: carried by the frozen flow over the (negative) fast time."""
    return Heisenberg(operator, time, hbar)


def unlabelled(operator: Node, time: Node) -> Node:
    """The operator where the print does not say {|N>}."""
    return Choice("{|N>}", ("as printed", operator), ("restored", carried(operator, time)))


def lower_limit(meant: Node | int) -> Node:
    """A lower limit that is not printed."""
    return Choice("limits and sums", ("as printed", Unprinted()), ("restored", meant))
