"""The session over TLS, with a certificate made for the test."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from pathlib import Path

import aiomqtt
import msgspec
import pytest

from controlroom.ingest.session.model import Loss, Outbound, Phase
from tests.integration.brokers import Broker
from tests.integration.session_desk import QUICK, attend
from tests.integration.waiting import until

MakeMosquitto = Callable[..., contextlib.AbstractAsyncContextManager[Broker]]


@pytest.fixture
async def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Return a certificate for 127.0.0.1, signed by itself, and its key."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    process = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-days", "1", "-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1"),
        *("-keyout", str(key), "-out", str(certificate)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0, "openssl failed; if it is missing: apt-get install openssl"
    return certificate, key


async def test_the_contract_holds_over_tls(
    make_mosquitto: MakeMosquitto, certificate: tuple[Path, Path]
) -> None:
    """Messages, our own bound and publishes work as over TCP, through many pauses."""
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    async with make_mosquitto(f"certfile {certificate[0]}", f"keyfile {certificate[1]}") as broker:
        settings = msgspec.structs.replace(QUICK, port=broker.port, tls=trusted, inbound_limit=10)
        crew = msgspec.structs.replace(settings, client_id="crew", filters=())
        async with attend(settings) as desk, attend(crew) as other:
            await desk.connected()
            topic = "leedswatch/inner-north/arc/panel-7"
            sent = [other.session.send(Outbound(topic, b"%d" % number)) for number in range(400)]
            for number in range(400):
                await desk.received(number + 1)
                desk.acknowledge(number, number + 1)
            await asyncio.gather(*sent)

            assert desk.payloads == [b"%d" % number for number in range(400)]
            assert desk.session.counts.reconnects == 0


async def test_an_unknown_certificate_is_not_spoken_to(
    make_mosquitto: MakeMosquitto, certificate: tuple[Path, Path]
) -> None:
    """A broker whose certificate is not trusted is unreachable, and the detail says why."""
    async with make_mosquitto(f"certfile {certificate[0]}", f"keyfile {certificate[1]}") as broker:
        settings = msgspec.structs.replace(QUICK, port=broker.port, tls=ssl.create_default_context())
        async with attend(settings) as desk:
            await until(lambda: Phase.DISCONNECTED in desk.phases(), "given up once")
            last = next(state for state in desk.states if state.phase is Phase.DISCONNECTED)

            assert last.loss is Loss.UNREACHABLE
            assert "certificate" in last.detail.lower()


async def test_a_plain_client_gets_nowhere(
    make_mosquitto: MakeMosquitto, certificate: tuple[Path, Path]
) -> None:
    """The listener of these tests speaks TLS only: what passed above went through it."""
    async with make_mosquitto(f"certfile {certificate[0]}", f"keyfile {certificate[1]}") as broker:
        with pytest.raises(aiomqtt.MqttError):
            async with aiomqtt.Client("127.0.0.1", broker.port, timeout=1):
                pass
