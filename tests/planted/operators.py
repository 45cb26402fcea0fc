"""Operator algebra and traces."""

from itertools import permutations

from derive.language import Commutator, D, Product, Sum, Trace
from planted.statement import LETTERS, A, B, C, H, I, K, X, Y, Z, dH, f, g, given, hbar, let, planted, t, tau

COHEN = "Cohen-Tannoudji, Diu, Laloe, Quantum Mechanics, complement B_II"
SAKURAI = "Sakurai, Napolitano, Modern Quantum Mechanics, 2nd ed., section 1.4"
HORN = "Horn, Johnson, Matrix Analysis, 2nd ed., section 1.2"
PROCESI = "Procesi, Adv. Math. 19, 306 (1976)"
NEUMANN = "von Neumann, Mathematical Foundations of Quantum Mechanics, section V.1"


def bracket(x, y):
    return Commutator(x, y)


def standard(*letters):
    """The sum of all orderings, each with the sign of its permutation."""
    terms = []
    for order in permutations(range(len(letters))):
        inversions = sum(order[i] > order[k] for i in range(len(order)) for k in range(i + 1, len(order)))
        terms.append(Product((-1) ** inversions, *(letters[k] for k in order)))
    return Sum(*terms)


EVOLUTION = given("evolution", I * hbar * D(X, t), bracket(H, X))
SQUARE = given("square", X * X, X)

TRUE = (
    planted(
        "Jacobi",
        (bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)) + bracket(C, bracket(A, B)), 0),
        COHEN,
        "associativity",
    ),
    planted("[A, BC]", (bracket(A, B * C), bracket(A, B) * C + B * bracket(A, C)), COHEN, "the commutator is a derivation"),
    planted(
        "[A, {B, C}]",
        (bracket(A, B * C + C * B), bracket(A, B) * C + C * bracket(A, B) + B * bracket(A, C) + bracket(A, C) * B),
        COHEN,
        "the same for the anticommutator",
    ),
    planted("[H^2, A]", (bracket(H * H, A), H * bracket(H, A) + bracket(H, A) * H), COHEN, "the derivation on a square"),
    planted("cyclicity", (Trace(A * B * C), Trace(C * A * B)), HORN, "Tr AB = Tr BA with A B for A"),
    planted("Tr A[B, C]", (Trace(A * bracket(B, C)), Trace(bracket(A, B) * C)), HORN, "cyclicity, invariance of the form"),
    planted("Tr g(H)[f(H), A]", (Trace(g(H) * bracket(f(H), A)), 0), HORN, "f(H) and g(H) commute"),
    planted("Tr [P, Q] = 0", (Trace(bracket(X, Y)), 0), HORN, "cyclicity", LETTERS),
    planted(
        "products evolve alike",
        (I * hbar * D(X * X, t), bracket(H, X * X)),
        NEUMANN,
        "both sides are derivations",
        EVOLUTION,
    ),
    planted("the trace is kept", (D(Trace(X), t), 0), NEUMANN, "the trace of a commutator vanishes", EVOLUTION),
)

FALSE = (
    planted(
        "Jacobi with two terms",
        (bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)), 0),
        COHEN,
        "the third term is missing",
    ),
    planted("[A, BC] in the wrong order", (bracket(A, B * C), bracket(A, B) * C + bracket(A, C) * B), COHEN, "B stands right"),
    planted(
        "(A + B)^2 of numbers",
        ((A + B) * (A + B), A * A + 2 * A * B + B * B),
        SAKURAI,
        "AB + BA is not 2AB",
    ),
    planted(
        "a nested commutator associates",
        (bracket(A, bracket(B, C)), bracket(bracket(A, B), C)),
        COHEN,
        "a Lie bracket is not associative",
    ),
    planted(
        "commuting is transitive",
        (bracket(X, Z), 0),
        COHEN,
        "Lx and Ly commute with L^2 and not with each other",
        given("1", bracket(X, Y), 0),
        given("2", bracket(Y, Z), 0),
    ),
    planted("XY = 0 gives YX = 0", (Y * X, 0), HORN, "matrix units: E_12 E_11 = 0", given("1", X * Y, 0)),
    planted("a projector is the unit", (X, Product(1)), HORN, "or any other projector", SQUARE),
    planted(
        "S4 vanishes",
        (standard(A, B, C, H), 0),
        "Amitsur, Levitzki, Proc. AMS 1, 449 (1950)",
        "it does for 2 x 2 matrices, and not for 3 x 3",
    ),
    planted(
        "[[A, B]^2, C] = 0",
        (bracket(bracket(A, B) * bracket(A, B), C), 0),
        "Hall, Trans. AMS 54, 229 (1943)",
        "the square of a traceless 2 x 2 matrix is a number; of a 3 x 3 matrix it is not",
    ),
    planted("a word reversed", (Trace(A * B * C), Trace(A * C * B)), PROCESI, "true of real symmetric matrices only"),
    planted(
        "a word of two letters reversed",
        (Trace(A * A * B * A * B * B), Trace(B * B * A * B * A * A)),
        PROCESI,
        "true of 2 x 2 matrices and of real symmetric ones, not of 3 x 3 Hermitian ones",
    ),
    planted("Tr AB = Tr A Tr B", (Trace(A * B), Trace(A) * Trace(B)), HORN, "true of 1 x 1"),
    planted("Tr ABAB = Tr A^2 B^2", (Trace(A * B * A * B), Trace(A * A * B * B)), HORN, "they differ by Tr [A, B]^2 / 2"),
    planted(
        "Cayley and Hamilton for 2 x 2, traced",
        (2 * Trace(A * A * A), 3 * Trace(A) * Trace(A * A) - Trace(A) * Trace(A) * Trace(A)),
        PROCESI,
        "it leaves 6 det A in 3 x 3",
    ),
    planted("f out of the trace", (Trace(f(H) * A), Trace(f(H)) * Trace(A)), HORN, "f(H) is no number"),
    planted("Tr A[B, C] = 0", (Trace(A * bracket(B, C)), 0), HORN, "Tr A = Tr 1 A is special"),
    planted(
        "the state does not move",
        (D(X, t), 0),
        NEUMANN,
        "only what commutes with H does not",
        EVOLUTION,
    ),
    planted(
        "every expectation is kept",
        (D(Trace(K * X), t), 0),
        "Sakurai, Napolitano, Modern Quantum Mechanics, 2nd ed., section 2.2",
        "those of what commutes with H are",
        EVOLUTION,
        let("K", Y, K * X),
    ),
    planted(
        "dH commutes with H", (bracket(dH, H), 0), "Messiah, Quantum Mechanics, section XVII.10", "V need not commute with H0"
    ),
    planted(
        "the energy is kept on the slow scale", (D(Trace(H * X), tau), 0), "Messiah, section XVII.10", "dH does work", EVOLUTION
    ),
)
