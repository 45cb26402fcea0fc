"""Multiple scales for linear evolution equations of operators: the hierarchy and its solvability conditions.

Given F[X] = 0, affine in X, with a derivative in the fast time t, and the ansatz X = X_0 + eps X_1 + eps^2 X_2 + ..., where X_k
depends on t and on slow times that count as independent.  With d_t -> d_t + eps d_tau (+ eps^2 d_tau2 + ...) the equation is
sum_p eps^p (L_p X + S_p) = 0, and the coefficient of eps^k is

    hierarchy(k)       L_0 X_k = - sum over p = 1 .. k of L_p X_(k-p)  -  S_k.

Let L_0 X = c d_t X + M X with a scalar c, and let w be a function of the frozen Hamiltonian, which does not know t.  Then

    projected(k)       Tr(w d_t X_k) + c^-1 Tr(w M X_k) = - c^-1 Tr(w (sum over p of L_p X_(k-p) + S_k))

and what commutes with w drops: Tr(w [X, H]) = Tr([H, w] X) = 0.  Whether a part of M drops is decided by the kernel's normal
form of its trace, not by its looks:

    solvability(k)     d_t Tr(w X_k) (+ what does not drop) = the same right side.

Where all of M drops, Tr(w X_k) is the integral of the right side over t, and it does not grow if the right side is zero:

    secular(k)         sum over p of Tr(w L_p X_(k-p)) + Tr(w S_k) = 0.

Where the right side does not know t, as at order 1 if X_0 does not, this is also necessary.  Where it does, as at order 2, it is
more than necessary: a right side with mean zero over t will do.  Which is meant is for the derivation to say.

A symbolic order stands for 1, 2, ... after its shift; an equation with eps^p in it holds X_(j-p), so it needs `Order("j", p - 1)`
or a higher shift, for X_(-1) does not exist.  Nothing is solved here: `put_in` puts a known X_k in.

>>> from derive.language import *
>>> t, tau, hbar = Coordinate("t", "time"), Coordinate("tau", "slow"), Parameter("hbar", ACTION)
>>> eps, H, rho = Parameter("eps", SLOW / TIME), Hamiltonian("H", tau), Operator("rho", (t,))
>>> rhos = Family("rho_", (t, tau), unit=SLOW / TIME, slow_only=(0,))
>>> found = expand(Equation(Imaginary() * hbar * D(rho, t), Commutator(H, rho)), Equation(rho, Continuation(rhos, eps, 0)))
>>> found.hierarchy(0)
[rho_[0], H] = 0
>>> found.solvability(Order("j"), Function("g")(H))
d_t(Tr((g(H) * rho_[j]))) = (-Tr((g(H) * d_tau(rho_[j-1]))))
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Basic

from derive.language import (
    Continuation,
    D,
    Equation,
    Exactly,
    Family,
    Function,
    Hamiltonian,
    Member,
    Node,
    Operator,
    Order,
    Parameter,
    Product,
    Sum,
    Trace,
    subexpressions,
)
from derive.scales.errors import ScalesError, require_order
from derive.scales.grading import Factors, Grading, Pieces, replaced, require_size
from derive.scales.traces import Weighed, is_scalar, kept_under_trace, product, quotient, traced, written

MOST = 100  # the kernel, which checks an order, writes the series out up to it


@dataclass(frozen=True)
class Expansion:
    """An evolution equation with its ansatz put in: every order is read off `pieces`, which the residual lhs - rhs gives."""

    grading: Grading
    family: Family
    hamiltonians: tuple[Hamiltonian, ...]
    pieces: Pieces

    def hierarchy(self, order: int | Order) -> Equation:
        """The equation of one order: what acts on X_order at order zero, and the rest on the right."""
        left, right = self._sides(order)
        return Equation(written(left), written([(-number, factors) for number, factors in right]))

    def projected(self, order: int | Order, weight: Any = None) -> Equation:
        """The equation of one order divided by the coefficient of d_t X, times `weight`, under the trace."""
        weight = self._weight(weight)
        (number, scalars, operand), rest, right = self._divided(order)
        first = traced(weight, (number, (*scalars, operand)))
        left = [first, *(traced(weight, piece) for piece in rest)]
        return Equation(written(left), written([traced(weight, (-n, factors)) for n, factors in right]))

    def solvability(self, order: int | Order, weight: Any = None) -> Equation:
        """The projected equation without the part of its left side that vanishes under the trace."""
        weight = self._weight(weight)
        _, rest, right = self._divided(order)
        kept = kept_under_trace([traced(weight, piece) for piece in rest])
        growth = D(Trace(product(weight, (self.family[order],))), self.grading.fast)
        left = [(Fraction(1), (growth,)), *kept]
        return Equation(written(left), written([traced(weight, (-n, factors)) for n, factors in right]))

    def secular(self, order: int | Order, weight: Any = None) -> Equation:
        """The right side of the solvability condition set to zero, so that Tr(weight X_order) does not change in t."""
        weight = self._weight(weight)
        _, rest, right = self._divided(order)
        kept = kept_under_trace([traced(weight, piece) for piece in rest])
        if kept:
            raise ScalesError(
                f"at order zero {written(kept)!r:.80} is left under the trace beside the derivative of Tr(w X): the right side "
                "need not vanish; expected an equation whose undisturbed part is a commutator with the Hamiltonian"
            )
        if not right:
            raise ScalesError(f"order {order} has no right side: expected an order >= 1")
        return Equation(written([traced(weight, piece) for piece in right]), 0)

    def _sides(self, order: int | Order) -> tuple[list[Weighed], list[Weighed]]:
        """The pieces on X_order at order zero, and all others of this order, with the members in their places."""
        self._require(order)
        left: list[Weighed] = []
        right: list[Weighed] = []
        for (power, factors), number in self.pieces.items():
            if not any(map(self.grading.holds_unknown, factors)):
                if power == order:
                    right.append((number, factors))
                continue
            if isinstance(order, int) and power > order:
                continue
            placed = self._placed(factors, self.family[order - power])
            if placed is not None:
                (right if power else left).append((number, placed))
        return left, right

    def _placed(self, factors: Factors, member: Member) -> Factors | None:
        """The word with a member in the place of the unknown; None where a derivative of the member is zero."""
        placed = tuple(replaced(factor, self.grading.unknown, member) for factor in factors)
        for factor in placed:
            for part in subexpressions(factor):
                if isinstance(part, D) and _holds(part, member) and not self.grading.depends(part.args[0], part.args[1]):
                    return None
        return placed

    def _require(self, order: Any) -> None:
        if not isinstance(order, Order):
            require_order(order, 0, MOST, 'ask for a symbolic one, Order("j"), which holds for all')
            return
        if abs(order.shift) > MOST:
            raise ScalesError(f"the symbolic order {order.name}: expected a shift of at most {MOST}")
        sources = [power for power, factors in self.pieces if not any(map(self.grading.holds_unknown, factors))]
        highest = max(power for power, factors in self.pieces if any(map(self.grading.holds_unknown, factors)))
        if order.shift + 1 < highest:
            raise ScalesError(
                f"the symbolic order {order}: the equation holds powers of {self.grading.parameter} up to {highest}, and at "
                f"{order.name} = 1 there is no member of order {order.shift + 1 - highest}; "
                f"ask for Order({order.name!r}, {highest - 1}), and for the orders below it by number"
            )
        if sources and order.shift + 1 <= max(sources):
            raise ScalesError(
                f"the symbolic order {order}: a term without the unknown stands at order {max(sources)}; "
                f"ask for Order({order.name!r}, {max(sources)}), and for the orders below it by number"
            )

    def _divided(self, order: int | Order) -> tuple[tuple[Fraction, Factors, Basic], list[Weighed], list[Weighed]]:
        """The derivative X_order in t, the rest of the left side and the right side, all divided by its coefficient c."""
        self._require(order)
        member = self.family[order]
        derivative = D(self.grading.unknown, self.grading.fast)
        found = [
            (number, factors)
            for (power, factors), number in self.pieces.items()
            if power == 0 and any(_holds(f, derivative) for f in factors)
        ]
        scalars = [f for _, factors in found for f in factors if f != derivative]
        if len(found) != 1 or not all(map(is_scalar, scalars)):
            raise ScalesError(
                f"expected one term c {derivative} with a constant c, came {written(found)!r:.80}; "
                "the trace cannot be divided by anything else"
            )
        left, right = self._sides(order)
        number, inverse = 1 / found[0][0], tuple(scalars)
        rest = [piece for piece in left if not any(f == D(member, self.grading.fast) for f in piece[1])]
        return (
            (Fraction(1), (), D(member, self.grading.fast)),
            [quotient(piece, number, inverse) for piece in rest],
            [quotient(piece, number, inverse) for piece in right],
        )

    def _weight(self, weight: Any) -> Basic:
        """The weight under the trace: given, or an arbitrary function g of the one Hamiltonian."""
        if weight is None or isinstance(weight, Function):
            if len(self.hamiltonians) != 1:
                raise ScalesError(
                    f"expected one Hamiltonian whose function is the weight, came {len(self.hamiltonians)}; name the weight"
                )
            weight = (weight or Function("g", arbitrary=True))(self.hamiltonians[0])
        if not isinstance(weight, Node):
            raise ScalesError(f"weight: expected a Function or an expression such as g(H), came {weight!r}")
        require_size(weight, "weight")
        if self.grading.touches(weight) or self.grading.depends(weight, self.grading.fast):
            raise ScalesError(
                f"the weight {weight!r:.60} depends on {self.grading.fast}, the small parameter or the unknown: "
                "expected a function of the frozen Hamiltonian"
            )
        return weight


def expand(equation: Equation, ansatz: Equation) -> Expansion:
    """The expansion of an evolution equation by its ansatz `X = X_0 + eps X_1 + ... + Continuation(family, eps, start)`.

    The slow times are those of the family, in order: the k-th is eps^k t.  ScalesError: no series, an ansatz that leaves out or
    changes a term, an equation that is no evolution equation, or not linear in X, or not a polynomial in eps.
    """
    require_size(ansatz, "ansatz")
    require_size(equation, "equation")
    unknown, family, parameter = _series(ansatz)
    fast = [c for c in family.coordinates if c.kind == "time"]
    slow = [c for c in family.coordinates if c.kind == "slow"]
    if len(fast) != 1 or not slow or unknown.coordinates != (fast[0],):
        raise ScalesError(
            f"expected {unknown} to depend on one fast time, and the terms of its series on that and on slow times; "
            f"came {unknown.coordinates} and {family.coordinates}"
        )
    if not isinstance(equation, Equation) or not isinstance(equation.modulo, Exactly):
        raise ScalesError(f"expected an Equation that holds exactly, came {equation!r:.60}")
    grading = Grading(unknown, parameter, fast[0], tuple(slow))
    derivative = D(unknown, fast[0])
    residual = Sum(equation.args[0], Product(-1, equation.args[1]))
    if not any(isinstance(part, D) and part.args[1] == fast[0] and _holds(part, unknown) for part in subexpressions(residual)):
        raise ScalesError(f"not an evolution equation of {unknown}: expected {derivative} in {equation!r:.80}")
    pieces = grading.pieces(residual)
    leading = [factors for power, factors in pieces if power == 0]
    if not any(isinstance(p, D) and _holds(p, unknown) for factors in leading for f in factors for p in subexpressions(f)):
        raise ScalesError(
            f"not an evolution equation of {unknown} in the fast time: at order zero no derivative in {fast[0]} is left"
        )
    hamiltonians = {part for part in subexpressions(residual) if isinstance(part, Hamiltonian)}
    if any(fast[0] in h.coordinates for h in hamiltonians):
        raise ScalesError(
            f"a Hamiltonian depends on the fast time {fast[0]}, so it is not frozen: expected slow times only; "
            "write what is fast as an Operator"
        )
    return Expansion(grading, family, tuple(sorted(hamiltonians, key=lambda h: h.name)), pieces)


def put_in(equation: Equation, *solutions: Equation) -> Equation:
    """The equation with known members put in, as in X_0 = f(H, tau): each solution has a member or an operator on its left."""
    require_size(equation, "equation")
    found = equation
    for solution in solutions:
        require_size(solution, "solution")
        if not isinstance(solution, Equation) or not isinstance(solution.args[0], Member | Operator):
            raise ScalesError(f"expected a solution `X_k = ...`, came {solution!r:.60}")
        found = replaced(found, solution.args[0], solution.args[1])
    return found


def _series(ansatz: Any) -> tuple[Operator, Family, Parameter]:
    """The unknown, the family and the small parameter of an ansatz whose terms are all there."""
    if not isinstance(ansatz, Equation) or not isinstance(ansatz.args[0], Operator) or ansatz.args[0].arbitrary:
        raise ScalesError(f"ansatz: expected an Equation `operator = its series`, came {ansatz!r:.60}")
    unknown = ansatz.args[0]
    if not unknown.coordinates:
        raise ScalesError(f"not an evolution equation of {unknown}: it is declared not to depend on a time")
    dots = [part for part in subexpressions(ansatz.args[1]) if isinstance(part, Continuation)]
    if len(dots) != 1:
        raise ScalesError(
            f"ansatz: expected one series, `X_[0] + eps*X_[1] + Continuation(X_, eps, 2)`, came {len(dots)} in {ansatz!r:.80}"
        )
    family, parameter, start = dots[0].args
    terms = list(ansatz.args[1].args) if isinstance(ansatz.args[1], Sum) else [ansatz.args[1]]
    while any(isinstance(term, Sum) for term in terms):
        terms = [part for term in terms for part in (term.args if isinstance(term, Sum) else (term,))]
    found: Pieces = {}
    reader = Grading(unknown, parameter, unknown.coordinates[0], ())
    for term in terms:
        if Continuation not in map(type, subexpressions(term)):
            found |= reader.pieces(term)
    expected = {(k, (family[k],)): Fraction(1) for k in range(int(start))}
    if dots[0] not in terms or found != expected or len(terms) != int(start) + 1:
        raise ScalesError(
            f"ansatz: expected every order below the dots once, {written([(Fraction(1), f) for (_, f) in expected])!r} with the "
            f"powers of {parameter}, came {ansatz.args[1]!r:.80}"
        )
    return unknown, family, parameter


def _holds(expression: Basic, part: Basic) -> bool:
    return any(found == part for found in subexpressions(expression))
