"""The desk of a demonstration: it writes what the log book takes, and the same seed writes the same."""

import json
import random
from datetime import timedelta

from controlroom.commands.entry_words import EntryKind
from controlroom.console.log_bodies import WriteBody, said_in
from simulators.entries import PAST, PAST_ENTRIES, RATES, Entry, past
from tests.build import NOON


def told(said: Entry) -> WriteBody:
    """Return the body that the room would read; raises where it would refuse it."""
    body = {"happened_at": NOON.isoformat(), "entry": said, "area": "inner-east"}
    return WriteBody.model_validate_json(json.dumps(body))


def test_every_entry_is_one_that_the_log_book_takes() -> None:
    """Twenty of each kind, every field within its limits."""
    chance = random.Random(1)
    kinds = {said_in(told(kind(chance))).__struct_config__.tag for kind in RATES for _ in range(20)}
    everything = {kind.value for kind in EntryKind}
    assert kinds == everything - {EntryKind.MILESTONE, EntryKind.OPERATION}


def test_the_past_reaches_back_a_year_and_is_over() -> None:
    """Oldest first, nothing later than now, no misper without its outcome, and both goals of the plan."""
    found = list(past(random.Random(1), NOON))
    moments = [at for _, at in found]
    assert moments == sorted(moments)
    assert NOON - PAST <= moments[0] < NOON - timedelta(days=400)
    assert moments[-1] <= NOON
    assert len(found) == PAST_ENTRIES + 2
    for said, _ in found:
        body = said_in(told(said))
        assert getattr(body, "outcome", "said") is not None
        assert getattr(body, "fulfilled", "done") is not None
    assert {said["goal"] for said, _ in found if said["kind"] == "milestone"} == {
        "west_cctv_scheme",
        "dv_charter_mark",
    }
    assert found == list(past(random.Random(1), NOON))
