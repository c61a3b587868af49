"""Who goes after a crew that does not: the next one, where the room had sent it, else a person decides.

A crew that refuses is never silence: the next one is ordered at once. One that does not accept in time is
stood down and the next one ordered, and each time one level more is told, so that nobody waits for three
crews before a person hears of it. After `UNITS_ASKED` units, or when nobody is left, the incident is the
supervisor's.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.changes import IncidentMoved, WatchArmed
from controlroom.incidents.crews.choosing import choose
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
    if order.signal is None or incident.owner is not None or len(tried) >= UNITS_ASKED:
        return None
    choice = choose(handbook, state, incident, now, tried, load)
    if choice is None:
        return None
    again = order_id(state.position + 1)
    return replace(order, id=again, unit=choice.unit, because=choice.because)


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
