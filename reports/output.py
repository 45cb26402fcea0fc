"""A folder of files written whole or not at all: beside the old one, which it then replaces.

    check_folder(path)        refuses a folder that `write_folder` would not replace, before anything is computed for it
    write_folder(path, files) {"figures/a.pdf": b"...", ...}

`contents.json` lists the files with their hashes.  A folder is replaced only if it is empty, or holds just what was written
into it and as it was written: what somebody else put there, or has changed since, is theirs.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

CONTENTS = "contents.json"
MADE_BY = "derive report"


class OutputError(ValueError):
    """A folder that cannot be written or must not be replaced: in one line, why and what to do."""


def check_folder(path: str | Path) -> None:
    """OutputError for a folder that cannot be written, or holds what a report did not put there."""
    target = _real(path)
    try:
        if target.exists() and not target.is_dir():
            raise OutputError(f"cannot write {path}: it is no folder; name one with --out")
        foreign = _foreign(target) if target.exists() else ""
        if foreign:
            raise OutputError(f"{path} is not replaced: it holds {foreign}; name a new or an empty folder with --out")
        parent = _first_that_exists(target.parent)
        if not os.access(parent, os.W_OK | os.X_OK):
            raise PermissionError(f"no permission to write in {parent}")
        if os.path.ismount(target):
            raise OutputError(f"cannot replace {path}: a disk is mounted there; name a folder below it with --out")
    except OSError as error:
        raise _cannot(path, error) from error


def write_folder(path: str | Path, files: Mapping[str, bytes]) -> None:
    """Writes the files and the list of them; on any failure the old folder stands as it was."""
    target = _real(path)
    check_folder(path)
    beside, old = (target.with_name(f".{target.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        for name, content in {**files, CONTENTS: listing(files)}.items():
            _write(beside / name, content)
        if target.exists():
            target.rename(old)
        try:
            beside.rename(target)
        except BaseException:  # an interrupt from the keyboard as well
            if old.exists() and not target.exists():
                old.rename(target)
            raise
    except OSError as error:
        raise _cannot(path, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def listing(files: Mapping[str, bytes]) -> bytes:
    """The list of files, each with its SHA-256."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return (json.dumps({"made by": MADE_BY, "files": hashes}, indent=1) + "\n").encode("ascii")


def _foreign(folder: Path) -> str:
    """What in the folder is not as a report wrote it; empty if all is."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    if not found:
        return ""
    known: dict[str, str] = {}
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        read = json.loads((folder / CONTENTS).read_bytes())
        known = dict(read["files"]) if read["made by"] == MADE_BY else {}
    for name in found:
        if name == CONTENTS and known:
            continue
        if name not in known:
            return f"{name!r}, which is not of a report"
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != known[name]:
            return f"{name!r}, which was changed since it was written"
    return ""


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _first_that_exists(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(20, f"{folder} is no folder")
    return folder


def _real(path: str | Path) -> Path:
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:  # a NUL in the name
        raise OutputError(f"cannot write {path!r}: {error}; name another folder with --out") from error


def _cannot(path: str | Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(f"cannot write {path}: {why}; nothing was changed, name a folder that can be written with --out")
