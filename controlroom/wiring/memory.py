"""The journal of this room: its store checked, its chain checked, what it holds folded back.

A store that may forget what it confirmed is refused here, and so is a journal whose chain does not
hold. Opening ends with a frame that says who writes from now on; that frame fences every earlier writer.
"""

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

from controlroom import restore
from controlroom.clock import monotonic_s
from controlroom.events import RoomOpened
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Record
from controlroom.journal.archive import ArchivedStore
from controlroom.journal.durability import findings, insist, read_settings
from controlroom.journal.open import Opening
from controlroom.journal.records import encode_frame
from controlroom.journal.store import Fenced, Store
from controlroom.journal.stored import Head, StoredFrame
from controlroom.journal.valkey import Address, Link, Tls
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.journal.writer import Chain
from controlroom.measures.book import Book
from controlroom.measures.desk import count
from controlroom.measures.taking import take
from controlroom.settings import Settings

KEY_BYTES = 32
"""Length of the key that a demonstration makes for itself: that of the hash's output (RFC 2104)."""

CLAIMS_MAX = 5
"""How often another writer may slip in while we open; past this, two instances fight and one must go."""


class Timed:
    """A store whose appends are timed: seconds from the call to its word that the frame is durable."""

    def __init__(self, store: Store, observe: Callable[[float], None]) -> None:
        self._observe = observe
        self._store = store
        self.frames = store.frames
        self.last = store.last

    async def append(self, frame: StoredFrame, after: Head) -> None:
        """As `Store.append` says."""
        begun_s = monotonic_s()
        await self._store.append(frame, after)
        self._observe(monotonic_s() - begun_s)


class Memory(msgspec.Struct, frozen=True):
    """An opened journal: the links to close, the store, what was folded back, and the chain to go on with."""

    links: tuple[Link, ...]
    store: ArchivedStore
    snapshots: ValkeySnapshots
    folded: restore.Folded
    chain: Chain
    writer: str
    opening: Record
    put_aside: tuple[str, ...]


def journal_key(settings: Settings) -> bytes:
    """Return the key of the chain; a demonstration without one makes its own and keeps it."""
    if settings.secrets.journal_key is not None:
        return settings.secrets.journal_key.get_secret_value()
    file = settings.service.data_dir / "journal.key"
    if not file.exists():
        _make_key(file)
    return file.read_bytes()


def _make_key(file: Path) -> None:
    """Make the file, whole and on the disk before anything is sealed with it: without it nothing opens.

    Where two make it at once, the first one's stays.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    made, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)  # for its owner's eyes only
    try:
        with os.fdopen(made, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def address(settings: Settings) -> Address:
    """Return where the store is; `unix://` names a socket, `rediss://` asks for TLS."""
    url = urlsplit(settings.store.url)
    password = settings.secrets.store_password
    secret = password.get_secret_value() if password is not None else None
    timeout_s = settings.store.timeout_s
    ca_file = str(settings.store.ca_file) if settings.store.ca_file is not None else None
    if url.scheme == "unix":
        database = int(parse_qs(url.query).get("db", ["0"])[0])
        return Address(unix_socket=url.path, database=database, password=secret, reply_timeout_s=timeout_s)
    return Address(
        host=url.hostname or "127.0.0.1",
        port=url.port or 6379,
        database=int(url.path.strip("/") or 0),
        username=url.username or None,
        password=secret,
        tls=Tls(ca_file) if url.scheme == "rediss" else None,
        reply_timeout_s=timeout_s,
    )


def _archive(settings: Settings) -> Path:
    settings.archive_dir.mkdir(parents=True, exist_ok=True)
    return settings.archive_dir


class Keeping(msgspec.Struct, frozen=True):
    """What a room decides by, and what its figures are counted by; `estate` is the version of the estate."""

    handbook: Handbook
    book: Book
    estate: str = ""


async def open_memory(settings: Settings, by: Keeping, now: Callable[[], datetime]) -> Memory:
    """Open the journal and take it over; raises JournalError where it cannot be trusted or reached."""
    writing, reading = Link(address(settings)), Link(address(settings))
    insist(findings(await read_settings(reading)), allow_unsafe_store=settings.store.allow_unsafe_store)
    store = ArchivedStore(ValkeyStore(settings.room.name, writing, reading), _archive(settings))
    snapshots = ValkeySnapshots(settings.room.name, reading)
    key = journal_key(settings)
    opening, folded = await restore.begin(store, snapshots, key, by.book)
    writer = f"{settings.service.instance} {secrets.token_hex(8)}"
    record = await take_over(opening, folded, by, writer, now)
    return Memory(
        links=(writing, reading),
        store=store,
        snapshots=snapshots,
        folded=folded,
        chain=Chain(key, opening.head),
        writer=writer,
        opening=record,
        put_aside=opening.put_aside,
    )


async def take_over(
    opening: Opening, folded: restore.Folded, by: Keeping, writer: str, now: Callable[[], datetime]
) -> Record:
    """Everything there is folded, and the record that says that we write from here on is stored.

    Raises Fenced where other writers keep slipping in, and what `Opening.claim` raises.
    """
    handbook = by.handbook
    for _ in range(CLAIMS_MAX):
        await restore.fold(folded, opening.frames(), by.book)
        epoch, house = opening.head.epoch + 1, handbook.house
        event = RoomOpened(writer, epoch, handbook.rules.version, house.demonstration, by.estate)
        moment = now()
        decision = decide(handbook, folded.state, event, moment)
        record = Record(folded.state.position + 1, moment, event, decision)
        try:
            await opening.claim(encode_frame(writer, [record]))
        except Fenced:
            continue
        apply(folded.state, record.position, moment, decision)
        take(folded.ledger, by.book, record.position, moment, decision)
        count(folded.desk, record.position, moment, decision, count_simulated=by.book.simulated)
        return record
    raise Fenced(
        f"another writer took the journal {CLAIMS_MAX} times while we opened it; stop one of the two"
    )
