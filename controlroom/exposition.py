"""The page that Prometheus reads: its registry, its port, and series whose figures somebody else keeps."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString


class Kept(Collector):
    """A counter or gauge kept elsewhere."""

    def __init__(
        self,
        name: str,
        text: str,
        label: str,
        read: Callable[[], Mapping[str, float]],
        family: type[CounterMetricFamily | GaugeMetricFamily] = CounterMetricFamily,
    ) -> None:
        self._family = family
        self._name = name
        self._text = text
        self._label = label
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """Yield the series as it stands now."""
        family = self._family(self._name, self._text, labels=(self._label,))
        for word, count in self._read().items():
            family.add_metric((word,), count)
        yield family


class Spread(Collector):
    """A histogram by a closed label whose counts are kept here, for what is observed with every signal.

    One thread observes; a scrape in another sees an observation whole, not yet, or its count before its sum.
    """

    def __init__(
        self, named: tuple[str, str], label: str, words: Iterable[str], edges: Sequence[float]
    ) -> None:
        self._named = named
        self._label = label
        self._edges = tuple(edges)
        self._counts = {word: [0] * (len(self._edges) + 1) for word in words}
        self._sums = dict.fromkeys(self._counts, 0.0)

    def observe(self, word: str, value: float) -> None:
        """Count a value; one on an edge belongs below it."""
        self._counts[word][bisect_left(self._edges, value)] += 1
        self._sums[word] += value

    def collect(self) -> Iterable[Metric]:
        """Yield the series as it stands now."""
        name, text = self._named
        family = HistogramMetricFamily(name, text, labels=(self._label,))
        edges = [*map(floatToGoString, self._edges), "+Inf"]
        for word, counts in self._counts.items():
            family.add_metric((word,), list(zip(edges, accumulate(counts), strict=True)), self._sums[word])
        yield family


def new_registry() -> CollectorRegistry:
    """Return a registry with the process's own metrics (memory, CPU, open files) and nothing else."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


class Exposition:
    """The page that Prometheus reads, on a port and a thread of its own.

    On a thread, because writing the page takes some milliseconds that no signal should wait for.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._close: Callable[[], None] | None = None

    def open(self, host: str, port: int) -> int:
        """Listen; return the port (its own choice for 0). Raises OSError when the port is taken."""
        server, thread = start_http_server(port, host, self._registry)

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        self._close = close
        return int(server.server_port)

    def close(self) -> None:
        """Stop listening; nothing to do when it never began."""
        if self._close is not None:
            self._close()
            self._close = None
