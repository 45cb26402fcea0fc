"""The model: a finite Hamiltonian H(tau), the state that it drives, and the expansion of that state.

The state obeys the von Neumann equation, and the members of its expansion the same in two times,

    i hbar d rho/dt = [H(eps t), rho],    rho(0) = f(H(0)),    Tr rho = 1,
    i hbar (d/dt + eps d/dtau) (rho_0 + eps rho_1 + ...) = [H(tau), rho_0 + eps rho_1 + ...],

in their standard form; nothing is taken from the equations on trial.  In the moving frame, with
w_ab = (E_a - E_b)/hbar and A the connection, the members that vanish at t = 0 off the diagonal are

    rho_0 = diag p,    p_n = f(E_n(0)),    (d_tau rho_0)_ab = A_ab (p_b - p_a),
    rho_1 = diag q - int_0^t ds exp(-i w s) (d_tau rho_0),
    rho_2 = diag r - int_0^t dt' exp(-i w (t - t')) (d_tau rho_1)(t').

p, q and r do not depend on tau: this is what solvability at the next order gives (for q because the
diagonal of [A, int rho_1] is imaginary, hence zero).  q and r are generic unless `bare`, which makes them
zero.

A function f(E, tau) with f(H, tau) = diag rho_j is known at the levels only: its derivatives in E there
are generic, and those in tau follow from d/dtau f(E_n(tau), tau) = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import factorial, pi
from typing import Any, Final

import numpy as np

from numeric.ensembles import ensemble
from numeric.frame import Complexes, Frame, Reals, moving_frame
from numeric.functions import Bell, Drawn, drawn, drawn_bell, drawn_occupation, waves
from numeric.recognise import Roles
from numeric.refusals import Undefined, Unsupported
from numeric.series import (
    COLUMN,
    FIRST_LABEL,
    LABELS,
    ROW,
    SLOW,
    Array,
    Orders,
    add,
    covariant,
    exponential,
    multiply,
    reciprocal,
    spread,
)
from numeric.streams import stream

TAU: Final = 0.37
NODES: Final = 24  # of a quadrature over a fast time; exact to roundoff for phases below about 20
STEPS: Final = 64  # of the evolution in fast time
DRAWS: Final = 32
RADIUS: Final = 0.4  # of a closed loop: small enough for what is analytic on it to vary smoothly
FRAME_ORDER: Final = 4


@dataclass(frozen=True, eq=False)
class Model:
    """One sample of the model at the slow time `tau`, in the precision `dtype` (complex64 or complex128).

    `loop` replaces H0 + tau V by H0 + r cos(tau) A + r sin(tau) B, which closes after 2 pi.
    """

    ensemble: str
    size: int
    seed: int
    roles: Roles
    dtype: Any = np.complex128
    tau: float = TAU
    loop: bool = False
    bare: bool = False
    gauge: int = 0
    _frames: dict[int, Frame] = field(default_factory=dict, repr=False)
    _functions: dict[tuple[int, int], Drawn] = field(default_factory=dict, repr=False)
    _hermitian: dict[tuple[int | str, ...], Complexes] = field(default_factory=dict, repr=False)
    _drawn: list[tuple[Complexes, ...]] = field(default_factory=list, repr=False)

    def stream(self, *key: int | str) -> np.random.Generator:
        return stream(self.seed, self.ensemble, self.size, *key)

    def at(self, tau: float) -> Model:
        """The same sample at another slow time."""
        return replace(self, tau=tau, _frames={})

    # The Hamiltonian -----------------------------------------------------------------------------

    @property
    def matrices(self) -> tuple[Complexes, ...]:
        """H0, V (or H0, A, B): the first draw whose smallest spacing is above a quarter of the mean one.

        An identity holds for every matrix; a close pair of levels only costs digits.
        """
        if not self._drawn:
            self._drawn.append(self._first_good_draw())
        return self._drawn[0]

    def _first_good_draw(self) -> tuple[Complexes, ...]:
        law, names = ensemble(self.ensemble), ("H0", "A", "B") if self.loop else ("H0", "V")
        best: tuple[Complexes, ...] = ()
        widest = -1.0
        for draw in range(DRAWS):
            made = tuple(law.sample(self.stream("matrix", name, draw), self.size).astype(np.complex128) for name in names)
            places = np.linspace(0, 2 * pi, 24, endpoint=False) if self.loop else (0.0, TAU)
            spacing = min(self._spacing(self._lab(made, float(tau), 0)[0]) for tau in places)
            if spacing > widest:
                best, widest = made, spacing
            if spacing > 0.25:
                break
        return best

    @property
    def kramers(self) -> bool:
        return ensemble(self.ensemble).kramers

    def _spacing(self, hamiltonian: Complexes) -> float:
        """The smallest spacing over the mean one."""
        levels = np.linalg.eigvalsh(hamiltonian)[:: 2 if self.kramers else 1]
        return float(np.diff(levels).min() / np.diff(levels).mean())

    def _lab(self, matrices: tuple[Complexes, ...], tau: float, order: int) -> list[Complexes]:
        if not self.loop:
            h0, v = matrices
            return [h0 + tau * v, v]
        h0, a, b = matrices
        _, cosine, sine = waves(tau, 0, order)
        waved = zip(cosine, sine, strict=True)
        parts: list[Complexes] = [np.asarray(RADIUS * (c * a + s * b), np.complex128) for c, s in waved]
        parts[0] = parts[0] + h0
        return parts

    def frame(self, order: int = FRAME_ORDER) -> Frame:
        """The moving frame, of at least the given order."""
        order = max(order, FRAME_ORDER)
        if order not in self._frames:
            gauge = stream(self.seed, "gauge", self.gauge).uniform(0.3, 1.0, (2 * order, self.size))
            lab = self._lab(self.matrices, self.tau, order + 1)
            self._frames[order] = moving_frame(
                [h.astype(self.dtype) for h in lab], order, gauge, kramers=self.kramers, start=lab[0]
            )
        return self._frames[order]

    def connection(self, orders: Orders) -> Array:
        return self.frame(orders.slow + 1).connection[:, : orders.slow + 1]

    def constant(self, lab: Complexes, orders: Orders) -> Array:
        """An operator that does not depend on the slow time."""
        return self.carried([lab], orders)

    def carried(self, lab: list[Complexes], orders: Orders) -> Array:
        """An operator given by its Taylor coefficients in tau, in the lab basis."""
        frame = self.frame(orders.slow)
        return frame.carry([x.astype(self.dtype) for x in lab])[:, : orders.slow + 1]

    # Numbers and generic symbols -----------------------------------------------------------------

    @property
    def real(self) -> Any:
        return np.float32 if self.dtype == np.complex64 else np.float64

    def parameter(self, symbol: Any) -> float:
        """A generic positive value, away from 1."""
        rng = self.stream("parameter", self.roles.number(symbol))
        value = rng.uniform(0.55, 0.85) if rng.random() < 0.5 else rng.uniform(1.15, 1.45)
        return float(value)

    @property
    def hbar(self) -> float:
        if self.roles.hbar is None:
            raise Undefined("the model has no hbar: no parameter with the dimension of an action")
        return self.parameter(self.roles.hbar)

    def time(self, symbol: Any) -> float:
        """A generic time; the one on which the state depends is tau/eps, so that the slow time is eps t."""
        state = self.roles.state or self.roles.family
        if self.roles.epsilon is not None and (state is None or symbol in state.coordinates):
            return TAU / self.parameter(self.roles.epsilon)
        return float(self.stream("time", self.roles.number(symbol)).uniform(0.4, 1.1))

    def function(self, symbol: Any, times: int) -> Drawn:
        key = (self.roles.number(symbol), times)
        if key not in self._functions:
            self._functions[key] = drawn(self.stream("function", key[0]), times)
        return self._functions[key]

    def hermitian(self, *key: int | str) -> Complexes:
        """A Hermitian matrix without further symmetry."""
        if key not in self._hermitian:
            z = self.stream("hermitian", *key).standard_normal((self.size, self.size, 2)) @ np.array([1, 1j])
            self._hermitian[key] = (z + z.conj().T) / (2 * self.size**0.5)
        return self._hermitian[key]

    def operator(self, symbol: Any, slow: bool, orders: Orders) -> list[Array]:
        """A generic operator: its Taylor coefficients in a fast time, each carried in the slow time."""
        shapes = waves(self.tau, 0, orders.slow) if slow else [[1.0]]
        result = []
        for j in range(3):
            parts = [self.hermitian(self.roles.number(symbol), j, i) for i in range(len(shapes))]
            lab = [
                np.asarray(sum(wave[k] * part for wave, part in zip(shapes, parts, strict=True)) / factorial(j))
                for k in range(len(shapes[0]))
            ]
            result.append(self.carried(lab, orders))
        return result

    # The state -----------------------------------------------------------------------------------

    @cached_property
    def occupations(self) -> tuple[Bell, ...]:
        """Functions f_0, f_1, f_2 whose values at the levels of H(0) are p, q, r before normalisation."""
        first = drawn_occupation(self.stream("occupation", 0))
        return (first, *(drawn_bell(self.stream("occupation", j)) for j in (1, 2)))

    @cached_property
    def _early(self) -> Frame:
        return self.at(0.0).frame(0)

    @cached_property
    def partition(self) -> float:
        levels = self._early.points[0].astype(float)
        return float(self.occupations[0].taylor(levels, 0)[0].sum() * self._early.degeneracy)

    def diagonal(self, order: int) -> Reals:
        """p, q or r on the points of the spectrum; p has trace 1."""
        if order > 2:
            raise Unsupported(f"member {order} of the expansion is not in the model yet")
        values = self.occupations[order].taylor(self._early.points[0].astype(float), 0)[0] / self.partition
        if order and self.bare:
            values = np.zeros_like(values)
        return np.asarray(values.astype(self.real))

    def state(self, time: float, orders: Orders) -> list[Array]:
        """The Taylor coefficients in t of the exact state at `time`, each carried in the slow time."""
        if self.loop:
            raise Unsupported("the exact state on a closed loop")
        if self.roles.epsilon is None:
            raise Undefined("the model has no small parameter: none with the dimension of slow time over time")
        rho = [self._evolved(time)]
        eps = self.parameter(self.roles.epsilon)
        h0, v = self.matrices
        h = [h0 + eps * time * v, eps * v]
        for k in range(orders.fast):
            drive = sum(h[i] @ rho[k - i] - rho[k - i] @ h[i] for i in range(min(k + 1, len(h))))
            rho.append(np.asarray(drive) / (1j * self.hbar * (k + 1)))
        return [self.carried([r], orders) for r in rho]

    def _evolved(self, time: float) -> Complexes:
        """rho at `time` from rho(0) = f(H(0)) by unitary steps, fourth order (two exponentials each)."""
        h0, v = self.matrices
        basis = self._early.basis
        start = (basis * self.diagonal(0)[self._early.point_of]) @ basis.conj().T
        if time == 0:
            return np.asarray(start)
        eps = self.parameter(self.roles.epsilon)
        step = time / STEPS
        offset = 3**0.5 / 6
        a, b = (3 - 2 * 3**0.5) / 12, (3 + 2 * 3**0.5) / 12
        begin = step * np.arange(STEPS)
        early, late = begin + (0.5 - offset) * step, begin + (0.5 + offset) * step
        unitary = np.eye(self.size, dtype=np.complex128)
        weights = np.stack([b * early + a * late, a * early + b * late], axis=1).reshape(-1)
        halves = 0.5 * h0 + eps * weights[:, None, None] * v  # a + b = 1/2
        energies, vectors = np.linalg.eigh(halves)
        phases = np.exp(-1j * step / self.hbar * energies)
        for phase, vector in zip(phases, vectors, strict=True):
            unitary = (vector * phase) @ (vector.conj().T @ unitary)
        return np.asarray(unitary @ start @ unitary.conj().T)

    # The members of the expansion ----------------------------------------------------------------

    def frequencies(self, orders: Orders) -> Array:
        """w_ab = (E_a - E_b)/hbar as a series in the slow time."""
        energies = self.frame(orders.slow).energies[: orders.slow + 1]
        w = (energies[:, :, None] - energies[:, None, :]) / self.hbar
        return spread(w.astype(self.dtype), SLOW, ROW, COLUMN)

    def flow(self, time: Array, orders: Orders) -> Array:
        """exp(i w_ab time), to be multiplied into the elements of an operator."""
        return exponential(1j * multiply(self.frequencies(orders), time, orders, elementwise=True), orders)

    def member(self, order: int, time: Array, orders: Orders) -> Array:
        """rho_order at the fast time `time` (a series of numbers)."""
        still = spread(np.diag(self.diagonal(order)[self.frame().point_of]).astype(self.dtype), ROW, COLUMN)
        if order == 0:
            return still
        if order == 1:
            change = self._slow_change(0, time, orders)
            return add(still, -multiply(change, self._memory(time, orders), orders, elementwise=True))
        nodes, weights = (x.astype(self.dtype) for x in unit_nodes())
        axis = FIRST_LABEL + LABELS - 1  # the last label is the model's own
        node, weight = spread(nodes, axis), spread(weights, axis)
        drive = self._slow_change(order - 1, np.asarray(node * time), orders)
        back = self.flow(np.asarray((node - 1) * time), orders)
        part = multiply(np.asarray(time * weight), multiply(back, drive, orders, elementwise=True), orders)
        return add(still, -part.sum(axis=axis, keepdims=True))

    def _slow_change(self, order: int, time: Array, orders: Orders) -> Array:
        """d_tau rho_order."""
        inner = self.member(order, time, Orders(orders.fast, orders.slow + 1))
        return covariant(inner, self.connection(orders), orders)

    def _memory(self, time: Array, orders: Orders) -> Array:
        """int_0^t ds exp(-i w s) = (1 - exp(-i w t))/(i w); where w = 0 it is not used, and wrong."""
        w = self.frequencies(orders).copy()
        w[0, 0][w[0, 0] == 0] = 1  # the diagonal and Kramers partners, where d_tau rho_0 vanishes
        lag = -self.flow(-time, orders)
        lag = add(lag, np.ones_like(lag[:1, :1]))
        return multiply(lag, reciprocal(1j * w, orders), orders, elementwise=True)

    # Functions known at the levels ---------------------------------------------------------------

    def level_jets(self, symbol: Any, order: int, slow: int, most: int) -> Reals:
        """The coefficients of d^i (E - E_n)^j, i <= slow, j <= most, at each point, in this order of axes."""
        top = slow + most
        points = self.frame(top).points
        jets = np.zeros((top + 1, top + 1, points.shape[1]), dtype=self.real)
        generic = self.function(symbol, 0)
        size = 1 / self.size
        for i, wave in enumerate(waves(self.tau, 0, top)):
            taylor = generic.energy_taylor(i, 0, points[0], top)
            jets += size * np.asarray(wave, dtype=self.real)[:, None, None] * taylor[None]
        jets[:, 0] = 0
        jets[0, 0] = self.diagonal(order)
        power = np.zeros((top + 1, points.shape[1]), dtype=self.real)  # (E_n(d) - E_n(0))^j
        power[0] = 1
        moved = points[: top + 1].copy()
        moved[0] = 0
        for j in range(1, top + 1):
            power = _times(power, moved)
            jets[1:, 0] -= _times(jets[:, j], power)[1:]
        return jets[: slow + 1, : most + 1]


def _times(x: Reals, y: Reals) -> Reals:
    """The product of two series along the first axis."""
    result = np.zeros_like(x)
    for i in range(len(x)):
        result[i:] += x[i] * y[: len(y) - i]
    return result


def unit_nodes() -> tuple[Reals, Reals]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, weights / 2
