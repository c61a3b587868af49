"""All that the room knows at one moment: the only mutable thing in the core, changed only by `apply`.

Everything is kept in insertion order and encodes to the same bytes for the same history, so two
states are equal exactly when their snapshots are. Bounds: duplicates are remembered for at least
`HEARD_MIN` signals, conditions for `CONDITIONS_KEPT` sources, closed incidents for the last `CLOSED_KEPT`,
orders as long as their incident, or until the broker has them; the journal keeps the rest. Open
incidents have no bound: they are work that somebody has to do.
"""

from datetime import datetime

import msgspec

from controlroom.incidents.cameras.state import Cameras
from controlroom.incidents.confirmation import Clue
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.crews.given import GivenWord, StandingOrder
from controlroom.incidents.handovers.state import Handover
from controlroom.incidents.hearing import Hearing
from controlroom.incidents.help_points.state import HelpPoints
from controlroom.incidents.holds.state import Holds
from controlroom.incidents.incident import Incident, Undo
from controlroom.incidents.log_book.state import LogBook
from controlroom.incidents.on_test import OnTest
from controlroom.incidents.people.duty import Duty
from controlroom.incidents.referrals.state import Referrals
from controlroom.incidents.repeats import Runs
from controlroom.incidents.restores.state import Fault
from controlroom.incidents.rollups.state import Rollups
from controlroom.incidents.rule_changes.state import RuleChanges
from controlroom.incidents.sites.state import Sites
from controlroom.incidents.watches import Watches, first

HEARD_MIN = 250_000
"""Duplicates found at least this far back: a minute at 4,000 signals a second, more than a day of the
city. Two generations of 16-byte keys cost at most about 60 MB."""

CLOSED_KEPT = 1_000
"""Closed incidents that the console can still list without asking the journal."""

UNDO_KEPT = 200
"""Merges and splits that can be undone: more than a shift makes, at some kilobytes each."""

CONDITIONS_KEPT = 100_000
"""Sources whose last condition is known, those that changed longest ago leaving first: fifty times the
demonstration estate, so only a flood of invented sources reaches it. Some 15 MB."""


class State(msgspec.Struct):
    """The room. `position` is that of the last record applied.

    `heard` maps the key of a decided signal to its position; `heard_before` is the older generation.
    `joinable` maps a merge key to the open incident it leads to. `watches` is what is expected, `hearing`
    whether the field can be heard, `duties` who is at work and watched over, by topic. `open_at` counts the
    open incidents of each site, `load` the unfinished orders of each unit and `in_hand` names them. `unsent`
    are orders and stand-downs that the broker has not confirmed, `words` the latter until it has.
    `crews` is what units said of themselves.

    What rules may ask of the room: `runs` counts repeats, `clues` are what a later signal of a site may be
    confirmed by, `confirmed` is when a threat (by threat and site) was, `paths` are the failed paths of each
    site that told of any, `tests` is what is on test, by name, `tests_over` the last
    reports. `standing` maps a condition that signals of
    open incidents reported to these incidents, until it ends. `undo` leads back from the last merge or
    split of an open incident, `holds` is what waits for an abort, `faults` what waits for its restore,
    `rollups` the counts of what comes again and again; `sites`, `cameras` and `help_points` are what is
    noted of each of them, `referrals` what partners were told,
    `rule_changes` which rule sets are on their way into force, `restricted` who alone may see which incident,
    however long ago it was closed.
    """

    position: int = 0
    heard: dict[bytes, int] = msgspec.field(default_factory=dict)
    heard_before: dict[bytes, int] = msgspec.field(default_factory=dict)
    conditions: dict[str, str] = msgspec.field(default_factory=dict)
    incidents: dict[str, Incident] = msgspec.field(default_factory=dict)
    closed: dict[str, Incident] = msgspec.field(default_factory=dict)
    joinable: dict[str, str] = msgspec.field(default_factory=dict)
    open_at: dict[str, int] = msgspec.field(default_factory=dict)
    orders: dict[str, StandingOrder] = msgspec.field(default_factory=dict)
    unsent: dict[str, None] = msgspec.field(default_factory=dict)
    load: dict[str, int] = msgspec.field(default_factory=dict)
    in_hand: dict[str, dict[str, None]] = msgspec.field(default_factory=dict)
    words: dict[str, GivenWord] = msgspec.field(default_factory=dict)
    crews: dict[str, CrewNote] = msgspec.field(default_factory=dict)
    watches: Watches = msgspec.field(default_factory=Watches)
    hearing: Hearing = Hearing()
    duties: dict[str, Duty] = msgspec.field(default_factory=dict)
    quarantined: int = 0
    runs: Runs = msgspec.field(default_factory=Runs)
    clues: dict[str, tuple[Clue, ...]] = msgspec.field(default_factory=dict)
    confirmed: dict[str, datetime] = msgspec.field(default_factory=dict)
    paths: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    tests: dict[str, OnTest] = msgspec.field(default_factory=dict)
    tests_over: list[OnTest] = msgspec.field(default_factory=list)
    standing: dict[str, dict[str, None]] = msgspec.field(default_factory=dict)
    holds: Holds = msgspec.field(default_factory=Holds)
    faults: dict[str, Fault] = msgspec.field(default_factory=dict)
    rollups: Rollups = msgspec.field(default_factory=Rollups)
    undo: dict[str, Undo] = msgspec.field(default_factory=dict)
    sites: Sites = msgspec.field(default_factory=Sites)
    cameras: Cameras = msgspec.field(default_factory=Cameras)
    help_points: HelpPoints = msgspec.field(default_factory=HelpPoints)
    log_book: LogBook = msgspec.field(default_factory=LogBook)
    handovers: dict[str, Handover] = msgspec.field(default_factory=dict)
    quarters_signed: dict[str, datetime] = msgspec.field(default_factory=dict)
    referrals: Referrals = msgspec.field(default_factory=Referrals)
    rule_changes: RuleChanges = msgspec.field(default_factory=RuleChanges)
    restricted: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    def first_heard(self, key: bytes) -> int | None:
        """Return the position at which this key was decided; None when it never was, as far as we recall."""
        position = self.heard.get(key)
        return self.heard_before.get(key) if position is None else position


def next_deadline(state: State) -> datetime | None:
    """Return when the earliest watch falls due; None when nothing is expected of anybody.

    While nothing is heard, what is expected of the field does not fall due.
    """
    watch = first(state.watches, hearing=state.hearing.deaf_since is None)
    return watch.due if watch is not None else None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(State)


def to_bytes(state: State) -> bytes:
    """Return the snapshot of this state; equal histories give equal bytes."""
    return _ENCODER.encode(state)


def from_bytes(snapshot: bytes) -> State:
    """Return the state of a snapshot; raises `msgspec.DecodeError` on bytes of another shape."""
    return _DECODER.decode(snapshot)
