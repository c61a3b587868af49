"""What the room itself says about a site, as a signal that the rule tables take like any other."""

from datetime import datetime

from controlroom.estate.model import Place
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.inferred import room_id
from controlroom.incidents.state import State
from controlroom.signals.envelope import ArcAlarmSignal, GuardSignal, ParkSignal, type_of
from controlroom.signals.payloads import BY_THE_ROOM
from controlroom.signals.vocabulary import AlarmEvent, GuardEvent, Kind, ParkEvent

ROOM = "room"
"""Who misses a patrol: the guard of a report that no guard made."""


def of_panel(
    handbook: Handbook, state: State, place: Place, event: AlarmEvent, now: datetime, zone: str | None = None
) -> ArcAlarmSignal:
    """Return the room's word about a panel; `zone` is the path or the system that it is about."""
    data = {"site": place.site, "event": event, "zone": zone}
    return ArcAlarmSignal.model_validate(
        _attributes(handbook, state, place, Kind.ARC_ALARM, now) | {"data": data}, context=BY_THE_ROOM
    )


def of_patrol(handbook: Handbook, state: State, post: Place, now: datetime) -> GuardSignal:
    """Return the room's word that nobody visited the site of this post."""
    data = {"guard": ROOM, "post": post.site, "event": GuardEvent.VISIT_MISSED}
    return GuardSignal.model_validate(
        _attributes(handbook, state, post, Kind.GUARD, now) | {"data": data}, context=BY_THE_ROOM
    )


def of_park(handbook: Handbook, state: State, park: Place, event: ParkEvent, now: datetime) -> ParkSignal:
    """Return the room's word about the gates of a park."""
    data = {"park": park.topic.rpartition("/")[2], "event": event}
    return ParkSignal.model_validate(
        _attributes(handbook, state, park, Kind.PARK, now) | {"data": data}, context=BY_THE_ROOM
    )


def _attributes(
    handbook: Handbook, state: State, place: Place, kind: Kind, now: datetime
) -> dict[str, object]:
    """Return the envelope; in a demonstration what follows from simulated signals is simulated as well."""
    return {
        "specversion": "1.0",
        "id": room_id(state),
        "source": place.topic,
        "type": type_of(kind),
        "time": now,
        "simulated": handbook.house.demonstration,
    }
