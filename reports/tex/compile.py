"""report.pdf by latexmk, in a folder of its own, without leave to run other programs or to write elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

SECONDS = 240.0
INSTALL = (
    "install latexmk and TeX (Debian: apt-get install texlive-latex-recommended texlive-publishers texlive-fonts-recommended "
    "lmodern latexmk)"
)
# The same bytes at every run: no date and no random name in the file.
STEADY = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
COMMAND = ("latexmk", "-norc", "-pdf", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "report.tex")


class CompileError(ValueError):
    """No PDF, and why: in one line."""


def has_latexmk() -> bool:
    return shutil.which("latexmk") is not None and shutil.which("pdflatex") is not None


def require_latexmk() -> None:
    if not has_latexmk():
        raise CompileError(f"report.pdf needs latexmk and pdflatex, which are not installed: {INSTALL}, or leave --pdf out")


def compiled(files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """The PDF and the log of TeX; CompileError with TeX's own complaint where there is none."""
    with tempfile.TemporaryDirectory(prefix="derive-report-") as name:
        folder = Path(name)
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        try:
            done = subprocess.run(
                COMMAND, cwd=folder, env={**os.environ, **STEADY}, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS
            )
        except FileNotFoundError as error:
            raise CompileError(f"latexmk cannot be run: {INSTALL}") from error
        except subprocess.TimeoutExpired as error:
            raise CompileError(f"TeX has not ended within {SECONDS:g} s; report.tex is written, compile it by hand") from error
        log = _read(folder / "report.log")
        if done.returncode != 0 or not (folder / "report.pdf").is_file():
            said = done.stdout.decode("utf-8", errors="replace")
            raise CompileError(f"TeX made no report.pdf: {_complaint(log) or _last(said)}")
        return (folder / "report.pdf").read_bytes(), log


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _complaint(log: str) -> str:
    """The first line that TeX begins with an exclamation mark, and the place."""
    lines = log.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("!"):
            place = next((later for later in lines[number:] if later.startswith("l.")), "")
            hint = f"; {INSTALL}" if "not found" in line else ""
            return f"{line[2:]} {place}".strip()[:300] + hint
    return ""


def _last(said: str) -> str:
    """What latexmk says at its end, where TeX itself has nothing to complain of."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else f"latexmk said nothing; {INSTALL}"
