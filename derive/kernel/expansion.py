"""How far a finite model is expanded about its point in each time, and which times run from 0."""

from __future__ import annotations

from derive.kernel.terms import Term, children, coordinates_in, walk

TIME_ORDER = 2  # an equation with the frozen flow is compared up to this power of each time, from the point 0


def taylor_orders(*terms: Term) -> dict[str, int]:
    """How many times a term differentiates in each time coordinate, nested; with a flow or an integral over a time, TIME_ORDER
    powers of each time more.  An integral over s up to t makes t^(k+1) of s^k: s is needed up to one power less than t."""
    found: dict[str, int] = {}
    for term in terms:
        for token in {part[1] for part in walk(term) if part[0] == "d" and not part[1].startswith("energy:")}:
            found[token] = max(found.get(token, 0), nesting(term, token))
    for token in flowing(*terms):
        found[token] = found.get(token, 0) + TIME_ORDER
    held = {(part[2], t) for term in terms for part in walk(term) if part[0] == "at" for t in coordinates_in(part[3])}
    for token, other in (pair for _ in held for pair in held):  # what runs in the other is a series in this one
        found[token] = max(found.get(token, 0), found.get(other, 0))
    integrals = {part[1:4] for term in terms for part in walk(term) if part[0] == "int" and part[1].startswith("time:")}
    for _ in integrals:
        for token, *ends in integrals:
            found[token] = max([found.get(token, 0), *(found.get(t, 1) - 1 for end in ends for t in coordinates_in(end))])
    return found


def flowing(*terms: Term) -> set[str]:
    """The times of terms with a frozen flow, an integral over a time or one time held at another: they are expanded about 0."""
    heads = {part[0] for term in terms for part in walk(term)}
    integrals = any(p[0] == "int" and p[1].startswith("time:") for term in terms for p in walk(term))
    held = any(t.startswith("time:") for term in terms for p in walk(term) if p[0] == "at" for t in coordinates_in(p[3]))
    if "flow" not in heads and not integrals and not held:
        return set()
    return {token for term in terms for token in coordinates_in(term) if token.startswith("time:")}


def nesting(term: Term, token: str) -> int:
    """How many derivatives in the token stand inside one another."""
    inner = max((nesting(child, token) for child in children(term)), default=0)
    return inner + int(term[0] == "d" and term[1] == token)
