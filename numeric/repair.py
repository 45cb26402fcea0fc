"""The nearest true equation: a free factor for each printed term of a false one, fitted to the exact numbers.

With X_i the terms of lhs - rhs as printed, the first of them (the left side) kept as it is, the factors c_i of the others solve

    X_0 + sum_i c_i X_i = b N^(-p)                                                                    (1)

jointly for every test function g, energy, ensemble, drive and its rho_0': the c_i are the same for all of them, while the
correction b is free for each; real and imaginary parts are equations of their own.  Each row is over its majorant, each size
weighed by the standard errors of its residual and by what N^(-p) leaves out, as in numeric/rates.py.  Rows of one sample are not
independent: the covariance of the residuals over the samples of a group and size is kept whole (White's sandwich).  The joint
interval of all factors,

    c_i +- sqrt(chi^2_q) se_i,     q factors, together left as rarely as Z standard errors by one,

is the hull over the powers p, and over all sizes or all but the smallest, that are compatible with the data.

An equation that does not speak of a limit has no correction: (1) is solved with b = 0 on a few levels in double precision.
Where the best factors leave more than the errors allow (chi^2 above GOOD, as in numeric/rates.py), none make the equation true.

Source: H. White, Econometrica 48, 817 (1980), for the covariance; H. Scheffe, Biometrika 40, 87 (1953), for joint intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, Final

import numpy as np
from scipy import stats
from sympy import Rational
from threadpoolctl import threadpool_limits

from derive.derivation import Derivation
from derive.language import Chain, Equation, Product, Sum, resolve
from numeric.coarse.unfold import sized
from numeric.denote import fast_time, interpreter, opened
from numeric.kinds import of_a_limit
from numeric.limit import DRIVES_TRIED, EFFORTS, Campaign, Effort, Group, asked
from numeric.model import Model
from numeric.rates import FLOOR, GOOD, POWERS, Z, left_out
from numeric.recognise import read, summands
from numeric.refusals import IllPosed, Unsupported
from numeric.truth import ENSEMBLES, PROFILES, known_to, term_arrays

WIDEST: Final = 0.05  # half-width of an interval, over the leading factor, that still proposes a rational number
LARGEST: Final = 24  # denominator of a proposal
VANISHING: Final = 1e-11  # of the majorant
ROUNDOFF: Final = 1e-10
ROUNDS: Final = 3
FLAT: Final = 1e-9  # smallest over largest singular value: below, the factors of the terms cannot be told apart


@dataclass(frozen=True)
class Factor:
    """What a printed term is to be multiplied with: centre +- half, and the simplest rational number there.

    The first term is held at 1; so is one that vanishes on every sample, of which any multiple would do.
    """

    term: Any
    centre: float
    half: float
    proposed: Fraction | None
    free: bool = True


@dataclass(frozen=True)
class Repair:
    """The factors of the terms of one link; `equation` only if each has a proposal, and some is not 1."""

    label: str
    link: int
    factors: tuple[Factor, ...]
    groups: tuple[str, ...]
    equation: Any
    reason: str


def repair(
    derivation: Derivation, label: str, link: int, assignment: Mapping[str, str], seed: int, effort: str = "quick"
) -> Repair:
    """The repair of one link under an assignment of the readings.

    IllPosed for an equation whose terms cannot be weighed against one another, Refusal where the numbers say nothing.
    """
    with threadpool_limits(limits=1):
        claim = derivation[label].links[link]
        printed = [resolve(term, assignment) for term in _terms(claim)]
        reading = read(derivation, assignment)
        lhs, rhs, modulo = (resolve(part, assignment) for part in (claim.lhs, claim.rhs, claim.modulo))
        equation = Equation(lhs, rhs, modulo=modulo)
        known = known_to(derivation, reading, label, link)
        used = dict.fromkeys(known[part] for part in opened(equation, known) if part in known)
        if of_a_limit(equation, known):
            campaign = Campaign((asked(equation, tuple(used), reading.roles),), seed, efforts(effort))
            cells, groups = _large(campaign, printed)
        else:
            signed = [Product(sign, term) for sign, term in zip(_signs(claim), printed, strict=True)]
            cells, groups = _few_levels(signed, equation, known, reading.roles, seed, effort)
        present = [i for i in range(len(printed)) if any(np.abs(cell.table[..., i]).max() > VANISHING for cell in cells)]
        if len(present) < 2 or present[0] != 0:
            raise IllPosed("fewer than two of the terms do not vanish, or the first does: no factor of the others mends that")
        cells = [replace(cell, table=cell.table[..., present]) for cell in cells]
        fits = [_fit(cells, power, first) for power, first in _ways(cells)]
    intervals, left = _hull(fits), min(fit.chi for fit in fits) ** 0.5
    leading = max(1.0, *(abs(centre) for centre, _ in intervals))
    factors = [Factor(term, 1.0, 0.0, Fraction(1), False) for term in _terms(claim)]
    for i, (centre, half) in zip(present[1:], intervals, strict=True):
        told = half <= WIDEST * leading
        factors[i] = Factor(factors[i].term, centre, half, simplest(centre - half, centre + half) if told else None)
    return _concluded(label, link, claim, factors, groups, left)


def _concluded(label: str, link: int, claim: Any, factors: Sequence[Factor], groups: tuple[str, ...], left: float) -> Repair:
    proposed = [one.proposed for one in factors]
    if left**2 > GOOD:
        reason = f"no factors of its terms make it true: what they leave is {left:.2g} times what may be left"
        return Repair(label, link, tuple(factors), groups, None, reason)
    if any(one is None for one in proposed):
        widest = max(one.half for one in factors)
        return Repair(label, link, tuple(factors), groups, None, f"not told: a half-width of {widest:.2g} is left")
    if all(one == 1 for one in proposed):
        return Repair(label, link, tuple(factors), groups, None, "the printed factors are the best there are")
    made = with_factors(claim, proposed)
    return Repair(label, link, tuple(factors), groups, made, "each interval holds a simple rational number")


def efforts(effort: str) -> Effort:
    """Every drive with every ensemble: with one drive alone, terms that are proportional there could not be told apart."""
    base = EFFORTS[effort]
    groups = tuple(
        Group(law, name, ("gaussian", "gumbel")[(i + j) % 2])
        for i, law in enumerate(ENSEMBLES)
        for j, name in enumerate(DRIVES_TRIED)
    )
    return Effort(groups, base.samples, base.tolerance, base.mean_squares)


# The equation --------------------------------------------------------------------------------------------


def _terms(claim: Any) -> list[Any]:
    """The printed terms of both sides, in order."""
    return [*summands(claim.lhs), *summands(claim.rhs)]


def _signs(claim: Any) -> list[int]:
    """lhs - rhs is the sum of the terms times these."""
    return [1] * len(summands(claim.lhs)) + [-1] * len(summands(claim.rhs))


def with_factors(claim: Any, factors: Sequence[Any]) -> Any:
    """The equation with each printed term times its factor, in the order of `_terms`; a term times 0 is left out."""
    left = list(factors)
    sides = []
    for side in (claim.lhs, claim.rhs):
        made = []
        for term in summands(side):
            factor = left.pop(0)
            if factor:
                made.append(term if factor == 1 else Product(Rational(factor), term))
        sides.append(made[0] if len(made) == 1 else Sum(*made) if made else 0)
    return Equation(sides[0], sides[1], claim.role, modulo=claim.modulo)


def with_link(derivation: Derivation, label: str, link: int, equation: Any) -> Derivation:
    """The derivation with one link of one step replaced."""
    links = list(derivation[label].links)
    links[link] = equation
    return derivation.with_claim(label, links[0] if len(links) == 1 else Chain(*links))


def taking(derivation: Derivation, label: str) -> Derivation:
    """The derivation in which the symbol on the left of a step is, by definition, what the step says it is.

    A later step that speaks of the symbol is then judged as a step: is it true if the cited one is?  Errors that compensate each
    other show as factors whose product over the steps is 1.

    IllPosed where nothing defines what stands on the left, or the step is its definition.
    """
    claim = derivation[label].links[0]
    for step in derivation:
        for number, link in enumerate(step.links):
            if step.label != label and step.role_of(link) == "definition" and link.lhs == claim.lhs:
                return with_link(derivation, step.label, number, Equation(link.lhs, claim.rhs, link.role, modulo=link.modulo))
    raise IllPosed(f"expected a step whose left side another step defines, came ({label}); name one that speaks of a symbol")


def simplest(low: float, high: float) -> Fraction | None:
    """The rational number of smallest denominator, then smallest size, in an interval; None up to LARGEST."""
    for denominator in range(1, LARGEST + 1):
        first, last = int(np.ceil(low * denominator)), int(np.floor(high * denominator))
        if first <= last:
            return Fraction(min(range(first, last + 1), key=abs), denominator)
    return None


# Fits ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Cell:
    """The terms of lhs - rhs over the majorant on samples of one group and size: shape (samples, rows, terms)."""

    group: str
    size: int
    sizes: tuple[int, ...]  # of the group; of one there is no limit
    table: Any

    def residuals(self, factors: Any) -> Any:
        return self.table[..., 0] + self.table[..., 1:] @ factors


@dataclass(frozen=True, eq=False)
class Fit:
    """Factors, their standard errors and the reduced chi^2 of one power and one choice of sizes."""

    values: Any
    errors: Any
    chi: float


def _hull(fits: Sequence[Fit]) -> list[tuple[float, float]]:
    good = [fit for fit in fits if fit.chi <= GOOD] or list(fits)
    wide = float(np.sqrt(stats.chi2.isf(2 * stats.norm.sf(Z), len(good[0].values))))
    low = np.min([fit.values - wide * fit.errors for fit in good], axis=0)
    high = np.max([fit.values + wide * fit.errors for fit in good], axis=0)
    return [(float((a + b) / 2), float((b - a) / 2)) for a, b in zip(low, high, strict=True)]


def _ways(cells: Sequence[Cell]) -> list[tuple[float, int]]:
    return list(product(POWERS, (0, 1))) if len(cells[0].sizes) > 1 else [(0.0, 0)]


def _fit(cells: Sequence[Cell], power: float, first: int) -> Fit:
    """Weights are those of the residual at the factors found before."""
    found = Fit(-np.ones(cells[0].table.shape[-1] - 1), None, 0.0)
    for _ in range(ROUNDS):
        found = _solved(cells, found.values, power, first)
    return found


def _solved(cells: Sequence[Cell], guess: Any, power: float, first: int) -> Fit:
    """Weighted least squares of (1) for one power, without the `first` sizes."""
    kept = [cell for cell in cells if cell.sizes.index(cell.size) >= first]
    free = len(guess)
    lengths = {cell.group: cell.table.shape[1] for cell in kept if len(cell.sizes) > 1}
    starts = dict(zip(lengths, np.cumsum([free, *lengths.values()]), strict=False))
    width = free + sum(lengths.values())
    found = []
    for cell in kept:
        mean = cell.table.mean(axis=0)
        count = len(mean)
        design = np.zeros((count, width))
        design[:, :free] = mean[:, 1:]
        if cell.group in starts:
            place = starts[cell.group]
            design[:, place : place + count] = -((cell.size / cell.sizes[0]) ** -power) * np.eye(count)
        covariance = _covariance(cell, cells, guess)
        found.append((design, -mean[:, 0], np.full(count, count / np.trace(covariance)), covariance))
    design, target, weight = (np.concatenate([one[i] for one in found]) for i in range(3))
    root = np.sqrt(weight)[:, None]
    _told_apart(design * root, free)
    inverse = np.linalg.pinv((design * root).T @ (design * root))
    solution = inverse @ (design.T @ (weight * target))
    chi = float((weight * (target - design @ solution) ** 2).sum() / max(len(target) - width, 1))
    meat = sum((d.T * w) @ c @ (d.T * w).T for d, _, w, c in found)
    variance = np.diag(inverse @ meat @ inverse)[:free] * max(1.0, chi)
    return Fit(solution[:free], np.sqrt(variance), chi)


def _covariance(cell: Cell, cells: Sequence[Cell], guess: Any) -> Any:
    """Of the mean residual of a cell: over its samples, and what the powers leave out."""
    count = cell.table.shape[1]
    if len(cell.sizes) < 2:
        return ROUNDOFF**2 * np.eye(count)
    ends = [
        one.residuals(guess).mean(axis=0)
        for one in cells
        if one.group == cell.group and one.size in cell.sizes[:: len(cell.sizes) - 1]
    ]
    change = float(np.sqrt(((ends[0] - ends[1]) ** 2).mean()))
    allowed = float(left_out(np.asarray(cell.sizes, float), change)[cell.sizes.index(cell.size)])
    spread = np.atleast_2d(np.cov(cell.residuals(guess), rowvar=False)) / len(cell.table)
    return spread + (FLOOR**2 + allowed**2) * np.eye(count)


def _told_apart(design: Any, free: int) -> None:
    """IllPosed where some combination of the terms is nothing but a correction, so that their factors are not told."""
    columns, others = design[:, :free], design[:, free:]
    kept = columns - others @ np.linalg.lstsq(others, columns, rcond=None)[0] if others.shape[1] else columns
    length = np.linalg.norm(columns, axis=0)
    if np.linalg.svd(kept / length, compute_uv=False)[-1] <= FLAT:
        raise IllPosed("the terms are proportional to one another on every sample: their factors cannot be told apart")


# The numbers ---------------------------------------------------------------------------------------------


def _large(campaign: Campaign, printed: Sequence[Any]) -> tuple[list[Cell], tuple[str, ...]]:
    """On large samples: the pieces of which numeric/limit.py makes the equation, gathered into the printed terms."""
    campaign.measure(0)
    pieces = [len(sized(term, 0)) for term in printed]
    starts = np.cumsum([0, *pieces[:-1]])
    cells = []
    for group in campaign.effort.groups:
        sizes = tuple(campaign.sizes(group))
        for size in sizes:
            table = np.stack([row[0] for row in campaign.tables[group, size]])  # (samples, orders, pieces, K)
            if table.shape[2] != sum(pieces):
                raise Unsupported("terms that cannot be told from one another when they are opened")
            cells.append(Cell(group.name, size, sizes, _over_majorant(table, starts)))
    return cells, tuple(group.name for group in campaign.effort.groups)


def _over_majorant(table: Any, starts: Any) -> Any:
    """Rows are orders, probes and parts."""
    rows = []
    for k in range(table.shape[1]):
        mean = np.abs(table[:, k].mean(axis=0)).sum(axis=0)
        size = float(np.sqrt((mean**2).mean()))
        if not size:
            raise IllPosed("all terms vanish: there is nothing to weigh")
        terms = np.add.reduceat(table[:, k], starts, axis=1) / size
        rows += [np.moveaxis(part, 1, 2) for part in (terms.real, terms.imag)]
    return np.concatenate(rows, axis=1)


def _few_levels(
    signed: Sequence[Any], equation: Any, known: Mapping[Any, Any], roles: Any, seed: int, effort: str
) -> tuple[list[Cell], tuple[str, ...]]:
    """On a few levels, where what is exact is so for each test function and size."""
    cells = []
    for name, size in product(ENSEMBLES, PROFILES[effort].sizes):
        run = interpreter(Model(name, size, seed, roles, np.complex128), known, fast_time(equation, known))
        arrays = term_arrays(run, equation, signed)[1]
        whole = np.stack([np.asarray(a, np.complex128).reshape(-1) for a in arrays], axis=1)
        table = np.concatenate([whole.real, whole.imag]) / (np.abs(whole).max() or 1.0)
        cells.append(Cell(f"{name} {size}", size, (size,), table[None]))
    return cells, ENSEMBLES
