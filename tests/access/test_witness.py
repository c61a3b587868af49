"""What is written down of refusals and exports: bounded where anybody can cause it, and never a secret."""

from datetime import datetime, timedelta

from controlroom.access.accounts import Account
from controlroom.access.book import Book
from controlroom.access.permissions import Permission, Person, Role
from controlroom.access.vault import MemoryVault
from controlroom.access.witness import MINUTE, NOTES, UNKNOWN, Witness
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
