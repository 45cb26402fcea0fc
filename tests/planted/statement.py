"""A planted statement: a small derivation that ends in a claim known to be right or wrong, with its source and the reason.

The letters are those of the field: H(tau) is the Hamiltonian, A, B, C stand for any operators, f and g for any functions of the
energy, X, Y, Z for operators of the derivation.  Every derivation starts from H = H0 + tau V.
"""

from dataclasses import dataclass

from derive import Assumption, Derivation, Step
from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    TIME,
    Commutator,
    Coordinate,
    D,
    Delta,
    Equation,
    Function,
    Hamiltonian,
    Heisenberg,
    Imaginary,
    Index,
    Infinity,
    Operator,
    Order,
    Parameter,
    SimpleSpectrum,
)

E, Ep, Epp = (Coordinate(name, "energy") for name in ("E", "E'", "E''"))
t, tp, s, sp = (Coordinate(name, "time") for name in ("t", "t'", "s", "s'"))
tau = Coordinate("tau", "slow")
I, oo = Imaginary(), Infinity()
hbar, eps = Parameter("hbar", ACTION), Parameter("eps", SLOW / TIME)
a, b = Parameter("a", ENERGY), Parameter("b", ENERGY)
n, m, j = Index("n"), Index("m"), Order("j")
H, H0, V = Hamiltonian("H", tau), Operator("H0", (), ENERGY), Operator("V", (), ENERGY / SLOW)
dH = D(H, tau)
delta, slope = Delta(E - H), Delta(E - H, 1)
A, B, C = (Operator(name, (t, tau), arbitrary=True) for name in "ABC")
f, g = (Function(name, arbitrary=True) for name in "fg")
X, Y, Z = (Operator(name, (t, tau)) for name in "XYZ")
K, L = Operator("K", ()), Operator("L", ())

MOVING = Step("H", "postulate", Equation(H, H0 + tau * V))
SIMPLE = Assumption("simple spectrum", "The levels are distinct.", SimpleSpectrum(H))


@dataclass(frozen=True)
class Planted:
    """The derivation, whose step `claim` is judged, where the statement is from, and why it is so."""

    name: str
    derivation: Derivation
    source: str
    reason: str


def planted(name, claim, source, reason, *steps, assume=(), cites=None, role="claim"):
    """`claim`, an equation or a pair of sides, as the last step; it cites all before it unless told otherwise."""
    equation = Equation(*claim) if isinstance(claim, tuple) else claim
    before = (MOVING, *steps)
    last = Step("claim", role, equation, cites=tuple(step.label for step in before) if cites is None else cites)
    return Planted(name, Derivation("planted", name, source, (*before, last), assumptions=tuple(assume)), source, reason)


def given(label, lhs, rhs):
    """A postulate."""
    return Step(label, "postulate", Equation(lhs, rhs))


def let(label, lhs, rhs):
    """A definition."""
    return Step(label, "definition", Equation(lhs, rhs))


def commutes(label, operator):
    return given(label, Commutator(operator, H), 0)


def flow(operator, time):
    """exp(i H time / hbar) operator exp(-i H time / hbar)."""
    return Heisenberg(operator, time, hbar)


# X, Y and Z are letters of the derivation without being restricted: W stands for their product.
LETTERS = let("letters", Operator("W", (t, tau)), X * Y * Z)
