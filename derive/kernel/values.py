"""Exact values over a finite model: what a scalar becomes once the levels are numbers.

A Value is a sum of coefficient x (function or distribution of E) x (increments of the coordinates) x (unknowns):

    Basis     factors, sorted: ("point", token, n, shift, p) the delta at level n to the power p (p = 1 a delta, p = 0 the
              indicator of that level, p = -1 its inverse); ("delta", k, token, n, shift) its k-th derivative, k >= 1;
              ("theta", token, n, shift); ("fun", name, orders, args) a smooth function of E; ("E", token)
    Shift     a power of each increment, one a coordinate: a truncated Taylor series
    Unknowns  (key, power) pairs

Levels are named by their number; -1 names the fixed energy 0.  Distinct points multiply to nothing; a product of two
derivatives of deltas, or of a delta's derivative with an indicator, has no meaning and is refused.
"""

from __future__ import annotations

from typing import Any

from derive.kernel.errors import IllPosed
from derive.kernel.gaussian import ONE, Gaussian

Basis = tuple[Any, ...]
Powers = tuple[int, ...]
Unknowns = tuple[tuple[str, int], ...]
Value = dict[tuple[Basis, Powers, Unknowns], Gaussian]


def plain(number: Gaussian, rank: int) -> Value:
    return {((), (0,) * rank, ()): number} if number else {}


def add_to(total: Value, extra: Value, factor: Gaussian = ONE) -> None:
    for key, c in extra.items():
        new = c if factor is ONE else c * factor
        value = total.get(key)
        new = new if value is None else value + new
        if new:
            total[key] = new
        elif value is not None:
            del total[key]


def plus(*values: Value) -> Value:
    total: Value = {}
    for value in values:
        add_to(total, value)
    return total


def times_number(value: Value, number: Gaussian) -> Value:
    return {k: c * number for k, c in value.items()} if number else {}


def merge_unknowns(a: Unknowns, b: Unknowns) -> Unknowns:
    if not a or not b:
        return a or b
    powers = dict(a)
    for name, k in b:
        powers[name] = powers.get(name, 0) + k
    return tuple(sorted(powers.items()))


def is_point(factor: Any) -> bool:
    return factor[0] in ("point", "delta", "theta")


def merge_basis(a: Basis, b: Basis) -> Basis | None:
    """The product of two basis elements without smooth functions at points; None when it vanishes."""
    if not a or not b:
        return a or b
    factors = list(a)
    for factor in b:
        if factor[0] == "theta" and factor in factors:
            continue  # a step is its own square
        if factor[0] != "point":
            clash = next(
                (f for f in factors if f[0] in ("point", "delta") and is_point(factor) and _token(f) == _token(factor)),
                None,
            )
            if clash is not None and factor[0] == "delta":
                if _spot(clash) != _spot(factor):
                    return None
                raise IllPosed(f"a product of distributions at one level in {_token(factor).split(':')[1]}")
            if clash is not None:
                raise IllPosed(f"a step times a delta in {_token(factor).split(':')[1]}")
            factors.append(factor)
            continue
        for place, known in enumerate(factors):
            if known[0] == "point" and known[1] == factor[1]:
                if known[2:4] != factor[2:4]:
                    if min(known[4], factor[4]) < 0 and _family(known) != _family(factor):
                        raise IllPosed(f"a quotient of distributions at different points in {factor[1].split(':')[1]}")
                    return None
                factors[place] = (*known[:4], known[4] + factor[4])
                break
            if known[0] == "delta" and known[2] == factor[1]:
                if known[3:5] != factor[2:4]:
                    return None
                raise IllPosed(f"the derivative of a delta times a field known at levels only, in {factor[1].split(':')[1]}")
            if known[0] == "theta" and known[1] == factor[1]:
                raise IllPosed(f"a step times a delta in {factor[1].split(':')[1]}")
        else:
            factors.append(factor)
    return tuple(sorted(factors, key=repr))


def _family(point: Any) -> Any:
    """Points of one family are the levels, moved and scaled alike."""
    return point[3], (point[2][1] if isinstance(point[2], tuple) else point[2] == -1)


def _token(factor: Any) -> str:
    return str(factor[2] if factor[0] == "delta" else factor[1])


def _spot(factor: Any) -> Any:
    return factor[3:5] if factor[0] == "delta" else factor[2:4]
