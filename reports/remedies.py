"""What is true instead of an equation that the derivation leads to and that is false: what `derive repair` finds, for the report.

Only the ends of the derivation are asked, for a repair takes its time; every card of an equation that fails has the command.
"""

from __future__ import annotations

import json
from typing import Any

from derive import Derivation
from derive.verdicts import Truth
from reports.ledger import Ledger
from reports.reasons import described, encoding
from reports.repair_command import Mended, Outcome, mend
from reports.request import SECONDS
from reports.view.cards import encoded, truth
from reports.view.findings import ends
from reports.view.mathematics import formula
from reports.view.text import shown
from reports.view.values import Encoded, Factor, Remedy
from reports.workers import Lost, run

CHECKS = 4  # a repair is two checks of a step and a fit: as long as so many checks it may take


def remedies(ledger: Ledger, derivation: Derivation, workers: int = 2) -> tuple[dict[str, tuple[Remedy, ...]], tuple[str, ...]]:
    """The remedies of every end that fails by its label, and what a person should be told of those that were not sought."""
    profile = str(ledger.summary["profile"])
    failing = [step.label for step in ends(ledger) if step.truth.verdict == "fails"]

    def work(label: str) -> bytes:
        data: list[dict[str, Any]] | str
        try:
            data = _data(mend(derivation, label, ledger.seed, profile, workers=0))
        except Exception as error:  # the report is written without it
            data = described(error)
        return json.dumps(data).encode("ascii")

    found: dict[str, tuple[Remedy, ...]] = {}
    remarks = []
    for label, answer in run(failing, work, workers, CHECKS * SECONDS[profile], lambda task: None).items():
        data = answer.reason if isinstance(answer, Lost) else json.loads(answer)
        if isinstance(data, str):
            remarks.append(f"no repair of ({shown(label)}): {shown(data)}")
        else:
            found[label] = tuple(map(_remedy, data))
    return found, tuple(remarks)


def _data(outcome: Outcome) -> list[dict[str, Any]]:
    """What is shown of a repair, as it leaves the process that made it."""
    return [_link(one, outcome) for one in outcome.links]


def _link(one: Mended, outcome: Outcome) -> dict[str, Any]:
    fit = one.repair
    known = fit is not None and fit.equation is not None
    return {
        "link": one.link + 1,
        "reason": one.reason,
        "factors": [
            [
                encoded(factor.term, outcome.assignment).latex,
                f"fitted {factor.centre:.3f} ± {factor.half:.3f}".replace("-", "−") if factor.free else "held",
                "–" if factor.proposed is None else str(factor.proposed).replace("-", "−"),
            ]
            for factor in (fit.factors if fit is not None else ())
        ],
        "found": [encoded(fit.equation, outcome.assignment).latex, encoding(fit.equation)] if fit is not None and known else None,
        "truth": None if one.after is None else [one.after[1].verdict, one.after[1].reason],
    }


def _remedy(data: dict[str, Any]) -> Remedy:
    return Remedy(
        data["link"],
        None if data["found"] is None else Encoded(formula(data["found"][0]), shown(data["found"][1])),
        tuple(Factor(formula(term), fitted, proposed) for term, fitted, proposed in data["factors"]),
        shown(data["reason"]),
        None if data["truth"] is None else truth(Truth(*data["truth"])),
    )
