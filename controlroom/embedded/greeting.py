"""The shortest MQTT 5 conversation: CONNECT, CONNACK, DISCONNECT, written in bytes.

It tells a broker that serves from a port that merely accepts, needs no MQTT library, and leaves no
session behind (clean start, no session expiry). Source of the bytes: OASIS MQTT 5.0, 3.1, 3.2 and 3.14.
"""

import asyncio
import contextlib
import os

from controlroom.embedded.ports import LOOPBACK

KEEP_ALIVE_S = 10  # a broker may refuse 0; the conversation is over in a millisecond
CONNACK = 0x20
SUCCESS = 0x00
_DISCONNECT = b"\xe0\x00"
_FLAGS_AT = 2  # of a CONNACK: type, length, acknowledge flags, reason code
_REASON_AT = 3


def connect_packet(client_id: str) -> bytes:
    """Return a CONNECT of MQTT 5 with clean start; `client_id` has at most 64 ASCII characters."""
    name = client_id.encode("ascii")
    body = (
        b"\x00\x04MQTT\x05\x02"
        + KEEP_ALIVE_S.to_bytes(2, "big")
        + b"\x00"  # no properties
        + len(name).to_bytes(2, "big")
        + name
    )
    return b"\x10" + bytes([len(body)]) + body


async def greets(port: int, within_s: float) -> bool:
    """Return whether an MQTT 5 broker on loopback answers a CONNECT with success within the time."""
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(connect_packet(f"controlroom-greeting-{os.getpid()}"))
                answer = await reader.readexactly(_REASON_AT + 1)
                writer.write(_DISCONNECT)
                # The embedded broker hears twice of who closes first, and may end who has come in between.
                await reader.read()
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
    return answer[0] == CONNACK and answer[_FLAGS_AT] == 0 and answer[_REASON_AT] == SUCCESS
