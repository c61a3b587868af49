"""Who goes after a crew that does not: the next one, where the room had sent it, else a person decides.

A crew that refuses is never silence: the next one is ordered at once. One that does not accept in time is
stood down and the next one ordered, and each time one level more is told, so that nobody waits for three
crews before a person hears of it. After `UNITS_ASKED` units, or when nobody is left, the incident is the
supervisor's. A crew that the room could not hear because it was away itself is none of those that were asked.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.changes import IncidentMoved, WatchArmed
from controlroom.incidents.crews.choosing import Choice, choose
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import Move, escalated
from controlroom.orders import SendCrew, order_id

UNITS_ASKED = 3
"""Units that the room asks by itself before a person has to find one: after three that do not go something is
wrong with the job, and each one costs up to a minute."""

SUPERVISOR = 2
"""The escalation that tells the supervisor: operators could not have known more than the crews did."""


class Going(Struct, frozen=True, gc=False):
    """How an incident goes on: its move, what is expected, and the order to the next crew if there is one."""

    moved: IncidentMoved
    armed: WatchArmed
    order: SendCrew | None = None

    @property
    def changes(self) -> Move:
        """The move and its watch."""
        return self.moved, self.armed


def next_crew(
    handbook: Handbook,
    state: State,
    incident: Incident,
    order: SendCrew,
    now: datetime,
    load: Mapping[str, int] | None = None,
) -> SendCrew | None:
    """Return the order to the next crew, of the same id as nobody else's; None where a person decides.

    A person who has the incident, or who sent this unit, decides who goes next.
    """
    tried = (*incident.refused_by, order.unit)
    if not _the_room_sends(incident, order, len(tried)):
        return None
    return _given(state, order, choose(handbook, state, incident, now, tried, load))


def next_unheard(
    handbook: Handbook, state: State, incident: Incident, order: SendCrew, now: datetime
) -> SendCrew | None:
    """Return the order to the next crew where nobody knows whether this one said yes: it is not counted."""
    if not _the_room_sends(incident, order, len(incident.refused_by)):
        return None
    return _given(state, order, choose(handbook, state, incident, now, (*incident.refused_by, order.unit)))


def could_not_be_heard(state: State, standing: StandingOrder) -> bool:
    """Say whether the room was away or deaf in the time that this crew had for its answer.

    An order that is given while it is deaf counts, unless it hears again within that time: so an outage
    excuses two orders at most, however long it is, and nobody is asked in turns for ever.
    """
    hearing = state.hearing
    if hearing.deaf_since is not None:
        return standing.issued_at < hearing.deaf_since
    return hearing.again_since is not None and standing.issued_at < hearing.again_since


def _the_room_sends(incident: Incident, order: SendCrew, tried: int) -> bool:
    """Say whether the room goes on asking: it had sent this one, nobody has the incident, few were tried."""
    return order.signal is not None and incident.owner is None and tried < UNITS_ASKED


def _given(state: State, order: SendCrew, choice: Choice | None) -> SendCrew | None:
    if choice is None:
        return None
    return replace(order, id=order_id(state.position + 1), unit=choice.unit, because=choice.because)


def goes_on(
    handbook: Handbook, incident: Incident, old: SendCrew, order: SendCrew | None, because: str, now: datetime
) -> Going:
    """Return how the incident goes on without the unit of the old order; escalated where no order follows."""
    house = handbook.house
    if order is None:
        moved, armed = escalated(house.work, incident, because, now)
        return Going(replace(moved, refused=old.unit), armed)
    due = after(now, house.accept_within_s)
    moved = IncidentMoved(
        incident.id, Status.DISPATCHED, due=due, order=order.id, because=because, refused=old.unit
    )
    return Going(moved, WatchArmed(Watch(due, WatchKind.ACCEPTANCE, order.id)), order)
