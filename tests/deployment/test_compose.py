"""docker-compose.yml: its form, what it mounts, and what it leaves open."""

from pathlib import Path
from typing import Any

import pytest
from compose_pydantic.models import ComposeSpecification
from pydantic import ValidationError

from controlroom.settings import load
from tests.deployment.running import ROOT

Compose = dict[str, Any]


def services(compose: Compose) -> dict[str, dict[str, Any]]:
    """Each service by its name."""
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def without_extensions(compose: Compose) -> Compose:
    """The composition without its `x-` keys: the specification allows any, the models made of it none."""
    return {key: value for key, value in compose.items() if not key.startswith("x-")}


def test_the_composition_keeps_the_compose_specification(compose: Compose) -> None:
    """The file is valid against the models that were made of the Compose Specification's own schema."""
    ComposeSpecification.model_validate(without_extensions(compose))


def test_the_specification_refuses_a_key_that_it_does_not_know(compose: Compose) -> None:
    """A misspelt key of a service does not pass, so the test above can fail."""
    broken = {
        **without_extensions(compose),
        "services": {"valkey": {**services(compose)["valkey"], "read_onyl": True}},
    }

    with pytest.raises(ValidationError, match="read_onyl"):
        ComposeSpecification.model_validate(broken)


def test_every_mounted_file_exists(compose: Compose) -> None:
    """Each file or folder of the repository that a container mounts is there, and mounted read-only."""
    mounts = [
        mount.split(":")
        for service in services(compose).values()
        for mount in service.get("volumes", [])
        if mount.startswith("./")
    ]

    assert len(mounts) >= len(services(compose))
    assert [mount for mount in mounts if not (ROOT / mount[0]).exists()] == []
    assert [mount for mount in mounts if mount[2:] != ["ro"]] == []


def test_every_secret_is_one_that_is_made(compose: Compose, secrets: Path) -> None:
    """`make secrets` writes each file that the composition reads, into the folder that it reads."""
    files = {Path(secret["file"]) for secret in compose["secrets"].values()}
    used = {name for service in services(compose).values() for name in service.get("secrets", [])}

    assert {file.parent for file in files} == {Path("var/secrets")}
    assert {file.name for file in files} <= {made.name for made in secrets.iterdir()}
    assert used == set(compose["secrets"])


def test_every_environment_file_is_a_mounted_secret(compose: Compose) -> None:
    """A setting that names a file below /run/secrets names one that its own service mounts."""
    for name, service in services(compose).items():
        named = {
            Path(value).name
            for value in service.get("environment", {}).values()
            if value.startswith("/run/secrets/")
        }

        assert named <= set(service.get("secrets", [])), name


def test_the_room_accepts_its_settings(compose: Compose, secrets: Path) -> None:
    """The mounted file and the environment of the composition make settings without a problem."""
    environment = {
        name: value.replace("/run/secrets", str(secrets)).replace("${DEMONSTRATION:-false}", "false")
        for name, value in services(compose)["controlroom"]["environment"].items()
    }
    settings = load(ROOT / "config" / "controlroom.toml", environment)

    assert settings.broker.host in services(compose)
    assert settings.room.demonstration is False


def test_every_volume_and_network_is_declared_and_used(compose: Compose) -> None:
    """No volume or network is left over or missing."""
    mounted = {
        mount.split(":")[0]
        for service in services(compose).values()
        for mount in service.get("volumes", [])
        if not mount.startswith("./")
    }
    joined = {network for service in services(compose).values() for network in service["networks"]}

    assert mounted == set(compose["volumes"])
    assert joined == set(compose["networks"])


def test_every_port_is_published_on_loopback_only(compose: Compose) -> None:
    """Nothing of the composition can be reached from another machine."""
    ports = [port for service in services(compose).values() for port in service.get("ports", [])]

    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_container_is_hardened_and_comes_back(compose: Compose) -> None:
    """Each container has a read-only root, no capability, no new privileges, and is restarted."""
    for name, service in services(compose).items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] == "unless-stopped", name


def test_every_image_has_a_version(compose: Compose) -> None:
    """No image is taken by a tag that moves as it likes."""
    for name, service in services(compose).items():
        image, _, tag = service["image"].partition(":")

        assert image, name
        assert tag.lstrip("v")[:1].isdigit(), name


def test_whatever_is_waited_for_says_when_it_is_healthy(compose: Compose) -> None:
    """Each dependency waits for health, and what is waited for says so; the room's image does."""
    for service in services(compose).values():
        for wanted, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services(compose)[wanted] or "build" in services(compose)[wanted]


def test_nobody_but_the_room_reaches_the_store(compose: Compose) -> None:
    """The store's network is internal, and only the room and the store are in it."""
    members = {name for name, service in services(compose).items() if "store" in service["networks"]}

    assert compose["networks"]["store"] == {"internal": True}
    assert members == {"controlroom", "valkey"}
