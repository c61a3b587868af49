"""The same history told again: chain, snapshots, fold and a fresh decision must all agree.

Here the product's own parts are used on purpose, because the question is whether they agree with each
other: a restart (snapshot and tail), a fold from the first frame, and `decide` asked again from an empty
state must end in the same bytes.
"""

from pathlib import Path

import msgspec

from controlroom import restore
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.state import State, to_bytes
from controlroom.journal.open import open_journal
from controlroom.journal.records import decode_frame
from controlroom.journal.snapshot import MemorySnapshots
from controlroom.journal.valkey import Address, Link
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.journal.verify import Sound, verify
from controlroom.settings import load
from controlroom.wiring.books import read_books
from controlroom.wiring.memory import journal_key


class Retold(msgspec.Struct, frozen=True):
    """What telling again showed; `problems` is empty when everything agrees."""

    records: int
    snapshots: tuple[int, ...]
    problems: tuple[str, ...]


async def retell(socket: Path, config: Path, environment: dict[str, str]) -> Retold:
    """Return whether the chain holds and all ways of telling the history end in the same state."""
    settings = load(config, environment)
    key = journal_key(settings)
    link = Link(Address(unix_socket=str(socket)))
    try:
        store = ValkeyStore(settings.room.name, link, link)
        problems = []
        verdict = await verify(store.frames(), key)
        if not isinstance(verdict, Sound):
            problems.append(f"chain: {verdict}")
        books = read_books(settings)
        whole = restore.empty(books.plan)
        await restore.fold(whole, store.frames(), books.plan)
        kept = await ValkeySnapshots(settings.room.name, link).latest()
        positions = []
        for sealed in kept:
            opening = await open_journal(store, MemorySnapshots(sealed), key, restore.SCHEMA)
            if opening.snapshot is None:
                problems.append(f"snapshot: {opening.put_aside}")
                continue
            folded = restore.from_bytes(opening.snapshot.body)
            positions.append(opening.snapshot.position)
            await restore.fold(folded, opening.frames(), books.plan)
            if restore.to_bytes(folded) != restore.to_bytes(whole):
                problems.append(
                    f"restart from the snapshot at {opening.snapshot.position} differs from the fold"
                )
        problems += await _decided_again(store, books.handbook, whole.state)
        return Retold(whole.state.position, tuple(positions), tuple(problems))
    finally:
        await link.close()


async def _decided_again(store: ValkeyStore, handbook: Handbook, restarted: State) -> list[str]:
    """Decide every recorded event at its recorded moment, as a run without any restart would have."""
    state = State()
    async for frame in store.frames():
        for record in decode_frame(frame.body):
            again = decide(handbook, state, record.event, record.now)
            if again != record.decision:
                return [f"position {record.position} is decided {again} now and {record.decision} then"]
            apply(state, record.position, record.now, again)
    if to_bytes(state) != to_bytes(restarted):
        return ["an uninterrupted run ends in another state than the restarted one"]
    return []
