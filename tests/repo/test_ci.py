"""`.ci/run` installs what the reports are tested with where it can, and says clearly what is missing where it cannot."""

import shutil
import subprocess

import pytest

from checkout import ROOT

TOOLS = ("awk", "bash", "dirname", "cat")


def script(folder, name, text):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """A PATH with next to nothing on it; what is installed is written down, and the run ends before the virtual environment."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    script(folder, "apt-get", f'echo "$@" >> {tmp_path / "asked"}')
    script(folder, "mktemp", "exit 7")

    def run(user):
        script(folder, "id", f"echo {user}")
        return subprocess.run(
            [shutil.which("bash"), str(ROOT / ".ci" / "run")],
            env={"PATH": str(folder)}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return folder, tmp_path / "asked", run


def test_root_installs_what_is_missing(machine):
    _, asked, run = machine
    assert run(0).returncode == 7
    update, install = asked.read_text().splitlines()
    assert update == "update"
    assert {"install", "-y", "chromium", "graphviz", "latexmk", "texlive-latex-recommended"} <= set(install.split())


def test_nobody_else_is_told_what_is_missing(machine):
    _, asked, run = machine
    done = run(1000)
    assert done.returncode == 1
    assert done.stderr.startswith(".ci/run: missing: chromium dot latexmk pdflatex - and no root to install them")
    assert "apt-get install" in done.stderr
    assert not asked.exists()


def test_what_is_there_is_not_installed_again(machine):
    folder, asked, run = machine
    for name in ("google-chrome", "dot", "latexmk", "pdflatex"):
        script(folder, name, "exit 0")
    assert run(1000).returncode == 7
    assert not asked.exists()
