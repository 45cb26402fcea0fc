"""Replays the evidence in a ledger with the kernel alone: no SymPy, no NumPy, no derivation.

Every certificate and countermodel is replayed, of the headline and of the other readings; equal ones once.
A verdict without its evidence is refused as well: `valid` and `conditional` need a certificate, `invalid` a
countermodel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derive import kernel
from derive.audits.answer import Audit
from derive.kernel.audits import check_audit
from derive.second import NoMeaning, replay_second
from derive.verdicts import Inference
from reports.ledger import Ledger, StepEntry
from reports.ledger_json import dumped


@dataclass(frozen=True)
class Refusal:
    label: str
    reason: str


@dataclass(frozen=True)
class Replayed:
    certificates: int
    countermodels: int
    refused: tuple[Refusal, ...]


def replay(ledger: Ledger) -> Replayed:
    """Replays everything that the ledger stores."""
    counts = {"certificate": 0, "countermodel": 0}
    outcome: dict[str, str] = {}  # evidence -> reason of its refusal, empty if accepted
    refused: dict[Refusal, None] = {}
    for step in ledger.steps:
        for found in _inferences(step):
            for kind, evidence in (("certificate", found.certificate), ("countermodel", found.countermodel)):
                if evidence is None:
                    if kind in _needed(found.verdict):
                        refused[Refusal(step.label, f"{found.verdict} without a {kind}")] = None
                    continue
                text = f"{kind} {dumped(evidence)}"
                if text not in outcome:
                    outcome[text] = _reason(kind, dict(evidence))
                    counts[kind] += 1
                if outcome[text]:
                    refused[Refusal(step.label, f"{kind} refused: {outcome[text]}")] = None
    for audit in ledger.audits:
        for kind, evidence in (("certificate", audit.certificate), ("countermodel", audit.countermodel)):
            if reason := _audit_reason(audit, kind, evidence):
                refused[Refusal(audit.label, f"audit of {audit.question}: {reason}")] = None
            counts[kind] += evidence is not None
    return Replayed(counts["certificate"], counts["countermodel"], tuple(refused))


@dataclass(frozen=True)
class SecondOpinion:
    """What the second checker says of the evidence for the steps: counted, refused, and what it cannot read."""

    agrees: Mapping[str, int]
    refused: tuple[Refusal, ...]
    unread: tuple[Refusal, ...]


def second_opinion(ledger: Ledger) -> SecondOpinion:
    """Everything that the ledger stores for its steps, equal evidence once, replayed apart from the kernel."""
    agrees: Counter[str] = Counter()
    refused: dict[Refusal, None] = {}
    unread: list[Refusal] = []
    done: set[str] = set()
    for step in ledger.steps:
        for found in _inferences(step):
            for kind, evidence in (("certificate", found.certificate), ("countermodel", found.countermodel)):
                if evidence is None or (text := f"{kind} {dumped(evidence)}") in done:
                    continue
                done.add(text)
                try:
                    replay_second(dict(evidence))
                except NoMeaning as error:
                    unread.append(Refusal(step.label, f"{kind}: {error}"))
                except Exception as error:  # whatever it meets in edited evidence, it has not agreed
                    line = (str(error).strip() or type(error).__name__).splitlines()[0]
                    refused[Refusal(step.label, f"{kind}: {line[:300]}")] = None
                else:
                    agrees[kind] += 1
    return SecondOpinion(dict(agrees), tuple(refused), tuple(unread))


def _audit_reason(audit: Audit, kind: str, evidence: Any) -> str:
    """Why the evidence of an audit is not accepted: it must show this answer to this question, and nothing else may have any."""
    wanted = {"yes": "certificate", "no": "countermodel"}.get(audit.verdict)
    if evidence is None:
        return f"{audit.verdict} without a {kind}" if kind == wanted else ""
    if kind != wanted:
        return f"{audit.verdict} with a {kind}"
    try:
        shown = check_audit(dict(evidence))
    except Exception as error:  # as above
        line = (str(error).strip() or type(error).__name__).splitlines()[0]
        return f"{kind} refused: {type(error).__name__}: {line[:300]}"
    came = f"{shown[0]} {shown[1]}"
    return "" if shown == (audit.question, audit.verdict) else f"{kind} refused: it shows {came}, not {audit.verdict}"


def _inferences(step: StepEntry) -> Iterator[Inference]:
    yield from (link.inference for link in step.links)
    yield from (reading.inference for reading in step.readings)


def _needed(verdict: str) -> tuple[str, ...]:
    return {"valid": ("certificate",), "conditional": ("certificate",), "invalid": ("countermodel",)}.get(verdict, ())


def _kinds(evidence: Any) -> set[str]:
    """The kinds of evidence within: a countermodel that replays well is still no certificate."""
    if not isinstance(evidence, dict):
        return {"no evidence"}
    if evidence.get("kind") == "all" and isinstance(evidence.get("parts"), list):
        return set().union(*map(_kinds, evidence["parts"]))
    if evidence.get("kind") == "fields":
        return {{"follows": "certificate", "fails": "countermodel"}.get(str(evidence.get("answer")), "fields")}
    return {{"loop": "countermodel"}.get(str(evidence.get("kind")), str(evidence.get("kind")))}


def _reason(kind: str, evidence: dict[str, Any]) -> str:
    if (came := _kinds(evidence)) != {kind}:
        return f"it holds {' and '.join(sorted(came)) or 'nothing'}"
    try:
        kernel.replay(evidence)
    except Exception as error:  # whatever the kernel meets in edited evidence, it has not accepted it
        line = (str(error).strip() or type(error).__name__).splitlines()[0]
        return f"{type(error).__name__}: {line[:300]}"
    return ""
