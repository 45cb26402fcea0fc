"""Linear response of a slowly driven system: the Kubo formula from the von Neumann equation.  A control: every step is right.

The state is expanded in the rate eps of the drive.  Its first correction, put into the mean of an observable, gives the response
as an integral over the past of a relaxation function, whose slope is the response function of Kubo, a commutator at two times.
"""

from __future__ import annotations

from derive import Assumption, Derivation, Step
from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    TIME,
    At,
    Commutator,
    Continuation,
    Coordinate,
    D,
    Equation,
    Family,
    Function,
    Hamiltonian,
    Heisenberg,
    Imaginary,
    Integral,
    Operator,
    Parameter,
    SimpleSpectrum,
    Trace,
)

t, past, s = Coordinate("t", "time"), Coordinate("t'", "time"), Coordinate("s", "time")
tau = Coordinate("tau", "slow")
hbar, eps, I = Parameter("hbar", ACTION), Parameter("eps", SLOW / TIME), Imaginary()
H = Hamiltonian("H", tau)
H0, V = Operator("H0", (), ENERGY), Operator("V", (), ENERGY / SLOW)
rho = Operator("rho", (t,))
rhos = Family("rho_", (t, tau), unit=SLOW / TIME, slow_only=(0,))
f, h = Function("f", 2), Function("h", 2, TIME / SLOW)
A = Operator("A", (), arbitrary=True)

dH = D(H, tau)

STEPS = (
    Step("1", "postulate", Equation(H, H0 + tau * V), latex=r"\hat H(\tau) = \hat H_0 + \tau\hat V, \quad \tau = \epsilon t"),
    Step(
        "2",
        "postulate",
        Equation(I * hbar * D(rho, t), Commutator(H, rho)),
        cites=("1",),
        latex=r"i\hbar\,\partial_t\hat\rho = [\hat H, \hat\rho]",
    ),
    Step(
        "3",
        "ansatz",
        Equation(rho, rhos[0] + eps * rhos[1] + Continuation(rhos, eps, 2)),
        latex=r"\hat\rho = \hat\rho_0(\tau) + \epsilon\hat\rho_1(t, \tau) + \dots",
    ),
    Step("4", "claim", Equation(Commutator(rhos[0], H), 0), cites=("2", "3"), latex=r"[\hat\rho_0, \hat H] = 0"),
    Step(
        "5",
        "claim",
        Equation(I * hbar * D(rhos[1], t), Commutator(H, rhos[1]) - I * hbar * D(rhos[0], tau)),
        cites=("2", "3"),
        latex=r"i\hbar\,\partial_t\hat\rho_1 = [\hat H, \hat\rho_1] - i\hbar\,\partial_\tau\hat\rho_0",
    ),
    Step(
        "6",
        "claim",
        Equation(rhos[0], f(H, tau)),
        cites=("4",),
        latex=r"\hat\rho_0 = f(\hat H, \tau)",
    ),
    Step(
        "7",
        "claim",
        Equation(rhos[1], h(H, tau) - Integral(Heisenberg(D(rhos[0], tau), past - t, hbar), past, 0, t)),
        cites=("5",),
        latex=r"\hat\rho_1(t) = h(\hat H, \tau) - \int_0^t dt'\,(\partial_\tau\hat\rho_0)(t' - t)",
    ),
    Step(
        "8",
        "claim",
        Equation(
            Trace(A * rhos[1]),
            Trace(A * h(H, tau)) - Integral(Trace(Heisenberg(A, t - past, hbar) * D(rhos[0], tau)), past, 0, t),
        ),
        cites=("7",),
        latex=r"\mathrm{tr}\,\hat A\hat\rho_1 = \mathrm{tr}\,\hat A h(\hat H)"
        r" - \int_0^t dt'\,\mathrm{tr}\,\hat A(t - t')\,\partial_\tau\hat\rho_0",
    ),
    Step(
        "9",
        "claim",
        Equation(Commutator(D(rhos[0], tau), H), Commutator(dH, rhos[0])),
        cites=("4",),
        latex=r"[\partial_\tau\hat\rho_0, \hat H] = [\partial_\tau\hat H, \hat\rho_0]",
    ),
    Step(
        "10",
        "claim",
        Equation(
            D(Trace(Heisenberg(A, t, hbar) * D(rhos[0], tau)), t),
            I / hbar * Trace(rhos[0] * Commutator(Heisenberg(A, t, hbar), dH)),
        ),
        cites=("6", "9"),
        latex=r"\frac{d}{dt}\,\mathrm{tr}\,\hat A(t)\,\partial_\tau\hat\rho_0"
        r" = \frac{i}{\hbar}\,\mathrm{tr}\,\hat\rho_0\,[\hat A(t), \partial_\tau\hat H]",
    ),
)

derivation = Derivation(
    name="kubo",
    title="The Kubo formula for a slowly driven Hamiltonian, from the von Neumann equation",
    source="Kubo, J. Phys. Soc. Jpn. 12, 570 (1957), for a drive that is slow",
    steps=STEPS,
    assumptions=(
        Assumption("simple spectrum", "The levels do not cross.", SimpleSpectrum(H), stated=True),
        Assumption(
            "start",
            "At the start the first correction is a function of H.",
            Equation(At(rhos[1], t, 0), h(H, tau)),
            stated=True,
            steps=("7",),
        ),
    ),
)
