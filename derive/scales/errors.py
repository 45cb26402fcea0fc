"""What the method of multiple scales declines to do, and the bounds it keeps."""

from __future__ import annotations

from typing import Any

from derive.language import LanguageError


class ScalesError(LanguageError):
    """An expansion that cannot be made: says what was expected, what came and what to do."""


def brief(value: Any) -> str:
    """A value for a message: its repr, cut; Python declines to write out an integer of more than 4300 digits."""
    try:
        return f"{value!r:.60}"
    except ValueError:  # a long integer, or one inside
        return f"one ({type(value).__name__}) that is too long to be written out"


def require_order(order: Any, least: int, most: int, advice: str) -> int:
    """`order` as an int between the bounds; ScalesError otherwise."""
    if isinstance(order, bool) or not isinstance(order, int):
        raise ScalesError(f"order: expected an integer from {least} to {most}, came {brief(order)}")
    if order < least:
        raise ScalesError(f"order: expected an integer from {least} to {most}, came {brief(order)}")
    if order > most:
        raise ScalesError(f"order {brief(order)} is too high: expected an integer from {least} to {most}; {advice}")
    return order
