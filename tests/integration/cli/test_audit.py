"""`controlroom audit` on a journal in a real Valkey."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from controlroom.events import Event, MessageQuarantined, QuarantineReason, RoomOpened, SignalReceived, Tick
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.journal.archive import ArchivedStore
from controlroom.journal.chain import seal
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import Snapshot, seal_snapshot
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.restore import SCHEMA
from controlroom.signals.envelope import read
from controlroom.signals.wire import Wire
from tests.integration.cli.installation import KEY, Installation
from tests.integration.journal.stage import ValkeyServer

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
EVENT = {
    "specversion": "1.0",
    "id": "call-1",
    "source": "leedswatch/inner-east/help-point/HP-1",
    "type": "uk.gov.leeds.leedswatch.help-point.v1",
    "time": "2026-01-31T12:00:00Z",
    "data": {"point": "HP-1", "call": "C-1", "step": "started"},
}
SIGNAL = Wire(EVENT["source"], json.dumps(EVENT).encode())  # type: ignore[arg-type] # it is a text
GARBAGE = Wire("leedswatch/inner-east/help-point/HP-\x1b[2J", b"\xff\x00")


def history() -> list[list[Record]]:
    """Return what a short life of a room left, frame by frame."""
    events: list[list[Event]] = [
        [RoomOpened("leedswatch-1 abc", 1, "rules-1", demonstration=False)],
        [
            SignalReceived(read(SIGNAL), SIGNAL, b"\x01\x02"),
            MessageQuarantined(GARBAGE, QuarantineReason.NOT_UTF8, "byte 0"),
        ],
        [Tick()],
    ]
    position, frames = 0, []
    for batch in events:
        records = []
        for event in batch:
            position += 1
            now = NOON + timedelta(seconds=position)
            records.append(Record(position, now, event, Decision(reasons=(Reason.RULE,))))
        frames.append(records)
    return frames


class Desk:
    """The journal of the installation's room, to be written by the test."""

    def __init__(self, link: Link, installation: Installation) -> None:
        self.store = ArchivedStore(ValkeyStore("leeds", link, link), installation.archive)
        self.snapshots = ValkeySnapshots("leeds", link)

    async def write(self, frames: list[list[Record]], *, flipped: int | None = None) -> Head:
        """Return the end of the chain; frame number `flipped` has one bit of its body turned over."""
        head = EMPTY
        for number, records in enumerate(frames):
            frame = seal(KEY, head, 1, len(records), encode_frame("leedswatch-1 abc", records))
            stored = frame
            if number == flipped:
                stored = msgspec.structs.replace(frame, body=bytes([frame.body[0] ^ 1]) + frame.body[1:])
            await self.store.append(stored, head)
            head = head_of(frame)
        return head

    async def frames(self) -> list[StoredFrame]:
        """Return what is stored."""
        return [frame async for frame in self.store.frames()]


@pytest.fixture
async def desk(valkey: ValkeyServer, installation: Installation) -> AsyncIterator[Desk]:
    """A desk that is closed with the test."""
    link = Link(valkey.address())
    yield Desk(link, installation)
    await link.close()


async def test_a_sound_journal_is_said_to_be_sound(desk: Desk, installation: Installation) -> None:
    """`audit verify` ends with 0 and counts frames and records, those in archive files included."""
    head = await desk.write(history())
    await desk.snapshots.save(seal_snapshot(KEY, Snapshot(head, SCHEMA, b"")))
    installation.archive.mkdir()
    await desk.store.roll(3)

    said = await installation.run("audit", "verify")
    as_json = await installation.run("audit", "verify", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.out == "journal of room leeds: sound, 4 records in 3 frames, epoch 1; snapshot at 4\n"
    assert as_json.code == 0
    assert json.loads(as_json.out)["records"] == 4


@pytest.mark.parametrize(("flipped", "position", "held"), [(0, 1, 0), (1, 2, 1), (2, 4, 3)])
async def test_one_flipped_bit_is_found_at_its_position(
    desk: Desk, installation: Installation, flipped: int, position: int, held: int
) -> None:
    """`audit verify` ends with 1 and names the first bad position and how much before it holds."""
    await desk.write(history(), flipped=flipped)

    said = await installation.run("audit", "verify")

    assert said.code == 1
    assert f"broken at position {position}: mac: " in said.out
    assert f"{held} records in {flipped} frames before it hold" in said.out


async def test_a_journal_that_lost_its_end_is_found_by_its_snapshot(
    desk: Desk, installation: Installation
) -> None:
    """A chain that ends before its own snapshot is broken where it ends."""
    head = await desk.write(history()[:2])
    beyond = msgspec.structs.replace(head, next_position=head.next_position + 5)
    await desk.snapshots.save(seal_snapshot(KEY, Snapshot(beyond, SCHEMA, b"")))

    said = await installation.run("audit", "verify")

    assert said.code == 1
    assert "broken at position 4: the journal ends here, but a snapshot was taken at 8" in said.out


async def test_records_are_shown_one_a_line(desk: Desk, installation: Installation) -> None:
    """`audit show` prints position, moment, event and reasons, and nothing that moves a cursor."""
    await desk.write(history())

    said = await installation.run("audit", "show", "--from", "2", "--to", "3")

    assert said.code == 0
    first, second = said.out.splitlines()
    assert " ".join(first.split()) == (
        "2 2026-01-31T12:00:02.000Z signal leedswatch/inner-east/help-point/HP-1 call-1 -> nothing (rule)"
    )
    assert "quarantined leedswatch/inner-east/help-point/HP-\N{REPLACEMENT CHARACTER}[2J not_utf8" in second
    assert "\x1b" not in said.out


async def test_a_span_can_be_of_moments(desk: Desk, installation: Installation) -> None:
    """`--from` and `--to` take moments too; what is neither a position nor a moment ends with 2."""
    await desk.write(history())

    said = await installation.run(
        "audit", "show", "--from", "2026-01-31T12:00:04+00:00", "--to", "2026-01-31T12:00:04"
    )
    wrong = await installation.run("audit", "show", "--from", "yesterday")

    assert [line.split()[0] for line in said.out.splitlines()] == ["4"]
    assert wrong.code == 2
    assert "--from: found 'yesterday'" in wrong.err


async def test_the_export_has_the_raw_message(desk: Desk, installation: Installation) -> None:
    """`audit export` prints every record as JSON, payloads byte for byte."""
    await desk.write(history())

    said = await installation.run("audit", "export")

    records = [json.loads(line) for line in said.out.splitlines()]
    assert [record["position"] for record in records] == [1, 2, 3, 4]
    assert json.loads(records[1]["event"]["wire"]["payload"]) == EVENT
    assert records[2]["event"]["wire"]["payload_base64"] == "/wA="
    assert records[2]["event"]["reason"] == "not_utf8"


async def test_a_store_that_is_away_ends_with_4(valkey: ValkeyServer, installation: Installation) -> None:
    """Without the store there is nothing to verify: one line, and 4."""
    valkey.kill()

    said = await installation.run("audit", "verify")

    assert (said.code, said.out) == (4, "")
    assert "is store.url right and the store running?" in said.err
    assert len(said.err.splitlines()) == 1


async def test_an_audit_changes_nothing(desk: Desk, installation: Installation) -> None:
    """After verify, show and export the store holds the very same frames."""
    await desk.write(history())
    before = await desk.frames()

    for word in ("verify", "show", "export"):
        assert (await installation.run("audit", word)).code == 0

    assert await desk.frames() == before
    assert sorted(path.name for path in (installation.home / "var").iterdir()) == []
