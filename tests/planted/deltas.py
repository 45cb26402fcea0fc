"""Delta distributions and steps: scaling, derivatives, one and two energies."""

from fractions import Fraction

from derive.language import D, Delta, Function, Integral, Level, Product, Theta, Trace
from planted.statement import A, E, Ep, H, a, b, delta, dH, f, g, given, n, planted, slope, tau

GELFAND = "Gel'fand, Shilov, Generalized Functions 1, chapter I, section 2"
DIRAC = "Dirac, The Principles of Quantum Mechanics, 4th ed., section 15"
SYMPY = "what SymPy 1.14 answers"
STONE = "Reed, Simon, Functional Analysis, section VII.3"
PECHUKAS = "Pechukas, Phys. Rev. Lett. 51, 943 (1983)"

half = Fraction(1, 2)
u = Function("u", smooth=False)
f1, f2 = f.partial(1), f.partial(2)
point, point1 = Delta(E - a), Delta(E - a, 1)
pair, pair1 = Delta(E - Ep), Delta(E - Ep, 1)

TRUE = (
    planted("scaling", (Delta(-2 * E + 2 * a), half * point), DIRAC, "1/|c|"),
    planted("scaling of the slope", (Delta(2 * E, 1), Fraction(1, 4) * Delta(E, 1)), GELFAND, "1/(c |c|)"),
    planted("x delta' = -delta", ((E - a) * point1, -point), DIRAC, "by parts"),
    planted("f delta'", (f(E) * point1, f(a) * point1 - f1(a) * point), GELFAND, "by parts"),
    planted("x^3 delta'' = 0", (E * E * E * Delta(E, 2), 0), GELFAND, "three zeros against two derivatives"),
    planted("sampling x delta'(2x)", (Integral(E * Delta(2 * E, 1), E), Fraction(-1, 4)), GELFAND, "the scaling of the slope"),
    planted("f of E and of H beside delta", (f(E) * delta, f(H) * delta), STONE, "the functional calculus"),
    planted("completeness", (Integral(Trace(delta * A), E), Trace(A)), STONE, "the spectral measure of the whole line"),
    planted("the step's slope", (Integral(D(Theta(E - a), E), E), Product(1)), GELFAND, "a step of height 1"),
    planted("the density moves", (D(Trace(delta), tau), -D(Trace(dH * delta), E)), PECHUKAS, "levels are neither made nor lost"),
    planted("delta of two energies, even", (pair, Delta(Ep - E)), DIRAC, "delta is even"),
    planted("slope in two energies, odd", (pair1, -Delta(Ep - E, 1)), DIRAC, "its slope is odd"),
    planted("one energy for the other", (E * pair, Ep * pair), DIRAC, "x delta(x) = 0"),
    planted("u(H) beside delta, across V", (Trace(delta * dH * u(H)), u(E) * Trace(delta * dH)), STONE, "f(H) = f(E) there"),
    planted("stretched beneath the integral", (Integral(Trace(Delta(2 * E - H) * A), E), half * Trace(A)), GELFAND, "1/|c|"),
    planted("a convolution", (Integral(pair * Delta(Ep - H), Ep), delta), GELFAND, "delta is the unit of convolution"),
)

FALSE = (
    planted("stretched, and f as it was", (Integral(f(E) * Trace(Delta(2 * E - H)), E), half * Trace(f(H))), GELFAND, "f(H/2)"),
    planted("levels at both signs", (Trace(Delta(E + H)), Trace(delta)), DIRAC, "delta is even, the spectrum is not"),
    planted("delta' beneath the integral", (Integral(Trace(Delta(-2 * E + H, 1) * A), E), half * Trace(A)), GELFAND, "zero"),
    planted("scaling forgotten", (Delta(2 * E), Delta(E)), DIRAC, "a factor 1/2"),
    planted("scaling of the slope, once", (Delta(2 * E, 1), half * Delta(E, 1)), GELFAND, "1/4"),
    planted("delta is odd", (Delta(-E), -Delta(E)), DIRAC, "it is even"),
    planted("the slope is even", (Delta(-1 * E + a, 1), point1), DIRAC, "it is odd"),
    planted("x delta' = 0", ((E - a) * point1, 0), DIRAC, "it is -delta"),
    planted("x^2 delta'' = delta", (E * E * Delta(E, 2), Delta(E)), GELFAND, "it is 2 delta"),
    planted("f delta' = f(a) delta'", (f(E) * point1, f(a) * point1), GELFAND, "the term with f' is missing"),
    planted(
        "f delta'' without its middle",
        (f(E) * Delta(E - a, 2), f(a) * Delta(E - a, 2) + f2(a) * point),
        GELFAND,
        "-2 f' delta' is missing",
    ),
    planted("sampling x delta'(2x), wrongly", (Integral(E * Delta(2 * E, 1), E), -1), SYMPY, "the scaling is forgotten"),
    planted("sampling x^2 delta''(3x), wrongly", (Integral(E * E * Delta(3 * E, 2), E), 2), SYMPY, "2/27"),
    planted("sampling the slope, sign", (Integral(f(E) * point1, E), f1(a)), GELFAND, "by parts"),
    planted("a weak identity without its integral", (f(E) * slope, -f1(E) * delta), GELFAND, "f(H) delta' is missing"),
    planted("f of E and of H beside delta'", (f(E) * slope, f(H) * slope), STONE, "f'(H) delta is missing"),
    planted("A passes a delta", (A * delta, delta * A), STONE, "A need not commute with H"),
    planted("the delta moves like a number", (D(delta, tau), -dH * slope), PECHUKAS, "true under the trace only"),
    planted("the density moves backwards", (D(Trace(delta), tau), D(Trace(dH * delta), E)), PECHUKAS, "the sign"),
    planted("an integral of a derivative", (Integral(D(Theta(E - a), E), E), 0), GELFAND, "a step does not vanish at infinity"),
    planted("x delta = 0, divided by x", (point, 0), DIRAC, "division by what vanishes", given("1", (E - a) * point, 0)),
    planted("delta at another energy", ((E - a) * Delta(E - b), 0), DIRAC, "a and b differ"),
    planted("two levels at one energy", (Delta(E - Level(n)), delta), STONE, "one level is not all of them"),
    planted("even slope of two energies", (pair1, Delta(Ep - E, 1)), DIRAC, "it is odd"),
    planted("slopes in two energies", (D(pair, E), D(pair, Ep)), DIRAC, "they differ by the sign"),
    planted("f delta' in two energies", (f(E) * pair1, f(Ep) * pair1), GELFAND, "-f'(E') delta is missing"),
    planted("one delta dropped", (pair * delta, delta), GELFAND, "delta(E - E') is not 1"),
    planted("densities at two energies", (Trace(delta) * Trace(Delta(Ep - H)), pair * Trace(delta)), STONE, "pairs of levels"),
    planted("the wrong energy integrated", (Integral(g(E) * pair, E), g(E)), DIRAC, "it is g(E'), and E is bound"),
)
