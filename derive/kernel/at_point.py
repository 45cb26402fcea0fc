"""The value of a polynomial of fields at a point: numbers by the variables' names in stored evidence."""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.errors import Refused
from derive.kernel.gaussian import Gaussian
from derive.kernel.jets import Jets, Var
from derive.kernel.moment_words import name_of


def key_of(v: Var) -> str:
    """The variable's name in stored evidence."""
    return name_of(v)


def value_at(p: Jets, values: dict[str, Fraction]) -> Gaussian:
    """The polynomial at a point; Refused where the point does not say enough or makes a divisor vanish."""
    total = Gaussian(0)
    for monomial, c in p.terms.items():
        for v, k in monomial:
            if key_of(v) not in values:
                raise Refused(f"the point does not say what {key_of(v)} is")
            if k < 0 and not values[key_of(v)]:
                raise Refused(f"{key_of(v)} vanishes, and the equation divides by it")
            c = c * Gaussian(values[key_of(v)] ** k)
        total = total + c
    return total
