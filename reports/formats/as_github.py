"""Workflow commands of GitHub Actions: an error for each refuted verdict, a warning for each undecided one, then the counts.

Text is data here too: % and line ends are written as the commands want them, and a title's colons and commas besides.
"""

from __future__ import annotations

from reports.formats import Answer, answers
from reports.ledger import Ledger
from reports.view.text import shown


def render(ledger: Ledger, source: str) -> bytes:
    found = list(answers(ledger))
    lines = [_command(ledger, answer, source) for answer in found if answer.refuted or answer.open]
    refuted, undecided = sum(answer.refuted for answer in found), sum(answer.open for answer in found)
    lines.append(f"{len(found)} verdicts: {refuted} refuted, {undecided} undecided")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _command(ledger: Ledger, answer: Answer, source: str) -> str:
    kind = "error" if answer.refuted else "warning"
    title = _property(f"{shown(ledger.case)} ({shown(answer.label)}) {answer.question}: {answer.verdict}")
    place = f"file={_property(source)}," if source else ""
    return f"::{kind} {place}title={title}::{_data(shown(answer.reason) or answer.verdict)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
