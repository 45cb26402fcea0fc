"""The truth of an equation in the limit of many levels: measured at several sizes, and where that tends to.

A campaign looks at several equations at once (all readings of a step), so that each sample is drawn once.
For every group (an ensemble with a drive and a kernel) and size, over the samples and for each probe k,

    R_k = mean over samples of the sum of the terms,    M_k = sum over terms of |mean over samples|,    r_k = R_k/M,

real and imaginary part apart, M^2 the mean of M_k^2 (as with the elements of a matrix, one small probe is no
reason to look closer); the terms that hold a free E are tested against g_k(E) first.  numeric/rates.py says
where r_k tends to, numeric/window.py how t and w go with N.  A verdict is given for each group, never for a mean over
groups, and the worst is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from scipy import stats
from sympy import Integer

from derive.language import Coordinate, Exactly, Integral, ModuloPower, Unprinted, subexpressions
from derive.verdicts import TRUTH_ORDER, Truth, worst
from numeric.coarse import words as w
from numeric.coarse.drives import drive
from numeric.coarse.functions import Given, given
from numeric.coarse.reading import Reading
from numeric.coarse.sample import Batch, Sample, together
from numeric.coarse.unfold import sized
from numeric.ensembles import ensemble
from numeric.kernels import kernel
from numeric.rates import Limit, Z, limit_of, verdict_of
from numeric.recognise import Definition, Roles
from numeric.refusals import NeedsPhases, OutOfTime, Refusal, Undefined, Unsupported
from numeric.streams import stream
from numeric.window import LONG, SPREAD, check_smooth, scales, time_and_width

PARTS: Final = ("real", "imaginary")
AT_ONCE: Final = 150_000  # pairs of levels of the samples that are read together
ORDER: Final = "N to infinity first, then t/t_c to infinity and w to 0: along t ~ N^(1/3), w ~ N^(-1/2), inside the window"


@dataclass(frozen=True)
class Group:
    """What a verdict is given for."""

    law: str
    drive: str
    kernel: str

    @property
    def name(self) -> str:
        return f"{self.law} ({self.drive})"


@dataclass(frozen=True)
class Effort:
    """Groups, numbers of distinct levels with that of samples, tolerance of a verdict over the majorant.

    `mean_squares` puts the elements of W at their root mean square modulus, with random phases.  A trace of two
    matrices is linear in |W_mn|^2, so this is its mean over W given the levels, without the noise of the moduli.

    The diagonal of W does not decay, but for a part (4/beta) t/t_H of G2 it is as good as nothing: it is left out here,
    and measured in the fields (numeric/closed_forms.py).
    """

    groups: tuple[Group, ...]
    samples: tuple[tuple[int, int], ...]
    tolerance: float
    mean_squares: bool


DRIVES_TRIED: Final = ("independent", "rotating", "flat", "rising", "hump")
EFFORTS: Final[Mapping[str, Effort]] = {
    "quick": Effort(
        (Group("GOE", "rising", "gaussian"), Group("GUE", "independent", "gumbel"), Group("GSE", "hump", "gaussian")),
        ((96, 12), (160, 9), (256, 6), (384, 5)),
        0.05,
        True,
    ),
    "full": Effort(
        tuple(
            Group(law, name, ("gaussian", "gumbel")[(i + j) % 2])
            for i, law in enumerate(("GOE", "GUE", "GSE"))
            for j, name in enumerate(DRIVES_TRIED)
        ),
        ((176, 32), (320, 16), (576, 8), (1040, 3)),
        0.02,
        True,
    ),
}


@dataclass(frozen=True)
class Question:
    """One equation and what denotes its symbols."""

    equation: Any
    used: tuple[Definition, ...]
    roles: Roles


@dataclass(frozen=True)
class Finding:
    """The verdict of one group, its measurements, and for each part the limit that is farthest from 0."""

    verdict: str
    rows: list[dict[str, Any]]
    parts: Mapping[str, Limit]


def asked(equation: Any, used: Sequence[Definition], roles: Roles) -> Question:
    """The question of an equation, integrals over a fast time begun at 0 where the print gives no lower limit.

    What a correlation has forgotten after t_c does not depend on a beginning at a fixed time, nor does the limit.
    """
    known: dict[Any, Any] = {}
    settled = tuple(replace(one, body=_begun(one.body, known)) for one in used)
    return Question(_begun(equation, known), settled, roles)


def _begun(e: Any, known: dict[Any, Any]) -> Any:
    if not e.args:
        return e
    if e not in known:
        inner = [_begun(part, known) for part in e.args]
        if isinstance(e, Integral) and e.args[1].kind == "time" and isinstance(e.args[2], Unprinted):
            inner[2] = Integer(0)
        same = all(new is old for new, old in zip(inner, e.args, strict=True))
        known[e] = e if same else e.func(*inner)
    return known[e]


@dataclass(eq=False)
class Campaign:
    """The measurement of several equations; it can be broken off and taken up again."""

    questions: tuple[Question, ...]
    seed: int
    effort: Effort
    tables: dict[tuple[Group, int], list[list[Any]]] = field(default_factory=dict)
    refusals: dict[int, str] = field(default_factory=dict)
    scales: dict[Group, Any] = field(default_factory=dict)
    rewritten: dict[Any, dict[Any, Any]] = field(default_factory=dict)
    functions: Given | None = None  # g and rho_j'; drawn for each group, if not given
    time: float | None = None  # t, if it is not to follow its path through the window
    with_phases: set[int] = field(default_factory=set)  # the questions that hold products of more than two matrices

    def sizes(self, group: Group) -> dict[int, int]:
        """Size -> number of samples."""
        doublets = 2 if ensemble(group.law).kramers else 1
        return {doublets * levels: count for levels, count in self.effort.samples}

    def truth(self, number: int, deadline: float = float("inf")) -> Truth:
        """The verdict on one question; goes on measuring until nothing is left to do, or the time is up."""
        self.measure(number, deadline)
        return self._verdict(number)

    def measure(self, number: int, deadline: float = float("inf")) -> None:
        """Fills the tables; OutOfTime, with what is there kept, or the refusal of the question."""
        for group, size, count in ((g, n, c) for g in self.effort.groups for n, c in self.sizes(g).items()):
            table = self.tables.setdefault((group, size), [])
            while len(table) < count and number not in self.refusals:
                if time.monotonic() > deadline:
                    raise OutOfTime("the time allowed for this step is used up")
                table += self._samples(group, size, range(len(table), min(count, len(table) + _together(size))))
        if number in self.refusals:
            raise Unsupported(self.refusals[number])

    def _hbar(self) -> float:
        hbar = self.questions[0].roles.hbar
        if hbar is None:
            raise Undefined("the model has no hbar: no parameter with the dimension of an action")
        return float(stream(self.seed, "limit", "hbar").uniform(0.6, 0.9))

    def _samples(self, group: Group, size: int, indices: Sequence[int]) -> list[list[Any]]:
        """For each sample the terms of every question: arrays (orders, terms, K), or None."""
        chosen, hbar = drive(group.drive), self._hbar()
        if group not in self.scales:
            self.scales[group] = scales(group.law, chosen, hbar, self.seed)
        t, width = time_and_width(self.scales[group], chosen.stretch, size, self.time)
        functions = self.functions or given(self.seed, chosen.stretch, group.law, group.drive)
        check_smooth(functions, width, chosen.stretch)
        shape, fixed = kernel(group.kernel, width), self.effort.mean_squares

        def drawn(phases: bool) -> Batch:
            return together([Sample(group.law, chosen, size, self.seed, k, hbar, shape, fixed, False, phases) for k in indices])

        bare = drawn(not fixed)
        moments = [t * (1 + SPREAD * float(one.stream("time").uniform(-1, 1))) for one in bare.members]
        fast, long = tuple(moments), tuple(LONG * moment for moment in moments)
        shared: dict[Any, Reading] = {}

        def reading(question: Question, phases: bool) -> Reading:
            key = (question.used, question.roles, phases)
            if key not in shared:
                others = _other_times(question, self.scales[group].memory, self.seed)
                known = {definition.symbol: definition for definition in question.used}
                done = self.rewritten.setdefault(key[:2], {})
                batch = bare if phases == bare.phases else drawn(phases)
                shared[key] = Reading(batch, question.roles, known, functions, fast, long, others, done)
            return shared[key]

        columns: list[Any] = []
        for number, question in enumerate(self.questions):
            column = None
            if number not in self.refusals:
                try:
                    column = self._column(number, question, reading)
                except Refusal as refusal:
                    self.refusals[number] = str(refusal)
            columns.append(column)
        return [[None if column is None else column[k] for column in columns] for k in range(len(indices))]

    def _column(self, number: int, question: Question, reading: Callable[[Question, bool], Reading]) -> Any:
        """The terms of one question on every sample; with the phases of the matrix elements only where they are needed."""
        if self.effort.mean_squares and number not in self.with_phases:
            try:
                return terms(reading(question, False), question.equation)
            except NeedsPhases:
                self.with_phases.add(number)
        return terms(reading(question, True), question.equation)

    def _verdict(self, number: int) -> Truth:
        found = {group: self._of_group(number, group) for group in self.effort.groups}
        shown = worst((one.verdict for one in found.values()), TRUTH_ORDER)
        where = ", ".join(group.name for group, one in found.items() if one.verdict == shown)
        telling = [one for one in found.values() if one.verdict == shown]
        parts = "; ".join(
            f"{part} part {_words(max((one.parts[part] for one in telling), key=lambda x: _distance(x, shown)))}"
            for part in PARTS
        )
        if shown == "undecided" and not all(row["majorant"] for one in telling for row in one.rows):
            return Truth("undecided", f"both sides vanish, nothing to measure: {where}", ORDER)
        start = {
            "asymptotic": "tends to 0",
            "fails": f"does not tend to 0 on {where}",
            "undecided": f"not told from 0 to {self.effort.tolerance:g} on {where}",
        }[shown]
        return Truth(shown, f"{start}: {parts}, of its terms", ORDER, tuple(row for one in found.values() for row in one.rows))

    def _of_group(self, number: int, group: Group) -> Finding:
        sizes = list(self.sizes(group))
        each = [_residuals([row[number] for row in self.tables[group, size]]) for size in sizes]
        limits: dict[tuple[str, int], Limit] = {}
        for part in PARTS:
            values, errors = (np.stack([one[part][i] for one in each]) for i in (0, 1))
            change = float(np.sqrt(((values[0] - values[-1]) ** 2).mean()))
            for k in range(values.shape[1]):
                limits[part, k] = limit_of(sizes, values[:, k].tolist(), errors[:, k].tolist(), change)
        verdict = verdict_of(list(limits.values()), self.effort.tolerance)
        if not all(one["majorant"] for one in each):
            verdict = "undecided"
        part, k = max(limits, key=lambda probe: _distance(limits[probe], verdict))
        rows = []
        for size, one in zip(sizes, each, strict=True):
            t, width = time_and_width(self.scales[group], drive(group.drive).stretch, size, self.time)
            rows.append(
                {
                    "ensemble": group.law,
                    "drive": group.drive,
                    "kernel": group.kernel,
                    "size": size,
                    "precision": "double",
                    "part": part,
                    "probe": k,
                    "residual": abs(float(one[part][0, k])),
                    "error": float(one[part][1, k]),
                    "majorant": one["majorant"],
                    "time over t_H": t / (self.scales[group].heisenberg * size),
                    "width": width,
                    "limit": limits[part, k].centre,
                    "half": limits[part, k].half,
                }
            )
        worst_of = {p: max((x for (q, _), x in limits.items() if q == p), key=lambda x: _distance(x, verdict)) for p in PARTS}
        return Finding(verdict, rows, worst_of)


def _distance(limit: Limit, verdict: str) -> float:
    """What tells most of a verdict: how far an interval is from 0; of what is undecided its farther end."""
    return abs(limit.centre) + (limit.half if verdict == "undecided" else -limit.half)


def _words(limit: Limit) -> str:
    return f"{limit.centre:.2g} +- {limit.half:.2g}"


def _together(size: int) -> int:
    """How many samples are read at once: of small ones many, since what they cost is not arithmetic."""
    return max(1, AT_ONCE // size**2)


def terms(run: Reading, equation: Any) -> Any:
    """The terms of lhs - rhs, shape (samples, orders, terms, K); fields of E are tested against every g_k(E).

    Each power of the small parameter is an equation of its own, up to the power that the equation neglects; powers that
    no term has are left out.
    """
    most = w.MOST_ORDER
    if isinstance(equation.modulo, ModuloPower):
        if equation.modulo.args[0] != run.roles.epsilon or not 0 < equation.modulo.args[1] <= most + 1:
            raise Unsupported("an equation up to another power than the first three of the small parameter")
        most = int(equation.modulo.args[1]) - 1
    elif not isinstance(equation.modulo, Exactly):
        raise Unsupported("an equation up to a derivative in the limit of many levels")
    made = [w.by_order(run.value(term), "an equation between operators") for term in sized(equation.lhs, equation.rhs)]
    present = sorted({k for values in made for k, value in values.items() if k <= most and value.any()}) or [0]
    rows = [[values.get(k, np.zeros((1, 1))) for values in made] for k in present]
    if any(value.shape[-1] > 1 for row in rows for value in row):
        tests = run.given.test(run.sample.grid, 0)
        rows = [[(value * tests).sum(axis=-1, keepdims=True) * run.sample.step for value in row] for row in rows]
    count = max(value.shape[-2] for row in rows for value in row)
    shape = (*run.sample.energies.shape[:-1], count)
    return np.stack([np.stack([np.broadcast_to(value[..., 0], shape) for value in row], axis=-2) for row in rows], axis=-3)


def _residuals(tables: Sequence[Any]) -> dict[str, Any]:
    """r_k and its standard error, real and imaginary, shape (2, orders K), and M; each order by its own majorant."""
    whole = np.stack(tables)  # (samples, orders, terms, K)
    each = [_of_order(whole[:, k]) for k in range(whole.shape[1])]
    return {
        "majorant": min((one["majorant"] for one in each), default=0.0),
        **{part: np.concatenate([one[part] for one in each], axis=1) for part in PARTS},
    }


def _of_order(table: Any) -> dict[str, Any]:
    mean = table.mean(axis=0)
    majorant = np.abs(mean).sum(axis=0)
    size = float(np.sqrt((majorant**2).mean()))
    residual = table.sum(axis=1) / (size or 1.0)
    return {
        "majorant": size,
        "real": np.stack([residual.real.mean(axis=0), _error(residual.real)]),
        "imaginary": np.stack([residual.imag.mean(axis=0), _error(residual.imag)]),
    }


def _error(residual: Any) -> Any:
    """The standard error of the mean over the samples, alike for all probes, in units in which Z of them are certain.

    Few samples tell their own spread badly: it is pooled over the probes, which count for two independent ones, and
    Student's distribution says how many errors leave out as much as Z normal ones.
    """
    count = len(residual)
    pooled = np.sqrt(residual.var(axis=0, ddof=1).mean() / count)
    return np.full(residual.shape[1], pooled * _wider(count))


@lru_cache
def _wider(count: int) -> float:
    return float(stats.t.isf(stats.norm.sf(Z), 2 * (count - 1)) / Z)


def _other_times(question: Question, memory: float, seed: int) -> dict[Any, float]:
    """A value for every fast time that is not that of the state: generic, of the order of t_c."""
    family = question.roles.family
    own = set(family.coordinates) if family is not None else set()
    parts = set(subexpressions(question.equation)) - own
    free = sorted((x for x in parts if isinstance(x, Coordinate) and x.kind == "time"), key=question.roles.number)
    rng = stream(seed, "limit", "times")
    return {x: memory * float(rng.uniform(0.3, 0.7)) for x in free}


# Campaigns that are under way --------------------------------------------------------------------------

_RUNNING: Final[dict[Any, tuple[Campaign, int]]] = {}
MOST_RUNNING: Final = 512


def in_the_limit(
    question: Question, together: Callable[[], Sequence[Question]], seed: int, effort: str, deadline: float
) -> Truth:
    """The truth of one question, measured on the same samples as those that are looked at `together` with it.

    What was begun is remembered by the question, the seed and the effort; the same ones give the same answer.
    A Refusal where the equation denotes nothing on these samples.
    """
    key = (question, seed, effort)
    if key not in _RUNNING:
        if len(_RUNNING) > MOST_RUNNING:
            _RUNNING.clear()
        questions = tuple(dict.fromkeys((question, *together())))
        begun = Campaign(questions, seed, EFFORTS[effort])
        for number, one in enumerate(questions):
            _RUNNING.setdefault((one, seed, effort), (begun, number))
    campaign, number = _RUNNING[key]
    return campaign.truth(number, deadline)
