"""Where the nodes of a graph stand and how its edges run: by Graphviz `dot` where it is installed, else in plain layers.

(grandalf, a pure-Python layout, was tried for the second: it lays the same graph out in another way now and then.)

Only numbers go to `dot` and come back, never a label, so that no text of a case can be a command there.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 78.0, 30.0  # of a node
APART, BELOW = 16.0, 34.0
SECONDS = 20.0
SWEEPS = 8
INCH = 72.0

Point = tuple[float, float]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes and points of the edges (a polyline, or a Bezier curve of 3k + 1 points), y downwards."""

    width: float
    height: float
    nodes: tuple[Point, ...]
    edges: tuple[tuple[Point, ...], ...]
    curved: bool


def layout(count: int, edges: Sequence[Pair]) -> Layout:
    """Nodes 0 .. count - 1 in layers, edges (from, to) downwards."""
    if count == 0:
        return Layout(0.0, 0.0, (), (), False)
    return _by_dot(count, edges) or _by_layers(count, edges)


def _by_dot(count: int, edges: Sequence[Pair]) -> Layout | None:
    """None where there is no `dot`, or it fails."""
    program = shutil.which("dot")
    if program is None:
        return None
    lines = [
        f"digraph {{ nodesep={APART / INCH:.3f}; ranksep={BELOW / INCH:.3f};",
        f'node [shape=box, fixedsize=true, label="", width={WIDTH / INCH:.3f}, height={HEIGHT / INCH:.3f}];',
        *(f"n{k};" for k in range(count)),
        *(f"n{tail} -> n{head};" for tail, head in edges),
        "}",
    ]
    try:
        done = subprocess.run(
            [program, "-Tplain"], input="\n".join(lines), capture_output=True, text=True, timeout=SECONDS, check=True
        )
        return _read_plain(done.stdout, count, edges)
    except (OSError, subprocess.SubprocessError, ValueError, LookupError):
        return None


def _read_plain(text: str, count: int, edges: Sequence[Pair]) -> Layout:
    """The format `plain`: inches, y upwards."""
    rows = [line.split() for line in text.splitlines()]
    width, height = (float(word) * INCH for word in rows[0][2:4])

    def point(x: str, y: str) -> Point:
        return round(float(x) * INCH, 1), round(height - float(y) * INCH, 1)

    nodes = {int(row[1][1:]): point(row[2], row[3]) for row in rows if row[0] == "node"}
    curves: dict[Pair, tuple[Point, ...]] = {}
    for row in rows:
        if row[0] == "edge":
            numbers = row[4 : 4 + 2 * int(row[3])]
            curve = tuple(point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
            curves[int(row[1][1:]), int(row[2][1:])] = curve
    return Layout(width, height, tuple(nodes[k] for k in range(count)), tuple(curves[pair] for pair in edges), True)


def _by_layers(count: int, edges: Sequence[Pair]) -> Layout:
    """A node stands one layer below the lowest of those that lead to it; within a layer nodes follow the mean place of their
    neighbours in the layer before (Sugiyama's barycentres), swept down and up.  Edges are straight."""
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges:
        above[head].append(tail)
        below[tail].append(head)
    depth = [0] * count
    for _ in range(count):  # longest paths settle after as many rounds as the longest path is long
        deeper = [max((depth[k] + 1 for k in above[node]), default=0) for node in range(count)]
        if deeper == depth:
            break
        depth = deeper
    layers = [[node for node in range(count) if depth[node] == level] for level in range(max(depth) + 1)]
    place = {node: float(number) for layer in layers for number, node in enumerate(layer)}
    for sweep in range(SWEEPS):
        neighbours, order = (above, layers) if sweep % 2 == 0 else (below, layers[::-1])
        for layer in order:
            centre = {node: _mean([place[k] for k in neighbours[node]], place[node]) for node in layer}
            layer.sort(key=lambda node: (centre[node], node))
            place.update((node, number - (len(layer) - 1) / 2) for number, node in enumerate(layer))
    left = min(place.values())
    nodes = tuple(
        (round((place[k] - left) * (WIDTH + APART) + WIDTH / 2, 1), round(depth[k] * (HEIGHT + BELOW) + HEIGHT / 2, 1))
        for k in range(count)
    )
    lines = tuple(_line(nodes[tail], nodes[head]) for tail, head in edges)
    return Layout(max(x for x, _ in nodes) + WIDTH / 2, max(y for _, y in nodes) + HEIGHT / 2, nodes, lines, False)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _line(tail: Point, head: Point) -> tuple[Point, ...]:
    return (tail[0], tail[1] + HEIGHT / 2), (head[0], head[1] - HEIGHT / 2)
