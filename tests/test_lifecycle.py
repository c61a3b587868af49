"""How the service ends: in order, for a reason, and whatever a step of the stop does."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from controlroom.lifecycle import DRAIN_S, Part, PartEnded, Stop, run
from tests.journal import virtual_time

Step = Callable[[], Awaitable[None]]


class Diary:
    """What happened, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def part(self, name: str, *, leaves_first: bool = False) -> Part:
        """Return a part that writes down when it is ended."""

        async def live() -> None:
            self.lines.append(f"{name} runs")
            try:
                await asyncio.Event().wait()
            finally:
                self.lines.append(f"{name} ended")

        return Part(name, live, leaves_first=leaves_first)

    def stop(self, name: str) -> Stop:
        """Return a step of the stop that writes down that it was taken."""

        async def step() -> None:
            self.lines.append(f"stop {name}")

        return Stop(name, step)


def nothing() -> None:
    """Be ready, and leave it at that."""


def interrupt() -> None:
    """Ask this process to stop, as a supervisor does."""
    asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_stop_has_its_order(number: signal.Signals) -> None:
    """What lets things in ends first, then the steps are taken one by one, and then the others end."""
    diary = Diary()
    parts = (diary.part("journal"), diary.part("room"), diary.part("broker", leaves_first=True))

    def ready() -> None:
        diary.lines.append("ready")
        asyncio.get_running_loop().call_later(1, signal.raise_signal, number)

    virtual_time.run(run(parts, (diary.stop("room"), diary.stop("journal")), ready=ready))

    assert diary.lines == [
        *("ready", "journal runs", "room runs", "broker runs"),
        *("broker ended", "stop room", "stop journal", "journal ended", "room ended"),
    ]


def test_a_part_that_ends_by_itself_ends_the_service() -> None:
    """A room without its writer must not look alive: the others end, and the error names the part."""
    diary = Diary()

    async def gone() -> None:
        await asyncio.sleep(1)

    with pytest.raises(ExceptionGroup) as raised:
        virtual_time.run(run((diary.part("room"), Part("journal", gone)), (), ready=nothing))

    assert [type(error) for error in raised.value.exceptions] == [PartEnded]
    assert "journal ended by itself" in str(raised.value.exceptions[0])
    assert diary.lines == ["room runs", "room ended"]


def test_a_part_that_fails_ends_the_service_with_its_own_error() -> None:
    """The error of a part comes out as it was raised, and no part goes on without it."""
    diary = Diary()

    async def broken() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ExceptionGroup) as raised:
        virtual_time.run(run((diary.part("room"), Part("journal", broken)), (), ready=nothing))

    assert [type(error) for error in raised.value.exceptions] == [OSError]
    assert diary.lines == ["room runs", "room ended"]


def test_a_part_that_ends_during_the_stop_is_no_failure() -> None:
    """A writer that is drained has done its work: its end belongs to the stop."""
    diary = Diary()
    drained = asyncio.Event()

    async def writer() -> None:
        await drained.wait()

    async def drain() -> None:
        drained.set()
        await asyncio.sleep(1)

    parts = (diary.part("room"), Part("journal", writer))
    virtual_time.run(run(parts, (Stop("journal", drain), diary.stop("snapshot")), ready=interrupt))

    assert diary.lines == ["room runs", "stop snapshot", "room ended"]


async def _fails() -> None:
    raise ConnectionError("the store is away")


async def _never_ends() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("step", [_fails, _never_ends], ids=["fails", "never ends"])
def test_the_next_step_is_taken_all_the_same(step: Step) -> None:
    """A step that fails, or is not done within its deadline, is logged by name and holds nothing up."""
    diary = Diary()

    with capture_logs() as logs:
        virtual_time.run(
            run((diary.part("room"),), (Stop("journal", step), diary.stop("snapshot")), ready=interrupt)
        )

    assert diary.lines == ["room runs", "stop snapshot", "room ended"]
    assert [(line["event"], line["step"]) for line in logs] == [("stop_step_failed", "journal")]


def test_a_part_that_will_not_leave_is_not_waited_for_for_ever() -> None:
    """What lets things in and is stuck in its goodbye costs the stop its deadline, not the stop."""
    diary = Diary()

    async def clings() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(10 * DRAIN_S)

    async def told() -> float:
        parts = (Part("broker", clings, leaves_first=True),)
        took: list[float] = []
        loop = asyncio.get_running_loop()

        async def note() -> None:
            took.append(loop.time())

        await run(parts, (Stop("note", note),), ready=interrupt)
        return took[0]

    assert virtual_time.run(told()) == pytest.approx(DRAIN_S)
    assert diary.lines == []
