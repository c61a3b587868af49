"""The judgement of a run: what was promised beside what is stored, decided and delivered.

Three witnesses: the publisher (what the broker acknowledged), the store (the raw stream, read here
without the product's help) and the listener (what crews would have heard). `judge` compares them.
"""

from collections.abc import Iterable, Mapping

import msgspec

from tests.chaos.client import OrderListener
from tests.chaos.journal_reading import Entry, signal_name
from tests.chaos.workload import Said

SHOWN = 5
"""Examples of each fault that a report carries: enough to begin the search."""


class Findings(msgspec.Struct):
    """Everything that can be wrong, each with its first examples; all zero is the proof."""

    acknowledged: int = 0
    journalled: int = 0
    lost: int = 0
    decided_twice: int = 0
    orders_due: int = 0
    orders_missing: int = 0
    orders_wrong: int = 0
    holes: int = 0
    orders_heard_again: int = 0
    orders_invented: int = 0
    orders_differing: int = 0
    orders_not_handed_over: int = 0
    writers: int = 0
    examples: dict[str, list[str]] = msgspec.field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.examples

    def say(self, fault: str, example: object, count: int = 1) -> None:
        """Count a fault and keep its first examples."""
        setattr(self, fault, getattr(self, fault) + count)
        kept = self.examples.setdefault(fault, [])
        if len(kept) < SHOWN:
            kept.append(str(example))


def judge(
    said: Mapping[tuple[str, str], Said],
    acknowledged: Iterable[object],
    stored: Iterable[Entry],
    heard: OrderListener,
) -> Findings:
    """Return the findings; `said` holds every signal that was sent, by its name."""
    findings = Findings()
    promised = set(acknowledged)
    findings.acknowledged = len(promised)
    decided: dict[tuple[str, str], int] = {}
    ordered: dict[str, str] = {}
    handed: set[str] = set()
    epochs: set[int] = set()
    due = 1
    for entry in stored:
        if entry.position != due:
            findings.say("holes", f"{entry.position} where {due} was due")
        due = entry.position + 1
        epochs.add(entry.epoch)
        handed.update(change["order"] for change in entry.changes("order_handed_over"))
        if entry.kind == "signal":
            _signal(entry, said, decided, findings)
        for order in entry.orders:
            if order["id"] in ordered:
                findings.say("orders_wrong", f"{order['id']} was given twice")
            ordered[order["id"]] = f"leedswatch/dispatch/{order['unit']}/orders"
    findings.journalled, findings.writers = len(decided), len(epochs)
    for name in promised - decided.keys():
        findings.say("lost", name)
    _orders(ordered, handed, heard, findings)
    return findings


def _signal(
    entry: Entry,
    said: Mapping[tuple[str, str], Said],
    decided: dict[tuple[str, str], int],
    findings: Findings,
) -> None:
    """Judge one journalled signal: known, new, decided once, and with an order exactly when one is due."""
    name = signal_name(entry.event["wire"])
    if name in decided:
        findings.say("decided_twice", f"{name} at {decided[name]} and {entry.position}")
        return
    decided[name] = entry.position
    if len(entry.changes("heard")) != 1:
        findings.say("decided_twice", f"{name} at {entry.position} is not remembered as heard")
    wanted = [f"ORD-{entry.position}"] if said[name].due else []
    findings.orders_due += len(wanted)
    if [order["id"] for order in entry.orders] != wanted:
        findings.say("orders_wrong", f"{name} at {entry.position} wants {wanted}, has {entry.orders}")


def _orders(ordered: dict[str, str], handed: set[str], heard: OrderListener, findings: Findings) -> None:
    """Compare the orders in the journal with those that were heard."""
    findings.orders_heard_again = heard.again
    for order, topic in ordered.items():
        if order not in heard.orders or heard.orders[order][0] != topic:
            findings.say("orders_missing", f"{order} on {topic}")
        if order not in handed:
            findings.say("orders_not_handed_over", order)
    for order in heard.orders.keys() - ordered.keys():
        findings.say("orders_invented", order)
    for order in heard.differing:
        findings.say("orders_differing", order)
