"""The checkout as the tests in repo/ see it: its place, sources, documents and commands."""

import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("derive", "numeric", "reports")


def sources(*folders: str) -> list[Path]:
    """Every Python file below these folders; of the three packages if none is named."""
    return sorted(path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py"))


def documents() -> list[Path]:
    """README.md, those of the packages, and everything below docs/."""
    readmes = [ROOT / "README.md", *(ROOT / package / "README.md" for package in PACKAGES)]
    return [*filter(Path.exists, readmes), *sorted((ROOT / "docs").rglob("*.md"))]


def tracked() -> Iterator[Path]:
    """The files that are in git or would be after `git add`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return (path for path in paths if path.is_file())


def name(path: Path) -> str:
    """The path as seen from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


def installed(command: str) -> str:
    """A console script of the environment the tests run in, whatever PATH says."""
    found = shutil.which(command, path=sysconfig.get_path("scripts"))
    assert found, f"no command {command!r} in this environment: run the README's install command"
    return found
