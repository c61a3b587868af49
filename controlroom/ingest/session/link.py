"""One TCP or TLS connection: bytes in and packets out, pause, and the keepalive.

Reading can be held in the middle of a chunk: what is left waits here, the transport stops reading,
and TCP tells the broker. While reading is held an answer to a ping cannot be seen, so silence is
then no sign of a dead link; pings still go out, or the broker would give us up.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from controlroom.ingest.session.codec import PING
from controlroom.ingest.session.model import Loss, ProtocolViolation

_LONGEST_LENGTH_BYTES = 4
"""A remaining length takes at most four bytes (MQTT 5, 1.5.5)."""


_BEATS = 3
"""Looks at the link in one keepalive: quiet, asked, given up."""


class Receiver(Protocol):
    """Who takes what the link brings. It may call `Link.hold` from `packet`."""

    def packet(self, first: int, body: bytes) -> None:
        """Take one packet: its first byte, and what follows its length."""

    def idle(self) -> None:
        """All that came is delivered, or writing is possible again: time to write."""

    def lost(self, link: "Link") -> None:
        """Nothing more comes or goes on this link."""


class Link(asyncio.Protocol):
    """One connection, from the dial to its loss. `gone` is set at the end; `loss` and `detail` say why."""

    def __init__(self, receiver: Receiver) -> None:
        self.gone = asyncio.Event()
        self.loss = Loss.BROKEN
        self.detail = ""
        self.error: Exception | None = None
        self.held = False
        self.writable = True
        self._releasing = self._leaving = False
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._rest = bytearray()
        self._needed_bytes = 0
        self._beat_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._heard = self._spoke = self._asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's call: the connection stands."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without inheriting

    def data_received(self, data: bytes) -> None:
        """Asyncio's call: deliver the complete packets of this chunk, keep the rest."""
        if self._leaving:
            return
        self._heard = True
        if self._rest:
            self._rest += data
            if self.held or len(self._rest) < self._needed_bytes:
                return
            data = bytes(self._rest)
            self._rest.clear()
        self._deliver(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio's call: the connection is gone, for the reason given before or for `exc`."""
        if self._timer is not None:
            self._timer.cancel()
        if self.loss is Loss.BROKEN and not self.detail:
            self.detail = str(exc) if exc else "closed by the other side"
        self._receiver.lost(self)
        self.gone.set()

    def pause_writing(self) -> None:
        """Asyncio's call: the other side takes our bytes too slowly."""
        self.writable = False

    def resume_writing(self) -> None:
        """Asyncio's call: it caught up."""
        self.writable = True
        self._receiver.idle()

    def write(self, data: bytes) -> None:
        """Hand the bytes to the socket at once; nothing happens on a link that is left or closing."""
        if data and self._transport is not None and not self._leaving and not self._transport.is_closing():
            self._spoke = True
            self._transport.write(data)

    def hold(self) -> None:
        """No further packet is delivered until `release`; not even the rest of this chunk."""
        self.held = True
        if self._transport is not None:
            self._transport.pause_reading()

    def release(self) -> None:
        """Read on after the caller's turn: whoever acknowledges is not called back within it."""
        if not self._releasing:
            self._releasing = True
            self._loop.call_soon(self._go_on)

    def keep_alive(self, keepalive_s: float) -> None:
        """From here on a link on which nothing comes for `keepalive_s`, or a third less, is dropped.

        We ask when nothing came or nothing went for a third of it, and wait another for the answer.
        """
        self._beat_s = keepalive_s / _BEATS
        self._heard, self._spoke, self._asked = True, True, False
        self._timer = self._loop.call_later(self._beat_s, self._beat)

    def drop(self, loss: Loss, detail: str = "") -> None:
        """End the connection at once, for this reason; bytes not yet sent are lost."""
        if self._transport is not None and self._transport.is_closing():
            return
        self.loss, self.detail = loss, detail
        if self._transport is None:
            return
        self.held = True  # the rest of this chunk is not delivered
        self._transport.abort()

    def leave(self) -> None:
        """Say no more, and let the other side end the connection; what still comes from it is thrown away.

        To close on bytes that nobody has read is to reset: the goodbye itself may be lost on the other side.
        And a broker that has closed is done with us, so that who comes next is not taken for us.
        """
        self.loss = Loss.STOPPED
        self._leaving = True
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.resume_reading()
        if transport.can_write_eof():
            transport.write_eof()

    def abort(self) -> None:
        """End the connection although bytes wait to leave."""
        if self._transport is not None:
            self._transport.abort()

    def _go_on(self) -> None:
        self._releasing = False
        if not self.held or self._leaving or self._transport is None or self._transport.is_closing():
            return
        self.held = False
        self._asked = False  # what we asked before the pause may have been answered unread
        if self._rest:
            data = bytes(self._rest)
            self._rest.clear()
            self._deliver(data)
        if not self.held:
            self._transport.resume_reading()

    def _deliver(self, data: bytes) -> None:
        try:
            rest = self._packets(data)
        except ProtocolViolation as violation:
            self.drop(Loss.PROTOCOL, str(violation))
        except Exception as error:  # noqa: BLE001 - kept for run(), which raises it; asyncio would only log it
            self.error = error
            self.drop(Loss.STOPPED, "the receiver of messages failed")
        else:
            self._rest += rest
            self._receiver.idle()

    def _packets(self, data: bytes) -> bytes:
        """Deliver each complete packet and return what is left."""
        deliver: Callable[[int, bytes], None] = self._receiver.packet
        at, end = 0, len(data)
        while end - at > 1 and not self.held:
            size = data[at + 1]
            start = at + 2
            if size & 0x80:
                size, start = _length(data, at + 1)
            stop = start + size
            if stop > end or start == 0:
                self._needed_bytes = stop - at if start else 0
                break
            first, at = data[at], stop
            deliver(first, data[start:stop])
        else:
            self._needed_bytes = 0
        return data[at:]

    def _beat(self) -> None:
        if self.held:
            self._heard = True
        if self._asked and not self._heard:
            self.drop(Loss.SILENT, f"no answer to a ping for {self._beat_s:g} s")
            return
        self._asked = not (self._heard and self._spoke)
        if self._asked:
            self.write(PING)
        self._heard = self._spoke = False
        self._timer = self._loop.call_later(self._beat_s, self._beat)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Return the remaining length that starts at `at`, and where the body starts; (0, 0) if cut off."""
    value = 0
    for count, byte in enumerate(data[at : at + _LONGEST_LENGTH_BYTES]):
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:  # noqa: PLR2004 - the bit that says more follows
            return value, at + count + 1
    if len(data) - at >= _LONGEST_LENGTH_BYTES:
        raise ProtocolViolation(f"a packet length of more than four bytes: {data[at : at + 5].hex()}")
    return 0, 0
