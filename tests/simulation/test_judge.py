"""The judge can say no: each promise is broken once by hand, and is found broken."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from controlroom.journal.stored import StoredFrame
from controlroom.signals.wire import Wire
from tests.simulation.judge import HAND_OVER_S, Judge

BEGINS = datetime(2026, 3, 28, 7, 30, tzinfo=UTC)
SOURCE = "leedswatch/inner-east/arc-alarm/SCH-001"


def at(seconds: float) -> datetime:
    """Return the moment so many seconds after the day began."""
    return BEGINS + timedelta(seconds=seconds)


def signal(name: str, **data: Any) -> dict[str, Any]:
    """Return the event of a panel's signal, as the journal holds it."""
    body = {"id": name, "source": SOURCE, "type": "uk.gov.leeds.leedswatch.arc-alarm.v1", "data": data}
    return {"type": "signal", "wire": wire(msgspec.json.encode(body)), "key": name.encode()}


def wire(payload: bytes) -> dict[str, Any]:
    """Return a message as the journal holds it."""
    return {
        "topic": SOURCE,
        "payload": payload,
        "content_type": "application/cloudevents+json",
        "attributes": [],
        "retained": False,
    }


HEARD = {"type": "heard", "key": b"k"}


def opened(due_s: float | None, **more: Any) -> dict[str, Any]:
    """Return an incident's opening."""
    due = None if due_s is None else at(due_s)
    incident = {"id": "INC-1", "status": "new", "owner": None, "order": None, "due": due, **more}
    return {"type": "opened", "incident": incident}


def moved(due_s: float, **more: Any) -> dict[str, Any]:
    """Return a move of that incident."""
    change = {"type": "moved", "incident": "INC-1", "status": "dispatched", "owner": None, "order": None}
    return change | {"due": at(due_s), "refused": ""} | more


def watch(change: str, due_s: float, kind: str = "answer", subject: str = "INC-1") -> dict[str, Any]:
    """Return a watch that is armed or has expired."""
    return {"type": change, "watch": {"kind": kind, "subject": subject, "due": at(due_s)}}


def order(name: str) -> dict[str, Any]:
    """Return an order for that incident."""
    return {
        "type": "send_crew",
        "id": name,
        "incident": "INC-1",
        "unit": "MR-01",
        "priority": 3,
        "respond_within_s": None,
    }


def update(name: str, unit: str = "MR-01", within_s: int | None = None) -> dict[str, Any]:
    """Return the word that this order is for more now."""
    word = {"type": "update_order", "id": f"{name}-update-1", "order": name, "unit": unit, "priority": 1}
    return word | {"incident": "INC-1", "respond_within_s": within_s}


def stand_down(name: str, unit: str = "MR-01") -> dict[str, Any]:
    """Return the word that this order is over."""
    return {
        "type": "stand_down",
        "id": f"{name}-stand-down",
        "order": name,
        "incident": "INC-1",
        "unit": unit,
    }


def stepped(name: str, step: str) -> dict[str, Any]:
    """Return a crew's step."""
    return {"type": "order_moved", "order": name, "step": step}


WORSE = {"type": "joined", "incident": "INC-1", "priority": 1}
GOES = [stepped("ORD-1", "accepted"), moved(1_800), watch("armed", 1_800, "arrival")]
ENDED = {"type": "order_ended", "order": "ORD-1", "how": "recalled"}
ON_DUTY = {"type": "duty_began", "duty": {"source": "leedswatch/inner-east/lone-worker/MR-01"}}
CLOSED = {"type": "incident_closed", "incident": "INC-1"}


Step = tuple[float, dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]
"""When, the event, the changes, the orders."""

TICK: dict[str, Any] = {"type": "tick"}
SOMETHING: dict[str, Any] = {"type": "owned"}
ASKED: dict[str, Any] = {"type": "referred", "incident": "INC-1", "author": "op-1"}
REFERRED = {"type": "referral_made", "referral": {"id": "REF-1", "incident": "INC-1", "author": "op-1"}}
PANIC = signal("p", event="panic")
LOGGED = signal("t", event="test")
OPENED = [HEARD, opened(30), watch("armed", 30)]

SENT = (
    PANIC,
    [HEARD, opened(60, order="ORD-1"), watch("armed", 60, "acceptance", "ORD-1")],
    [order("ORD-1")],
)

BROKEN: dict[str, tuple[str, list[Step]]] = {
    "decided twice": (
        "each signal is decided once",
        [(0, LOGGED, [HEARD], []), (1, LOGGED, [HEARD], [])],
    ),
    "not remembered": ("a decided signal is remembered", [(0, LOGGED, [], [])]),
    "time goes back": ("time only goes forward", [(9, SOMETHING, [], []), (8, SOMETHING, [], [])]),
    "time runs ahead": ("time only goes forward", [(1e6, SOMETHING, [], [])]),
    "an order's name twice": (
        "an order's name is given once",
        [(0, SOMETHING, [], [order("ORD-1")]), (1, SOMETHING, [], [order("ORD-1")])],
    ),
    "a panic that is only logged": (
        "a signal for a life has a response or a person",
        [(0, PANIC, [HEARD], [])],
    ),
    "a panic that waits": (
        "a signal for a life has a response or a person",
        [(0, PANIC, [HEARD, opened(900), watch("armed", 900)], []), (301, SOMETHING, [], [])],
    ),
    "no deadline": ("an open incident has its next deadline", [(0, PANIC, [HEARD, opened(None)], [])]),
    "a deadline without a watch": (
        "an open incident has its next deadline",
        [(0, PANIC, [HEARD, opened(30)], [])],
    ),
    "a watch that never fires": (
        "an expired watch fires",
        [(0, PANIC, OPENED, []), (31, SOMETHING, [], [])],
    ),
    "a watch that fires twice": (
        "an expired watch fires once",
        [
            (0, PANIC, OPENED, []),
            (30, TICK, [watch("expired", 30)], []),
            (30, TICK, [watch("expired", 30)], []),
        ],
    ),
    "a tick that leaves everything as it was": (
        "a tick leaves less that is due",
        [(0, PANIC, OPENED, []), (30, TICK, [], [])],
    ),
    "a watch that fires late": (
        "a watch fires within a tick of its time",
        [(0, PANIC, OPENED, []), (33, TICK, [watch("expired", 30)], [])],
    ),
    "a watch of an unknown kind that fires early": (
        "a watch fires within a tick of its time",
        [
            (0, SOMETHING, [watch("armed", 9, "tea", "pot")], []),
            (8, TICK, [watch("expired", 9, "tea", "pot")], []),
        ],
    ),
    "a second crew": (
        "nobody is sent a second crew while one goes",
        [
            (
                0,
                PANIC,
                [HEARD, opened(30, order="ORD-1"), watch("armed", 30, "acceptance", "ORD-1")],
                [order("ORD-1")],
            ),
            (
                1,
                SOMETHING,
                [moved(40, order="ORD-2"), watch("armed", 40, "acceptance", "ORD-2")],
                [order("ORD-2")],
            ),
        ],
    ),
    "a crew that nobody misses": (
        "a crew that is sent arrives, or somebody hears in time",
        [
            (0, *SENT),
            (
                10,
                SOMETHING,
                [stepped("ORD-1", "accepted"), moved(1_800), watch("armed", 1_800, "arrival")],
                [],
            ),
            (1_801, SOMETHING, [], []),
        ],
    ),
    "a crew that is not told of something worse": (
        "a crew that goes hears what is more urgent",
        [(0, *SENT), (1, SOMETHING, GOES, []), (9, PANIC, [HEARD, WORSE], [])],
    ),
    "another crew that is told of something worse": (
        "only a crew that goes is told more",
        [(0, *SENT), (9, PANIC, [HEARD, WORSE], [update("ORD-1", "MR-02")])],
    ),
    "a crew that may not know": (
        "a crew knows what it goes to, or somebody hears in time",
        [
            (0, *SENT),
            (1, SOMETHING, GOES, []),
            (9, PANIC, [HEARD, WORSE], [update("ORD-1")]),
            (70, SOMETHING, [], []),
        ],
    ),
    "a crew that has as much time as before": (
        "a crew that is sent arrives, or somebody hears in time",
        [
            (0, *SENT),
            (1, SOMETHING, GOES, []),
            (9, PANIC, [HEARD, WORSE], [update("ORD-1", within_s=600)]),
            (10, SOMETHING, [{"type": "update_heard", "order": "ORD-1"}], []),
            (610, SOMETHING, [], []),
        ],
    ),
    "a crew that knows more than it was told": (
        "only a crew that goes knows more",
        [(0, *SENT), (9, SOMETHING, [{"type": "update_heard", "order": "ORD-1"}], [])],
    ),
    "a referral's name twice": (
        "a referral's name is given once",
        [(0, ASKED, [REFERRED], []), (1, ASKED, [REFERRED], [])],
    ),
    "a referral that nobody asked for": (
        "nobody is told without a person who asked for it",
        [(0, SOMETHING, [REFERRED], [])],
    ),
    "a keyholder's call that leads to nothing": (
        "an expired watch fires",
        [
            (0, PANIC, OPENED, []),
            (1, SOMETHING, [watch("armed", 9, "keyholder_call")], []),
            (10, SOMETHING, [], []),
        ],
    ),
    "an order of a closed incident": (
        "no order outlives its incident",
        [(0, *SENT), (1, SOMETHING, [CLOSED], [])],
    ),
    "a crew that is not told": (
        "a crew that is stood down is told",
        [(0, *SENT), (1, SOMETHING, [ENDED, CLOSED], [])],
    ),
    "another crew that is told": (
        "a crew that is stood down is told",
        [(0, *SENT), (1, SOMETHING, [ENDED, CLOSED], [stand_down("ORD-1", "MR-02")])],
    ),
    "a crew that nobody watches over": (
        "a crew at a place is watched over",
        [(0, *SENT), (1, SOMETHING, [stepped("ORD-1", "on_scene")], [])],
    ),
    "a step of nobody's order": (
        "only an order that lives moves",
        [(0, SOMETHING, [stepped("ORD-9", "accepted")], [])],
    ),
    "an order that ends twice": (
        "only an order that lives ends",
        [
            (0, *SENT),
            (1, SOMETHING, [ENDED, CLOSED], [stand_down("ORD-1")]),
            (2, SOMETHING, [ENDED], [stand_down("ORD-1")]),
        ],
    ),
    "a test that does not end": (
        "an expired watch fires",
        [(0, SOMETHING, [watch("armed", 9, "end_of_test", "SCH-001")], []), (10, SOMETHING, [], [])],
    ),
}


def judged(steps: list[Step], *, first: int = 1) -> Judge:
    """Return the judge who has read these steps, a frame each."""
    judge = Judge(BEGINS)
    frames = [
        StoredFrame(
            1,
            position,
            1,
            msgspec.msgpack.encode(
                ["room", position, [[at(at_s), {"changes": changes, "orders": orders}, event]]]
            ),
            b"",
        )
        for position, (at_s, event, changes, orders) in enumerate(steps, first)
    ]
    judge.read(frames, 1_000)
    return judge


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_promise_in_the_journal_is_found(broken: str) -> None:
    """Each of these histories breaks a promise, and the judge names it."""
    promise, steps = BROKEN[broken]

    assert promise in {finding.promise for finding in judged(steps).findings}


def test_a_history_that_keeps_every_promise_is_left_alone() -> None:
    """An alarm, its answer in time and a test that ends break nothing."""
    steps: list[Step] = [
        (0, {"type": "room_opened"}, [], []),
        (1, PANIC, OPENED, []),
        (
            30,
            TICK,
            [watch("expired", 30), moved(90, status="escalated"), watch("armed", 90, "escalation")],
            [],
        ),
        (40, SOMETHING, [moved(340, owner="op-1", status="owned"), watch("armed", 340, "owner_moves")], []),
        (50, SOMETHING, [{"type": "incident_closed", "incident": "INC-1"}], []),
        (60, SOMETHING, [watch("armed", 80, "end_of_test", "SCH-001 Z1")], []),
        (70, SOMETHING, [{"type": "came_off_test", "test": {"target": "SCH-001", "zone": "Z1"}}], []),
        (900, SOMETHING, [], []),
    ]

    assert judged(steps).findings == []


def test_an_errand_that_keeps_every_promise_is_left_alone() -> None:
    """Sent, accepted, passed on by a recall, arrived and watched over, cleared."""
    second = [moved(62, order="ORD-2"), watch("armed", 62, "acceptance", "ORD-2")]
    arrived = [stepped("ORD-2", "accepted"), stepped("ORD-2", "on_scene"), ON_DUTY]
    steps: list[Step] = [
        (0, *SENT),
        (2, SOMETHING, [ENDED, *second], [stand_down("ORD-1"), order("ORD-2")]),
        (3, SOMETHING, [stepped("ORD-1", "stood_down")], []),
        (9, SOMETHING, [*arrived, moved(1_809), watch("armed", 1_809, "clearance")], []),
        (900, SOMETHING, [stepped("ORD-2", "cleared"), CLOSED], []),
    ]
    judge = judged(steps)

    assert judge.findings == []
    assert (judge.errands.arrivals, judge.errands.recalls, judge.errands.in_hand()) == (1, 1, {})


def test_what_the_broker_keeps_is_held_to_what_is_in_hand() -> None:
    """A job that is over and still shown, and one that lives and is not, are found at the end."""
    topic = "leedswatch/dispatch/MR-01/current"
    for payload, sent in ((b"", True), (b'{"data": {"orders": [{"order": "ORD-1"}]}}', False)):
        judge = judged([(0, *SENT)] if sent else [(0, LOGGED, [HEARD], [])])
        judge.publish(topic, payload)
        judge.heard["ORD-1"] = b""
        judge.handed.add("ORD-1")
        judge.end(1, unacknowledged=0)
        assert [one.promise for one in judge.findings] == ["the broker keeps for a crew what it has in hand"]


def test_a_hole_in_the_journal_is_found() -> None:
    """A journal that begins with its second record is not whole."""
    assert [finding.promise for finding in judged([(0, SOMETHING, [], [])], first=2).findings] == [
        "the journal has no holes"
    ]


def test_what_goes_out_is_held_to_what_is_stored() -> None:
    """An acknowledgement, a receipt and orders that the journal does not cover are found, each by name."""
    judge = judged([(0, LOGGED, [HEARD], []), (1, SOMETHING, [], [order("ORD-1")])])
    body = msgspec.json.encode
    judge.acknowledge(Wire(SOURCE, b"lost"))
    judge.publish("leedswatch/receipts/inner-east/arc-alarm/SCH-001", body({"id": "t", "position": 7}))
    judge.hear("leedswatch/dispatch/MR-02/orders", body({"id": "ORD-1"}))
    judge.hear("leedswatch/dispatch/MR-01/orders", body({"id": "ORD-9"}))
    judge.handed.add("ORD-1")
    judge.publish("leedswatch/dispatch/MR-01/orders", body({"id": "ORD-1"}))
    judge.hear("leedswatch/dispatch/MR-01/orders", body({"id": "ORD-1"}))
    judge.hear("leedswatch/dispatch/MR-01/orders", body({"id": "ORD-1", "other": 1}))

    assert [finding.promise for finding in judge.findings] == [
        "no acknowledged message is lost",
        "a receipt names where its signal is stored",
        "an order reaches its own topic",
        "no order without a stored decision",
        "an order that was handed over is not sent again",
        "an order is the same each time",
    ]


def test_the_end_of_the_day_is_held_to_what_was_due() -> None:
    """Messages without an acknowledgement and orders that reached nobody are found at the end."""
    judge = judged([(0, SOMETHING, [], [order("ORD-1")])])
    assert judge.rests_at_s == 1_000 + HAND_OVER_S
    judge.end(1_000, unacknowledged=1)

    assert [finding.promise for finding in judge.findings] == [
        "every message is acknowledged in the end",
        "every order reaches its topic",
        "every order is handed over in the end",
    ]
