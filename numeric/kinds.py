"""What kind of statement an equation makes, told by its nodes alone: an identity, a limit, or a rule of procedure.

A trace or an average of an operator that the frozen flow carries, or that is integrated over a fast time, is
a correlation of two times.  What the print says of correlations it says of a spectrum that is seen as
continuous: many levels in a window of energy, times above that of the decay and below Heisenberg's.  A
residual of a few levels at one time is no evidence against that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from derive.language import Average, Bra, Heisenberg, Infinity, Integral, LevelSum, ModuloPower, Trace, subexpressions
from derive.verdicts import Truth
from numeric.recognise import Definition, flattened

OVER_LEVELS: Final = (Average, LevelSum, Trace)

NOT_OF_RULES: Final = {
    "ansatz": "an ansatz: what it leads to is measured in the equations that rest on it",
    "procedure": "a rule for replacing one side by the other, not a statement; it is judged where it is used",
}


def of_a_limit(equation: Any, definitions: Mapping[Any, Definition]) -> bool:
    """Whether an equation speaks of correlations of two times, of all times, or of small parameters, definitions opened."""
    if isinstance(equation.modulo, ModuloPower):
        return True
    return any(_correlates(part, definitions) or _endless(part) for part in _within(equation, definitions))


def _correlates(part: Any, definitions: Mapping[Any, Definition]) -> bool:
    expectation = any(isinstance(factor, Bra) for factor in flattened(part))
    if not (isinstance(part, OVER_LEVELS) or expectation):
        return False
    return any(isinstance(inner, Heisenberg) or _over_time(inner) for inner in _within(part, definitions))


def _over_time(part: Any) -> bool:
    return isinstance(part, Integral) and part.args[1].kind == "time"


def _endless(part: Any) -> bool:
    if not _over_time(part):
        return False
    return any(isinstance(inner, Infinity) for limit in part.args[2:] for inner in subexpressions(limit))


def _within(expression: Any, definitions: Mapping[Any, Definition]) -> list[Any]:
    """Everything in an expression and in the definitions that it uses, each once."""
    found: dict[Any, None] = {}
    todo = [expression]
    while todo:
        for part in subexpressions(todo.pop()):
            if part in found:
                continue
            found[part] = None
            if part in definitions:
                todo.append(definitions[part].body)
    return list(found)


def as_rule(role: str, truth: Truth) -> Truth:
    """The truth of a link in view of its role.

    An ansatz that cannot be measured is not applicable; so is a procedure, unless it is exact.
    """
    kept = ("exact", "not-applicable") if role == "procedure" else ("exact", "fails", "asymptotic", "not-applicable")
    if role not in NOT_OF_RULES or truth.verdict in kept:
        return truth
    return Truth("not-applicable", NOT_OF_RULES[role], measurements=truth.measurements)
