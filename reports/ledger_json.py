"""The ledger as JSON, format 1: canonical bytes, validated reading, atomic writing.

Canonical: keys in one fixed order (sorted where the mapping is free), floats of measurements rounded to six
significant digits (beyond them lies the machine), ASCII, one line for every step, a newline at the end.
The same ledger gives the same bytes. Certificates and countermodels hold exact data only: a float in one is
refused, not rounded. Reading builds values from checked data and runs nothing; whatever is wrong is a
LedgerError of one line.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from derive.audits.answer import QUESTIONS, VERDICTS, Audit
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER, Inference, Truth
from reports.fields import Fields, parsed
from reports.ledger import (
    FORMAT,
    PROSE_VERDICTS,
    STANDING_ORDER,
    Ledger,
    LedgerError,
    LinkEntry,
    ProseEntry,
    ReadingEntry,
    StepEntry,
    worst_inference,
    worst_truth,
)

DIGITS = 6


# Values to JSON data ---------------------------------------------------------------------------------


def plain(value: Any, exact: bool) -> Any:
    """`value` as JSON data; floats are rounded, or refused where the data must be exact."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise LedgerError(f"expected strings as keys, came {', '.join(map(repr, value))}")
        return {key: plain(value[key], exact) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(item, exact) for item in value]
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, float) or (isinstance(value, Real) and not exact):
        if exact:
            raise LedgerError(f"expected exact data in the evidence, came the float {value!r}")
        return rounded(float(value))
    if hasattr(value, "tolist"):  # NumPy's booleans, scalars and arrays
        return plain(value.tolist(), exact)
    raise LedgerError(f"expected data that JSON can hold, came {type(value).__name__}")


def rounded(value: float) -> float | None:
    """Six significant digits, no negative zero; None for NaN and infinity, which JSON has not."""
    return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else None


def inference_data(found: Inference) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "assumptions": list(found.assumptions),
        "premises": list(found.premises),
        "certificate": plain(found.certificate, exact=True),
        "countermodel": plain(found.countermodel, exact=True),
        "remainder": found.remainder,
        "reason": found.reason,
    }


def truth_data(found: Truth) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "measurements": plain(found.measurements, exact=False),
        "limit": found.limit,
        "reason": found.reason,
    }


def step_data(step: StepEntry) -> dict[str, Any]:
    return {
        "label": step.label,
        "role": step.role,
        "latex": step.latex,
        "cites": list(step.cites),
        "inference": inference_data(step.inference),
        "truth": truth_data(step.truth),
        "links": [
            {
                "role": link.role,
                "printed": link.printed,
                "inference": inference_data(link.inference),
                "truth": truth_data(link.truth),
            }
            for link in step.links
        ],
        "readings": [
            {
                "assignment": dict(reading.assignment),
                "headline": reading.headline,
                "inference": inference_data(reading.inference),
                "truth": truth_data(reading.truth),
                "against": list(reading.against),
            }
            for reading in step.readings
        ],
        "blame": list(step.blame),
        "standing": step.standing,
    }


def prose_data(entry: ProseEntry) -> dict[str, Any]:
    return {
        "label": entry.label,
        "verdict": entry.verdict,
        "reason": entry.reason,
        "measurements": plain(entry.measurements, exact=False),
        "cites": list(entry.cites),
        "standing": entry.standing,
    }


def audit_data(found: Audit) -> dict[str, Any]:
    return {
        "label": found.label,
        "question": found.question,
        "verdict": found.verdict,
        "reason": found.reason,
        "density": found.density,
        "time": found.time,
        "hypotheses": list(found.hypotheses),
        "certificate": plain(found.certificate, exact=True),
        "countermodel": plain(found.countermodel, exact=True),
    }


def encode(ledger: Ledger) -> bytes:
    """The canonical bytes of a ledger."""
    head = {
        "format": FORMAT,
        "case": ledger.case,
        "seed": ledger.seed,
        "environment": plain(ledger.environment, exact=False),
        "summary": plain(ledger.summary, exact=False),
    }
    lines = [f"{dumped(key)}: {dumped(value)}" for key, value in head.items()]
    lines.append(f'"steps": {block(map(step_data, ledger.steps))}')
    lines.append(f'"prose": {block(map(prose_data, ledger.prose))}')
    if ledger.audits:
        lines.append(f'"audits": {block(map(audit_data, ledger.audits))}')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("ascii")


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def block(items: Iterable[dict[str, Any]]) -> str:
    lines = [dumped(item) for item in items]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


# JSON data to values ---------------------------------------------------------------------------------


def decode(text: bytes | str, where: str = "the ledger") -> Ledger:
    """The ledger that these bytes hold; LedgerError where they do not hold one."""
    top = Fields(parsed(text, where), where)
    if (form := top.integer("format")) != FORMAT:
        raise LedgerError(f"{where}: expected format {FORMAT}, came {form}; write it again with this version")
    ledger = Ledger(
        case=top.text("case"),
        seed=top.integer("seed"),
        environment={key: top.child("environment").text(key) for key in top.mapping("environment")},
        summary=top.mapping("summary"),
        steps=tuple(_step(fields) for fields in top.children("steps")),
        prose=tuple(_prose(fields) for fields in top.children("prose")),
        audits=tuple(_audit(fields) for fields in top.children("audits")) if "audits" in top.data else (),
    )
    labels = [step.label for step in ledger.steps] + [entry.label for entry in ledger.prose]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise LedgerError(f"{where}: expected every label once, came {twice!r} twice; write the ledger again")
    return ledger


def inference_of(fields: Fields) -> Inference:
    return Inference(
        verdict=fields.one_of("verdict", INFERENCE_ORDER),
        reason=fields.text("reason"),
        assumptions=fields.texts("assumptions"),
        premises=fields.texts("premises"),
        certificate=fields.optional_mapping("certificate"),
        countermodel=fields.optional_mapping("countermodel"),
        remainder=fields.text("remainder"),
    )


def truth_of(fields: Fields) -> Truth:
    return Truth(
        verdict=fields.one_of("verdict", TRUTH_ORDER),
        reason=fields.text("reason"),
        limit=fields.text("limit"),
        measurements=_measurements(fields),
    )


def _measurements(fields: Fields) -> tuple[Mapping[str, Any], ...]:
    return tuple(child.data for child in fields.children("measurements"))


def _step(fields: Fields) -> StepEntry:
    step = StepEntry(
        label=fields.text("label"),
        role=fields.text("role"),
        latex=fields.text("latex"),
        cites=fields.texts("cites"),
        inference=inference_of(fields.child("inference")),
        truth=truth_of(fields.child("truth")),
        links=tuple(_link(link) for link in fields.children("links")),
        readings=tuple(_reading(reading) for reading in fields.children("readings")),
        blame=fields.texts("blame"),
        standing=fields.one_of("standing", STANDING_ORDER),
    )
    # A step shows the worst of its links: a ledger that says better has been edited.
    inferences = tuple(link.inference for link in step.links)
    truths = tuple(link.truth for link in step.links)
    _agrees(fields, "inference", step.inference, worst_inference(inferences))
    _agrees(fields, "truth", step.truth, worst_truth(truths))
    return step


def _agrees(fields: Fields, key: str, came: Inference | Truth, expected: Inference | Truth) -> None:
    if came != expected:
        raise LedgerError(
            f"{fields.where}.{key}: expected that of the worst link ({expected.verdict}), came another "
            f"({came.verdict}); the ledger has been edited, write it again"
        )


def _link(fields: Fields) -> LinkEntry:
    return LinkEntry(
        role=fields.text("role"),
        printed=fields.text("printed"),
        inference=inference_of(fields.child("inference")),
        truth=truth_of(fields.child("truth")),
    )


def _reading(fields: Fields) -> ReadingEntry:
    assignment = fields.child("assignment")
    return ReadingEntry(
        assignment={name: assignment.text(name) for name in assignment.data},
        headline=fields.boolean("headline"),
        inference=inference_of(fields.child("inference")),
        truth=truth_of(fields.child("truth")),
        against=fields.texts("against"),
    )


def _prose(fields: Fields) -> ProseEntry:
    return ProseEntry(
        label=fields.text("label"),
        verdict=fields.one_of("verdict", PROSE_VERDICTS),
        reason=fields.text("reason"),
        measurements=_measurements(fields),
        cites=fields.texts("cites"),
        standing=fields.one_of("standing", STANDING_ORDER),
    )


def _audit(fields: Fields) -> Audit:
    return Audit(
        label=fields.text("label"),
        question=fields.one_of("question", tuple(QUESTIONS)),
        verdict=fields.one_of("verdict", VERDICTS),
        reason=fields.text("reason"),
        density=fields.text("density"),
        time=fields.text("time"),
        hypotheses=fields.texts("hypotheses"),
        certificate=fields.optional_mapping("certificate"),
        countermodel=fields.optional_mapping("countermodel"),
    )


# Files -----------------------------------------------------------------------------------------------


def read(path: str | Path) -> Ledger:
    """The ledger in a file."""
    try:
        text = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = _why(error)
        raise LedgerError(f"cannot read {path}: {reason}; expected a ledger that --json wrote") from error
    return decode(text, str(path))


def write(ledger: Ledger, path: str | Path) -> None:
    """Writes the ledger whole or not at all: to a new file beside the old one, which then takes its place."""
    save(encode(ledger), path)


def save(content: bytes, path: str | Path) -> None:
    """Writes bytes whole or not at all."""
    _answering(path, lambda: _replace(path, content))


def check_writable(path: str | Path) -> None:
    """Refuses a path that `write` could not write, before anything is computed for it."""
    _answering(path, lambda: _replace(path, None))


def _answering(path: str | Path, action: Callable[[], None]) -> None:
    try:
        action()
    except (OSError, ValueError) as error:
        reason = _why(error)
        raise LedgerError(f"cannot write {path}: {reason}; name a file in a folder that exists") from error


def _why(error: OSError | ValueError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _replace(path: str | Path, content: bytes | None) -> None:
    target = Path(os.path.realpath(path))  # a link stays a link
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise IsADirectoryError("it is a folder")
        if content is not None:  # a device or a pipe is written to; to replace it would remove it
            target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as file:
            if content is not None:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if content is not None:
            beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
