"""Averages over the levels at an energy, and what finite matrices cannot be."""

from derive import Assumption
from derive.language import (
    ENERGY,
    SLOW,
    Average,
    Commutator,
    D,
    Function,
    Integral,
    Nonzero,
    Product,
    Trace,
)
from planted.statement import (
    LETTERS,
    SIMPLE,
    A,
    E,
    Ep,
    H,
    I,
    X,
    Y,
    a,
    delta,
    dH,
    f,
    flow,
    g,
    given,
    hbar,
    let,
    planted,
    s,
    t,
    tau,
)

KHINCHIN = "Khinchin, Mathematical Foundations of Statistical Mechanics, section 7"
JARZYNSKI = "Jarzynski, Phys. Rev. A 46, 7498 (1992), section II"
KUBO = "Kubo, J. Phys. Soc. Jpn. 12, 570 (1957)"
WINTNER = "Wintner, Phys. Rev. 71, 738 (1947)"
PAULI = "Pauli, Die allgemeinen Prinzipien der Wellenmechanik, Handbuch der Physik 24/1 (1933), section 8"

Sigma_of, u_of = Function("Sigma", 2, ENERGY**-1, smooth=False), Function("u", 2, ENERGY / SLOW, smooth=False)
Sigma, u = Sigma_of(E, tau), u_of(E, tau)
LEVELS = Assumption("levels at E", "There are levels at E.", Nonzero(Sigma))
FIELDS = (let("Sigma", Sigma, Trace(delta)), let("average", Average(A, E), Trace(delta * A) / Sigma), let("u", u, Average(dH, E)))
CANONICAL = given("canonical", Commutator(X, Y), I * hbar)
CLOCK = given("clock", Commutator(X, H), I * hbar)


def mean(operator, energy=E):
    return Average(operator, energy)


def averaged(name, claim, source, reason, *assumptions):
    return planted(name, claim, source, reason, LETTERS, *FIELDS, assume=(LEVELS, *assumptions))


TRUE = (
    averaged("normalised", (mean(Product(1)), Product(1)), KHINCHIN, "Sigma / Sigma"),
    averaged("linear", (mean(X + Y), mean(X) + mean(Y)), KHINCHIN, "the trace is linear"),
    averaged("the average of a commutator with H", (mean(Commutator(H, X)), 0), KUBO, "delta(E - H) commutes with H"),
    averaged("continuity", (D(Sigma, tau), -D(Sigma * u, E)), JARZYNSKI, "levels are neither made nor lost"),
    averaged("the whole trace", (Integral(Sigma * mean(X), E), Trace(X)), KHINCHIN, "completeness"),
    averaged("mean power", (Integral(Sigma * E * u, E), Trace(H * dH)), JARZYNSKI, "E beside delta is H"),
    averaged(
        "variance",
        (mean((X - mean(X)) * (X - mean(X))), mean(X * X) - mean(X) * mean(X)),
        KHINCHIN,
        "a number comes out of the average",
    ),
    averaged("stationary", (mean(flow(X, s) * flow(Y, t)), mean(flow(X, s - t) * Y)), KUBO, "delta(E - H) does not flow"),
    averaged("u at H under the trace", (Trace(g(H) * u_of(H, tau)), Trace(g(H) * dH)), JARZYNSKI, "u(H) is the diagonal", SIMPLE),
    averaged("a function of H comes out", (mean(f(H) * X), f(E) * mean(X)), KHINCHIN, "f(H) beside delta is f(E)"),
)

FALSE = (
    averaged("a product of averages", (mean(X * Y), mean(X) * mean(Y)), KHINCHIN, "correlations"),
    averaged("no fluctuations", (mean(X * X), mean(X) * mean(X)), KHINCHIN, "the variance"),
    averaged("the average of a commutator", (mean(Commutator(X, Y)), 0), KUBO, "X does not commute with delta(E - H)"),
    averaged("the average follows the operator", (D(mean(X), tau), mean(D(X, tau))), JARZYNSKI, "levels and vectors move too"),
    averaged("the average knows no energy", (mean(X), mean(X, Ep)), KHINCHIN, "it does"),
    averaged("flat in the energy", (D(mean(X), E), 0), KHINCHIN, "it need not be"),
    averaged("continuity, sign", (D(Sigma, tau), D(Sigma * u, E)), JARZYNSKI, "levels that rise leave"),
    averaged("continuity with Sigma outside", (D(Sigma, tau), -Sigma * D(u, E)), JARZYNSKI, "u d_E Sigma is missing"),
    averaged("density left out", (Integral(mean(X), E), Trace(X)), KHINCHIN, "averages are no sums"),
    averaged("fluctuations about nothing", (mean((X - mean(X)) * (X - mean(X))), mean(X * X)), KHINCHIN, "the mean squared"),
    averaged("a correlation symmetric in time", (mean(flow(X, s) * X), mean(X * flow(X, s))), KUBO, "the commutator"),
    averaged("u is dH", (u_of(H, tau), dH), JARZYNSKI, "u(H) is its diagonal part only", SIMPLE),
    averaged("u squared", (Trace(g(H) * u_of(H, tau) * u_of(H, tau)), Trace(g(H) * dH * dH)), JARZYNSKI, "transitions", SIMPLE),
    averaged("density at another energy", (Sigma, Sigma_of(Ep, tau)), KHINCHIN, "it depends on the energy"),
    averaged(
        "division by the density elsewhere", (Sigma_of(Ep, tau) / Sigma_of(Ep, tau), Product(1)), KHINCHIN, "levels at E only"
    ),
    planted(
        "canonical pair", (X * Y - Y * X, I * hbar), WINTNER, "no finite matrices: the trace of the left side is 0", CANONICAL
    ),
    planted("canonical pair, squares", (Commutator(X * X, Y), 2 * I * hbar * X), WINTNER, "not representable", CANONICAL),
    planted("canonical pair, anything", (X, Y), WINTNER, "not representable: nothing is true of no matrices", CANONICAL),
    planted("a time operator", (Commutator(X, H * H), 2 * I * hbar * H), PAULI, "not representable", CLOCK),
    planted(
        "a state that is a commutator",
        (Product(0), Product(1)),
        "Horn, Johnson, Matrix Analysis, section 4.5: a commutator has no trace",
        "Tr X = 1 and X = [Y, H] hold of no matrices",
        given("1", Trace(X), 1),
        given("2", X, Commutator(Y, H)),
    ),
    planted("a unit without a trace", (Trace(Product(1)), 0), WINTNER, "it is the number of levels"),
    planted("one level", (Trace(Product(1)), 1), WINTNER, "there may be more"),
    planted(
        "a ladder that is Hermitian",
        (X, Y),
        "Horn, Johnson, section 2.5: ad H is Hermitian, so a real a leads from level to level upwards alone",
        "[H, X] = a X with a Hermitian X forces X = 0, and Y is not",
        given("1", Commutator(H, X), a * X),
    ),
)
