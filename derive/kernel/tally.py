"""How much has been worked out, in products of monomials: a measure of effort that is the same on every machine.

Searches stop when they have used up what they were given, never by the clock, so the same question always gets the same answer.
"""

from __future__ import annotations


class Tally:
    """A running count of products."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


WORK = Tally()
