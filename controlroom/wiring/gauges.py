"""What Prometheus reads of the room as it stands: gauges, read at the scrape, on the scrape's own thread.

Each looks at dictionaries that the room may be changing, so each takes its copy in one step.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from controlroom.clock import Now
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.sites.picture import by_set_state
from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import Phase
from controlroom.metrics import PRIORITIES, RoomMetrics
from controlroom.room import Room
from controlroom.signals.dispatch_messages import Step

QUEUES = {
    Status.NEW: "waiting",
    Status.ESCALATED: "waiting",
    Status.PARKED: "aside",
    Status.RESOLVED: "aside",
}
"""Whom an open incident waits for: `waiting` for anybody, `in_hand` for who has it, `aside` for later."""

IN_HAND = "in_hand"

GIVEN = "given"
"""The state of an order before its unit has said anything."""

Publish = Callable[[str, str, tuple[str, ...], Callable[[], Mapping[tuple[str, ...], float]]], object]
"""Publishes a gauge that has labels: its name, its text, its labels, and what reads it."""

ENDED = frozenset({Step.CLEARED, Step.REFUSED, Step.STOOD_DOWN})

NO_STATE = ENDED | {Step.ACKNOWLEDGED}
"""Steps that no order which goes on stands at; that a crew knows of an update moves nothing."""


def show_gauges(metrics: RoomMetrics, publish: Publish, room: Room, session: Session, now: Now) -> None:
    """Publish what is read at the scrape."""
    state, gauge = room.state, metrics.gauge
    gauge("controlroom_orders_unsent", "Orders that the broker has not confirmed.", lambda: len(state.unsent))
    gauge("controlroom_signals_held", "Causes that wait for an abort.", lambda: len(state.holds.by_name))
    gauge("controlroom_faults_standing", "Mains and path faults that stand.", lambda: len(state.faults))
    gauge(
        "controlroom_faults_unpaired",
        "Faults whose restore is overdue.",
        lambda: sum(fault.unpaired for fault in tuple(state.faults.values())),
    )
    gauge(
        "controlroom_degraded",
        "1 while the store is away and nothing is acknowledged.",
        lambda: float(room.degraded_because is not None),
    )
    gauge(
        "controlroom_mqtt_connected",
        "1 while the session with the broker stands.",
        lambda: float(session.state.phase in {Phase.CONNECTED, Phase.PAUSED}),
    )
    gauge("controlroom_inbox_waiting", "Things told and not decided yet.", lambda: room.waiting)
    gauge("controlroom_journal_position", "Position of the last decided record.", lambda: state.position)
    gauge(
        "controlroom_demonstration",
        "1 in a room whose real work is simulated.",
        lambda: float(room.handbook.house.demonstration),
    )
    publish(
        "controlroom_sites",
        "Alarm panels by what they last said of themselves; unknown is nothing yet.",
        ("area", "state"),
        lambda: by_set_state(room.handbook.estate, state.sites),
    )
    _of_work(publish, room, now)


def _of_work(publish: Publish, room: Room, now: Now) -> None:
    state = room.state

    def incidents() -> tuple[Incident, ...]:
        return tuple(state.incidents.values())

    publish(
        "controlroom_incidents_open",
        "Incidents that are not closed, by whom they wait for.",
        ("queue", "priority"),
        lambda: open_by_queue(incidents()),
    )
    publish(
        "controlroom_incident_oldest_seconds",
        "Age of the oldest open incident, by whom it waits for; 0 where there is none.",
        ("queue", "priority"),
        lambda: oldest_by_queue(incidents(), now()),
    )
    publish(
        "controlroom_incident_overdue_seconds",
        "How long the moment by which somebody must have moved is past, for the worst; 0 where it is not.",
        ("priority",),
        lambda: overdue(incidents(), now()),
    )
    publish(
        "controlroom_orders_open",
        "Orders that are not over, by the last step that their unit told of.",
        ("state",),
        lambda: orders_by_state(room),
    )


def open_by_queue(incidents: tuple[Incident, ...]) -> Mapping[tuple[str, ...], float]:
    """Return how many open incidents wait for whom."""
    count = _by_queue()
    for incident in incidents:
        count[_place(incident)] += 1
    return count


def oldest_by_queue(incidents: tuple[Incident, ...], now: datetime) -> Mapping[tuple[str, ...], float]:
    """Return the age in seconds of the oldest open incident of each queue."""
    oldest = _by_queue()
    for incident in incidents:
        place = _place(incident)
        oldest[place] = max(oldest[place], (now - incident.opened_at).total_seconds())
    return oldest


def overdue(incidents: tuple[Incident, ...], now: datetime) -> Mapping[tuple[str, ...], float]:
    """Return by how many seconds the most overdue incident of each priority is late."""
    worst: dict[tuple[str, ...], float] = {(str(priority),): 0.0 for priority in PRIORITIES}
    for incident in incidents:
        if incident.due is not None:
            late_s = (now - incident.due).total_seconds()
            worst[str(incident.priority),] = max(worst[str(incident.priority),], late_s)
    return worst


def orders_by_state(room: Room) -> Mapping[tuple[str, ...], float]:
    """Return how many orders that are not over are how far."""
    state = room.state
    count: dict[tuple[str, ...], float] = {
        (word,): 0 for word in (GIVEN, *(step for step in Step if step not in NO_STATE))
    }
    for orders in tuple(state.in_hand.values()):
        for order in orders:
            count[state.orders[order].step or GIVEN,] += 1
    return count


def _by_queue() -> dict[tuple[str, ...], float]:
    queues = ("waiting", IN_HAND, "aside")
    return {(queue, str(priority)): 0.0 for queue in queues for priority in PRIORITIES}


def _place(incident: Incident) -> tuple[str, ...]:
    return QUEUES.get(incident.status, IN_HAND), str(incident.priority)
