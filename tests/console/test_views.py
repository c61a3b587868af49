import msgspec
import pytest
from msgspec.structs import replace

from controlroom.console.deltas import Delta, Moved, Opened, Over, Stepped
from controlroom.console.views import delta_of, incident_view
from controlroom.events import Closed, CrewReported, Event, OrdersHandedOver, Owned, SignalReceived
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Record
from controlroom.rules.verdict import Route
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import signal
from tests.console.small_room import LENS, SmallRoom, doubtful, garbage


def seen(room: SmallRoom, event: Event) -> Delta | None:
    """Return what a screen shows of this event."""
    return delta_of(room.decided(event)[0], LENS)


def delta(room: SmallRoom, event: Event) -> Delta:
    """Return what a screen shows of this event, which it must."""
    shown = seen(room, event)
    assert shown is not None
    return shown


def test_a_logged_signal_shows_where_it_came_from_and_which_rule_logged_it() -> None:
    """Time, kind, place, event, route, priority, rule and reasons of a routed signal are on the screen."""
    room = SmallRoom()
    shown = delta(room, signal(Kind.GUARD, "g1"))
    assert (shown.p, shown.at, shown.steps) == (1, room.now, ())
    routed = shown.signal
    assert routed is not None
    assert (routed.kind, routed.event, routed.route, routed.priority) == (Kind.GUARD, "on_duty", Route.LOG, 4)
    assert (routed.name, routed.rule, routed.reasons) == ("Library of P1", "about-on_duty", (Reason.RULE,))


def test_an_alarm_opens_an_incident_with_its_unit() -> None:
    """One delta carries the signal, the whole incident and the unit that was sent."""
    shown = delta(SmallRoom(), signal(Kind.ARC_ALARM, "a1", event="panic"))
    assert shown.signal is not None
    assert (shown.signal.unit, shown.signal.incident, shown.signal.why) == (
        "MR-01",
        "INC-1",
        "Because panic.",
    )
    (opened,) = shown.steps
    assert isinstance(opened, Opened)
    assert (opened.incident.unit, opened.incident.status, opened.incident.version) == (
        "MR-01",
        "dispatched",
        1,
    )


def test_a_simulated_signal_is_marked_as_a_test() -> None:
    """What a simulator sent is never shown as real, not even in a demonstration."""
    received = signal(Kind.ARC_ALARM, "a1", event="panic")
    made_up = received.signal.model_copy(update={"simulated": True})
    shown = delta(SmallRoom(), msgspec.structs.replace(received, signal=made_up))
    assert shown.signal is not None
    assert shown.signal.test
    assert isinstance(shown.steps[0], Opened)
    assert shown.steps[0].incident.test


def test_what_a_crew_and_an_operator_do_moves_the_incident() -> None:
    """A report moves the order and the incident; a command names its author; closing says what was found."""
    room = SmallRoom()
    room.decided(signal(Kind.ARC_ALARM, "a1", event="panic"))
    report = CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.ON_SCENE)
    accepted, stepped, moved = delta(room, report).steps
    assert accepted == Stepped("ORD-1", "accepted")
    assert stepped == Stepped("ORD-1", "on_scene")
    assert isinstance(moved, Moved)
    assert (moved.id, moved.status) == ("INC-1", "on_scene")
    recalled, over = delta(room, Closed("INC-1", 2, "desk", Outcome.GENUINE)).steps
    assert recalled == Stepped("ORD-1", "recalled")
    assert isinstance(over, Over)
    assert (over.id, over.outcome) == ("INC-1", "genuine")


@pytest.mark.parametrize(
    "event", [OrdersHandedOver(("ORD-1",)), Owned("INC-404", 1, "desk")], ids=["handed over", "refused"]
)
def test_what_changes_nothing_on_a_screen_is_not_sent(event: Event) -> None:
    """The broker's confirmations and refused commands give no delta."""
    assert seen(SmallRoom(), event) is None


def test_a_quarantined_message_shows_its_bytes_and_its_reason() -> None:
    """What could not be read is shown with topic, reason, detail and the bytes made visible."""
    shown = delta(SmallRoom(), garbage("<b>\u202e".encode(), "byte 6", topic="leedswatch/\u200bx"))
    kept = shown.quarantine
    assert kept is not None
    assert (kept.topic, kept.reason, kept.detail) == (r"leedswatch/\u200bx", "bad_json", "byte 6")
    assert (kept.raw.text, kept.raw.size, kept.decided) == (r"<b>\u202e", 6, False)


def test_a_doubtful_signal_is_shown_in_both_places() -> None:
    """A signal of an unknown source is routed and in quarantine, and says so."""
    shown = delta(SmallRoom(), doubtful("d1"))
    assert shown.signal is not None
    assert shown.signal.name is None
    assert shown.quarantine is not None
    assert shown.quarantine.decided


def test_every_delta_is_plain_json() -> None:
    """A delta decodes to what any JSON reader understands, with its positions as numbers and times in UTC."""
    room = SmallRoom()
    events: list[Event] = [signal(Kind.ARC_ALARM, "a1"), signal(Kind.ARC_ALARM, "a2"), garbage(b"{")]
    for record in room.decided(*events):
        assert isinstance(record, Record)
        told = msgspec.json.decode(msgspec.json.encode(delta_of(record, LENS)))
        assert told["p"] == record.position
        assert told["at"].endswith("Z")


def test_a_retained_signal_is_no_news() -> None:
    """What the broker kept from the past is state; the list of signals does not show it as one that came."""
    received = signal(Kind.GUARD, "g1")
    kept = msgspec.structs.replace(received, wire=msgspec.structs.replace(received.wire, retained=True))
    assert isinstance(kept, SignalReceived)
    assert seen(SmallRoom(), kept) is None


def test_the_view_shows_all_that_the_incident_knows_of_itself() -> None:
    """Each field that a view shares with its incident has the incident's value, whatever it is."""
    room = SmallRoom()
    seen(room, signal(Kind.ARC_ALARM, "a1", event="panic"))
    (plain,) = room.state.incidents.values()
    known = replace(
        plain,
        parked="waits for the key",
        into="INC-9",
        held_s=120,
        rolled_up="flood",
        confirmed_by=(3, 7),
        cameras=("C1", "C2"),
        back=("C1",),
        answer_s=12.5,
        outcome="genuine",
        owner="desk one",
    )
    view = incident_view(known, LENS)
    special = {"name", "members", "notes", "last"}  # shown in words, or with the whole incident alone
    shared = set(view.__struct_fields__) & set(known.__struct_fields__) - special
    assert {name: getattr(view, name) for name in shared} == {name: getattr(known, name) for name in shared}


def test_a_confirmed_incident_names_the_signals_that_made_it() -> None:
    """The incident that a second detector joins or opens lists the positions of both."""
    room = SmallRoom()
    seen(room, signal(Kind.ARC_ALARM, "a1", event="intruder", zone="Z1", set_state="set"))
    seen(room, signal(Kind.ARC_ALARM, "a2", event="intruder", zone="Z2", set_state="set"))
    confirmed = [incident.confirmed_by for incident in room.state.incidents.values() if incident.confirmed_by]
    assert confirmed == [(1, 2)]
