"""The content security policy of the page: nothing is loaded, and nothing runs but the scripts and styles that we wrote.

    default-src 'none'; script-src 'sha256-...'; style-src 'sha256-...'; font-src data:; img-src data:

Each inline element is named by the hash of its text, so that markup that slipped through would still not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence


def source(text: str) -> str:
    """The hash of an inline element, as a policy names it."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(source, scripts)),
        "style-src": " ".join(map(source, styles)),
        "font-src": "data:",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
