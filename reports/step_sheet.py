"""One step on one sheet: as printed beside as encoded, with what a reader needs to compare the two.

The LaTeX and the encoding are shown one under the other, unwrapped and unshortened: a reader copies from
here.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive import Derivation, Prose, Step
from derive.language import Chain, Equation, choices_in
from reports.reasons import described, dimension, encoding


def sheet(derivation: Derivation, label: str) -> str:
    """The sheet of a step or of a claim in words; KeyError for a label that is neither."""
    prose = next((entry for entry in derivation.prose if entry.label == label), None)
    lines = _of_prose(derivation, prose) if prose is not None else _of_step(derivation, derivation[label])
    return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines) + "\n"


def _of_step(derivation: Derivation, step: Step) -> Iterator[str]:
    yield f"{derivation.name} ({step.label})  {step.role}"
    yield f"cites       {', '.join(step.cites) or 'nothing'}"
    yield from _cited_by(derivation, step.label)
    yield ""
    yield "as printed"
    yield from _indented(str(step.latex) or "(no LaTeX is given)")
    yield "as encoded"
    yield from _encoded(step.claim, step)
    yield from _choices(derivation, step.claim)
    if step.note:
        yield "note"
        yield from _indented(step.note)


def _of_prose(derivation: Derivation, entry: Prose) -> Iterator[str]:
    yield f"{derivation.name} ({entry.label})  a claim in words, {entry.printed}"
    yield f"cites       {', '.join(entry.cites) or 'nothing'}"
    yield ""
    yield "as printed"
    yield from _indented(entry.text)
    if entry.claim is not None:
        yield "as encoded; the words deny it" if entry.denied else "as encoded"
        yield from _encoded(entry.claim, None)
        yield from _choices(derivation, entry.claim)
    if entry.statement is not None:
        yield "as encoded"
        yield from _indented(encoding(entry.statement))
    if entry.note:
        yield "note"
        yield from _indented(entry.note)


def _cited_by(derivation: Derivation, label: str) -> Iterator[str]:
    users = [step.label for step in derivation.steps if label in step.cites]
    if users:
        yield f"cited by    {', '.join(users)}"


def _encoded(claim: Equation | Chain, step: Step | None) -> Iterator[str]:
    for number, link in enumerate(claim.links, start=1):
        role = step.role_of(link) if step is not None else link.role or "claim"
        name = f"link {number}, {role}" if len(claim.links) > 1 else role
        yield f"  [{name}; dimension: {dimension(link)}]"
        yield f"    {encoding(link)}"


def _choices(derivation: Derivation, claim: Equation | Chain) -> Iterator[str]:
    try:
        offered = choices_in(claim)
    except Exception as error:
        yield f"choices cannot be read: {described(error)}"
        return
    if offered:
        yield "left open by the print"
    for reading in derivation.readings:
        if reading.name in offered:
            yield f"  {reading.name}: {reading.question}"
            for label in offered[reading.name]:
                yield f"    {label}: {reading.options[label]}"


def _indented(text: str) -> Iterator[str]:
    for line in str(text).strip().splitlines():
        yield f"  {line.rstrip()}"
