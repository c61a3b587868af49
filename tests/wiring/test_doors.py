"""The desk where commands are handed in: what the journal cannot hold goes no further than this."""

import msgspec
import pytest

from controlroom.commands.log_book import EntryWithdrawn
from controlroom.commands.rule_changes import DifferencesAccepted, ShadowStopped
from controlroom.console.problems import ProblemError
from controlroom.events import Ask
from controlroom.wiring.doors import RoomDesk
from tests.journal.virtual_time import run
from tests.room.desk import at_work

HALF = "\ud800"
"""Half a character: no UTF-8 has it."""


@pytest.mark.parametrize(
    "command",
    [
        DifferencesAccepted("eng", "why", "", "", 10**25),
        ShadowStopped("eng", HALF),
        EntryWithdrawn(HALF, 1, "op-1", "x"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_no_journal_can_hold_is_refused_before_the_room_hears_it(command: Ask) -> None:
    """It is a 400 for who sent it; the writer goes on and takes the next command."""

    async def story() -> None:
        async with at_work() as desk:
            with pytest.raises(ProblemError) as refused:
                await RoomDesk(desk.room).tell(command)
            assert refused.value.status == 400
            await desk.turns()
            assert (desk.room.unsettled, desk.shelf.pending) == (0, 0)
            desk.room.tell(msgspec.structs.replace(command, **FINE[type(command)]), "fine")
            await desk.turns()
            desk.store()
            assert desk.tokens == ["fine"]

    run(story())


FINE: dict[type, dict[str, object]] = {
    DifferencesAccepted: {"position": 1},
    ShadowStopped: {"reason": "enough"},
    EntryWithdrawn: {"entry": "LOG-1"},
}
"""What each of them may say."""
