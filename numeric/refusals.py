"""Why a number cannot be given: each refusal carries one line for the reader of the ledger."""

from __future__ import annotations


class Refusal(Exception):
    """No number can be given; the message says why and, where there is one, the way out."""


class UnknownNode(Refusal):
    """The interpreter has no rule for a node."""


class Undefined(Refusal):
    """A symbol that nothing in the derivation or in the model gives a meaning."""


class IllPosed(Refusal):
    """An expression without a meaning at finite size, such as a product of deltas at the same point."""


class Unsupported(Refusal):
    """An expression that may have a meaning, which this interpreter does not compute."""


class NeedsPhases(Unsupported):
    """An expression that a sample without the phases of its matrix elements cannot give."""


class OutOfTime(Refusal):
    """The time allowed for a step is used up."""
