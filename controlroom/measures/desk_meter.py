"""How long people waited, as Prometheus reads it: histograms on the limits' edges, limits kept and missed."""

from collections.abc import Callable, Iterable, Sequence

from prometheus_client.metrics import Counter, Histogram
from prometheus_client.registry import CollectorRegistry

from controlroom.measures.waits import Judged, Stage, Told
from controlroom.signals.vocabulary import Kind

ANSWER_EDGES_S = (5, 10, 15, 30, 60, 90, 120, 180, 300, 600, 1800)
"""On the edges of the answering limits (30, 60, 90, 180 and 600 s), finer below the first."""

ARRIVE_EDGES_S = (120, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 14400)
"""On the edges of the rules' response limits (20, 30, 45, 60 min and 4 h), finer below the first."""


class DeskMeter:
    """Publishes how long people waited, as histograms on the limits' edges and as limits kept and missed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        own = "controlroom_incident_own_seconds", "From the opening of an incident to a person's first act."
        self._answered = _timed(registry, own, ANSWER_EDGES_S)
        self._sent: dict[bool, dict[str, Callable[[float], None]]] = {}
        send = Histogram(
            "controlroom_incident_send_seconds",
            "From the opening of an incident to its first order, by who gave it.",
            ("kind", "by"),
            buckets=ANSWER_EDGES_S,
            registry=registry,
        )
        for by_room, word in ((True, "room"), (False, "person")):
            self._sent[by_room] = {kind: send.labels(kind, word).observe for kind in Kind}
        arrive = (
            "controlroom_incident_arrive_seconds",
            "From the first order of an incident to the first unit on scene.",
        )
        self._arrived = _timed(registry, arrive, ARRIVE_EDGES_S)
        limits = Counter(
            "controlroom_incident_limits",
            "Answer and response limits of incidents, by whether they were kept.",
            ("limit", "kind", "result"),
            registry=registry,
        )
        self._limits = {
            (stage, kind, within): limits.labels(word, kind, "within" if within else "late")
            for stage, word in ((Stage.ANSWERED, "answer"), (Stage.ARRIVED, "response"))
            for kind in Kind
            for within in (True, False)
        }

    def tell(self, told: Iterable[Told]) -> None:
        """Observe these waits and limits."""
        for one in told:
            if isinstance(one, Judged):
                self._limits[one.stage, Kind(one.kind), one.within].inc()
            elif one.stage is Stage.ANSWERED:
                self._answered[one.kind](one.seconds)
            elif one.stage is Stage.ARRIVED:
                self._arrived[one.kind](one.seconds)
            else:
                self._sent[one.by_room][one.kind](one.seconds)


def _timed(
    registry: CollectorRegistry, named: tuple[str, str], edges_s: Sequence[float]
) -> dict[str, Callable[[float], None]]:
    timed = Histogram(*named, ("kind",), buckets=edges_s, registry=registry)
    return {kind: timed.labels(kind).observe for kind in Kind}
