"""Ports for programs that a test starts.

A port that the kernel gives for the asking (port 0) comes from the range of outgoing connections: between
the probe and the program's own bind, any connection of the machine may take it. These lie below that range.
"""

import itertools
import os
import socket

_FIRST, _COUNT = 10_240, 20_000
"""Above the ports of well-known programs, below 32,768, where Linux begins to number outgoing connections."""

_next = itertools.count(os.getpid() * 97)
"""Each process begins somewhere else, so that two that run side by side seldom meet."""


def free_port() -> int:
    """Return a loopback port that nobody listens on, other than every one given before by this process."""
    while True:
        port = _FIRST + next(_next) % _COUNT
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
