"""Can this address be listened on? Asked before the journal is taken over.

A room that took the journal first and found its port taken afterwards would have fenced the room that
works, only to end itself: whoever types `controlroom serve` twice by mistake must not end the service.
"""

import errno
import socket


class CannotListen(Exception):
    """An address that two settings name cannot be listened on; the text names the setting and what to do."""


def require_listenable(section: str, host: str, port: int) -> None:
    """`host` and `port` can be listened on now, or CannotListen is raised; port 0 always finds one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise CannotListen(_why(section, host, port, error)) from error


def _why(section: str, host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{section}.port = {port} is taken by another program; free it or set {section}.port"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{section}.port = {port} may not be used by this user; set {section}.port to 1024 or more"
    return f"{section}.host = {host} cannot be listened on ({error.strerror}); set {section}.host"
