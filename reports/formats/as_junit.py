"""JUnit's XML: a suite for each question, a test case for each verdict.

A refuted one is a failure, an undecided one an error (the question was put and not answered), what is not applicable is skipped.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import groupby

from reports.formats import Answer, answers
from reports.ledger import Ledger
from reports.view.text import shown


def render(ledger: Ledger, source: str) -> bytes:
    found = sorted(answers(ledger), key=lambda answer: answer.question)  # stable: within a question the order of the paper
    root = ET.Element("testsuites", {"name": f"derive check {shown(ledger.case)}", **_counts(found)})
    for question, group in groupby(found, key=lambda answer: answer.question):
        cases = list(group)
        suite = ET.SubElement(root, "testsuite", {"name": question, **_counts(cases)})
        for answer in cases:
            _case(suite, answer, f"{shown(ledger.case)}.{question}")
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _counts(found: list[Answer]) -> dict[str, str]:
    counts = {
        "tests": len(found),
        "failures": sum(answer.refuted for answer in found),
        "errors": sum(answer.open for answer in found),
        "skipped": sum(answer.verdict == "not-applicable" for answer in found),
    }
    return {name: str(count) for name, count in counts.items()}


def _case(suite: ET.Element, answer: Answer, name: str) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": name, "name": f"({shown(answer.label)})"})
    message = f"{answer.verdict}: {shown(answer.reason)}"
    if answer.refuted:
        ET.SubElement(case, "failure", {"type": answer.verdict, "message": message})
    elif answer.open:
        ET.SubElement(case, "error", {"type": answer.verdict, "message": message})
    elif answer.verdict == "not-applicable":
        ET.SubElement(case, "skipped", {"message": message})
    else:
        ET.SubElement(case, "system-out").text = message
