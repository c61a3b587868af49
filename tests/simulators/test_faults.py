"""What goes wrong on the way: each fault does what it says, from its seed, and no other one moves."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from controlroom.feeds.model import SECOND_US, Cut, Entry, Spoken, spoken
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from simulators.faults import CUT_S, Faults, Timed, spoil

MINUTE_US = 60 * SECOND_US


def event(number: int) -> Wire:
    """Return a message of one of ten devices."""
    topic = f"leedswatch/inner-east/arc-alarm/P-{number % 10}"
    body = {"specversion": "1.0", "id": f"e{number}", "source": topic, "time": "2026-03-02T10:00:00+00:00"}
    return Wire(topic, json.dumps(body | {"data": {"n": number}}).encode(), STRUCTURED)


DAY: list[Timed] = [(number * SECOND_US, event(number)) for number in range(4000)]


def spoiled(faults: Faults, seed: int = 1) -> list[Entry]:
    """Return the day with these faults."""
    return [*spoil(DAY, seed, faults)]


def messages(entries: list[Entry]) -> list[Spoken]:
    """Return the messages alone."""
    return [entry for entry in entries if isinstance(entry, Spoken)]


ALL = Faults(0.05, 0.05, 0.05, 900, 0.05, 0.05, 0.2, 20, 2, 60, 300)


def test_without_faults_everything_arrives_as_it_was_sent() -> None:
    """No fault asked for, none done."""
    assert spoiled(Faults()) == [spoken(at, wire) for at, wire in DAY]


def test_the_same_seed_spoils_the_same_way() -> None:
    """The seed decides, to the byte."""
    assert spoiled(ALL) == spoiled(ALL)
    assert spoiled(ALL) != spoiled(ALL, seed=2)


def test_what_arrives_is_in_the_order_of_its_time() -> None:
    """With every fault at once the stream still never goes back."""
    assert all(before.at_us <= after.at_us for before, after in pairwise(spoiled(ALL)))


def test_some_messages_are_lost_and_no_other_changes() -> None:
    """A tenth is dropped; the rest is as it was."""
    left = spoiled(Faults(drop=0.1))
    assert 3450 < len(left) < 3750
    assert set(left) < {spoken(at, wire) for at, wire in DAY}


def test_some_come_twice() -> None:
    """A repeat is the same bytes within a minute."""
    counts = Counter(one.text for one in messages(spoiled(Faults(duplicate=0.1))))
    assert set(counts.values()) == {1, 2}
    assert 300 < sum(count == 2 for count in counts.values()) < 500


def test_some_are_late_and_none_is_lost() -> None:
    """Delayed messages come up to the longest delay later; all of them come."""
    found = messages(spoiled(Faults(delay=0.1, delay_max_s=60)))
    sent = {spoken(at, wire).text: at for at, wire in DAY}
    late = [one.at_us - sent[one.text] for one in found]
    assert len(found) == len(DAY)
    assert max(late) <= MINUTE_US
    assert 300 < sum(lag > 0 for lag in late) < 500


def test_some_are_overtaken() -> None:
    """Overtaken messages swap places with near neighbours."""
    order = [json.loads(one.text or "")["data"]["n"] for one in messages(spoiled(Faults(reorder=0.2)))]
    assert sorted(order) == list(range(4000))
    assert order != sorted(order)
    assert max(abs(place - number) for place, number in enumerate(order)) <= 4


def test_some_are_damaged() -> None:
    """A damaged message has other bytes on the same topic."""
    whole = {wire.payload for _, wire in DAY}
    bad = [one for one in messages(spoiled(Faults(corrupt=0.1))) if one.wire().payload not in whole]
    assert 300 < len(bad) < 500


def test_some_devices_have_a_wrong_clock_all_day() -> None:
    """Every message of such a device is off by the same, and of no other by anything."""
    offs: dict[str, set[str]] = {}
    for one in messages(spoiled(Faults(skew=0.5))):
        offs.setdefault(one.topic, set()).add(json.loads(one.text or "")["time"])
    assert all(len(times) == 1 for times in offs.values())
    wrong = [times for times in offs.values() if times != {"2026-03-02T10:00:00+00:00"}]
    assert 1 <= len(wrong) < 10


def test_a_flood_is_so_many_times_as_much_news() -> None:
    """For its time there are three times as many messages, each with an id of its own."""
    found = messages(spoiled(Faults(flood=3, flood_from_s=100, flood_for_s=50)))
    ids = [json.loads(one.text or "")["id"] for one in found]
    assert len(ids) == len(set(ids)) == 4000 + 2 * 50
    assert sum(100 * SECOND_US <= one.at_us < 150 * SECOND_US for one in found) == 150


def test_a_lost_connection_keeps_what_it_could_not_send() -> None:
    """No message comes while the line is down; all that were held back come when it is up again."""
    entries = spoiled(Faults(disconnect=20))
    cuts = [entry for entry in entries if isinstance(entry, Cut)]
    assert len(cuts) > 5
    assert len(messages(entries)) == len(DAY)
    for cut in cuts:
        assert CUT_S[0] * SECOND_US <= cut.for_us <= CUT_S[1] * SECOND_US
        assert not any(cut.at_us < one.at_us < cut.at_us + cut.for_us for one in messages(entries))


@pytest.mark.parametrize("name", ["drop", "duplicate", "delay", "reorder", "corrupt"])
def test_one_fault_more_moves_no_other(name: str) -> None:
    """Which messages are damaged does not depend on what else goes wrong."""

    def bad(faults: Faults) -> set[bytes]:
        whole = {wire.payload for _, wire in DAY}
        return {one.wire().payload for one in messages(spoiled(faults))} - whole

    alone = bad(Faults(corrupt=0.1))
    if name in ("drop", "corrupt"):
        assert alone
    else:
        assert bad(Faults(**{"corrupt": 0.1, name: 0.1})) == alone
