"""Where the nodes of a graph stand and how its edges run: by Graphviz `dot` where it is installed, else by grandalf.

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
    return _by_dot(count, edges) or _by_grandalf(count, edges)


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


def _by_grandalf(count: int, edges: Sequence[Pair]) -> Layout:
    """Each connected part by Sugiyama's method, the parts side by side; edges are straight between layers."""
    from grandalf.graphs import Edge, Graph, Vertex
    from grandalf.layouts import SugiyamaLayout

    class View:
        w, h = WIDTH, HEIGHT
        xy: Point = (0.0, 0.0)

    vertices = [Vertex(k) for k in range(count)]
    for vertex in vertices:
        vertex.view = View()
    made = Graph(vertices, [Edge(vertices[tail], vertices[head]) for tail, head in edges])
    places: dict[int, Point] = {}
    left = 0.0
    for part in made.C:
        members = list(part.sV)
        if len(members) > 1:
            drawn = SugiyamaLayout(part)
            drawn.xspace, drawn.yspace = APART, BELOW
            drawn.init_all(optimize=True)
            drawn.draw(3)
        xs, ys = zip(*(vertex.view.xy for vertex in members), strict=True)
        for vertex in members:
            x, y = vertex.view.xy
            places[vertex.data] = (round(left + x - min(xs) + WIDTH / 2, 1), round(y - min(ys) + HEIGHT / 2, 1))
        left += max(xs) - min(xs) + WIDTH + APART
    nodes = tuple(places[k] for k in range(count))
    lines = tuple(_line(nodes[tail], nodes[head]) for tail, head in edges)
    return Layout(max(x for x, _ in nodes) + WIDTH / 2, max(y for _, y in nodes) + HEIGHT / 2, nodes, lines, False)


def _line(tail: Point, head: Point) -> tuple[Point, ...]:
    return (tail[0], tail[1] + HEIGHT / 2), (head[0], head[1] - HEIGHT / 2)
