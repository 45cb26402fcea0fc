"""Certificates, models and countermodels as paragraphs, steps and numbers for a reader; one function for every kind.

    certificate    residual(claim) = sum_i L_i residual(premise_i), each L_i a row of moves from the kernel's closed table
    all            the same for each order of a hierarchy
    fields         an equation between smooth fields, with the point at which it was looked at
    countermodel   finite exact matrices on which the premises hold and the claim does not
    loop           a closed exact loop on which what should be a total derivative integrates to something

Evidence may have been edited; this only shows it.  Whether it holds is for the kernel to say (`derive replay`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.view.jets import polynomial, variable
from reports.view.matrices import Matrix, complex_text, of_model
from reports.view.terms import equation, term, token
from reports.view.text import counted, listed, shown

MOST_NUMBERS = 60  # on the page
FEW = 12  # lines of a passage on paper


@dataclass(frozen=True)
class Passage:
    """A heading, lines under it, and numbers; any of them may be missing."""

    heading: str
    lines: tuple[str, ...] = ()
    matrices: tuple[Matrix, ...] = ()

    @property
    def first_lines(self) -> tuple[str, ...]:
        """For paper: the first lines, and how many more there are."""
        more = len(self.lines) - FEW
        return (*self.lines[:FEW], f"and {counted(more, 'more line')} on the page and in the ledger") if more > 0 else self.lines


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on, in passages; `digest` is the kernel's over the stored bytes."""

    title: str
    passages: tuple[Passage, ...]
    digest: str


def shown_evidence(found: Mapping[str, Any] | None, title: str) -> Evidence | None:
    """The evidence in passages; None where there is none."""
    if found is None:
        return None
    kind = str(found.get("kind"))
    try:
        passages = tuple(_KINDS.get(kind, _unknown)(found))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):  # edited evidence; its shape is for the kernel to check
        passages = (Passage(f"this has not the shape of a {shown(kind)}; a replay of the ledger refuses it"),)
    return Evidence(title, passages, shown(found.get("digest", "")))


def _unknown(found: Mapping[str, Any]) -> Iterator[Passage]:
    yield Passage(f"evidence of the kind {shown(found.get('kind'))}, which has no form of its own in a report")


def _statements(found: Mapping[str, Any]) -> Iterator[Passage]:
    yield Passage("the claim", (equation(found.get("claim")),))
    premises = [p for p in found.get("premises", ()) if isinstance(p, Mapping)]
    if premises:
        yield Passage("what it uses", tuple(f"{_cited(p)}: {equation(p.get('equation'))}" for p in premises))


def _cited(premise: Mapping[str, Any]) -> str:
    name = shown(premise.get("name", ""))
    return f"({name})" if name[:1].isdigit() else name


def _names(found: Mapping[str, Any], places: Any) -> list[str]:
    premises = found.get("premises", ())
    return [_cited(premises[k]) for k in places if isinstance(k, int) and 0 <= k < len(premises)]


# Certificates ----------------------------------------------------------------------------------------


def _certificate(found: Mapping[str, Any]) -> Iterator[Passage]:
    yield from _statements(found)
    yield Passage("the steps", tuple(_steps(found)))
    model = found.get("model")
    if isinstance(model, Mapping):
        size = model.get("size")
        yield Passage(
            f"a {size} x {size} model on which the premises hold and the sides do not vanish (what is not listed is zero)",
            matrices=of_model(model.get("values", {})),
        )


def _steps(found: Mapping[str, Any]) -> Iterator[str]:
    rewrites = _names(found, found.get("rewrites", ()))
    if rewrites:
        yield f"Put in for the symbols that they fix: {listed(rewrites)}."
    for number, step in enumerate(found.get("steps", ()), start=1):
        yield f"{number}. {_step(found, step)}"
    yield _closing(found)


def _step(found: Mapping[str, Any], step: Any) -> str:
    if not isinstance(step, Mapping):
        return term(step)
    name = "".join(_names(found, [step.get("premise")])) or "a premise"
    moves = ", then ".join(_move(found, move) for move in step.get("moves", ()))
    factor = step.get("factor", ["prod"])
    times = "" if factor in (["prod"], ["num", "1"]) else f", times {term(factor)}"
    return f"{name}{': ' + moves if moves else ' as it stands'}{times}."


def _move(found: Mapping[str, Any], move: Any) -> str:
    match move:
        case ["left", factor]:
            return f"multiplied from the left by {term(factor)}"
        case ["right", factor]:
            return f"multiplied from the right by {term(factor)}"
        case ["trace"]:
            return "under the trace"
        case ["d", name]:
            return f"differentiated in {token(name)}"
        case ["integral", name]:
            return f"integrated over {token(name)}"
        case ["function" | "operator", name, body]:
            return f"with {shown(name)} := {term(body)}"
        case ["index", name, k]:
            return f"at {shown(name)} = {k}"
        case ["scales", place]:
            return f"with the series of {''.join(_names(found, [place]))} and two times"
        case ["order", parameter, k]:
            return f"the coefficient of {shown(parameter)}^{k if isinstance(k, int) else term(k)}"
        case ["at", name, value]:
            return f"at {token(name)} = {term(value)}"
        case ["levels", name]:
            return f"summed over the levels {shown(name)}"
        case ["commutes", body]:
            return f"for {term(body)} in place of H"
        case ["flow", time, _]:
            return f"carried by the flow over {term(time)}"
    return shown(move)


def _closing(found: Mapping[str, Any]) -> str:
    match found.get("closing"):
        case ["vanishes"]:
            return "What is left of the difference of the two sides is zero in the kernel's normal form."
        case ["derivative", name, body]:
            return f"What is left is the derivative in {token(name)} of {term(body)}."
        case ["initial value", name, start, _, inner]:
            how = " ".join(_step(found, step) for step in inner)
            return (
                f"What is left, X, obeys a linear evolution in {token(name)} and vanishes at {term(start)}, hence always. "
                f"At the start: {how or 'by the definitions.'}"
            )
        case ["commutant", place, name]:
            where = "".join(_names(found, [place]))
            return f"By {where} it commutes with H, whose spectrum is simple: so it is a function of H, named {shown(name)}."
    return f"Closed by {shown(found.get('closing'))}."


def _all(found: Mapping[str, Any]) -> Iterator[Passage]:
    parts = [part for part in found.get("parts", ()) if isinstance(part, Mapping)]
    yield Passage(f"{counted(len(parts), 'certificate')}, one for each order, the last for a general one")
    for number, part in enumerate(parts, start=1):
        if number in (1, len(parts)):
            name = "the first of them" if number == 1 else "the last of them"
            yield Passage(name, (equation(part.get("claim")), *_steps(part)))


# Smooth fields ---------------------------------------------------------------------------------------


def _fields(found: Mapping[str, Any]) -> Iterator[Passage]:
    yield from _statements(found)
    if found.get("answer") == "follows":
        lines = [_fields_step(found, step) for step in found.get("steps", ())]
        yield Passage("the steps", (*lines, "The sum of these is the difference of the two sides of the claim."))
        heading = "a point at which the premises hold, and the claim not for nothing"
    else:
        heading = "derivatives of the fields at a point at which the premises hold and the claim does not"
    values = found.get("values", {})
    numbers = [f"{variable(str(name))} = {shown(value)}" for name, value in values.items() if value != "0"]
    more = [f"and {len(numbers) - MOST_NUMBERS} more, in the ledger"] if len(numbers) > MOST_NUMBERS else []
    if zeros := len(values) - len(numbers):
        more.append(f"the {counted(zeros, 'other')} that occur{'s' if zeros == 1 else ''} {'is' if zeros == 1 else 'are'} 0")
    yield Passage(heading, (*numbers[:MOST_NUMBERS], *more))
    if "witness" in found:
        yield Passage("the difference of the two sides there", (complex_text(found["witness"]),))


def _fields_step(found: Mapping[str, Any], step: Any) -> str:
    match step:
        case [int(place), derivatives, factor]:
            name = "".join(_names(found, [place]))
            derived = "".join(f"d_{token(t)}^{k} of " for t, k in derivatives if k)
            return f"{derived}{name}, times {polynomial(factor)}"
    return shown(step)


# Countermodels ---------------------------------------------------------------------------------------


def _countermodel(found: Mapping[str, Any]) -> Iterator[Passage]:
    yield from _statements(found)
    labels = [f"{shown(name)} is the level {shown(level)}" for name, level in found.get("labels", {}).items()]
    yield Passage(
        f"the {found.get('size')} x {found.get('size')} model, in the eigenbasis of H (what is not listed is zero)",
        tuple(labels),
        of_model(found.get("values", {})),
    )
    derived = "".join(f", differentiated in {token(t)}," for t in found.get("derived", ()))
    yield Passage(f"where the sides{derived} differ", tuple(map(_difference, found.get("witness", ()))))


def _difference(entry: Any) -> str:
    match entry:
        case [place, element, pair]:
            where = f"element {shown(place)}, " if place else ""
            at = f"the coefficient of {shown(element)}" if element not in ("", "1") else "the number"
            return f"{where}{at}: lhs - rhs = {complex_text(pair)}"
    return shown(entry)


def _loop(found: Mapping[str, Any]) -> Iterator[Passage]:
    yield from _statements(found)
    matrices = []
    for name, powers in found.get("matrices", {}).items():
        for power, rows in powers.items():
            made = tuple(tuple(complex_text(pair) for pair in row) for row in rows)
            if any(element != "0" for row in made for element in row):
                matrices.append(Matrix(f"{shown(name)}, coefficient of exp({shown(power)} i tau)", made))
    test = " + ".join(f"({complex_text(pair)}) E^{k}" for k, pair in enumerate(found.get("test", ())))
    lines = (f"tested against phi(E) = {test}",) if test else ()
    yield Passage("a closed loop of matrices, period 2 pi (what is not listed is zero)", lines, tuple(matrices))
    integral = f"lhs - rhs integrates to 2 pi ({complex_text(found.get('integral'))}); a total derivative would give 0"
    yield Passage("round the loop", (integral,))


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Passage]]] = {
    "certificate": _certificate,
    "all": _all,
    "fields": _fields,
    "countermodel": _countermodel,
    "loop": _loop,
}
