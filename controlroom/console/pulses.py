"""When the pages are told: a pulse at most every `Pace.pulse_s`, a few pages at a time, and beats in between.

The room tells nobody itself: what it lets out starts a pulse that begins one step later, when the batch's
orders have left. Then so many pages as a pulse has (`rounds`) are told, `A_STEP` of them every step. While
somebody has still to be told the next pulse follows; else there is no timer but the one of the beats.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from controlroom.console.lines import Ending, Line
from controlroom.console.rounds import A_PULSE, Rounds
from controlroom.console.seen import Hidden, Looker
from controlroom.console.sse import message


class Pace(msgspec.Struct, frozen=True):
    """How fast the stream goes, in seconds."""

    pulse_s: float = 0.05
    """Pages are told at most this often: 20 messages a second are more than an eye can follow."""
    beat_s: float = 2.0
    """A page hears this often that the room lives; it calls itself stale after ten seconds without."""
    stall_s: float = 10.0
    """How long one message may take to leave; after that the page is not reading."""


DEFAULT_PACE = Pace()

A_STEP = 4
"""Pages told in one go: some 0.4 ms of the loop, which is what a signal may wait behind pages."""

STEPS = A_PULSE // A_STEP
"""A pulse's pages are spread over it in so many steps; the first comes one step after the news."""


class Pulses:
    """All lines and their turns. `beat` returns a beat for one person, `hidden` what they may not see."""

    def __init__(
        self, beat: Callable[[Looker], bytes], hidden: Callable[[Looker], Hidden], pace: Pace
    ) -> None:
        self._beat = beat
        self._hidden = hidden
        self._pace = pace
        self._rounds: Rounds[Line] = Rounds()
        self._beats = 0
        self._beating: asyncio.TimerHandle | None = None
        self._pulsing = False

    @property
    def at_rest(self) -> bool:
        """Whether no timer runs."""
        return not self._pulsing and self._beating is None

    def join(self, line: Line, *, works: bool) -> None:
        """Let a line have its turns, the first one soon; `works` says that its person works on incidents."""
        self._rounds.join(line, works=works)
        self._start()

    def leave(self, line: Line) -> None:
        """Forget a line."""
        self._rounds.leave(line)

    def close(self) -> None:
        """End every line."""
        for line in self._rounds.pages:
            line.end(Ending.OVER)

    def news(self) -> None:
        """Have every line told what is new."""
        if self._rounds:
            self._rounds.news()
            self._pulse_soon()

    def _start(self) -> None:
        if self._beating is None:
            self._beating = asyncio.get_running_loop().call_later(self._pace.beat_s, self._next_beat)
        self._pulse_soon()

    def _next_beat(self) -> None:
        self._beating = None
        self._beats += 1
        if self._rounds:
            self._rounds.news()
            self._start()

    def _pulse_soon(self) -> None:
        """Have a pulse go round, unless one does; never in this turn, whose orders have to leave first."""
        if not self._pulsing:
            self._pulsing = True
            asyncio.get_running_loop().call_later(self._pace.pulse_s / STEPS, self._pulse)

    def _pulse(self) -> None:
        self._step(self._rounds.pulse(), STEPS)

    def _step(self, lines: Sequence[Line], left: int) -> None:
        """Tell the next few, and see to the rest; at the pulse's end begin anew if somebody waits."""
        beats: dict[Hidden, bytes] = {}
        for line in lines[:A_STEP]:
            try:
                more = line.tell(self._beats, partial(self._beat_for, line.follower.looker, beats))
            except Exception as fault:  # noqa: BLE001 - told to its own stream, which ends; the others' go on
                line.fail(fault)
            else:
                if more:
                    self._rounds.again(line)
        loop, step_s = asyncio.get_running_loop(), self._pace.pulse_s / STEPS
        if len(lines) > A_STEP:
            loop.call_later(step_s, self._step, lines[A_STEP:], left - 1)
        else:
            loop.call_later(step_s * (left - 1), self._gone_round)

    def _beat_for(self, looker: Looker, known: dict[Hidden, bytes]) -> bytes:
        """Return this moment's beat, made once for all from whom the same is hidden."""
        hidden = self._hidden(looker)
        if hidden not in known:
            known[hidden] = message("beat", self._beat(looker))
        return known[hidden]

    def _gone_round(self) -> None:
        self._pulsing = False
        if self._rounds.owed():
            self._pulse_soon()
