"""Exponentials of H: the flow, Duhamel's formula, Baker, Campbell and Hausdorff to low order, integrals over times."""

from derive.language import At, Commutator, D, Integral, Trace
from planted.statement import A, B, H, I, dH, f, flow, hbar, planted, s, sp, t, tau, tp

SAKURAI = "Sakurai, Napolitano, Modern Quantum Mechanics, 2nd ed., section 2.2"
BCH = "Sakurai, Napolitano, Modern Quantum Mechanics, 2nd ed., section 2.3, the Baker-Hausdorff lemma"
WILCOX = "Wilcox, J. Math. Phys. 8, 962 (1967), section 2"
KUBO = "Kubo, J. Phys. Soc. Jpn. 12, 570 (1957), section 2"

rate = I / hbar
moved = flow(A, s)
duhamel = Integral(Commutator(flow(dH, sp), moved), sp, 0, s)
second = At(D(D(moved, s), s), s, 0)

TRUE = (
    planted("Duhamel", (D(moved, tau), flow(D(A, tau), s) + rate * duhamel), WILCOX, "the derivative of an exponential"),
    planted("Heisenberg's equation", (D(moved, s), rate * Commutator(H, moved)), SAKURAI, "the derivative of the flow"),
    planted("group law", (flow(moved, t), flow(A, s + t)), SAKURAI, "exponents add up"),
    planted("the flow keeps products", (moved * flow(B, s), flow(A * B, s)), SAKURAI, "U^-1 U = 1 between the factors"),
    planted("the lemma to first order", (At(D(moved, s), s, 0), rate * Commutator(H, A)), BCH, "its first term"),
    planted("the lemma to second order", (second, rate * rate * Commutator(H, Commutator(H, A))), BCH, "its second term"),
    planted("stationarity", (Trace(f(H) * moved * B), Trace(f(H) * A * flow(B, -1 * s))), KUBO, "f(H) commutes with the flow"),
    planted("the integrated equation", (moved - A, rate * Integral(Commutator(H, flow(A, sp)), sp, 0, s)), KUBO, "from 0 to s"),
    planted(
        "a shifted integral",
        (Integral(flow(A, sp), sp, 0, t), Integral(flow(A, t - sp), sp, 0, t)),
        KUBO,
        "s' := t - s' turns the interval round",
    ),
    planted(
        "two integrals in turn",
        (Integral(Integral(moved, s, 0, t), t, 0, tp), Integral((tp - s) * moved, s, 0, tp)),
        "Cauchy's formula for repeated integration",
        "the order of integration over a triangle",
    ),
)

FALSE = (
    planted("Duhamel forgotten", (D(moved, tau), flow(D(A, tau), s)), WILCOX, "H in the exponent moves too"),
    planted(
        "Duhamel with everything commuting",
        (D(moved, tau), flow(D(A, tau), s) + rate * s * Commutator(dH, moved)),
        WILCOX,
        "dH does not commute with H, so the integrand depends on s'",
    ),
    planted("Duhamel, sign", (D(moved, tau), flow(D(A, tau), s) - rate * duhamel), WILCOX, "A(s) = exp(+iHs) A exp(-iHs)"),
    planted("Heisenberg's equation, sign", (D(moved, s), rate * Commutator(moved, H)), SAKURAI, "that is von Neumann's sign"),
    planted("group law, sign", (flow(moved, t), flow(A, s - t)), SAKURAI, "exponents add up"),
    planted("products at two times", (moved * flow(B, t), flow(A * B, s + t)), SAKURAI, "the factors flow for different times"),
    planted("the lemma without i", (At(D(moved, s), s, 0), 1 / hbar * Commutator(H, A)), BCH, "the exponent is i H s"),
    planted("the lemma, sign", (second, 1 / (hbar * hbar) * Commutator(H, Commutator(H, A))), BCH, "i squared"),
    planted("an even correlation", (Trace(f(H) * moved * B), Trace(f(H) * A * flow(B, s))), KUBO, "A(s) B = A B(-s)"),
    planted("factors of a correlation swapped", (Trace(f(H) * moved * B), Trace(f(H) * B * moved)), KUBO, "needs the KMS shift"),
    planted("the integrated equation, frozen", (moved - A, rate * s * Commutator(H, A)), KUBO, "the integrand is not constant"),
    planted(
        "an integral turned the wrong way",
        (Integral(flow(A, sp), sp, 0, t), Integral(flow(A, -1 * sp), sp, 0, t)),
        KUBO,
        "that is the integral over negative times",
    ),
)
