"""What becomes of a step when an assumption it rests on is taken away: the prover is asked again without it.

That a step breaks without an assumption shows that it is needed, at least by what the prover finds; where another assumption of
the case does as well, the answer says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derive import Derivation, prover
from reports.ledger import Ledger, worst_inference
from reports.reasons import described
from reports.view.text import shown
from reports.workers import Lost, run

SECONDS = 60.0  # of search for one step; the work that is counted bounds it sooner, or the answer would depend on the machine
PATIENCE = 150.0
WORDS = {
    "valid": "it still follows",
    "conditional": "it still follows",
    "undecided": "undecided",
    "invalid": "it does not follow",
    "not-applicable": "there is nothing to infer",
}


def without(
    ledger: Ledger, derivation: Derivation, assignment: Mapping[str, str], workers: int = 2
) -> dict[tuple[str, str], str]:
    """(label, name of an assumption) -> what is found without it, for every assumption of the case that a step rests on."""
    known = {one.name for one in derivation.assumptions}
    pairs = [(step.label, name) for step in ledger.steps for name in step.inference.assumptions if name in known]

    def work(task: str) -> bytes:
        return _asked(derivation, *pairs[int(task)], assignment).encode("utf-8", "replace")

    answers = run([str(k) for k in range(len(pairs))], work, workers, PATIENCE, lambda task: None)
    return {
        pair: f"undecided: {answer.reason}" if isinstance(answer, Lost) else answer.decode("utf-8")
        for pair, answer in zip(pairs, answers.values(), strict=True)
    }


def _asked(derivation: Derivation, label: str, name: str, assignment: Mapping[str, str]) -> str:
    fewer = replace(derivation, assumptions=tuple(one for one in derivation.assumptions if one.name != name))
    try:
        found = worst_inference(prover.infer(fewer, label, assignment, seconds=SECONDS))
    except Exception as error:  # one answer, not the report, is lost
        return f"undecided: {shown(described(error))}"
    return f"{WORDS[found.verdict]} ({shown(found.reason)})"
