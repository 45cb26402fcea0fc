"""Proposes exact finite models: matrices of small rationals on which premises hold and a claim fails, or holds.

The premises are evaluated with some of the symbols unknown, chosen so that the premises are linear in them; the linear
system is solved exactly, what it leaves free is drawn at random, and the claim is evaluated.  The kernel verifies the result
by its own two routes before anybody sees it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from derive.kernel.along_times import highest_orders, prolonged
from derive.kernel.calculus import Frame
from derive.kernel.countermodel import (
    arbitrary_in,
    at_one_energy,
    forms_to_hold,
    labellings,
    powers_of,
    undefined_survivor,
    value_of,
    with_schemes,
    witness_of,
)
from derive.kernel.errors import IllPosed, KernelError, Refused, Unsupported
from derive.kernel.expansion import flowing
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import Equation, rewritten
from derive.kernel.tally import WORK
from derive.kernel.terms import Term, coordinates_in, dependence, sub, to_json, walk
from derive.tactics.drawn import Drawn, mirror
from derive.tactics.solve import solve_real

SIZES = (2, 3)
TRIES = 3
DEEPER = 3  # rounds in which the premises are differentiated for a claim that fails at a higher power of a time
HELD = "the claim held on every model tried"
NONE = "no model was found on which the premises hold"
CONTRADICTION = "no model of the premises was found among those tried"
EFFORT = 200_000  # products of monomials


@dataclass(frozen=True)
class Setting:
    """Premises with the forms in which each must hold, and those used as definitions."""

    names: tuple[str, ...]
    premises: tuple[Equation, ...]
    forms: tuple[tuple[tuple[Any, ...], ...], ...]
    rewrites: tuple[int, ...]
    frame: Frame
    fresh: frozenset[str] = frozenset()

    @property
    def definitions(self) -> list[Equation]:
        return [self.premises[k] for k in self.rewrites]

    def residuals(self) -> Iterator[tuple[str, Term]]:
        for k, equation in enumerate(self.premises):
            for term in forms_to_hold(equation, list(self.forms[k]), list(self.premises), self.definitions):
                yield self.names[k], term


@dataclass(frozen=True)
class _Sought:
    """A model on which the claim fails (`refute`) or holds: its residual, or where it fails away from a held time only the
    derivative of that; `along` asks the premises of a model with their derivatives in the times, like a countermodel's."""

    claim: Equation
    residual: Term
    refute: bool
    derived: tuple[str, ...] = ()
    along: bool = False


class NoModel(Exception):
    """No model was found; says why."""


def find(setting: Setting, claim: Equation, refute: bool, deadline: float) -> dict[str, Any]:
    """A sealed countermodel (`refute`) or model of the claim under the premises; NoModel with the reason."""
    if refute and setting.fresh:
        named = ", ".join(sorted(setting.fresh))
        raise NoModel(f"the claim brings in {named}, of which nothing is known yet: it can be false for no value of it")
    residual = rewritten(sub(*claim), setting.definitions)
    left = undefined_survivor(residual, setting.definitions) if refute else ""
    if left:
        raise NoModel(f"the claim speaks of {left} where its definition does not reach")
    sought = _Sought(claim, residual if refute else at_one_energy(residual), refute)
    try:
        return _find(setting, sought, deadline)
    except NoModel:
        # what the premises say of derivatives may make a claim hold; a claim that holds at a time may fail away from it
        more = [replace(sought, along=True)]
        if refute:
            times = _bound_at(residual, *(term for _, term in setting.residuals()))
            more = [replace(sought, residual=("d", time, residual), derived=(time,)) for time in times]
        for other in more:
            with contextlib.suppress(NoModel):
                return _find(setting, other, deadline)
        raise


def _bound_at(residual: Term, *premises: Term) -> list[str]:
    """The times at a value of which a premise binds what runs on: away from it a claim may fail that holds there."""
    bound = {part[2] for term in premises for part in walk(term) if part[0] == "at"} - flowing(residual, *premises)
    reached = {token for part in walk(residual) for token in (*dependence(part), *coordinates_in(part))}
    return sorted(token for token in bound & reached if not token.startswith("energy:"))


def _find(setting: Setting, sought: _Sought, deadline: float) -> dict[str, Any]:
    """The first model that the strategies find, the smaller first; NoModel with what says most about why there is none."""
    end = WORK.count + EFFORT
    held = _held_points(sought.residual, *(term for _, term in setting.residuals()))
    # that something has no meaning says more than a model on which the claim holds, which says more than that there is none
    reason, weight = HELD if sought.refute else NONE, 0
    for unknown in _strategies(sought.residual, *(term for _, term in setting.residuals())):
        for size in SIZES:
            for attempt in range(TRIES):
                if time.monotonic() > deadline:
                    raise NoModel("the time limit was reached in the search of a model")
                try:
                    found, powers = None, dict[str, int]()
                    for _ in range(DEEPER):
                        values = _solve(setting, sought, size, attempt, unknown, held, powers, end)
                        found, needed = _finish(setting, sought, size, values, powers)
                        if needed == powers:
                            break
                        powers = needed
                except KernelError as error:
                    if isinstance(error, Refused) and not sought.refute:
                        continue  # every term happens to vanish: another draw may mend that
                    mine = 3 if isinstance(error, IllPosed) else int(str(error) == CONTRADICTION)
                    if mine >= weight:
                        reason, weight = str(error), mine + 1
                    break
                if found is not None:
                    return found
                if weight <= 2:
                    reason, weight = HELD if sought.refute else NONE, 2
            else:
                continue
            break
    raise NoModel(reason)


def without_meaning(term: Term, frame: Frame) -> str:
    """Why a term has a value on none of the finite models tried, as a delta times a delta has none; empty where it has one, or
    where no model can tell."""
    labels = labellings(term, SIZES[0])[0]
    reason = ""
    for attempt in range(TRIES):
        try:
            value_of(term, SIZES[0], Drawn(attempt, _held_points(term)), labels, frame)
        except IllPosed as error:
            reason = reason or str(error)
        except KernelError:
            return ""
        else:
            return ""
    return reason


# which symbols a strategy keeps unknown


def _any_operator(kind: str, jets: str, moves: bool) -> bool:
    return kind == "op"


def _any_function(kind: str, jets: str, moves: bool) -> bool:
    return kind == "fun"


def _derivatives(kind: str, jets: str, moves: bool) -> bool:
    return kind in ("op", "fun") and any(mark in jets for mark in "123456789")


def _what_moves(kind: str, jets: str, moves: bool) -> bool:
    return kind == "op" and moves


def _nothing(kind: str, jets: str, moves: bool) -> bool:
    return False


def _anything(kind: str, jets: str, moves: bool) -> bool:
    return True


_STRATEGIES: tuple[Callable[[str, str, bool], bool], ...] = (
    _any_operator,
    _any_function,
    _anything,
    _derivatives,
    _what_moves,
    _nothing,
)


def _strategies(*terms: Term) -> list[Callable[[str, str, bool], bool]]:
    """Those that differ: where every operator moves, what moves is any operator."""
    still = any(part[0] == "op" and not dependence(part) for term in terms for part in walk(term))
    return [one for one in _STRATEGIES if still or one is not _what_moves]


def _solve(
    setting: Setting,
    sought: _Sought,
    size: int,
    attempt: int,
    unknown: Callable[[str, str, bool], bool],
    held: dict[str, Gaussian],
    powers: dict[str, int],
    end: int,
) -> dict[str, Gaussian]:
    """Values on which the premises hold, with what must be differentiated for a claim that fails at these powers of the times,
    and the claim where it is to hold too."""
    residual, holds = sought.residual, not sought.refute
    drawn = Drawn(attempt, held)
    wanted: set[str] = set()
    schemes = arbitrary_in(residual)

    def lookup(key: str) -> Any:
        kind, *rest = key.split("|")
        if kind not in ("op", "fun") or (not holds and rest[0] in schemes):
            return drawn(key)
        jets = "|".join(rest[1:-2]) if kind == "op" else rest[1]
        if not unknown(kind, jets.split("|")[-1], rest[0] in moving):
            return drawn(key)
        return _as_unknown(key, wanted)

    equations: list[dict[str, Gaussian]] = []
    premises = [term for _, term in setting.residuals()]
    moving = {part[1] for term in (residual, *premises) for part in walk(term) if part[0] == "op" and dependence(part)}
    wanted_true = premises
    if sought.refute or sought.along:
        highest = highest_orders(premises, residual)
        wanted_true = [more for term in premises for more in prolonged(term, highest, powers)]
    if holds:
        wanted_true = [*wanted_true, residual]
    later: Term | None = None
    for term in wanted_true:
        arbitrary = arbitrary_in(term)
        for labels in labellings(term, size):
            if WORK.count > end:
                raise NoModel("the search of a model has used up what it may work out")
            found = value_of(term, size, with_schemes(lookup, arbitrary), labels, setting.frame)
            if holds and term == residual and not _is_linear(found):
                later = term  # it may hold once the premises have fixed what is unknown in it
                break
            equations.extend(_linear(found))
    free = {name: drawn(f"free|{name}") for name in sorted(wanted)}
    solved = solve_real(equations, free)
    if solved is None:
        raise Unsupported(CONTRADICTION)

    # every key the claim or a premise asks for gets its number
    def finished(key: str) -> Gaussian:
        answer = lookup(key)
        if isinstance(answer, Gaussian):
            return answer
        total = Gaussian(0)
        for c, name in answer:
            total = total + c * solved.setdefault(name, drawn(f"free|{name}"))
        drawn.values[key] = total
        return total

    for term in wanted_true:
        for labels in labellings(term, size):
            value_of(term, size, with_schemes(finished, arbitrary_in(term)), labels, setting.frame)
    for labels in labellings(residual, size):
        if value_of(residual, size, finished, labels, setting.frame) and later is not None:
            raise Unsupported(CONTRADICTION)
    return {k: v for k, v in drawn.values.items() if not k.startswith("free|")}


def _as_unknown(key: str, wanted: set[str]) -> list[tuple[Gaussian, str]]:
    """Hermitian operators and real functions, in real unknowns."""
    kind, *rest = key.split("|")
    if kind == "fun":
        wanted.add(key)
        return [(ONE, key)]
    a, b = rest[-2], rest[-1]
    if a == b:
        wanted.add(key)
        return [(ONE, key)]
    upper = key if int(a) < int(b) else mirror(key)
    wanted.update({f"{upper}#re", f"{upper}#im"})
    sign = IMAGINARY if int(a) < int(b) else -IMAGINARY
    return [(ONE, f"{upper}#re"), (sign, f"{upper}#im")]


def _is_linear(found: Any) -> bool:
    return all(sum(k for name, k in unknowns if not name.startswith("?")) <= 1 for _, _, _, unknowns in found)


def _linear(found: Any) -> list[dict[str, Gaussian]]:
    """One equation for each place, element and monomial of what is arbitrary."""
    rows: dict[Any, dict[str, Gaussian]] = {}
    for (a, b, basis, unknowns), c in found.items():
        scheme = tuple(u for u in unknowns if u[0].startswith("?"))
        plain = [u for u in unknowns if not u[0].startswith("?")]
        if sum(k for _, k in plain) > 1:
            raise Unsupported("the premises are not linear in what is left unknown")
        name = plain[0][0] if plain else ""
        row = rows.setdefault((a, b, basis, scheme), {})
        row[name] = row.get(name, Gaussian(0)) + c
    return list(rows.values())


def _finish(
    setting: Setting, sought: _Sought, size: int, values: dict[str, Gaussian], powers: dict[str, int]
) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """Sealed evidence, where the premises were differentiated enough for it; else the powers of the times that they must be
    differentiated for."""

    def lookup(key: str) -> Gaussian:
        return values[key]

    for labels in labellings(sought.residual, size):
        found = value_of(sought.residual, size, lookup, labels, setting.frame)
        if bool(found) != sought.refute:
            continue
        if sought.refute and powers_of(found, sought.residual) != powers:
            return None, powers_of(found, sought.residual)
        evidence: dict[str, Any] = {
            "kind": "countermodel" if sought.refute else "model",
            "hamiltonian": [setting.frame.name, list(setting.frame.coords)],
            "size": size,
            "labels": labels,
            "claim": [to_json(side) for side in sought.claim],
            "premises": [
                {"name": name, "equation": [to_json(side) for side in equation], "forms": to_json(forms)}
                for name, equation, forms in zip(setting.names, setting.premises, setting.forms, strict=True)
            ],
            "rewrites": list(setting.rewrites),
            "values": {k: v.pair() for k, v in sorted(values.items())},
        }
        if sought.refute:
            evidence["witness"] = witness_of(found)
        if sought.derived:
            evidence["derived"] = list(sought.derived)
        made = sealed(evidence)
        replay(made)
        return made, powers
    return None, powers


def _held_points(*terms: Term) -> dict[str, Gaussian]:
    """A coordinate that is held at a value fixes the point at which the model is given."""
    from derive.kernel.interpret import Interpreter, frame_of

    found: dict[str, Gaussian] = {f"coord|{token}": Gaussian(0) for token in flowing(*terms)}
    for term in terms:
        for part in walk(term):
            if part[0] == "at":
                value = Interpreter(frame_of(part[3]))(part[3])
                number = value.get(((), ()), Gaussian(0)) if len(value) <= 1 else None
                if number is not None and set(value) <= {((), ())}:
                    found[f"coord|{part[2]}"] = number
    return found
