"""Whether a port is free is answered before anything starts, in words that name the setting."""

import socket

import pytest

from controlroom.embedded.ports import PortTaken, require_free_port


def test_a_taken_port_is_named_with_its_setting() -> None:
    """A listener takes the port, and the line says which setting to change."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = f"broker.port = {port} is taken by another program; free it or set broker.port"
        with pytest.raises(PortTaken) as taken:
            require_free_port("broker.port", port)
    assert str(taken.value) == line
    assert (taken.value.setting, taken.value.port) == ("broker.port", port)


def test_a_free_port_stays_free() -> None:
    """The check takes nothing: the port can be asked for again and bound afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    require_free_port("metrics.port", port)
    require_free_port("metrics.port", port)
    with socket.socket() as user:
        user.bind(("127.0.0.1", port))
        user.listen()


def test_connections_that_linger_do_not_take_a_port() -> None:
    """A port whose last connection still lingers after a close is free for a new listener."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            answering, _ = listener.accept()
            answering.close()  # the side that closes first is the side that lingers
            assert caller.recv(1) == b""
    require_free_port("console.port", port)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    """A number outside the range of ports is named as such."""
    with pytest.raises(PortTaken, match="is no TCP port"):
        require_free_port("console.port", port)
