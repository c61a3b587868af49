"""The process that reads the past: started by the room's, for it alone, and over when it is.

It is told the settings on its standard input, which stays open: its end is the end of the room's process, and
of this one. It only reads: the store, the archive and the books, with connections of its own, standing back
behind the room for the processor.

Limit: the chain's seals are not proved again here; `controlroom audit verify` does that.
"""

import asyncio
import gc
import os
import pickle
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import uvloop
from msgspec.structs import replace

from controlroom import restore
from controlroom.clock import wall_clock
from controlroom.console.past.explained import RulesOf
from controlroom.console.past.fold import Kept, kept
from controlroom.console.past.library import Library
from controlroom.console.past.line import PastSite
from controlroom.console.past.reader import Known, Reader
from controlroom.console.views import Lens
from controlroom.incidents.record import Ruling
from controlroom.journal.archive import ArchivedStore
from controlroom.journal.snapshot import sound
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.rules.model import RuleSet
from controlroom.rules.names import names_of
from controlroom.rules.problems import InvalidRulesError
from controlroom.settings import Settings
from controlroom.wiring.books import Books, read_books
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.memory import address, journal_key
from controlroom.wiring.rule_book import RuleBook
from controlroom.wiring.rule_files import read_rule_files
from controlroom.wiring.rule_sets import RuleSets

READY = b"ready\n"
"""What is said on standard output, once questions are answered."""

SETS_HELD = 4
"""Rule sets that are held to explain by: those of the last months."""

NICE = 10
"""How far this process stands back behind the room."""

COLLECT_AFTER = 50_000
"""Objects after which cycles are looked for: records hold none, and looking often is a tenth of a fold."""


def main() -> None:
    """Answer until standard input ends."""
    os.nice(NICE)
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    settings, socket = pickle.load(sys.stdin.buffer)  # noqa: S301 - the room's own process wrote it
    uvloop.run(_serve(settings, Path(socket)))


async def _serve(settings: Settings, socket: Path) -> None:
    link = Link(address(settings))
    store = ArchivedStore(ValkeyStore(settings.room.name, link, link), settings.archive_dir)
    books = read_books(settings)
    saved = Saved(ValkeySnapshots(settings.room.name, link), journal_key(settings))
    known = replace(known_of(books, settings.room.name), rules_of=rules_of(settings, books))
    reader = Reader(Library(store, saved.states), known)
    site = PastSite(reader.app)
    await site.open(socket)
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    try:
        await asyncio.to_thread(sys.stdin.buffer.read)  # nothing more is ever said: it returns at the end
    finally:
        await site.close()
        await link.close()


def known_of(books: Books, instance: str) -> Known:
    """Return what these books say of places and words."""
    return Known(lambda: books.handbook, lens_of(books), wall_clock(), instance)


def rules_of(settings: Settings, books: Books) -> RulesOf:
    """Return where rule sets are read from: the folder in force, and the sets that were kept."""
    names = names_of(books.handbook.estate)
    sets = RuleSets(settings.service.data_dir, settings.rules.directory)

    @lru_cache(maxsize=SETS_HELD)
    def read(version: str) -> RuleSet | None:
        try:
            found = read_rule_files(sets.in_force, names).rules()
            if version in {"", found.version}:
                return found
            return read_rule_files(sets.find(version), names).rules()
        except (BooksRefused, InvalidRulesError, OSError):
            return None

    return read


def lens_of(books: Books) -> Lens:
    """Return where words are looked up: of the rules in force, and of no set before them."""
    rules: RuleBook = books.rules

    def why(ruling: Ruling) -> str | None:
        known = ruling.rule_set == rules.version
        return rules.reasons.get((ruling.table, ruling.rule)) if known else None

    def asks(ruling: Ruling) -> tuple[str, ...]:
        known = ruling.rule_set == rules.version
        return rules.asks.get((ruling.table, ruling.rule), ()) if known else ()

    return Lens(
        estate=lambda: books.handbook.estate,
        why=why,
        plan=lambda table, rule: rules.plans.get((table, rule)),
        asks=asks,
    )


class Saved:
    """The states in the room's own snapshots, each opened once."""

    def __init__(self, snapshots: ValkeySnapshots, key: bytes) -> None:
        self._snapshots = snapshots
        self._key = key
        self._opened: dict[int, Kept] = {}

    async def states(self) -> Sequence[Kept]:
        """Return what is saved now; one that another version wrote is left out."""
        found: dict[int, Kept] = {}
        for snapshot in sound(self._key, await self._snapshots.latest(), restore.SCHEMA):
            at = snapshot.position
            if at not in self._opened:
                try:
                    self._opened[at] = kept(restore.from_bytes(snapshot.body).state)
                except msgspec.DecodeError:
                    continue
            found[at] = self._opened[at]
        self._opened = found
        return tuple(found.values())


if __name__ == "__main__":
    main()
