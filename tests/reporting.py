"""A ledger to report on, and what the tests of several formats ask of it."""

import re
from dataclasses import replace

from reports.pipeline import check
from reports.view import build

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "markup": f"{SCRIPT}<img src=x onerror=alert(1)>",
    "template": "{{7*7}} {% raw %} <<7*7>> <%7*7%>",
    "TeX": r"\input{/dev/zero} \write18{touch pwned} \csname end\endcsname %\\ $x$ #1 ~^_& \end{document}",
    "direction": "abc\u202etxt.exe\u202c\u200b\x00\x1b[31m",
    "length": "x" * 10_000,
    "unicode": "Σ → ≤ “q” é 漢字 🙂 - -- ?` !`",
}


def page_of(derivation, **kept):
    ledger = check(derivation, workers=0)
    return build(ledger, derivation, **kept)


def everywhere(derivation, text):
    """The derivation with the text in every place that a case may fill with words."""
    steps = tuple(replace(step, latex=text, note=text) for step in derivation.steps)
    prose = tuple(replace(entry, text=text, note=text) for entry in derivation.prose)
    readings = tuple(
        replace(reading, question=text, options=dict.fromkeys(reading.options, text)) for reading in derivation.readings
    )
    return replace(derivation, title=text, source=text, steps=steps, prose=prose, readings=readings)


def relabelled(derivation, label):
    """The derivation whose last step has another label."""
    *others, last = derivation.steps
    return replace(derivation, steps=(*others, replace(last, label=label)))


def text_of(html):
    """What a page shows, without its scripts, styles and tags."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", bare)
