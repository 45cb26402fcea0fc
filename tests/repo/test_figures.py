"""The figures in README.md are those that are computed: what is quick on every push, all of them nightly."""

import os
import subprocess
import sys

import pytest

import figures
import raises
from checkout import ROOT
from planted.test_planted import FALSE, TRUE


def rows():
    lines = figures.shown().splitlines()[2:]
    return dict(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines)


def test_there_is_a_row_for_everything_that_is_computed():
    cases = figures.bundled()
    expected = [f"planted statements that are {kind}" for kind in ("false", "true")]
    expected += sorted(f"second checker on `{case}`" for case in cases)
    assert list(rows()) == [*expected, "`raise` statements of the kernel"]


def test_what_is_quick_to_count_is_right():
    found = rows()
    assert found["planted statements that are false"].startswith(f"{len(FALSE)}: ")
    assert found["planted statements that are true"].startswith(f"{len(TRUE)}: ")
    assert found["planted statements that are false"].endswith(", 0 accepted")
    assert "0 refuted" in found["planted statements that are true"]
    assert found["`raise` statements of the kernel"].startswith(f"{len(raises.every())}, ")


def test_a_line_that_is_not_the_expected_one_gives_no_row():
    with pytest.raises(AttributeError):
        figures.second_row("jain", "replayed 3 certificates")
    with pytest.raises(AttributeError):
        figures.raises_row("raise statements: many")
    assert figures.mutants_row("x", {"mutants": 2, "outcomes": {"hole": 2}, "accepted": []})[1].startswith("2: 0 noticed")


@pytest.mark.nightly
def test_the_table_is_what_is_computed_now():
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "HYPOTHESIS_PROFILE": "ci"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "figures.py")],
        cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == figures.shown()
