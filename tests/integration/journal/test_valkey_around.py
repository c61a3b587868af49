"""Snapshots in Valkey, the whole life of a journal on it, and what it says of its own settings."""

import asyncio
import os
from pathlib import Path

import pytest

from controlroom.journal.archive import ArchivedStore
from controlroom.journal.chain import seal
from controlroom.journal.durability import HIDDEN, Severity, UnsafeStore, findings, insist, read_settings
from controlroom.journal.open import open_journal
from controlroom.journal.snapshot import Snapshot, choose, seal_snapshot
from controlroom.journal.store import StoreRefused
from controlroom.journal.stored import head_of
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from tests.integration.journal.stage import Links, ValkeyServer

KEY = bytes(range(32))


async def test_the_last_two_snapshots_are_kept(links: Links, own_valkey: ValkeyServer) -> None:
    """Valkey keeps the latest snapshot and the one before it, over a kill too."""
    snapshots = ValkeySnapshots("r", links(own_valkey.address()))
    assert await snapshots.latest() == ()

    blobs = [os.urandom(n) for n in (10, 100_000, 300)]
    for count, blob in enumerate(blobs, start=1):
        await snapshots.save(blob)
        assert await snapshots.latest() == tuple(reversed(blobs[max(0, count - 2) : count]))
    own_valkey.kill()
    own_valkey.start()
    again = ValkeySnapshots("r", links(own_valkey.address()))
    assert await again.latest() == (blobs[2], blobs[1])


async def test_a_snapshot_that_does_not_fit_is_refused_aloud(links: Links, own_valkey: ValkeyServer) -> None:
    """A snapshot that the server has no memory for is a refusal, and the ones before it stay."""
    snapshots = ValkeySnapshots("r", links(own_valkey.address()))
    await snapshots.save(b"good")
    await links(own_valkey.address()).call((b"CONFIG", b"SET", b"maxmemory", b"1"))

    with pytest.raises(StoreRefused, match="maxmemory"):
        await snapshots.save(b"too much")
    assert await snapshots.latest() == (b"good",)


async def test_a_journal_lives_through_restarts_rolls_and_a_bad_snapshot(
    links: Links, own_valkey: ValkeyServer, tmp_path: Path
) -> None:
    """Opened again and again, written, rolled to files: from the snapshot or without it, all is there."""
    snapshots = ValkeySnapshots("r", links(own_valkey.address()))
    told: list[bytes] = []
    for life in range(4):
        inner = ValkeyStore("r", links(own_valkey.address()), links(own_valkey.address()))
        store = ArchivedStore(inner, tmp_path)
        opening = await open_journal(store, snapshots, KEY, schema=1)
        state = [] if opening.snapshot is None else opening.snapshot.body.split(b",")
        state += [frame.body async for frame in opening.frames()]
        assert state == told
        assert [opening.snapshot is not None, len(opening.put_aside)] == [life > 0, life == 3]

        told.append(b"opening %d" % life)
        head = await opening.claim(told[-1])
        assert head.epoch == life + 1
        for n in range(5):
            told.append(b"record %d.%d" % (life, n))
            frame = seal(KEY, head, head.epoch, 1, told[-1])
            await store.append(frame, head)
            head = head_of(frame)
        sealed = seal_snapshot(KEY, Snapshot(head, schema=1, body=b",".join(told)))
        await snapshots.save(sealed if life != 2 else sealed[:-1] + b"?")
        await store.roll(head.last_position - 2)
        own_valkey.kill()
        await asyncio.to_thread(own_valkey.start)  # in a thread: the links notice that they are cut
    assert choose(KEY, await snapshots.latest(), schema=1).put_aside == ()


async def test_our_own_servers_settings_are_safe(links: Links, shared_valkey: ValkeyServer) -> None:
    """A Valkey with an append-only file and an fsync for every write has nothing to be found."""
    found = findings(await read_settings(links(shared_valkey.address())))

    assert found == ()
    insist(found, allow_unsafe_store=False)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("appendonly", "no"),
        ("appendfsync", "everysec"),
        ("no-appendfsync-on-rewrite", "yes"),
        ("maxmemory-policy", "allkeys-lru"),
    ],
)
async def test_a_store_that_may_forget_is_refused(
    links: Links, own_valkey: ValkeyServer, setting: str, value: str
) -> None:
    """Each setting that lets the store forget is found on the real server and refused, unless allowed."""
    link = links(own_valkey.address())
    await link.call((b"CONFIG", b"SET", setting.encode(), value.encode()))

    (finding,) = findings(await read_settings(link))
    assert (finding.setting, finding.found, finding.severity) == (setting, value, Severity.UNSAFE)
    with pytest.raises(UnsafeStore, match=f"{setting}: found {value}"):
        insist([finding], allow_unsafe_store=False)
    insist([finding], allow_unsafe_store=True)


async def test_settings_that_are_hidden_count_as_unsafe(links: Links, own_valkey: ValkeyServer) -> None:
    """A user who may not read the configuration cannot prove that the store is safe."""
    admin = links(own_valkey.address())
    await admin.call((b"ACL", b"SETUSER", b"app", b"on", b">pw", b"~*", b"+@all", b"-config"))
    link = links(own_valkey.address(username="app", password="pw"))  # noqa: S106  a test's

    found = findings(await read_settings(link))
    assert {f.setting for f in found if f.found == HIDDEN} == {
        "appendonly",
        "appendfsync",
        "no-appendfsync-on-rewrite",
        "maxmemory-policy",
    }


async def test_a_replica_is_no_store(links: Links, own_valkey: ValkeyServer) -> None:
    """A server that follows another is found by its role."""
    link = links(own_valkey.address())
    await link.call((b"REPLICAOF", b"127.0.0.1", b"1"))

    assert [f.setting for f in findings(await read_settings(link))] == ["role"]
