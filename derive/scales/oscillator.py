"""Multiple scales for weakly nonlinear oscillators, to any order, in exact arithmetic.

    x'' + omega0^2 x = eps f_1(x, x') + eps^2 f_2(x, x') + ...        f_k polynomials over Q

(damping is a force: f_1 = -2 x' for x'' + 2 eps x' + x = 0).  With T_n = eps^n t, d/dt = D_0 + eps D_1 + eps^2 D_2 + ...,

    x = x_0 + eps x_1 + ...,     x_0 = z + zbar,     z = A(T_1, T_2, ...) exp(i omega0 T_0).

The equation does not know the origin of time, so x_n is a polynomial in z and zbar, and D_n z = z psi_n(|z|^2): every x_n is a
Laurent polynomial in exp(i omega0 T_0) whose harmonic p - q is that of z^p zbar^q.  The derivations act by

    D_0 z^p zbar^q = i omega0 (p - q) z^p zbar^q,      D_n z^p zbar^q = z^p zbar^q (p psi_n + q psi_n^*)(z zbar).

They need not commute: v = x' has v_n = sum over a + b = n of D_a x_b, and x'' has the terms sum over a + b = n of D_a v_b, so
every D_a D_b stands in both orders, and x is a formal solution whatever the commutators are.  Order n reads

    (D_0^2 + omega0^2) x_n + 2 i omega0 (z psi_n - zbar psi_n^*) = R_n(z, zbar),

where R_n holds what is known.  The terms of R_n with p - q = 1 are secular and fix psi_n; the others give
x_n = R_pq / (omega0^2 (1 - (p - q)^2)).  No solution of the homogeneous equation is added at order n >= 1, so that A is the whole
first harmonic: |A| = a/2 with a its amplitude.  Source: Nayfeh, Perturbation Methods (1973), the chapter on multiple scales.

>>> flow = Oscillator({(3, 0): -1}).slow_flow(2)        # Duffing, x'' + x + eps x^3 = 0
>>> [{power: str(c) for power, c in term.items()} for term in flow.frequency()]
[{0: '1'}, {2: '3/8'}, {4: '-15/256'}]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from derive.kernel.gaussian import ONE, Gaussian
from derive.scales.errors import ScalesError, brief, require_order
from derive.scales.flow import Rate, SlowFlow
from derive.scales.polynomials import Harmonics, Work, accumulate, exact, longest, multiply

Force = Mapping[tuple[int, int], Any]

MOST = 12
MOST_DEGREE = 64
MINUS = Gaussian(-1)


class Oscillator:
    """x'' + omega0^2 x = eps f_1 + eps^2 f_2 + ...; a force is {(i, j): coefficient of x^i x'^j}, several stand in a list."""

    def __init__(self, force: Force | Sequence[Force], omega0: Any = 1) -> None:
        if not isinstance(force, Mapping | list | tuple):
            raise ScalesError(f"force: expected {{(i, j): coefficient of x^i x'^j}} or a list of such, came {brief(force)}")
        forces = [force] if isinstance(force, Mapping) else list(force)
        self.omega0 = exact(omega0, "omega0")
        if self.omega0 <= 0:
            raise ScalesError(
                f"omega0: expected a positive number, came {brief(omega0)}; without it nothing oscillates at order zero"
            )
        self.forces = tuple(_polynomial(f) for f in forces)

    def slow_flow(self, order: int) -> SlowFlow:
        """The rates psi_1 .. psi_order and the terms x_0 .. x_order; ScalesError above order 12 or the bound of work."""
        require_order(order, 0, MOST, "the number of terms grows fast; the bound stands in derive/scales/oscillator.py")
        run = _Run(self)
        for n in range(1, order + 1):
            run.advance(n)
        return SlowFlow(self.omega0, order, tuple(run.rates[1:]), tuple(run.x))


class _Run:
    """The terms of x and x' and the rates, order by order."""

    def __init__(self, oscillator: Oscillator) -> None:
        self.forces = oscillator.forces
        self.omega0 = oscillator.omega0
        self.work = Work()
        self.rates: list[Rate] = [{}]
        self.x: list[Harmonics] = [{(1, 0): ONE, (0, 1): ONE}]
        self.v: list[Harmonics] = [self.along(0, self.x[0])]
        self.known: dict[tuple[int, int, int], Harmonics] = {}

    def along(self, n: int, y: Harmonics) -> Harmonics:
        """D_n y."""
        found: Harmonics = {}
        if n == 0:
            return {(p, q): c * Gaussian(0, self.omega0 * (p - q)) for (p, q), c in y.items() if p != q}
        self.work.spend(len(y) * len(self.rates[n]), longest((*y.values(), *self.rates[n].values())))
        for (p, q), c in y.items():
            for k, rate in self.rates[n].items():
                accumulate(found, {(p + k, q + k): c}, rate * Gaussian(p) + rate.conjugate() * Gaussian(q))
        return found

    def force(self, n: int) -> Harmonics:
        """The coefficient of eps^n of the forces."""
        found: Harmonics = {}
        for k, force in enumerate(self.forces[:n], start=1):
            for (i, j), coefficient in force.items():
                accumulate(found, self.monomial(i, j, n - k), Gaussian(coefficient))
        return found

    def monomial(self, i: int, j: int, k: int) -> Harmonics:
        """The coefficient of eps^k of x^i v^j."""
        if (i, j) == (0, 0):
            return {(0, 0): ONE} if k == 0 else {}
        if (i, j, k) not in self.known:
            series, less = (self.v, (i, j - 1)) if j else (self.x, (i - 1, j))
            found: Harmonics = {}
            for b in range(k + 1):
                accumulate(found, multiply(self.monomial(*less, k - b), series[b], self.work), ONE)
            self.known[i, j, k] = found
        return self.known[i, j, k]

    def advance(self, n: int) -> None:
        """Order n: the rate psi_n from the secular terms, x_n from the others."""
        speed: Harmonics = {}  # v_n but for D_0 x_n and D_n x_0
        for a in range(1, n):
            accumulate(speed, self.along(a, self.x[n - a]), ONE)
        rest = self.force(n)
        accumulate(rest, self.along(0, speed), MINUS)
        for a in range(1, n):
            accumulate(rest, self.along(a, self.v[n - a]), MINUS)
        secular = Gaussian(0, 2 * self.omega0).inverse()
        self.rates.append({q: c * secular for (p, q), c in sorted(rest.items()) if p - q == 1})
        square = self.omega0**2
        term = {(p, q): c * Gaussian(1 / (square * (1 - (p - q) ** 2))) for (p, q), c in rest.items() if abs(p - q) != 1}
        self.x.append(term)
        accumulate(speed, self.along(0, term), ONE)
        accumulate(speed, self.along(n, self.x[0]), ONE)
        self.v.append(speed)


def _polynomial(force: Any) -> dict[tuple[int, int], Fraction]:
    if not isinstance(force, Mapping):
        raise ScalesError(f"force: expected a mapping {{(i, j): coefficient of x^i x'^j}}, came {brief(force)}")
    found = {}
    for key, value in force.items():
        if not (isinstance(key, tuple) and len(key) == 2 and all(type(k) is int and k >= 0 for k in key)):
            raise ScalesError(f"force: expected a pair of powers >= 0, of x and of x', came {brief(key)}")
        if sum(key) > MOST_DEGREE:
            raise ScalesError(f"force: expected a degree of at most {MOST_DEGREE}, came x^i x'^j with {brief(key)}")
        found[key] = exact(value, f"the coefficient of x^{key[0]} x'^{key[1]}")
    return {key: value for key, value in found.items() if value}
