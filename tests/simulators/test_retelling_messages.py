"""Messages told anew or of other people: what has to change does, and nothing else."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from controlroom.signals.envelope import STRUCTURED, LoneWorkerSignal, read
from controlroom.signals.wire import Wire
from simulators.pseudonyms import Pseudonyms
from simulators.rewriting import Anew, anew
from simulators.speech import wires
from tests.simulators.days import SATURDAY, full_saturday, shipped

KEY = b"sixteen bytes or more"
HOUR = timedelta(hours=1)


def day() -> list[Wire]:
    """Return every thirtieth message of a day."""
    return [wires(message, SATURDAY, 1.0)[0] for message in full_saturday()[::30]]


def test_a_message_told_anew_is_the_same_signal_at_another_time() -> None:
    """Id, clock and counter move as told, in both CloudEvents modes; what is said does not."""
    for wire in day():
        before, after = read(wire), read(anew(wire, Anew("-x", HOUR, 5)))
        assert after.id == before.id + "-x"
        assert after.time == before.time + HOUR
        assert (after.source, after.type) == (before.source, before.type)
        assert (after.sequence is None) == (before.sequence is None)
        assert after.sequence is None or int(after.sequence) == int(before.sequence or 0) + 5
        if not isinstance(before, LoneWorkerSignal):
            assert after.data == before.data


def test_the_mark_is_set_whatever_was_recorded() -> None:
    """A signal without the mark, or with one that says no, carries it afterwards."""
    for wire in day():
        unmarked = Wire(
            wire.topic,
            wire.payload.replace(b'"simulated":true', b'"simulated":false'),
            wire.content_type,
            tuple(pair for pair in wire.attributes if pair[0] != "simulated"),
        )
        assert not read(unmarked).simulated
        assert read(anew(unmarked, Anew(mark=True))).simulated


def test_a_timed_note_ends_as_much_sooner_as_the_play_is_faster() -> None:
    """At ten times the speed the note turns red after a tenth of the time."""
    body = {"worker": "LW-001", "event": "amber_timer", "amber_until": "2026-03-02T10:20:00+00:00"}
    topic = "leedswatch/inner-east/lone-worker/LW-001"
    attributes = {
        "specversion": "1.0",
        "id": "1",
        "source": topic,
        "type": "uk.gov.leeds.leedswatch.lone-worker.v1",
        "time": "2026-03-02T10:00:00+00:00",
    }
    wire = Wire(topic, json.dumps(body).encode(), "application/json", tuple(attributes.items()))
    told = read(anew(wire, Anew("", HOUR, speed=10)))
    assert isinstance(told, LoneWorkerSignal)
    assert told.data.amber_until is not None
    assert told.data.amber_until - told.time == timedelta(minutes=2)


@given(payload=st.binary(max_size=60), content_type=st.sampled_from([None, STRUCTURED, "application/json"]))
def test_what_is_no_event_stays_as_it_is(payload: bytes, content_type: str | None) -> None:
    """Garbage comes out byte for byte, and nothing that is thrown at it raises."""
    wire = Wire("leedswatch/x", payload, content_type)
    assert anew(wire, Anew("-x", HOUR, mark=True)) == wire


def test_people_get_other_names_and_the_same_ones_each_time() -> None:
    """No guard, warden or desk keeps its name; two messages of one person stay those of one person."""
    names = Pseudonyms(KEY, shipped())
    other: dict[str, str] = {}
    for wire in day():
        told = names.rename(wire)
        assert told is not None
        before, after = read(wire).data, read(told).data
        for field in ("guard", "warden", "answered_by"):
            was, is_ = getattr(before, field, None), getattr(after, field, None)
            assert (was is None) == (is_ is None)
            if was is not None and is_ is not None:
                assert was != is_
                assert other.setdefault(was, is_) == is_
    assert len(other) > 10
    assert len(set(other.values())) == len(other)


def test_workers_and_homes_change_places_with_others_who_are_watched_over_alike() -> None:
    """Every source is still one of the estate's, of the same kind and duty; most are somebody else."""
    names, estate = Pseudonyms(KEY, shipped()), shipped()
    moved = kept = 0
    for message in full_saturday():
        if message.kind not in ("lone-worker", "telecare"):
            continue
        (wire,) = wires(message, SATURDAY, 1.0)
        told = names.rename(wire)
        assert told is not None
        before, after = estate.place(wire.topic), estate.place(told.topic)
        assert before is not None
        assert after is not None
        assert (before.kind, before.duty, before.risk) == (after.kind, after.duty, after.risk)
        said = read(told)
        assert said.source == told.topic
        assert after.key in said.data.model_dump().values()
        moved += before.topic != after.topic
        kept += before.topic == after.topic
    assert moved > 20 * kept


def test_another_key_gives_other_names() -> None:
    """The key decides; without it nobody can make the same list again."""
    one, two = (Pseudonyms(key, shipped()).word("G-1", "G") for key in (KEY, KEY + b"!"))
    assert one != two
    assert one.startswith("G-")


def test_what_cannot_be_read_is_kept_out() -> None:
    """Nobody knows who is named in a damaged message, so a pseudonymous feed has none."""
    assert Pseudonyms(KEY, shipped()).rename(Wire("leedswatch/x", b'{"guard":"G-7"', STRUCTURED)) is None
