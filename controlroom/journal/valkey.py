"""The only door to a Valkey or Redis server: one connection that reconnects when it is next used.

It never retries by itself: whether a command may be sent twice is for its caller to know. Any failure
closes the connection, so that a late answer can never be taken for the answer to something else.
"""

import asyncio
from typing import Any

import msgspec
from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    RedisError,
    ResponseError,
)

from controlroom.journal.resp import Command, Refusal, Reply, pack
from controlroom.journal.store import StoreAway, StoreRefused

CONNECT_TIMEOUT_S = 2.0
"""A store in the same building answers in milliseconds; longer than this it is away and we say so."""

REPLY_TIMEOUT_S = 5.0
"""Longest wait for a reply. Above the slowest fsync of a disk that still works; below what an operator
would stand without being told DEGRADED."""

READ_SIZE_BYTES = 65_536
"""Bytes taken from the socket at once, so that a page of frames comes in few reads."""


class Tls(msgspec.Struct, frozen=True):
    """How to prove who is who. Paths of PEM files; None leaves that part to the system or out."""

    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    check_hostname: bool = True


class Address(msgspec.Struct, frozen=True):
    """Where the server is and how to get in. A `unix_socket` goes before host and port."""

    host: str = "127.0.0.1"
    port: int = 6379
    unix_socket: str | None = None
    database: int = 0
    username: str | None = None
    password: str | None = None
    tls: Tls | None = None
    connect_timeout_s: float = CONNECT_TIMEOUT_S
    reply_timeout_s: float = REPLY_TIMEOUT_S

    def __repr__(self) -> str:
        return f"Address({self.shown})"

    @property
    def shown(self) -> str:
        """The address as a person may see it: without secrets."""
        return self.unix_socket or f"{self.host}:{self.port}"


class Link:
    """One connection, one conversation at a time. Opens by itself, says how often it has done so.

    `generation` counts the connections made: what was proved on one says nothing on the next.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection = _connection(address)
        self._turn = asyncio.Lock()
        self.generation = 0

    async def stands(self) -> bool:
        """Whether a connection is open, as far as can be known without asking the other side."""
        if not self._connection.is_connected:
            return False
        try:
            stale = await self._connection.can_read()  # an end, or an answer that nobody asked for
        except RedisError:
            stale = True
        if stale:
            await self._drop()
        return not stale

    async def call(self, *commands: Command, generation: int | None = None) -> list[Reply]:
        """As `Calls.call` says. The commands go out together; their replies come in order.

        With a `generation` they go out on that connection only: StoreAway, and nothing was sent, when it
        is no more. For what relies on something said on it before, as a WATCH.
        """
        async with self._turn:
            finished = False
            try:
                replies = await self._converse(commands, generation)
                finished = True
            except (AuthenticationError, AuthorizationError, ResponseError) as error:
                raise StoreRefused(f"store {self._address.shown}: {_said(error)}") from error
            except (RedisError, OSError) as error:
                raise StoreAway(f"store {self._address.shown}: {_said(error)}") from error
            finally:
                if not finished:
                    await self._drop()
            return replies

    async def close(self) -> None:
        """The connection is closed; the next call would open it again."""
        async with self._turn:
            await self._drop()

    async def _converse(self, commands: tuple[Command, ...], generation: int | None) -> list[Reply]:
        stands = await self.stands()
        if generation is not None and not (stands and generation == self.generation):
            raise StoreAway(f"store {self._address.shown}: the connection ended before the command was sent")
        if not stands:
            await self._connect()
        async with asyncio.timeout(self._address.reply_timeout_s):
            await self._connection.send_packed_command(pack(commands), check_health=False)
            return [await self._reply() for _ in commands]

    async def _connect(self) -> None:
        async with asyncio.timeout(self._address.connect_timeout_s):
            await self._connection.connect()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        self.generation += 1

    async def _reply(self) -> Reply:
        try:
            reply: Reply = await self._connection.read_response(disable_decoding=True)
        except ResponseError as error:
            return Refusal(_said(error))
        return _plain(reply)

    async def _drop(self) -> None:
        await self._connection.disconnect(nowait=True)


def _plain(reply: "Reply | ResponseError") -> Reply:
    """Errors inside a transaction's reply come as exception objects: they are made data here."""
    if isinstance(reply, ResponseError):
        return Refusal(_said(reply))
    if isinstance(reply, list):
        return [_plain(part) if isinstance(part, list | ResponseError) else part for part in reply]
    return reply


def _said(error: Exception) -> str:
    kind = type(error).__name__
    return f"{kind}: {error}" if str(error) else kind


def _connection(address: Address) -> AbstractConnection:
    common: dict[str, Any] = {
        "db": address.database,
        "username": address.username,
        "password": address.password,
        "socket_timeout": None,  # the whole conversation has one limit, in `_converse`
        "socket_connect_timeout": address.connect_timeout_s,
        "socket_read_size": READ_SIZE_BYTES,
        "protocol": 2,
        "driver_info": None,  # one round trip less, and nothing said that nobody asked for
    }
    if address.unix_socket is not None:
        return UnixDomainSocketConnection(path=address.unix_socket, **common)
    common |= {"host": address.host, "port": address.port}
    if address.tls is None:
        return Connection(**common)
    return SSLConnection(
        ssl_ca_certs=address.tls.ca_file,
        ssl_certfile=address.tls.cert_file,
        ssl_keyfile=address.tls.key_file,
        ssl_check_hostname=address.tls.check_hostname,
        **common,
    )
