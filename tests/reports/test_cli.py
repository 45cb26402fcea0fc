"""The command line: exit codes, what goes where, and that a complaint is one line."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from checkout import ROOT
from reports import read, rounds
from reports.workers import Crew

REFUSED_FILES = {
    "a syntax error": ("derivation = (", "syntax error in line 1"),
    "a null byte": ("\0", "null byte"),
    "no derivation": ("x = 1", "expected the name `derivation`"),
    "another derivation": ("derivation = 3", "bound to a Derivation, came int"),
    "a failure": ("1 / 0", "ZeroDivisionError: division by zero"),
    "an import that is missing": ("import no_such_module", "ModuleNotFoundError"),
    "an exit": ("import sys; sys.exit(0)", "SystemExit"),
    "a duplicate label": ('steps("1", (), "1", ())', "label '1' is used twice"),
    "an unknown citation": ('steps("1", ("7",))', "cites '7', which does not exist"),
    "a cycle": ('steps("1", ("2",), "2", ("1",))', "the citations go round in a circle: 1 -> 2 -> 1"),
    "a cycle of one": ('steps("1", ("1",))', "circle: 1 -> 1"),
    "an unknown role": (
        'Step; derivation = Derivation("x", "", "", (Step("1", "guess", e),))',
        "came 'guess'",
    ),
    "a float": ("Equation(0.5, 1)", "came float 0.5"),
    "a choice without a reading": (
        'e = Equation(Choice("c", ("x", 1)), 1); steps("1", ())',
        "no reading declares",
    ),
}
PRELUDE = """
from derive import Derivation, Step
from derive.language import Choice, Equation
e = Equation(1, 1)
def steps(*pairs):
    global derivation
    made = zip(pairs[::2], pairs[1::2])
    derivation = Derivation("x", "", "", tuple(Step(label, "claim", e, cites) for label, cites in made))
"""


def is_one_line(complaint):
    return complaint.startswith("error: ") and complaint.count("\n") == 1 and "Traceback" not in complaint


# Exit codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inferences", "truths", "options", "code"),
    [
        ({}, {}, [], 0),
        ({"2": "conditional"}, {"2": "asymptotic"}, [], 0),
        ({"2": "undecided"}, {}, [], 4),
        ({}, {"2": "undecided"}, [], 4),
        ({}, {"2": "undecided"}, ["--allow-undecided"], 0),
        ({"2": "invalid"}, {}, [], 1),
        ({}, {"2": "fails"}, [], 1),
        ({"2": "invalid"}, {"a b": "undecided"}, ["--allow-undecided"], 1),
        ({"2": "invalid"}, {}, ["--only", "1,a b"], 0),
    ],
)
def test_exit_codes(derive, mine, play, inferences, truths, options, code):
    play(inferences, truths)
    assert derive("check", mine, *options)[0] == code


def test_with_a_baseline_only_a_difference_counts(derive, mine, play, tmp_path):
    play({"2": "invalid"}, {"a b": "undecided"})
    baseline = tmp_path / "baseline.json"
    assert derive("check", mine, "--json", baseline)[0] == 1
    assert derive("check", mine, "--baseline", baseline)[0] == 0
    assert derive("check", mine, "--baseline", baseline, "--only", "2")[0] == 0
    play({}, {"a b": "undecided"})
    code, out, _ = derive("check", mine, "--baseline", baseline)
    assert code == 1
    assert out.endswith("changed: 2 inference: invalid before, valid now\n")
    assert derive("check", mine, "--baseline", baseline, "--only", "1,a b")[0] == 0


OPEN_FILE = """
from derive import Derivation, Reading, Step
from derive.language import Choice, Equation
claim = Equation(Choice("c", ("x", 1), ("y", 1)), 1)
steps = tuple(Step(label, "claim", claim) for label in "123")
derivation = Derivation("open", "", "", steps, readings=(Reading("c", "?", {"x": "", "y": ""}),))
"""


def test_with_a_baseline_some_steps_are_judged_under_its_headline(derive, tmp_path, play):
    path, baseline = tmp_path / "open.py", tmp_path / "baseline.json"
    path.write_text(OPEN_FILE)
    only_y = {label: lambda a: "valid" if a["c"] == "y" else "invalid" for label in "23"}
    play({"1": lambda a: "valid" if a["c"] == "x" else "invalid", **only_y})
    assert derive("check", path, "--json", baseline)[0] == 1
    assert derive("check", path, "--only", "1")[0] == 0  # alone it is saved by x
    assert derive("check", path, "--only", "1", "--baseline", baseline)[0] == 0  # invalid under y, as before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "missing command"),
        (["chek"], "no such command 'chek'"),
        (["check"], "expected CASE, came nothing"),
        (["check", "CASE", "more"], "unexpected extra argument (more)"),
        (["check", "CASE", "--jsn", "x"], "expected an option of this command, perhaps --json, came --jsn"),
        (["check", "CASE", "--json"], "expected a value after --json"),
        (["check", "CASE", "--only", "9"], "expected labels of mine, came '9'; it has 1, 2, a b"),
        (["check", "CASE", "--only", "1,,2"], "expected labels separated by commas"),
        (["check", "CASE", "--only", ""], "expected labels separated by commas"),
        (["check", "CASE", "--seed", "-1"], "expected an integer from 0 to 2^63 - 1, came '-1'"),
        (["check", "CASE", "--seed", "1.0"], "came '1.0'"),
        (["check", "CASE", "--seed", "٣"], "expected an integer"),
        (["check", "CASE", "--seed", str(2**63)], "expected a seed from 0 to 9223372036854775807"),
        (["check", "CASE", "--seed", "9" * 9999], "expected an integer"),
        (["check", "CASE", "--profile", "slow"], "expected one of the profiles quick, full, came 'slow'"),
        (["check", "CASE", "--baseline", "missing.json"], "cannot read missing.json: No such file"),
        (["check", "CASE", "--baseline", "CASE"], "expected JSON"),
        (["check", "CASE", "--json", "missing/x.json"], "cannot write missing/x.json"),
        (["check", "CASE", "--json", "."], "cannot write .: it is a folder"),
        (["show", "CASE"], "expected LABEL, came nothing"),
        (["show", "CASE", "9"], "expected labels of mine, came '9'"),
        (["list", "x"], "unexpected extra argument"),
        (["replay"], "expected LEDGER, came nothing"),
        (["replay", "missing.json"], "cannot read missing.json"),
        (["replay", "CASE"], "expected JSON"),
    ],
)
def test_usage_errors(derive, mine, play, monkeypatch, arguments, message):
    monkeypatch.chdir(mine.parent)
    monkeypatch.setattr(Crew, "run", lambda *a: pytest.fail("a refused command computes nothing"))
    code, out, err = derive(*(mine.name if word == "CASE" else word for word in arguments))
    assert (code, out) == (2, "")
    assert is_one_line(err)
    assert message in err


def test_a_baseline_of_another_case_is_refused(derive, mine, play, tmp_path):
    derive("check", mine, "--json", tmp_path / "l.json")
    other = tmp_path / "other.py"
    other.write_text(mine.read_text().replace('name="mine"', 'name="other"'))
    code, _, err = derive("check", other, "--baseline", tmp_path / "l.json")
    assert code == 2
    assert "expected a ledger of other, came mine" in err


@pytest.mark.parametrize("what", REFUSED_FILES)
@pytest.mark.parametrize("command", [["check"], ["show", "1"]])
def test_a_file_that_cannot_be_loaded(derive, tmp_path, what, command):
    body, message = REFUSED_FILES[what]
    path = tmp_path / "case.py"
    path.write_text((PRELUDE if what not in ("a syntax error", "a null byte") else "") + body)
    code, out, err = derive(command[0], path, *command[1:])
    assert (code, out) == (3, "")
    assert is_one_line(err)
    assert message in err


@pytest.mark.parametrize("case", ["no-such-case", "missing.py", ".", "", "mine.txt", "../x"])
def test_a_case_that_does_not_exist(derive, tmp_path, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    code, out, err = derive("check", case)
    assert (code, out) == (3, "")
    assert is_one_line(err)


# What goes where -------------------------------------------------------------------------------------


def test_json_to_stdout_is_nothing_but_json(mine, play, capfdbinary):
    from reports.cli import main

    mine.write_text("print('chatter')\n" + mine.read_text())
    play({"2": "invalid"})
    assert main(["check", str(mine), "--json", "-"]) == 1
    shown = capfdbinary.readouterr()
    ledger = json.loads(shown.out)
    assert [step["label"] for step in ledger["steps"]] == ["1", "2", "a b"]
    assert shown.err == b"chatter\n"


def test_json_to_a_file_and_the_table_to_stdout(derive, mine, play, tmp_path):
    code, out, err = derive("check", mine, "--json", tmp_path / "l.json", "--seed", "7", "--profile", "full")
    assert (code, err) == (0, "")
    assert out.startswith("step ")
    ledger = read(tmp_path / "l.json")
    assert (ledger.case, ledger.seed, ledger.summary["profile"]) == ("mine", 7, "full")


def test_the_same_command_writes_the_same_bytes(derive, mine, play, tmp_path):
    for name in ("a", "b"):
        derive("check", mine, "--json", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_show(derive, mine):
    code, out, err = derive("show", mine, "2")
    assert (code, err) == (0, "")
    assert out.startswith("mine (2)  claim\ncites       1\n")


def test_list_names_every_bundled_case(derive):
    from derive import bundled

    code, out, _ = derive("list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(bundled())


def test_replay(derive, mine, play, tmp_path, monkeypatch):
    from derive import kernel

    play({"2": "invalid"})
    derive("check", mine, "--json", tmp_path / "l.json")
    monkeypatch.setattr(kernel, "replay", lambda evidence: None)
    assert derive("replay", tmp_path / "l.json") == (0, "replayed 1 certificates and 1 countermodels\n", "")

    def refuse(evidence):
        raise kernel.Refused("it does not show it")

    monkeypatch.setattr(kernel, "replay", refuse)
    code, out, _ = derive("replay", tmp_path / "l.json")
    assert code == 1
    assert out.splitlines()[1:] == [
        "refused: 1: certificate refused: Refused: it does not show it",
        "refused: 2: countermodel refused: Refused: it does not show it",
        "refused: a b: certificate refused: Refused: it does not show it",
    ]


def test_version_and_help(derive):
    assert derive("--version")[:1] == (0,)
    code, out, _ = derive("check", "--help")
    assert code == 0
    for option in ("--json", "--only", "--seed", "--profile", "--baseline", "--allow-undecided"):
        assert option in out


def test_a_defect_is_no_traceback(derive, mine, play, monkeypatch):
    monkeypatch.setattr(rounds, "headline", lambda *a: 1 / 0)
    code, _, err = derive("check", mine)
    assert code == 70
    assert is_one_line(err)
    assert "ZeroDivisionError" in err


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], {"sympy", "numpy", "rich"}),
        (["--version"], {"sympy", "numpy", "rich"}),
        (["replay", "LEDGER"], {"sympy", "numpy", "rich"}),
        (["show", "CASE", "2"], {"numpy", "numeric", "rich"}),
    ],
)
def test_a_command_loads_what_it_needs(derive, mine, play, tmp_path, arguments, unneeded):
    play(dict.fromkeys(("1", "2", "a b"), "undecided"))
    derive("check", mine, "--json", tmp_path / "l.json")
    given = [{"CASE": str(mine), "LEDGER": str(tmp_path / "l.json")}.get(word, word) for word in arguments]
    with process(f"from reports.cli import main; code = main({given}); print(code, *sys.modules)") as running:
        out, err = running.communicate(timeout=60)
    code, *modules = out.splitlines()[-1].split()
    assert (code, err) == ("0", "")
    assert "reports.cli" in modules
    assert unneeded.isdisjoint(modules)


# Signals ---------------------------------------------------------------------------------------------


def process(body, **options):
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n" + textwrap.dedent(body)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen([sys.executable, "-c", script], text=True, **pipes)


def test_a_closed_pipe_is_quiet(mine):
    reading, writing = os.pipe()
    os.close(reading)
    body = f"from reports.cli import main; sys.exit(main(['show', {str(mine)!r}, '2']))"
    with process(body, stdout=writing) as running:
        os.close(writing)
        assert running.communicate(timeout=60)[1] == ""
        assert running.returncode == 141


SLOW = """
    import time, types, sys
    from derive.verdicts import Inference
    prover, truth = types.ModuleType("derive.prover"), types.ModuleType("numeric.truth")
    sys.modules |= {{"derive.prover": prover, "numeric.truth": truth}}
    prover.begin_step = lambda: None
    prover.choices_of = lambda derivation, label: {{}}
    def infer(*a, **k):
        open({started!r}, "w").close()
        time.sleep(60)
    prover.infer = truth.judge = infer
    from reports.cli import main
    sys.exit(main(["check", {case!r}]))
"""


def test_an_interrupt_is_quiet_and_quick(mine, tmp_path):
    started = tmp_path / "started"
    keyboard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background job ignores it
    body = keyboard + textwrap.dedent(SLOW.format(started=str(started), case=str(mine)))
    with process(body, start_new_session=True) as running:
        end = time.monotonic() + 60
        while not started.exists() and time.monotonic() < end:
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGINT)  # as the keyboard does: to the workers too
        begun = time.monotonic()
        out, err = running.communicate(timeout=30)
        assert (running.returncode, out, err) == (130, "", "interrupted\n")
        assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("redirection", "code", "complaint"),
    [
        (">&-", 0, ""),
        (">/dev/full", 2, "error: cannot write to stdout: No space left on device"),
        ("2>&-", 0, ""),
    ],
)
def test_an_output_that_takes_nothing(mine, redirection, code, complaint):
    program = "import sys; from reports.cli import main; sys.exit(main(sys.argv[1:]))"
    command = ["sh", "-c", f'"$@" {redirection}', "sh", sys.executable, "-c", program, "show", str(mine), "2"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == code
    assert run.stderr.startswith(complaint)
    assert run.stderr.count("\n") == bool(complaint)
