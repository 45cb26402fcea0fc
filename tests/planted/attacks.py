"""Attacks on verifiers of this kind: captured variables, circles, definitions that claim, one name for two things."""

from derive import Assumption, Step
from derive.language import (
    At,
    Bra,
    Chain,
    Commutator,
    D,
    Delta,
    Equation,
    Function,
    Integral,
    Ket,
    Level,
    LevelSum,
    Nonzero,
    Operator,
    Product,
    Trace,
)
from planted.statement import (
    LETTERS,
    SIMPLE,
    E,
    H,
    K,
    X,
    Y,
    Z,
    a,
    b,
    commutes,
    delta,
    g,
    given,
    let,
    m,
    n,
    planted,
    s,
    t,
    tau,
    tp,
)

CAPTURE = "Church, Introduction to Mathematical Logic 1, section 35: substitution for a variable that is bound there"
SCHEME = "Church, Introduction to Mathematical Logic 1, section 35: an instance may not know more than the scheme"
DEFINE = "Suppes, Introduction to Logic, section 8.2: a definition must be eliminable and not creative"
CIRCLE = "Aristotle, Prior Analytics II 16: begging the question"
NAMES = "Suppes, Introduction to Logic, section 4.3: a name from an existential statement must be new"
ZERO = "Suppes, Introduction to Logic, section 8.5: division by zero"
PARTIAL = "Courant, John, Introduction to Calculus and Analysis II, section 1.6: the chain rule"

P, Q = Operator("P", (t,)), Operator("Q", (t,))
KNOWN = let("known", Operator("U", (t,)), P * Q)
F, h, q = Function("F"), Function("h"), Function("q")
F1, F3, k2 = Function("F1"), Function("F3", 3), Function("k", 2)
p = Function("p", 2)
anyK = Operator("anyK", (), arbitrary=True)
FIELD = let("F", F(t), Trace(P))
DIAGONAL = let("F", F(t), Bra(n) * P * Ket(n))
LEVEL = let("p", p(Level(n), t), Bra(n) * P * Ket(n))
SURFACE = let("k", k2(t, s), t * t * s)
q2 = Function("q2", 2)
PAIR = let("q2", q2(Level(n), Level(m)), Bra(n) * Y * Ket(m))
PRODUCT = let("U", Operator("U", (tau,)), h(H) * q(H))


def assumption(lhs, rhs):
    return (Assumption("assumed", "A statement.", Equation(lhs, rhs)),)


def imposed(name, lhs, rhs, reason, *steps):
    """A step that calls itself a definition and defines nothing new."""
    return planted(name, (lhs, rhs), DEFINE, reason, LETTERS, *steps, role="definition")


TRUE = (
    planted("a field at another time", (F(tp), Trace(At(P, t, tp))), CAPTURE, "F(t) := Tr P(t), at t'", FIELD),
    planted("a level's definition at another level", (p(Level(m), t), Bra(m) * P * Ket(m)), CAPTURE, "n is a pattern", LEVEL),
    planted("occupations add up", (LevelSum(n, p(Level(n), t)), Trace(P)), CAPTURE, "the trace", LEVEL),
    planted("levels swapped", (q2(Level(m), Level(n)), Bra(m) * Y * Ket(n)), CAPTURE, "both at once, not in turn", PAIR),
    planted("arguments swapped", (k2(s, t), t * s * s), CAPTURE, "both at once, not in turn", SURFACE),
    planted("one argument twice", (k2(t, t), t * t * t), CAPTURE, "k(t, s) at s = t", SURFACE),
    planted("both partial derivatives", (D(k2(t, t), t), k2.partial(1, 0)(t, t) + k2.partial(0, 1)(t, t)), PARTIAL, "chain rule"),
    planted(
        "an inner sum keeps its label",
        (LevelSum(n, Bra(n) * X * Ket(n) * LevelSum(n, Bra(n) * Y * Ket(n))), Trace(X) * Trace(Y)),
        CAPTURE,
        "each n belongs to the sum next to it",
        LETTERS,
    ),
    planted(
        "an inner integral keeps its energy",
        (Integral(Integral(g(E) * Delta(E - a), E) * Delta(E - b), E), g(a)),
        CAPTURE,
        "each E belongs to the integral next to it",
    ),
    planted(
        "a new function names a commuting operator",
        (X, F3(H, t, tau)),
        NAMES,
        "diagonal in the levels",
        commutes("1", X),
        assume=(SIMPLE,),
    ),
    planted(
        "a scheme at a delta",
        (Trace(delta * D(X, t)), Trace(delta * Y)),
        SCHEME,
        "delta(E - H) is a function of H",
        given("1", Trace(g(H) * D(X, t)), Trace(g(H) * Y)),
    ),
)

FALSE = (
    planted("an operator's time captured", (F(tp), F(t)), CAPTURE, "P(t') is not P(t)", FIELD),
    planted("an operator's time captured, plainly", (F(tp), Trace(P)), CAPTURE, "P(t') is not P(t)", FIELD),
    planted("an operator's time captured by d", (D(F(tp), tp), 0), CAPTURE, "P moves", FIELD),
    planted(
        "an operator's time captured by a definition in an integral",
        (Integral(F(tp), tp, 0, s), s * F(t)),
        CAPTURE,
        "P moves",
        FIELD,
    ),
    planted("an operator's time captured by an integral", (Integral(P, t, 0, s), s * P), CAPTURE, "P moves", KNOWN),
    planted("a trace's time captured by an integral", (Integral(Trace(P), t, 0, s), s * Trace(P)), CAPTURE, "P moves", KNOWN),
    planted(
        "an end of an integral at the wrong time", (D(Integral(P, t, 0, s), s), P), CAPTURE, "it is P(s), and t is bound", KNOWN
    ),
    planted(
        "a free level captured by a sum", (LevelSum(n, F(t)), Trace(P)), CAPTURE, "F is one number: the sum counts it", DIAGONAL
    ),
    planted("a free level at another", (F(t), Bra(m) * P * Ket(m)), CAPTURE, "F speaks of n", DIAGONAL),
    planted("a level's definition at a number", (p(a, t), Bra(n) * P * Ket(n)), DEFINE, "a is no level", LEVEL),
    planted("a level's definition at an energy", (p(E, t), Bra(n) * P * Ket(n)), DEFINE, "E is no level", LEVEL),
    planted("levels swapped in turn", (q2(Level(m), Level(n)), Bra(n) * Y * Ket(n)), CAPTURE, "m and n change places", PAIR),
    planted("a pair of levels, symmetric", (q2(Level(n), Level(m)), q2(Level(m), Level(n))), CAPTURE, "Y is not diagonal", PAIR),
    planted("arguments swapped in turn", (k2(s, t), t * t * s), CAPTURE, "k is not symmetric", SURFACE),
    planted(
        "half a chain rule",
        (D(Function("w", 2)(t, t), t), Function("w", 2).partial(1, 0)(t, t)),
        PARTIAL,
        "the other half",
        let("U", Operator("U", (t,)), Function("w", 2)(t, s) * P),
    ),
    planted(
        "a scheme at more coordinates", (D(X, t), 0), SCHEME, "constants do not move; X does", given("1", D(anyK, t), 0), LETTERS
    ),
    planted(
        "a scheme under a derivative",
        (D(Trace(X * Y), t), 0),
        SCHEME,
        "constants only",
        given("1", D(Trace(anyK * Y), t), 0),
        LETTERS,
    ),
    planted("a scheme at an energy", (D(h(E), E), 0), SCHEME, "g(H) holds no E", given("1", D(g(H), E), 0), PRODUCT),
    planted("under the trace, so without it", (Y, 0), SCHEME, "g(H) sees the diagonal only", given("1", Trace(g(H) * Y), 0)),
    planted("A(t) = F(H)", (X, F1(H)), NAMES, "F does not depend on t", commutes("1", X), assume=(SIMPLE,)),
    planted("A(t) = F(H, 0)", (X, F3(H, 0, tau)), NAMES, "F is held at one time", commutes("1", X), assume=(SIMPLE,)),
    planted(
        "one function for two operators",
        (Y, F3(H, t, tau)),
        NAMES,
        "F names X already",
        commutes("1", X),
        commutes("2", Y),
        Step("3", "claim", Equation(X, F3(H, t, tau)), cites=("1",)),
        assume=(SIMPLE,),
        cites=("2",),
    ),
    planted(
        "a commuting product",
        (X, F3(H, t, tau)),
        NAMES,
        "X Y commutes, X need not",
        given("1", Commutator(X * Y, H), 0),
        assume=(SIMPLE,),
    ),
    planted("degenerate levels", (X, F3(H, t, tau)), NAMES, "needs a simple spectrum", commutes("1", X)),
    planted("assumed", (X, Y), CIRCLE, "the claim is its own assumption", LETTERS, assume=assumption(X, Y)),
    planted("assumed twice over", (X, Y), CIRCLE, "twice the claim", LETTERS, assume=assumption(2 * X, 2 * Y)),
    planted("assumed from right to left", (X, Y), CIRCLE, "the claim, swapped", LETTERS, assume=assumption(Y, X)),
    planted("assumed on one side", (X, Y), CIRCLE, "the claim, moved over", LETTERS, assume=assumption(X - Y, 0)),
    planted(
        "assumed by definition",
        (F(tau), Trace(Y)),
        CIRCLE,
        "the claim, in other words",
        LETTERS,
        let("F", F(tau), Trace(X)),
        assume=assumption(Trace(X), Trace(Y)),
    ),
    planted(
        "resting on itself",
        Chain(Equation(X, Y, "claim"), Equation(Y, X, "definition")),
        CIRCLE,
        "Y is known already, so the second link defines nothing",
        given("1", X, Z),
        given("2", Y, Z * Z),
    ),
    imposed("a definition of a sum of knowns", Trace(X), Trace(Y), "no new symbol"),
    imposed("a definiendum on the right", Trace(Y), F(tau), "F is known", let("F", F(tau), Trace(X))),
    imposed("a definition of a derivative", D(F(tau), tau), D(Trace(Y), tau), "F is known", let("F", F(tau), Trace(X))),
    imposed("a definition of itself", h(E), 2 * h(E) + q(E), "h stands on both sides", PRODUCT),
    planted(
        "a definition of itself, taken for another", (h(E), q(E)), DEFINE, "h = -q", PRODUCT, let("h", h(E), 2 * h(E) + q(E))
    ),
    planted(
        "division by one of two terms",
        (Trace(X) / Trace(X), Product(1)),
        ZERO,
        "the sum does not vanish, Tr X may",
        LETTERS,
        assume=(Assumption("nonzero", "", Nonzero(Trace(X) + Trace(Z))),),
    ),
    planted(
        "division by a slope",
        (h.partial(1)(E) / h.partial(1)(E), Product(1)),
        ZERO,
        "h does not vanish, h' may",
        PRODUCT,
        assume=(Assumption("nonzero", "", Nonzero(h(E))),),
    ),
    planted("a zero product", (Trace(X), 0), ZERO, "Tr Y may be the zero", given("1", Trace(X) * Trace(Y), 0)),
    planted(
        "one name for two operators",
        (Operator("R", (t,)), Operator("R", ())),
        NAMES,
        "one moves",
        LETTERS,
        given("1", D(Operator("R", (t,)), t), P),
        let("2", Operator("R", ()), K * K),
    ),
)
