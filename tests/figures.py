"""The figures of the README's section on attacks: computed here, never typed.

PYTHONPATH=tests python tests/figures.py            prints the table; takes as long as the slow tests
PYTHONPATH=tests python tests/figures.py --write    puts it into README.md
PYTHONPATH=tests python tests/figures.py --mutants  counts the mutants of every case too, which takes longest
PYTHONPATH=tests python tests/figures.py --kernel   prints, of the kernel alone, branch coverage, raises and code mutants
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
WORDS = {
    "noticed": "noticed",
    "equivalent": "proved to be no change",
    "unused": "with nothing resting on it",
    "no meaning": "without meaning",
    "hole": "holes",
}


def bundled():
    from derive import bundled as names

    return names()


def planted_rows():
    from derive.prover import infer
    from planted.test_planted import FALSE, TRUE

    rows = []
    for name, corpus, good in (("false", FALSE, "invalid"), ("true", TRUE, "valid")):
        found = [[one.verdict for one in infer(each.derivation, "claim", {})] for each in corpus.values()]
        refuted = sum("invalid" in verdicts for verdicts in found)
        undecided = sum("undecided" in verdicts and "invalid" not in verdicts for verdicts in found)
        accepted = len(found) - refuted - undecided
        figures = f"{len(found)}: {refuted} refuted, {undecided} left undecided, {accepted} accepted"
        rows.append((f"planted statements that are {name}", figures))
        assert good
    return rows


def mutants_row(case, summary):
    """From the summary of `derive mutate CASE --json`."""
    counts = ", ".join(f"{summary['outcomes'].get(outcome, 0)} {word}" for outcome, word in WORDS.items())
    accepted = len(summary["accepted"])
    return (f"mutants of `{case}`", f"{summary['mutants']}: {counts}; {accepted} certified though the numbers refute them")


def second_row(case, line):
    """From what `derive replay --second` prints first."""
    counts = r"(\d+) certificates and (\d+) countermodels; it refuses (\d+) and cannot read (\d+)"
    found = re.fullmatch(rf"the second checker agrees on {counts}", line)
    certificates, countermodels, refused, unread = found.groups()
    return (
        f"second checker on `{case}`",
        f"agrees on {certificates} certificates and {countermodels} countermodels, refuses {refused}, cannot read {unread}",
    )


def raises_row(line):
    """From what the plugin `raises` prints."""
    every, reached = re.fullmatch(r"raise statements of the kernel: (\d+), reached (\d+)", line).groups()
    return ("`raise` statements of the kernel", f"{every}, of which the tests of `derive` and the corpus reach {reached}")


def table(rows):
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {figures} |" for name, figures in rows)])


def shown():
    """The table as README.md has it."""
    text = README.read_text(encoding="utf-8")
    return text.split(BEGIN)[1].split(END)[0].strip()


def written(made):
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{made}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def run(*command):
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout


def rows_of_cases(folder):
    derive = str(Path(sys.executable).with_name("derive"))
    rows = []
    for case in bundled():
        ledger, mutants = str(Path(folder) / f"{case}.json"), Path(folder) / f"{case}.mutants.json"
        run(derive, "check", case, "--json", ledger)
        rows.append(second_row(case, run(derive, "replay", "--second", ledger).splitlines()[0]))
        if "--mutants" not in sys.argv[1:]:
            continue
        run(derive, "mutate", case, "--ledger", ledger, "--json", str(mutants))
        rows.append(mutants_row(case, json.loads(mutants.read_bytes())["summary"]))
    return sorted(rows)


def kernel_rows(folder):
    """Branch coverage and reached raises in one run of the tests, then the code mutants."""
    data = f"--data-file={Path(folder) / 'coverage'}"
    pytest = ("-m", "pytest", "-n0", "-q", "-p", "raises", "tests/derive", "tests/planted")
    lines = run(sys.executable, "-m", "coverage", "run", "--branch", "--source=derive/kernel", data, *pytest).splitlines()
    covered = run(sys.executable, "-m", "coverage", "report", data, "--format=total", "--precision=1").strip()
    mutants = run(sys.executable, str(ROOT / "tests" / "mutation.py")).splitlines()
    return [
        ("branch coverage of the kernel", f"{covered} %"),
        raises_row(next(line for line in lines if line.startswith("raise statements"))),
        ("code mutants of the kernel", mutants[-1].partition(": ")[2]),
    ]


def main():
    if "--kernel" in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            print(table(kernel_rows(folder)))
        return
    pytest = (sys.executable, "-m", "pytest", "-n0", "-q", "-p", "raises", "tests/derive", "tests/planted")
    rows = planted_rows()
    with tempfile.TemporaryDirectory() as folder:
        rows += rows_of_cases(folder)
    rows.append(raises_row(next(line for line in run(*pytest).splitlines() if line.startswith("raise statements"))))
    made = table(rows)
    print(made)
    if "--write" in sys.argv[1:]:
        written(made)


if __name__ == "__main__":
    main()
