"""The layout of a graph, by Graphviz and without it."""

import itertools

import pytest

from programs import program
from reports import layout as module
from reports.layout import HEIGHT, WIDTH, layout

DIAMOND = [(0, 1), (0, 2), (1, 3), (2, 3)]
LARGE = [(k, k + d) for k in range(40) for d in (1, 3, 7) if k + d < 40]
GRAPHS = {
    "one": (1, []),
    "two apart": (2, []),
    "diamond": (4, DIAMOND),
    "two parts": (6, [*DIAMOND, (4, 5)]),
    "large": (40, LARGE),
}


@pytest.fixture(params=["dot", "layers"])
def way(request, monkeypatch):
    if request.param == "dot":
        program("dot")
    else:
        monkeypatch.setattr(module.shutil, "which", lambda name: None)
    return request.param


@pytest.mark.parametrize("name", GRAPHS)
def test_nodes_stand_apart_and_edges_lead_downwards(way, name):
    count, edges = GRAPHS[name]
    found = layout(count, edges)
    assert found.curved is (way == "dot")
    assert (len(found.nodes), len(found.edges)) == (count, len(edges))
    for (x, y), (u, v) in itertools.combinations(found.nodes, 2):
        assert abs(x - u) >= WIDTH or abs(y - v) >= HEIGHT
    for tail, head in edges:
        assert found.nodes[tail][1] < found.nodes[head][1]
    for x, y in found.nodes:
        assert WIDTH / 2 - 1 <= x <= found.width - WIDTH / 2 + 1
        assert HEIGHT / 2 - 1 <= y <= found.height - HEIGHT / 2 + 1


def test_the_same_graph_is_laid_out_alike(way):
    assert layout(*GRAPHS["large"]) == layout(*GRAPHS["large"])


def test_nothing_is_nothing(way):
    assert layout(0, []).nodes == ()


def test_a_dot_that_fails_is_replaced(monkeypatch, tmp_path):
    broken = tmp_path / "dot"
    broken.write_text("#!/bin/sh\necho nonsense\n")
    broken.chmod(0o755)
    monkeypatch.setattr(module.shutil, "which", lambda name: str(broken))
    assert not layout(*GRAPHS["diamond"]).curved
