"""What the console shows of the time before a start, read back from the journal.

A convenience: the room has its state without it, so whatever hinders it is logged and hinders no start.
"""

import structlog

from controlroom.incidents.record import Record
from controlroom.journal.records import decode_frame
from controlroom.journal.store import JournalError, Store
from controlroom.journal.stored import Head

RECENT_RECORDS = 2_000
"""What the console shows of the time before a start: some minutes of a busy day, read in a blink."""


async def recent_records(store: Store, head: Head) -> list[Record]:
    """Return the last records up to `head`, without a hole; none when the store does not give them all.

    Records that this version cannot read any more are passed over: they are safe, only not shown.
    """
    log = structlog.get_logger("console")
    shown: list[Record] = []
    try:
        async for frame in store.frames(max(0, head.last_position - RECENT_RECORDS)):
            try:
                shown += decode_frame(frame.body)
            except ValueError as fault:
                log.warning("not_shown", position=frame.position, error=str(fault))
                shown.clear()
    except (JournalError, OSError) as error:
        log.warning(
            "recent_not_shown", error=str(error), advice="nothing is lost; the audit command shows it"
        )
        shown.clear()
    return shown
