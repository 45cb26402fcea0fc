"""The symbolic layer: language, derivations, kernel, tactics and the prover.

`derive.load("jain")` gives a Derivation.  Names are imported when they are first used, so that the command line's help does
not pay for SymPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.derivation import Assumption, CaseError, Derivation, Prose, Reading, Step
    from derive.loading import bundled, load

__all__ = ["Assumption", "CaseError", "Derivation", "Prose", "Reading", "Step", "bundled", "load"]

_HOMES = {"load": "derive.loading", "bundled": "derive.loading"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES.get(name, "derive.derivation")), name)
