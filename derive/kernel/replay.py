"""Replaying stored evidence: a certificate or a (counter)model, from its own bytes alone.

Each piece of evidence carries a SHA-256 digest of its canonical JSON, so that a changed byte is refused even where the changed
evidence would show something else that is true.  Then it is checked from scratch.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from derive.kernel.certificate import Used, check
from derive.kernel.countermodel import check_model
from derive.kernel.errors import KernelError, Malformed, Refused
from derive.kernel.loop import check_loop
from derive.kernel.smooth import check_fields
from derive.kernel.terms import from_json, sub, to_json

KINDS = ("certificate", "all", "model", "countermodel", "loop", "fields")


def digest(evidence: Any) -> str:
    """The SHA-256 of the canonical JSON of everything but the digest itself."""
    body = {k: v for k, v in evidence.items() if k != "digest"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sealed(evidence: dict[str, Any]) -> dict[str, Any]:
    """The evidence as it is stored: plain JSON with its digest."""
    plain = json.loads(json.dumps(evidence))
    return {**plain, "digest": digest(plain)}


def _require_model_of(certificate: Any, used: Used) -> None:
    """A certificate's model shows that its own premises can hold, and its own claim not for nothing."""
    model, (lhs, rhs) = certificate["model"], certificate["claim"]
    if certificate["closing"][0] == "derivative":
        lhs = to_json(sub(from_json(lhs), ("d", certificate["closing"][1], from_json(certificate["closing"][2]))))
    held = [premise["equation"] for premise in model["premises"]]
    same = model["kind"] == "model" and model["claim"] == [lhs, rhs] and model["hamiltonian"] == certificate["hamiltonian"]
    if not same or any(certificate["premises"][k]["equation"] not in held for k in used.premises):
        raise Refused("the certificate's model is one of another claim, or leaves out a premise that the certificate uses")


def replay(evidence: Any) -> Used | None:
    """Checks one piece of evidence; raises KernelError with the reason where it is refused."""
    if not isinstance(evidence, dict) or evidence.get("kind") not in KINDS:
        raise Malformed(f"evidence: expected an object whose kind is one of {', '.join(KINDS)}")
    if evidence.get("digest") != digest(evidence):
        raise Refused("the digest does not belong to these bytes: the evidence was changed after it was stored")
    try:
        if evidence["kind"] == "all":
            parts = evidence["parts"]
            if not isinstance(parts, list) or not parts:
                raise Malformed("evidence: expected a nonempty list of parts")
            for part in parts:
                replay(part)
            return None
        if evidence["kind"] == "certificate":
            used = check(evidence)
            if evidence.get("model") is not None:
                _require_model_of(evidence, used)
                replay(evidence["model"])
            return used
        if evidence["kind"] == "loop":
            check_loop(evidence)
        elif evidence["kind"] == "fields":
            check_fields(evidence)
        else:
            check_model(evidence)
    except KernelError:
        raise
    except (RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"evidence: {type(error).__name__}: {error!s:.80}") from error
    return None
