"""What the slow flow of an oscillator says: amplitude, frequency, limit cycles.

With A = (a/2) exp(i beta) the rates D_n A = A psi_n(|A|^2), psi_n(s) = sum over q of c_nq s^q, give

    a'    = sum over n of eps^n a Re psi_n(a^2/4),          omega = omega0 + beta' = omega0 + sum over n of eps^n Im psi_n(a^2/4).

Two amplitudes are in use, and the published coefficients differ with them: a, that of the first harmonic; and X = x(0) where
x'(0) = 0, the initial displacement.  For x'' + x + eps x^3 = 0

    omega = 1 + 3/8 eps a^2 - 15/256 eps^2 a^4 + ..  =  1 + 3/8 eps X^2 - 21/256 eps^2 X^4 + ..,         X = a + eps a^3/32 + ..

(the second by Lindstedt and Poincare too).  If all coefficients of the x_n are real, z real is a turning point: x(-t) = x(t)
there, and X = sum over n of eps^n x_n(a/2, a/2), a series that is inverted term by term.

A limit cycle has s = a^2/4 > 0 with sum over n >= m of eps^(n-m) Re psi_n(s) = 0, psi_m the first rate with a real part.  At
order zero s_0 is a root of Re psi_m; where it is simple, order k is linear in s_k:

    Re psi_m'(s_0) s_k + (the coefficient of eps^k without s_k) = 0.

The cycle attracts, for small eps > 0, if Re psi_m'(s_0) < 0.  From psi_1 .. psi_N one gets s up to eps^(N-m).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.gaussian import Gaussian
from derive.scales.errors import ScalesError
from derive.scales.polynomials import (
    Harmonics,
    Polynomial,
    Work,
    composed,
    plus,
    positive_roots,
    slope,
    square_root,
    value_at,
)

Rate = dict[int, Gaussian]  # {q: coefficient of s^q}, s = |A|^2


@dataclass(frozen=True)
class LimitCycle:
    """A limit cycle as series in eps: the squared amplitude a^2 of the first harmonic, a itself where a at order zero is
    rational (else None), and the frequency; `attracts` for small eps > 0."""

    squared_amplitude: tuple[Fraction, ...]
    amplitude: tuple[Fraction, ...] | None
    frequency: tuple[Fraction, ...]
    attracts: bool


@dataclass(frozen=True)
class SlowFlow:
    """`rates[n - 1]` is psi_n, `terms[n]` is x_n as a polynomial in z and zbar."""

    omega0: Fraction
    order: int
    rates: tuple[Rate, ...]
    terms: tuple[Harmonics, ...]

    def amplitude_rate(self) -> tuple[Polynomial, ...]:
        """a' = sum over n of eps^n p_n(a), from n = 0 (zero)."""
        return ({}, *({2 * q + 1: c.re / 4**q for q, c in rate.items() if c.re} for rate in self.rates))

    def frequency(self) -> tuple[Polynomial, ...]:
        """omega = sum over n of eps^n p_n(a), a the amplitude of the first harmonic."""
        return ({0: self.omega0}, *({2 * q: c.im / 4**q for q, c in rate.items() if c.im} for rate in self.rates))

    def displacement(self) -> tuple[Polynomial, ...]:
        """X = sum over n of eps^n p_n(a), the displacement at the turning point with z > 0."""
        if any(c.im for term in self.terms for c in term.values()) or any(c.re for rate in self.rates for c in rate.values()):
            raise ScalesError(
                "the motion is not the same forwards and backwards in time, so the phase of its turning points moves: "
                "expected a force even in x'; ask for the frequency by the first harmonic"
            )
        found = []
        for term in self.terms:
            total: Polynomial = {}
            for (p, q), c in term.items():
                total = plus(total, {p + q: c.re / 2 ** (p + q)})
            found.append(total)
        return tuple(found)

    def frequency_by_displacement(self) -> tuple[Polynomial, ...]:
        """omega = sum over n of eps^n p_n(X), X the initial displacement with x'(0) = 0."""
        x_of_a, work = self.displacement(), Work()
        a_of_x: list[Polynomial] = [{1: Fraction(1)}]
        for n in range(1, self.order + 1):
            a_of_x.append({})
            a_of_x[n] = plus({}, composed(x_of_a, a_of_x, n, work)[n], -1)
        return tuple(composed(self.frequency(), a_of_x, self.order, work))

    def limit_cycles(self) -> tuple[LimitCycle, ...]:
        """All limit cycles that bifurcate from the undisturbed motions at positive amplitude, by amplitude."""
        growth = [{q: c.re for q, c in rate.items() if c.re} for rate in self.rates]
        turns = [{q: c.im for q, c in rate.items() if c.im} for rate in self.rates]
        first = next((m for m, polynomial in enumerate(growth) if polynomial), None)
        if first is None:
            raise ScalesError(
                f"no limit cycle to order {self.order}: the amplitude does not change; all is periodic, or the order too low"
            )
        cycles, work = [], Work()
        for root in positive_roots(growth[first]):
            steepness = value_at(slope(growth[first]), root)
            if not steepness:
                raise ScalesError(f"the limit cycle with a^2 = {4 * root} is a double root: it has no expansion in powers of eps")
            s: list[Polynomial] = [{0: root}]
            for k in range(1, self.order - first):
                s.append({})
                s[k] = plus({}, composed(growth[first:], s, k, work)[k], -1 / steepness)
            # psi_n is known at s + O(eps^known), so Im psi_n enters up to eps^(n + known - 1)
            known = len(s)
            slowest = next((n for n, polynomial in enumerate(turns, start=1) if polynomial), self.order)
            last = min(self.order, slowest + known - 1)
            omega = composed([{0: self.omega0}, *turns], [*s, *({} for _ in range(last))], last, work)
            numbers = [value_at(term, Fraction(0)) for term in s]
            cycles.append(
                LimitCycle(
                    tuple(4 * n for n in numbers),
                    _root_series([4 * n for n in numbers]),
                    tuple(value_at(term, Fraction(0)) for term in omega),
                    steepness < 0,
                )
            )
        return tuple(cycles)


def _root_series(squares: list[Fraction]) -> tuple[Fraction, ...] | None:
    """The square root of a series in eps, where that of its first term is rational."""
    first = square_root(squares[0])
    if first is None:
        return None
    roots = [first]
    for k in range(1, len(squares)):
        mixed = sum((roots[i] * roots[k - i] for i in range(1, k)), Fraction(0))
        roots.append((squares[k] - mixed) / (2 * first))
    return tuple(roots)
