"""The session with the broker, as this room's settings ask for it."""

import asyncio
import ssl
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from controlroom.dispatch.outbox import NotNow
from controlroom.ingest.intake import Intake
from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import (
    ConnectionState,
    Credentials,
    Phase,
    Presence,
    PublishQueueFull,
    SessionClosed,
    SessionSettings,
)
from controlroom.metrics import RoomMetrics
from controlroom.settings import Settings
from controlroom.signals.envelope import STRUCTURED

_status = msgspec.json.Encoder().encode


def session_settings(settings: Settings) -> SessionSettings:
    """Return what the session needs to know, and no more."""
    broker, secrets = settings.broker, settings.secrets
    topic = f"leedswatch/status/{settings.service.instance}"
    password = secrets.broker_password.get_secret_value() if secrets.broker_password is not None else ""
    presence = Presence(
        topic=topic,
        online=_status({"instance": settings.service.instance, "status": "online"}),
        offline=_status({"instance": settings.service.instance, "status": "offline"}),
        lost=_status({"instance": settings.service.instance, "status": "lost"}),
    )
    return SessionSettings(
        host=broker.host,
        port=broker.port,
        client_id=settings.client_id,
        filters=broker.subscriptions,
        credentials=Credentials(broker.username, password) if broker.username is not None else None,
        tls=ssl.create_default_context(cafile=str(broker.ca_file)) if broker.ca_file is not None else None,
        presence=presence,
        keepalive_s=broker.keepalive_s,
        session_expiry_s=broker.session_expiry_s,
        receive_maximum=broker.receive_maximum,
        inbound_limit=broker.inbound_limit,
        publish_window=broker.publish_in_flight,
        backoff_first_s=broker.reconnect_min_s,
        backoff_most_s=broker.reconnect_max_s,
    )


def make_session(settings: Settings, intake: Intake) -> Session:
    """Return the session whose messages go to this intake."""
    log = structlog.get_logger("broker")

    def on_state(state: ConnectionState) -> None:
        level = log.warning if state.phase is Phase.DISCONNECTED and state.detail else log.info
        level("session", phase=state.phase, loss=state.loss, detail=state.detail)

    session = Session(session_settings(settings), intake.message, on_state)
    intake.attach(session)
    return session


_INTAKE_COUNTS = {
    "receipt_sent": ("controlroom_receipts_sent", "Receipts that the broker has."),
    "receipt_refused": (
        "controlroom_receipts_refused",
        "Receipts asked for elsewhere than below receipts.",
    ),
    "receipt_dropped": ("controlroom_receipts_dropped", "Receipts that found no room on the way out."),
    "receipt_failed": ("controlroom_receipts_failed", "Receipts that the broker did not take."),
    "decoder_failed": ("controlroom_decoder_failures", "Messages on which the decoder itself failed."),
}
"""What the intake counts and no record shows, as gauges since the start."""


def show_intake(metrics: RoomMetrics, intake: Intake) -> None:
    """Publish what the intake counts."""
    for key, (name, text) in _INTAKE_COUNTS.items():
        metrics.gauge(name, text, partial(intake.counts.__getitem__, key))


def order_publisher(session: Session) -> Callable[[str, bytes], asyncio.Future[None]]:
    """Return how an order is sent: at QoS 1, as a structured CloudEvent."""

    def publish(topic: str, payload: bytes) -> asyncio.Future[None]:
        try:
            return session.publish(topic, payload, content_type=STRUCTURED)
        except (PublishQueueFull, SessionClosed) as error:
            raise NotNow(str(error)) from error

    return publish
