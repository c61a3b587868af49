"""One server at a time in one place, and exactly one program that will end it.

Two locks on files in the place's folder tell the whole story, whoever was killed and however:

- `<name>.server.lock` is held by the **server itself**: it is opened here and left to the child as an
  open file, so the kernel keeps the lock exactly as long as the server lives. Two servers on one
  data directory cannot be: without this lock nobody starts one.
- `<name>.starter.lock` is held by the program that will **end** the server, and freed by the kernel if
  that program is killed.

| starter lock | server lock | what `move_in` does |
|---|---|---|
| got | got | nobody lives here: clear what is stale, start the server, own its end |
| got | held | a server whose starter was killed: adopt it, **own its end** from now on |
| held | held | a server of a living program: use it as a guest and leave it alone |
| held | free | another program is starting or ending its server: look again |

`<name>.pid` is written by the server before it is one (see `tether`), so it is true whenever the server
lock is held and stale whenever it is free: no guess about reused process ids. Limits: both locks are
flock(2), which a network file system may not have, and a server that somebody started by hand on the
same data holds neither.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
from pathlib import Path
from typing import NoReturn, Protocol

import msgspec

from controlroom.embedded.children import (
    Child,
    ChildEnded,
    ChildPlan,
    Legacy,
    Record,
    last_lines,
    start,
)
from controlroom.embedded.refusals import CannotStart, HeldElsewhere, NotReady

POLL_S = 0.01  # between two looks at a server that comes up: it takes 0.05 s to 0.15 s
WATCH_S = 0.1  # between two looks at a server that is not our child


class ServerPlan(msgspec.Struct, frozen=True):
    """A server to find or to start: `child` says how, `address` where it is to listen.

    `folder` holds the two locks and the record. `setting` is the name of what to change when the
    place is held by a server at another address.
    """

    folder: Path
    child: ChildPlan
    address: str
    setting: str
    ready_within_s: float

    def path(self, kind: str) -> Path:
        """Return the file of that kind: `server.lock`, `starter.lock` or `pid`."""
        return self.folder / f"{self.child.name}.{kind}"


class Greeter(Protocol):
    """What only the kind of server knows."""

    async def answers(self, record: Record) -> bool:
        """Return whether the server of `record` serves clients now; False while it comes up."""

    async def clear_the_way(self) -> None:
        """Remove what is stale; raise CannotStart for what would hinder the start."""


class Tenancy:
    """A server that answers. `owned` is whether `leave` ends it."""

    def __init__(self, plan: ServerPlan, record: Record, starter: int | None, child: Child | None) -> None:
        self.plan = plan
        self.pid = record.pid
        self.address = record.address
        self.owned = starter is not None
        self.started = child is not None
        self._starter = starter
        self._child = child

    async def leave(self) -> None:
        """End the server and free its locks if it is owned; leave a guest's as it is. May be repeated."""
        starter, self._starter = self._starter, None
        if starter is None:
            return
        try:
            if self._child is not None:
                await self._child.stop()
            else:
                await self._end_adopted()
            self.plan.path("pid").unlink(missing_ok=True)
        finally:
            os.close(starter)

    async def watch(self) -> NoReturn:
        """Never returns: raises ChildEnded once the server is no more. Cancel before `leave`."""
        child = self.plan.child
        if self._child is not None:
            await self._child.watch()
        await self._lock_free(WATCH_S)
        raise ChildEnded(child.name, None, child.log, last_lines(child.log))

    async def _end_adopted(self) -> None:
        for request in (signal.SIGTERM, signal.SIGKILL):
            if not is_locked(self.plan.path("server.lock")):
                return
            with contextlib.suppress(ProcessLookupError):  # it ended between the look and the signal
                os.kill(self.pid, request)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.plan.child.stop_within_s):
                    await self._lock_free(POLL_S)

    async def _lock_free(self, every_s: float) -> None:
        while is_locked(self.plan.path("server.lock")):  # noqa: ASYNC110 - a lock sends no event
            await asyncio.sleep(every_s)


async def move_in(plan: ServerPlan, greeter: Greeter) -> Tenancy:
    """Return a server of `plan` that answers: found, adopted or started, as this module's table says.

    Raises HeldElsewhere when the place is held and nothing answers in `ready_within_s`, or answers at
    another address; NotReady when the server that was started ended or stayed silent (it is ended).
    """
    starter: int | None = None
    try:
        async with asyncio.timeout(plan.ready_within_s):
            while True:
                starter = try_lock(plan.path("starter.lock")) if starter is None else starter
                life = try_lock(plan.path("server.lock"))
                if life is not None and starter is not None:
                    return await _start(plan, greeter, starter, life)
                if life is not None:
                    os.close(life)
                elif (record := await _found(plan, greeter)) is not None:
                    return Tenancy(plan, record, starter, None)
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        _give_up(starter)
        raise _silent(plan) from None
    except BaseException:  # whatever ends the attempt, a cancel included, the lock must not stay behind
        _give_up(starter)
        raise


async def _found(plan: ServerPlan, greeter: Greeter) -> Record | None:
    record = read_record(plan.path("pid"))
    if record is None:
        return None
    if record.address != plan.address:
        what = f"{plan.folder}: the {plan.child.name} of an earlier start, listening at {record.address},"
        remedy = f"end it, or set {plan.setting} so that it is {record.address} again"
        raise HeldElsewhere(what, record.pid, remedy)
    return record if await greeter.answers(record) else None


async def _start(plan: ServerPlan, greeter: Greeter, starter: int, life: int) -> Tenancy:
    try:
        await greeter.clear_the_way()
        plan.path("pid").unlink(missing_ok=True)
        child = start(plan.child, Legacy(held=life, record=plan.path("pid"), address=plan.address))
    finally:
        os.close(life)  # from here on the lock lives and dies with the child
    try:
        return Tenancy(plan, await _answering(plan, greeter, child), starter, child)
    except BaseException:  # a cancel and a deadline included: what was started here is ended here
        await child.stop()
        raise


async def _answering(plan: ServerPlan, greeter: Greeter, child: Child) -> Record:
    while True:
        if (code := child.code()) is not None:
            what = f"ended with exit code {code} before it answered"
            raise NotReady(plan.child.name, what, plan.child.log, child.last_lines())
        record = read_record(plan.path("pid"))
        if record is not None and await greeter.answers(record):
            return record
        await asyncio.sleep(POLL_S)


def _silent(plan: ServerPlan) -> CannotStart:
    """Say why `move_in` ran out of time: a server that is not ours, or the one that we have just ended."""
    if not is_locked(plan.path("server.lock")):
        what = f"did not answer within {plan.ready_within_s:g} s and was ended"
        return NotReady(plan.child.name, what, plan.child.log, last_lines(plan.child.log))
    record = read_record(plan.path("pid"))
    remedy = f"it did not answer at {plan.address} within {plan.ready_within_s:g} s: end it and start again"
    return HeldElsewhere(f"{plan.folder}", None if record is None else record.pid, remedy)


def read_record(path: Path) -> Record | None:
    """Return what a server left in `path`, or None while there is nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def try_lock(path: Path) -> int | None:
    """Return the open file that holds the lock of `path` until it is closed, or None: another holds it.

    The file stays when the lock goes: removing it would let two programs lock two files of one name.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except OSError as error:
        os.close(file)
        raise CannotStart(f"{path} cannot be locked ({error.strerror}); keep it on a local disk") from error
    return file


def is_locked(path: Path) -> bool:
    """Return whether some program holds the lock of `path` now."""
    file = try_lock(path)
    if file is None:
        return True
    os.close(file)
    return False


def _give_up(starter: int | None) -> None:
    if starter is not None:
        os.close(starter)
