"""Terms about one point of a closed loop, as Taylor series of matrices in tau modulo p."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.second.germs import NoMeaning
from derive.second.ground import Term
from derive.second.moves import walk
from derive.second.numbers import PRIME, Number, P
from derive.second.reading import weights

Matrix = list[list[Number]]
Series = list[Matrix]  # coefficients of powers of the increment of tau
Laurent = dict[int, Any]  # power of z -> number or matrix of numbers, each two fractions


@dataclass(frozen=True)
class Here:
    """Taylor's series in tau about one point of a loop."""

    name: str  # of the Hamiltonian
    coords: tuple[str, ...]
    size: int
    matrices: dict[str, Laurent]
    functions: dict[str, list[Laurent]]
    z: int
    order: int
    energy: str

    def number(self, x: Series) -> Number:
        head = x[0]
        if any(head[a][b] != (head[0][0] if a == b else PRIME.zero) for a in range(self.size) for b in range(self.size)):
            raise NoMeaning("a loop integral of an operator: expected an equation under the trace")
        return head[0][0]

    def laurent(self, powers: Laurent, matrix: bool) -> Series:
        """sum_k c_k z^k (i k)^n/n!, n = 0, 1, .."""
        made = []
        for n in range(self.order + 1):
            total = self.zero()
            for k, c in powers.items():
                weight = PRIME.of(pow(self.z, k, P))
                for j in range(1, n + 1):
                    weight = PRIME.mul(weight, PRIME.mul(PRIME.i, PRIME.of(Fraction(k, j))))
                for a in range(self.size):
                    for b in range(self.size):
                        if matrix or a == b:
                            entry = PRIME.mul(weight, modular(c[a][b] if matrix else c))
                            total[a][b] = PRIME.add(total[a][b], entry)
            made.append(total)
        return made

    def zero(self) -> Matrix:
        return [[PRIME.zero] * self.size for _ in range(self.size)]

    def constant(self, c: Number) -> Series:
        head = [[c if a == b else PRIME.zero for b in range(self.size)] for a in range(self.size)]
        return [head, *(self.zero() for _ in range(self.order))]

    def add(self, *every: Series) -> Series:
        made = self.constant(PRIME.zero)
        for one in every:
            made = [
                [[PRIME.add(p, q) for p, q in zip(r, s, strict=True)] for r, s in zip(x, y, strict=True)]
                for x, y in zip(made, one, strict=True)
            ]
        return made

    def scale(self, x: Series, c: Number) -> Series:
        return [[[PRIME.mul(c, p) for p in row] for row in m] for m in x]

    def times(self, x: Series, y: Series) -> Series:
        made = [self.zero() for _ in range(self.order + 1)]
        for i, a in enumerate(x):
            for j, b in enumerate(y[: self.order + 1 - i]):
                for r in range(self.size):
                    for c in range(self.size):
                        total = made[i + j][r][c]
                        for k in range(self.size):
                            total = PRIME.add(total, PRIME.mul(a[r][k], b[k][c]))
                        made[i + j][r][c] = total
        return made

    def slope(self, x: Series) -> Series:
        return [*([[PRIME.mul(PRIME.of(n), p) for p in row] for row in m] for n, m in enumerate(x[1:], 1)), self.zero()]

    def trace(self, x: Series) -> Series:
        made = []
        for m in x:
            total: Number = PRIME.zero
            for n in range(self.size):
                total = PRIME.add(total, m[n][n])
            made.append([[total if a == b else PRIME.zero for b in range(self.size)] for a in range(self.size)])
        return made

    def hamiltonian(self) -> Series:
        return self.laurent(self.matrices[self.name], True)

    # terms without an energy

    def plain(self, term: Term) -> Series:
        match term:
            case ("num", text):
                return self.constant(PRIME.of(Fraction(text)))
            case ("i",):
                return self.constant(PRIME.i)
            case ("ham", *_):
                return self.hamiltonian()
            case ("op", name, *_):
                if name not in self.matrices:
                    raise NoMeaning(f"the operator {name} along a loop")
                return self.laurent(self.matrices[name], True)
            case ("sum", *terms):
                return self.add(*(self.plain(part) for part in terms))
            case ("prod", *terms):
                made = self.constant(PRIME.one)
                for part in terms:
                    made = self.times(made, self.plain(part))
                return made
            case ("pow", base, int(k)) if k >= 0:
                return self.plain(("prod", *([base] * k)))
            case ("comm", a, b):
                x, y = self.plain(a), self.plain(b)
                return self.add(self.times(x, y), self.scale(self.times(y, x), PRIME.of(-1)))
            case ("tr", body):
                return self.trace(self.plain(body))
            case ("d", token, body) if token in self.coords:
                return self.slope(self.plain(body))
            case ("fun", *_):
                if any(a[0] == "coord" and a[1] not in self.coords for a in term[3]):
                    raise NoMeaning("a function of an energy outside an equation in it")
                total, power = self.constant(PRIME.zero), self.constant(PRIME.one)
                for c in self.function(term):
                    total = self.add(total, self.times(c, power))
                    power = self.times(power, self.hamiltonian())
                return total
        raise NoMeaning(f"the head {term[0]!r} along a loop")

    def function(self, term: Term) -> list[Series]:
        """The coefficients of E^0, E^1, .. of a function with its derivatives taken."""
        _, name, orders, arguments, *_ = term
        if name not in self.functions:
            raise NoMeaning(f"the function {name} along a loop")
        made = [self.laurent(one, False) for one in self.functions[name]]
        for order, argument in zip(orders, arguments, strict=True):
            for _ in range(order):
                if argument[0] == "coord" and argument[1] in self.coords:
                    made = [self.slope(c) for c in made]
                elif argument[0] in ("ham", "coord"):
                    made = [self.scale(c, PRIME.of(n)) for n, c in enumerate(made)][1:]
                else:
                    raise NoMeaning(f"the function {name} at something other than H or E along a loop")
        return made

    # equations in an energy

    def moment(self, term: Term, m: int) -> Series:
        """int dE E^m x term, for a term with one delta in each summand."""
        if m < 0:
            return self.constant(PRIME.zero)
        match term:
            case ("sum", *terms):
                return self.add(*(self.moment(part, m) for part in terms))
            case ("comm", a, b):
                return self.moment(("sum", ("prod", a, b), ("prod", ("num", "-1"), b, a)), m)
            case ("tr", body):
                return self.trace(self.moment(body, m))
            case ("prod", *terms):
                return self.product(terms, m)
            case ("d", token, body) if token == self.energy:
                return self.scale(self.moment(body, m - 1), PRIME.of(-m))
            case ("d", token, body) if token in self.coords:
                return self.slope(self.moment(body, m))
            case ("delta", int(k), argument):
                a, b = weights(argument, self.energy, ("ham", self.name, self.coords))
                if not a:
                    raise NoMeaning("a delta whose argument holds no energy")
                return self.power_of_h(k, m, a, b)
        raise NoMeaning(f"the head {term[0]!r} in an equation in E along a loop")

    def power_of_h(self, k: int, m: int, a: Fraction, b: Fraction) -> Series:
        """int dE E^m delta^(k)(a E + b H) = (-1/a)^k m!/(m-k)! (-b H/a)^(m-k)/|a|."""
        if k > m:
            return self.constant(PRIME.zero)
        factor = (-1 / a) ** k / abs(a)
        for j in range(k):
            factor *= m - j
        made = self.constant(PRIME.of(factor * (-b / a) ** (m - k)))
        for _ in range(m - k):
            made = self.times(made, self.hamiltonian())
        return made

    def product(self, terms: list[Term], m: int) -> Series:
        singular = [k for k, part in enumerate(terms) if any(p[0] in ("delta", "theta") for p in walk(part))]
        if len(singular) != 1:
            raise NoMeaning(f"a product with {len(singular)} deltas along a loop")
        (place,) = singular
        smooth = [self.constant(PRIME.one)]
        left, right = self.constant(PRIME.one), self.constant(PRIME.one)
        for k, part in enumerate(terms):
            if k == place:
                continue
            if self.energy in {p[1] for p in walk(part) if p[0] in ("coord", "d")}:
                smooth = self.polynomial_product(smooth, self.polynomial(part))
            elif k < place:
                left = self.times(left, self.plain(part))
            else:
                right = self.times(right, self.plain(part))
        made = self.constant(PRIME.zero)
        for j, c in enumerate(smooth):
            made = self.add(made, self.times(c, self.moment(terms[place], m + j)))
        return self.times(self.times(left, made), right)

    def polynomial(self, part: Term) -> list[Series]:
        """A function of E, and of tau, as a polynomial in E."""
        match part:
            case ("coord", token) if token == self.energy:
                return [self.constant(PRIME.zero), self.constant(PRIME.one)]
            case ("fun", *_):
                if any(a[0] == "ham" for a in part[3]):
                    raise NoMeaning("a function of H and of an energy along a loop")
                return self.function(part)
            case ("d", token, body):
                made = self.polynomial(body)
                if token == self.energy:
                    return [self.scale(c, PRIME.of(n)) for n, c in enumerate(made)][1:]
                if token in self.coords:
                    return [self.slope(c) for c in made]
        raise NoMeaning(f"the head {part[0]!r} beside a delta along a loop")

    def polynomial_product(self, x: list[Series], y: list[Series]) -> list[Series]:
        made = [self.constant(PRIME.zero) for _ in range(max(0, len(x) + len(y) - 1))]
        for i, a in enumerate(x):
            for j, b in enumerate(y):
                made[i + j] = self.add(made[i + j], self.times(a, b))
        return made


def modular(c: tuple[Fraction, Fraction]) -> Number:
    return PRIME.add(PRIME.of(c[0]), PRIME.mul(PRIME.i, PRIME.of(c[1])))
