"""What the moves of rules.py may take: plain times, functions of H, and premises that say [X, H] = 0."""

from __future__ import annotations

from derive.kernel.errors import Malformed
from derive.kernel.terms import Term, children, walk


def require_plain(time: Term, rule: str) -> None:
    if any(part[0] not in ("coord", "num", "par", "sum", "prod") for part in walk(time)):
        raise Malformed(f"{rule}: expected a time made of coordinates, numbers and parameters")


def require_function_of_h(body: Term) -> None:
    """A function of H: sums and products of functions, deltas and steps of H, and scalars."""
    head = body[0]
    if head in ("num", "par", "coord", "hole", "i"):
        return
    if head in ("sum", "prod", "fun", "delta", "theta"):
        for child in children(body):
            require_function_of_h(child)
        return
    raise Malformed(f"instance: expected a function of the Hamiltonian, came {head!r}")


def commuting(residual: Term) -> tuple[Term, Term]:
    """(X, H) of a residual c [X, H] or c [H, X], c made of numbers and parameters; Malformed for another."""
    summands = residual[1:] if residual[0] == "sum" else (residual,)
    held = [part for part in summands if not (part[0] == "prod" and ("num", "0") in part) and part != ("num", "0")]
    factors = held[0][1:] if len(held) == 1 and held[0][0] == "prod" else held
    rest = [part for part in factors if part[0] not in ("num", "i", "par")]
    if len(held) == 1 and len(rest) == 1 and rest[0][0] == "comm":
        for operator, hamiltonian in (rest[0][1:], rest[0][:0:-1]):
            if hamiltonian[0] == "ham":
                return operator, hamiltonian
    raise Malformed("commutes: expected an equation [X, H] = 0")
