"""Statements that are no equations: distinct levels, and what is refused."""

import numpy as np
import pytest

from derive.language import Nonzero, SimpleSpectrum
from model_case import H, Sigma
from numeric import statements
from numeric.refusals import UnknownNode
from numeric.statements import judge


def test_doublets_coincide_and_other_levels_avoid_each_other():
    truth = judge(SimpleSpectrum(H), 0)
    assert truth.verdict == "fails"
    assert "GSE, in pairs" in truth.reason
    assert "on GOE" in truth.reason
    assert "on GUE" in truth.reason
    assert {m["ensemble"] for m in truth.measurements if m["residual"] < 1e-12} == {"GSE"}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_without_doublets_levels_are_distinct_and_repel_as_their_law_says(monkeypatch, seed):
    """The smallest of N spacings is of the order N^(-1/(beta + 1)): the levels of GUE stay farther apart than those of GOE."""
    monkeypatch.setattr(statements, "LAWS", ("GOE", "GUE"))
    truth = judge(SimpleSpectrum(H), seed)
    assert truth.verdict == "exact"
    assert truth == judge(SimpleSpectrum(H), seed)
    nearest = {(m["ensemble"], m["size"]): m["residual"] for m in truth.measurements}
    assert all(nearest["GUE", size] > nearest["GOE", size] > 0 for size in statements.SIZES)


def test_a_crossing_is_seen(monkeypatch):
    """Two blocks that do not feel each other: their levels cross, on a path that meets the crossing."""
    monkeypatch.setattr(statements, "PATH", np.array([-1.0, 0.0, 1.0]))
    monkeypatch.setattr(statements, "_smallest_gaps", lambda law, size, seed, index: np.array([0.5, 1e-15, 0.5]))
    assert judge(SimpleSpectrum(H), 0).verdict == "fails"


def test_an_unknown_statement_has_no_rule():
    with pytest.raises(UnknownNode, match="Nonzero"):
        judge(Nonzero(Sigma), 0)
