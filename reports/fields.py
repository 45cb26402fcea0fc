"""Reading JSON that somebody else may have written: every field is checked, a complaint says where it is.

Vocabulary
    parsed   bytes -> JSON data; no duplicate keys, no NaN
    Fields   a mapping with its place in the file; `fields.text("reason")` is a string or a LedgerError
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.ledger import LedgerError

_WORDS = {dict: "an object", list: "a list", str: "a string", int: "an integer", bool: "true or false"}
AGAIN = "write it again with `derive check CASE --json PATH`"


def parsed(text: bytes | str, where: str) -> Any:
    """The JSON data; LedgerError for what is not JSON, for a key given twice and for NaN."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"{error.msg.lower()} in line {error.lineno}"
        raise LedgerError(f"{where}: expected JSON, came {what} (is it cut off?); {AGAIN}") from error
    except (ValueError, RecursionError) as error:
        # not UTF-8, too many digits, nested too deep, and the hooks below
        what = str(error).splitlines()[0]
        raise LedgerError(f"{where}: expected a ledger, came {what}; {AGAIN}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} twice in one object")
    return made


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word}, which is not JSON")


@dataclass(frozen=True)
class Fields:
    """A JSON object and where it stands; what reads a field raises LedgerError if it is not of its kind."""

    data: Mapping[str, Any]
    where: str

    def __post_init__(self) -> None:
        _of_kind(self.data, dict, self.where)

    def _get(self, key: str, kind: type) -> Any:
        if key not in self.data:
            raise LedgerError(f"{self.where}: expected the key {key!r}, came none; {AGAIN}")
        return _of_kind(self.data[key], kind, f"{self.where}.{key}")

    def text(self, key: str) -> str:
        return str(self._get(key, str))

    def integer(self, key: str) -> int:
        return int(self._get(key, int))

    def boolean(self, key: str) -> bool:
        return bool(self._get(key, bool))

    def mapping(self, key: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._get(key, dict)
        return found

    def optional_mapping(self, key: str) -> Mapping[str, Any] | None:
        return None if key in self.data and self.data[key] is None else self.mapping(key)

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        came = self.text(key)
        if came not in allowed:
            expected = f"expected one of {', '.join(allowed)}"
            raise LedgerError(f"{self.where}.{key}: {expected}, came {came!r}; {AGAIN}")
        return came

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(_of_kind(item, str, place) for place, item in self._items(key))

    def child(self, key: str) -> Fields:
        return Fields(self.mapping(key), f"{self.where}.{key}")

    def children(self, key: str) -> tuple[Fields, ...]:
        return tuple(Fields(item, place) for place, item in self._items(key))

    def _items(self, key: str) -> Iterator[tuple[str, Any]]:
        for number, item in enumerate(self._get(key, list)):
            yield f"{self.where}.{key}[{number}]", item


def _of_kind(value: Any, kind: type, where: str) -> Any:
    # true is an int to Python, and not to the format
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        came = next((word for known, word in _WORDS.items() if type(value) is known), None)
        came = came or ("null" if value is None else f"the {type(value).__name__} {value!r:.40}")
        raise LedgerError(f"{where}: expected {_WORDS[kind]}, came {came}; {AGAIN}")
    return value
