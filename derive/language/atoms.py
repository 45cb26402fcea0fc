"""The leaves of the language: coordinates, parameters, operators, functions and labels."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Integer, Tuple
from sympy.core.symbol import Str

from derive.language.base import LanguageError, Node, name_of, node
from derive.language.dimension import DIMENSIONLESS, ENERGY, SLOW, TIME, Dimension, dimension_from, dimension_tuple

KINDS = {"energy": ENERGY, "time": TIME, "slow": SLOW}


class Named(Node):
    """A leaf whose first argument is its name."""

    @property
    def name(self) -> str:
        return str(self.args[0].name)


class Coordinate(Named):
    """A real variable one may differentiate in or integrate over: an energy, a fast time or the slow time.

    `Coordinate("E", "energy")`; kinds: energy, time, slow.  All coordinates are independent of one another.
    """

    def __new__(cls, name: Any, kind: Any) -> Coordinate:
        kind = str(kind.name) if isinstance(kind, Str) else kind
        if kind not in KINDS:
            raise LanguageError(f"coordinate kind: expected one of {', '.join(KINDS)}, came {kind!r}")
        return Basic.__new__(cls, name_of(name), Str(kind))

    @property
    def kind(self) -> str:
        return str(self.args[1].name)


class Parameter(Named):
    """A positive real constant, such as hbar, eps or a window width Delta E."""

    def __new__(cls, name: Any, dimension: Any = DIMENSIONLESS) -> Parameter:
        return Basic.__new__(cls, name_of(name), dimension_tuple(dimension))

    @property
    def dimension(self) -> Dimension:
        return dimension_from(self.args[1])


class Index(Named):
    """A label n of the levels of the frozen Hamiltonian, used by Level, Ket, Bra and LevelSum."""

    def __new__(cls, name: Any) -> Index:
        return Basic.__new__(cls, name_of(name))


class Order(Named):
    """A symbolic order j = 1, 2, ... of a hierarchy; `j - 1` shifts it."""

    def __new__(cls, name: Any, shift: Any = 0) -> Order:
        return Basic.__new__(cls, name_of(name), Integer(shift))

    @property
    def shift(self) -> int:
        return int(self.args[1])

    def __add__(self, other: Any) -> Node:
        if isinstance(other, int | Integer):
            return Order(self.args[0], self.shift + int(other))
        return super().__add__(other)

    def __sub__(self, other: Any) -> Node:
        if isinstance(other, int | Integer):
            return Order(self.args[0], self.shift - int(other))
        return super().__sub__(other)


def _coordinates(values: Any) -> Tuple:
    if not isinstance(values, tuple | list | Tuple):
        raise LanguageError(f"expected a tuple of the coordinates that the symbol depends on, came {values!r}")
    for value in values:
        if not isinstance(value, Coordinate):
            raise LanguageError(f"expected coordinates that the symbol depends on, came {value!r}")
    return Tuple(*values)


class Hamiltonian(Named):
    """H(tau): the frozen Hamiltonian, Hermitian, whose eigenbasis {|n>} and levels E_n every spectral notion refers to."""

    def __new__(cls, name: Any, *coordinates: Any) -> Hamiltonian:
        if len(coordinates) == 1 and isinstance(coordinates[0], Tuple):
            coordinates = tuple(coordinates[0])
        return Basic.__new__(cls, name_of(name), _coordinates(coordinates))

    @property
    def coordinates(self) -> tuple[Coordinate, ...]:
        return tuple(self.args[1].args)


class Operator(Named):
    """A linear operator that depends on the listed coordinates (on none: a constant).

    `arbitrary=True` makes every equation that holds it a scheme: it is claimed for every such operator.
    """

    def __new__(cls, name: Any, coordinates: Any = (), dimension: Any = DIMENSIONLESS, arbitrary: Any = False) -> Operator:
        return Basic.__new__(
            cls, name_of(name), _coordinates(coordinates), dimension_tuple(dimension), Integer(bool(arbitrary))
        )

    @property
    def coordinates(self) -> tuple[Coordinate, ...]:
        return tuple(self.args[1].args)

    @property
    def dimension(self) -> Dimension:
        return dimension_from(self.args[2])

    @property
    def arbitrary(self) -> bool:
        return bool(self.args[3])


class Family(Named):
    """A sequence of operators rho_0, rho_1, ...: the coefficients of a series in a small parameter.

    `Family("rho", (t, tau), dimension, unit, slow_only=(0,))`: rho_j depends on (t, tau), except that the members listed in
    `slow_only` do not depend on a fast time.  `unit` is the dimension of the small parameter: rho_j has dimension/unit^j.
    """

    def __new__(
        cls, name: Any, coordinates: Any, dimension: Any = DIMENSIONLESS, unit: Any = DIMENSIONLESS, slow_only: Any = ()
    ) -> Family:
        return Basic.__new__(
            cls,
            name_of(name),
            _coordinates(coordinates),
            dimension_tuple(dimension),
            dimension_tuple(unit),
            Tuple(*(Integer(k) for k in slow_only)),
        )

    def __getitem__(self, order: Any) -> Member:
        return Member(self, order)

    @property
    def coordinates(self) -> tuple[Coordinate, ...]:
        return tuple(self.args[1].args)

    @property
    def dimension(self) -> Dimension:
        return dimension_from(self.args[2])

    @property
    def unit(self) -> Dimension:
        return dimension_from(self.args[3])

    @property
    def slow_only(self) -> tuple[int, ...]:
        return tuple(int(k) for k in self.args[4].args)

    def coordinates_of(self, order: int) -> tuple[Coordinate, ...]:
        """The coordinates that member `order` depends on."""
        if order in self.slow_only:
            return tuple(c for c in self.coordinates if c.kind != "time")
        return self.coordinates


class Member(Node):
    """rho_j: one member of a family, at a number or at a symbolic Order."""

    def __new__(cls, family: Any, order: Any) -> Member:
        if not isinstance(family, Family):
            raise LanguageError(f"expected a Family, came {family!r}")
        if isinstance(order, int) and not isinstance(order, bool):
            order = Integer(order)
        if not ((isinstance(order, Integer) and order >= 0) or isinstance(order, Order)):
            raise LanguageError(f"expected an order: an integer >= 0 or an Order, came {order!r}")
        return Basic.__new__(cls, family, order)

    @property
    def family(self) -> Family:
        return self.args[0]

    @property
    def order(self) -> int | Order:
        return int(self.args[1]) if isinstance(self.args[1], Integer) else self.args[1]


class Function(Named):
    """A name for a function; calling it gives its value: `f(E, tau)`, `f(H, tau)`, `f(Level(n))`.

    `smooth=False` says that it may be as singular as the density of states (a field defined by delta functions).
    `arbitrary=True` makes every equation that holds it a scheme, claimed for every such function.
    """

    def __new__(
        cls, name: Any, arity: Any = 1, dimension: Any = DIMENSIONLESS, smooth: Any = True, arbitrary: Any = False
    ) -> Function:
        if int(arity) < 0:
            raise LanguageError(f"function {name}: expected an arity >= 0, came {arity}")
        return Basic.__new__(
            cls,
            name_of(name),
            Integer(arity),
            dimension_tuple(dimension),
            Integer(bool(smooth)),
            Integer(bool(arbitrary)),
        )

    def __call__(self, *args: Any) -> Apply:
        return Apply(self, Tuple(*([Integer(0)] * self.arity)), Tuple(*(node(a) for a in args)))

    def partial(self, *orders: int) -> Partial:
        """The partial derivative of the function itself: `f.partial(1, 0)(H, tau)` is (d_E f)(H, tau)."""
        return Partial(self, orders)

    @property
    def arity(self) -> int:
        return int(self.args[1])

    @property
    def dimension(self) -> Dimension:
        return dimension_from(self.args[2])

    @property
    def smooth(self) -> bool:
        return bool(self.args[3])

    @property
    def arbitrary(self) -> bool:
        return bool(self.args[4])


class Partial:
    """A function's partial derivative, waiting for its arguments."""

    def __init__(self, function: Function, orders: tuple[int, ...]) -> None:
        self.function = function
        self.orders = orders

    def __call__(self, *args: Any) -> Apply:
        return Apply(self.function, Tuple(*(Integer(k) for k in self.orders)), Tuple(*(node(a) for a in args)))


class Apply(Node):
    """A function, or one of its partial derivatives, at given arguments; the derivative is taken before the arguments
    are put in, so (d_tau f)(H, tau) is not d_tau of f(H(tau), tau)."""

    def __new__(cls, function: Any, orders: Any, arguments: Any) -> Apply:
        if not isinstance(function, Function):
            raise LanguageError(f"expected a Function, came {function!r}")
        if len(arguments) != function.arity or len(orders) != function.arity:
            raise LanguageError(f"function {function.name}: expected {function.arity} arguments, came {len(arguments)}")
        if any(k < 0 for k in orders):
            raise LanguageError(f"function {function.name}: expected orders of differentiation >= 0, came {orders}")
        return Basic.__new__(cls, function, Tuple(*orders), Tuple(*arguments))

    @property
    def function(self) -> Function:
        return self.args[0]

    @property
    def orders(self) -> tuple[int, ...]:
        return tuple(int(k) for k in self.args[1].args)

    @property
    def arguments(self) -> tuple[Basic, ...]:
        return tuple(self.args[2].args)
