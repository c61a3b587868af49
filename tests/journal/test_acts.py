"""What people did, read back from a journal: by who, what and when, a page at a time."""

from datetime import datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.log_book import EntryWritten
from controlroom.commands.work import Noted
from controlroom.events import Event, How, Owned, RulesSwapped, Tick
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.journal import acts
from controlroom.journal.acts import OF_STEPS, Act, ActKind, Trail, TrailBusy, Wanted, act_of, position_at
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.store import Undecodable
from controlroom.journal.stored import EMPTY, StoredFrame, head_of
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal

SIGNED_IN = AccessNoted("ana", AccessStep.SIGNED_IN, "ana", "by password from 192.0.2.1")
REFUSED = AccessNoted("?", AccessStep.REFUSED, "ana", "wrong password from 192.0.2.9")
NOTE = Noted("INC-1", 1, "ben", "rang her")
DECIDED = Decision(reasons=(Reason.COMMAND_STALE,))


async def journal(*events: Event, size: int = 3) -> MemoryStore:
    """Return a store of these events, a second apart, so many in a frame."""
    store, head = MemoryStore(), EMPTY
    records = [Record(at, after(at), event, DECIDED) for at, event in enumerate(events, 1)]
    for begin in range(0, len(records), size):
        batch = records[begin : begin + size]
        frame = StoredFrame(1, batch[0].position, len(batch), encode_frame("w", batch), b"m")
        await store.append(frame, head)
        head = head_of(frame)
    return store


async def all_of(store: MemoryStore, last: int, wanted: Wanted, limit: int = 2) -> list[Act]:
    """Return every act by going from page to page."""
    trail, found, before = Trail(store, lambda: last), list[Act](), None
    while True:
        page = await trail.page(wanted, before, limit)
        assert len(page.acts) <= limit
        found += page.acts
        if page.before is None:
            return found
        assert before is None or page.before < before
        before = page.before


async def test_acts_come_newest_first_with_who_what_and_what_came_of_it() -> None:
    """Signals and ticks are nobody's; what was refused says so."""
    store = await journal(SIGNED_IN, Tick(), signal(Kind.GUARD, "g1"), NOTE, REFUSED)
    found = await all_of(store, 5, Wanted())
    assert [(act.position, act.author, act.kind, act.came) for act in found] == [
        (5, "?", ActKind.REFUSED, "refused"),
        (4, "ben", ActKind.WORK, "stale"),
        (1, "ana", ActKind.SIGN_IN, "taken"),
    ]
    assert found[1].said == "ben notes on INC-1: rang her"
    assert found[2].said == "ana: signed_in ana by password from 192.0.2.1"


@given(
    st.lists(st.sampled_from((SIGNED_IN, REFUSED, NOTE, Tick())), max_size=40),
    st.integers(1, 5),
    st.sampled_from((None, "ana", "ben")),
    st.integers(1, 7),
)
@settings(max_examples=60, deadline=None)
async def test_pages_together_are_what_was_asked_for(
    events: list[Event], size: int, author: str | None, limit: int
) -> None:
    """Whatever the frames, the windows and the limit: every act once, in order, and no other."""
    store = await journal(*events, size=size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acts, "WINDOWS", (2, 3))
        wanted = Wanted(author=author, since=after(3), until=after(30))
        found = await all_of(store, len(events), wanted, limit)
    records = [Record(at, after(at), event, DECIDED) for at, event in enumerate(events, 1)]
    every = [act for act in map(act_of, reversed(records)) if act is not None and wanted.holds(act)]
    assert found == every


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        (Wanted(kind=ActKind.REFUSED), [3]),
        (Wanted(about="INC-1"), [2]),
        (Wanted(about="192.0.2"), [3, 1]),
        (Wanted(author="ANA"), []),
        (Wanted(since=after(2), until=after(3)), [2]),
    ],
)
async def test_acts_are_asked_for_by_sort_words_and_time(wanted: Wanted, positions: list[int]) -> None:
    """Each filter by itself; the end of a span is not in it."""
    store = await journal(SIGNED_IN, NOTE, REFUSED)
    assert [act.position for act in await all_of(store, 3, wanted)] == positions


@pytest.mark.parametrize(
    ("moment", "position"), [(after(0), 1), (after(1), 1), (after(4.5), 5), (after(7), 7), (after(99), 8)]
)
async def test_a_moment_is_found_by_halving(moment: datetime, position: int) -> None:
    """The first record that is not before it; behind the last one where there is none."""
    store = await journal(*[Tick()] * 7)
    assert await position_at(store, moment, 8) == position


async def test_what_was_looked_at_is_bounded_and_the_page_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that finds nothing says how far it looked, and where to go on."""
    monkeypatch.setattr(acts, "WINDOWS", (3, 4))
    store = await journal(SIGNED_IN, *[Tick()] * 20)
    page = await Trail(store, lambda: 21).page(Wanted(), None, 5)
    assert (page.acts, page.before, page.seen) == ((), 15, 15)


async def test_a_restricted_entry_tells_nothing() -> None:
    """That somebody wrote it is in the audit; what it says, and for whom it is, is not."""
    said = Radio(Channel.AIRWAVE, "LK1", "a secret operation")
    store = await journal(EntryWritten("ana", after(0), said, None, None, ("ana",)))
    [act] = await all_of(store, 1, Wanted())
    assert (act.kind, "secret" in act.said) == (ActKind.LOG_BOOK, False)


async def test_a_frame_that_cannot_be_read_is_said_and_not_passed_over() -> None:
    """An audit with a hole in it is none."""
    store = MemoryStore()
    await store.append(StoredFrame(1, 1, 1, b"author?", b"m"), EMPTY)
    with pytest.raises(Undecodable, match="position 1"):
        await Trail(store, lambda: 1).page(Wanted(), None, 5)


async def test_readers_wait_for_each_other_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit costs the room little, however many ask."""
    monkeypatch.setattr(acts, "WAITING_MOST", 0)
    with pytest.raises(TrailBusy):
        await Trail(MemoryStore(), lambda: 0).page(Wanted(), None, 5)


def test_every_step_and_every_command_is_of_some_sort() -> None:
    """No step is forgotten; rules are rules, and who owned is work."""
    assert set(OF_STEPS) == set(AccessStep)
    swapped = RulesSwapped("a", "b", "sam", How.RELOAD)
    assert acts.kind_of(swapped) is ActKind.RULES
    assert acts.kind_of(Owned("INC-1", 1, "ana")) is ActKind.WORK
    assert len(get_args(Event)) > 30
