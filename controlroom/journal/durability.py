"""Does the store keep what it confirms? Reads its settings and says what to change.

"Confirmed" must mean "on the disk", for the room acknowledges a panic alarm on that word. What cannot be
read counts as unsafe: a managed server that hides its settings needs a person who knows and says so
(`allow_unsafe_store`).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from controlroom.journal.resp import Calls
from controlroom.journal.store import JournalError

HIDDEN = "cannot be read"
"""Found instead of a value when the server refuses the question."""

_CONFIG = ("appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory-policy")
_INFO = ("aof_last_write_status", "role", "redis_version")

_OLDEST = (6, 2)
"""Redis 6.2 brought exclusive ranges and XTRIM MINID. Valkey reports 7.2 or newer here."""


class Severity(StrEnum):
    """What a finding means for going live."""

    UNSAFE = "unsafe"
    ADVICE = "advice"


class Finding(msgspec.Struct, frozen=True):
    """One setting that is not as it should be, and what to do about it."""

    setting: str
    found: str
    wanted: str
    advice: str
    severity: Severity


class UnsafeStore(JournalError):
    """The store may forget what it confirmed, and nobody has said that this is all right."""


class _Want(msgspec.Struct, frozen=True):
    setting: str
    wanted: tuple[str, ...]
    advice: str
    tolerated: tuple[str, ...] = ()


_WANTED = (
    _Want("appendonly", ("yes",), "set `appendonly yes` in the store's configuration"),
    _Want("appendfsync", ("always",), "set `appendfsync always`: everysec may lose a second of alarms"),
    _Want(
        "no-appendfsync-on-rewrite",
        ("no",),
        "set `no-appendfsync-on-rewrite no`: else nothing is fsynced while the log is rewritten",
    ),
    _Want(
        "maxmemory-policy",
        ("noeviction",),
        "set `maxmemory-policy noeviction`: the allkeys policies may throw the whole journal away",
        ("volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"),
    ),
    _Want("aof_last_write_status", ("ok",), "look at the store's log and its disk: its last write failed"),
    _Want("role", ("master",), "connect to the primary: a replica takes no writes"),
)


async def read_settings(link: Calls) -> Mapping[str, str]:
    """What the store says of itself; `HIDDEN` where it refuses. Raises StoreAway."""
    *answers, info = await link.call(*((b"CONFIG", b"GET", name.encode()) for name in _CONFIG), (b"INFO",))
    settings = dict.fromkeys((*_CONFIG, *_INFO), HIDDEN)
    for name, answer in zip(_CONFIG, answers, strict=True):
        match answer:
            case [_, bytes(value)]:
                settings[name] = value.decode()
            case _:
                continue
    if isinstance(info, bytes):
        lines = (line.partition(":") for line in info.decode(errors="replace").splitlines())
        settings.update({name: value.strip() for name, _, value in lines if name in _INFO})
    return settings


def findings(settings: Mapping[str, str]) -> tuple[Finding, ...]:
    """Every setting that is not as it should be; empty when the store is safe."""
    found = [
        _finding(want, settings.get(want.setting, HIDDEN))
        for want in _WANTED
        if settings.get(want.setting, HIDDEN) not in want.wanted
    ]
    version = settings.get("redis_version", HIDDEN)
    if _version(version) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        advice = f"use Valkey, or Redis {oldest} or newer"
        found.append(Finding("redis_version", version, f"{oldest} or newer", advice, Severity.UNSAFE))
    return tuple(found)


def insist(found: Sequence[Finding], *, allow_unsafe_store: bool) -> None:
    """The store is safe, or somebody has said that it need not be. Raises UnsafeStore with every reason."""
    unsafe = [f for f in found if f.severity is Severity.UNSAFE]
    if unsafe and not allow_unsafe_store:
        lines = "\n".join(f"  {f.setting}: found {f.found}, wanted {f.wanted}; {f.advice}" for f in unsafe)
        raise UnsafeStore(
            f"the store does not keep everything that it confirms:\n{lines}\n"
            "Change it, or set `allow_unsafe_store` to go on and risk the loss of acknowledged signals."
        )


def _finding(want: _Want, value: str) -> Finding:
    severity = Severity.ADVICE if value in want.tolerated else Severity.UNSAFE
    return Finding(want.setting, value, " or ".join(want.wanted), want.advice, severity)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())
