"""Whether the broker keeps what it acknowledges, and gives us what we ask for.

What a broker does not say of itself is tried out: a throwaway session goes away, `PROBES` messages are
sent to it under the instance's own status topics, and it comes back for them. A live room passes
such messages over. The session is removed afterwards, and the messages expire by themselves.
"""

import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from controlroom.cli.checks.finding import Finding, Severity
from controlroom.cli.checks.talk import PUBACK, PUBLISH, REFUSED_FROM, NoMqtt, Talk, Welcome, Where
from controlroom.settings import Settings

PROBES = 1_200
"""Messages sent to a session that is away: more than the 1,000 that Mosquitto keeps as shipped."""

EXPIRY_S = 120
"""What the trial leaves behind if it is killed is gone after this long."""

WINDOW = 20
"""Trial messages under way at once: what every broker allows."""

SILENCE_S = 2.0
"""Nothing for this long means that nothing more will come."""

IN_FLIGHT_WANTED = 100
"""Orders under way at once that hide a round trip of 10 ms at 10,000 orders a second."""

ENVELOPE_BYTES = 1_024
"""What topic and properties add to a payload, with room to spare."""

SEND_QUOTA, SESSION_EXPIRY, MAX_QOS, RETAIN, MAX_PACKET, WILDCARDS = 0x21, 0x11, 0x24, 0x25, 0x27, 0x28
"""Properties of a CONNACK (MQTT 5.0, 3.2.2.3)."""

_MOST = 4_294_967_295
"""What an absent number means: no limit."""

_IN_MOSQUITTO = "in mosquitto.conf"


async def broker_findings(settings: Settings) -> list[Finding]:
    """Return everything about the broker; one `AWAY` finding where it does not answer."""
    broker = settings.broker
    address = f"{broker.host}:{broker.port}"
    where = _where(settings)
    try:
        async with _greeted(where, _name(), expiry_s=broker.session_expiry_s) as (talk, welcome):
            if welcome.reason >= REFUSED_FROM:
                return [_refused(welcome.reason)]
            found = [Finding("broker", f"{address} speaks MQTT 5"), *_told(welcome, settings)]
            found.append(_granted(await talk.subscribe(broker.subscriptions), broker.subscriptions))
        found.append(await _version(where))
        found.append(await _queue(where, settings.service.instance))
    except NoMqtt as fault:
        advice = "name an MQTT 5 broker in broker.host and broker.port (with ca_file where it wants TLS)"
        return [Finding("broker", f"{address}: {fault}", "MQTT 5", advice, Severity.WRONG)]
    except (OSError, TimeoutError) as fault:
        advice = "start it, or set broker.host and broker.port"
        return [
            Finding("broker", f"{address}: {str(fault) or 'no answer'}", "it answers", advice, Severity.AWAY)
        ]
    advice = (
        f"`persistence true` {_IN_MOSQUITTO}: without it a restart of the broker loses what it acknowledged"
    )
    found.append(Finding("broker persistence", "cannot be seen from here", "on", advice, Severity.UNSEEN))
    return found


def _where(settings: Settings) -> Where:
    broker, password = settings.broker, settings.secrets.broker_password
    tls = ssl.create_default_context(cafile=str(broker.ca_file)) if broker.ca_file is not None else None
    word = password.get_secret_value() if password is not None else ""
    return Where(broker.host, broker.port, broker.username, word, tls)


def _name() -> str:
    return f"controlroom-doctor-{secrets.token_hex(4)}"


@asynccontextmanager
async def _greeted(
    where: Where, name: str, *, clean: bool = True, expiry_s: int = 0, forget: bool = True
) -> AsyncIterator[tuple[Talk, Welcome]]:
    """Give a greeted connection; it takes its leave at the end, and its session with it if to `forget`."""
    talk = await Talk.open(where)
    try:
        yield talk, await talk.greet(where, name, clean=clean, expiry_s=expiry_s)
    finally:
        await talk.leave(forget=forget)


def _refused(reason: int) -> Finding:
    advice = {
        0x84: "use a broker that speaks MQTT 5",
        0x86: "look at broker.username and broker.password_file",
        0x87: "look at broker.username, broker.password_file and the broker's access list",
    }.get(reason, "look at the broker's log")
    return Finding("broker", f"refuses us (0x{reason:02x})", "lets us in", advice, Severity.WRONG)


def _told(welcome: Welcome, settings: Settings) -> list[Finding]:
    """Return what the CONNACK says beside what we need."""
    broker, told = settings.broker, welcome.properties
    packet = settings.ingest.max_payload_bytes + ENVELOPE_BYTES
    conf = _IN_MOSQUITTO
    return [
        _least("broker QoS", told.get(MAX_QOS, 2), 1, f"allow QoS 1 (`max_qos` {conf})"),
        _least(
            "broker retained", told.get(RETAIN, 1), 1, f"`retain_available true` {conf}: the status needs it"
        ),
        _least("broker wildcards", told.get(WILDCARDS, 1), 1, "allow wildcard subscriptions"),
        _least(
            "broker session expiry",
            told.get(SESSION_EXPIRY, broker.session_expiry_s),
            broker.session_expiry_s,
            f"raise `persistent_client_expiration` {conf}, or lower broker.session_expiry_s",
        ),
        _least(
            "broker packet size",
            told.get(MAX_PACKET, _MOST),
            packet,
            f"raise `max_packet_size` {conf}, so that an oversize signal reaches the quarantine",
        ),
        _least(
            "broker receive maximum",
            told.get(SEND_QUOTA, 65_535),
            min(broker.publish_in_flight, IN_FLIGHT_WANTED),
            f"raise `max_inflight_messages` {conf}: orders go out so few at a time",
            Severity.ADVICE,
        ),
    ]


def _least(check: str, found: int, wanted: int, advice: str, severity: Severity = Severity.WRONG) -> Finding:
    shown = "no limit" if found == _MOST else str(found)
    if found >= wanted:
        return Finding(check, shown, f"{wanted} or more")
    return Finding(check, shown, f"{wanted} or more", advice, severity)


def _granted(codes: list[int], filters: tuple[str, ...]) -> Finding:
    wrong = [f"{name} (0x{code:02x})" for name, code in zip(filters, codes, strict=True) if code != 1]
    if not wrong:
        return Finding("broker subscriptions", f"granted at QoS 1: {', '.join(filters)}")
    advice = "let this user read them at QoS 1 (the broker's access list)"
    return Finding("broker subscriptions", f"refused: {', '.join(wrong)}", "QoS 1", advice, Severity.WRONG)


async def _version(where: Where) -> Finding:
    """Return what the broker calls itself, where it says so and this user may read it."""
    async with _greeted(where, _name()) as (talk, _):
        try:
            await talk.subscribe(("$SYS/broker/version",), retained=0)
            kind, body = await talk.packet(SILENCE_S / 2)
        except (TimeoutError, NoMqtt):  # some end the conversation at the question
            kind, body = 0, b""
    if kind & 0xF0 != PUBLISH:
        advice = "let this user read $SYS/broker/# to see more"
        return Finding("broker program", "does not say", "", advice, Severity.UNSEEN)
    return Finding("broker program", body.rpartition(b"\0")[2].decode(errors="replace"))


async def _queue(where: Where, instance: str) -> Finding:
    """Return whether the broker keeps, for a session that is away, all that it acknowledges."""
    name = _name()
    topic = f"leedswatch/status/doctor-{instance}-{name[-8:]}"
    check, wanted = "broker queue", f"all {PROBES} kept"
    try:
        # No clean start, as the room itself: some brokers keep only a session that began without one.
        async with _greeted(where, name, clean=False, expiry_s=EXPIRY_S, forget=False) as (talk, _):
            await talk.subscribe((topic,))
        acknowledged, refused = await _publish(where, topic)
        if refused and not acknowledged:
            advice = f"`max_queued_messages 0` and `max_queued_bytes 0` {_IN_MOSQUITTO}"
            found = f"cannot be tried: {topic} is refused (0x{refused:02x})"
            return Finding(check, found, wanted, advice, Severity.UNSEEN)
        async with _greeted(where, name, clean=False, expiry_s=EXPIRY_S) as (talk, welcome):
            kept = await _collect(talk, acknowledged) if welcome.session_present else 0
    finally:
        async with _greeted(where, name):
            pass  # a clean start with no expiry: whatever happened, no session stays
    found = f"{kept} of {acknowledged} acknowledged messages kept for a session that was away"
    if kept == acknowledged:
        return Finding(check, found, wanted)
    if kept == 0 and welcome.session_present:
        advice = f"this user may not read {topic}; check `max_queued_messages 0` {_IN_MOSQUITTO}"
        return Finding(check, found, wanted, advice, Severity.UNSEEN)
    advice = f"`max_queued_messages 0` and `max_queued_bytes 0` {_IN_MOSQUITTO}: the rest is lost in silence"
    return Finding(check, found, wanted, advice, Severity.WRONG)


async def _publish(where: Where, topic: str) -> tuple[int, int]:
    """Return how many of the messages were acknowledged, and the last refusal's reason code (0 is none)."""
    acknowledged = refused = sent = 0
    async with _greeted(where, _name()) as (talk, _):
        for answered in range(PROBES):
            while sent < min(answered + WINDOW, PROBES):
                sent += 1
                await talk.publish(topic, sent, b"doctor", EXPIRY_S)
            kind, body = await talk.packet()
            while kind & 0xF0 != PUBACK:
                kind, body = await talk.packet()
            reason = body[2] if len(body) > 2 else 0  # noqa: PLR2004 - the packet id comes first
            if reason >= REFUSED_FROM:
                refused = reason
            else:
                acknowledged += 1
    return acknowledged, refused


async def _collect(talk: Talk, wanted: int) -> int:
    """Return how many messages come, until all are there or the broker falls silent."""
    kept = 0
    try:
        while kept < wanted:
            kind, body = await talk.packet(SILENCE_S)
            if kind & 0xF0 == PUBLISH:
                kept += 1
                await talk.acknowledge(body)
    except TimeoutError:
        pass
    return kept
