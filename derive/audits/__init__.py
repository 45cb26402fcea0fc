"""Structural audits: what the form of an evolution equation says before any number is computed.

    answer                  the questions, and an answer
    found                   the evolution equations of a derivation
    known                   what the derivation says of their fields: signs, clock, continuity equation
    case                    one equation under audit
    questions               the audit: every question about every equation, answered with evidence that the kernel replays
    norm, growth            two groups of answers: norm and form; positivity and entropy
    operators               the equations between operators, asked for Hermiticity
    leaks                   which terms spoil the norm, for the reader
    search                  proposals for countermodels
    coefficient_functions   the coefficient functions of an equation, generated from its encoding

`audit(derivation)` gives one Audit for each equation and question; `coefficients(equation, field)` the coefficient functions.
Names are imported when they are first used: a ledger needs Audit, and no SymPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.audits.answer import QUESTIONS, VERDICTS, Audit
    from derive.audits.coefficient_functions import Coefficients, coefficients
    from derive.audits.questions import audit
    from derive.kernel.audits import check_audit

__all__ = ["QUESTIONS", "VERDICTS", "Audit", "Coefficients", "audit", "check_audit", "coefficients"]

_HOMES = {
    "QUESTIONS": "derive.audits.answer",
    "VERDICTS": "derive.audits.answer",
    "Audit": "derive.audits.answer",
    "audit": "derive.audits.questions",
    "check_audit": "derive.kernel.audits",
    "Coefficients": "derive.audits.coefficient_functions",
    "coefficients": "derive.audits.coefficient_functions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'derive.audits' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
