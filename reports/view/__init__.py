"""What a report says, as finished values; rendering it is another matter (reports/html, reports/tex).

    page = build(ledger, derivation)      ledger + case -> Page

Nothing here computes a verdict, and nothing that renders a Page decides what it says.
"""

from __future__ import annotations

from reports.view.page import build

__all__ = ["build"]
