"""Closed exact loops: evidence that a residual is no total slow derivative.

Along H(tau) = sum_k H_k e^{i k tau}, with H_{-k} = H_k^dagger and rational matrices, everything is a Laurent polynomial in
z = e^{i tau}.  If the residual were dX/dtau for an X made of H(tau) and of what else depends on tau, its integral over the loop
would vanish; that integral is 2 pi times the coefficient of z^0, an exact number.  An equation in E is tested against a
polynomial phi(E), for which

    int dE phi(E) f(E) delta^(k)(a E + b H) = (-1/a)^k (phi f)^(k)(-b H/a) / |a|.

A loop is a JSON object:

    kind        "loop";      hamiltonian, claim [lhs, rhs], modulo [token]
    size        of the matrices
    matrices    name -> {power: rows of [re, im]}        the Hamiltonian and the operators
    functions   name -> [Laurent coefficients {power: [re, im]} of E^0, E^1, ...]; those of a function without slow time hold
                power 0 only
    test        coefficients of phi
    integral    [re, im]     the coefficient of z^0
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.calculus import Frame
from derive.kernel.certificate import read_frame, require_frame
from derive.kernel.errors import Malformed, Refused, Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.stretch import weights
from derive.kernel.terms import Term, children, from_json, sub, walk

Matrix = tuple[tuple[Gaussian, ...], ...]
Laurent = dict[int, Matrix]  # power of z -> matrix; a scalar is a multiple of the unit
Polynomial = list[dict[int, Gaussian]]  # coefficient of E^k -> Laurent coefficients


class Loop:
    """Evaluates terms along a loop."""

    def __init__(self, frame: Frame, size: int, matrices: dict[str, Laurent], functions: dict[str, Polynomial]) -> None:
        self.frame = frame
        self.size = size
        self.matrices = matrices
        self.functions = functions

    def unit(self, value: Gaussian = ONE) -> Laurent:
        return {0: tuple(tuple(value if a == b else Gaussian(0) for b in range(self.size)) for a in range(self.size))}

    def integral(self, term: Term, test: list[Gaussian]) -> Gaussian:
        """The z^0 coefficient of the scalar term, paired with the test function where it is an equation in E."""
        token = next((t for t in sorted(_energies(term))), "")
        value = self.pair(term, [{0: c} for c in test], token) if token else self.plain(term)
        head = value.get(0)
        if any(_off_unit(matrix) for matrix in value.values()):
            raise Unsupported("a loop integral of an operator: expected an equation under the trace")
        return head[0][0] if head else Gaussian(0)

    def plain(self, term: Term) -> Laurent:
        """A term without an energy."""
        match term[0]:
            case "num":
                return self.unit(Gaussian(Fraction(term[1])))
            case "i":
                return self.unit(IMAGINARY)
            case "ham":
                return self.matrices[term[1]]
            case "op":
                if term[1] not in self.matrices:
                    raise Unsupported(f"the operator {term[1]} along a loop")
                return self.matrices[term[1]]
            case "sum":
                return _total(*(self.plain(part) for part in term[1:]))
            case "prod":
                total = self.unit()
                for part in term[1:]:
                    total = self.times(total, self.plain(part))
                return total
            case "pow" if term[2] >= 0:
                total = self.unit()
                for _ in range(term[2]):
                    total = self.times(total, self.plain(term[1]))
                return total
            case "comm":
                x, y = self.plain(term[1]), self.plain(term[2])
                return _total(self.times(x, y), _scaled(self.times(y, x), Gaussian(-1)))
            case "tr":
                return self.trace(self.plain(term[1]))
            case "d" if term[1] in self.frame.coords:
                return _slope(self.plain(term[2]))
            case "fun":
                return self.function(self.polynomial(term), self.matrices[self.frame.name])
        raise Unsupported(f"the head {term[0]!r} along a loop")

    def polynomial(self, term: Term) -> Polynomial:
        """A function as a polynomial in its energy argument, with its slow derivatives taken."""
        _, name, orders, args, _, _ = term
        if name not in self.functions:
            raise Unsupported(f"the function {name} along a loop")
        made = self.functions[name]
        energies = [a for a in args if a[0] == "ham" or (a[0] == "coord" and a[1].startswith("energy:"))]
        if len(energies) + sum(_is_slow(a) for a in args) != len(args) or len(energies) > 1:
            raise Unsupported(f"the function {name} of something other than one energy and the slow time along a loop")
        if not energies:
            made = made[:1]  # it is a number at every time, the same at every energy
        for order, argument in zip(orders, args, strict=True):
            for _ in range(order):
                made = [_turned(c) for c in made] if _is_slow(argument) else _steeper(made)
        return made

    def function(self, polynomial: Polynomial, at: Laurent) -> Laurent:
        """A polynomial of a matrix, by Horner's rule."""
        total: Laurent = {}
        for coefficient in reversed(polynomial):
            here = {k: self.unit(c)[0] for k, c in coefficient.items() if c}
            total = _total(self.times(total, at), here)
        return total

    def pair(self, term: Term, test: Polynomial, token: str) -> Laurent:
        """int dE phi(E) x term, for a term that holds one delta in E in each of its summands."""
        match term[0]:
            case "sum":
                return _total(*(self.pair(part, test, token) for part in term[1:]))
            case "prod":
                holders = [k for k, part in enumerate(term[1:], 1) if _singular(part)]
                if len(holders) != 1:
                    raise Unsupported(f"a product with {len(holders)} deltas along a loop")
                left, right = self.unit(), self.unit()
                for k, part in enumerate(term[1:], 1):
                    if k == holders[0]:
                        continue
                    if token in _energies(part):
                        test = self.smooth(part, test)
                    elif k < holders[0]:
                        left = self.times(left, self.plain(part))
                    else:
                        right = self.times(right, self.plain(part))
                return self.times(self.times(left, self.pair(term[holders[0]], test, token)), right)
            case "tr":
                return self.trace(self.pair(term[1], test, token))
            case "comm":
                x, y = term[1], term[2]
                return self.pair(("sum", ("prod", x, y), ("prod", ("num", "-1"), y, x)), test, token)
            case "d" if term[1] == token:
                return _scaled(self.pair(term[2], _steeper(test), token), Gaussian(-1))
            case "d" if term[1] in self.frame.coords:  # f d X = d (f X) - (d f) X, the test function being f phi by now
                moved = self.pair(term[2], [_turned(c) for c in test], token)
                return _total(_slope(self.pair(term[2], test, token)), _scaled(moved, Gaussian(-1)))
            case "delta":
                a, b = weights(term[2], token, self.frame)
                for _ in range(term[1]):
                    test = _steeper(test)
                value = self.function(test, _scaled(self.matrices[self.frame.name], Gaussian(-b / a)))
                return _scaled(value, Gaussian((-1 / a) ** term[1] / abs(a)))
        raise Unsupported(f"the head {term[0]!r} under a test function along a loop")

    def smooth(self, part: Term, test: Polynomial) -> Polynomial:
        if part[0] == "coord":
            return [{}, *test]
        if part[0] == "fun":
            return _product(self.polynomial(part), test)
        raise Unsupported(f"the head {part[0]!r} beside a delta along a loop")

    def times(self, x: Laurent, y: Laurent) -> Laurent:
        total: Laurent = {}
        for j, a in x.items():
            for k, b in y.items():
                made = tuple(
                    tuple(_dot(a[r], [b[m][c] for m in range(self.size)]) for c in range(self.size)) for r in range(self.size)
                )
                total[j + k] = _sum_of(total[j + k], made) if j + k in total else made
        return total

    def trace(self, x: Laurent) -> Laurent:
        return {k: self.unit(_dot([m[n][n] for n in range(self.size)], [ONE] * self.size))[0] for k, m in x.items()}


def _is_slow(argument: Term) -> bool:
    return bool(argument[0] == "coord" and str(argument[1]).startswith("slow:"))


def _energies(term: Term) -> set[str]:
    return {p[1] for p in walk(term) if p[0] in ("coord", "d") and p[1].startswith("energy:")}


def _singular(term: Term) -> bool:
    return term[0] in ("delta", "theta") or any(_singular(child) for child in children(term))


def _dot(x: Any, y: Any) -> Gaussian:
    total = Gaussian(0)
    for a, b in zip(x, y, strict=True):
        total = total + a * b
    return total


def _sum_of(a: Matrix, b: Matrix) -> Matrix:
    return tuple(tuple(x + y for x, y in zip(r, s, strict=True)) for r, s in zip(a, b, strict=True))


def _total(*parts: Laurent) -> Laurent:
    total: Laurent = {}
    for part in parts:
        for k, matrix in part.items():
            total[k] = _sum_of(total[k], matrix) if k in total else matrix
    return total


def _scaled(x: Laurent, factor: Gaussian) -> Laurent:
    return {k: tuple(tuple(entry * factor for entry in row) for row in m) for k, m in x.items()}


def _slope(x: Laurent) -> Laurent:
    """d/dtau z^k = i k z^k."""
    return {k: m for power, matrix in x.items() if power for k, m in _scaled({power: matrix}, Gaussian(0, power)).items()}


def _turned(coefficient: dict[int, Gaussian]) -> dict[int, Gaussian]:
    return {k: c * Gaussian(0, k) for k, c in coefficient.items() if k}


def _steeper(polynomial: Polynomial) -> Polynomial:
    return [{k: c * Gaussian(n) for k, c in coefficient.items()} for n, coefficient in enumerate(polynomial)][1:]


def _product(x: Polynomial, y: Polynomial) -> Polynomial:
    made: Polynomial = [{} for _ in range(len(x) + len(y))]
    for m, a in enumerate(x):
        for n, b in enumerate(y):
            for j, c in a.items():
                for k, d in b.items():
                    made[m + n][j + k] = made[m + n].get(j + k, Gaussian(0)) + c * d
    return made


def _off_unit(matrix: Matrix) -> bool:
    return any(entry != (matrix[0][0] if a == b else Gaussian(0)) for a, row in enumerate(matrix) for b, entry in enumerate(row))


def check_loop(data: Any) -> None:
    """Verifies stored loop evidence; Refused where the integral vanishes or is not the one stored."""
    try:
        frame = read_frame(data["hamiltonian"])
        claim = (from_json(data["claim"][0]), from_json(data["claim"][1]))
        size = int(data["size"])
        matrices = {
            str(name): {int(k): tuple(tuple(_number(e) for e in row) for row in rows) for k, rows in powers.items()}
            for name, powers in data["matrices"].items()
        }
        functions = {
            str(name): [{int(k): _number(c) for k, c in coefficient.items()} for coefficient in coefficients]
            for name, coefficients in data["functions"].items()
        }
        test = [_number(c) for c in data["test"]]
        stored = _number(data["integral"])
        modulo = list(data["modulo"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError) as error:
        raise Malformed(f"loop: expected the fields of derive/kernel/loop.py; {error!r:.80}") from error
    require_frame(frame, *claim)
    if list(frame.coords) != modulo:
        raise Refused("the loop is not in the coordinate of the allowed derivative")
    if not 1 <= size <= 6 or any(len(m) != size or any(len(r) != size for r in m) for p in matrices.values() for m in p.values()):
        raise Malformed("loop: expected square matrices of the stated size, at most 6")
    for part in walk(sub(*claim)):
        still = part[0] == "op" and not set(part[3]) & set(modulo)
        if still and set(matrices.get(part[1], {})) - {0}:
            raise Refused(f"{part[1]} does not depend on the slow time, and moves along the loop")
        still = part[0] == "fun" and not any(a[0] == "coord" and a[1] in modulo for a in part[3])
        if still and any(set(coefficient) - {0} for coefficient in functions.get(part[1], [])):
            raise Refused(f"the function {part[1]} does not depend on the slow time, and moves along the loop")
    if any(c.get(-k) != z.conjugate() for p in functions.values() for c in p for k, z in c.items()):
        raise Refused("a function is not real along the loop")
    for name, powers in matrices.items():
        if any(
            powers.get(-k) != tuple(tuple(m[b][a].conjugate() for b in range(size)) for a in range(size))
            for k, m in powers.items()
        ):
            raise Refused(f"{name} is not Hermitian along the loop")
    found = Loop(frame, size, matrices, functions).integral(sub(*claim), test)
    if not found or found != stored:
        raise Refused("the integral over the loop vanishes, or is not the one stored")


def _number(pair: Any) -> Gaussian:
    if not isinstance(pair[0], str) or not isinstance(pair[1], str):
        raise TypeError("expected rational numbers as strings")
    return Gaussian(Fraction(pair[0]), Fraction(pair[1]))
