"""Closed loops H(tau) = sum_k H_k z^k, z = e^{i tau}: is the integral of a residual over one the stored number, and not 0?

The integral over 2 pi is the mean over the loop.  Here it is taken as a mean over points: what is a polynomial in z and 1/z of
degree below N has the same mean over the N roots of z^N = 1, and modulo p = 2^61 - 1 such roots are there for every N that
divides p - 1.  About each root everything is a Taylor series in tau, d z^k = i k z^k d tau, and a slow derivative is its shift.

An equation in E is tested against phi(E) = sum_m phi_m E^m, by its moments int dE E^m x: with x = f(E) y they are sums of those
of y, d_E lowers m, and int dE E^m delta^(k)(a E + b H) is a power of H.  What multiplies stays outside a slow derivative.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.second.around import Here, modular
from derive.second.germs import Disagrees, NoMeaning
from derive.second.ground import Term
from derive.second.moves import parts, walk
from derive.second.numbers import PRIME, Number, P
from derive.second.reading import equation_of, less

Laurent = dict[int, Any]
PRIMES = (3, 5, 7, 11, 13, 31, 41, 61, 151, 331, 1321)  # odd ones that divide p - 1, 3 and 5 twice
MOST = 2000  # points of a loop


def check_loop(data: Any) -> int:
    """How many points were looked at; Disagrees where the loop does not show what it says."""
    try:
        return _checked(data)
    except (Disagrees, NoMeaning):
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Disagrees(f"no loop: {type(error).__name__}: {error!s:.80}") from error


def _checked(data: Any) -> int:
    loop = Loop(data)
    residual = less(*equation_of(data["claim"]))
    loop.refuse_malformed(residual, [str(token) for token in data["modulo"]])
    points = roots(loop.degree(residual, max(0, len(loop.test) - 1)) + 1)
    total: Number = PRIME.zero
    for z in points:
        total = PRIME.add(total, loop.at(residual, z))
    mean = PRIME.mul(total, PRIME.inverse(PRIME.of(len(points))))
    stored = _pair(data["integral"])
    if not any(stored) or mean != modular(stored):
        raise Disagrees("the integral over the loop vanishes, or is not the one stored")
    return len(points)


def roots(most: int) -> list[int]:
    """The roots of z^N = 1 modulo p, for the least N above a degree that divides p - 1."""
    divisors = {1}
    for q in (*PRIMES, 3, 5):
        divisors |= {n * q for n in divisors if n * q <= MOST}
    n = min((n for n in divisors if n > most), default=0)
    if not n:
        raise NoMeaning(f"a loop of degree {most}")
    for base in range(2, 200):
        root = pow(base, (P - 1) // n, P)
        if all(pow(root, n // q, P) != 1 for q in PRIMES if n % q == 0):
            return [pow(root, k, P) for k in range(n)]
    raise NoMeaning("no root of unity found")


class Loop:
    """The stored matrices and functions."""

    def __init__(self, data: Any) -> None:
        name, coords = data["hamiltonian"]
        self.name, self.coords = str(name), tuple(map(str, coords))
        self.size = int(data["size"])
        self.matrices: dict[str, Laurent] = {
            str(op): {int(k): [[_pair(entry) for entry in row] for row in rows] for k, rows in powers.items()}
            for op, powers in data["matrices"].items()
        }
        self.functions: dict[str, list[Laurent]] = {
            str(f): [{int(k): _pair(c) for k, c in one.items()} for one in coefficients]
            for f, coefficients in data["functions"].items()
        }
        self.test = [_pair(c) for c in data["test"]]

    def refuse_malformed(self, residual: Term, modulo: list[str]) -> None:
        if len(self.coords) != 1 or list(self.coords) != modulo or self.name not in self.matrices:
            raise Disagrees("the loop is not in the coordinate of the allowed derivative")
        for op, powers in self.matrices.items():
            for k, m in powers.items():
                if len(m) != self.size or any(len(row) != self.size for row in m):
                    raise Disagrees(f"{op} is not of the stated size")
                opposite = powers.get(-k)
                if opposite is None or any(
                    opposite[a][b] != (m[b][a][0], -m[b][a][1]) for a in range(self.size) for b in range(self.size)
                ):
                    raise Disagrees(f"{op} is not Hermitian along the loop")
        for f, coefficients in self.functions.items():
            if any(one.get(-k) != (c[0], -c[1]) for one in coefficients for k, c in one.items()):
                raise Disagrees(f"the function {f} is not real along the loop")
        for part in walk(residual):
            if part[0] == "ham" and (part[1], tuple(part[2])) != (self.name, self.coords):
                raise Disagrees("the claim speaks of another Hamiltonian")
            still = part[0] == "op" and not set(part[3]) & set(modulo)
            if still and set(self.matrices.get(part[1], {})) - {0}:
                raise Disagrees(f"{part[1]} does not depend on the slow time, and moves along the loop")
            still = part[0] == "fun" and not any(a[0] == "coord" and a[1] in modulo for a in part[3])
            if still and any(set(one) - {0} for one in self.functions.get(part[1], [])):
                raise Disagrees(f"the function {part[1]} does not depend on the slow time, and moves along the loop")

    # how far to go

    def degree(self, term: Term, moment: int) -> int:
        """A bound on the powers of z in the moments of a term up to E^moment."""
        highest = max((abs(k) for k in self.matrices[self.name]), default=0)
        match term[0]:
            case "ham" | "op":
                return max((abs(k) for k in self.matrices.get(term[1], {})), default=0)
            case "sum":
                return max((self.degree(part, moment) for part in term[1:]), default=0)
            case "prod" | "comm":
                spread = moment + sum(len(self.functions.get(p[1], ())) + 1 for p in walk(term) if p[0] in ("fun", "coord"))
                return sum(self.degree(part, spread) for part in parts(term))
            case "pow":
                return abs(int(term[2])) * self.degree(term[1], moment)
            case "fun":
                coefficients = self.functions.get(term[1], [])
                return max((abs(k) for one in coefficients for k in one), default=0) + len(coefficients) * highest
            case "delta":
                return moment * highest
        return max((self.degree(part, moment) for part in parts(term)), default=0)

    def slopes(self, term: Term) -> int:
        """Slow derivatives inside one another."""
        inner = max((self.slopes(part) for part in parts(term)), default=0)
        if term[0] == "fun":
            inner += sum(int(k) for a, k in zip(term[3], term[2], strict=True) if a == ("coord", self.coords[0]))
        return inner + int(term[0] == "d" and term[1] == self.coords[0])

    def at(self, residual: Term, z: int) -> Number:
        """The residual at a point of the loop, against the test function where it is an equation in E."""
        energies = {p[1] for p in walk(residual) if p[0] in ("coord", "d") and p[1].startswith("energy:")}
        if len(energies) > 1:
            raise NoMeaning("an equation in two energies along a loop")
        here = Here(
            self.name, self.coords, self.size, self.matrices, self.functions, z, self.slopes(residual), next(iter(energies), "")
        )
        if not energies:
            return here.number(here.plain(residual))
        total: Number = PRIME.zero
        for m, c in enumerate(self.test):
            if any(c):
                total = PRIME.add(total, PRIME.mul(modular(c), here.number(here.moment(residual, m))))
        return total


def _pair(data: Any) -> tuple[Fraction, Fraction]:
    if not isinstance(data, list) or len(data) != 2 or not all(isinstance(x, str) for x in data):
        raise Disagrees(f"expected a number as two fractions, came {data!r:.40}")
    return (Fraction(data[0]), Fraction(data[1]))
