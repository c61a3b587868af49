"""What an operator's word about a person leads to: booked on, booked off, or heard by telephone."""

from datetime import datetime
from typing import assert_never

from controlroom.events import PersonBookedOff, PersonBookedOn, PersonChecked, PersonCommand
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.people.begun import Booking, begun, checked
from controlroom.incidents.people.duty import DutyEnded
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import Kind

WATCHED_OVER = frozenset({Kind.LONE_WORKER.value, Kind.GUARD.value})
"""Kinds of place that stand for a person."""


def on_person_command(handbook: Handbook, state: State, command: PersonCommand, now: datetime) -> Decision:
    """Return what follows; a command about nobody whom the room watches over changes nothing.

    Who is on duty can be booked off whatever the estate says of them now: it may have changed meanwhile.
    """
    place = handbook.estate.place(command.source)
    if isinstance(command, PersonBookedOff) and command.source in state.duties:
        return Decision((DutyEnded(command.source, command.author),), reasons=(Reason.COMMAND,))
    if place is None or place.kind not in WATCHED_OVER:
        return Decision(reasons=(Reason.PERSON_UNKNOWN,))
    duty, people = state.duties.get(command.source), handbook.house.people
    match command:
        case PersonBookedOn():
            if duty is not None:
                return Decision(reasons=(Reason.ON_DUTY,))
            return Decision(
                begun(handbook, place, Booking(by=command.author), now), reasons=(Reason.COMMAND,)
            )
        case PersonBookedOff():
            return Decision(reasons=(Reason.OFF_DUTY,))
        case PersonChecked():
            if duty is None:
                return Decision(reasons=(Reason.OFF_DUTY,))
            return Decision(checked(people, duty, now, command.author), reasons=(Reason.COMMAND,))
        case _:
            assert_never(command)
