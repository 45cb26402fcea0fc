"""The kernel's normal forms: identities that must hold and, more of them, statements that must be refused.

Each line is a statement in the language; the first table holds what is true, the second what is false.  Many of the false ones
are what a computer algebra system, or a hurried reader, makes of the true ones.
"""

from fractions import Fraction
from itertools import permutations

import pytest

from derive.kernel import KernelError
from derive.kernel.errors import IllPosed, Unsupported
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.kernel.terms import sub
from derive.language import (
    ACTION,
    Bra,
    Commutator,
    Coordinate,
    D,
    Delta,
    Function,
    Hamiltonian,
    Heisenberg,
    Index,
    Infinity,
    Integral,
    Ket,
    Level,
    LevelSum,
    Operator,
    Parameter,
    Product,
    Sum,
    Theta,
    Trace,
)
from derive.lower import lower

E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
s = Coordinate("s", "time")
a, b, hbar = Parameter("a"), Parameter("b"), Parameter("hbar", ACTION)
H = Hamiltonian("H", tau)
A, B, C, W = (Operator(name, (tau, t)) for name in "ABCW")
K = Operator("K")
f, g = Function("f"), Function("g")
h = Function("h", 2)
Sigma = Function("Sigma", 2, smooth=False)
n, m = Index("n"), Index("m")
dH = D(H, tau)
f1, f2, g1 = f.partial(1), f.partial(2), g.partial(1)
delta, delta1, delta2 = Delta(E - H), Delta(E - H, 1), Delta(E - H, 2)
here, here1 = Delta(E - Level(n)), Delta(E - Level(n), 1)
half = Fraction(1, 2)


def bracket(x, y):
    return Commutator(x, y)


def standard(*letters):
    """The standard polynomial: the sum of all orderings with the sign of the permutation."""
    terms = []
    for order in permutations(range(len(letters))):
        inversions = sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order)))
        terms.append(Product((-1) ** inversions, *(letters[k] for k in order)))
    return Sum(*terms)


def holds(lhs, rhs):
    term = sub(lower(Product(lhs)), lower(Product(rhs)))
    return vanishes(Interpreter(frame_of(("prod", lower(H), term)))(term))


TRUE = {
    # words
    "Jacobi": (bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)) + bracket(C, bracket(A, B)), 0),
    "Leibniz for the commutator": (bracket(A, B * C), bracket(A, B) * C + B * bracket(A, C)),
    "functions of H commute": (f(H) * g(H), g(H) * f(H)),
    "a function commutes with H": (bracket(H, f(H)), 0),
    "a delta commutes with H": (bracket(H, delta1), 0),
    # traces
    "cyclicity": (Trace(A * B * C), Trace(C * A * B)),
    "trace of a commutator": (Trace(bracket(A, B)), 0),
    "a function under the trace": (Trace(f(H) * bracket(A, H)), 0),
    "a product of traces": (Trace(A) * Trace(B), Trace(B) * Trace(A)),
    "fourth powers turned": (Trace(A * B * A * B), Trace(B * A * B * A)),
    # slow derivatives
    "Leibniz in tau": (D(A * B, tau), D(A, tau) * B + A * D(B, tau)),
    "derivative of a commutator": (D(bracket(A, B), tau), bracket(D(A, tau), B) + bracket(A, D(B, tau))),
    "derivative of a square": (D(H * H, tau), dH * H + H * dH),
    "Daleckii-Krein under the trace": (Trace(D(f(H), tau)), Trace(f1(H) * dH)),
    "beside a function of H": (Trace(g(H) * D(f(H), tau)), Trace(g(H) * f1(H) * dH)),
    "explicit and implicit slow time": (
        Trace(D(h(H, tau), tau)),
        Trace(h.partial(1, 0)(H, tau) * dH) + Trace(h.partial(0, 1)(H, tau)),
    ),
    "slope of f and slope of g": (Trace(D(f(H), tau) * D(g(H), tau)), Trace(D(g(H), tau) * D(f(H), tau))),
    "Duhamel beside the commutator": (bracket(D(f(H), tau), H), bracket(dH, f(H))),
    "second derivatives commute": (D(D(A, tau), t), D(D(A, t), tau)),
    "second derivative of the trace of f": (D(D(Trace(f(H)), tau), tau), D(Trace(f1(H) * dH), tau)),
    "second derivative, opened": (D(Trace(f1(H) * dH), tau), Trace(D(f1(H), tau) * dH) + Trace(f1(H) * D(dH, tau))),
    "slope of the delta under the trace": (D(Trace(delta), tau), -Trace(delta1 * dH)),
    "the same as a derivative in E": (D(Trace(delta), tau), -D(Trace(delta * dH), E)),
    "curvature of the density": (D(D(Trace(delta), tau), tau), -D(D(Trace(delta * dH), tau), E)),
    "a constant does not change": (D(K, tau), 0),
    "E is held fixed": (D(f(E), tau), 0),
    "explicit E only": (D(A * f(E), E), A * f1(E)),
    # levels and vectors
    "Hellmann-Feynman": (D(Level(n), tau), Bra(n) * dH * Ket(n)),
    "orthonormality": (D(Bra(n), tau) * Ket(n) + Bra(n) * D(Ket(n), tau), 0),
    "eigenvalue equation": (H * Ket(n), Level(n) * Ket(n)),
    "completeness": (LevelSum(n, Bra(n) * A * Ket(n)), Trace(A)),
    "completeness between": (LevelSum(n, Bra(m) * A * Ket(n) * (Bra(n) * B * Ket(m))), Bra(m) * A * B * Ket(m)),
    "function of a level": (Bra(n) * f(H) * A * Ket(n), f(Level(n)) * (Bra(n) * A * Ket(n))),
    "sum over levels of f": (LevelSum(n, f(Level(n))), Trace(f(H))),
    # distributions
    "scaling": (Delta(2 * E), half * Delta(E)),
    "scaling of the slope": (Delta(2 * E, 1), half * half * Delta(E, 1)),
    "scaling with a level": (Delta(2 * E - 2 * Level(n)), half * here),
    "evenness": (Delta(-E), Delta(E)),
    "oddness of the slope": (Delta(-1 * E + a, 1), -Delta(E - a, 1)),
    "x delta": (E * Delta(E), 0),
    "x delta'": (E * Delta(E, 1), -Delta(E)),
    "x^2 delta''": (E**2 * Delta(E, 2), 2 * Delta(E)),
    "x delta''": (E * Delta(E, 2), -2 * Delta(E, 1)),
    "x^3 delta''": (E**3 * Delta(E, 2), 0),
    "f delta": (f(E) * Delta(E - a), f(a) * Delta(E - a)),
    "f delta'": (f(E) * Delta(E - a, 1), f(a) * Delta(E - a, 1) - f1(a) * Delta(E - a)),
    "f delta''": (
        f(E) * Delta(E - a, 2),
        f(a) * Delta(E - a, 2) - 2 * f1(a) * Delta(E - a, 1) + f2(a) * Delta(E - a),
    ),
    "f of E and of H": (f(E) * delta, f(H) * delta),
    "f of E beside the slope": (f(E) * delta1, f(H) * delta1 - f1(H) * delta),
    "E beside the slope": (E * delta1, H * delta1 - delta),
    "f(E) delta' by parts": (D(f(E) * delta, E), f1(E) * delta + f(E) * delta1),
    "step": (D(Theta(E - H), E), delta),
    "step at a level": (D(Theta(E - Level(n)), E), here),
    "step moved": (D(Trace(Theta(E - H)), tau), -Trace(delta * dH)),
    # integrals
    "weight of the delta": (Integral(Delta(E - a), E), 1),
    "weight of a scaled delta": (Integral(Delta(2 * E - a), E), half),
    "the slope weighs nothing": (Integral(Delta(E - a, 1), E), 0),
    "sampling": (Integral(f(E) * Delta(E - a), E), f(a)),
    "sampling the slope": (Integral(f(E) * Delta(E - a, 1), E), -f1(a)),
    "sampling x delta'(2x)": (Integral(E * Delta(2 * E, 1), E), Fraction(-1, 4)),
    "sampling x^2 delta''(3x)": (Integral(E**2 * Delta(3 * E, 2), E), Fraction(2, 27)),
    "sampling x delta'(3 - x)": (Integral(E * Delta(3 - E, 1), E), 1),
    "resolution of the unit": (Integral(delta, E), Product()),
    "resolution of an operator": (Integral(Trace(delta * A), E), Trace(A)),
    "functional calculus": (Integral(f(E) * delta, E), f(H)),
    "f(E) delta' integrates by parts": (Integral(f(E) * delta1 * A, E), -f1(H) * A),
    "a window of steps": (Integral(Theta(E + a - H) - Theta(E - H), E), Product(a)),
    "up to E": (D(Integral(Delta(E - Level(n)), E, -Infinity(), E), E), here),
    # the flow
    "flow of H": (Heisenberg(H, s, hbar), H),
    "flow of a product": (Heisenberg(A * B, s, hbar), Heisenberg(A, s, hbar) * Heisenberg(B, s, hbar)),
    "flow at time zero": (Heisenberg(A, 0, hbar), A),
    "flow under the trace": (Trace(f(H) * Heisenberg(A, s, hbar)), Trace(f(H) * A)),
    "stationarity": (
        Trace(delta * Heisenberg(A, s, hbar) * Heisenberg(B, t, hbar)),
        Trace(delta * Heisenberg(A, s - t, hbar) * B),
    ),
}

FALSE = {
    "Jacobi, one sign": (bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)) - bracket(C, bracket(A, B)), 0),
    "Jacobi, two terms": (bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)), 0),
    "Leibniz in the wrong order": (bracket(A, B * C), bracket(A, B) * C + bracket(A, C) * B),
    "commuting letters": (A * B, B * A),
    "Hall's polynomial, an identity of 2 x 2": (bracket(bracket(A, B) * bracket(A, B), C), 0),
    "S4, which vanishes on 2 x 2": (standard(A, B, C, W), 0),
    "S3": (standard(A, B, C), 0),
    "(A + B)^2": ((A + B) * (A + B), A * A + 2 * A * B + B * B),
    "A commutes with f(H)": (bracket(A, f(H)), 0),
    "a letter dropped": (Trace(A * B * C), Trace(A * B)),
    "reversed cyclic word": (Trace(A * B * C), Trace(A * C * B)),
    "trace of a product": (Trace(A * B), Trace(A) * Trace(B)),
    "trace of the unit": (Trace(Product(1)), Product(1)),
    "Cayley-Hamilton for 2 x 2, traced": (2 * Trace(A * A * A), 3 * Trace(A) * Trace(A * A) - Trace(A) * Trace(A) * Trace(A)),
    "f taken out of the trace": (Trace(f(H) * A), Trace(f(H)) * Trace(A)),
    "Leibniz in tau, one term": (D(A * B, tau), D(A, tau) * B),
    "power rule for matrices": (D(H * H, tau), 2 * H * dH),
    "Daleckii-Krein as an operator": (D(f(H), tau), f1(H) * dH),
    "Daleckii-Krein, symmetrised": (D(f(H), tau), half * (f1(H) * dH + dH * f1(H))),
    "Daleckii-Krein beside an operator": (Trace(A * D(f(H), tau)), Trace(A * f1(H) * dH)),
    "slopes of two functions": (Trace(D(f(H), tau) * D(g(H), tau)), Trace(f1(H) * dH * g1(H) * dH)),
    "slow time in f alone": (D(h(H, tau), tau), h.partial(0, 1)(H, tau)),
    "explicit slow time left out": (Trace(D(h(H, tau), tau)), Trace(h.partial(1, 0)(H, tau) * dH)),
    "second derivative without rotation": (D(D(Trace(f(H)), tau), tau), Trace(f2(H) * dH * dH) + Trace(f1(H) * D(dH, tau))),
    "second derivative is the first": (D(D(A, tau), tau), D(A, tau)),
    "derivatives in different times": (D(A, tau), D(A, t)),
    "dH commutes with H": (bracket(dH, H), 0),
    "slope of the delta as an operator": (D(delta, tau), -delta1 * dH),
    "slope of the delta, sign": (D(Trace(delta), tau), Trace(delta1 * dH)),
    "slope of the delta beside A": (Trace(A * D(delta, tau)), -Trace(A * delta1 * dH)),
    "density: derivative in E, sign": (D(Trace(delta), tau), D(Trace(delta * dH), E)),
    "curvature of the density, wrongly": (D(D(Trace(delta), tau), tau), Trace(delta2 * dH * dH)),
    "Hellmann-Feynman off the diagonal": (D(Level(n), tau), Bra(n) * dH * Ket(m)),
    "eigenvector frozen": (D(Ket(n), tau), 0),
    "real phase": (Bra(n) * D(Ket(n), tau), 0),
    "matrix element of the derivative": (D(Bra(n) * A * Ket(n), tau), Bra(n) * D(A, tau) * Ket(n)),
    "no sum": (Bra(n) * A * Ket(n), Trace(A)),
    "completeness, one sum too few": (Bra(m) * A * Ket(n) * (Bra(n) * B * Ket(m)), Bra(m) * A * B * Ket(m)),
    "sum of squares": (LevelSum(n, (Bra(n) * A * Ket(n)) * (Bra(n) * A * Ket(n))), Trace(A * A)),
    "f beside the wrong level": (Bra(n) * f(H) * A * Ket(m), f(Level(m)) * (Bra(n) * A * Ket(m))),
    "scaling forgotten": (Delta(2 * E), Delta(E)),
    "scaling doubled": (Delta(2 * E), 2 * Delta(E)),
    "scaling of the slope, once": (Delta(2 * E, 1), half * Delta(E, 1)),
    "delta is odd": (Delta(-E), -Delta(E)),
    "the slope is even": (Delta(-1 * E + a, 1), Delta(E - a, 1)),
    "x delta = delta": (E * Delta(E), Delta(E)),
    "x delta', sign": (E * Delta(E, 1), Delta(E)),
    "x delta' = 0": (E * Delta(E, 1), 0),
    "x^2 delta'', sign": (E**2 * Delta(E, 2), -2 * Delta(E)),
    "x^2 delta'', factor": (E**2 * Delta(E, 2), Delta(E)),
    "x delta'', factor": (E * Delta(E, 2), -Delta(E, 1)),
    "x delta at another place": ((E - a) * Delta(E - b), 0),
    "f delta' without the slope": (f(E) * Delta(E - a, 1), f(a) * Delta(E - a, 1)),
    "f delta' is -f' delta": (f(E) * Delta(E - a, 1), -f1(a) * Delta(E - a)),
    "f delta', sign": (f(E) * Delta(E - a, 1), f(a) * Delta(E - a, 1) + f1(a) * Delta(E - a)),
    "f delta'' without the middle term": (f(E) * Delta(E - a, 2), f(a) * Delta(E - a, 2) + f2(a) * Delta(E - a)),
    "f of E and of H beside the slope": (f(E) * delta1, f(H) * delta1),
    "E and H beside the slope": (E * delta1, H * delta1),
    "weak identity without its integral": (f(E) * delta1, -f1(E) * delta),
    "delta and its slope": (delta, delta1),
    "delta at another level": (here, Delta(E - Level(m))),
    "slope at another level": (here1, Delta(E - Level(m), 1)),
    "derivative of the delta, sign": (D(delta, E), -delta1),
    "step is flat": (D(Theta(E - H), E), 0),
    "step, sign": (D(Theta(E - H), E), -delta),
    "step moved, sign": (D(Trace(Theta(E - H)), tau), Trace(delta * dH)),
    "a singular field sampled": (Sigma(E, tau) * Delta(E - a), Sigma(a, tau) * Delta(E - a)),
    "weight two": (Integral(Delta(E - a), E), 2),
    "weight of a scaled delta, forgotten": (Integral(Delta(2 * E - a), E), 1),
    "sampling the slope, sign": (Integral(f(E) * Delta(E - a, 1), E), f1(a)),
    "sampling elsewhere": (Integral(f(E) * Delta(E - a), E), f(b)),
    "sampling x delta'(2x), as SymPy": (Integral(E * Delta(2 * E, 1), E), -1),
    "sampling x^2 delta''(3x), as SymPy": (Integral(E**2 * Delta(3 * E, 2), E), 2),
    "sampling x delta'(3 - x), as SymPy": (Integral(E * Delta(3 - E, 1), E), -1),
    "functional calculus of the slope": (Integral(f(E) * delta1, E), f1(H)),
    "a window of steps, twice": (Integral(Theta(E + a - H) - Theta(E - H), E), Product(2 * a)),
    "flow forgotten": (Heisenberg(A, s, hbar), A),
    "flow backward": (Heisenberg(A, s, hbar), Heisenberg(A, -1 * s, hbar)),
    "flow of one factor": (Heisenberg(A * B, s, hbar), Heisenberg(A, s, hbar) * B),
    "correlation without order": (
        Trace(delta * Heisenberg(A, s, hbar) * B),
        Trace(delta * B * Heisenberg(A, s, hbar)),
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_an_identity_holds(name):
    assert holds(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_refused(name):
    """By a normal form that is not zero: an exception would be no refutation."""
    assert not holds(*FALSE[name])


@pytest.mark.parametrize("name", TRUE)
def test_an_identity_is_refused_with_a_factor_2_on_one_side(name):
    lhs, rhs = TRUE[name]
    assert holds(lhs, 0) or not holds(lhs, Product(2, rhs))


ILL_POSED = {
    "two deltas in one energy": lambda: Integral(Delta(E - a) * Delta(E - b) * f(E), E),
    "a step alone": lambda: Integral(Theta(E - H), E),
    "nothing to integrate": lambda: Integral(f(E), E),
    "delta of a square": lambda: Delta(E * E),
    "delta of no energy": lambda: Delta(a - b),
    "delta of an operator": lambda: Delta(E - A),
    "division by an operator": lambda: 1 / A,
    "division by a sum": lambda: 1 / (a + b),
    "two Hamiltonians": lambda: H + Hamiltonian("H'", tau),
}


@pytest.mark.parametrize("name", ILL_POSED)
def test_what_has_no_meaning_is_declined_aloud(name):
    with pytest.raises((Unsupported, IllPosed, KernelError)):
        holds(ILL_POSED[name](), 0)


def test_there_are_more_false_statements_than_true_ones():
    assert len(FALSE) > len(TRUE)
    assert not set(TRUE) & set(FALSE)
