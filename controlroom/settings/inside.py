"""The sections that say how this room works: instance, journal, ingest, room, estate, rules, demo."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from controlroom.settings.fields import Count, Name, Place, Seconds, Section


class Instance(Section):
    """This program: what it is called, where it keeps its files, how it speaks in the log."""

    instance: Name = "leedswatch-1"
    """Name of this instance: its status topic, its MQTT session, its name in the journal. Fixed, because
    the broker keeps messages for it."""
    data_dir: Place = Path("var")
    """Folder of everything that this instance writes itself. Below the project, so that one folder is one
    installation."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity that is logged. `info` is one line a signal; `debug` is for one day's search."""
    log_format: Literal["json", "console"] = "json"
    """`json` for machines that collect logs, `console` for a person who watches."""


class Journal(Section):
    """The record of everything that was told and decided."""

    key_file: Place | None = None
    """File with the key of the journal's chain: at least 32 random bytes, used as they stand. Needed
    everywhere but in a demonstration room, which makes its own. Keep a copy: old frames need it."""
    snapshot_every_records: Count = 200_000
    """Records between two snapshots of the state. 200 000 read back in a few seconds at a restart."""
    frame_records_max: Annotated[int, Field(ge=1, le=65_536)] = 1_024
    """Records a frame, at most. Past a few hundred the fsync is paid for; larger frames only wait longer."""
    frame_bytes_max: Annotated[int, Field(ge=65_536, le=268_435_456)] = 1_048_576
    """Bytes a frame, at most; one larger record goes alone. Keeps the longest write to some milliseconds."""
    pending_limit: Count = 20_000
    """Decided records that wait for the store, at most: how far the room goes on while it is away. Some
    14 MB at 700 bytes. At least `frame_records_max`."""
    archive_dir: Place | None = None
    """Folder for compressed archives of old frames; unset, it is `archive` in `service.data_dir`."""
    archive_after_records: Count = 2_000_000
    """Records that stay in the store before older ones move to the archive: some 1.5 GB of memory there.
    At least `snapshot_every_records`."""


class Ingest(Section):
    """What is accepted from the field."""

    max_payload_bytes: Annotated[int, Field(ge=1_024, le=1_048_576)] = 65_536
    """Bytes of a payload above which a message goes to quarantine. A hundred times any signal we know."""
    future_tolerance_s: Seconds = 300.0
    """Seconds that a device's clock may run ahead before its signal is doubted (it is decided all the
    same). Five minutes is more than an unsynchronised device gains in a month."""


class RoomSettings(Section):
    """The room itself."""

    name: Name = "leeds"
    """Name of the room; its journal is kept under it. One room, one writer, one journal."""
    demonstration: bool = False
    """Whether simulated signals are this room's real work. Shown on every page; never true where real
    crews listen."""
    allow_simulated: bool = False
    """Whether a live room shows simulated signals as TEST instead of refusing them. They reach no crew and
    count in no measure either way."""
    accept_within_s: Seconds = 60.0
    """Seconds in which a crew accepts an order before the room raises it again (default, confirm with the
    mobile response team)."""
    confirm_within_min: Annotated[int, Field(ge=30, le=60)] = 30
    """Minutes in which a second detector confirms the first, where a site states none of its own (default,
    confirm against BS 8243)."""
    test_max_s: Seconds = 86_400.0
    """Seconds that a site may be on test at most. A day, so that every shift hears of it again."""
    after_outage_s: Seconds = 120.0
    """Seconds after a start or an outage of the broker's link in which what fell due meanwhile is expected
    once more, and shown as unknown. What was kept arrives within seconds; devices connect again within two
    minutes."""


class Estate(Section):
    """What is looked after."""

    directory: Place = Path("config/estate")
    """Folder of the estate's tables: sites, cameras, help points, crews."""


class Rules(Section):
    """How signals are routed."""

    directory: Place = Path("config/rules")
    """Folder of the rule tables."""


class Measures(Section):
    """What is measured."""

    plan: Place = Path("config/plan-on-a-page.yaml")
    """File of the Plan on a Page: the measures, what counts for each, who answers for it. Another way of
    counting counts the whole journal anew at the next start: a minute for a million records."""
    operators_at_once: Annotated[int, Field(ge=1, le=50)] = 2
    """Operators that the alarm load is reckoned for, until the page is asked for another number. Two is the
    least that a centre is to have, as EN 50518 is remembered; confirm against the standard."""
    camera_pounds_a_year: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    """What a camera costs in a year, in pounds, for the review of camera locations. None: nobody has said."""


class Demo(Section):
    """What `controlroom demo` starts around the room; ignored everywhere else."""

    speed: Annotated[float, Field(gt=0, le=1_000)] = 10.0
    """Simulated seconds a second. Ten shows an hour of the city in six minutes."""
    seed: Annotated[int, Field(ge=0)] = 2015
    """Seed of the simulated city: the same seed tells the same day. The year of the report."""
