"""Expressions as diagrams: vertices are levels, edges are matrix elements, decorations are functions of levels.

A word becomes an open line from the row to the column, a trace a loop, <n|A|m> a line between named levels; a level that is
summed over has no name.  Two sums over levels are the same when their diagrams differ by a renaming of the unnamed vertices.
This decides operator identities (words), trace identities in every dimension (cyclic words), and spectral sums as long as no
divided difference has two different ends; for those see split.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product
from math import factorial
from typing import Any

from derive.kernel.algebra import (
    ID,
    Expression,
    Letter,
    Monomial,
    Profile,
    Scalars,
    added,
    constant,
    merge_profiles,
    merge_scalars,
    multiply,
    order_key,
    scaled,
)
from derive.kernel.calculus import profile_slope
from derive.kernel.errors import TooLarge
from derive.kernel.gaussian import ONE, Gaussian
from derive.kernel.times import bound_names, renamed
from derive.kernel.weak import absorb

MAX_RENAMINGS = 50_000


@dataclass(frozen=True)
class Diagram:
    """Vertices 0..size-1; `names` gives each its level labels (empty: summed over); `edges` (letter, from, to);
    `decorations` (profile, vertices): a function of one level, or a divided difference over several."""

    size: int
    names: tuple[tuple[str, ...], ...]
    edges: tuple[tuple[Letter, int, int], ...]
    decorations: tuple[tuple[Profile, tuple[int, ...]], ...]


class _Builder:
    """Collects one monomial's vertices, identifying those that are the same level."""

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.labels: dict[str, int] = {}
        self.edges: list[tuple[Letter, int, int]] = []
        self.decorations: list[tuple[Profile, tuple[int, ...]]] = []

    def vertex(self) -> int:
        self.parent.append(len(self.parent))
        return len(self.parent) - 1

    def named(self, label: str) -> int:
        if label not in self.labels:
            self.labels[label] = self.vertex()
        return self.labels[label]

    def root(self, v: int) -> int:
        while self.parent[v] != v:
            v = self.parent[v]
        return v

    def same(self, a: int, b: int) -> None:
        self.parent[self.root(a)] = self.root(b)

    def line(self, word: tuple[Letter, ...], start: int) -> int:
        """Draws a word from `start`; returns the vertex it ends at."""
        here = start
        for letter in word:
            match letter[0]:
                case "f":
                    self.decorations.append((letter[1], (here,)))
                case "dd":
                    path = [here]
                    for inner in letter[2]:
                        path.append(self.vertex())
                        self.edges.append((inner, path[-2], path[-1]))
                    self.decorations.append((letter[1], tuple(path)))
                    here = path[-1]
                case "loop":
                    self.same(self.line(letter[1], here), here)
                case "ket" | "bra":
                    self.same(here, self.named(letter[1]))
                case _:
                    there = self.vertex()
                    self.edges.append((letter, here, there))
                    here = there
        return here


def build(monomial: Monomial, operator: bool) -> tuple[Scalars, Diagram]:
    """The diagram of a monomial with the scalars that are no sums over levels; `operator` draws an empty word as the unit."""
    scalars, word = monomial
    builder = _Builder()
    rest: list[Any] = []
    summed: set[str] = set()
    for item, exponent in scalars:
        drawn = exponent if exponent > 0 and item[0] in ("tr", "elem", "lev") else 0
        if item[0] == "sumover":
            summed.add(item[1])
            builder.named(item[1])
            continue
        if not drawn:
            rest.append((item, exponent))
        for _ in range(drawn):
            _draw(builder, item)
    if operator or word:
        start = builder.named("<row>") if not word or word[0][0] != "bra" else builder.named(word[0][1])
        end = builder.line(word, start)
        if not word or word[-1][0] != "ket":
            builder.same(end, builder.named("<column>"))
    return tuple(rest), _finish(builder, summed)


def _draw(builder: _Builder, item: Any) -> None:
    if item[0] == "tr":
        start = builder.vertex()
        builder.same(builder.line(item[1], start), start)
    elif item[0] == "elem":
        builder.same(builder.line(item[2], builder.named(item[1])), builder.named(item[3]))
    else:
        builder.decorations.append((item[1], (builder.named(item[2]),)))


def _finish(builder: _Builder, summed: set[str]) -> Diagram:
    roots = sorted({builder.root(v) for v in range(len(builder.parent))})
    place = {root: k for k, root in enumerate(roots)}

    def at(v: int) -> int:
        return place[builder.root(v)]

    names: list[list[str]] = [[] for _ in roots]
    for label, v in builder.labels.items():
        if label not in summed:
            names[at(v)].append(label)
    return Diagram(
        len(roots),
        tuple(tuple(sorted(n)) for n in names),
        tuple((letter, at(a), at(b)) for letter, a, b in builder.edges),
        tuple((p, tuple(at(v) for v in vs)) for p, vs in builder.decorations),
    )


def confluent(diagram: Diagram) -> list[tuple[Expression, Diagram]]:
    """Divided differences whose points have all become one level are derivatives: f[x, .., x] = f^(k)(x) / k!."""
    done: list[tuple[Expression, list[Any]]] = [({((), ()): ONE}, [])]
    for profile, vertices in diagram.decorations:
        if profile == ID and len(vertices) > 1:
            if len(vertices) > 2:
                return []
            continue
        if len(set(vertices)) > 1 or len(vertices) == 1:
            for _, decorations in done:
                decorations.append((profile, tuple(sorted(vertices))))
            continue
        parts = repeated_slope(profile, len(vertices) - 1)
        done = [
            (
                scaled(multiply(c, extra), Gaussian(factorial(len(vertices) - 1)).inverse()),
                [*ds, (p, vertices[:1])] if p else list(ds),
            )
            for c, ds in done
            for p, extra in parts.items()
        ]
    return [(c, Diagram(diagram.size, diagram.names, diagram.edges, tuple(_gathered(ds)))) for c, ds in done]


def repeated_slope(profile: Profile, order: int) -> dict[Profile, Expression]:
    """The order-th derivative of a function of the level in the level."""
    current: dict[Profile, Expression] = {profile: constant(ONE)}
    for _ in range(order):
        following: dict[Profile, Expression] = {}
        for p, c in current.items():
            for q, d in profile_slope(p).items():
                following[q] = added(following.get(q, {}), multiply(c, d))
        current = {p: c for p, c in following.items() if c}
    return current


def _gathered(decorations: list[Any]) -> list[Any]:
    """Functions of the same single level become one profile."""
    single: dict[int, Profile] = {}
    several: list[Any] = []
    for profile, vertices in decorations:
        if len(vertices) == 1:
            merged = merge_profiles(single.get(vertices[0], ()), profile)
            single[vertices[0]] = merged
        else:
            several.append((profile, vertices))
    return [(p, (v,)) for v, p in single.items() if p] + several


def canonical(diagram: Diagram) -> Diagram:
    """The diagram with its vertices numbered in the one way that does not depend on how it was drawn."""
    return numberings(diagram)[0][0]


def numberings(diagram: Diagram) -> list[tuple[Diagram, tuple[int, ...]]]:
    """The canonical diagram with every numbering (old vertex -> new vertex) that leads to it."""
    best: list[tuple[Diagram, tuple[int, ...]]] = []
    best_key = ""
    for numbering in _candidates(diagram):
        drawn = renumbered(diagram, numbering)
        key = repr((drawn.names, drawn.edges, drawn.decorations))
        if not best or key < best_key:
            best, best_key = [(drawn, numbering)], key
        elif key == best_key:
            best.append((drawn, numbering))
    return best


def renumbered(diagram: Diagram, numbering: tuple[int, ...]) -> Diagram:
    names: list[tuple[str, ...]] = [()] * diagram.size
    for old, new in enumerate(numbering):
        names[new] = diagram.names[old]
    return Diagram(
        diagram.size,
        tuple(names),
        tuple(sorted(((e, numbering[a], numbering[b]) for e, a, b in diagram.edges), key=repr)),
        tuple(sorted(((p, tuple(sorted(numbering[v] for v in vs))) for p, vs in diagram.decorations), key=repr)),
    )


def _candidates(diagram: Diagram) -> list[tuple[int, ...]]:
    """Numberings compatible with the vertices' colours, refined until they are stable."""
    colours = [repr(names) for names in diagram.names]
    for _ in range(diagram.size):
        new = []
        for v in range(diagram.size):
            out = sorted((order_key(e), colours[b]) for e, a, b in diagram.edges if a == v)
            into = sorted((order_key(e), colours[a]) for e, a, b in diagram.edges if b == v)
            loops = sorted(order_key(e) for e, a, b in diagram.edges if a == b == v)
            held = sorted((order_key(p), sorted(colours[w] for w in vs), vs.count(v)) for p, vs in diagram.decorations if v in vs)
            new.append(repr((colours[v], out, into, loops, held)))
        ranks = {c: k for k, c in enumerate(sorted(set(new)))}
        refined = [f"{ranks[c]:04d}" for c in new]
        if refined == colours:
            break
        colours = refined
    classes: dict[str, list[int]] = {}
    for v, colour in enumerate(colours):
        classes.setdefault(colour, []).append(v)
    total = 1
    for members in classes.values():
        total *= factorial(len(members))
    if total > MAX_RENAMINGS:
        raise TooLarge(f"a diagram of {diagram.size} levels with {total} renamings; at most {MAX_RENAMINGS} are tried")
    orders = [permutations(classes[colour]) for colour in sorted(classes)]
    result = []
    for choice in product(*orders):
        numbering = [0] * diagram.size
        for new_place, old in enumerate(v for members in choice for v in members):
            numbering[old] = new_place
        result.append(tuple(numbering))
    return result


NormalForm = dict[tuple[Scalars, Diagram], Gaussian]


def energies_in(x: Expression) -> list[str]:
    """The energies in which the expression holds a delta or a step."""
    found: set[str] = set()
    for scalars, word in x:
        _collect(tuple(item for item, _ in scalars), found)
        _collect(word, found)
    return sorted(found)


def _collect(x: Any, found: set[str]) -> None:
    if isinstance(x, tuple):
        for part in x:
            _collect(part, found)
    elif isinstance(x, str) and x.startswith("energy:"):
        found.add(x)


def normal_form(x: Expression) -> NormalForm:
    """The expression as diagrams; an empty form is an identity in every dimension."""
    for token in energies_in(x):
        x = absorb(x, token)
    operator = any(word for _, word in x)
    total: NormalForm = {}
    for monomial, coefficient in x.items():
        bound = bound_names(monomial[0])
        if bound:
            monomial = renamed(monomial, {name: f"time:~{k}" for k, name in enumerate(bound)})
            monomial = (tuple(sorted(monomial[0], key=order_key)), monomial[1])
        scalars, diagram = build(monomial, operator)
        for factor, part in confluent(diagram):
            shaped = canonical(part)
            for (extra, _), c in factor.items():
                key = (merge_scalars(scalars, extra), shaped)
                value = total.get(key, Gaussian(0)) + coefficient * c
                if value:
                    total[key] = value
                else:
                    total.pop(key, None)
    return total
