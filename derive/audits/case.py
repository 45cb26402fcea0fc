"""One equation under audit, with all that its audits may use, and the ways to give an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derive.audits.answer import Audit
from derive.audits.found import Found, evolution_of
from derive.audits.known import Feeder, Source
from derive.audits.search import values_for
from derive.derivation import Derivation
from derive.kernel.audits import Stage, check_audit, stage_of
from derive.kernel.errors import KernelError
from derive.kernel.jets import Jets, Var, bare, jet, order_in, text, variable
from derive.kernel.replay import sealed
from derive.kernel.terms import to_json, walk

MOST_SHOWN = 6  # terms of a polynomial in a reason


@dataclass(frozen=True)
class Case:
    """One equation with all that its audits may use."""

    derivation: Derivation
    found: Found
    source: Source | None
    feeder: Feeder | None
    clock: list[str] | None
    small: str | None
    positive: Mapping[str, str]
    nonnegative: Mapping[str, str]

    def header(self, carrier: bool, feeder: bool = False) -> dict[str, Any]:
        """What every piece of evidence holds; the continuity equation and the feeder only where they are used."""
        source, fed_by = self.source if carrier else None, self.feeder if feeder else None
        return {
            "equation": [to_json(side) for side in self.found.equation],
            "time": self.found.time,
            "energy": self.found.energy,
            "unknown": self.found.unknown,
            "clock": self.clock,
            "small": self.small,
            "carrier": source
            and {
                "name": source.name,
                "field": source.field,
                "slow": source.slow,
                "equation": [to_json(side) for side in source.equation],
            },
            "feeder": fed_by
            and {
                "name": fed_by.name,
                "field": fed_by.field,
                "time": fed_by.time,
                "equation": [to_json(side) for side in fed_by.equation],
            },
            "positive": sorted(self.positive),
            "nonnegative": sorted(self.nonnegative),
        }

    def stage(self, carrier: bool = False, feeder: bool = False) -> Stage:
        return stage_of(self.header(carrier, feeder))

    @property
    def density(self) -> str:
        """N, as one reads it."""
        return text(evolution_of(self.found).weight * variable(jet(self.found.unknown)))

    @property
    def rate(self) -> str:
        """What a derivative in the equation's time is written as."""
        return f"d/d{bare(self.found.time)}"

    @property
    def needs_rule(self) -> bool:
        """Whether a rate that the continuity equation gives stands in the right side."""
        variables = self.stage().evolution.right.variables if self.source is not None else ()
        return any(self.source and v[1] == self.source.field and order_in(v, self.source.slow) for v in variables)

    @property
    def signed(self) -> frozenset[str]:
        """The fields whose sign is given."""
        return frozenset({*self.positive, *self.nonnegative})

    def is_signed(self, v: Var) -> bool:
        return v[0] == "par" or (v[0] == "jet" and not v[2] and v[1] in self.signed)

    def hypotheses(self, stage: Stage, signs: bool = False) -> tuple[str, ...]:
        """What an answer rests on: rules that were used, what one divides by, signs, definitions, readings."""
        chart = stage.evolution.chart
        sides = [*self.found.equation]
        for other, present in ((self.source, stage.carrier), (self.feeder, stage.feeder)):
            sides += other.equation if other is not None and present is not None else ()
        rough = sorted({part[1] for side in sides for part in walk(side) if part[0] == "fun" and not part[4]})
        found = [f"smooth, by coarse-graining: {', '.join(rough)}"] if rough else []
        found += [f"{name}: {label}" for name, label in self.found.assignment]
        found += [f"({name}) names what stands in the equation" for name in self.found.definitions]
        if stage.carrier is not None and self.source is not None:
            found.append(f"({self.source.name}), the continuity equation of {self.source.field}")
        if stage.feeder is not None and self.feeder is not None:
            found.append(f"({self.feeder.name}), in which {self.feeder.density} is the density that feeds the source")
        if "clock" in chart.used and self.clock is not None:
            found.append(f"{bare(self.clock[1])} = {self.clock[2]} {bare(self.clock[0])}")
        divisors = {v[1] for v in stage.evolution.right.divisors if v[0] == "jet"}
        if signs:
            present_names = {v[1] for v in stage.evolution.right.variables}
            present_names |= {stage.carrier.field} if stage.carrier else set()
            found += [why for name, why in {**self.nonnegative, **self.positive}.items() if name in present_names]
            divisors -= set(self.positive)
        return (*found, *(self.positive.get(name, f"{name} is not zero") for name in sorted(divisors)))

    def answer(self, question: str, verdict: str, reason: str, hypotheses: tuple[str, ...] = (), **evidence: Any) -> Audit:
        """An Audit of this equation."""
        f = self.found
        return Audit(f.label, question, verdict, reason, self.density, bare(f.time), hypotheses, **evidence)


def say(
    case: Case,
    question: str,
    reason: str,
    hypotheses: tuple[str, ...],
    body: Mapping[str, Any],
    carrier: bool = False,
    feeder: bool = False,
) -> Audit:
    """An answer whose evidence the kernel has accepted."""
    evidence = sealed({**case.header(carrier, feeder), **body})
    shown, verdict = check_audit(evidence)
    if shown != question:
        raise KernelError(f"evidence about {shown}, where {question} was asked")
    kept = {"certificate": evidence} if verdict == "yes" else {"countermodel": evidence}
    return case.answer(question, verdict, reason, hypotheses, **kept)


def valued(
    case: Case,
    question: str,
    reason: str,
    hypotheses: tuple[str, ...],
    body: Mapping[str, Any],
    p: Jets,
    carrier: bool = False,
    feeder: bool = False,
    fixed: Mapping[Var, Any] | None = None,
) -> Audit:
    """A refutation by the first values of the jets, some of them fixed, that the kernel accepts."""
    for values in values_for(p, dict(fixed or {}), case.is_signed):
        try:
            return say(case, question, reason, hypotheses, {**body, "values": values}, carrier, feeder)
        except KernelError:
            continue
    raise KernelError("no values of the fields and their derivatives were found that refute it")


def short(p: Jets) -> str:
    """The polynomial, or how it begins."""
    if len(p.terms) <= MOST_SHOWN:
        return text(p)
    kept = Jets(dict(sorted(p.terms.items())[:MOST_SHOWN]))
    return f"{text(kept)} + ... ({len(p.terms)} terms)"


def first(bodies: Iterator[dict[str, Any]], reason: str) -> dict[str, Any]:
    """The first proposal; KernelError with the reason where there is none."""
    body = next(bodies, None)
    if body is None:
        raise KernelError(reason)
    return body
