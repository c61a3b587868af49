"""The key that a demonstration makes for itself."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from controlroom.settings import Settings
from controlroom.wiring.memory import KEY_BYTES, journal_key


def settings(folder: Path) -> Settings:
    """Settings of a demonstration whose files lie below that folder."""
    plain = Settings()
    service = plain.service.model_copy(update={"data_dir": folder / "var"})
    return plain.model_copy(update={"service": service})


def test_the_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    """Every start of one installation has the same key, which its owner alone can read."""
    first, second = journal_key(settings(tmp_path)), journal_key(settings(tmp_path))

    assert first == second
    assert len(first) == KEY_BYTES
    file = tmp_path / "var" / "journal.key"
    assert [path.name for path in file.parent.iterdir()] == ["journal.key"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_that_make_it_at_once_have_the_same(tmp_path: Path) -> None:
    """Whoever comes second takes the first one's key, whole."""
    with ThreadPoolExecutor(8) as makers:
        keys = set(makers.map(lambda _: journal_key(settings(tmp_path)), range(64)))

    assert len(keys) == 1
    assert len(keys.pop()) == KEY_BYTES


def test_a_crash_while_it_is_made_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process ends before the key is on the disk there is no key, and the next start makes one."""

    def power_fails(handle: int) -> None:
        raise OSError(f"no power for {handle}")

    monkeypatch.setattr(os, "fsync", power_fails)
    with pytest.raises(OSError, match="no power"):
        journal_key(settings(tmp_path))
    monkeypatch.undo()

    assert not (tmp_path / "var" / "journal.key").exists()
    assert len(journal_key(settings(tmp_path))) == KEY_BYTES
