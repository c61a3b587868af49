"""What follows from a handover: a sheet that is kept, and with the second signature the work as well.

Nobody signs both sides, whatever capitals and spaces they write their name with. Taking the work over moves
the ownership of every open incident of the one who gave, in one step, but for those that the other may not
see; deadlines of crews and of parking stay, and so does that of a look at what joined since: the sheet may
be older than that. An owner's time begins anew.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.commands.handovers import HandoverCommand, HandoverTaken, HandoverWritten
from controlroom.incidents.changes import Change
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.handovers.state import Handover, HandoverGiven, HandoverSigned
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.log_book.entry import may_see
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.commanded import person
from controlroom.incidents.work.expected import (
    Move,
    as_it_stands,
    crew_still_awaited,
    owned_by,
    person_still_awaited,
)


def on_handover(handbook: Handbook, state: State, command: HandoverCommand, now: datetime) -> Decision:
    """Return what becomes of a handover."""
    match command:
        case HandoverWritten():
            given = Handover(f"HO-{state.position + 1}", command.author, now, command.expect, command.sheet)
            return Decision((HandoverGiven(given),), reasons=(Reason.COMMAND,))
        case HandoverTaken():
            return _taken(handbook, state, command, now)
        case _:
            assert_never(command)


def _taken(handbook: Handbook, state: State, command: HandoverTaken, now: datetime) -> Decision:
    given = state.handovers.get(command.handover)
    if given is None:
        return Decision(reasons=(Reason.HANDOVER_UNKNOWN,))
    if given.taken_by is not None:
        return Decision(reasons=(Reason.HANDOVER_SIGNED,))
    if person(given.given_by) == person(command.author):
        return Decision(reasons=(Reason.HANDOVER_NEEDS_SECOND,))
    signed = HandoverSigned(given.id, command.author, now, command.with_work, command.said)
    moved = tuple(_work(handbook, state, given.given_by, command.author, now)) if command.with_work else ()
    return Decision((signed, *moved), reasons=(Reason.COMMAND,))


def _work(handbook: Handbook, state: State, giver: str, taker: str, now: datetime) -> Iterator[Change]:
    """Yield the moves by which the open incidents of one person become another's."""
    for incident in state.incidents.values():
        if incident.owner != giver or not may_see(incident.readers, taker):
            continue
        moved = crew_still_awaited(state, incident, Decision(_moved(handbook, state, incident, taker, now)))
        yield from person_still_awaited(state, incident, moved).changes


def _moved(handbook: Handbook, state: State, incident: Incident, taker: str, now: datetime) -> Move:
    """Return the incident as the taker's, with what is expected next."""
    if incident.status is Status.OWNED:
        return owned_by(handbook.house.work, incident, taker, now)
    moved, armed = as_it_stands(state, incident, now)
    moved = replace(
        moved,
        owner=taker,
        by=taker,
        what="handed over",
        parked=incident.parked or "",
        outcome=incident.outcome or "",
    )
    return moved, armed
