"""The letters of the paper, each with what it depends on and its dimension.

A letter that the paper uses for several things has several names here: `p_n` (3), `p_E` for p(E) (5), `p_N`
for p(N) (8); `rho` is the exact state, `rhos[j]` the j-th term of its expansion (12), `rho0p` the function
rho_0' of (16).
"""

from __future__ import annotations

from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    TIME,
    Coordinate,
    D,
    Delta,
    Family,
    Function,
    Hamiltonian,
    Imaginary,
    Index,
    Infinity,
    Operator,
    Order,
    Parameter,
)

# Coordinates and constants ----------------------------------------------------------------------------

E, Ep = Coordinate("E", "energy"), Coordinate("E'", "energy")
t, tp, s = Coordinate("t", "time"), Coordinate("t'", "time"), Coordinate("s", "time")
tau = Coordinate("tau", "slow")  # the slow time, epsilon t in print

I, oo = Imaginary(), Infinity()
hbar = Parameter("hbar", ACTION)
eps = Parameter("eps", SLOW / TIME)
DeltaE = Parameter("DeltaE", ENERGY)

n, j = Index("n"), Order("j")

# Operators --------------------------------------------------------------------------------------------

H = Hamiltonian("H", tau)
H0 = Operator("H0", (), ENERGY)
V = Operator("V", (), ENERGY / SLOW)
X = Operator("X", (t, tau), arbitrary=True)  # the dots of (20) and (21)

rho = Operator("rho", (t,))
rhos = Family("rho_", (t, tau), unit=SLOW / TIME, slow_only=(0,))
rho1i = Operator("rho_1i", (t, tau), TIME / SLOW)
rho1h = Operator("rho_1h", (t, tau), TIME / SLOW)

dH = D(H, tau)
delta = Delta(E - H)

# Functions of the energy, waiting for the energy or for H ---------------------------------------------

g = Function("g", arbitrary=True)
rho00 = Function("rho00")
rho0p = Function("rho0'", 2)
rho1p = Function("rho1'", 2, TIME / SLOW)
u_of = Function("u", 2, ENERGY / SLOW, smooth=False)

p_n = Function("p_n", 2, smooth=False)
p0 = Function("p0", 2)
p1 = Function("p1", 3, TIME / SLOW)

# Fields at the energy E -------------------------------------------------------------------------------

Sigma = Function("Sigma", 2, ENERGY**-1, smooth=False)(E, tau)
Omega = Function("Omega", 2, smooth=False)(E, tau)
u = u_of(E, tau)
p_E = Function("p_E", 2, ENERGY**-1, smooth=False)(E, t)
p_N = Function("p_N", 2, smooth=False)(E, t)
C_of = Function("C", 3, (ENERGY / SLOW) ** 2, smooth=False)
C = C_of(s, E, tau)
G2 = Function("G2", 2, (ENERGY / SLOW) ** 2 * TIME, smooth=False)(E, tau)
t_c = Function("t_c", 2, TIME, smooth=False)(E, tau)
eta = Function("eta", 2, ENERGY**-1, smooth=False)(E, t)
rho_bar = Function("rho_bar", 2)(E, t)  # the overbar of (46)

T1 = Function("T1", 2, TIME / SLOW**2)(t, tau)
T2 = Function("T2", 2, TIME / SLOW**2)(t, tau)
