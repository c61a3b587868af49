"""The little of the Redis protocol that the journal speaks: commands packed, refusals as data.

Packing by hand costs a few microseconds a frame; the library's own command path costs some 150 of them.
"""

from typing import Protocol, TypeAlias

import msgspec

Arg: TypeAlias = bytes | int
Command: TypeAlias = tuple[Arg, ...]


class Refusal(msgspec.Struct, frozen=True):
    """The server answered a command with an error: its words, with the kind of error in front."""

    text: str


Reply: TypeAlias = "bytes | int | Refusal | list[Reply] | None"


class Calls(Protocol):
    """A connection to a Valkey or Redis."""

    async def call(self, *commands: Command) -> list[Reply]:
        """The replies, in order. Raises StoreAway; StoreRefused when the server lets nobody in."""
        ...


def pack(commands: tuple[Command, ...]) -> list[bytes]:
    """The bytes that say `commands` to the server, in pieces, so that a large body is not copied here."""
    pieces: list[bytes] = []
    for command in commands:
        pieces.append(b"*%d\r\n" % len(command))
        for arg in command:
            raw = b"%d" % arg if isinstance(arg, int) else arg
            pieces += (b"$%d\r\n" % len(raw), raw, b"\r\n")
    return pieces
