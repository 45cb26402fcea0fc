"""The summary of a ledger, checked before anything is built on it: a ledger may have been edited."""

from __future__ import annotations

from reports.fields import Fields
from reports.ledger import Ledger, LedgerError


def check_summary(ledger: Ledger) -> None:
    """LedgerError where the summary has not the shape that a check gives it."""
    summary = Fields(ledger.summary, "the summary")
    headline = summary.child("headline")
    assignment = headline.child("assignment")
    for name in assignment.data:
        assignment.text(name)
    headline.integer("saved")
    headline.text("search")
    summary.text("profile")
    summary.texts("lost_at")
    if summary.data.get("only") is not None:
        summary.texts("only")
    for one in summary.children("equivocations"):
        links = one.data.get("links")
        two_links = isinstance(links, list) and len(links) == 2 and all(isinstance(link, int) for link in links)
        if len(one.texts("between")) != 2 or not (links is None or two_links):
            raise LedgerError(f"{one.where}: expected two steps, and none or two of their links; write the ledger again")
