"""The coefficient functions of an evolution equation, generated from its encoding.

For an equation whose density is N (eta itself, or c v where c v_t is the rate),

    d_t N = sum_k sum_p eps^p a_kp(E) d_E^k N + source = -d_E(A N) + (1/2) d_E^2(B N) + Z N + source,

with the drift A = d<E>/dt, the diffusion B = d Var(E)/dt of a packet, and Z = 0 exactly where the norm is kept.  Each is a
differential polynomial in the other fields; numeric/coefficients.py evaluates them on arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.audits.found import evolution_of, read_equation
from derive.kernel.errors import KernelError, Unsupported
from derive.kernel.evolution import fokker_planck, of_density
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import Jets, name_of
from derive.language import SLOW, TIME, Equation, Function, LanguageError, ModuloPower, Parameter, subexpressions


@dataclass(frozen=True)
class Coefficients:
    """The right side of d_t N by orders of derivative in the energy and by powers of the small parameter.

    `drift`, `diffusion` and `remainder` are None for an equation of higher order than 2, which has no such form.
    """

    field: str
    energy: str
    weight: Jets
    by_order: Mapping[int, Jets]
    by_power: Mapping[tuple[int, int], Jets]
    source: Jets
    drift: Jets | None
    diffusion: Jets | None
    remainder: Jets | None

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of all that the coefficients are functions of: `eps`, `G2`, `G2_E`, ..."""
        found = {v for a in (*self.by_order.values(), self.weight, self.source) for v in a.variables}
        for a in (self.drift, self.diffusion, self.remainder):
            found |= set(a.variables) if a is not None else set()
        return tuple(sorted(map(name_of, found)))


def coefficients(equation: Equation, field: Any = None, small: Any = None) -> Coefficients:
    """The coefficient functions of an equation without open choices, for the density that `field` (a Function, its value, or a
    name) stands for; `small` is the parameter whose powers are told apart, by default the one of dimension slow/time.

    Raises LanguageError where the equation is no evolution equation of the field.
    """
    if not isinstance(equation, Equation):
        raise LanguageError(f"coefficients: expected one Equation (a chain has `links`), came {type(equation).__name__}")
    wanted = _name(field)
    try:
        found = read_equation(equation, wanted)
        e = of_density(evolution_of(found))
    except KernelError as error:
        raise LanguageError(f"coefficients: expected an evolution equation linear in the field; {error}") from error
    parameter = _name(small) or _small(equation)
    try:
        form = fokker_planck(e)
    except Unsupported:
        form = None
    by_power = {(k, p): part for k, a in e.coefficients.items() for p, part in powers(a, parameter).items()}
    return Coefficients(
        field=found.unknown,
        energy=found.energy,
        weight=evolution_of(found).weight,
        by_order=e.coefficients,
        by_power=by_power,
        source=e.source,
        drift=None if form is None else form.drift,
        diffusion=None if form is None else form.diffusion,
        remainder=None if form is None else form.remainder,
    )


def powers(p: Jets, parameter: str) -> dict[int, Jets]:
    """p = sum_k parameter^k p_k."""
    found: dict[int, dict[Any, Gaussian]] = {}
    for monomial, c in p.terms.items():
        power = dict(monomial).get(("par", parameter), 0)
        found.setdefault(power, {})[tuple((v, k) for v, k in monomial if v != ("par", parameter))] = c
    return {k: Jets(part) for k, part in sorted(found.items())}


def _name(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, Function | Parameter):
        return str(value.name)
    if isinstance(getattr(value, "function", None), Function):
        return str(value.function.name)
    raise LanguageError(f"coefficients: expected a Function, its value, a Parameter or a name, came {value!r:.60}")


def _small(equation: Equation) -> str:
    if isinstance(equation.modulo, ModuloPower):
        return str(equation.modulo.args[0].name)
    names = {p.name for p in subexpressions(equation) if isinstance(p, Parameter) and p.dimension == SLOW / TIME}
    return str(names.pop()) if len(names) == 1 else ""
