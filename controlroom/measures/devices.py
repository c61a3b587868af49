"""What Prometheus reads about cameras and help points: time with a picture, time until a voice, open repairs.

Labels are groups, areas and three words; a single camera's figures are the API's (`/api/v1/cameras`). The
camera figures are read at the scrape from the room's own state, so they are its to the second and never
begin anew with the process. The scrape is on a thread of its own: it only looks cameras up by name, one by
one, in dictionaries that the room may be changing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.metrics import Histogram
from prometheus_client.registry import Collector, CollectorRegistry

from controlroom.estate.areas import Area
from controlroom.estate.model import Estate, Place
from controlroom.incidents.cameras.availability import PERIODS, Light, Spent, since_the_start, summed, within
from controlroom.incidents.cameras.state import Cameras
from controlroom.incidents.help_points.changes import AtHelpPoint, CallAnswered
from controlroom.incidents.record import Record
from controlroom.signals.vocabulary import Kind

ANSWER_BUCKETS_S = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""On the edges of the answering limits (30, 60, 180 s), finer below the first."""


class CallerWaits:
    """Observes how long callers waited for a voice. A follower of the room."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._waited = Histogram(
            "controlroom_help_point_answer_seconds",
            "How long callers at help points waited for a voice.",
            buckets=ANSWER_BUCKETS_S,
            registry=registry,
        )

    def released(self, records: Sequence[Record]) -> None:
        """Observe the answers in these durable records."""
        for record in records:
            for change in record.decision.changes:
                if type(change) is AtHelpPoint and type(change.step) is CallAnswered:
                    self._waited.observe(change.step.seconds)


class CameraFigures(Collector):
    """Publishes the time of the cameras by group, and how many repairs are open."""

    def __init__(
        self,
        cameras: Callable[[], Cameras],
        estate: Callable[[], Estate],
        now: Callable[[], datetime],
        registry: CollectorRegistry,
    ) -> None:
        self._cameras = cameras
        self._estate = estate
        self._now = now
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Yield the figures of this moment; nothing of the time before the first camera was heard."""
        cameras, now = self._cameras(), self._now()
        began = cameras.began or now
        groups: dict[tuple[str, Area], list[Place]] = {}
        for place in self._estate().places.values():
            if place.kind == Kind.CAMERA_FAULT:
                groups.setdefault((place.site_kind, place.area), []).append(place)
        spent = CounterMetricFamily(
            "controlroom_camera_seconds",
            "Time of all cameras of a group since the first was heard, with a picture, without, or unknown.",
            labels=("group", "area", "light"),
        )
        share = GaugeMetricFamily(
            "controlroom_camera_availability_ratio",
            "Share of the known time of a group's cameras with a picture, over a rolling period.",
            labels=("group", "period"),
        )
        for (group, area), places in groups.items():
            whole = summed(since_the_start(cameras.uptime.get(place.topic), began, now) for place in places)
            for light, seconds in zip(Light, (whole.up, whole.down, whole.unknown), strict=True):
                spent.add_metric((group, area, light), seconds)
        for group in dict.fromkeys(group for group, _ in groups):
            ours = [place for (other, _), places in groups.items() if other == group for place in places]
            for period, length in PERIODS.items():
                known = self._over(cameras, ours, max(began, now - length), now).availability
                share.add_metric((group, period), float("nan") if known is None else known)
        open_orders = GaugeMetricFamily(
            "controlroom_work_orders_open", "Engineers' work orders that are not cleared."
        )
        open_orders.add_metric((), len(cameras.work_orders))
        yield from (spent, share, open_orders)

    def _over(self, cameras: Cameras, places: Iterable[Place], start: datetime, now: datetime) -> Spent:
        return summed(within(cameras.uptime.get(place.topic), start, now) for place in places)
