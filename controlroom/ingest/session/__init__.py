"""One MQTT 5 session: messages in with tickets, messages out with futures, whatever the link does.

`model` says what goes in and out, `client` is the session, `link` one connection of it, `arrivals`
and `departures` keep what is not acknowledged yet, and `codec` is the one door to gmqtt.
"""

from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import (
    Acknowledged,
    ConnectionState,
    Credentials,
    Inbound,
    Loss,
    Outbound,
    OutOfOrder,
    Phase,
    Presence,
    PublishQueueFull,
    PublishRefused,
    RetainedOnSubscribe,
    SessionClosed,
    SessionCounts,
    SessionError,
    SessionSettings,
    Ticket,
)

__all__ = [
    "Acknowledged",
    "ConnectionState",
    "Credentials",
    "Inbound",
    "Loss",
    "OutOfOrder",
    "Outbound",
    "Phase",
    "Presence",
    "PublishQueueFull",
    "PublishRefused",
    "RetainedOnSubscribe",
    "Session",
    "SessionClosed",
    "SessionCounts",
    "SessionError",
    "SessionSettings",
    "Ticket",
]
