"""Mosquitto with the very files that the composition mounts: who may say and hear what."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, NamedTuple

import pytest

from controlroom.feeds.read import read_feed
from tests.deployment.running import ROOT, call, program, running
from tests.ports import free_port

CONF = ROOT / "config" / "mosquitto" / "mosquitto.conf"
ACL = ROOT / "config" / "mosquitto" / "acl"
HEARD_S = "1"  # long beside a loopback's way; only what must not come waits for it


class Broker(NamedTuple):
    """A running broker and the folder of its users' passwords."""

    port: int
    secrets: Path

    def speak(self, user: str, topic: str, *more: str) -> CompletedProcess[str]:
        """Publish one message at QoS 1 as that user, and return what the broker made of it."""
        return call(
            program("mosquitto_pub", "mosquitto-clients"), *self.sign_in(user), "-t", topic, "-m", "x", *more
        )

    def hear(self, user: str, topic: str) -> str:
        """Return all that the user is given on `topic` of what the broker has retained."""
        listener = program("mosquitto_sub", "mosquitto-clients")
        return call(listener, *self.sign_in(user), "-t", topic, "-W", HEARD_S, "-F", "%t").stdout

    def sign_in(self, user: str) -> tuple[str, ...]:
        """The options of Mosquitto's own clients for that user."""
        password = (self.secrets / f"mqtt_{user}").read_text(encoding="ascii")
        return ("-h", "127.0.0.1", "-p", str(self.port), "-V", "5", "-q", "1", "-u", user, "-P", password)


@pytest.fixture(scope="module")
def broker(secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Mosquitto on the mounted file; only port, folders and the user it runs as are this machine's."""
    folder, port = tmp_path_factory.mktemp("mosquitto"), free_port()
    text = CONF.read_text(encoding="utf-8")
    for mounted, here in (
        ("listener 1883\n", f"listener {port} 127.0.0.1\n"),
        ("/run/secrets/mosquitto_users", str(secrets / "mosquitto_users")),
        ("/mosquitto/config/acl", str(ACL)),
        ("/mosquitto/data/", f"{folder}/"),
    ):
        assert text.count(mounted) == 1, mounted
        text = text.replace(mounted, here)
    conf = folder / "mosquitto.conf"
    conf.write_text(f"{text}\nuser {folder.owner()}\n", encoding="utf-8")
    with running([program("mosquitto", "mosquitto"), "-c", str(conf)], port, folder / "log"):
        yield Broker(port, secrets)


@pytest.mark.parametrize(
    ("user", "topic"),
    [
        ("arc-alarm", "leedswatch/inner-east/arc-alarm/panel-1"),
        ("camera-fault", "leedswatch/outer-west/camera-fault/camera-7"),
        ("help-point", "leedswatch/inner-east/help-point/point-1"),
        ("lone-worker", "leedswatch/inner-east/lone-worker/worker-1"),
        ("guard", "leedswatch/inner-east/guard/guard-1"),
        ("park", "leedswatch/inner-east/park/park-1"),
        ("telecare", "leedswatch/inner-east/telecare/home-1"),
        ("MR-01", "leedswatch/dispatch/MR-01/reports"),
        ("controlroom", "leedswatch/dispatch/MR-01/orders"),
        ("controlroom", "leedswatch/dispatch/MR-01/current"),
        ("controlroom", "leedswatch/receipts/inner-east/arc-alarm/panel-1"),
        ("controlroom", "leedswatch/status/room"),
        ("simulators", "leedswatch/inner-east/guard/guard-1"),
        ("simulators", "leedswatch/inner-east/park/park-1"),
        ("simulators", "leedswatch/inner-east/telecare/home-1"),
        ("simulators", "leedswatch/dispatch/MR-01/reports"),
    ],
)
def test_each_user_may_say_its_own(broker: Broker, user: str, topic: str) -> None:
    """Every class of device, crew and program can publish on the topics that are its own."""
    said = broker.speak(user, topic)

    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize(
    ("user", "topic"),
    [
        ("arc-alarm", "leedswatch/inner-east/camera-fault/panel-1"),
        ("arc-alarm", "leedswatch/inner-east/arc-alarm/panel-1/more"),
        ("camera-fault", "leedswatch/inner-east/arc-alarm/panel-1"),
        ("help-point", "leedswatch/dispatch/MR-01/orders"),
        ("guard", "leedswatch/dispatch/MR-01/reports"),
        ("park", "leedswatch/inner-east/telecare/home-1"),
        ("telecare", "leedswatch/inner-east/lone-worker/worker-1"),
        ("lone-worker", "leedswatch/receipts/inner-east/arc-alarm/panel-1"),
        ("MR-01", "leedswatch/dispatch/MR-02/reports"),
        ("MR-01", "leedswatch/dispatch/MR-01/orders"),
        ("MR-01", "leedswatch/dispatch/MR-01/current"),
        ("MR-01", "leedswatch/inner-east/arc-alarm/panel-1"),
        ("controlroom", "leedswatch/inner-east/arc-alarm/panel-1"),
        ("controlroom", "leedswatch/dispatch/MR-01/reports"),
        ("simulators", "leedswatch/dispatch/MR-01/orders"),
        ("recorder", "leedswatch/inner-east/guard/guard-1"),
        ("recorder", "leedswatch/dispatch/MR-01/reports"),
        ("health", "leedswatch/status/room"),
    ],
)
def test_no_user_may_say_what_is_another_s(broker: Broker, user: str, topic: str) -> None:
    """A device cannot publish another's kind, a crew another's reports, and the room no signal."""
    assert "Not authorized" in broker.speak(user, topic).stderr


def test_a_crew_hears_its_own_orders_and_no_others(broker: Broker) -> None:
    """Of the orders to two crews, each is given its own, whatever it subscribed to."""
    for unit in ("MR-01", "MR-02"):
        for what in ("orders", "current"):
            broker.speak("controlroom", f"leedswatch/dispatch/{unit}/{what}", "-r")

    for what in ("orders", "current"):
        own = f"leedswatch/dispatch/MR-01/{what}\n"
        assert broker.hear("MR-01", f"leedswatch/dispatch/+/{what}") == own
    assert broker.hear("arc-alarm", "leedswatch/#") == ""


def test_receipts_reach_only_the_one_who_asked(broker: Broker) -> None:
    """A class of device hears the receipts of its own kind."""
    for kind in ("guard", "help-point"):
        broker.speak("controlroom", f"leedswatch/receipts/inner-east/{kind}/1", "-r")

    assert broker.hear("guard", "leedswatch/receipts/#") == "leedswatch/receipts/inner-east/guard/1\n"


def test_a_feed_is_recorded_with_the_recorder_s_own_user(broker: Broker, tmp_path: Path) -> None:
    """What devices and crews say is in the feed; orders, receipts and what is in hand do not reach it."""
    said = {
        "leedswatch/inner-east/guard/guard-1": "simulators",
        "leedswatch/dispatch/MR-01/reports": "simulators",
        "leedswatch/dispatch/MR-01/orders": "controlroom",
        "leedswatch/dispatch/MR-01/current": "controlroom",
        "leedswatch/status/room": "controlroom",
    }
    for topic, user in said.items():
        broker.speak(user, topic, "-r")
    feed, password = tmp_path / "night.jsonl.zst", broker.secrets / "mqtt_recorder"
    where = ("--broker", f"127.0.0.1:{broker.port}", "--user", "recorder", "--password-file", str(password))
    recording = (sys.executable, "-m", "controlroom", "feed", "record", str(feed), *where)

    made = call(*recording, "--for", HEARD_S)

    assert made.returncode == 0, made.stderr
    assert {one.wire().topic for one in read_feed(feed).messages()} == {
        topic for topic, user in said.items() if user == "simulators"
    }


def test_nobody_comes_in_without_a_password(broker: Broker) -> None:
    """A client that gives no name is refused."""
    client = program("mosquitto_pub", "mosquitto-clients")
    refused = call(client, "-h", "127.0.0.1", "-p", str(broker.port), "-t", "leedswatch/status/x", "-m", "x")

    assert refused.returncode != 0
    assert "ot authori" in refused.stderr


def test_the_container_s_health_check_passes(broker: Broker, compose: dict[str, Any]) -> None:
    """The very line that the composition runs inside the container succeeds against this broker."""
    _, line = compose["services"]["mosquitto"]["healthcheck"]["test"]
    here = line.replace("$$", "$").replace("/run/secrets", str(broker.secrets))
    checked = call("sh", "-c", f"{here} -h 127.0.0.1 -p {broker.port}")

    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("mosquitto version")


def test_nothing_that_was_taken_is_dropped() -> None:
    """The settings that decide whether a queue loses messages stand in the file as they must."""
    lines = CONF.read_text(encoding="utf-8").splitlines()

    assert {
        "max_queued_messages 0",
        "max_queued_bytes 0",
        "persistence true",
        "allow_anonymous false",
        "set_tcp_nodelay true",
        "max_inflight_messages 1000",
    } <= set(lines)
