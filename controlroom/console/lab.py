"""What the console knows of replays and rehearsals that are started from its page, and where it asks."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from controlroom.console.device_health import Health


class Trial(StrEnum):
    """What can be run from the page."""

    REPLAY = "replay"
    REHEARSAL = "rehearsal"


class Order(msgspec.Struct, frozen=True):
    """A trial as somebody asks for it; folders are seen from the installation's folder.

    `against` is empty where nothing is compared, `times` a range of multiples for a rehearsal.
    """

    trial: Trial
    feed: str
    rules: str
    against: str
    times: str
    by: str


class FeedFile(msgspec.Struct, frozen=True):
    """A feed in the folder of feeds; its size in bytes."""

    name: str
    size: int


class Job(msgspec.Struct, frozen=True):
    """A trial that runs or ran. `said` is the last word of it, `report` the page that it made."""

    number: int
    order: Order
    begun: datetime
    running: bool
    said: str = ""
    report: str | None = None


class LabState(msgspec.Struct, frozen=True):
    """The feeds that can be taken, the trials since the start with the newest first, and the reports."""

    feeds: tuple[FeedFile, ...]
    jobs: tuple[Job, ...]
    reports: Mapping[str, Path]


class LabRefused(Exception):
    """A trial cannot be begun; the text says why and what to do."""


class Lab(Protocol):
    """Where trials are run: one at a time, in a process of their own."""

    def state(self) -> LabState:
        """Return how things stand."""
        ...

    def begin(self, order: Order) -> None:
        """Begin a trial; raises LabRefused."""
        ...

    def cancel(self) -> None:
        """End the trial that runs, if one does."""
        ...


class Explainer(Protocol):
    """Says why both rule sets decide as they do about a difference of the shadow's recent list."""

    async def explain(self, position: int) -> Mapping[str, tuple[str, ...]]:
        """Return lines by rule set; empty where the difference is not listed any more."""
        ...


class Engineering(msgspec.Struct, frozen=True):
    """What the engineer's page is given besides the candidate's desk."""

    lab: Lab
    explainer: Explainer
    health: Callable[[], Health]
