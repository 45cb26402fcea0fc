"""What people and programs read: the check itself, its ledger, the terminal and the command line.

`from reports import check` judges a derivation and gives its Ledger.  Names are imported when they are
first used, so that the command line's help does not pay for SymPy and NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.ledger import Ledger, LedgerError, ProseEntry, StepEntry
    from reports.ledger_json import read, write
    from reports.pipeline import check
    from reports.request import CheckError

__all__ = ["CheckError", "Ledger", "LedgerError", "ProseEntry", "StepEntry", "check", "read", "write"]

_HOMES = {
    "check": "reports.pipeline",
    "CheckError": "reports.request",
    "read": "reports.ledger_json",
    "write": "reports.ledger_json",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'reports' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES.get(name, "reports.ledger")), name)
