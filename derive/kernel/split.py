"""Spectral sums over distinct levels: the decision where divided differences have different ends.

Every sum over levels is split by which of its levels coincide.  Over distinct levels f[x, y] = (f(x) - f(y))/(x - y), and
the coefficient of each diagram becomes a rational function of its levels, whose denominators are products of differences.
Distinct diagrams are independent over these coefficients, once a coefficient is averaged over the diagram's own symmetries;
so the sum vanishes in every dimension if and only if every numerator does.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial
from typing import Any

from derive.kernel.algebra import (
    Expression,
    Profile,
    Scalars,
    added,
    freeze,
    merge_profiles,
    merge_scalars,
    multiply,
    power,
    scaled,
    thaw,
)
from derive.kernel.diagrams import Diagram, NormalForm, numberings, repeated_slope
from derive.kernel.errors import TooLarge, Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian

MAX_LEVELS = 7

Polynomial = dict[tuple[int, ...], Gaussian]
Denominator = tuple[tuple[int, int, int], ...]  # (a, b, k) with a < b: (x_a - x_b)^k
Rational = dict[Denominator, Polynomial]
Part = tuple[Scalars, Diagram, Rational]
SplitForm = dict[tuple[Scalars, Diagram], Polynomial]


def split_form(form: NormalForm) -> SplitForm:
    """The numerators, by scalars and diagram over distinct levels, over one common denominator each; empty for an identity."""
    result: SplitForm = {}
    for (scalars, diagram), rational in _gathered(form).items():
        numerator = common_numerator(rational, diagram.size)
        if numerator:
            result[(scalars, diagram)] = numerator
    return result


def _gathered(form: NormalForm) -> dict[tuple[Scalars, Diagram], Rational]:
    """The coefficient of every diagram over distinct levels, averaged over the diagram's own symmetries."""
    gathered: dict[tuple[Scalars, Diagram], Rational] = {}
    for (scalars, diagram), coefficient in form.items():
        if diagram.size > MAX_LEVELS:
            raise TooLarge(f"a sum over {diagram.size} levels; at most {MAX_LEVELS} are split by coincidence")
        for blocks in partitions(diagram.size):
            split = [(merge_scalars(scalars, s), d, r) for s, d, r in _over_distinct(_identified(diagram, blocks))]
            for collected, merged, rational in integrated(split):
                found = numberings(merged)
                share = coefficient * Gaussian(len(found)).inverse()
                for shaped, numbering in found:
                    key = (collected, shaped)
                    _add(gathered.setdefault(key, {}), _renumber(rational, numbering), share)
    return gathered


def partitions(size: int) -> Iterator[tuple[int, ...]]:
    """All ways to identify `size` levels: block numbers, each partition once."""

    def extend(prefix: tuple[int, ...], used: int) -> Iterator[tuple[int, ...]]:
        if len(prefix) == size:
            yield prefix
            return
        for block in range(used + 1):
            yield from extend((*prefix, block), max(used, block + 1))

    yield from extend((), 0)


def _identified(diagram: Diagram, blocks: tuple[int, ...]) -> Diagram:
    size = max(blocks, default=-1) + 1
    names: list[list[str]] = [[] for _ in range(size)]
    for v, block in enumerate(blocks):
        names[block].extend(diagram.names[v])
    return Diagram(
        size,
        tuple(tuple(sorted(n)) for n in names),
        tuple((e, blocks[a], blocks[b]) for e, a, b in diagram.edges),
        tuple((p, tuple(blocks[v] for v in vs)) for p, vs in diagram.decorations),
    )


def _over_distinct(diagram: Diagram) -> list[tuple[Scalars, Diagram, Rational]]:
    """Divided differences evaluated over distinct levels; functions gathered on their level; powers of levels in coefficients."""
    zero = (0,) * diagram.size
    states: list[tuple[Expression, dict[int, Profile], Rational]] = [({((), ()): ONE}, {}, {(): {zero: ONE}})]
    edges = []
    for letter, a, b in diagram.edges:
        if letter[0] == "conn" and a != b:
            if letter[2]:
                raise Unsupported("a derivative of the connection of the frozen basis under a sum over levels")
            first, last, sign = (a, b, -1) if a < b else (b, a, 1)
            inverse: Rational = {((first, last, 1),): {zero: Gaussian(sign)}}
            states = [(x, held, _multiply(r, inverse)) for x, held, r in states]
            letter = ("op", letter[3], "ham", letter[4], ((letter[1], 1),), ())
        edges.append((letter, a, b))
    for profile, vertices in diagram.decorations:
        following = []
        for values, rational in divided_difference(profile, vertices, diagram.size):
            for extra, single in values:
                for known, held, coefficient in states:
                    merged = dict(held)
                    for v, p in single.items():
                        merged[v] = merge_profiles(merged.get(v, ()), p)
                    following.append((multiply(known, extra), merged, _multiply(coefficient, rational)))
        states = following
    result = []
    for factor, held, coefficient in states:
        exponents = [0] * diagram.size
        decorations = []
        for v, profile in sorted(held.items()):
            exponents[v] = sum(basic == ("id",) for basic in profile)
            rest = tuple(basic for basic in profile if basic != ("id",))
            if rest:
                decorations.append((rest, (v,)))
        shaped = Diagram(diagram.size, diagram.names, tuple(edges), tuple(decorations))
        raised = _multiply(coefficient, {(): {tuple(exponents): ONE}})
        for (scalars, word), c in factor.items():
            if word:
                raise Unsupported("an operator inside a coefficient")
            result.append((scalars, shaped, _scale(raised, c)))
    return result


def integrated(parts: list[Part]) -> list[Part]:
    """Every primitive at a finite end carried out, over distinct levels."""
    done: list[Part] = []
    for scalars, diagram, rational in parts:
        ends = _known(scalars, diagram)
        item = next((one for one in ends if not any(one[1] in repr(other[2]) for other in ends)), None)
        if ends and item is None:
            raise Unsupported("integrals over times whose limits go round in a circle")
        if item is None:
            done.append((scalars, diagram, rational))
        else:
            done.extend(integrated(_primitive(item, scalars, diagram, rational)))
    return done


def _known(scalars: Scalars, diagram: Diagram) -> list[Any]:
    """The primitives at finite ends that can be carried out.  Where what is integrated holds an operator at that time, or a
    primitive up to that time that stays a symbol, the primitive is a symbol."""
    ends = [item for item, _ in scalars if item[0] == "prim" and item[2][0] == "at"]
    held = repr(diagram.edges)
    while unknown := [item for item in ends if item[1] in held]:
        ends = [item for item in ends if item not in unknown]
        held += repr([item[2] for item in unknown])
    rest = [item for item, _ in scalars if item[0] not in ("prim", "coord")]
    basics = [basic for profile, _ in diagram.decorations for basic in profile if basic[0] != "exp"]
    if any(item[1] in repr((rest, basics)) for item, _ in scalars if item[0] == "prim" and item not in ends):
        raise Unsupported("a time integral of an operator and a function of the time that is not given")
    return ends


def _primitive(item: Any, scalars: Scalars, diagram: Diagram, rational: Rational) -> list[Part]:
    _, bound, end = item
    upper = thaw(end[1])
    power_of = ("coord", bound)
    m = dict(scalars).get(power_of, 0)
    rest = tuple(pair for pair in scalars if pair[0] not in (item, power_of))
    if m < 0 or bound in repr((rest, diagram.edges)):
        raise Unsupported("a time integral of something other than phases and powers of the time")
    rates: dict[int, Expression] = {}
    decorations: list[Any] = []
    for profile, vertices in diagram.decorations:
        kept: Profile = ()
        for basic in profile:
            rate = _rate(basic[1], bound) if basic[0] == "exp" else {}
            if rate:
                rates[vertices[0]] = rate
                frozen = substituted(thaw(basic[1]), bound, upper)
                if frozen:
                    kept = merge_profiles(kept, (("exp", freeze(frozen)),))
            else:
                if bound in repr(basic):
                    raise Unsupported("a time integral of a function of the time that is not given")
                kept = merge_profiles(kept, (basic,))
        if kept:
            decorations.append((kept, vertices))
    shaped = Diagram(diagram.size, diagram.names, diagram.edges, tuple(decorations))
    if not rates:
        value = scaled(power(upper, m + 1), Gaussian(m + 1).inverse())
        return [(merge_scalars(rest, s), shaped, _scale(rational, c)) for (s, _), c in value.items()]
    if len(rates) != 2 or added(*rates.values()):
        raise Unsupported("a time integral of a phase of more than two levels")
    (a, rate), (b, _) = sorted(rates.items())
    slope = scaled(rate, IMAGINARY)  # l = slope (x_a - x_b)
    result: list[Part] = []
    for j in range(m + 1):
        factor = Gaussian((-1) ** j * factorial(m) // factorial(m - j))
        value = scaled(multiply(power(upper, m - j), power(slope, -(j + 1))), factor)
        inverse: Rational = {((a, b, j + 1),): {(0,) * diagram.size: ONE}}
        for (s, _), c in value.items():
            result.append((merge_scalars(rest, s), shaped, _scale(_multiply(rational, inverse), c)))
    return result


def _rate(key: Any, bound: str) -> Expression:
    """The coefficient of the bound time in a phase that is linear in it."""
    found: Expression = {}
    for (scalars, word), c in thaw(key).items():
        exponent = dict(scalars).get(("coord", bound), 0)
        if exponent > 1:
            raise Unsupported("a phase that is not linear in the time of integration")
        if exponent == 1:
            found[(tuple(pair for pair in scalars if pair[0] != ("coord", bound)), word)] = c
    return found


def substituted(x: Expression, bound: str, value: Expression) -> Expression:
    """A scalar expression with the bound time set to a value."""
    total: Expression = {}
    for (scalars, word), c in x.items():
        exponent = dict(scalars).get(("coord", bound), 0)
        rest = tuple(pair for pair in scalars if pair[0] != ("coord", bound))
        total = added(total, multiply(power(value, exponent), {(rest, word): c}))
    return total


def divided_difference(
    profile: Profile, vertices: tuple[int, ...], size: int
) -> list[tuple[list[tuple[Expression, dict[int, Profile]]], Rational]]:
    """f over a list of levels, equal ones repeated, as a sum of (function of one level) x (rational function).

    With the points grouped, f[x0, .., xk] = (f[x1, .., xk] - f[x0, .., x(k-1)]) / (xk - x0) for x0 != xk, and
    f[x, .., x] = f^(k)(x)/k!.
    """
    points = sorted(vertices)
    if points[0] == points[-1]:
        share = Gaussian(factorial(len(points) - 1)).inverse()
        values: list[tuple[Expression, dict[int, Profile]]] = []
        for changed, coefficient in repeated_slope(profile, len(points) - 1).items():
            values.append((coefficient, {points[0]: changed} if changed else {}))
        return [(values, {(): {(0,) * size: share}})]
    first, last = points[0], points[-1]
    inverse: Rational = {((first, last, 1),): {(0,) * size: ONE}}
    result = []
    for part, sign in ((points[:-1], 1), (points[1:], -1)):
        for values, rational in divided_difference(profile, tuple(part), size):
            result.append((values, _scale(_multiply(rational, inverse), Gaussian(sign))))
    return result


# rational functions of the levels: numerators by denominator


def _add(total: Rational, extra: Rational, factor: Gaussian) -> None:
    for denominator, polynomial in extra.items():
        known = total.setdefault(denominator, {})
        for exponents, c in polynomial.items():
            value = known.get(exponents, Gaussian(0)) + c * factor
            if value:
                known[exponents] = value
            else:
                known.pop(exponents, None)


def _scale(rational: Rational, factor: Gaussian) -> Rational:
    return {d: {e: c * factor for e, c in p.items()} for d, p in rational.items()}


def _multiply(a: Rational, b: Rational) -> Rational:
    total: Rational = {}
    for da, pa in a.items():
        for db, pb in b.items():
            powers: dict[tuple[int, int], int] = {}
            for x, y, k in (*da, *db):
                powers[(x, y)] = powers.get((x, y), 0) + k
            denominator = tuple(sorted((x, y, k) for (x, y), k in powers.items()))
            _add(total, {denominator: polynomial_product(pa, pb)}, ONE)
    return total


def polynomial_product(a: Polynomial, b: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for ea, ca in a.items():
        for eb, cb in b.items():
            exponents = tuple(x + y for x, y in zip(ea, eb, strict=True))
            value = total.get(exponents, Gaussian(0)) + ca * cb
            if value:
                total[exponents] = value
            else:
                total.pop(exponents, None)
    return total


def _renumber(rational: Rational, numbering: tuple[int, ...]) -> Rational:
    total: Rational = {}
    for denominator, polynomial in rational.items():
        sign = ONE
        moved = []
        for a, b, k in denominator:
            x, y = numbering[a], numbering[b]
            if x > y:
                x, y = y, x
                sign = sign * Gaussian((-1) ** k)
            moved.append((x, y, k))
        permuted: Polynomial = {}
        for exponents, c in polynomial.items():
            new = [0] * len(numbering)
            for old, e in enumerate(exponents):
                new[numbering[old]] = e
            permuted[tuple(new)] = c * sign
        _add(total, {tuple(sorted(moved)): permuted}, ONE)
    return total


def common_numerator(rational: Rational, size: int, at_least: Denominator = ()) -> Polynomial:
    """The numerator over the least common denominator (a multiple of `at_least`); zero if and only if the function is."""
    lcm: dict[tuple[int, int], int] = {(a, b): k for a, b, k in at_least}
    for denominator, polynomial in rational.items():
        if polynomial:
            for a, b, k in denominator:
                lcm[(a, b)] = max(lcm.get((a, b), 0), k)
    total: Polynomial = {}
    for denominator, polynomial in rational.items():
        missing = dict(lcm)
        for a, b, k in denominator:
            missing[(a, b)] = missing.get((a, b), 0) - k
        for (a, b), k in missing.items():
            difference = {_unit(a, size): ONE, _unit(b, size): Gaussian(-1)}
            for _ in range(k):
                polynomial = polynomial_product(polynomial, difference)
        for exponents, c in polynomial.items():
            value = total.get(exponents, Gaussian(0)) + c
            if value:
                total[exponents] = value
            else:
                total.pop(exponents, None)
    return total


def _unit(vertex: int, size: int) -> tuple[int, ...]:
    return tuple(int(v == vertex) for v in range(size))


def split_vector(forms: list[NormalForm]) -> list[dict[tuple[Scalars, Diagram, tuple[int, ...]], Gaussian]]:
    """Several forms over one common denominator, so that their numerators can be added: one vector each."""
    gathered = [_gathered(form) for form in forms]
    exponents: dict[tuple[Scalars, Diagram], int] = {}
    for rationals in gathered:
        for key, rational in rationals.items():
            top = max((k for denominator, p in rational.items() if p for *_, k in denominator), default=0)
            exponents[key] = max(exponents.get(key, 0), top)
    vectors = []
    for rationals in gathered:
        vector: dict[tuple[Scalars, Diagram, tuple[int, ...]], Gaussian] = {}
        for (scalars, diagram), rational in rationals.items():
            size = diagram.size
            full = tuple((a, b, exponents[(scalars, diagram)]) for a in range(size) for b in range(a + 1, size))
            for powers, c in common_numerator(rational, size, full).items():
                vector[(scalars, diagram, powers)] = c
        vectors.append(vector)
    return vectors
