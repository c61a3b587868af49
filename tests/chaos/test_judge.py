"""The judge must be able to condemn: each fault is planted once and must be found, and nothing else."""

from typing import Any

import msgspec
import pytest

from tests.chaos.client import OrderListener
from tests.chaos.journal_reading import Entry
from tests.chaos.judge import Findings, judge
from tests.chaos.packets import Letter, Received
from tests.chaos.workload import STRUCTURED, Said

SOURCE = "leedswatch/inner-east/arc-alarm/SCH-001"


def said(identifier: str, *, due: bool) -> Said:
    payload = msgspec.json.encode({"source": SOURCE, "id": identifier})
    return Said(SOURCE, identifier, due, Letter(SOURCE, payload, STRUCTURED))


SAID = {each.name: each for each in (said("a", due=True), said("b", due=False))}


def entry(position: int, identifier: str, *, ordered: bool) -> Entry:
    letter = said(identifier, due=False).letter
    wire = {"content_type": STRUCTURED, "payload": letter.payload, "attributes": []}
    orders = [{"id": f"ORD-{position}", "unit": "MR-01"}] if ordered else []
    heard = {"type": "heard", "key": identifier.encode()}
    decision: dict[str, Any] = {"changes": [heard], "orders": orders}
    return Entry(1, position, {"type": "signal", "wire": wire}, decision)


def handed_over(position: int, *orders: str) -> Entry:
    changes = [{"type": "order_handed_over", "order": order} for order in orders]
    return Entry(1, position, {"type": "orders_handed_over"}, {"changes": changes})


def order(identifier: str, *, unit: str = "MR-01", more: str = "") -> Received:
    payload = msgspec.json.encode({"id": identifier, "more": more})
    return Received(f"leedswatch/dispatch/{unit}/orders", payload, 1, b"", again=False)


SOUND = (entry(1, "a", ordered=True), entry(2, "b", ordered=False), handed_over(3, "ORD-1"))


def judged(stored: tuple[Entry, ...], *heard: Received) -> Findings:
    listener = OrderListener()
    for message in heard:
        listener.take(message)
    return judge(SAID, SAID, stored, listener)


def test_a_sound_run_is_found_sound() -> None:
    """What was promised is stored once, decided once, and its order was heard: nothing is wrong."""
    findings = judged(SOUND, order("ORD-1"), order("ORD-1"))
    assert findings.sound, findings
    assert (findings.acknowledged, findings.orders_due, findings.orders_heard_again) == (2, 1, 1)


@pytest.mark.parametrize(
    ("fault", "stored", "heard"),
    [
        ("lost", (SOUND[0], handed_over(2, "ORD-1")), [order("ORD-1")]),
        ("decided_twice", (*SOUND, entry(4, "b", ordered=False)), [order("ORD-1")]),
        ("orders_missing", SOUND, []),
        ("orders_missing", SOUND, [order("ORD-1", unit="MR-02")]),
        (
            "orders_wrong",
            (SOUND[0], entry(2, "b", ordered=True), handed_over(3, "ORD-1", "ORD-2")),
            [order("ORD-1"), order("ORD-2")],
        ),
        ("orders_wrong", (entry(1, "a", ordered=False), SOUND[1]), []),
        ("orders_not_handed_over", SOUND[:2], [order("ORD-1")]),
        ("orders_invented", SOUND, [order("ORD-1"), order("ORD-9")]),
        ("orders_differing", SOUND, [order("ORD-1"), order("ORD-1", more="changed")]),
        ("holes", (*SOUND[:2], handed_over(4, "ORD-1")), [order("ORD-1")]),
    ],
)
def test_a_planted_fault_is_found(fault: str, stored: tuple[Entry, ...], heard: list[Received]) -> None:
    """Each way of losing, doubling or inventing something is found under its own name, and only there."""
    findings = judged(stored, *heard)
    assert set(findings.examples) == {fault}
    assert getattr(findings, fault) == 1
