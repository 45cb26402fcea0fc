"""Equations for the exact state, along which two times run together.

Along tau = eps t the exact state rho(t) and H(tau) are both functions of one time.  What knows the fast time alone is taken for
exact; an equation that speaks of it together with the slow time holds where tau = eps t, and nowhere else, so it may not be
differentiated in one of the two times with the other held fixed.
"""

from __future__ import annotations

from typing import Any

from derive.kernel.algebra import Expression
from derive.kernel.errors import Unsupported
from derive.kernel.terms import Term, dependence, walk

MOVING = ("flow", "level", "bra", "ket", "onlevels")  # heads that know the slow time of H without showing it
LETTERS = ("f", "dd", "bra", "ket", "conn", "loop", "lev", "elem")  # and what they become


def require_named(hamiltonian: str, term: Term) -> None:
    """Unsupported where levels, vectors or flows of a Hamiltonian without a name are differentiated in the slow time, or held at
    a value of it: how they move is not said."""
    for part in walk(term) if not hamiltonian else ():
        token = {"d": part[1:2], "at": part[2:3]}.get(part[0], ())
        if any(t.startswith("slow:") for t in token) and any(inner[0] in (*MOVING, "avg") for inner in walk(part)):
            raise Unsupported(
                "the slow derivative of levels, vectors or a flow, and no equation speaks of the Hamiltonian: say which"
            )


def runs_along(term: Term) -> bool:
    """Whether a term speaks of the exact state, which knows the fast time alone, together with the slow time: both run."""
    parts = list(walk(term))
    exact = any(part[0] in ("op", "fun") and not part[-1] and times_of(part) == {"time"} for part in parts)
    return exact and any(map(stands_at_slow, parts))


def times_of(part: Term) -> set[str]:
    """The times that a symbol depends on, by their kinds."""
    held = {a[1] for a in part[3] if a[0] == "coord"} if part[0] == "fun" else set(dependence(part))
    return {token.partition(":")[0] for token in held} - {"energy"}


def stands_at_slow(part: Term) -> bool:
    """The slow time itself, what depends on it, or levels and vectors of H, which know it without showing it."""
    return part[0] in MOVING or (part[0] == "coord" and part[1].startswith("slow:")) or "slow" in times_of(part)


def is_run_along(x: Expression, driven: bool) -> bool:
    """The same of an expression; `driven` where H itself is about to be put beside it."""
    parts = [part for monomial in x for part in _tuples(monomial)]
    exact = any(_tokens(part) == {"time"} for part in parts if part[0] in ("op", "fun"))
    slow = any(part[0] in LETTERS or "slow" in _tokens(part) for part in parts)
    return exact and (driven or slow)


def _tuples(x: Any) -> list[Any]:
    """Every nonempty tuple inside nested data, outermost first."""
    if not isinstance(x, tuple) or not x:
        return []
    return [x, *(inner for part in x for inner in _tuples(part))]


def _tokens(x: Any) -> set[str]:
    """The kinds of the times that stand anywhere inside."""
    if isinstance(x, tuple):
        return {kind for part in x for kind in _tokens(part)}
    return {x.partition(":")[0]} & {"time", "slow"} if isinstance(x, str) and ":" in x else set()
