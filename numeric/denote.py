"""What an encoded expression denotes on a sample of the model: the one bridge from the language to numbers.

The table below has one rule for every node, found by the type of the node alone.  A node without a line
here is refused aloud (UnknownNode), and what it stands in is undecided.  No equation has a numeric
formula of its own: to change what is computed, change the encoding.

This is the second route beside the symbolic kernel and shares nothing with it but the language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from sympy import Rational

from derive import language as node
from derive.language import subexpressions
from numeric import rules_algebra, rules_calculus, rules_symbols
from numeric.interpreter import Interpreter, Rule
from numeric.model import Model
from numeric.recognise import Definition

RULES: Final[Mapping[type, Rule]] = MappingProxyType(
    {
        Rational: rules_algebra.rational,
        node.Imaginary: rules_algebra.imaginary,
        node.Parameter: rules_algebra.parameter,
        node.Coordinate: rules_algebra.coordinate,
        node.Sum: rules_algebra.total,
        node.Product: rules_algebra.product,
        node.Power: rules_algebra.power,
        node.Commutator: rules_algebra.commutator,
        node.Adjoint: rules_algebra.adjoint,
        node.Hamiltonian: rules_algebra.hamiltonian,
        node.Level: rules_algebra.level,
        node.Ket: rules_algebra.ket,
        node.Bra: rules_algebra.bra,
        node.Trace: rules_algebra.trace,
        node.LevelSum: rules_algebra.level_sum,
        node.Placeholder: rules_algebra.placeholder,
        node.Continuation: rules_algebra.continuation,
        node.Infinity: rules_algebra.limit_only,
        node.Unprinted: rules_algebra.limit_only,
        node.Delta: rules_calculus.delta,
        node.Theta: rules_calculus.theta,
        node.Average: rules_calculus.average,
        node.Heisenberg: rules_calculus.heisenberg,
        node.D: rules_calculus.differential,
        node.At: rules_calculus.at,
        node.Integral: rules_calculus.integrated,
        node.Operator: rules_symbols.operator,
        node.Member: rules_symbols.member,
        node.Apply: rules_symbols.apply,
    }
)


def interpreter(
    model: Model, definitions: Mapping[Any, Definition], fast: Any = None, deadline: float = float("inf")
) -> Interpreter:
    """An interpreter on the model, with Taylor series in the fast time `fast`."""
    return Interpreter(model, definitions, RULES, fast, deadline)


def fast_time(expression: Any, definitions: Mapping[Any, Definition]) -> Any:
    """The first fast time in which an expression, its definitions opened, is differentiated, or None."""
    for part in opened(expression, definitions):
        if isinstance(part, node.D) and part.args[1].kind == "time":
            return part.args[1]
    return None


def opened(expression: Any, definitions: Mapping[Any, Definition]) -> Iterator[Any]:
    """Everything in an expression and in the definitions that it uses."""
    todo, seen = [expression], set()
    while todo:
        for part in subexpressions(todo.pop()):
            yield part
            if part in definitions and part not in seen:
                seen.add(part)
                todo.append(definitions[part].body)
