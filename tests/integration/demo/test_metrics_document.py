"""`docs/metrics.md` against the page that a running room shows to Prometheus, both ways."""

import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.demo.serving import Instance
from tests.integration.demo.stage import PROJECT, fetch
from tests.integration.journal.stage import ValkeyServer
from tests.ports import free_port

DOCUMENT = PROJECT / "docs" / "metrics.md"
ROW = re.compile(
    r"^\| `(?P<name>\w+)` \| (?P<type>\w+) \| (?P<labels>.*?) \| (?P<unit>.*?) \| (?P<help>.*) \|$"
)
SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>.*)\})? \S+$")
LABEL = re.compile(r'(\w+)="([^"]*)"')
UNITS = {"_seconds_total": "seconds", "_seconds": "seconds", "_bytes": "bytes"}


@pytest.fixture
async def page(tmp_path: Path) -> str:
    """Return the page of a room that has just begun: every series that can exist is there from the start."""
    store = ValkeyServer(tmp_path)
    store.start()
    with tempfile.TemporaryDirectory(prefix="cr-") as home:
        service = Instance(Path(home), store.port, free_port())
        try:
            await service.answering(503)
            return str(fetch(f"http://127.0.0.1:{service.metrics}/metrics")[1])
        finally:
            service.clear()
            store.stop()


def shown(page: str) -> Iterator[str]:
    """Yield the row that each metric of this page has to have in the document."""
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", page, re.MULTILINE))
    labels: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in page.splitlines():
        sample = SAMPLE.match(line)
        if sample is None:
            continue
        name = (
            re.sub(r"_(bucket|sum|count)$", "", sample["name"])
            if sample["name"] not in kinds
            else sample["name"]
        )
        for label, value in LABEL.findall(sample["labels"] or ""):
            known = labels[name][label]
            if label != "le" and value not in known and not name.endswith("_info"):
                known.append(value)
    for name, text in re.findall(r"^# HELP (\w+) (.*)$", page, re.MULTILINE):
        closed = "; ".join(
            f"`{label}`: {', '.join(values)}" if values else f"`{label}`"
            for label, values in labels[name].items()
            if label != "le"
        )
        unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
        yield f"| `{name}` | {kinds[name]} | {closed} | {unit} | {text} |"


async def test_the_document_is_the_page(page: str) -> None:
    """Every metric of the page has its row, word for word, and every row is a metric of the page."""
    document = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if ROW.match(line)]
    rows = [*shown(page)]
    assert len(rows) > 25
    assert sorted(document) == sorted(rows)
