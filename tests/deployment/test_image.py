"""The Dockerfile: what it is made of, who it runs as, and what stays outside."""

import re

from tests.deployment.running import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = [line.split() for line in TEXT.splitlines() if line and not line.startswith("#")]


def instructions(name: str) -> list[list[str]]:
    """The words of each instruction of that name, without the name."""
    return [words[1:] for words in LINES if words[0] == name]


def copied() -> list[str]:
    """What is copied from the repository, and not from an earlier stage."""
    return [
        source for words in instructions("COPY") if not words[0].startswith("--") for source in words[:-1]
    ]


def test_every_stage_begins_with_a_version() -> None:
    """No stage begins with an image whose tag is missing or moves as it likes."""
    images = [words[0] for words in instructions("FROM")]

    assert images
    assert [image for image in images if not re.fullmatch(r"[a-z/]+:\d[\w.-]*", image)] == []


def test_the_image_runs_as_a_fixed_user_that_is_not_root() -> None:
    """The last word on the user is a number above the system's own, so that volumes keep their owner."""
    user, group = instructions("USER")[-1][0].split(":")

    assert min(int(user), int(group)) >= 10000
    assert LINES.index(["USER", f"{user}:{group}"]) > max(
        n for n, words in enumerate(LINES) if words[0] == "RUN"
    )


def test_everything_that_is_copied_exists_and_is_let_in() -> None:
    """Each source of a COPY is in the repository, and .dockerignore lets it and nothing secret through."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}

    assert [source for source in copied() if not (ROOT / source).exists()] == []
    assert set(copied()) == let_in
    assert "*" in ignored


def test_only_what_is_locked_is_installed() -> None:
    """Every pip in the image either checks hashes or asks no registry."""
    runs = [
        " ".join(words)
        for words in instructions("RUN")
        if "install" in words and any("pip" in w for w in words)
    ]

    assert runs
    assert [run for run in runs if "--require-hashes" not in run and "--no-index" not in run] == []


def test_the_image_knows_its_own_health() -> None:
    """The health check asks the room whether it lives, with Python's own library."""
    check = " ".join(instructions("HEALTHCHECK")[0])

    assert "/livez" in check
    assert "urllib.request" in check
