"""The code in the documentation runs: Python fences, `derive` commands, and the doctests of the modules.

A ```python fence is a script of its own. In a console fence every line `$ derive ...` must name a command
and options that exist; it is run only where the fence says so, ```console run, for some take minutes. What
is run of one document runs in one folder, so that a later command can read what an earlier one wrote.
"""

import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from checkout import PACKAGES, documents, installed, name, sources

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
SHELL = {"|", "||", "&&", ";", "&", ">", ">>", "<"}

# 1: something was refuted, 4: something is undecided; both are findings. 2 is a usage error and 3 a case that
# cannot be loaded: in a document these are mistakes.
FINDINGS = {0, 1, 4}


class Fence(NamedTuple):
    line: int
    info: list[str]
    body: str


def fences(text: str, language: str) -> list[Fence]:
    found = (
        Fence(text.count("\n", 0, match.start()) + 1, match["info"].split(), match["body"]) for match in FENCE.finditer(text)
    )
    return [fence for fence in found if fence.info[:1] == [language]]


def commands(fence: Fence) -> list[list[str]]:
    """The arguments after `$ derive`, up to the first thing that is the shell's."""
    found = []
    for line in fence.body.splitlines():
        if line.startswith("$ derive "):
            lexer = shlex.shlex(line.removeprefix("$ derive "), posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            words = list(lexer)
            end = next((index for index, word in enumerate(words) if word in SHELL), len(words))
            found.append(words[:end])
    return found


def derive(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [installed("derive"), *arguments],
        cwd=folder, env={**os.environ, "COLUMNS": "200"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def unknown_words(arguments: list[str], folder: Path) -> list[str]:
    """The subcommand or the options of a command line that --help does not know."""
    if arguments[0].startswith("-"):
        given, result = arguments, derive(["--help"], folder)
    else:
        given, result = arguments[1:], derive([arguments[0], "--help"], folder)
        if result.returncode != 0:
            return [arguments[0]]
    options = {word.split("=")[0] for word in given if word.startswith("--")}
    known = set(re.findall(r"--[a-z][a-z-]*", result.stdout)) | {"--version"}
    return sorted(options - known)


def test_fences_and_commands_are_found():
    marked = "```console run\n$ derive check jain --only 24,25 --json - | head -3\nout\n$ derive list\n```\n"
    text = f"a\n{marked}```python\n1\n```\n"
    (console,) = fences(text, "console")
    assert console[:2] == (2, ["console", "run"])
    assert commands(console) == [["check", "jain", "--only", "24,25", "--json", "-"], ["list"]]
    assert [fence.body for fence in fences(text, "python")] == ["1\n"]


def test_unknown_words_are_found(tmp_path):
    assert unknown_words(["no-such-command"], tmp_path) == ["no-such-command"]
    assert unknown_words(["check", "x", "--no-such-option=1"], tmp_path) == ["--no-such-option"]


def test_there_is_a_document():
    assert "README.md" in map(name, documents())


@pytest.mark.parametrize("document", documents(), ids=name)
def test_python_fences_run(document, tmp_path):
    for fence in fences(document.read_text(encoding="utf-8"), "python"):
        script = tmp_path / f"{document.stem}_line_{fence.line}.py"
        script.write_text(fence.body, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, script.name],
            cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert result.returncode == 0, f"{name(document)}, line {fence.line}:\n{result.stderr}"


@pytest.mark.parametrize("document", documents(), ids=name)
def test_derive_commands_exist(document, tmp_path):
    for fence in fences(document.read_text(encoding="utf-8"), "console"):
        for arguments in commands(fence):
            unknown = unknown_words(arguments, tmp_path)
            assert unknown == [], f"{name(document)}, line {fence.line}: derive {shlex.join(arguments)}"


@pytest.mark.parametrize("document", documents(), ids=name)
def test_marked_derive_commands_run(document, tmp_path):
    for fence in fences(document.read_text(encoding="utf-8"), "console"):
        for arguments in commands(fence) if "run" in fence.info else []:
            result = derive(arguments, tmp_path)
            where = f"{name(document)}, line {fence.line}: derive {shlex.join(arguments)}\n"
            assert result.returncode in FINDINGS, where + result.stderr


def printed_after(fence: Fence) -> list[tuple[list[str], str]]:
    """Each command of a fence with the output the document shows for it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in fence.body.splitlines():
        if line.startswith("$ "):
            found.append((shlex.split(line.removeprefix("$ derive ")), []))
        elif found:
            found[-1][1].append(line)
    return [(arguments, "\n".join(lines)) for arguments, lines in found]


@pytest.mark.parametrize("document", documents(), ids=name)
def test_shown_output_is_what_is_printed(document, tmp_path):
    for fence in fences(document.read_text(encoding="utf-8"), "console"):
        for arguments, shown in printed_after(fence) if "run" in fence.info else []:
            result = subprocess.run(
                [installed("derive"), *arguments],
                cwd=tmp_path, env={**os.environ, "COLUMNS": "100"}, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=600,
            )  # fmt: skip
            assert not shown or result.stdout.rstrip() == shown, f"{name(document)}, line {fence.line}"


@pytest.mark.parametrize("package", PACKAGES)
def test_doctests(package):
    for path in sources(package):
        if ">>> " in path.read_text(encoding="utf-8"):
            dotted = name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            results = doctest.testmod(importlib.import_module(dotted), optionflags=doctest.ELLIPSIS)
            assert results.failed == 0, f"{dotted}: {results.failed} of {results.attempted} examples fail"
