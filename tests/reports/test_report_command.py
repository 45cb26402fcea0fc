"""`derive report`: which files it writes, what it refuses, and that the old report survives a failure."""

import json

import pytest

from programs import program
from reports import check
from reports.tex import compile as compiling

NAMES = {"report.html", "report.tex", "fragment.tex", "report.bib", "ledger.json", "contents.json"}


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.parent == folder}


@pytest.fixture
def ledger(mine, tmp_path, play, derive):
    path = tmp_path / "ledger.json"
    derive("check", mine, "--json", path)
    return path


def test_a_report_is_written(derive, mine, tmp_path, play):
    code, out, err = derive("report", mine, "--out", tmp_path / "build" / "report", "--no-pdf")
    assert (code, err) == (0, "")
    assert names(tmp_path / "build" / "report") == NAMES
    assert f"derive check {mine} --only 2 --seed 0" in (tmp_path / "build" / "report" / "report.html").read_text()
    assert out.startswith(f"wrote {tmp_path / 'build' / 'report'}: report.html, report.tex")


def test_a_refuted_case_is_reported_all_the_same(derive, mine, tmp_path, play):
    play(truths={"2": "fails"})
    code, _, _ = derive("report", mine, "--out", tmp_path / "r", "--no-pdf")
    assert code == 0
    assert "Truth is lost at (2)" in (tmp_path / "r" / "report.html").read_text()


def test_the_pdf_is_made_where_tex_is(derive, mine, ledger, tmp_path):
    program("latexmk")
    code, _, err = derive("report", mine, "--from", ledger, "--out", tmp_path / "r", "--pdf")
    assert (code, err) == (0, "")
    assert (tmp_path / "r" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_without_tex_the_rest_is_written_and_told_what_to_install(derive, mine, ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(compiling.shutil, "which", lambda name: None)
    code, _, err = derive("report", mine, "--from", ledger, "--out", tmp_path / "r")
    assert code == 0
    assert names(tmp_path / "r") == NAMES
    assert "apt-get install texlive-latex-recommended" in err
    code, out, err = derive("report", mine, "--from", ledger, "--out", tmp_path / "s", "--pdf")
    assert (code, out) == (2, "")
    assert "needs latexmk and pdflatex" in err
    assert not (tmp_path / "s").exists()


def test_a_report_from_a_ledger_computes_nothing_and_says_the_same(derive, mine, ledger, tmp_path, monkeypatch):
    derive("report", mine, "--out", tmp_path / "r", "--no-pdf")
    monkeypatch.setattr("reports.pipeline.check", None)
    assert derive("report", mine, "--from", ledger, "--out", tmp_path / "s", "--no-pdf")[0] == 0
    assert (tmp_path / "r" / "report.html").read_bytes() == (tmp_path / "s" / "report.html").read_bytes()
    assert (tmp_path / "s" / "ledger.json").read_bytes() == ledger.read_bytes()


def test_only_some_steps_may_be_reported(derive, mine, tmp_path, play):
    assert derive("report", mine, "--out", tmp_path / "r", "--no-pdf", "--only", "2", "--seed", "5")[0] == 0
    found = json.loads((tmp_path / "r" / "ledger.json").read_text())
    assert [step["label"] for step in found["steps"]] == ["2"]
    assert found["seed"] == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "9"], "expected labels of mine, came '9'"),
        (["--seed", "-1"], "--seed: expected an integer"),
        (["--profile", "slow"], "expected one of the profiles"),
        (["--from", "nowhere.json"], "cannot read nowhere.json"),
        (["--from", "x", "--seed", "1"], "leave --seed out"),
    ],
)
def test_what_is_asked_wrongly_is_refused_before_anything_is_written(derive, mine, tmp_path, play, arguments, words):
    code, out, err = derive("report", mine, "--out", tmp_path / "r", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not (tmp_path / "r").exists()


def test_a_folder_that_is_not_ours_is_refused_before_the_check(derive, mine, tmp_path, monkeypatch):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "thesis.tex").write_text("years of work")
    monkeypatch.setattr("reports.pipeline.check", None)
    code, out, err = derive("report", mine, "--out", tmp_path / "r")
    assert (code, out) == (2, "")
    assert "thesis.tex" in err
    assert names(tmp_path / "r") == {"thesis.tex"}


def test_a_ledger_of_another_case_is_refused(derive, mine, small, tmp_path, play):
    from reports import write

    write(check(small, workers=0), tmp_path / "small.json")
    code, _, err = derive("report", mine, "--from", tmp_path / "small.json", "--out", tmp_path / "r")
    assert code == 2
    assert "expected a ledger of mine, came one of small" in err


def test_missing_packages_are_named(derive, mine, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.report_command.importlib.util.find_spec", lambda name: None)
    code, _, err = derive("report", mine, "--out", tmp_path / "r")
    assert code == 2
    assert "pip install 'derive-verifier[report]'" in err
