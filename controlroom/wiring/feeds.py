"""The session with the broker, as this room's settings ask for it."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import datetime

import msgspec
import structlog

from controlroom.dispatch.current import CurrentOrders
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
from controlroom.room import Room
from controlroom.settings import Settings
from controlroom.signals.envelope import STRUCTURED
from controlroom.wiring.ear import Ear

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
        inbound_bytes=broker.inbound_bytes,
        publish_window=broker.publish_in_flight,
        backoff_first_s=broker.reconnect_min_s,
        backoff_most_s=broker.reconnect_max_s,
    )


def make_session(settings: Settings, intake: Intake, ear: Ear) -> Session:
    """Return the session whose messages go to this intake, and whose ups and downs to this ear."""
    log = structlog.get_logger("broker")

    def on_state(state: ConnectionState) -> None:
        level = log.warning if state.phase is Phase.DISCONNECTED and state.detail else log.info
        level("session", phase=state.phase, loss=state.loss, detail=state.detail)
        ear.heard(state)

    session = Session(session_settings(settings), intake.message, on_state)
    intake.attach(session)
    return session


RECEIPT_RESULTS = ("sent", "failed", "dropped", "refused")
"""What can become of a receipt; refused where the response topic is not below `leedswatch/receipts/`."""


def show_counts(metrics: RoomMetrics, room: Room, intake: Intake, session: Session) -> None:
    """Publish what room, intake and session count, and no record shows."""
    metrics.counted(
        "controlroom_signals_unrecorded",
        "Messages that became no record of their own, by why.",
        "why",
        lambda: {"heard_before": room.duplicates, "our_own": intake.counts["own"]},
    )
    metrics.counted(
        "controlroom_receipts",
        "Receipts that publishers asked for, by what became of them.",
        "result",
        lambda: {word: intake.counts[f"receipt_{word}"] for word in RECEIPT_RESULTS},
    )
    metrics.counted(
        "controlroom_mqtt_session",
        "What the session with the broker went through.",
        "what",
        lambda: {
            "received": session.counts.received,
            "redelivered": session.counts.redelivered,
            "reconnected": session.counts.reconnects,
            "paused": session.counts.pauses,
            "publish_refused": session.counts.publish_refusals,
            "decoder_failed": intake.counts["decoder_failed"],
        },
    )


def make_current(room: Room, session: Session, now: datetime) -> CurrentOrders:
    """Return who keeps the broker's word about every crew up to date, as the room's state stands at `now`."""
    current = CurrentOrders(lambda: room.handbook.estate, _keeping_publisher(session))
    current.start(room.state, now)
    return current


def _keeping_publisher(session: Session) -> Callable[[str, bytes], asyncio.Future[None]]:
    """Return how the broker is given what it keeps: at QoS 1, retained; an empty payload takes it away."""

    def publish(topic: str, payload: bytes) -> asyncio.Future[None]:
        try:
            return session.publish(topic, payload, retain=True, content_type=STRUCTURED)
        except (PublishQueueFull, SessionClosed) as error:
            raise NotNow(str(error)) from error

    return publish


def order_publisher(session: Session) -> Callable[[str, bytes], asyncio.Future[None]]:
    """Return how an order is sent: at QoS 1, as a structured CloudEvent."""

    def publish(topic: str, payload: bytes) -> asyncio.Future[None]:
        try:
            return session.publish(topic, payload, content_type=STRUCTURED)
        except (PublishQueueFull, SessionClosed) as error:
            raise NotNow(str(error)) from error

    return publish
