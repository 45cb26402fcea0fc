"""`derive repair`: the nearest true equation to a false one, on a terminal or as JSON.

    {"format": 1, "case", "label", "given", "seed", "profile", "assignment",
     "links": [{"link", "printed", "before": {"inference", "truth"}, "reason", "groups",
                "factors": [{"term", "factor", "half", "proposed", "free"}, ...],
                "equation": ... | null, "after": {"inference", "truth"} | null}, ...]}

With --given a step that says what a symbol is, the symbol is that by definition: what is repaired is then the step from there.

Each link that fails is repaired by itself; the repaired step is then checked like any other, all of its repaired links together.

Exit codes: 0 nothing fails, or each link that did is true with the factors proposed; 4 some link could not be repaired so.
Usage and files as everywhere (2, 3).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from derive import Derivation
    from derive.verdicts import Inference, Truth
    from numeric.repair import Factor, Repair

OPEN = 4
TRUE = ("exact", "asymptotic")


@dataclass(frozen=True)
class Mended:
    """One link that fails: its verdicts as printed, what the fit says of its terms, and the verdicts of what is proposed."""

    link: int
    printed: str
    before: tuple[Inference, Truth]
    repair: Repair | None  # None where the numbers say nothing, for this reason
    reason: str
    after: tuple[Inference, Truth] | None


@dataclass(frozen=True)
class Outcome:
    case: str
    label: str
    given: str | None  # the step whose claim is taken for the definition of its left side
    seed: int
    profile: str
    assignment: Mapping[str, str]
    verdict: str  # the truth of the step as printed
    links: tuple[Mended, ...]

    @property
    def open(self) -> bool:
        return any(one.after is None or one.after[1].verdict not in TRUE for one in self.links)


@click.command("repair")
@click.argument("case")
@click.argument("label")
@click.option("--given", metavar="LABEL", help="Take what this step claims for the definition of its left side.")
@click.option("--json", "json_path", metavar="PATH", help="Write the repair as JSON; - for stdout.")
@click.option("--seed", metavar="N", default="0", show_default=True, help="Fixes every random number.")
@click.option("--profile", metavar="quick|full", default="quick", show_default=True, help="The effort.")
def repair(case: str, label: str, given: str | None, json_path: str | None, seed: str, profile: str) -> int:
    """Find the nearest true equation to the step LABEL of CASE: a factor for each of its terms.

    The factors are fitted to the numbers of every ensemble and drive jointly; simple rational ones are proposed and checked.
    """
    from reports.cli import load_case

    derivation = load_case(case)

    from reports.ledger_json import check_writable, save
    from reports.request import check_arguments, seed_of
    from reports.to_terminal import console_for

    number = seed_of(seed)
    check_arguments(derivation, [label] if given is None else [label, given], number, profile)
    if json_path is not None and json_path != "-":
        check_writable(json_path)
    found = mend(derivation, label, number, profile, given=given)
    if json_path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(encode(found))
    else:
        if json_path is not None:
            save(encode(found), json_path)
        show(found, console_for(sys.stdout))
    return OPEN if found.open else 0


def mend(
    derivation: Derivation, label: str, seed: int = 0, profile: str = "quick", workers: int = 2, given: str | None = None
) -> Outcome:
    """The repair of every link of a step that fails, under the assignment that a check of the step shows.

    CheckError for a `given` step that claims nothing of a symbol which another step defines.
    """
    from numeric.refusals import IllPosed, Refusal
    from numeric.repair import repair as fitted
    from numeric.repair import taking, with_link
    from reports.pipeline import check, with_words_as_steps
    from reports.reasons import encoding
    from reports.request import CheckError

    spoken = with_words_as_steps(derivation)
    if given is not None:
        try:
            spoken = taking(spoken, given)
        except IllPosed as refusal:
            raise CheckError(f"--given: {refusal}") from refusal
    before = check(spoken, [label], seed, profile, workers)
    assignment = before.summary["headline"]["assignment"]
    entry, made, changed = before[label], [], spoken
    for number, link in enumerate(entry.links):
        if link.truth.verdict != "fails":
            continue
        proposal, reason = None, ""
        try:
            proposal = fitted(spoken, label, number, assignment, seed, profile)
            reason = proposal.reason
        except Refusal as refusal:
            reason = str(refusal)
        if proposal is not None and proposal.equation is not None:
            changed = with_link(changed, label, number, proposal.equation)
        made.append(Mended(number, encoding(spoken[label].links[number]), (link.inference, link.truth), proposal, reason, None))
    if changed is not spoken:
        after = check(changed, [label], seed, profile, workers, assignment=assignment)[label].links
        made = [_judged(one, after) for one in made]
    return Outcome(str(derivation.name), label, given, seed, profile, assignment, entry.truth.verdict, tuple(made))


def _judged(one: Mended, after: Sequence[Any]) -> Mended:
    if one.repair is None or one.repair.equation is None:
        return one
    verdicts = (after[one.link].inference, after[one.link].truth)
    return Mended(one.link, one.printed, one.before, one.repair, one.reason, verdicts)


# Printing ------------------------------------------------------------------------------------------------


def encode(found: Outcome) -> bytes:
    """The outcome as bytes, the same in every run, one line for every link."""
    from reports.ledger import FORMAT
    from reports.ledger_json import block, dumped

    head = [
        ("format", FORMAT),
        ("case", found.case),
        ("label", found.label),
        ("given", found.given),
        ("seed", found.seed),
        ("profile", found.profile),
        ("assignment", dict(found.assignment)),
    ]
    lines = [f"{dumped(key)}: {dumped(value)}" for key, value in head]
    return ("{\n" + ",\n".join([*lines, f'"links": {block(map(_link_data, found.links))}']) + "\n}\n").encode("ascii")


def _link_data(one: Mended) -> dict[str, Any]:
    from reports.reasons import encoding

    known = one.repair is not None
    return {
        "link": one.link + 1,
        "printed": one.printed,
        "before": _verdicts(one.before),
        "reason": one.reason,
        "groups": list(one.repair.groups) if one.repair is not None else [],
        "factors": [_factor_data(factor) for factor in one.repair.factors] if one.repair is not None else [],
        "equation": encoding(one.repair.equation) if known and one.repair.equation is not None else None,  # type: ignore[union-attr]
        "after": None if one.after is None else _verdicts(one.after),
    }


def _factor_data(factor: Factor) -> dict[str, Any]:
    from reports.ledger_json import rounded
    from reports.reasons import encoding

    return {
        "term": encoding(factor.term),
        "factor": rounded(factor.centre),
        "half": rounded(factor.half),
        "proposed": None if factor.proposed is None else str(factor.proposed),
        "free": factor.free,
    }


def _verdicts(pair: tuple[Inference, Truth]) -> dict[str, Any]:
    from reports.ledger_json import inference_data, truth_data

    return {"inference": inference_data(pair[0]), "truth": truth_data(pair[1])}


def show(found: Outcome, console: Console) -> None:
    """Each repaired link: a row for every term, the proposal, and what became of the verdicts."""
    from rich.table import Table
    from rich.text import Text

    from reports.reasons import encoding
    from reports.to_terminal import one_line

    with console.capture() as shown:
        if not found.links:
            console.print(one_line(f"({found.label}) does not fail, it is {found.verdict}: there is nothing to repair"))
        for one in found.links:
            console.print(one_line(f"({found.label}), link {one.link + 1}: {one.before[1].reason}"), style="bold")
            if one.repair is not None:
                table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, expand=True, header_style="bold")
                table.add_column("factor", no_wrap=True)
                table.add_column("proposed", no_wrap=True)
                table.add_column("of the printed term", overflow="fold", ratio=1)
                for factor in one.repair.factors:
                    size = f"{factor.centre:.4f} +- {factor.half:.4f}" if factor.free else "held"
                    proposed = "-" if factor.proposed is None else str(factor.proposed)
                    table.add_row(size, proposed, one_line(encoding(factor.term)))
                console.print(table)
            console.print(one_line(f"proposal: {one.reason}"))
            if one.repair is not None and one.repair.equation is not None and one.after is not None:
                console.print(Text("repaired: ").append(one_line(encoding(one.repair.equation))))
                for name, index in (("inference", 0), ("truth", 1)):
                    old, new = one.before[index].verdict, one.after[index].verdict
                    console.print(one_line(f"{name}: {old} -> {new} ({one.after[index].reason})"))
            console.print()
    console.file.writelines(f"{line.rstrip()}\n" for line in shown.get().splitlines())
    console.file.flush()
