"""What the metrics say of crews and their orders: how they are now, and how long each step took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from controlroom.clock import Now
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.crews.changes import OrderEnded
from controlroom.incidents.crews.status import CrewStatus, status_of, wall_at
from controlroom.incidents.record import Record
from controlroom.metrics import RoomMetrics
from controlroom.orders import SendCrew
from controlroom.room import Room
from controlroom.signals.dispatch_messages import Step

BUCKETS_S = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0, 3_600.0, 7_200.0)
"""From a thumb on the screen to two hours at a place; 60 is the limit of an acceptance, 1,200 and 1,800 are
those that most rules give for an arrival."""

_TIMED = (Step.ACCEPTED, Step.ON_SCENE, Step.CLEARED)


class CrewMeter:
    """Times orders from their issue on, and reads crews at the scrape. A follower of the room."""

    def __init__(self, metrics: RoomMetrics, room: Room, now: Now) -> None:
        self._room = room
        self._now = now
        state = room.state
        self._issued = {
            order: state.orders[order].issued_at for orders in state.in_hand.values() for order in orders
        }
        metrics.gauged("controlroom_crews", "Crews by how they are.", "status", self._crews)
        self._took_s = metrics.timed(
            "controlroom_order_seconds",
            "How long an order took from its issue until its crew had accepted, arrived, cleared.",
            "until",
            _TIMED,
            BUCKETS_S,
        )

    def released(self, records: Sequence[Record]) -> None:
        """Time what these durable records did to orders."""
        for record in records:
            for order in record.decision.orders:
                if type(order) is SendCrew:
                    self._issued[order.id] = record.now
            for change in record.decision.changes:
                if type(change) is OrderMoved:
                    self._moved(change, record.now)
                elif type(change) is OrderEnded:
                    self._issued.pop(change.order, None)

    def _moved(self, change: OrderMoved, now: datetime) -> None:
        issued_at = self._issued.get(change.order)
        if issued_at is None:
            return
        if change.step in _TIMED:
            self._took_s[change.step]((now - issued_at).total_seconds())
        if change.step in {Step.CLEARED, Step.REFUSED}:
            del self._issued[change.order]

    def _crews(self) -> Mapping[str, float]:
        handbook, state, wall = self._room.handbook, self._room.state, wall_at(self._now())
        count = Counter(status_of(handbook, state, crew, wall) for crew in handbook.estate.crews.values())
        return {status.value: count[status] for status in CrewStatus}
