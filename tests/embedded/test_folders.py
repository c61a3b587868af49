"""A folder that cannot be written is found by writing, and the line says what is wrong with which setting."""

import errno
import os
from pathlib import Path

import pytest

from controlroom.embedded.folders import VarUnwritable, require_writable


def test_a_folder_is_made_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    """A folder that is not there yet is made with its parents, and the check leaves it empty."""
    require_writable(tmp_path / "a" / "var", "var")
    require_writable(tmp_path / "a" / "var", "var")
    assert list((tmp_path / "a" / "var").iterdir()) == []


@pytest.mark.parametrize(
    ("inside", "words"),
    [("file", "is a file, not a folder"), ("file/var", "has a file where a folder should be")],
)
def test_a_file_in_the_way_is_named(tmp_path: Path, inside: str, words: str) -> None:
    """A file in the place of the folder, or of one above it, is named: root is not spared this."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(VarUnwritable, match=words) as refused:
        require_writable(tmp_path / inside, "var")
    assert refused.value.setting == "var"
    assert refused.value.path == tmp_path / inside


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (errno.EROFS, "is on a read-only file system; mount it writable"),
        (errno.ENOSPC, "is on a full disk; make room"),
        (errno.EDQUOT, "is over this user's disk quota; make room"),
        (errno.EACCES, "may not be written by this user; change its owner or mode"),
        (errno.EIO, "cannot be written (Input/output error)"),
    ],
)
def test_each_refusal_of_the_system_has_its_own_words(reason: int, words: str) -> None:
    """What the system answers to a write is said in words that tell what to do."""
    error = OSError(reason, os.strerror(reason))
    line = str(VarUnwritable(Path("/srv/var"), "var", error))
    assert line == f"var = /srv/var {words} or set var"


def test_the_systems_own_pseudo_folders_refuse_even_root() -> None:
    """A place where nobody may write is refused, by asking the kernel and not the permission bits."""
    with pytest.raises(VarUnwritable):
        require_writable(Path("/proc/controlroom"), "var")
