"""What the metrics say of the watches: how many are armed, fired, how late, and what nothing watches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from controlroom.clock import Now
from controlroom.incidents.changes import WatchExpired
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.people.duty import Checked, CheckResult, CheckSlipped, Stage
from controlroom.incidents.record import Record
from controlroom.incidents.watch_list import unknown_now, unwatched
from controlroom.metrics import RoomMetrics
from controlroom.room import Room
from controlroom.signals.vocabulary import Kind

LATE_BUCKETS_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0, 3600.0)
"""From one turn of the loop to an hour's stop of the room; past a second somebody waits for us."""


class WatchMeter:
    """Counts the watches that fired, and reads the others at the scrape. A follower of the room."""

    def __init__(self, metrics: RoomMetrics, room: Room, now: Now) -> None:
        self._expired: Counter[str] = Counter({kind.value: 0 for kind in WatchKind})
        self._room = room
        metrics.gauged(
            "controlroom_watches_armed", "Things expected by a deadline, by what.", "watch", self._armed
        )
        metrics.counted(
            "controlroom_watches_expired",
            "Things that did not happen in time, by what.",
            "watch",
            lambda: self._expired,
        )
        metrics.gauge(
            "controlroom_watches_unknown",
            "Things the field owes that cannot be known now, because of an outage of the room's own.",
            lambda: unknown_now(room.state, now(), room.handbook.house.after_outage_s),
        )
        metrics.gauged(
            "controlroom_sources_unwatched",
            "Sources of the estate whose silence nothing would notice, by kind of feed.",
            "kind",
            lambda: unwatched(room.state, room.handbook.estate),
        )
        self._checks: dict[Kind, Counter[str]] = {
            kind: Counter(dict.fromkeys(map(str, CheckResult), 0)) for kind in (Kind.LONE_WORKER, Kind.GUARD)
        }
        for kind, what in ((Kind.LONE_WORKER, "lone_worker"), (Kind.GUARD, "guard")):
            metrics.counted(
                f"controlroom_{what}_checks",
                f"Checks of a {what.replace('_', ' ')}, by how they went.",
                "result",
                partial(self._results, kind),
            )
        metrics.gauged(
            "controlroom_people_on_duty",
            "People who are watched over now, by how far their silence has come.",
            "stage",
            self._stages,
        )
        self._late_s = metrics.timed(
            "controlroom_watch_lateness_seconds",
            "How long after its moment a watch fired, stops of the room included.",
            "watch",
            WatchKind,
            LATE_BUCKETS_S,
        )

    def released(self, records: Sequence[Record]) -> None:
        """Count what these durable records let run out."""
        for record in records:
            for change in record.decision.changes:
                if type(change) is WatchExpired:
                    kind = change.watch.kind
                    self._expired[kind] += 1
                    self._late_s[kind]((record.now - change.watch.due).total_seconds())
                elif type(change) is Checked:
                    self._checks[change.kind][change.result] += 1
                elif type(change) is CheckSlipped and change.stage is Stage.MISSED:
                    self._checks[change.kind][CheckResult.MISSED] += 1

    def _results(self, kind: Kind) -> Mapping[str, int]:
        return self._checks[kind]

    def _stages(self) -> Mapping[str, float]:
        duties = tuple(self._room.state.duties.values())
        count = {stage.value: 0 for stage in Stage}
        for duty in duties:
            count[duty.stage.value] += 1
        return count

    def _armed(self) -> Mapping[str, float]:
        armed = self._room.state.watches.armed
        return {kind.value: len(armed.get(kind, ())) for kind in WatchKind}
