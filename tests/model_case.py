"""A small derivation of our own, with letters for the tests of the interpreter."""

from dataclasses import replace

from derive.derivation import Derivation, Step
from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    TIME,
    At,
    Average,
    Bra,
    Commutator,
    Continuation,
    Coordinate,
    D,
    Delta,
    Equation,
    Family,
    Function,
    Hamiltonian,
    Imaginary,
    Index,
    Ket,
    Level,
    Operator,
    Order,
    Parameter,
    Trace,
)

E, Ep = Coordinate("x", "energy"), Coordinate("y", "energy")
t, tp, s = (Coordinate(name, "time") for name in ("a", "b", "c"))
tau = Coordinate("z", "slow")
I, n, m, j = Imaginary(), Index("k"), Index("l"), Order("o")
hbar, eps = Parameter("h", ACTION), Parameter("e", SLOW / TIME)
width = Parameter("w", ENERGY)

H = Hamiltonian("M", tau)
H0, V = Operator("M0", (), ENERGY), Operator("M1", (), ENERGY / SLOW)
rho = Operator("r", (t,))
rhos = Family("r_", (t, tau), unit=SLOW / TIME, slow_only=(0,))
X, Y, Z = (Operator(name, (t, tau), arbitrary=True) for name in ("X", "Y", "Z"))
still = Operator("still", (), arbitrary=True)
nobody = Operator("nobody", (t,))

g = Function("g", arbitrary=True)
f = Function("f", 2, arbitrary=True)
q = Function("q", 3, arbitrary=True)
occupation = Function("p", 2)
later = Function("p'", 2)
start = Function("p0")
Sigma_of, u_of = Function("S", 2, ENERGY**-1, smooth=False), Function("v", 2, ENERGY / SLOW)
Sigma, u = Sigma_of(E, tau), u_of(E, tau)
p_of = Function("pn", 2)
unknown = Function("unknown", 2)

dH = D(H, tau)
delta = Delta(E - H)

STEPS = (
    Step("A", "postulate", Equation(H, H0 + eps * t * V)),
    Step("B", "postulate", Equation(I * hbar * D(rho, t), Commutator(H, rho)), ("A",)),
    Step("C", "ansatz", Equation(rho, rhos[0] + eps * rhos[1] + Continuation(rhos, eps, 2))),
    Step("D", "condition", Equation(At(At(rhos[0], t, 0), tau, 0), At(At(start(H), t, 0), tau, 0))),
    Step("E", "claim", Equation(rhos[0], occupation(H, tau)), ("B", "C")),
    Step("F", "claim", Equation(rhos[1], nobody + later(H, tau)), ("E",)),
    Step("G", "definition", Equation(Sigma, Trace(delta))),
    Step("H", "definition", Equation(u, Average(dH, E)), ("G",)),
    Step("J", "claim", Equation(Trace(X * Y * Z * still) * g(E) * f(E, tau), q(1, t, tau) * width * s * tp)),
    Step("I", "definition", Equation(p_of(Level(n), t), Bra(n) * rho * Ket(n)), ("B",)),
)


def case(*claims, role="claim"):
    """The derivation with the given claims at its end, labelled 1, 2, ..."""
    known = tuple(step.label for step in STEPS)
    steps = tuple(Step(str(k), role, claim, known) for k, claim in enumerate(claims, start=1))
    return Derivation("ours", "a case for tests", "nowhere", STEPS + steps)


def changed(derivation, label, **fields):
    """A copy with other fields of one step."""
    steps = tuple(replace(step, **fields) if step.label == label else step for step in derivation.steps)
    return replace(derivation, steps=steps)
