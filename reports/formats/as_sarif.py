"""SARIF 2.1.0: each verdict that is no clean pass is a result; refuted ones are errors, undecided ones warnings.

`conditional` and `asymptotic` are notes: they pass, but on terms that a reader should know.
"""

from __future__ import annotations

import json
from typing import Any

from reports.formats import Answer, answers
from reports.ledger import Ledger
from reports.versions import PROJECT, version
from reports.view.text import shown
from reports.view.tones import MEANINGS

LEVELS = {"invalid": "error", "fails": "error", "undecided": "warning", "conditional": "note", "asymptotic": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(ledger: Ledger, source: str) -> bytes:
    """`source` is the file of the case, if it has one of its own."""
    rules = [
        {"id": word, "shortDescription": {"text": MEANINGS[word]}, "defaultConfiguration": {"level": level}}
        for word, level in LEVELS.items()
    ]
    results = [_result(ledger, answer, source) for answer in answers(ledger) if answer.verdict in LEVELS]
    driver = {"name": PROJECT, "version": version(PROJECT), "rules": rules}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return (json.dumps(log, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def _result(ledger: Ledger, answer: Answer, source: str) -> dict[str, Any]:
    label = shown(answer.label)
    place: dict[str, Any] = {"logicalLocations": [{"name": label, "fullyQualifiedName": f"{shown(ledger.case)}/{label}"}]}
    if source:
        place["physicalLocation"] = {"artifactLocation": {"uri": source.replace("\\", "/")}, "region": {"startLine": 1}}
    return {
        "ruleId": answer.verdict,
        "level": LEVELS[answer.verdict],
        "message": {"text": f"({label}) {answer.question}: {answer.verdict}: {shown(answer.reason)}"},
        "locations": [place],
        "partialFingerprints": {"step/v1": f"{shown(ledger.case)}/{label}/{answer.question}"},
    }
