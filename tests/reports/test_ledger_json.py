"""The ledger as bytes: the same twice, read back equal, and refused when somebody has touched it."""

import json
import os
import stat

import pytest

from reports import Ledger, LedgerError, check, read, write
from reports.ledger_json import check_writable, decode, encode, plain, rounded


@pytest.fixture
def ledger(small, play):
    play(
        {"2": lambda a: "valid" if a["u of"] == "E" else "invalid", "3": ["conditional", "undecided"]},
        {"4": "fails"},
    )
    return check(small, workers=0)


def edited(ledger, change):
    data = json.loads(encode(ledger))
    change(data)
    return json.dumps(data)


def test_the_format_is_that_of_the_design(ledger):
    data = json.loads(encode(ledger))
    assert list(data) == ["format", "case", "seed", "environment", "summary", "steps", "prose"]
    assert data["format"] == 1
    assert list(data["steps"][0]) == [
        "label", "role", "latex", "cites", "inference", "truth", "links", "readings", "blame", "standing",
    ]  # fmt: skip
    inference, truth = data["steps"][1]["inference"], data["steps"][1]["truth"]
    assert {"verdict", "assumptions", "certificate", "countermodel", "reason"} <= set(inference)
    assert {"verdict", "measurements", "limit", "reason"} <= set(truth)
    assert truth["measurements"] == [{"ensemble": "GUE", "residual": 0.333333, "size": 32}]
    assert {"label", "verdict", "reason", "measurements"} <= set(data["prose"][0])


def test_reading_back_gives_an_equal_ledger_and_the_same_bytes(ledger):
    again = decode(encode(ledger))
    assert again == ledger
    assert encode(again) == encode(ledger)


def test_the_bytes_are_canonical(ledger):
    content = encode(ledger)
    assert content.endswith(b"]\n}\n")
    assert content.isascii()
    assert len(content.splitlines()) < 30  # a step is one line


def test_nothing_of_the_machine_is_in_the_ledger(ledger):
    assert set(ledger.environment) == {"python", "sympy", "numpy", "scipy", "derive-verifier"}
    assert os.sep + "usr" not in encode(ledger).decode()
    assert os.uname().nodename not in encode(ledger).decode()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1 / 3, 0.333333),
        (123456789.0, 123457000.0),
        (1e-30 / 3, 3.33333e-31),
        (-0.0, 0.0),
        (float("nan"), None),
        (float("-inf"), None),
    ],
)
def test_floats_are_rounded(value, kept):
    assert repr(rounded(value)) == repr(kept)


def test_numpy_values_become_plain():
    import numpy as np

    values = {
        "b": np.float64(0.5),
        "a": np.int64(3),
        "c": np.bool_(True),
        "d": np.array([1.5, 2]),
        "e": np.float32(2),
    }
    assert json.dumps(plain(values, exact=False)) == '{"a": 3, "b": 0.5, "c": true, "d": [1.5, 2.0], "e": 2.0}'


@pytest.mark.parametrize(
    ("value", "exact"),
    [(0.5, True), ({"x": [1, 0.5]}, True), ({1: 2}, False), (object(), False), (1j, False), ({1}, False)],
)
def test_data_that_cannot_be_stored_is_refused(value, exact):
    with pytest.raises(LedgerError):
        plain(value, exact)


# Refused ledgers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [0, 1, 0.3, 0.9, 0.999])
def test_a_truncated_ledger_is_refused(ledger, kept):
    content = encode(ledger)
    with pytest.raises(LedgerError, match="expected JSON"):
        decode(content[: int(kept * len(content)) - 2 if kept == 1 else int(kept * len(content))])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(format=2), "expected format 1, came 2"),
        (lambda d: d.update(format="1"), "format: expected an integer, came a string"),
        (lambda d: d.update(format=True), "format: expected an integer, came true or false"),
        (lambda d: d.update(seed=1.5), "seed: expected an integer, came the float 1.5"),
        (lambda d: d.pop("case"), "expected the key 'case', came none"),
        (lambda d: d.pop("prose"), "expected the key 'prose'"),
        (lambda d: d.update(steps={}), "steps: expected a list, came an object"),
        (lambda d: d.update(summary=None), "summary: expected an object, came null"),
        (lambda d: d["environment"].update(python=3), "environment.python: expected a string"),
        (lambda d: d["steps"].append(7), r"steps\[4\]: expected an object, came an integer"),
        (lambda d: d["steps"].append(d["steps"][0]), "every label once, came '1' twice"),
        (lambda d: d["prose"][0].update(label="1"), "every label once, came '1' twice"),
        (lambda d: d["steps"][0].pop("standing"), r"steps\[0\]: expected the key 'standing'"),
        (lambda d: d["steps"][0].update(standing="good"), r"\[0\].standing: expected one of .* came 'good'"),
        (lambda d: d["steps"][0].update(cites=["1", 2]), r"cites\[1\]: expected a string, came an integer"),
        (lambda d: d["steps"][1]["truth"].update(verdict="true"), r"truth.verdict: expected one of"),
        (lambda d: d["steps"][1]["inference"].update(certificate="x"), "certificate: expected an object"),
        (lambda d: d["steps"][1]["inference"].pop("countermodel"), "expected the key 'countermodel'"),
        (lambda d: d["steps"][3]["truth"].update(verdict="exact"), r"truth: expected that of the worst link"),
        (lambda d: d["steps"][2]["inference"].update(certificate={}), "expected that of the worst link"),
        (lambda d: d["steps"][2]["links"].pop(), "expected that of the worst link"),
        (lambda d: d["steps"][1]["readings"][0].update(headline=1), "headline: expected true or false"),
        (lambda d: d["steps"][1]["readings"][0]["assignment"].update(x=1), "assignment.x: expected a string"),
        (lambda d: d["prose"][0].update(verdict="maybe"), r"prose\[0\].verdict: expected one of"),
    ],
)  # fmt: skip
def test_an_edited_ledger_is_refused(ledger, change, message):
    with pytest.raises(LedgerError, match=message) as refusal:
        decode(edited(ledger, change))
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"seed": 0', b'"seed": 0,\n"seed": 0', "the key 'seed' twice in one object"),
        (b'"size": 32', b'"size": 32, "size": 32', "the key 'size' twice"),
        (b"0.333333", b"NaN", "came NaN"),
        (b"0.333333", b"-Infinity", "came -Infinity"),
        (b'"small"', b'"small\xff"', "expected a ledger"),
        (b'"seed": 0', b'"seed": 0x1', "expected JSON"),
    ],
)
def test_json_that_python_would_let_pass_is_refused(ledger, old, new, message):
    assert old in encode(ledger)
    with pytest.raises(LedgerError, match=message):
        decode(encode(ledger).replace(old, new))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "3",
        '{"format": 1, "format": 1}',
        '{"format": NaN}',
        '{"format": Infinity}',
        '{"format": ' + "9" * 5000 + "}",
        "[" * 100000,
        "__import__('os').abort()",
        b"\xff\xfe\x00",
        b"\x80",
    ],
)
def test_what_is_no_ledger_is_refused(text):
    with pytest.raises(LedgerError) as refusal:
        decode(text)
    assert len(str(refusal.value).splitlines()) == 1


# Files -----------------------------------------------------------------------------------------------


def test_writing_and_reading(ledger, tmp_path):
    write(ledger, tmp_path / "ledger.json")
    assert read(tmp_path / "ledger.json") == ledger
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.json"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(ledger, tmp_path, monkeypatch):
    path = tmp_path / "ledger.json"
    path.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="No space left on device"):
        write(ledger, path)
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.json"]
    assert path.read_bytes() == b"old"


def test_a_link_stays_a_link(ledger, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write(ledger, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert read(tmp_path / "target") == ledger


def test_a_pipe_is_written_to_and_not_replaced(ledger, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check_writable(pipe)
        write(ledger, pipe)
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert os.read(reading, 1 << 20) == encode(ledger)
    finally:
        os.close(reading)


@pytest.mark.parametrize("path", ["missing/ledger.json", "", "file/ledger.json", "x" * 300, "nul\0"])
def test_an_unwritable_path_is_refused_before_and_after(ledger, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    for attempt in (lambda: check_writable(path), lambda: write(ledger, path)):
        with pytest.raises(LedgerError, match="cannot write") as refusal:
            attempt()
        assert len(str(refusal.value).splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_asking_whether_a_path_can_be_written_changes_nothing(tmp_path):
    path = tmp_path / "ledger.json"
    check_writable(path)
    assert not path.exists()
    path.write_bytes(b"old")
    check_writable(path)
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("path", ["missing.json", ".", "nul\0"])
def test_an_unreadable_path_is_refused(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError):
        read(path)


def test_a_ledger_names_its_steps(ledger):
    assert isinstance(ledger, Ledger)
    assert [step.label for step in ledger] == ["1", "2", "3", "4"]
    assert "3" in ledger
    assert "W1" not in ledger
    with pytest.raises(KeyError, match="no step '9'"):
        ledger["9"]
