"""Coefficient functions of an evolution equation on numbers: drift, diffusion and the rest as functions of (E, tau).

    found = coefficients(derivation["47"].claim)                       symbolic, by derive.audits
    on = on_fields(found, {"u": u, "G2": G2, "Sigma": Sigma}, {"eps": 0.1})
    on.drift(E, tau)                                                   an array of the common shape of E and tau

    d_t N = -d_E(A N) + (1/2) d_E^2(B N) + Z N + source,     A drift, B diffusion, Z remainder.

A field is a function f(E, tau, k, l) of arrays that gives d_E^k d_tau^l f; k and l are 0 for the field itself.  Units are those
of the fields and parameters: A has energy/time, B energy^2/time, Z 1/time.  Nothing is retyped: the formulas are those that the
kernel has read from the encoding, so a changed equation has changed coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.audits import Coefficients
from derive.kernel.jets import Jets, Var, name_of

Array = NDArray[Any]
Field = Callable[[Array, Array, int, int], ArrayLike]


class CoefficientError(ValueError):
    """Coefficients that cannot be evaluated: says what was expected, what came and what to do."""


@dataclass(frozen=True)
class OnFields:
    """Coefficient functions with the fields and parameters put in."""

    symbolic: Coefficients
    fields: Mapping[str, Field]
    parameters: Mapping[str, float] = field(default_factory=dict)

    def drift(self, E: ArrayLike, tau: ArrayLike) -> Array:
        """A = d<E>/dt of a narrow packet."""
        return self.value(self._form(self.symbolic.drift), E, tau)

    def diffusion(self, E: ArrayLike, tau: ArrayLike) -> Array:
        """B = d Var(E)/dt of a narrow packet."""
        return self.value(self._form(self.symbolic.diffusion), E, tau)

    def remainder(self, E: ArrayLike, tau: ArrayLike) -> Array:
        """Z, the relative rate at which N is created; zero exactly where the norm is kept."""
        return self.value(self._form(self.symbolic.remainder), E, tau)

    def source(self, E: ArrayLike, tau: ArrayLike) -> Array:
        """What drives N from outside."""
        return self.value(self.symbolic.source, E, tau)

    def of_order(self, k: int, E: ArrayLike, tau: ArrayLike) -> Array:
        """The coefficient of d_E^k N."""
        return self.value(self.symbolic.by_order.get(k, Jets()), E, tau)

    def _form(self, p: Jets | None) -> Jets:
        if p is None:
            orders = ", ".join(map(str, self.symbolic.by_order))
            raise CoefficientError(f"expected an equation of order 2 or less in the energy, came orders {orders}; use of_order")
        return p

    def value(self, p: Jets, E: ArrayLike, tau: ArrayLike) -> Array:
        """A differential polynomial at (E, tau)."""
        e, s = np.broadcast_arrays(np.asarray(E, dtype=float), np.asarray(tau, dtype=float))
        values = {name_of(v): self._variable(v, e, s) for v in p.variables}
        return np.asarray(evaluate(p, values) + np.zeros_like(e))

    def _variable(self, v: Var, E: Array, tau: Array) -> ArrayLike:
        match v:
            case ("par", name):
                if name not in self.parameters:
                    raise CoefficientError(f"expected a value for the parameter {name}, came none; give it in `parameters`")
                return self.parameters[name]
            case ("coord", token):
                return self._coordinate(token, E, tau)
            case ("jet", name, derivatives):
                orders = dict(derivatives)
                k = orders.pop(self.symbolic.energy, 0)
                slow = [token for token in orders if token.startswith("slow:")]
                order = orders.pop(slow[0]) if len(slow) == 1 else 0
                if orders:
                    raise CoefficientError(f"expected derivatives in the energy and the slow time, came {name_of(v)}")
                if name not in self.fields:
                    raise CoefficientError(f"expected a function for the field {name}, came none; give it in `fields`")
                return self.fields[name](E, tau, k, order)
        raise CoefficientError(f"expected a field, a parameter or a coordinate, came {name_of(v)}")

    def _coordinate(self, token: str, E: Array, tau: Array) -> Array:
        if token == self.symbolic.energy:
            return E
        if token.startswith("slow:"):
            return tau
        raise CoefficientError(f"expected the energy or the slow time as a coordinate, came {token}")


def on_fields(symbolic: Coefficients, fields: Mapping[str, Field], parameters: Mapping[str, float] | None = None) -> OnFields:
    """The coefficient functions on given fields (name -> f(E, tau, k, l)) and parameters (name -> number)."""
    return OnFields(symbolic, dict(fields), dict(parameters or {}))


def evaluate(p: Jets, values: Mapping[str, ArrayLike]) -> Any:
    """A differential polynomial from the values of its variables by name (`eps`, `G2`, `G2_E`), numbers or arrays."""
    names = {name_of(v) for v in p.variables}
    if len(names) != len(p.variables):
        raise CoefficientError("expected one name for each variable, came two alike; rename a field")
    if missing := names - set(values):
        raise CoefficientError(f"expected values for {', '.join(sorted(names))}, came none for {', '.join(sorted(missing))}")
    total: Any = 0.0
    for monomial, c in p.terms.items():
        term: Any = complex(float(c.re), float(c.im)) if c.im else float(c.re)
        for v, k in monomial:
            power = np.asarray(values[name_of(v)]) ** abs(k)
            term = term * power if k > 0 else term / power
        total = total + term
    return total
