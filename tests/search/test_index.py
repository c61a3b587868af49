"""Tests of the index over a room that decides: what is found, for whom, and what becomes of the file."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from controlroom.commands.entries import Operation, Radio
from controlroom.commands.entry_words import Channel, OperationNature
from controlroom.commands.handovers import HandoverTaken, HandoverWritten, SheetLine
from controlroom.commands.log_book import EntryCorrected, EntryWithdrawn, EntryWritten
from controlroom.commands.work import Merged, Noted, Parked
from controlroom.estate.areas import Area
from controlroom.events import Closed, CrewSent, Owned, PutOnTest
from controlroom.incidents.record import Record
from controlroom.search.index import Index
from controlroom.search.pieces import What
from controlroom.search.question import Question
from controlroom.search.reading import pieces_of
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal, topic_of
from tests.console.small_room import SmallRoom, doubtful, garbage

ALL = tuple(What)


def said(
    text: str, author: str = "ana", readers: tuple[str, ...] = (), room: SmallRoom | None = None
) -> EntryWritten:
    """Return an entry of the log book."""
    now = (room or SmallRoom()).now
    return EntryWritten(author, now, Radio(Channel.AIRWAVE, "LK1", text), Area.INNER_EAST, None, readers)


def keys(room: SmallRoom, words: str, reader: str | None = None, **narrow: Any) -> list[str]:
    """Return what is found, by sort and key."""
    question = Question(words, reader, ALL, **narrow)
    return [f"{one.what} {one.id}" for one in room.search.index.find(question).found]


def test_what_people_wrote_and_what_devices_said_is_found() -> None:
    """Entries, incidents with their notes, signals, quarantine, handovers, tests: each by its words."""
    room = SmallRoom()
    room.happens(
        said("Heron seen"),
        signal(Kind.ARC_ALARM, "a1", event="panic", zone="cellar"),
        Owned("INC-2", 1, "bo"),
        Noted("INC-2", 2, "bo", "Caller says the kestrel is back"),
        garbage(b'{"event": "wren"'),
        doubtful("d1"),
        HandoverWritten("ana", "Expect the merlin", (SheetLine("Open", "INC-2", "osprey"),)),
        HandoverTaken("cy", "HO-7", with_work=False, said="the goshawk too"),
        PutOnTest(topic_of(Kind.ARC_ALARM), "new buzzard", "Fitters", after(600), "ana", second_author="bo"),
    )
    assert keys(room, "heron") == ["entry LOG-1"]
    assert keys(room, "kestrel") == ["incident INC-2"]
    assert keys(room, "cellar") == ["signal 2"]
    assert keys(room, "wren") == ["quarantine 5"]
    assert "quarantine 6" in keys(room, "unknown source")
    assert keys(room, "merlin goshawk") == ["handover HO-7"]
    assert keys(room, "osprey") == []
    assert keys(room, "buzzard")[0].startswith("test ")
    assert keys(room, "inc-2") == ["incident INC-2"]
    assert "signal 2" in keys(room, "panic")


def test_an_incident_is_found_by_everything_that_became_of_it() -> None:
    """Its crew, why it was parked, what came of it and who had it, together, also after a merge."""
    room = SmallRoom()
    room.happens(*(signal(Kind.ARC_ALARM, f"a{number}", event="other") for number in range(2)))
    room.happens(Noted("INC-1", 1, "bo", "magpie"), Noted("INC-2", 1, "bo", "jackdaw"))
    first, second = room.state.incidents["INC-1"], room.state.incidents["INC-2"]
    room.happens(Merged("INC-1", first.version, "bo", "INC-2", second.version))
    version = room.state.incidents["INC-1"].version
    room.happens(Closed("INC-1", version, "cy", Outcome.MADE_SAFE))
    assert keys(room, "magpie made safe") == ["incident INC-1"]
    assert keys(room, "magpie jackdaw") == ["incident INC-1"]
    assert keys(room, "jackdaw merged") == ["incident INC-2"]
    assert keys(room, "magpie", person="cy") == ["incident INC-1"]
    assert keys(room, "magpie", person="dee") == []


def test_a_correction_is_found_and_what_it_corrects_no_more() -> None:
    """An entry is found as it reads now, and by why it was withdrawn."""
    room = SmallRoom()
    room.happens(said("Heron seen"))
    room.happens(
        EntryCorrected("LOG-1", 1, "bo", "misheard", room.now, Radio(Channel.BACIL, "LK2", "Egret seen"))
    )
    assert keys(room, "heron") == []
    assert keys(room, "egret misheard") == ["entry LOG-1"]
    room.happens(EntryWithdrawn("LOG-1", 2, "bo", "a duplicate"))
    assert keys(room, "egret withdrawn duplicate") == ["entry LOG-1"]


def test_what_is_restricted_is_found_by_its_readers_alone() -> None:
    """Nobody else finds it, and no page is shorter or longer for it."""
    room = SmallRoom()
    room.happens(*(said(f"heron {number}") for number in range(3)), said("heron nest", readers=("bo",)))
    assert keys(room, "heron", "bo")[0] == keys(room, "heron", "ana")[0] == "entry LOG-4"
    for reader in ("cy", None, "o", 'bo"', "b%"):
        page = room.search.index.find(Question("heron", reader, ALL, limit=3))
        assert [one.id for one in page.found] == ["LOG-3", "LOG-2", "LOG-1"]
        assert not page.more
    assert keys(room, "nest", "cy") == []


def test_hidden_incidents_are_hidden_with_all_that_belongs_to_them() -> None:
    """The incident, its signals, an entry about it and a doubtful message of it are not found."""
    room = SmallRoom()
    room.happens(
        signal(Kind.ARC_ALARM, "a1", event="panic", zone="heronry"),
        Noted("INC-1", 1, "bo", "heronry"),
        EntryWritten("ana", room.now, Radio(Channel.AIRWAVE, "LK1", "heronry"), None, "INC-1"),
    )
    assert keys(room, "heronry") == ["entry LOG-3", "incident INC-1", "signal 1"]
    assert keys(room, "heronry", hidden=("INC-1",)) == []


def test_the_answer_is_narrowed_by_sort_time_site_and_area() -> None:
    """Each filter leaves what it names; together they leave what all of them name."""
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    begun = room.now
    room.passes(3_600)
    room.happens(said("panic over", room=room))
    assert keys(room, "panic", since=after(1_800)) == ["entry LOG-2"]
    assert keys(room, "panic", until=after(1_800)) == ["incident INC-1", "signal 1"]
    assert keys(room, "panic", until=begun) == []
    assert keys(room, "panic", site="S1") == ["incident INC-1", "signal 1"]
    assert keys(room, "panic", kind="radio") == ["entry LOG-2"]
    assert keys(room, "panic", area="inner-east", kind="arc-alarm") == ["incident INC-1", "signal 1"]
    question = Question("panic", None, (What.SIGNAL,))
    assert [one.what for one in room.search.index.find(question).found] == [What.SIGNAL]


def test_pages_follow_each_other_without_a_gap_while_more_is_written() -> None:
    """What names hold comes first, then what texts say, each the newest first; a cursor never repeats."""
    room = SmallRoom()
    for number in range(7):
        room.happens(said(f"heron {number}"))
    named = Operation(OperationNature.OVERT, "heron", "a title", begins=room.now)
    room.happens(EntryWritten("ana", room.now, named))
    whole = keys(room, "heron")
    assert whole == ["entry LOG-8", *(f"entry LOG-{number}" for number in range(7, 0, -1))]
    seen: list[str] = []
    place: tuple[int, int] | None = None
    for _ in range(10):
        page = room.search.index.find(Question("heron", None, ALL, after=place, limit=3))
        seen += [f"{one.what} {one.id}" for one in page.found]
        room.happens(said("heron again"))
        if not page.more:
            break
        place = (page.found[-1].rank, page.found[-1].number)
    assert seen == whole


def test_a_piece_of_the_text_marks_what_was_looked_for() -> None:
    """The hit is marked, and marks that somebody wrote into the text are not taken for ours."""
    room = SmallRoom()
    room.happens(said("\x02Grey\x03 <b>heron</b> at the weir"))
    [found] = room.search.index.find(Question("heron", None, ALL)).found
    assert [part.text for part in found.parts if part.hit] == ["heron"]
    assert "<b>heron</b> at the weir" in "".join(part.text for part in found.parts)


def fed(index: Index, records: Sequence[Record], room: SmallRoom) -> None:
    """Let the index take these records."""
    pieces = [piece for record in records for piece in pieces_of(record, room.handbook.estate.place)]
    index.take(pieces, records[-1].position, records[-1].now)


def test_an_index_goes_on_where_it_was_and_begins_again_when_in_doubt(tmp_path: Path) -> None:
    """It is opened as it was left; of another journal, damaged or deleted, it is one of nothing again."""
    file, room = tmp_path / "search.sqlite3", SmallRoom()
    records = room.happens(said("heron"), said("egret"))
    index = Index(file, "this one")
    fed(index, records, room)
    index.close()
    assert file.stat().st_mode & 0o077 == 0

    again = Index(file, "this one")
    assert (again.reach.through, again.rebuilt) == (2, 0)
    assert again.find(Question("heron", None, ALL)).found
    again.close()

    other = Index(file, "another one")
    assert (other.reach.through, other.rebuilt) == (0, 1)
    fed(other, records, room)
    other.close()

    with file.open("r+b") as damaged:
        damaged.seek(4_096)
        damaged.write(b"\xff" * 40_000)
    mended = Index(file, "another one")
    assert (mended.reach.through, mended.rebuilt) == (0, 1)
    fed(mended, records, room)
    assert mended.find(Question("egret", None, ALL)).found
    mended.close()


def test_a_batch_is_taken_whole_or_not_at_all() -> None:
    """A fault in the middle of a batch leaves the index as it was, and the same batch can come again."""
    room = SmallRoom()
    records = room.happens(said("heron"), said("egret"))
    pieces = [piece for record in records for piece in pieces_of(record, room.handbook.estate.place)]
    index = Index(None, "this one")

    def breaks() -> Any:
        yield pieces[0]
        raise sqlite3.OperationalError("disk is full")

    with pytest.raises(sqlite3.OperationalError):
        index.take(breaks(), 2, room.now)
    assert (index.reach.through, index.find(Question("heron", None, ALL)).found) == (0, ())
    index.take(pieces, 2, room.now)
    index.take(pieces, 2, room.now)
    assert len(index.find(Question("heron", None, ALL)).found) == 1


def test_the_oldest_signals_leave_and_nothing_else_does() -> None:
    """Past the bound the newest signals stay, and the answer can say since when; incidents all stay."""
    room = SmallRoom()
    index = Index(None, "this one", signals_kept=5)
    for number in range(12):
        room.passes(60)
        fed(index, room.happens(signal(Kind.ARC_ALARM, f"a{number}", event="panic")), room)
    signals = index.find(Question("panic", None, (What.SIGNAL,))).found
    assert [one.id for one in signals] == ["12", "11", "10", "9", "8"]
    assert index.reach.signals_since == signals[-1].at
    assert index.find(Question("panic", None, (What.INCIDENT,))).found


def test_two_indexes_of_one_journal_are_the_same() -> None:
    """Fed in one go or record by record, an index answers the same, number for number."""
    room = SmallRoom()
    records = room.happens(
        *(signal(Kind.ARC_ALARM, f"a{number}", event="panic") for number in range(4)),
        CrewSent("INC-1", 1, "bo", "MR-01"),
        said("panic"),
        Parked("INC-2", 1, "bo", after(60), "panic waits", "ana"),
    )
    together, apart = Index(None, "x"), Index(None, "x")
    fed(together, records, room)
    for record in records:
        fed(apart, [record], room)
    asked = Question("panic", None, ALL)
    assert msgspec.to_builtins(together.find(asked)) == msgspec.to_builtins(apart.find(asked))
