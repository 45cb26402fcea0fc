"""A Hamiltonian that moves at constant speed, H = H0 + tau V: what it says of the constants H0 and V.

    V = d_tau H,    H0 = H - tau d_tau H,    and    d_tau^2 H = 0

since neither of the two moves.  Between fields the first two are put in, and where the third would matter nothing is refuted.
"""

from __future__ import annotations

from typing import Any

from derive.kernel.terms import Term, sub

Equation = tuple[Term, Term]


def constants_of(equation: Equation) -> list[Equation]:
    """V and H0 with what they stand for; empty where the equation is no H = H0 + tau V."""
    hamiltonian, right = equation
    if hamiltonian[0] != "ham" or right[0] != "sum" or len(right) != 3:
        return []
    still = [part for part in right[1:] if _is_constant(part)]
    moving = [part for part in right[1:] if part[0] == "prod" and len(part) == 3]
    if len(still) != 1 or len(moving) != 1 or still[0][1] == moving[0][2][1]:
        return []
    token, velocity = moving[0][1], moving[0][2]
    if token[0] != "coord" or token[1] not in hamiltonian[2] or not _is_constant(velocity):
        return []
    slope: Term = ("d", token[1], hamiltonian)
    return [(velocity, slope), (still[0], sub(hamiltonian, ("prod", token, slope)))]


def accelerates(word: Any) -> bool:
    """Whether a second derivative of H stands in a word."""
    if not isinstance(word, tuple):
        return False
    if len(word) == 6 and word[0] == "op" and word[2] == "ham":
        return bool(sum(k for _, k in word[4]) > 1)
    return any(map(accelerates, word))


def _is_constant(part: Term) -> bool:
    return bool(part[0] == "op" and part[2] == "" and not part[3] and not part[4])
