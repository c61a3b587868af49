"""The sender of referrals, put together: its partners, keys and patience, and the randomness of its waits."""

import random
from collections.abc import Mapping

from controlroom.clock import Now
from controlroom.dispatch.webhooks.pacing import Pacing
from controlroom.dispatch.webhooks.sender import Sender
from controlroom.dispatch.webhooks.transport import Transport
from controlroom.estate.partners import Partner
from controlroom.incidents.referrals.state import Delivery
from controlroom.metrics import RoomMetrics
from controlroom.room import Room
from controlroom.settings import Settings


class Receivers:
    """Where referrals go, as this room's handbook and secrets say it now."""

    def __init__(self, room: Room, settings: Settings) -> None:
        self.room = settings.room.name
        self.keys: Mapping[str, bytes] = {
            name: key.get_secret_value() for name, key in settings.secrets.webhook_keys.items()
        }
        self._of = room

    def partners(self) -> Mapping[str, Partner]:
        """Return the partners by key."""
        return self._of.handbook.partners


def make_sender(room: Room, settings: Settings, transport: Transport, now: Now) -> Sender:
    """Return the sender of this room's referrals."""
    webhooks = settings.webhooks
    pacing = Pacing(
        attempts_max=webhooks.attempts_max,
        first_s=webhooks.retry_first_s,
        most_s=webhooks.retry_most_s,
        in_flight_max=webhooks.in_flight_max,
    )
    return Sender(room, Receivers(room, settings), transport.post, pacing, now, random.SystemRandom().random)


def show_referrals(metrics: RoomMetrics, room: Room, sender: Sender) -> None:
    """Publish how many referrals are on their way, under way, and given up."""
    referrals = room.state.referrals
    metrics.gauge(
        "controlroom_referrals_undelivered",
        "Referrals that a receiver has still to take.",
        lambda: len(referrals.undelivered),
    )
    metrics.gauge(
        "controlroom_referrals_dead",
        "Referrals that were given up and wait for a person.",
        lambda: sum(one.delivery is Delivery.DEAD for one in referrals.kept.values()),
    )
    metrics.gauge("controlroom_webhooks_in_flight", "Posts that are under way now.", lambda: sender.in_flight)
