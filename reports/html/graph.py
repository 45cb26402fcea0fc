"""The citation graph with coordinates: what the template of the page draws."""

from __future__ import annotations

from dataclasses import dataclass

from reports.layout import HEIGHT, WIDTH, Layout, layout
from reports.view.values import Edge, Graph, Node

MARGIN = 8.0


@dataclass(frozen=True)
class DrawnNode:
    node: Node
    x: float  # of the upper left corner
    y: float
    path: str  # positions of the edges along which its blame travels


@dataclass(frozen=True)
class DrawnEdge:
    edge: Edge
    d: str


@dataclass(frozen=True)
class Drawing:
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    box: str
    width: float  # of a node
    height: float


def drawing(graph: Graph) -> Drawing:
    """The graph laid out; an arrow leads from what is cited down to what cites it."""
    found = layout(len(graph.nodes), [(edge.head, edge.tail) for edge in graph.edges])
    nodes = tuple(
        DrawnNode(node, round(x - WIDTH / 2, 1), round(y - HEIGHT / 2, 1), " ".join(map(str, path)))
        for node, (x, y), path in zip(graph.nodes, found.nodes, graph.paths, strict=True)
    )
    edges = tuple(DrawnEdge(edge, _path(k, found)) for k, edge in enumerate(graph.edges))
    box = f"{-MARGIN:g} {-MARGIN:g} {found.width + 2 * MARGIN:g} {found.height + 2 * MARGIN:g}"
    return Drawing(nodes, edges, box, WIDTH, HEIGHT)


def _path(k: int, found: Layout) -> str:
    first, *others = (f"{x:g} {y:g}" for x, y in found.edges[k])
    return f"M{first}{'C' if found.curved else 'L'}{' '.join(others)}"
