"""The stored journal, opened for reading only: nothing is claimed, made or changed.

Whatever keeps it from being read ends the command with one line and its exit code.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import NoReturn, TypeVar

import msgspec
import typer

from controlroom.cli.exits import ExitCode
from controlroom.journal.archive import ArchivedStore
from controlroom.journal.chain import check_key
from controlroom.journal.snapshot import SnapshotStore
from controlroom.journal.store import Store, StoreAway, StoreRefused, Undecodable
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.settings import Settings
from controlroom.wiring.memory import address

T = TypeVar("T")


class Stored(msgspec.Struct, frozen=True):
    """What an auditor has before him: frames (archived ones first), snapshots, and the key of the chain."""

    store: Store
    snapshots: SnapshotStore
    key: bytes


def run_on_store(settings: Settings, work: Callable[[Stored], Coroutine[None, None, T]]) -> T:
    """Return what `work` makes of the stored journal; ends the command where it cannot be read."""
    key = _key(settings)

    async def run() -> T:
        link = Link(address(settings))
        try:
            store = ArchivedStore(ValkeyStore(settings.room.name, link, link), settings.archive_dir)
            return await work(Stored(store, ValkeySnapshots(settings.room.name, link), key))
        finally:
            await link.close()

    try:
        return asyncio.run(run())
    except (StoreAway, StoreRefused) as fault:
        _end(ExitCode.UNREACHABLE, f"{fault}; is store.url right and the store running?")
    except Undecodable as fault:
        _end(ExitCode.FINDING, f"{fault}; run: controlroom audit verify")


def _key(settings: Settings) -> bytes:
    """Return the key of the chain; that of a demonstration stands in the data folder, once it has run."""
    if settings.secrets.journal_key is not None:
        return settings.secrets.journal_key.get_secret_value()
    file = Path(settings.service.data_dir) / "journal.key"
    try:
        return check_key(file.read_bytes())
    except OSError as fault:
        _end(
            ExitCode.CONFIG, f"journal.key_file: {file} cannot be read ({fault.strerror}); set the key's file"
        )
    except ValueError as fault:
        _end(ExitCode.CONFIG, f"journal.key_file: {file}: {fault}")


def _end(code: ExitCode, line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(code)
