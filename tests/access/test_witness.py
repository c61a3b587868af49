"""What is written down of refusals and exports: bounded where anybody can cause it, and never a secret."""

from datetime import datetime, timedelta

from controlroom.access.accounts import Account
from controlroom.access.book import Book
from controlroom.access.permissions import Permission, Person, Role
from controlroom.access.vault import MemoryVault
from controlroom.access.witness import LOOKS, MINUTE, NOTES, SITTING, UNKNOWN, Witness
from controlroom.commands.access import AccessStep
from tests.build import NOON

ANA = Person("ana", "Ana", frozenset({Role.OPERATOR}))


class Evening:
    """A witness with a clock that a test moves, and a book with one account."""

    def __init__(self) -> None:
        self.now: datetime = NOON
        self.book = Book(MemoryVault())
        self.witness = Witness(self.book, lambda: self.now)

    def details(self) -> list[str]:
        """Return what was written."""
        return [note.detail for note in self.book.notes]


async def test_a_flood_fills_no_journal() -> None:
    """So many a minute are written; the first one after that says how many more there were."""
    evening = Evening()
    for _ in range(NOTES + 12):
        await evening.witness.wrong_password("somebody", "192.0.2.1")
    assert len(evening.details()) == NOTES
    evening.now += MINUTE
    await evening.witness.turned_away(ANA, Permission.AUDIT, "GET /audit")
    assert evening.details()[-1] == "may not audit: GET /audit, after 12 more that the log has"
    evening.now += timedelta(seconds=1)
    await evening.witness.wrong_password("somebody", "192.0.2.1")
    assert "more" not in evening.details()[-1]


async def test_what_was_taken_out_is_never_left_out() -> None:
    """Each file has its note, however many there are; a long address is cut."""
    evening = Evening()
    for number in range(NOTES + 12):
        await evening.witness.exported(ANA, f"/audit.csv?about={'x' * number * 9}")
    assert len(evening.details()) == NOTES + 12
    assert max(map(len, evening.details())) == 120
    assert {note.step for note in evening.book.notes} == {AccessStep.EXPORTED}


async def test_a_name_that_nobody_has_is_not_written() -> None:
    """It may be a password in the wrong field; an account's own name is."""
    evening = Evening()
    await evening.book.keep({"ana": Account("ana", "Ana", (Role.OPERATOR,))})
    for name in ("ana", "correct horse battery"):
        await evening.witness.wrong_password(name, "192.0.2.1")
    assert [(note.author, note.account) for note in evening.book.notes] == [
        (UNKNOWN, "ana"),
        (UNKNOWN, UNKNOWN),
    ]


async def test_a_walk_through_a_night_is_written_down_once_an_hour_of_it() -> None:
    """However many steps are taken: one note for each hour that was looked at, again after a sitting."""
    evening = Evening()
    for step in range(300):
        await evening.witness.looked_back(ANA, 100 + step, NOON + timedelta(seconds=30 * step), ())
    assert evening.details() == [
        "at 2026-03-02T12:00:00Z (position 100)",
        "at 2026-03-02T13:00:00Z (position 220)",
        "at 2026-03-02T14:00:00Z (position 340)",
    ]
    assert {(note.author, note.step) for note in evening.book.notes} == {("ana", AccessStep.LOOKED_BACK)}
    evening.now += SITTING
    await evening.witness.looked_back(ANA, 100, NOON, ())
    assert len(evening.details()) == 4


async def test_a_look_at_what_is_restricted_has_its_own_note() -> None:
    """The first time in a sitting that it is told, whatever was looked at before; not for every step."""
    evening = Evening()
    for matters in ((), ("INC-7",), ("INC-7",), ("INC-7", "LOG-9")):
        await evening.witness.looked_back(ANA, 5, NOON, matters)
    assert [detail.partition(", ")[2] for detail in evening.details()] == [
        "",
        "with restricted INC-7",
        "with restricted LOG-9",
    ]
    await evening.witness.looked_back(ANA, 5, NOON, [f"INC-{number}" for number in range(20, 31)])
    assert evening.details()[-1].endswith("INC-26, INC-27 and 3 more")


async def test_who_jumps_through_years_fills_no_journal() -> None:
    """A sitting has so many notes; the last one says that it is not all. Others have their own."""
    evening = Evening()
    for day in range(200):
        await evening.witness.looked_back(ANA, 5, NOON - timedelta(days=day), ())
    assert len(evening.details()) == LOOKS
    assert evening.details()[-1].endswith("more of this quarter of an hour is not written down")
    await evening.witness.looked_back(Person("bob", "Bob", frozenset({Role.OPERATOR})), 5, NOON, ())
    assert len(evening.details()) == LOOKS + 1
