"""The state in the small parameter, and how it moves in time.

    rho = rho_0 + eps rho_1 + eps^2 rho_2 + ...                                  (numeric/model.py)
    d_t rho_j = -d_tau rho_(j-1) - (i/hbar) [H, rho_j],                           the diagonal of which is known

A field eta(E, t) of the state depends on the time through the fast one and through tau = eps t:

    d eta/dt = (d_t + eps d_tau) eta,

up to the order MOST_ORDER of the small parameter (numeric/coarse/words.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from derive import language as node
from derive.language import subexpressions
from numeric.coarse import slow, unfold
from numeric.coarse import words as w
from numeric.coarse.words import Words
from numeric.refusals import Undefined, Unsupported

if TYPE_CHECKING:
    from numeric.coarse.reading import Reading, Times


def expanded(run: Reading, e: Any, order: int) -> Any:
    """The expression with the state written out up to that order."""
    family, eps = run.roles.family, run.roles.epsilon
    if family is None or eps is None:
        raise Undefined("the state has no expansion in a small parameter")
    written = node.Sum(*(node.Product(*[eps] * j, family[j]) for j in range(order + 1)))
    return _put(e, run.roles.state, written)


def _put(e: Any, old: Any, new: Any) -> Any:
    if e == old:
        return new
    if not e.args or not any(part == old for part in subexpressions(e)):
        return e
    return e.func(*(_put(part, old, new) for part in e.args))


def d_time(run: Reading, operand: Any, x: Any, times: Times) -> Words:
    """d_t, which acts on the explicit fast time; of a field of the state along its evolution."""
    if not unfold.depends(operand, x):
        return w.number(0)
    made = unfold.derivative(operand, x)
    if made != node.D(operand, x):
        return run.value(made, times)
    match operand:
        case node.Trace() | node.Average():
            return run.value(operand.func(node.D(operand.args[0], x), *operand.args[1:]), times)
        case node.Member():
            return _of_member(run, operand, times)
        case node.Apply() if operand.function in run.definitions and not any(operand.orders):
            return _along(run, operand, x, times)
    raise Unsupported(f"the derivative of {type(operand).__name__} in the fast time in the limit of many levels")


def _of_member(run: Reading, e: Any, times: Times) -> Words:
    """The diagonal of d_t rho_j, that of -d_tau rho_(j-1)."""
    if not isinstance(e.order, int) or e.family != run.roles.family:
        raise Unsupported("the derivative of this member in the fast time")
    if e.order == 0:
        return w.number(0)
    if e.order > 2:
        raise Unsupported("a member of the expansion beyond the second in the limit of many levels")
    size = run.sample.count
    if e.order == 1:  # populations do not change
        return w.operator(w.Bare(np.zeros((1, size))))
    source = w.at_levels(run.sample, slow.source(run))
    return w.operator(w.Bare(slow.turning(run, slow.memory(run, run.fast).matrix) - source))


def _along(run: Reading, e: Any, x: Any, times: Times) -> Words:
    """Of a defined field f(E, t) without a slow time among its arguments: d_t + eps d_tau of its body."""
    definition = run.definition(e.function)
    kinds = [getattr(formal, "kind", None) for formal in definition.formals]
    if tuple(definition.formals) != tuple(e.arguments) or "slow" in kinds or kinds.count("time") != 1:
        raise Unsupported("the derivative of this defined function in the fast time")
    fast = run.value(node.D(expanded(run, definition.body, 2), x), times)
    tau = next(c for c in run.roles.family.coordinates if c.kind == "slow")
    moving = run.value(node.D(expanded(run, definition.body, 1), tau), times)
    return w.add(fast, w.shifted(moving, 1))
