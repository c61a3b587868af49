"""Is a TCP port on loopback free? Asked before anything is started, so that the answer can name the setting.

The answer is true at the moment of asking only: a program that takes the port in between is still
found, later, by the server that cannot bind and ends.
"""

import errno
import socket

from controlroom.embedded.refusals import CannotStart

LOOPBACK = "127.0.0.1"
"""The only address that this project's own servers listen on."""


class PortTaken(CannotStart):
    """A port that a setting names cannot be listened on; `why` is a clause of plain words."""

    def __init__(self, setting: str, port: int, why: str = "is taken by another program; free it") -> None:
        self.setting = setting
        self.port = port
        super().__init__(f"{setting} = {port} {why} or set {setting}")


def require_free_port(setting: str, port: int) -> None:
    """`port` on loopback can be listened on now.

    Raises PortTaken when another program listens there, on loopback or on every address, and when
    the system keeps the port from this user. Connections that linger after a close do not count.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OverflowError:
            raise PortTaken(setting, port, "is no TCP port (1 to 65535)") from None
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM}:
                raise PortTaken(setting, port, "may not be used by this user; run as one who may") from error
            if error.errno != errno.EADDRINUSE:
                raise PortTaken(setting, port, f"cannot be used ({error.strerror}); free it") from error
            raise PortTaken(setting, port) from error
