"""The evolution equations of operators: does a Hermitian operator stay Hermitian?

Recognised by form: an equation, no definition, between operators, of which one summand is a number times the rate of an operator
that is not arbitrary.  The rate in a fast time goes before that in the slow one, which a hierarchy has too.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.audits.answer import Audit
from derive.audits.found import links_of
from derive.derivation import Derivation
from derive.kernel.audits import check_audit
from derive.kernel.errors import KernelError
from derive.kernel.hermitian import is_rate, rate_phase, summands
from derive.kernel.jets import bare
from derive.kernel.replay import sealed
from derive.kernel.terms import Term, sub, to_json, walk
from derive.premises import link_name

HEADS = {"num", "i", "par", "coord", "sum", "prod", "pow", "d", "ham", "op", "fun", "comm"}
GIVEN = "the Hamiltonian and the other operators are Hermitian, functions and constants real"


def operator_audits(derivation: Derivation) -> Iterator[tuple[str, Audit]]:
    """(step, answer) for every evolution equation of an operator, under each way to decide its own choices."""
    for step, k, way, link, terms in links_of(derivation):
        found = None if step.role_of(link) == "definition" else rate_in(terms)
        if found is None:
            continue
        label = link_name(step, k) + "".join(f" [{name}: {chosen}]" for name, chosen in way.items())
        time, name = found
        yield step.label, _answer(label, terms, time, name, tuple(f"{a}: {b}" for a, b in way.items()))


def rate_in(terms: tuple[Term, Term]) -> tuple[str, str] | None:
    """(time, operator) of the one rate that evolves, None where the equation is of another kind."""
    parts = [part for side in terms for part in walk(side)]
    if not {part[0] for part in parts} <= HEADS or any(part[0] == "op" and part[4] for part in parts):
        return None
    for kind in ("time", "slow"):
        for part in summands(sub(*terms)):
            for inner in walk(part):
                token = str(inner[1]) if inner[0] == "d" else ""
                if bare(token) and token.startswith(f"{kind}:") and is_rate(inner, token) and rate_phase(part, token) is not None:
                    return token, name_of(inner[2])
    return None


def name_of(operator: Term) -> str:
    """`rho`, `rho_0`, `rho_j`."""
    index = operator[2]
    if isinstance(index, tuple):
        shift = f"{index[1]:+d}" if index[1] else ""
        return f"{operator[1]}{index[0]}{shift}"
    return f"{operator[1]}{index}"


def _answer(label: str, terms: tuple[Term, Term], time: str, name: str, way: tuple[str, ...]) -> Audit:
    head = {"equation": [to_json(side) for side in terms], "time": time}
    kinds = {
        "Hermitian": "The rate is equal to its adjoint, so a Hermitian operator stays so.",
        "not Hermitian": "The rate is not equal to its adjoint: factors that do not commute stand in one order alone.",
    }
    why = ""
    for kind, reason in kinds.items():
        evidence = sealed({**head, "kind": kind})
        try:
            _, verdict = check_audit(evidence)
        except KernelError as error:
            why = str(error)
            continue
        kept = {"certificate": evidence} if verdict == "yes" else {"countermodel": evidence}
        return Audit(label, "Hermiticity", verdict, reason, name, bare(time), (*way, GIVEN), **kept)
    return Audit(label, "Hermiticity", "undecided", f"No answer: {why}.", name, bare(time))
