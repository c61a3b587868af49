"""Ports for programs that a test starts.

A port that the kernel gives for the asking (port 0) comes from the range of outgoing connections: between
the probe and the program's own bind, any connection of the machine may take it. These lie below that range.
Nor may two test processes side by side be given the same one, each before the other's program listens: a port
is locked, as one byte of a file, for as long as the process lives that was given it.
"""

import fcntl
import itertools
import os
import socket
import tempfile
from pathlib import Path

_FIRST, _COUNT = 10_240, 20_000
"""Above the ports of well-known programs, below 32,768, where Linux begins to number outgoing connections."""

_next = itertools.count(os.getpid() * 97)
"""Each process begins somewhere else, so that two that run side by side seldom meet."""

_GIVEN = Path(tempfile.gettempdir()) / f"controlroom-ports-{os.getuid()}"
_given = _GIVEN.open("ab")
"""Never closed: closing any handle of the file would let go of every lock of this process."""


def free_port() -> int:
    """Return a loopback port that nobody listens on and that no living test process was given."""
    while True:
        port = _FIRST + next(_next) % _COUNT
        if _is_ours(port) and _is_free(port):
            return port


def _is_ours(port: int) -> bool:
    """Take the port for this process; False where another one of these has it."""
    try:
        fcntl.lockf(_given, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except BlockingIOError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
