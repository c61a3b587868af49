"""Every metric of the service: its help, its closed labels, its buckets. The registry is injected.

Labels are kinds, routes, priorities, reasons and outcomes, never a site, a person or an incident.
Series that can exist are there from the start at zero, so a rate never begins with a hole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily

from controlroom import __version__
from controlroom.events import QuarantineReason, SignalReceived
from controlroom.exposition import Kept, Spread
from controlroom.incidents.asked import ANSWERS, COMMANDS, answer_to
from controlroom.incidents.cameras.changes import AtCameras
from controlroom.incidents.changes import (
    COUNTED_WORK,
    UNCOUNTED,
    Change,
    ConditionNoted,
    CountedByWord,
    Heard,
    IncidentClosed,
    IncidentMoved,
    IncidentOpened,
    Logged,
    OrderHandedOver,
    OrderMoved,
    Quarantined,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.crews.changes import CrewNoted, OrderEnded, OrderUpdated, UpdateHeard, word_of
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.endings import Ending
from controlroom.incidents.handovers.state import HandoverChange
from controlroom.incidents.hearing import HearsAgain, WentDeaf
from controlroom.incidents.help_points.changes import AtHelpPoint
from controlroom.incidents.holds.changes import HoldEased, HoldEnd, HoldEnded, SignalHeld
from controlroom.incidents.lessons import (
    CameOffTest,
    ClueKept,
    Confirmed,
    Lesson,
    PathMoved,
    Swallowed,
    Threat,
    WentOnTest,
)
from controlroom.incidents.log_book.changes import COUNTED_ENTRIES, LogBookChange
from controlroom.incidents.people.duty import (
    Checked,
    CheckSlipped,
    DutyBegan,
    DutyEnded,
    DutyNoted,
    NotWatched,
)
from controlroom.incidents.plan.changes import PlanChange
from controlroom.incidents.record import Record
from controlroom.incidents.rollups.state import RolledUp, RollUp
from controlroom.incidents.rule_changes.state import AtRules
from controlroom.incidents.sites import changes as sites
from controlroom.orders import SendCrew
from controlroom.rules.verdict import Route
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind

LAG_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0)
"""From a quick loopback to the answering limits of 30, 60 and 180 s that a late signal would eat."""

WRITE_BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0)
"""One fsync on a good disk takes 0.1 to 2 ms; past 50 ms the store is in trouble."""

DECIDE_BUCKETS_S = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1)
"""From one signal on a quick machine to the 3 ms of a full batch, and what is too long for anybody."""

PRIORITIES = (1, 2, 3, 4)

_Paper = LogBookChange | PlanChange | HandoverChange


class RoomMetrics:
    """The counters a record moves, and the gauges that are read at the scrape. A follower of the room."""

    def __init__(self, registry: CollectorRegistry, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._registry = registry
        _say_build(registry)
        text = "How many signals were stored and decided."
        self._received = self._by("signals_received", text, "kind", Kind)
        decided = Counter(
            "controlroom_decisions", "Where signals were routed.", ("kind", "route"), registry=registry
        )
        self._sent = {kind: decided.labels(kind, Route.MOBILE_RESPONSE) for kind in Kind}
        self._logged = {kind: decided.labels(kind, Route.LOG) for kind in Kind}
        text = "What could not be taken as it came."
        self.quarantined = Counter("controlroom_signals_quarantined", text, ("reason",), registry=registry)
        self._quarantined = {reason: self.quarantined.labels(reason) for reason in QuarantineReason}
        text = "How old a signal is, by its device's clock, when it is durable."
        self._lag = Spread(("controlroom_ingest_lag_seconds", text), "kind", Kind, LAG_BUCKETS_S)
        registry.register(self._lag)
        self._incidents(registry)
        steps = ("issued", "handed_over", "retried", "updated", *Step, *OrderEnd)
        self._orders = self._by("orders", "Steps that orders reached.", "step", steps)
        self._records = Counter(
            "controlroom_journal_records", "How many records became durable.", registry=registry
        )
        self.append_s = Histogram(
            "controlroom_journal_append_seconds",
            "How long the store took to make a frame durable.",
            buckets=WRITE_BUCKETS_S,
            registry=registry,
        )
        self.decide_s = Histogram(
            "controlroom_decide_batch_seconds",
            "How long the room decided before it let others speak; a batch is 1 to 128 records.",
            buckets=DECIDE_BUCKETS_S,
            registry=registry,
        )
        text = "What people asked of the room, by what came of it."
        self._commands = self._by("commands", text, "result", ANSWERS)

    def _incidents(self, registry: CollectorRegistry) -> None:
        opened = Counter(
            "controlroom_incidents_opened", "Incidents opened.", ("kind", "priority"), registry=registry
        )
        self._opened = {
            (kind, priority): opened.labels(kind, str(priority)) for kind in Kind for priority in PRIORITIES
        }
        self._closed = self._by("incidents_closed", "Incidents closed.", "outcome", map(str, Ending))
        self._confirmed = self._by("confirmations", "Threats that were confirmed.", "threat", Threat)
        self._swallowed = Counter(
            "controlroom_swallowed_on_test", "Signals only logged because of a test.", registry=registry
        )
        text = "What was expected of sites and did not come."
        missed = Counter("controlroom_expectations_missed", text, ("what",), registry=registry)
        self._missed = {what: missed.labels(what) for what in sites.Expected}
        text = "Times that somebody was told that nobody moved."
        self._escalated = Counter("controlroom_escalations", text, registry=registry)
        text = "What happened to incidents beside their moves."
        self._worked = self._by("incident_changes", text, "change", COUNTED_WORK.values())
        self._holds = self._by("holds", "Holds for an abort, by how they ended.", "end", HoldEnd)
        text = "What became of entries of the log book."
        self._log_book = self._by("log_entry_changes", text, "change", COUNTED_ENTRIES.values())
        text = "Signals that became no incident of their own, by why."
        self._rolled_up = self._by("rolled_up", text, "why", RollUp)
        self._closed_otherwise = self._closed[Ending.NOT_SAID]

    def _by(self, name: str, text: str, label: str, words: Iterable[str]) -> dict[str, Counter]:
        family = Counter(f"controlroom_{name}", text, (label,), registry=self._registry)
        return {word: family.labels(word) for word in words}

    def released(self, records: Sequence[Record]) -> None:
        """Count what these durable records did; a counter moves once a batch, not once a record."""
        now_s = self._now_s()
        moved: defaultdict[Counter, int] = defaultdict(int)
        issued = self._orders["issued"]
        for record in records:
            for change in record.decision.changes:
                if type(change) in UNCOUNTED:
                    continue
                counter = self._counter(change)
                if counter is not None:
                    moved[counter] += 1
                if type(change) is IncidentOpened:
                    moved[self._sent[change.incident.kind]] += 1
            event = record.event
            if type(event) is SignalReceived:
                kind = _KINDS[event.signal.type]
                moved[self._received[kind]] += 1
                self._lag.observe(kind, max(0.0, now_s - event.signal.time.timestamp()))
            elif type(event) in COMMANDS:
                moved[self._commands[answer_to(record.decision)]] += 1
            for order in record.decision.orders:
                if type(order) is SendCrew:
                    moved[issued] += 1
        self._records.inc(len(records))
        for counter, times in moved.items():
            counter.inc(times)

    def handed_over(self, orders: int) -> None:
        """Count orders that the broker confirmed."""
        self._orders["handed_over"].inc(orders)

    def retried(self, orders: int) -> None:
        """Count orders that have to be sent once more."""
        self._orders["retried"].inc(orders)

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Publish a gauge that is read at the scrape."""
        Gauge(name, text, registry=self._registry).set_function(read)

    def counted(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, int]]) -> None:
        """Publish a counter that somebody else keeps, by a closed label, read at the scrape."""
        self._registry.register(Kept(name, text, label, read))

    def gauged(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Publish a gauge that somebody else keeps, by a closed label, read at the scrape."""
        self._registry.register(Kept(name, text, label, read, GaugeMetricFamily))

    def timed(
        self, name: str, text: str, label: str, words: Iterable[str], buckets_s: Sequence[float]
    ) -> Mapping[str, Callable[[float], None]]:
        """Publish a histogram of seconds by a closed label; return what observes for each word of it."""
        timed = Histogram(name, text, (label,), buckets=buckets_s, registry=self._registry)
        return {word: timed.labels(word).observe for word in words}

    def _counter(  # noqa: PLR0911 - one return a member of the union
        self, change: Change
    ) -> Counter | None:
        """Return the counter that this change moves; None where a gauge or another change tells it."""
        match change:
            case Heard():
                return None
            case Logged():
                return self._logged[change.kind]
            case IncidentOpened(incident=incident):
                return self._opened[incident.kind, incident.priority]
            case SignalJoined():
                return self._sent[change.kind]
            case IncidentClosed():
                return self._closed.get(change.outcome, self._closed_otherwise)
            case OrderMoved() | OrderEnded() | OrderUpdated() | UpdateHeard():
                return self._orders[change.step if isinstance(change, OrderMoved) else word_of(change)]
            case Quarantined():
                return self._quarantined[change.reason]
            case IncidentMoved():
                return self._escalated if change.escalations else None
            case WatchArmed() | OrderHandedOver() | ConditionNoted() | WatchExpired() | sites.SetNoted():
                return None
            case (
                sites.SignNoted()
                | sites.ExpectationDropped()
                | sites.PlaceForgotten()
                | sites.FalseCallCounted()
                | sites.PatrolSeeded()
                | sites.VisitCalled()
                | sites.VisitSettled()
            ):
                return None
            case SignalHeld() | HoldEased() | HoldEnded():
                return self._holds[change.how] if type(change) is HoldEnded else None
            case WentDeaf() | HearsAgain() | AtCameras() | AtHelpPoint() | CrewNoted() | AtRules():
                return None
            case DutyBegan() | DutyEnded() | Checked() | CheckSlipped() | DutyNoted() | NotWatched():
                return None
            case ClueKept() | Confirmed() | PathMoved() | WentOnTest() | CameOffTest() | Swallowed():
                return self._learned(change)
            case sites.ExpectationMissed():
                return self._missed[change.what]
            case _:
                return self._of_work(change)

    def _of_work(self, change: CountedByWord) -> Counter | None:
        if type(change) is RolledUp:
            return self._rolled_up[change.how]
        if type(change) in COUNTED_ENTRIES:
            return self._log_book[COUNTED_ENTRIES[type(change)]]
        word = COUNTED_WORK.get(type(change))
        return self._worked[word] if word is not None else None

    def _learned(self, change: Lesson) -> Counter | None:
        match change:
            case Confirmed():
                return self._confirmed[change.threat]
            case Swallowed():
                return self._swallowed
            case ClueKept() | PathMoved() | WentOnTest() | CameOffTest():
                return None
            case _:
                assert_never(change)


def _say_build(registry: CollectorRegistry) -> None:
    build = Gauge("controlroom_build_info", "1, with the version that runs.", ("version",), registry=registry)
    build.labels(__version__).set(1)


_KINDS = {f"uk.gov.leeds.leedswatch.{kind}.v1": kind for kind in Kind}


disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series a counter that no dashboard reads
