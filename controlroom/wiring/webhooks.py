"""The sender of referrals, put together: partners, keys, patience, the randomness of its waits, figures."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from controlroom.clock import Now
from controlroom.dispatch.webhooks.pacing import Pacing
from controlroom.dispatch.webhooks.sender import Sender
from controlroom.dispatch.webhooks.transport import Transport
from controlroom.estate.partners import Category, Partner
from controlroom.incidents.record import Record
from controlroom.incidents.referrals.state import Delivery, ReferralMade, ReferralMoved
from controlroom.metrics import RoomMetrics
from controlroom.room import Room
from controlroom.settings import Settings


class Receivers:
    """Where referrals go, as this room's handbook and secrets say it now."""

    def __init__(self, room: Room, settings: Settings) -> None:
        self.room = settings.room.name
        self.keys = {name: key.get_secret_value() for name, key in settings.secrets.webhook_keys.items()}
        self._of = room

    def partners(self) -> Mapping[str, Partner]:
        """Return the partners by key."""
        return self._of.handbook.partners


class Webhooks:
    """The sender with its connections, and what is counted of referrals. A follower of the room."""

    def __init__(self, room: Room, settings: Settings, metrics: RoomMetrics, now: Now) -> None:
        limits = settings.webhooks
        pacing = Pacing(limits.attempts_max, limits.retry_first_s, limits.retry_most_s, limits.in_flight_max)
        self._transport = Transport(limits.timeout_s)
        receivers, draw = Receivers(room, settings), random.SystemRandom().random
        self._sender = Sender(room, receivers, self._transport.post, pacing, now, draw)
        self._made: Counter[str] = Counter(dict.fromkeys(Category, 0))
        ways = (Delivery.WAITING, Delivery.DELIVERED, Delivery.DEAD)
        self._moved: Counter[str] = Counter(dict.fromkeys(ways, 0))
        self.start, self.run, self.close = self._sender.start, self._sender.run, self._transport.close
        self._show(room, metrics)

    def released(self, records: Sequence[Record]) -> None:
        """Count what durable records did with referrals, and let the sender act on them."""
        for record in records:
            for change in record.decision.changes:
                if type(change) is ReferralMade:
                    self._made[change.referral.category] += 1
                elif type(change) is ReferralMoved:
                    self._moved[change.delivery] += 1
        self._sender.released(records)

    def _show(self, room: Room, metrics: RoomMetrics) -> None:
        text = "Incidents referred to partners."
        metrics.counted("controlroom_referrals", text, "category", lambda: self._made)
        text = "Attempts to deliver a referral, by where they left it; waiting: not delivered, or sent anew."
        metrics.counted("controlroom_referral_deliveries", text, "delivery", lambda: self._moved)
        referrals, sender = room.state.referrals, self._sender
        text = "Referrals that a receiver has still to take."
        metrics.gauge("controlroom_referrals_undelivered", text, lambda: len(referrals.undelivered))
        text = "Referrals that were given up and wait for a person."
        metrics.gauge(
            "controlroom_referrals_dead",
            text,
            lambda: sum(one.delivery is Delivery.DEAD for one in referrals.kept.values()),
        )
        metrics.gauge(
            "controlroom_webhooks_in_flight", "Posts that are under way now.", lambda: sender.in_flight
        )
