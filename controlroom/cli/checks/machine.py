"""What this machine gives the room: disk, key file, ports, and the files that a council edits."""

import errno
import http.client
import os
import shutil
import socket
import stat
import statistics
import tempfile
from pathlib import Path

from controlroom.cli.checks.finding import Finding, Severity
from controlroom.clock import monotonic_s
from controlroom.settings import Settings
from controlroom.wiring.books import read_books

FREE_LEAST_BYTES = 1 << 30
"""Below a gigabyte, a busy night's archive no longer fits."""

FREE_WANTED_BYTES = 10 << 30
"""Some months of archive at a city's usual rate, so that a full disk is seen coming."""

SYNCS = 20
"""Enough for a median that means something; a fifth of a second on a slow disk."""

SYNC_BYTES = 4_096
"""A small frame."""

SYNC_WANTED_S = 0.010
"""One sync a frame: slower than this, the promised 15 ms from signal to order cannot be kept."""

ANSWER_WITHIN_S = 2.0
"""A room on the same machine answers at once."""


def machine_findings(settings: Settings) -> list[Finding]:
    """Return everything that can be seen without asking another program."""
    return [
        _books(settings),
        *_disk(settings.service.data_dir),
        _key_file(settings),
        _port("console.port", settings.console.host, settings.console.port, "/livez"),
        _port("metrics.port", settings.metrics.host, settings.metrics.port, "/metrics"),
    ]


def _books(settings: Settings) -> Finding:
    """Return whether rules and estate can be read."""
    check = "rules and estate"
    for setting, folder in (
        ("rules.directory", settings.rules.directory),
        ("estate.directory", settings.estate.directory),
    ):
        if not folder.is_dir():  # read as it stands, it would be a room without a rule or a site
            found = f"{folder} is no folder"
            return Finding(check, found, "two folders", f"make it, or set {setting}", Severity.WRONG)
    try:
        books = read_books(settings)
    except (ValueError, OSError) as fault:
        lines = str(fault).splitlines() or [type(fault).__name__]
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        advice = "put right what is named, or set rules.directory and estate.directory"
        return Finding(check, f"{lines[0]}{more}", "no problem", advice, Severity.WRONG)
    return Finding(check, f"good, rule set {books.handbook.rules.version}")


def _disk(folder: Path) -> list[Finding]:
    """Return what free space and a sync are like where the data lie, or will lie."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    free = shutil.disk_usage(there).free
    severity = Severity.GOOD if free >= FREE_WANTED_BYTES else Severity.ADVICE
    severity = Severity.WRONG if free < FREE_LEAST_BYTES else severity
    wanted = f"{FREE_WANTED_BYTES >> 30} GiB or more"
    advice = "" if severity is Severity.GOOD else "make room, or set service.data_dir to a larger disk"
    space = Finding("disk space", f"{free / (1 << 30):.1f} GiB free at {there}", wanted, advice, severity)
    return [space, _sync(there)]


def _sync(folder: Path) -> Finding:
    """Return how long a small write takes to be safe."""
    took: list[float] = []
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            for _ in range(SYNCS):
                start = monotonic_s()
                file.write(bytes(SYNC_BYTES))
                os.fsync(file.fileno())
                took.append(monotonic_s() - start)
    except OSError as fault:
        advice = "make it writable for this user, or set service.data_dir"
        return Finding("disk sync", f"{folder}: {fault.strerror}", "writable", advice, Severity.WRONG)
    middle, worst = statistics.median(took), max(took)
    found = f"{middle * 1000:.2f} ms in the middle, {worst * 1000:.2f} ms at worst"
    wanted = f"under {SYNC_WANTED_S * 1000:g} ms"
    if middle < SYNC_WANTED_S:
        return Finding("disk sync", found, wanted)
    return Finding("disk sync", found, wanted, "use a disk with power-loss protection", Severity.ADVICE)


def _key_file(settings: Settings) -> Finding:
    """Return who may read the key of the journal's chain."""
    check, wanted = "journal key", "readable by its owner alone"
    file = settings.journal.key_file or settings.service.data_dir / "journal.key"
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:
        return Finding(check, "the demonstration makes its own when it first runs")
    found = f"{file} has mode {mode:03o}"
    if not mode & 0o077:
        return Finding(check, found, wanted)
    writable = mode & 0o022
    return Finding(check, found, wanted, f"chmod 600 {file}", Severity.WRONG if writable else Severity.ADVICE)


def _port(setting: str, host: str, port: int, path: str) -> Finding:
    """Return whether we can listen there, or whether it is the room that does."""
    found = f"{host}:{port}"
    if port == 0:
        return Finding(setting, "the system chooses one")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE and _answers(host, port, path):
            return Finding(setting, f"{found} is held by a room that runs")
        advice = f"free it, or set {setting}"
        return Finding(setting, f"{found}: {fault.strerror}", "free", advice, Severity.WRONG)
    return Finding(setting, f"{found} is free")


def _answers(host: str, port: int, path: str) -> bool:
    """Return whether something there answers a request as a room would."""
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
