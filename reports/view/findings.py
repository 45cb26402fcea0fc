"""The headline findings: plain sentences, each computed from the ledger, the gravest first.

Every function below is one kind of finding and looks at verdicts, roles, citations and assumptions only; none knows a label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from derive import Derivation
from reports.ledger import Ledger, StepEntry
from reports.view.mathematics import Formula, formula
from reports.view.text import counted, listed, numbers, sentence, shown
from reports.view.values import Finding, Remedy

Anchors = dict[str, str]
Remedies = Mapping[str, tuple[Remedy, ...]]
FOLLOWS, TRUE = ("valid", "conditional"), ("exact", "asymptotic")


def findings(ledger: Ledger, derivation: Derivation, anchors: Anchors, remedies: Remedies) -> tuple[Finding, ...]:
    """All that can be said, by kind."""
    return (
        *_overall(ledger, anchors),
        *_destination(ledger, anchors, remedies),
        *(found for kind in _KINDS for found in kind(ledger, derivation, anchors)),
    )


def ends(ledger: Ledger) -> tuple[StepEntry, ...]:
    """Where the derivation leads: what cites others, and only claims in words speak of, or nothing."""
    cited = {label for step in ledger.steps for label in step.cites}
    return tuple(step for step in ledger.steps if step.label not in cited and step.cites)


def _made(
    text: str, tone: str, steps: Sequence[StepEntry | str], anchors: Anchors, formulas: tuple[Formula, ...] = ()
) -> Finding:
    labels = [one if isinstance(one, str) else one.label for one in steps]
    return Finding(text, tone, tuple((shown(label), anchors[label]) for label in labels), formulas)


def _labels(steps: Sequence[StepEntry]) -> str:
    return numbers([step.label for step in steps])


def _overall(ledger: Ledger, anchors: Anchors) -> Iterator[Finding]:
    """The derivation as a whole, in one sentence."""
    lost = [step for step in ledger.steps if step.label in ledger.summary["lost_at"]]
    below = [step for step in ledger.steps if step.standing in ("fails", "invalid") and step not in lost]
    whole = counted(len(ledger.steps), "equation")
    if lost:
        rest = f", and {len(below)} more rest{'s' if len(below) == 1 else ''} on these" if below else ""
        yield _made(f"The derivation does not hold: truth is lost at {len(lost)} of {whole}{rest}.", "bad", lost, anchors)
    elif ledger.undecided:
        yield Finding(f"Nothing is refuted among {whole}; what is open is listed below.", "open")
    elif ledger.steps:
        yield Finding(f"Nothing is refuted among {whole}, and nothing is open.", "good")


def _destination(ledger: Ledger, anchors: Anchors, remedies: Remedies) -> Iterator[Finding]:
    """Where the derivation leads, if that is false: by how much, and what is true instead."""
    for step in ends(ledger):
        if step.truth.verdict != "fails":
            continue
        text = f"({shown(step.label)}), which no later equation uses, is false of the model: {_off(step)}."
        yield _made(text, "bad", [step], anchors, (formula(step.latex),))
        for remedy in remedies.get(step.label, ()):
            yield _remedy(step, remedy, anchors)


def _remedy(step: StepEntry, remedy: Remedy, anchors: Anchors) -> Finding:
    where = f"({shown(step.label)})" if len(step.links) == 1 else f"link {remedy.link} of ({shown(step.label)})"
    if remedy.found is None or remedy.truth is None or remedy.truth.mark.word not in TRUE:
        return _made(f"What is true instead of {where} was not found: {remedy.reason}.", "open", [step], anchors)
    times = listed([f"{one.proposed} ({one.fitted})" for one in remedy.factors])
    text = (
        f"The nearest equation to {where} that is true of the model takes each of its terms, in the order of the print, times a "
        f"factor fitted to the numbers of every ensemble, {times}:"
    )
    return _made(text, "good", [step], anchors, (remedy.found.formula,))


def _off(step: StepEntry) -> str:
    """By how much a false equation is wrong: the limit that is farthest from zero, or the reason as it stands."""
    limits = [
        (float(row["limit"]), float(row["half"]), str(row.get("part", "")))
        for row in step.truth.measurements
        if isinstance(row.get("limit"), int | float) and isinstance(row.get("half"), int | float)
    ]
    if not limits:
        return _clause(step.truth.reason)
    limit, half, part = max(limits, key=lambda one: abs(one[0]) - one[1])
    where = f" in the {shown(part)} part" if part == "imaginary" else ""
    return f"in the limit of many levels its two sides differ by {abs(limit):.2g} ± {half:.2g} times the size of its terms{where}"


def _lost(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """Each step at which truth is lost, with what was found of it."""
    for step in ledger.steps:
        if step.label not in ledger.summary["lost_at"]:
            continue
        breaks = f"it does not follow ({_clause(step.inference.reason).removeprefix('does not follow: ')})"
        if step.inference.verdict == "invalid" and step.truth.verdict == "fails":
            text = f"Truth is lost at ({shown(step.label)}): {breaks}, and it is false of the model ({_off(step)})."
        elif step.inference.verdict == "invalid":
            text = f"Truth is lost at ({shown(step.label)}): {breaks}; of the model it is {_truth(step)}."
        else:
            text = (
                f"Truth is lost at ({shown(step.label)}): it is false of the model ({_off(step)}), and nothing that it cites is."
            )
        yield _made(text, "bad", [step], anchors)


def _clause(reason: str) -> str:
    return shown(reason).rstrip(".").replace(" +- ", " ± ")


def _truth(step: StepEntry) -> str:
    return {"exact": "true at every size", "asymptotic": "true in the limit", "undecided": "not decided"}.get(
        step.truth.verdict, "not a statement to be measured"
    )


def _inherited(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """What is false although truth is not lost there: what rests on something false."""
    found = [s for s in ledger.steps if s.truth.verdict == "fails" and s.label not in ledger.summary["lost_at"]]
    sound = [step for step in found if step.inference.verdict in FOLLOWS]
    others = [step for step in found if step not in sound]
    if sound:
        verb, noun = ("follows", "is") if len(sound) == 1 else ("follow", "are")
        text = f"{_labels(sound)} {verb} from what is cited, and {noun} false because something cited is."
        yield _made(text, "bad", sound, anchors)
    if others:
        noun = "is" if len(others) == 1 else "are"
        yield _made(f"{_labels(others)} {noun} false, as is something that is cited there.", "bad", others, anchors)


def _false_assumption(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    """What follows, given assumptions, from nothing false and is false: then an assumption does not hold."""
    false = {step.label for step in ledger.steps if step.truth.verdict == "fails"}
    for step in ledger.steps:
        follows = step.inference.verdict in FOLLOWS and step.inference.assumptions
        if step.label in false and follows and not false & set(step.cites):
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
        who = f"({shown(first)}) and ({shown(second)})" if one["links"] is None else f"Two links of ({shown(second)})"
        text = f"{who} hold, or follow, under different readings of the print only: equivocation."
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
            text = f"The claim in words {shown(claim.label)}, “{said}”, is refuted: {_clause(claim.reason)}."
            yield _made(text, "bad", [claim.label], anchors)


def _open(ledger: Ledger, derivation: Derivation, anchors: Anchors) -> Iterator[Finding]:
    inference = [s for s in ledger.steps if s.inference.verdict == "undecided"]
    truth = [s for s in ledger.steps if s.truth.verdict == "undecided"]
    parts = [
        *([f"the inference of {_labels(inference)}"] if inference else []),
        *([f"the truth of {_labels(truth)}"] if truth else []),
    ]
    words = [claim for claim in ledger.prose if claim.verdict == "undecided"]
    if words:
        named = listed([shown(claim.label) for claim in words])
        parts.append(f"the {'claim' if len(words) == 1 else 'claims'} in words {named}")
    if parts:
        labels = list(dict.fromkeys([step.label for step in (*inference, *truth)]))
        yield _made(f"Not decided: {listed(parts)}. Undecided is no pass.", "open", labels, anchors)


_KINDS: tuple[Callable[[Ledger, Derivation, Anchors], Iterator[Finding]], ...] = (
    _lost,
    _inherited,
    _false_assumption,
    _true_but_unproved,
    _equivocal,
    _audited,
    _words,
    _hidden,
    _sound,
    _open,
)
