"""The ledger itself."""

from __future__ import annotations

from reports.ledger import Ledger
from reports.ledger_json import encode


def render(ledger: Ledger, source: str) -> bytes:
    return encode(ledger)
