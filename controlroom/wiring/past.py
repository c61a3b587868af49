"""The reader of the past as the room's process sees it: a child, started when it is first asked for.

A fold holds one core for seconds and memory for as long as somebody looks; both are the child's, and are
given back when nobody has asked for a while. A child that died, or does not answer at all, is started again
by the next question.
"""

import asyncio
import pickle
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import structlog

from controlroom.clock import monotonic_s
from controlroom.console.past.desk import PastAsked, PastAway, PastTold
from controlroom.console.past.line import PastLine
from controlroom.settings import Settings
from controlroom.wiring.past_reader import READY

STARTS_WITHIN_S = 30.0
"""How long a child may take to read the books on a machine that is busy; two seconds are usual."""

IDLE_S = 600.0
"""Seconds without a question after which the child is let go: whoever looked at a night has stopped."""

LOOK_S = 5.0
"""How often it is looked whether anybody still asks."""

HUNG_LOOK_S = 10.0
"""How long a question may take before it is asked whether the child lives: most are answered in less."""

LIVES_WITHIN_S = 10.0
"""How long it may take to say so, standing back for the processor on a machine that is busy."""

GONE_WITHIN_S = 5.0
"""How long the end of a child that was told to end is waited for."""


class PastProcess:
    """The child that reads the past of this room. Satisfies `PastReader`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: asyncio.subprocess.Process | None = None
        self._line: PastLine | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._starting = asyncio.Lock()
        self._asking = 0
        self._asked_s = 0.0
        self._over = False
        self._log = structlog.get_logger("past")

    async def ask(self, question: PastAsked) -> PastTold:
        """As `PastReader.ask` says."""
        self._asking += 1
        try:
            async with self._starting:
                line = await self._there()
            return await self._answered(line, question)
        finally:
            self._asking -= 1
            self._asked_s = monotonic_s()

    async def _answered(self, line: PastLine, question: PastAsked) -> PastTold:
        """Wait as long as the child lives; one that hangs is ended."""
        asking = asyncio.ensure_future(line.ask(question))
        try:
            while True:
                done, _ = await asyncio.wait({asking}, timeout=HUNG_LOOK_S)
                if done:
                    return asking.result()
                if not await line.lives(LIVES_WITHIN_S):
                    await self._end_hung(line)
                    raise PastAway("the reader of the past hung and was ended; ask again")
        finally:
            asking.cancel()

    async def _end_hung(self, line: PastLine) -> None:
        async with self._starting:
            if self._line is line:  # nobody else who waited has ended it
                self._log.warning("past_hung")
                await self._let_go()

    async def run(self) -> None:
        """Let the child go when nobody asks any more, for ever; a stop lets it go at once."""
        try:
            while True:
                await asyncio.sleep(LOOK_S)
                idle = self._asking == 0 and monotonic_s() - self._asked_s > IDLE_S
                if idle and self._child is not None:
                    async with self._starting:
                        await self._let_go()
        finally:
            self._over = True
            await self._let_go()

    async def _there(self) -> PastLine:
        """Return the line to the child, which is started where it is not there."""
        if self._line is not None and self._child is not None and self._child.returncode is None:
            return self._line
        await self._let_go()
        if self._over:
            raise PastAway("the room is being stopped")
        try:
            async with asyncio.timeout(STARTS_WITHIN_S):
                return await self._start()
        except (OSError, TimeoutError, PastAway) as fault:
            await self._let_go()
            why = str(fault) or f"it was not there within {STARTS_WITHIN_S:.0f} s"
            self._log.warning("past_not_read", error=why)
            raise PastAway(f"the reader of the past could not be started: {why}") from fault

    async def _start(self) -> PastLine:
        self._folder = tempfile.TemporaryDirectory(prefix="controlroom-past-")  # for its owner's eyes only
        socket = Path(self._folder.name) / "line"
        self._child = child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "controlroom.wiring.past_reader",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        if child.stdin is None or child.stdout is None:
            raise PastAway("it has no pipes")
        child.stdin.write(pickle.dumps((self._settings, str(socket))))
        await child.stdin.drain()
        if await child.stdout.readline() != READY:
            raise PastAway("it ended while it began; its words are in the log of the room's process")
        self._line = PastLine(socket)
        return self._line

    async def _let_go(self) -> None:
        """End the child, if there is one, and clear up after it."""
        child, self._child = self._child, None
        line, self._line = self._line, None
        folder, self._folder = self._folder, None
        if line is not None:
            await line.close()
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()  # it only reads: nothing is lost
            with suppress(TimeoutError):
                async with asyncio.timeout(GONE_WITHIN_S):
                    await child.communicate()
        if folder is not None:
            folder.cleanup()
