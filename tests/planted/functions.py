"""Functions of operators, their derivatives, levels and eigenvectors."""

from fractions import Fraction

from derive.language import Bra, Commutator, D, Function, Ket, Level, LevelSum, Product, Trace
from planted.statement import A, H, V, dH, f, g, given, m, n, planted, tau

BHATIA = "Bhatia, Matrix Analysis, section V.3"
FEYNMAN = "Feynman, Phys. Rev. 56, 340 (1939)"
KREIN = "Daleckii, Krein, Dokl. Akad. Nauk SSSR 76, 13 (1951)"
WILCOX = "Wilcox, J. Math. Phys. 8, 962 (1967), section 2"
MESSIAH = "Messiah, Quantum Mechanics, section XVI.1"

half = Fraction(1, 2)
f1, f2 = f.partial(1), f.partial(2)
h = Function("h", 2, arbitrary=True)
x = Function("x")
INVERSE = given("inverse", x(H) * H, Product(1))
EXPONENTIAL = given("exponential", x.partial(1)(H), x(H))
gap = Level(n) - Level(m)
vary = Bra(n) * D(f(H), tau) * Ket(m)

TRUE = (
    planted("slope under the trace", (Trace(D(f(H), tau)), Trace(f1(H) * dH)), BHATIA, "the diagonal of the divided difference"),
    planted("slope beside g(H)", (Trace(g(H) * D(f(H), tau)), Trace(g(H) * f1(H) * dH)), BHATIA, "the diagonal again"),
    planted(
        "the exponential under the trace",
        (D(Trace(x(H)), tau), Trace(x(H) * dH)),
        WILCOX,
        "Duhamel's integral collapses under the trace",
        EXPONENTIAL,
    ),
    planted("[df, H] = [dH, f]", (Commutator(D(f(H), tau), H), Commutator(dH, f(H))), BHATIA, "the derivative of [f(H), H] = 0"),
    planted(
        "the divided difference",
        (gap * vary, (f(Level(n)) - f(Level(m))) * (Bra(n) * dH * Ket(m))),
        KREIN,
        "f[E_n, E_m] (E_n - E_m) = f(E_n) - f(E_m)",
    ),
    planted("Hellmann and Feynman", (D(Level(n), tau), Bra(n) * dH * Ket(n)), FEYNMAN, "the eigenvector's change drops out"),
    planted(
        "the eigenvector turns",
        (gap * (Level(m) - Level(n)) * (Bra(n) * D(Ket(m), tau)), gap * (Bra(n) * dH * Ket(m))),
        MESSIAH,
        "first order of perturbation theory, n = m included by the factor",
    ),
    planted(
        "slow time in the function and in H",
        (Trace(D(h(H, tau), tau)), Trace(h.partial(1, 0)(H, tau) * dH) + Trace(h.partial(0, 1)(H, tau))),
        BHATIA,
        "the chain rule under the trace",
    ),
    planted("a linear H moves evenly", (dH, V), "H = H0 + tau V", "its derivative"),
    planted("a linear H does not bend", (D(dH, tau), 0), "H = H0 + tau V", "its second derivative"),
    planted("the square of a linear H", (D(D(H * H, tau), tau), 2 * V * V), "H = H0 + tau V", "its second derivative"),
    planted(
        "hypervirial", (Bra(n) * Commutator(H, A) * Ket(n), 0), "Hirschfelder, J. Chem. Phys. 33, 1462 (1960)", "E_n - E_n = 0"
    ),
)

FALSE = (
    planted("power rule", (D(H * H, tau), 2 * H * dH), WILCOX, "dH does not commute with H"),
    planted("chain rule for operators", (D(f(H), tau), f1(H) * dH), WILCOX, "dH does not commute with H"),
    planted(
        "chain rule, symmetrised",
        (D(f(H), tau), half * (f1(H) * dH + dH * f1(H))),
        BHATIA,
        "true of squares only: (f'(x) + f'(y))/2 is not f[x, y]",
    ),
    planted("chain rule beside A", (Trace(A * D(f(H), tau)), Trace(A * f1(H) * dH)), BHATIA, "A sees the off-diagonal part"),
    planted("d e^H = e^H dH", (D(x(H), tau), x(H) * dH), WILCOX, "Duhamel's integral is dropped", EXPONENTIAL),
    planted(
        "second derivative of Tr f",
        (D(Trace(f1(H) * dH), tau), Trace(f2(H) * dH * dH)),
        BHATIA,
        "f'[x, y] is not f''(x): the eigenvectors turn",
    ),
    planted("d H^-1 = -H^-2 dH", (D(x(H), tau), -x(H) * x(H) * dH), BHATIA, "one factor stands on each side", INVERSE),
    planted("[f(H), A] = f'(H)[H, A]", (Commutator(f(H), A), f1(H) * Commutator(H, A)), WILCOX, "true if [H, A] commutes with H"),
    planted("[df, H] = [f, dH]", (Commutator(D(f(H), tau), H), Commutator(f(H), dH)), BHATIA, "the sign"),
    planted(
        "the divided difference, sign",
        (gap * vary, (f(Level(m)) - f(Level(n))) * (Bra(n) * dH * Ket(m))),
        KREIN,
        "f[E_n, E_m] is symmetric, its numerator is not",
    ),
    planted("slope off the diagonal", (vary, f1(Level(n)) * (Bra(n) * dH * Ket(m))), KREIN, "f'(E_n) is f[E_n, E_n]"),
    planted(
        "curvature of a level",
        (D(D(Level(n), tau), tau), Bra(n) * D(dH, tau) * Ket(n)),
        MESSIAH,
        "second order of perturbation theory: levels repel",
    ),
    planted(
        "the eigenvector turns, n = m forgotten",
        ((Level(m) - Level(n)) * (Bra(n) * D(Ket(m), tau)), Bra(n) * dH * Ket(m)),
        MESSIAH,
        "for n = m the left side is 0 and the right side dE_n",
    ),
    planted("Hellmann and Feynman off the diagonal", (D(Level(n), tau), Bra(n) * dH * Ket(m)), FEYNMAN, "no sum, no n = m"),
    planted("hypervirial off the diagonal", (Bra(n) * Commutator(H, A) * Ket(m), 0), "Hirschfelder (1960)", "E_n - E_m is not 0"),
    planted("levels of a linear H move evenly", (D(D(Level(n), tau), tau), 0), MESSIAH, "they repel"),
    planted("explicit slow time left out", (Trace(D(h(H, tau), tau)), Trace(h.partial(1, 0)(H, tau) * dH)), BHATIA, "d_tau h"),
    planted(
        "Berry's phase vanishes", (Bra(n) * D(Ket(n), tau), 0), "Berry, Proc. R. Soc. A 392, 45 (1984)", "a choice of phases"
    ),
    planted(
        "a matrix element differentiates inside",
        (D(Bra(n) * A * Ket(n), tau), Bra(n) * D(A, tau) * Ket(n)),
        MESSIAH,
        "the vectors move too",
    ),
    planted(
        "sum of squares of the diagonal",
        (LevelSum(n, (Bra(n) * A * Ket(n)) * (Bra(n) * A * Ket(n))), Trace(A * A)),
        "Bhatia, Matrix Analysis, section II.1",
        "the off-diagonal elements are missing",
    ),
)
