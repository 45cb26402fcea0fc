"""Multiple scales: the hierarchy of an evolution equation, and what a derivation may not make of it."""

from derive import Step
from derive.language import SLOW, TIME, Commutator, Continuation, D, Equation, Family, Function, Operator, Product, Trace
from planted.statement import H, I, V, eps, g, given, hbar, j, planted, t, tau

BENDER = "Bender, Orszag, Advanced Mathematical Methods, section 11.2"
KEVORKIAN = "Kevorkian, Cole, Multiple Scale and Singular Perturbation Methods, section 4.1"
NAYFEH = "Nayfeh, Perturbation Methods, section 6.2"

rho, W = Operator("rho", (t,)), Operator("W", (t, tau))
r = Family("rho_", (t, tau), unit=SLOW / TIME)
q = Function("q", 2)(t, tau)

SERIES = Step("series", "ansatz", Equation(rho, r[0] + eps * r[1] + Continuation(r, eps, 2)))


def evolution(*more):
    """i hbar d_t rho = [H, rho] + ..."""
    right = Commutator(H, rho)
    for term in more:
        right = right + term
    return given("evolution", I * hbar * D(rho, t), right)


def order(k, *more):
    """i hbar (d_t rho_k + d_tau rho_(k-1)) = [H, rho_k] + ..."""
    right = Commutator(H, r[k])
    for term in more:
        right = right + term
    return I * hbar * (D(r[k], t) + D(r[k - 1], tau)), right


def series(*more):
    right = r[0] + eps * r[1] + Continuation(r, eps, 2)
    for term in more:
        right = right + term
    return Step("series", "ansatz", Equation(rho, right))


PLAIN = (evolution(), SERIES)
SOURCE = (evolution(I * hbar * D(W, t)), SERIES)
GROWTH = given("growth", D(W, tau), W)

TRUE = (
    planted("order 0", (I * hbar * D(r[0], t), Commutator(H, r[0])), BENDER, "eps^0", *PLAIN),
    planted("order 1", order(1), BENDER, "eps^1", *PLAIN),
    planted("order 3", order(3), BENDER, "eps^3", *PLAIN),
    planted("every order", order(j), BENDER, "the equation is linear", *PLAIN),
    planted(
        "solvability at order 1",
        (Trace(g(H) * D(r[1], t)), -Trace(g(H) * D(r[0], tau))),
        KEVORKIAN,
        "the trace of g(H)[H, rho_1] vanishes",
        *PLAIN,
    ),
    planted("the trace on two scales", (D(Trace(r[1]), t) + D(Trace(r[0]), tau), 0), KEVORKIAN, "g = 1", *PLAIN),
    planted(
        "a source is not expanded, order 0",
        (I * hbar * D(r[0], t), Commutator(H, r[0]) + I * hbar * D(W, t)),
        BENDER,
        "eps^0",
        *SOURCE,
    ),
    planted("a source is not expanded, order 1", order(1), BENDER, "the source has no term in eps", *SOURCE),
    planted("y' = y gives y''' = y", (D(D(D(W, tau), tau), tau), W), "two derivatives of the premise", "y'' = y' = y", GROWTH),
)

FALSE = (
    planted("no slow derivative", (I * hbar * D(r[j], t), Commutator(H, r[j])), BENDER, "d_tau rho_(j-1) is missing", *PLAIN),
    planted(
        "the slow derivative, sign",
        (I * hbar * (D(r[j], t) - D(r[j - 1], tau)), Commutator(H, r[j])),
        BENDER,
        "d_t + eps d_tau",
        *PLAIN,
    ),
    planted(
        "the slow derivative of the wrong member",
        (I * hbar * (D(r[1], t) + D(r[1], tau)), Commutator(H, r[1])),
        BENDER,
        "that is of order 2",
        *PLAIN,
    ),
    planted(
        "an order is skipped",
        (I * hbar * (D(r[2], t) + D(r[0], tau)), Commutator(H, r[2])),
        BENDER,
        "d_tau rho_1 belongs there",
        *PLAIN,
    ),
    planted("order 0 does not move", (D(r[0], t), 0), NAYFEH, "unless its initial value commutes with H", *PLAIN),
    planted("order 0 does not move slowly", (D(r[0], tau), 0), NAYFEH, "the solvability condition moves it", *PLAIN),
    planted(
        "solvability, sign",
        (Trace(g(H) * D(r[1], t)), Trace(g(H) * D(r[0], tau))),
        KEVORKIAN,
        "it goes to the other side",
        *PLAIN,
    ),
    planted("no secular terms, unasked", (Trace(g(H) * D(r[0], tau)), 0), KEVORKIAN, "it is a condition, not a result", *PLAIN),
    planted("the trace of order 1 is kept", (D(Trace(r[1]), t), 0), KEVORKIAN, "it pays for the slow change of order 0", *PLAIN),
    planted("a term at eps^9", order(j), "an attack on finite checks", "order 9 holds W", evolution(eps**9 * W), SERIES),
    planted("a term at eps^7", order(j), "an attack on finite checks", "order 7 holds W", evolution(eps**7 * W), SERIES),
    planted(
        "a perturbation at eps^9",
        order(j),
        "an attack on finite checks",
        "order j holds [V, rho_(j-9)]",
        evolution(eps**9 * Commutator(V, rho)),
        SERIES,
    ),
    planted(
        "a stray term in the series", order(j), "an attack on finite checks", "order 8 holds W", evolution(), series(eps**8 * W)
    ),
    planted("rho_8 twice", order(j), "an attack on finite checks", "rho_8 counts twice", evolution(), series(eps**8 * r[8])),
    planted(
        "a source is expanded too",
        order(1, I * hbar * D(W, tau)),
        BENDER,
        "only rho is a series; d_t W is d_t W",
        *SOURCE,
    ),
    planted(
        "a rate is expanded too",
        order(1, D(q, t) * r[1], D(q, tau) * r[0]),
        BENDER,
        "only rho is a series",
        evolution(D(q, t) * rho),
        SERIES,
    ),
    planted(
        "d_t H is expanded too",
        order(1, D(H, tau) * r[0]),
        BENDER,
        "H depends on tau alone, so d_t H is 0",
        evolution(D(H, t) * rho),
        SERIES,
    ),
    planted("y' = y gives y'' = -y", (D(D(W, tau), tau), -W), "one derivative of the premise", "y'' = y", GROWTH),
    planted("y' = y gives y = 1", (W, Product(1)), "y = c exp(tau)", "1 is no solution", GROWTH),
)
