"""What the method of multiple scales declines to do, and the bounds it keeps."""

from __future__ import annotations

from typing import Any

from derive.language import LanguageError


class ScalesError(LanguageError):
    """An expansion that cannot be made: says what was expected, what came and what to do."""


def require_order(order: Any, least: int, most: int, advice: str) -> int:
    """`order` as an int between the bounds; ScalesError otherwise."""
    if isinstance(order, bool) or not isinstance(order, int):
        raise ScalesError(f"order: expected an integer from {least} to {most}, came {order!r}")
    if order < least:
        raise ScalesError(f"order: expected an integer from {least} to {most}, came {order}")
    if order > most:
        raise ScalesError(f"order {order} is too high: expected an integer from {least} to {most}; {advice}")
    return order
