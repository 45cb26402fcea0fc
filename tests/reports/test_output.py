"""A folder is written whole or not at all, and what is not ours is left alone."""

import errno
import os

import pytest

from reports import output
from reports.output import CONTENTS, OutputError, check_folder, write_folder

OLD = {"a.txt": b"old", "figures/b.pdf": b"old picture"}
NEW = {"a.txt": b"new", "c.txt": b"more"}


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def beside(folder):
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def test_a_new_folder_is_made_with_its_parents(tmp_path):
    write_folder(tmp_path / "build" / "report", NEW)
    found = contents(tmp_path / "build" / "report")
    assert {name: found[name] for name in NEW} == NEW
    assert set(found) == {*NEW, CONTENTS}
    assert beside(tmp_path / "build" / "report") == []


def test_a_report_is_replaced_and_nothing_of_it_stays(tmp_path):
    write_folder(tmp_path / "r", OLD)
    write_folder(tmp_path / "r", NEW)
    assert set(contents(tmp_path / "r")) == {*NEW, CONTENTS}
    assert beside(tmp_path / "r") == []


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "r").mkdir()
    write_folder(tmp_path / "r", NEW)
    assert contents(tmp_path / "r")["a.txt"] == b"new"


@pytest.mark.parametrize("written", [False, True])
def test_what_is_not_of_a_report_is_not_replaced(tmp_path, written):
    if written:
        write_folder(tmp_path / "r", OLD)
    (tmp_path / "r").mkdir(exist_ok=True)
    (tmp_path / "r" / "thesis.tex").write_text("years of work")
    before = contents(tmp_path / "r")
    with pytest.raises(OutputError, match=r"thesis\.tex.*not of a report"):
        write_folder(tmp_path / "r", NEW)
    assert contents(tmp_path / "r") == before


def test_what_was_changed_since_is_not_replaced(tmp_path):
    write_folder(tmp_path / "r", OLD)
    (tmp_path / "r" / "a.txt").write_text("edited by hand")
    with pytest.raises(OutputError, match=r"a\.txt.*changed since"):
        check_folder(tmp_path / "r")


def test_a_list_that_somebody_else_wrote_counts_for_nothing(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / CONTENTS).write_text('{"made by": "me", "files": {"a.txt": ""}}')
    with pytest.raises(OutputError, match="not of a report"):
        check_folder(tmp_path / "r")


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "r").write_text("x")
    with pytest.raises(OutputError, match="it is no folder"):
        check_folder(tmp_path / "r")
    with pytest.raises(OutputError, match="is no folder"):
        check_folder(tmp_path / "r" / "below")


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(output.os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(OutputError, match="no permission"):
        check_folder(tmp_path / "r")


def test_an_interrupt_leaves_the_old_report_whole(tmp_path, monkeypatch):
    write_folder(tmp_path / "r", OLD)
    before = contents(tmp_path / "r")
    real = type(tmp_path).rename

    def rename(self, target):
        if self.name.endswith(".part"):
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(type(tmp_path), "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "r", NEW)
    assert contents(tmp_path / "r") == before
    assert beside(tmp_path / "r") == []


def test_a_mounted_disk_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "r").mkdir()
    monkeypatch.setattr(output.os.path, "ismount", lambda path: True)
    with pytest.raises(OutputError, match="a disk is mounted there"):
        check_folder(tmp_path / "r")


@pytest.mark.parametrize("failing", ["fsync", "rename"])
def test_a_disk_that_fills_leaves_the_old_report_whole(tmp_path, monkeypatch, failing):
    write_folder(tmp_path / "r", OLD)
    before = contents(tmp_path / "r")
    full = OSError(errno.ENOSPC, "No space left on device")
    if failing == "fsync":
        calls = iter([None, full])

        def fsync(descriptor):
            if (error := next(calls)) is not None:
                raise error

        monkeypatch.setattr(output.os, "fsync", fsync)
    else:
        real = type(tmp_path).rename

        def rename(self, target):
            if self.name.endswith(".part"):
                raise full
            return real(self, target)

        monkeypatch.setattr(type(tmp_path), "rename", rename)
    with pytest.raises(OutputError, match="No space left on device; nothing was changed"):
        write_folder(tmp_path / "r", NEW)
    assert contents(tmp_path / "r") == before
    assert beside(tmp_path / "r") == []


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    write_folder(tmp_path / "r", OLD)
    os.symlink(tmp_path / "r", tmp_path / "link")
    write_folder(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "r")["a.txt"] == b"new"
