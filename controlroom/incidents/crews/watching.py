"""A crew at a place is somebody who works alone: it owes signs of life until it is away again.

Its duty is that of a lone worker, under the crew's own topic: whatever it reports counts as a check, and a
check that does not come goes through the same steps and the same rule tables, up to another crew that is sent
to where it was last. It begins with its arrival and ends when it says that it left: an order that is recalled
from behind does not bring anybody home.
"""

from datetime import datetime

from controlroom.estate.areas import Area
from controlroom.incidents.changes import Change
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.people.begun import Booking, begun, checked
from controlroom.incidents.people.duty import DutyEnded
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Step


def watched_at(handbook: Handbook, state: State, unit: str, by: str | None, now: datetime) -> list[Change]:
    """Return what begins with the arrival of this unit; one that is at a place already has given a sign."""
    crew = handbook.estate.crews.get(unit)
    place = handbook.estate.place(crew.topic) if crew is not None else None
    if crew is None or place is None:
        return []
    if crew.topic in state.duties:
        return sign_of_life(handbook, state, unit, by, now)
    return [*begun(handbook, place, Booking(unit, by), now)]


def sign_of_life(handbook: Handbook, state: State, unit: str, by: str | None, now: datetime) -> list[Change]:
    """Return what a word of this unit does for its watch; nothing where it is at no place.

    Nor after a duress alarm: somebody else may be holding its terminal, so only an operator's check ends it.
    """
    crew = handbook.estate.crews.get(unit)
    duty = state.duties.get(crew.topic) if crew is not None else None
    if duty is None or duty.silent:
        return []
    return [*checked(handbook.house.people, duty, now, by)]


def away(handbook: Handbook, state: State, unit: str, by: str | None, order: str) -> list[Change]:
    """Return the end of this unit's watch, unless it is still at the place of another order than this one."""
    others = (state.orders[one].step for one in state.in_hand.get(unit, ()) if one != order)
    return [] if Step.ON_SCENE in others else watch_over(handbook, state, unit, by)


def watch_over(handbook: Handbook, state: State, unit: str, by: str | None) -> list[Change]:
    """Return the end of this unit's watch, wherever it is."""
    return [DutyEnded(topic, by) for topic in _duties_of(handbook, state, unit)]


def _duties_of(handbook: Handbook, state: State, unit: str) -> list[str]:
    """Return the topics under which this unit is watched over, also of an area or estate that it left."""
    crew = handbook.estate.crews.get(unit)
    topics = [crew.topic] if crew is not None else []
    topics += [f"leedswatch/{area}/lone-worker/{unit}" for area in Area]
    return [topic for topic in dict.fromkeys(topics) if topic in state.duties]
