"""Text as a person may be shown it: nothing invisible, nothing that changes how what follows is read.

    shown("a\u202eb")  ->  "a⟨U+202E⟩b"

Control characters, marks of writing direction, unassigned and private characters are named instead of used; white space
becomes a single space.  What a format makes special (HTML, TeX) is that format's business.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

FITTING = 5
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(text: object) -> str:
    """The text in one line of visible characters."""
    words = "".join(c if unicodedata.category(c) not in HIDDEN or c in "\t\n\r" else _named(c) for c in str(text))
    return " ".join(words.split())


def shown_lines(text: object) -> tuple[str, ...]:
    """The lines of the text that are not empty."""
    return tuple(line for line in map(shown, str(text).splitlines()) if line)


def _named(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def fitting(label: str) -> str:
    """The label, cut where it is wider than the box or the column it stands in."""
    text = shown(label)
    return text if len(text) <= FITTING else f"{text[: FITTING - 1]}…"


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(items: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def numbers(labels: Sequence[str]) -> str:
    """`(24), (25) and (26)`."""
    return listed([f"({shown(label)})" for label in labels])


def sentence(text: str) -> str:
    """With a capital and a full stop; a letter of the mathematics at the beginning stays as it is."""
    text = shown(text).replace(" +- ", " ± ")
    if not text:
        return ""
    first = text.split(" ", 1)[0]
    start = text[0].upper() + text[1:] if first.isalpha() and first.islower() and (len(first) > 1 or first == "a") else text
    return start if start[-1] in ".!?" else start + "."
