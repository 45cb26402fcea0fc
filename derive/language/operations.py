"""The compound nodes: commutators, traces, deltas, averages, flow, calculus, series."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Integer

from derive.language.atoms import Coordinate, Family, Index, Named, Parameter
from derive.language.base import LanguageError, Node, name_of, node


def _require(value: Any, kind: type | tuple[type, ...], what: str) -> Any:
    if not isinstance(value, kind):
        raise LanguageError(f"expected {what}, came {value!r}")
    return value


class Commutator(Node):
    """[A, B] = A B - B A."""

    def __new__(cls, left: Any, right: Any) -> Commutator:
        return Basic.__new__(cls, node(left), node(right))


class Adjoint(Node):
    """The Hermitian adjoint."""

    def __new__(cls, operand: Any) -> Adjoint:
        return Basic.__new__(cls, node(operand))


class Trace(Node):
    """sum_n <n| X |n> over the frozen eigenbasis, which is orthonormal and complete."""

    def __new__(cls, operand: Any) -> Trace:
        return Basic.__new__(cls, node(operand))


class Delta(Node):
    """delta^(k)(x): the k-th derivative, in its argument, of the delta distribution; x is affine in one energy
    coordinate, as in `Delta(E - H)`, `Delta(E - Level(n))`, `Delta(2*E - a)`."""

    def __new__(cls, argument: Any, order: Any = 0) -> Delta:
        if int(order) < 0:
            raise LanguageError(f"delta: expected a derivative order >= 0, came {order}")
        return Basic.__new__(cls, node(argument), Integer(order))

    @property
    def argument(self) -> Basic:
        return self.args[0]

    @property
    def order(self) -> int:
        return int(self.args[1])


class Theta(Node):
    """The unit step Theta(x), with Theta' = delta."""

    def __new__(cls, argument: Any) -> Theta:
        return Basic.__new__(cls, node(argument))

    @property
    def argument(self) -> Basic:
        return self.args[0]


class Level(Node):
    """E_n, the n-th level of the frozen Hamiltonian."""

    def __new__(cls, index: Any) -> Level:
        return Basic.__new__(cls, _require(index, Index, "an Index"))


class Ket(Node):
    """|n>, the n-th frozen eigenvector; its phase is a free smooth function of the slow time."""

    def __new__(cls, index: Any) -> Ket:
        return Basic.__new__(cls, _require(index, Index, "an Index"))


class Bra(Node):
    """<n|."""

    def __new__(cls, index: Any) -> Bra:
        return Basic.__new__(cls, _require(index, Index, "an Index"))


class LevelSum(Node):
    """sum over all levels n of an expression that holds the label n."""

    def __new__(cls, index: Any, operand: Any) -> LevelSum:
        return Basic.__new__(cls, _require(index, Index, "an Index"), node(operand))


class D(Node):
    """D(X, x): the derivative of the whole expression X in the coordinate x.

    d_E acts on explicit E only (d_E of an operator is 0); d_tau of f(E, tau) holds E fixed, d_tau of f(H(tau), tau)
    does not; d_t acts on the explicit fast time.
    """

    def __new__(cls, operand: Any, coordinate: Any) -> D:
        return Basic.__new__(cls, node(operand), _require(coordinate, Coordinate, "a Coordinate to differentiate in"))


class Infinity(Node):
    """The upper end of the real line, as a limit of integration; `-Infinity()` the lower end."""

    def __new__(cls) -> Infinity:
        return Basic.__new__(cls)


class Unprinted(Node):
    """A limit of integration that is not printed; the integral is then defined up to a constant."""

    def __new__(cls) -> Unprinted:
        return Basic.__new__(cls)


class Integral(Node):
    """Integral(X, x, lower, upper); without limits over the whole real line."""

    def __new__(cls, operand: Any, coordinate: Any, lower: Any = None, upper: Any = None) -> Integral:
        _require(coordinate, Coordinate, "a Coordinate to integrate over")
        lower = -Infinity() if lower is None else lower
        upper = Infinity() if upper is None else upper
        return Basic.__new__(cls, node(operand), coordinate, node(lower), node(upper))


class Average(Node):
    """<X>_E: the energy average of an operator over the frozen Hamiltonian at energy E."""

    def __new__(cls, operand: Any, energy: Any) -> Average:
        return Basic.__new__(cls, node(operand), _require(energy, Coordinate, "an energy Coordinate"))


class Heisenberg(Node):
    """X(s) = exp(i H s / hbar) X exp(-i H s / hbar): the frozen flow over the fast time s."""

    def __new__(cls, operand: Any, time: Any, hbar: Any) -> Heisenberg:
        return Basic.__new__(cls, node(operand), node(time), _require(hbar, Parameter, "the Parameter hbar"))


class At(Node):
    """X with the coordinate set to a value, as in an initial condition: `At(rho, t, 0)`."""

    def __new__(cls, operand: Any, coordinate: Any, value: Any) -> At:
        return Basic.__new__(cls, node(operand), _require(coordinate, Coordinate, "a Coordinate"), node(value))


class Continuation(Node):
    """The printed dots of a series: sum over j >= start of eps^j rho_j."""

    def __new__(cls, family: Any, parameter: Any, start: Any) -> Continuation:
        _require(family, Family, "a Family")
        _require(parameter, Parameter, "the small Parameter")
        if int(start) < 0:
            raise LanguageError(f"series: expected a first order >= 0, came {start}")
        return Basic.__new__(cls, family, parameter, Integer(start))


class Placeholder(Named):
    """A word of the print that nothing defines (an undefined symbol): it takes part in no certificate."""

    def __new__(cls, name: Any) -> Placeholder:
        return Basic.__new__(cls, name_of(name))
