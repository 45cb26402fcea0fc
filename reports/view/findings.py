"""The headline findings: plain sentences, each computed from the ledger, the gravest first.

Every function below is one kind of finding and looks at verdicts, roles, citations and assumptions only; none knows a label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive import Derivation
from reports.ledger import Ledger, StepEntry
from reports.view.text import counted, listed, numbers, sentence, shown
from reports.view.values import Finding

Anchors = dict[str, str]
FOLLOWS, TRUE = ("valid", "conditional"), ("exact", "asymptotic")


def findings(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> tuple[Finding, ...]:
    """All that can be said, by kind."""
    return tuple(found for kind in _KINDS for found in kind(ledger, derivation, anchors))


def _made(text: str, tone: str, steps: list[StepEntry] | list[str], anchors: Anchors) -> Finding:
    labels = [one if isinstance(one, str) else one.label for one in steps]
    return Finding(text, tone, tuple((shown(label), anchors[label]) for label in labels))


def _labels(steps: list[StepEntry]) -> str:
    return numbers([step.label for step in steps])


def _overall(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """The derivation as a whole, in one sentence."""
    lost = [step for step in ledger.steps if step.label in ledger.summary["lost_at"]]
    below = [step for step in ledger.steps if step.standing in ("fails", "invalid") and step not in lost]
    whole = counted(len(ledger.steps), "equation")
    if lost:
        rest = f"; {len(below)} further rest on what is refuted there" if below else ""
        yield _made(f"The derivation does not hold: truth is lost at {len(lost)} of {whole}{rest}.", "bad", lost, anchors)
    elif ledger.undecided:
        yield Finding(f"Nothing is refuted among {whole}; what is open is listed below.", "open")
    elif ledger.steps:
        yield Finding(f"Nothing is refuted among {whole}, and nothing is open.", "good")


def _destination(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """The last equation that cites others and that only claims in words speak of, or nothing: where the derivation leads."""
    cited = {label for step in ledger.steps for label in step.cites}
    ends = [step for step in ledger.steps if step.label not in cited and step.cites and step.truth.verdict == "fails"]
    for step in ends:
        text = f"({shown(step.label)}), which no later equation uses, is false of the model: {sentence(step.truth.reason)}"
        others = [label for label in step.blame if label != step.label]
        if others:
            text += f" What makes it so is lost at {numbers(others)}."
        yield _made(text, "bad", [step], anchors)


def _lost(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """Each step at which truth is lost, with what was found of it."""
    for step in ledger.steps:
        if step.label not in ledger.summary["lost_at"]:
            continue
        if step.inference.verdict == "invalid" and step.truth.verdict == "fails":
            text = f"Truth is lost at ({shown(step.label)}): it {_clause(step.inference.reason)}, and it is false of the model."
        elif step.inference.verdict == "invalid":
            text = f"({shown(step.label)}) {_clause(step.inference.reason)}; of the model it is {_truth(step)}."
        else:
            text = (
                f"Truth is lost at ({shown(step.label)}): it is false of the model though nothing that it cites is "
                f"({_clause(step.truth.reason)})."
            )
        yield _made(text, "bad", [step], anchors)


def _clause(reason: str) -> str:
    return shown(reason).rstrip(".").replace(" +- ", " ± ")


def _truth(step: StepEntry) -> str:
    return {"exact": "true at every size", "asymptotic": "true in the limit", "undecided": "not decided"}.get(
        step.truth.verdict, "not a statement to be measured"
    )


def _inherited(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    found = [s for s in ledger.steps if s.truth.verdict == "fails" and s.label not in ledger.summary["lost_at"]]
    if found:
        text = f"False because of what they rest on: {_labels(found)}."
        yield _made(text, "bad", found, anchors)


def _sound_but_false(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """What follows and is false: then something that it rests on is false, a premise or an assumption."""
    false = {step.label for step in ledger.steps if step.truth.verdict == "fails"}
    found = [step for step in ledger.steps if step.label in false and step.inference.verdict in FOLLOWS]
    premise = [step for step in found if false & set(step.cites)]
    if premise:
        verb, noun = ("follows", "is") if len(premise) == 1 else ("follow", "are")
        text = f"{_labels(premise)} {verb} from what is cited and {noun} nevertheless false: something cited is false."
        yield _made(text, "bad", premise, anchors)
    for step in found:
        if step not in premise and step.inference.assumptions:
            given = listed([repr(shown(name)) for name in step.inference.assumptions])
            text = (
                f"({shown(step.label)}) follows given {given}, and is false: so one of these, or of what it cites, does not hold."
            )
            yield _made(text, "bad", [step], anchors)


def _true_but_unproved(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    found = [s for s in ledger.steps if s.truth.verdict in TRUE and s.inference.verdict == "invalid"]
    if found:
        verb, noun = ("does", "is") if len(found) == 1 else ("do", "are")
        yield _made(
            f"{_labels(found)} {verb} not follow from what is cited, but {noun} true of the model.", "fair", found, anchors
        )


def _audited(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    from derive.audits.answer import QUESTIONS

    for question, words in QUESTIONS.items():
        found = [one for one in ledger.audits if one.question == question and one.verdict == "no"]
        if found:
            where = numbers(list(dict.fromkeys(one.label.partition(" [")[0] for one in found)))
            yield Finding(f"Asked of the equations of evolution: “{words}” No, for {where}.", "bad")


def _hidden(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """Assumptions that steps rest on and the print does not make."""
    stated = {one.name: one.stated for one in derivation.assumptions}
    for name in dict.fromkeys(name for step in ledger.steps for name in step.inference.assumptions):
        users = [step for step in ledger.steps if name in step.inference.assumptions]
        if name.startswith("citation of "):
            missing = shown(name.removeprefix("citation of "))
            text = f"{_labels(users)} needs {missing}, which it does not cite."
            yield _made(text, "fair", users, anchors)
        elif not stated.get(name, False):
            noun = "step needs" if len(users) == 1 else "steps need"
            text = f"{len(users)} {noun} an assumption that the print does not make, {shown(name)!r}: {_labels(users)}."
            yield _made(text, "fair", users, anchors)


def _equivocal(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    for one in ledger.summary["equivocations"]:
        first, second = one["between"]
        if one["links"] is None:
            text = f"({shown(first)}) and ({shown(second)}) hold only under different readings of the print: equivocation."
        else:
            text = f"Two links of ({shown(second)}) hold only under different readings of the print: equivocation."
        labels = [label for label in dict.fromkeys((first, second)) if label in anchors]
        yield _made(text, "bad", labels, anchors)


def _sound(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    good = [s for s in ledger.steps if s.inference.verdict in FOLLOWS and s.truth.verdict in TRUE]
    both = [s for s in ledger.steps if s.inference.verdict != "not-applicable"]
    if good:
        yield _made(
            f"{len(good)} of the {counted(len(both), 'equation')} that are inferred both follow and are true of the model: "
            f"{_labels(good)}.",
            "good", good, anchors,
        )  # fmt: skip


def _words(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    texts = {entry.label: entry.text for entry in derivation.prose}
    for claim in ledger.prose:
        if claim.verdict in ("fails", "invalid"):
            said = sentence(texts.get(claim.label, "")).rstrip(".")
            yield _made(f"The claim in words {shown(claim.label)} is refuted: “{said}”.", "bad", [claim.label], anchors)


def _open(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    inference = [s for s in ledger.steps if s.inference.verdict == "undecided"]
    truth = [s for s in ledger.steps if s.truth.verdict == "undecided"]
    parts = [
        *([f"the inference of {_labels(inference)}"] if inference else []),
        *([f"the truth of {_labels(truth)}"] if truth else []),
    ]
    words = [claim for claim in ledger.prose if claim.verdict == "undecided"]
    if words:
        parts.append(counted(len(words), "claim") + " in words")
    if parts:
        labels = list(dict.fromkeys([step.label for step in (*inference, *truth)]))
        yield _made(f"Not decided: {listed(parts)}. Undecided is no pass.", "open", labels, anchors)


_KINDS: tuple[Callable[[Ledger, Derivation, Anchors], Iterator[Finding]], ...] = (
    _overall,
    _destination,
    _lost,
    _inherited,
    _sound_but_false,
    _true_but_unproved,
    _equivocal,
    _audited,
    _words,
    _hidden,
    _sound,
    _open,
)
