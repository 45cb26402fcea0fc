"""What a step rests on, and where truth is lost: computed from the verdicts and the graph of citations.

standing   the weakest verdict, of inference and of truth, among the step and all its ancestors, in
           STANDING_ORDER.  An ancestor that this check did not judge counts as `undecided`: what was not
           looked at is no support.
blame      among the step and its ancestors, those at which truth is lost: the inference is invalid, or the
           truth fails while that of no cited step fails (then the fault is in the step or in its inference,
           not in what it cites).  Errors can compensate, so blame may name more than the first false step.
           A cited step that this check did not judge counts as not failing: with a selection of steps the
           blame may lie further up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derive import Derivation
from reports.ledger import STANDING_ORDER

Pair = tuple[str, str]  # the verdicts of a step: inference, truth


def weakest(verdicts: Iterable[str]) -> str:
    """The weakest in the common order of both kinds; `not-applicable` of none."""
    return max(verdicts, key=STANDING_ORDER.index, default="not-applicable")


def standing(derivation: Derivation, label: str, verdicts: Mapping[str, Pair]) -> str:
    unknown = ("undecided", "undecided")
    return weakest(one for name in (*derivation.ancestors(label), label) for one in verdicts.get(name, unknown))


def loses_truth(derivation: Derivation, label: str, verdicts: Mapping[str, Pair]) -> bool:
    inference, truth = verdicts[label]
    if inference == "invalid":
        return True
    return truth == "fails" and not any(verdicts[cited][1] == "fails" for cited in derivation[label].cites if cited in verdicts)


def blame(derivation: Derivation, label: str, verdicts: Mapping[str, Pair]) -> tuple[str, ...]:
    """The labels in the order of the derivation."""
    above = {*derivation.ancestors(label), label}
    return tuple(name for name in verdicts if name in above and loses_truth(derivation, name, verdicts))
