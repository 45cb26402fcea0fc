"""Products of distributions: most have no meaning, and no equation about them follows from anything."""

from fractions import Fraction

from derive.language import D, Delta, Integral, Level, Theta, Trace
from planted.statement import A, E, H, a, b, delta, m, n, planted

SCHWARTZ = "Schwartz, C. R. Acad. Sci. 239, 847 (1954)"
GRIFFITHS = "Griffiths, Walborn, Am. J. Phys. 67, 446 (1999)"
COLOMBEAU = "Colombeau, Bull. AMS 23, 251 (1990), section 1"
GUHR = "Guhr, Mueller-Groeling, Weidenmueller, Phys. Rep. 299, 189 (1998), section 3"

half = Fraction(1, 2)
step, point = Theta(E - a), Delta(E - a)

TRUE = (
    planted("a step squared", (step * step, step), COLOMBEAU, "a product of functions, equal almost everywhere"),
    planted("a projector", (Theta(E - H) * Theta(E - H), Theta(E - H)), "Reed, Simon, section VII.3", "the spectral projector"),
)

FALSE = (
    planted("delta^2 = 0", (point * point, 0), SCHWARTZ, "no product of deltas at one point"),
    planted("delta^2 = delta", (point * point, point), SCHWARTZ, "no product of deltas at one point"),
    planted("step times delta is a half", (step * point, half * point), GRIFFITHS, "any value, by the way the limit is taken"),
    planted("step times delta under the integral", (Integral(step * point, E), half), GRIFFITHS, "as above"),
    planted(
        "the cube of a step, differentiated",
        (D(step * step * step, E), 3 * step * step * point),
        COLOMBEAU,
        "Leibniz' rule needs the product: it would give delta = delta/2 and delta = delta/3",
    ),
    planted("delta times its slope", (point * Delta(E - a, 1), 0), SCHWARTZ, "no product of deltas at one point"),
    planted(
        "associativity with x", ((E - a) * point * point, 0), SCHWARTZ, "(x delta) delta = 0, x (delta delta) has no meaning"
    ),
    planted("delta over delta", (point / point, 1), SCHWARTZ, "division by what vanishes almost everywhere"),
    planted("deltas at two points", (point * Delta(E - b), 0), COLOMBEAU, "a and b may coincide"),
    planted("deltas at two levels", (Delta(E - Level(n)) * Delta(E - Level(m)), 0), COLOMBEAU, "n and m may coincide"),
    planted("the density squared", (Trace(delta * delta), Trace(delta)), GUHR, "a delta squared at each level"),
    planted(
        "two moments in one",
        (Trace(delta * A * delta * A), Trace(delta * A) * Trace(delta * A)),
        GUHR,
        "a delta squared at each level",
    ),
    planted("delta of nothing", (Delta(E - E), 0), SCHWARTZ, "delta(0)"),
    planted("delta of a square", (Delta(E * E), 0), "Gel'fand, Shilov, chapter II, section 2", "the zero is double"),
)
