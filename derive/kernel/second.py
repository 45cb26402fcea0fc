"""The second route to a value on a finite model: the diagrams of the normal form, summed over all assignments of levels.

It shares with the moving frame of evaluate.py only the numbers it starts from: here derivatives are divided differences and
no series is taken.  A countermodel is believed when both routes give the same value.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import product as cartesian
from typing import Any

from derive.kernel.algebra import Profile
from derive.kernel.calculus import Frame
from derive.kernel.diagrams import Diagram, normal_form
from derive.kernel.errors import Unsupported
from derive.kernel.gaussian import IMAGINARY, ONE, Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.model import Lookup
from derive.kernel.split import divided_difference
from derive.kernel.terms import Term
from derive.kernel.values import Basis, merge_basis

Flat = dict[Basis, Gaussian]  # basis element (as in values.py, without series or unknowns) -> number


class SecondRoute:
    """Evaluates a term's normal form on a model given by `lookup`; powers of the times that `run` are kept as they are."""

    def __init__(self, size: int, lookup: Lookup, labels: dict[str, int], frame: Frame, run: Collection[str] = ()) -> None:
        self.frame = frame
        self.run = run
        self.size = size
        self.lookup = lookup
        self.labels = labels

    def number(self, key: str) -> Gaussian:
        answer = self.lookup(key)
        if not isinstance(answer, Gaussian):
            raise Unsupported("an unknown in a finished model")
        return answer

    def __call__(self, term: Term) -> dict[tuple[int, int], Flat]:
        """By (row, column); (-1, -1) for a scalar."""
        form = normal_form(Interpreter(self.frame)(term))
        total: dict[tuple[int, int], Flat] = {}
        for (scalars, diagram), coefficient in form.items():
            factor: Flat = {(): coefficient}
            for item, exponent in scalars:
                factor = self.product(factor, self.atom(item, exponent))
            for place, value in self.diagram(diagram).items():
                target = total.setdefault(place, {})
                for basis, c in self.product(factor, value).items():
                    target[basis] = target.get(basis, Gaussian(0)) + c
        return {place: {b: c for b, c in flat.items() if c} for place, flat in total.items() if any(flat.values())}

    def product(self, x: Flat, y: Flat) -> Flat:
        total: Flat = {}
        for bx, cx in x.items():
            for by, cy in y.items():
                basis = merge_basis(bx, by)
                if basis is not None:
                    reduced, factor = self.at_points(basis)
                    total[reduced] = total.get(reduced, Gaussian(0)) + cx * cy * factor
        return total

    def at_points(self, basis: Basis) -> tuple[Basis, Gaussian]:
        """A field known at the levels only takes its value there beside a delta."""
        factor = ONE
        kept = []
        for part in basis:
            token = next((a[1] for a in part[3] if a[0] == "E"), "") if part[0] == "field" else ""
            point = next((f for f in basis if f[0] == "point" and f[1] == token), None)
            if point is None:
                kept.append(part)
                continue
            points = [f"E{point[2]}" if a[0] == "E" else str(a[1]) for a in part[3]]
            factor = factor * self.number(f"fun|{part[1]}|{','.join(map(str, part[2]))}|{','.join(points)}")
        return tuple(sorted(kept, key=repr)), factor

    def atom(self, item: Any, exponent: int) -> Flat:
        if item[0] == "par":
            value = self.number(f"par|{item[1]}")
        elif item[0] == "coord" and item[1] in self.run and exponent > 0:
            return {(("power", item[1], exponent),): ONE}
        elif item[0] == "coord" and not item[1].startswith("energy:"):
            value = self.number(f"coord|{item[1]}")
        elif item[0] == "coord" and exponent > 0:
            return {(("E", item[1]),) * exponent: ONE}
        elif item[0] == "fun" and exponent > 0:
            args = tuple(self.argument(a) for a in item[3])
            if any(a[0] == "E" for a in args):
                kind = "fun" if item[4] else "field"
                return {((kind, item[1], item[2], args),) * exponent: ONE}
            value = self.number(f"fun|{item[1]}|{','.join(map(str, item[2]))}|{','.join(map(self.point, item[3]))}")
        elif item[0] == "sdelta" and exponent == 1:
            shift = self.shift(item[3])
            token = item[2]
            if item[1] < 0:
                return {(("theta", token, -1, shift),): ONE}
            return {(("delta", item[1], token, -1, shift) if item[1] else ("point", token, -1, shift, 1),): ONE}
        else:
            raise Unsupported(f"the scalar {item[0]!r} by the second route")
        if exponent < 0:
            value, exponent = value.inverse(), -exponent
        total = ONE
        for _ in range(exponent):
            total = total * value
        return {(): total}

    def point(self, argument: Any) -> str:
        """An argument in the name of a function's value; times that are 0 at the model's point are one place."""
        kind, place = self.argument(argument)
        still = kind == "base" and place.startswith("time:") and not self.number(f"coord|{place}")
        return "0" if still else str(place)

    def argument(self, argument: Any) -> Any:
        if argument[0] == "coord" and (argument[1] in self.run or argument[1].startswith("time:~")):
            raise Unsupported("a function of a time that runs by the second route")
        if argument[0] == "coord":
            return ("E", argument[1]) if argument[1].startswith("energy:") else ("base", argument[1])
        return ("const", self.constant(argument[1]).text())

    def constant(self, key: Any) -> Gaussian:
        total = Gaussian(0)
        for (scalars, _), (re, im) in key:
            part = Gaussian(re, im)
            for item, exponent in scalars:
                ((basis, value),) = self.atom(item, exponent).items()
                if basis:
                    raise Unsupported("a number that runs with a time by the second route")
                part = part * value
            total = total + part
        return total

    def shift(self, key: Any) -> Fraction:
        return self.constant(key).re

    def diagram(self, diagram: Diagram) -> dict[tuple[int, int], Flat]:
        total: dict[tuple[int, int], Flat] = {}
        for levels in cartesian(range(self.size), repeat=diagram.size):
            row = column = -1
            for v, names in enumerate(diagram.names):
                for name in names:
                    if name == "<row>":
                        row = levels[v]
                    elif name == "<column>":
                        column = levels[v]
                    elif self.labels.get(name) != levels[v]:
                        break
                else:
                    continue
                break
            else:
                value: Flat = {(): ONE}
                for letter, a, b in diagram.edges:
                    value = self.product(value, {(): self.element(letter, levels[a], levels[b])})
                for profile, vertices in diagram.decorations:
                    value = self.product(value, self.decoration(profile, tuple(levels[v] for v in vertices)))
                target = total.setdefault((row, column), {})
                for basis, c in value.items():
                    target[basis] = target.get(basis, Gaussian(0)) + c
        return total

    def element(self, letter: Any, a: int, b: int) -> Gaussian:
        if letter[0] == "conn":
            if letter[2]:
                raise Unsupported("a derivative of the connection by the second route")
            if a == b:
                return IMAGINARY * self.number(f"gauge|{a}")
            gap = self.number(f"level|{b}") - self.number(f"level|{a}")
            return self.number(f"ham|1|{a}|{b}") * gap.inverse()
        _, name, index, own, jets, held = letter
        if index == "ham":
            return self.number(f"ham|{sum(k for _, k in jets)}|{a}|{b}")
        if any(token in self.run for token in {*own} - {t for t, _ in held}) or any(key[0] == "coord" for _, key in held):
            raise Unsupported("an operator at a time that runs by the second route")
        text = ".".join(map(str, index)) if isinstance(index, tuple) else str(index)
        fast = [pair for pair in jets if not pair[0].startswith("slow:")]
        slow = [pair for pair in jets if pair[0].startswith("slow:")]
        return self.number(f"op|{name}|{text}|{','.join(f'{t}^{k}' for t, k in [*fast, *slow])}|{a}|{b}")

    def decoration(self, profile: Profile, levels: tuple[int, ...]) -> Flat:
        """A function of one level, or a divided difference over several, as numbers and points in E."""
        total: Flat = {}
        for values, rational in divided_difference(profile, levels, self.size):
            weight = Gaussian(0)
            for denominator, numerator in rational.items():
                part = Gaussian(0)
                for c in numerator.values():
                    part = part + c
                for a, b, k in denominator:
                    gap = (self.number(f"level|{a}") - self.number(f"level|{b}")).inverse()
                    for _ in range(k):
                        part = part * gap
                weight = weight + part
            for extra, single in values:
                here: Flat = {(): weight}
                for (scalars, _), c in extra.items():
                    inner: Flat = {(): c}
                    for item, exponent in scalars:
                        inner = self.product(inner, self.atom(item, exponent))
                    term = self.product(here, inner)
                    for level, changed in single.items():
                        for basic in changed:
                            term = self.product(term, self.basic(basic, level))
                    for basis, value in term.items():
                        total[basis] = total.get(basis, Gaussian(0)) + value
        return total

    def basic(self, basic: Any, level: int) -> Flat:
        match basic[0]:
            case "id":
                return {(): self.number(f"level|{level}")}
            case "fun":
                _, name, orders, args, slot, _ = basic
                points = [f"E{level}" if k == slot else self.point(a) for k, a in enumerate(args)]
                return {(): self.number(f"fun|{name}|{','.join(map(str, orders))}|{','.join(points)}")}
            case "delta":
                _, k, token, shift, ratio = basic
                at, spot = self.shift(shift), (level if ratio == 1 else (level, ratio))
                return {(("delta", k, token, spot, at) if k else ("point", token, spot, at, 1),): ONE}
            case "theta":
                return {(("theta", basic[1], level if basic[3] == 1 else (level, basic[3]), self.shift(basic[2])),): ONE}
        raise Unsupported(f"the function of the level {basic[0]!r} by the second route")
