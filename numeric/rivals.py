"""One quantity by every formula that a derivation gives for it: which of them agree with its definition?

A quantity, one number at each time, is contested when it is defined in one link and stands alone on a side of others.  All are
measured on the same samples, each by the interpretation of its own encoding; the reference is the body of the definition.

    value_fk = mean over samples of formula f for the test function g_k, over the root mean square over k of the reference

The numbers are at one size, inside the window (numeric/window.py); what they tend to is the business of numeric/limit.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from derive.derivation import Derivation
from derive.language import Apply, Coordinate, Equation
from numeric.coarse import words as w
from numeric.coarse.drives import drive
from numeric.coarse.functions import given
from numeric.coarse.reading import Reading
from numeric.ensembles import ensemble
from numeric.fields import Setting, samples
from numeric.known import known_at
from numeric.limit import asked
from numeric.recognise import Definition, Read, read
from numeric.refusals import IllPosed, Refusal, Undefined
from numeric.window import LONG, scales, time_and_width

LEAST: Final = 3  # formulas besides the definition, or there is little to compare


@dataclass(frozen=True)
class Formula:
    """One side that claims to be the quantity: link `link` (from 0) of step `label`."""

    label: str
    link: int
    equation: Any
    side: Any


@dataclass(frozen=True)
class Contest:
    """A quantity, the link that defines it, and the formulas that others give."""

    symbol: Any
    definition: Definition
    formulas: tuple[Formula, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """The values of one formula for each test function, complex, with standard errors; or why there are none."""

    formula: Formula
    mean: Any = None
    error: Any = None
    refusal: str = ""


def contests(derivation: Derivation, assignment: Mapping[str, str]) -> tuple[Contest, ...]:
    """What has a definition and at least LEAST further formulas, in the order of the definitions."""
    reading = read(derivation, assignment)
    found = (_contest(reading, definition) for definition in _first(reading).values() if _is_number(definition))
    return tuple(one for one in found if len(one.formulas) >= LEAST)


def _is_number(definition: Definition) -> bool:
    """Whether it holds neither an energy nor a level nor H: a quantity that is one number at each time."""
    return all(isinstance(formal, Coordinate) and formal.kind in ("time", "slow") for formal in definition.formals)


def _first(reading: Read) -> dict[Any, Definition]:
    known: dict[Any, Definition] = {}
    for definition in reading.definitions:
        known.setdefault(definition.symbol, definition)
    return known


def _contest(reading: Read, definition: Definition) -> Contest:
    return Contest(definition.symbol, definition, tuple(_formulas(reading, definition)))


def _formulas(reading: Read, definition: Definition) -> Iterator[Formula]:
    for label, claim in reading.claims.items():
        before: Any = None
        for number, link in enumerate(claim.links):
            if (label, number) == (definition.label, definition.link):
                before = link.rhs
                continue
            for here, there in ((link.lhs, link.rhs), (link.rhs, link.lhs)):
                if _is(here, definition) and not _is(there, definition):
                    yield Formula(label, number, link, there)
                    before = there
                    break
            else:
                if before is not None and link.lhs == before:  # the next member of a chain
                    yield Formula(label, number, link, link.rhs)
                    before = link.rhs


def _is(side: Any, definition: Definition) -> bool:
    return isinstance(side, Apply) and side.function == definition.symbol and not any(side.orders)


def outcomes(
    contest: Contest,
    derivation: Derivation,
    assignment: Mapping[str, str],
    seed: int,
    law: str,
    drive_name: str,
    size: int = 256,
    count: int = 6,
) -> tuple[Outcome, ...]:
    """Every formula on `count` samples of the law with `size` distinct levels; the definition comes first.

    A Refusal where the definition itself denotes nothing; a formula that denotes nothing has its refusal.
    """
    reading = read(derivation, assignment)
    if reading.roles.hbar is None:
        raise Undefined("the model has no hbar: no parameter with the dimension of an action")
    chosen, hbar = drive(drive_name), 1.0
    found = scales(law, chosen, hbar, seed)
    states = size * (2 if ensemble(law).kramers else 1)
    time, width = time_and_width(found, chosen.stretch, states)
    known = known_at(derivation, reading, contest.definition.label)
    itself = Equation(contest.symbol(*contest.definition.formals), contest.definition.body)
    asked_for = [Formula(contest.definition.label, contest.definition.link, itself, itself.rhs), *contest.formulas]
    questions = [asked(one.equation, tuple(known.values()), reading.roles) for one in asked_for]
    sides = [_side(question.equation, contest) for question in questions]
    setting = Setting(
        {d.symbol: d for d in questions[0].used}, reading.roles, law, drive_name, states, count, seed, time, width, hbar,
        ballistic=False, mean_squares=True,
    )  # fmt: skip
    functions = given(seed, chosen.stretch, law, drive_name)
    rows: list[list[Any]] = [[] for _ in sides]
    refusals: dict[int, str] = {}
    for sample in samples(setting):
        run = Reading(sample, reading.roles, setting.definitions, functions, time, LONG * time)
        for number, side in enumerate(sides):
            if number not in refusals:
                try:
                    rows[number].append(np.asarray(w.scalar(run.value(side), "a formula"), complex).reshape(-1))
                except Refusal as refusal:
                    if number == 0:
                        raise
                    refusals[number] = str(refusal)
    reference = np.stack(rows[0]).mean(axis=0)
    scale = float(np.sqrt((np.abs(reference) ** 2).mean()))
    if not scale:
        raise IllPosed("the quantity vanishes, so that nothing can be compared with it")
    return tuple(
        Outcome(one, refusal=refusals[number])
        if number in refusals
        else _outcome(one, np.stack(rows[number]), len(reference), scale)
        for number, one in enumerate(asked_for)
    )


def _side(equation: Any, contest: Contest) -> Any:
    """What the equation says of the quantity; in a chain its right side."""
    return equation.lhs if _is(equation.rhs, contest.definition) else equation.rhs


def _outcome(formula: Formula, table: Any, count: int, scale: float) -> Outcome:
    table = np.broadcast_to(table, (len(table), count)) / scale
    spread = np.hypot(table.real.std(axis=0, ddof=1), table.imag.std(axis=0, ddof=1)) / len(table) ** 0.5
    return Outcome(formula, table.mean(axis=0), spread)
