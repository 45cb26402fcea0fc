"""The boundaries of stability of x'' + (delta + eps p(t)) x = 0, p even and periodic (Hill; Mathieu for p = 2 cos 2t).

On a boundary there is a periodic solution, so the amplitude of multiple scales stands still, D_n A = 0 for all n.  Near m^2,

    delta = m^2 + eps delta_1 + eps^2 delta_2 + ..,  x = sum over n, h of eps^n c_nh exp(i h t),  p = sum over k of w_k 2 cos kt,

with c_0 = exp(i m t) +- exp(-i m t) (even: cosine; odd: sine; for m = 0 the constant) and no homogeneous part at n >= 1:
c_(n,+-m) = 0.  Order n reads

    (m^2 - h^2) c_nh = - sum over k = 1 .. n of delta_k c_(n-k,h) - sum over k of w_k (c_(n-1,h-k) + c_(n-1,h+k)).

At h = m this is the absence of secular terms, delta_n c_0m = - sum over k of w_k (c_(n-1,m-k) + c_(n-1,m+k)).  As p is even,
the two parities do not mix, and h = -m says the same.  The form x'' + (delta + 2 eps cos 2t) x = 0 is that of Nayfeh,
Perturbation Methods; in the standard form of Mathieu's equation a = delta and q = -eps, so these are a_m (even) and b_m (odd)
of DLMF 28.6.

>>> [str(c) for c in boundary(1, "even", 3)], [str(c) for c in boundary(1, "odd", 3)]
(['1', '-1', '-1/8', '1/64'], ['1', '1', '-1/8', '-1/64'])
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from derive.scales.errors import ScalesError, brief, require_order
from derive.scales.polynomials import Work, exact, longest

MOST = 12
MOST_HARMONIC = 1_000_000
MATHIEU = MappingProxyType({2: 1})


def boundary(m: int, parity: str, order: int, potential: Mapping[int, Any] = MATHIEU) -> tuple[Fraction, ...]:
    """delta_0 = m^2, delta_1, .., delta_order on the boundary whose solution is even (cosine) or odd (sine) in t.

    `potential` is {k: w_k} for p(t) = sum over k of w_k 2 cos kt.
    """
    require_order(order, 0, MOST, "the bound stands in derive/scales/boundaries.py")
    if isinstance(m, bool) or not isinstance(m, int) or not 0 <= m <= MOST_HARMONIC:
        raise ScalesError(f"m: expected the number of a harmonic from 0 to {MOST_HARMONIC}, came {brief(m)}")
    if parity not in ("even", "odd") or (parity == "odd" and m == 0):
        raise ScalesError(f"parity: expected 'even', or 'odd' for m >= 1, came {brief(parity)} for m = {m}")
    if not isinstance(potential, Mapping) or not all(type(k) is int and 1 <= k <= MOST_HARMONIC for k in potential):
        raise ScalesError(f"potential: expected {{k: w_k}} with harmonics 1 <= k <= {MOST_HARMONIC}, came {brief(potential)}")
    weights = {k: exact(w, f"the coefficient of 2 cos {k}t") for k, w in potential.items()}
    work = Work()
    sign = Fraction(1 if parity == "even" else -1)
    solution: list[dict[int, Fraction]] = [{-m: sign, m: Fraction(1)}]
    delta = [Fraction(m * m)]
    for n in range(1, order + 1):
        driven: dict[int, Fraction] = {}
        work.spend(2 * len(weights) * len(solution[n - 1]), longest((*weights.values(), *solution[n - 1].values())))
        for h, c in solution[n - 1].items():
            for k, w in weights.items():
                for target in (h - k, h + k):
                    driven[target] = driven.get(target, Fraction(0)) - w * c
        delta.append(driven.pop(m, Fraction(0)))
        driven.pop(-m, None)
        for k in range(1, n):
            work.spend(len(solution[n - k]), longest((delta[k], *solution[n - k].values())))
            for h, c in solution[n - k].items():
                driven[h] = driven.get(h, Fraction(0)) - delta[k] * c
        solution.append({h: c / (m * m - h * h) for h, c in driven.items() if c})
    return tuple(delta)
