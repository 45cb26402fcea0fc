"""The formats for programs, and what changed between two ledgers."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from reporting import HOSTILE, relabelled
from reports import check, read, write
from reports.formats import answers, renderer

FORMATS = ("json", "junit", "sarif", "github")


@pytest.fixture
def mixed(small, play):
    """(2) refuted, (3) undecided, (4) conditional; a claim in words that is undecided and one that is exact."""
    play(inferences={"2": "invalid", "3": "undecided", "4": "conditional"}, truths={"2": "fails"})
    return check(small, workers=0)


def test_there_are_two_answers_for_a_step_and_one_for_a_claim(mixed):
    assert len(list(answers(mixed))) == 2 * 4 + 2


def test_junit_counts_failures_and_errors(mixed):
    root = ET.fromstring(renderer("junit")(mixed, ""))
    assert root.attrib == {"name": "derive check small", "tests": "10", "failures": "2", "errors": "2", "skipped": "0"}
    assert [suite.get("name") for suite in root] == ["in words", "inference", "truth"]
    failures = [(case.get("classname"), case.get("name")) for case in root.iter("testcase") if case.find("failure") is not None]
    assert failures == [("small.inference", "(2)"), ("small.truth", "(2)")]
    assert root.find(".//error").get("type") == "undecided"


def test_sarif_has_a_result_for_what_is_no_clean_pass(mixed):
    (run,) = json.loads(renderer("sarif")(mixed, "cases/small.py"))["runs"]
    found = [(one["ruleId"], one["level"], one["locations"][0]["logicalLocations"][0]["name"]) for one in run["results"]]
    assert found == [
        ("invalid", "error", "2"), ("fails", "error", "2"), ("undecided", "warning", "3"), ("conditional", "note", "4"),
        ("undecided", "warning", "W1"),
    ]  # fmt: skip
    assert {one["ruleId"] for one in run["results"]} <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "cases/small.py"


def test_github_annotates_what_is_refuted_or_open(mixed):
    lines = renderer("github")(mixed, "").decode().splitlines()
    assert lines[0] == "::error title=small (2) inference%3A invalid::because it is invalid"
    assert [line.split(" ")[0] for line in lines[:-1]] == ["::error", "::error", "::warning", "::warning"]
    assert lines[-1] == "10 verdicts: 2 refuted, 2 undecided"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_data_in_every_format(small, play, kind):
    text = HOSTILE[kind]
    derivation = replace(relabelled(small, f"{text}\n::error::x"), name=f"{text}\r\n::set-output::x")
    play(truths={derivation.steps[-1].label: "fails"})
    ledger = check(derivation, workers=0)
    ET.fromstring(renderer("junit")(ledger, ""))
    json.loads(renderer("sarif")(ledger, ""))
    lines = renderer("github")(ledger, "").decode().splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(lines) - 1
    assert all(re.match(r"::(error|warning) title=[^:]*::", line) for line in commands)


def test_a_verdict_that_changes_changes_every_format(small, play):
    good = check(small, workers=0)
    play(truths={"4": "fails"})
    bad = check(small, workers=0)
    for name in FORMATS:
        assert renderer(name)(good, "") != renderer(name)(bad, "")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="expected one of pretty, json, junit, sarif, github"):
        renderer("html")


# From the command line ---------------------------------------------------------------------------------


def test_the_exit_code_is_that_of_the_check(capfdbinary, mine, play):
    from reports.cli import main

    play(truths={"2": "fails"})
    for name in FORMATS:
        assert main(["check", str(mine), "--format", name]) == 1
        out, err = capfdbinary.readouterr()
        assert out
        assert err == b""


def test_formats_are_refused_before_anything_is_computed(derive, mine, monkeypatch):
    monkeypatch.setattr("reports.pipeline.check", None)
    code, out, err = derive("check", mine, "--format", "yaml")
    assert (code, out) == (2, "")
    assert "--format: expected one of pretty" in err
    code, _, err = derive("check", mine, "--format", "sarif", "--json", "-")
    assert code == 2
    assert "both write to stdout" in err


def test_diff_says_which_verdicts_changed(derive, small, play, tmp_path):
    write(check(small, workers=0), tmp_path / "old.json")
    play(truths={"4": "fails"}, inferences={"3": ["valid", "invalid"]})
    write(check(small, workers=0), tmp_path / "new.json")
    code, out, err = derive("diff", tmp_path / "old.json", tmp_path / "new.json")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "3 inference: valid before, invalid now",
        "3 link 2 inference: valid before, invalid now",
        "4 truth: exact before, fails now",
        "3 verdicts changed",
    ]
    derive("diff", tmp_path / "old.json", tmp_path / "new.json", "--json", tmp_path / "changes.json")
    found = json.loads((tmp_path / "changes.json").read_text())
    assert found["changes"][2] == {"place": "4 truth", "old": "exact", "new": "fails"}
    code, out, _ = derive("diff", tmp_path / "old.json", tmp_path / "old.json", "--json", "-")
    assert (code, json.loads(out)) == (0, {"case": "small", "changes": []})


EVIL = "a\x1b[31m\x1b]0;own\x07\r\n::error::x\n\u202eb"


def test_names_in_a_diff_are_shown_and_do_nothing(derive, small, play, tmp_path):
    derivation = relabelled(small, EVIL)
    write(check(derivation, workers=0), tmp_path / "old.json")
    play(truths={EVIL: "fails"})
    write(check(derivation, workers=0), tmp_path / "new.json")
    code, out, _ = derive("diff", tmp_path / "old.json", tmp_path / "new.json")
    assert code == 1
    assert out.splitlines() == ["a [31m ]0;own ::error::x b truth: exact before, fails now", "1 verdict changed"]


@pytest.mark.parametrize("command", [["check", "--only", EVIL], ["show", EVIL], ["report", "--out", "r", "--from", EVIL]])
def test_a_complaint_is_one_line_that_does_nothing(derive, mine, command):
    code, out, err = derive(command[0], mine, *command[1:])
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.removesuffix("\n").isprintable()


def test_a_baseline_of_hostile_names_is_told_in_lines_of_our_own(derive, mine, play, tmp_path):
    path = tmp_path / "evil.py"
    path.write_text(mine.read_text(encoding="utf-8").replace('"a b"', repr(EVIL)), encoding="utf-8")
    derive("check", path, "--json", tmp_path / "old.json")
    play(truths={EVIL: "fails"})
    code, out, err = derive("check", path, "--baseline", tmp_path / "old.json", "--format", "github")
    assert code == 1
    assert [line.split(" ")[0] for line in (out + err).splitlines()] == ["::error", "6", "changed:"]


def test_diff_counts_a_step_that_is_missing(derive, small, play, tmp_path):
    write(check(small, workers=0), tmp_path / "old.json")
    whole = read(tmp_path / "old.json")
    write(replace(whole, steps=whole.steps[:-1]), tmp_path / "new.json")
    code, out, _ = derive("diff", tmp_path / "old.json", tmp_path / "new.json")
    assert code == 1
    assert "4 truth: exact before, absent now" in out


def test_diff_of_two_cases_and_of_no_ledger_is_refused(derive, small, play, tmp_path):
    write(check(small, workers=0), tmp_path / "a.json")
    write(replace(check(small, workers=0), case="other"), tmp_path / "b.json")
    code, out, err = derive("diff", tmp_path / "a.json", tmp_path / "b.json")
    assert (code, out) == (2, "")
    assert "came one of small and one of other" in err
    (tmp_path / "c.json").write_text("{")
    assert derive("diff", tmp_path / "a.json", tmp_path / "c.json")[0] == 2
