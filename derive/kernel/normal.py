"""The decision: does an expression vanish identically?"""

from __future__ import annotations

from derive.kernel.algebra import Expression
from derive.kernel.diagrams import normal_form
from derive.kernel.split import split_form


def vanishes(x: Expression) -> bool:
    """Whether the expression is zero in every dimension, for all matrices, functions and test functions."""
    form = normal_form(x)
    return not form or not split_form(form)
