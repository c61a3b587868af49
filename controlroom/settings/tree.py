"""The whole tree, and what its parts must agree on.

Values that follow from others (`client_id`, `archive_dir`, …) are properties, so that nobody has to
know which setting they fall back to.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from pydantic import Field

from controlroom.settings.devices import CameraSettings, HelpPointSettings
from controlroom.settings.fields import Section
from controlroom.settings.inside import Demo, Estate, Ingest, Instance, Journal, Measures, RoomSettings, Rules
from controlroom.settings.keyholders import Keyholders
from controlroom.settings.log_book import LogBook
from controlroom.settings.outside import Broker, Console, Metrics, Store
from controlroom.settings.partners import Partners, Webhooks
from controlroom.settings.people import People
from controlroom.settings.replay import Replay
from controlroom.settings.secret_files import Secrets
from controlroom.settings.sign_in import SignIn
from controlroom.settings.sites import Sites
from controlroom.settings.wording import shown
from controlroom.settings.work import Work


class Settings(Section):
    """Settings of controlroom: `[section]` tables of a TOML file, each value also as a variable."""

    service: Instance = Instance()
    broker: Broker = Broker()
    store: Store = Store()
    journal: Journal = Journal()
    ingest: Ingest = Ingest()
    room: RoomSettings = RoomSettings()
    work: Work = Work()
    people: People = People()
    cameras: CameraSettings = CameraSettings()
    help_points: HelpPointSettings = HelpPointSettings()
    console: Console = Console()
    sign_in: SignIn = SignIn()
    metrics: Metrics = Metrics()
    estate: Estate = Estate()
    rules: Rules = Rules()
    sites: Sites = Sites()
    measures: Measures = Measures()
    replay: Replay = Replay()
    partners: Partners = Partners()
    webhooks: Webhooks = Webhooks()
    keyholders: Keyholders = Keyholders()
    log_book: LogBook = LogBook()
    demo: Demo = Demo()
    secrets: Secrets = Field(default=Secrets(), exclude=True, repr=False)
    """What stood in the secret files; no table of the TOML file."""

    @property
    def client_id(self) -> str:
        """The name of our session at the broker."""
        return self.broker.client_id or self.service.instance

    @property
    def archive_dir(self) -> Path:
        """The folder of archived frames."""
        return self.journal.archive_dir or self.service.data_dir / "archive"


SECTIONS: dict[str, type[Section]] = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
"""The tables that a file may have."""


class Conflict(msgspec.Struct, frozen=True):
    """Settings that are each possible but not together. The first of `keys` is the one to put right.

    `compares` says that the message repeats the value of that first one.
    """

    keys: tuple[tuple[str, str], ...]
    message: str
    compares: bool = False


def conflicts(settings: Settings) -> Iterator[Conflict]:
    """Say everything in which the settings contradict each other."""
    yield from _bounds(settings)
    yield from _ports(settings)
    yield from _credentials(settings)
    yield from _sign_in(settings)
    yield from _pace(settings)
    if settings.journal.key_file is None and not settings.room.demonstration:
        yield Conflict(
            (("journal", "key_file"), ("room", "demonstration")),
            "is not set; allowed is a file of at least 32 random bytes (only a room with "
            "demonstration = true makes its own)",
        )


def _sign_in(settings: Settings) -> Iterator[Conflict]:
    asked = settings.sign_in
    if asked.issuer is not None and asked.client_id is None:
        keys = (("sign_in", "client_id"), ("sign_in", "issuer"))
        yield Conflict(keys, "is not set beside sign_in.issuer; allowed is both or neither")
    if asked.issuer is not None and not asked.roles:
        keys = (("sign_in", "roles"), ("sign_in", "issuer"))
        yield Conflict(keys, "is empty, so nobody could sign in; name at least one value and its role")


def _pace(settings: Settings) -> Iterator[Conflict]:
    if settings.people.pace != 1.0 and not settings.room.demonstration:
        yield Conflict(
            (("people", "pace"), ("room", "demonstration")),
            f"found the number {shown(settings.people.pace)}; allowed is 1 where people are real",
            compares=True,
        )


_ORDERED = (
    (("broker", "inbound_limit"), ("broker", "receive_maximum")),
    (("broker", "reconnect_max_s"), ("broker", "reconnect_min_s")),
    (("webhooks", "retry_most_s"), ("webhooks", "retry_first_s")),
    (("journal", "pending_limit"), ("journal", "frame_records_max")),
    (("journal", "archive_after_records"), ("journal", "snapshot_every_records")),
    (("journal", "frame_bytes_max"), ("ingest", "max_payload_bytes")),
)
"""The first of each pair is at least as large as the second."""


def _bounds(settings: Settings) -> Iterator[Conflict]:
    for large, small in _ORDERED:
        high, low = (getattr(getattr(settings, section), key) for section, key in (large, small))
        if high < low:
            message = f"found the number {shown(high)}; allowed is {shown(low)} ({'.'.join(small)}) or more"
            yield Conflict((large, small), message, compares=True)


def _ports(settings: Settings) -> Iterator[Conflict]:
    console, metrics = settings.console, settings.metrics
    if console.port == metrics.port != 0 and console.host == metrics.host:
        yield Conflict(
            (("metrics", "port"), ("console", "port")),
            f"found the number {metrics.port}, which is console.port; allowed is a port of its own",
            compares=True,
        )


def _credentials(settings: Settings) -> Iterator[Conflict]:
    broker = settings.broker
    if broker.password_file is not None and broker.username is None:
        yield Conflict(
            (("broker", "password_file"), ("broker", "username")),
            "is set without broker.username; allowed is both or neither",
        )
    try:
        password = urlsplit(settings.store.url).password
    except ValueError:
        yield Conflict((("store", "url"),), "is no address; allowed is redis://host:port/db or unix:///path")
        return
    if password is not None:
        yield Conflict(
            (("store", "url"),),
            "holds a password; allowed is an address without one (see store.password_file)",
        )
