"""What a step may take a symbol to mean: the definition nearest to it, as the judge of truth does."""

from __future__ import annotations

from typing import Any

from derive.derivation import Derivation
from numeric.recognise import Definition, Read


def known_at(derivation: Derivation, reading: Read, label: str) -> dict[Any, Definition]:
    """For every symbol its first definition in the step or among its ancestors, else the first of all."""
    near = {label, *derivation.ancestors(label)}
    found: dict[Any, Definition] = {}
    for definition in (*(one for one in reading.definitions if one.label in near), *reading.definitions):
        found.setdefault(definition.symbol, definition)
    return found
