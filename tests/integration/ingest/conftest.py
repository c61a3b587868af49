"""Real brokers, and a link to them that can be made faulty."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from controlroom.ingest.session.model import SessionSettings
from tests.integration.brokers import DURABLE, Broker, iotcore, mosquitto
from tests.integration.faulty_link import FaultyLink
from tests.integration.session_desk import QUICK


@pytest.fixture(params=["mosquitto", "iotcore"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    """Each broker in turn, started and ended."""
    started = mosquitto(tmp_path, *DURABLE) if request.param == "mosquitto" else iotcore(tmp_path)
    await started.start()
    yield started
    await started.end()


@pytest.fixture
def make_mosquitto(tmp_path: Path) -> Callable[..., contextlib.AbstractAsyncContextManager[Broker]]:
    """Start a Mosquitto with further configuration lines, for the length of a block."""

    @contextlib.asynccontextmanager
    async def run(*lines: str, anonymous: bool = True) -> AsyncIterator[Broker]:
        started = mosquitto(tmp_path, *DURABLE, *lines, anonymous=anonymous)
        await started.start()
        try:
            yield started
        finally:
            await started.end()

    return run


@pytest.fixture
async def line(broker: Broker) -> AsyncIterator[FaultyLink]:
    """A link to the broker that can be made faulty."""
    async with FaultyLink(broker.port) as link:
        yield link


@pytest.fixture
def settings(line: FaultyLink) -> SessionSettings:
    """Settings of a session that goes over the faulty link."""
    return msgspec.structs.replace(QUICK, port=line.port)
