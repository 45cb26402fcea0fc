"""An exception as a reason: one line, the same in every run."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from derive.language import check_dimensions, printed

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
LONGEST = 300


def described(error: BaseException) -> str:
    """The kind of the exception and the first line of its message, without addresses in memory and paths."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    line = ADDRESS.sub("", line)[:LONGEST]
    return f"{type(error).__name__}: {line}" if line else type(error).__name__


def encoding(link: Any) -> str:
    """The encoding of a link in print."""
    return _or_reason(lambda: printed(link), "cannot be printed: ")


def dimension(link: Any) -> str:
    """The common dimension of a link's sides."""
    found = _or_reason(lambda: str(check_dimensions(link)), "")
    return "any (zero)" if found == "None" else found


def _or_reason(words: Callable[[], str], otherwise: str) -> str:
    """A node that a table does not know, or a mismatch, is worth reading, and must not end the command."""
    try:
        return words()
    except Exception as error:
        return f"{otherwise}{described(error)}"
