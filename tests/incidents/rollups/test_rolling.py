"""The same thing again and again: counted in one place, never lost, and never about a life."""

from typing import Any

import pytest
from msgspec.structs import replace

from controlroom.estate.areas import Area
from controlroom.events import Event, Tick
from controlroom.incidents.changes import IncidentOpened, Logged
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.rollups.state import WINDOW_S, RolledUp, RollUp, Rollups, count_opening, in_flood
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import take
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict
from controlroom.signals.vocabulary import (
    LIFE_SAFETY_ALARMS,
    LIFE_SAFETY_PARK,
    LIFE_SAFETY_TELECARE,
    LIFE_SAFETY_WORKER,
    Kind,
    WorkerEvent,
)
from tests.build import ALARMS_HANDLED, BOOK, OneWordJudge, after, figure, handbook, signal
from tests.incidents.test_decide import Told

MINUTE = 60


class EachAlone(OneWordJudge):
    """Opens an incident for everything but a setting, each alone, of one priority, for an operator's look."""

    def __init__(self, priority: int = 3, merge: str | None = None) -> None:
        self.priority = priority
        self.merge = merge

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        routine = getattr(circumstances.signal.data, "event", "") in {"opened", "closed"}
        return replace(
            super().judge(circumstances),
            route=Route.LOG if routine else Route.MOBILE_RESPONSE,
            priority=self.priority,
            dispatch=Dispatch.OPERATOR,
            merge=self.merge,
        )


def of(judge: EachAlone, **limits: int) -> Handbook:
    """Return a handbook with this judge and these limits of the house."""
    book = handbook()
    house = replace(book.house, work=replace(book.house.work, **limits))
    return replace(book, rules=judge, house=house)


class Again(Told):
    """A room that hears the same thing again and again, with its figures."""

    def __init__(self, book: Handbook) -> None:
        super().__init__(book)
        self.ledger = Ledger()
        self.heard = 0

    def tell(self, event: Event, at_s: float = 0) -> Decision:
        """Decide and apply one event, and let the figures follow."""
        decision = super().tell(event, at_s)
        take(self.ledger, BOOK, self.state.position, after(at_s), decision)
        return decision

    def says(self, event: str, at_s: float, kind: Kind = Kind.ARC_ALARM, **data: Any) -> Decision:
        """Tell a new signal."""
        self.heard += 1
        return self.tell(signal(kind, f"a{self.heard}", event=event, **data), at_s)

    def rolled_up(self, decision: Decision) -> list[RollUp]:
        """Return why this was rolled up."""
        return [change.how for change in decision.changes if isinstance(change, RolledUp)]


def swinging(book: Handbook, trips: int) -> tuple[Again, list[Decision]]:
    """Return a room in which one zone tripped so often, every minute, and what was decided."""
    room = Again(book)
    return room, [room.says("intruder", trip * MINUTE) for trip in range(trips)]


def test_a_zone_that_trips_too_often_is_shelved_for_the_set_period() -> None:
    """The first five trips go their way; what follows is counted with the shelf and opens nothing."""
    room, told = swinging(of(EachAlone()), 8)

    opened = [any(isinstance(one, IncidentOpened) for one in decision.changes) for decision in told]
    assert opened == [True] * 5 + [False] * 3
    assert room.rolled_up(told[5]) == [RollUp.SWINGER]
    assert told[5].reasons == (Reason.RULE, Reason.SWINGER)
    assert room.state.rollups.zones["S1"]["Z1"].rolled_up == 3
    assert any(isinstance(one, Logged) for one in told[5].changes)


def test_a_shelved_zone_is_counted_in_its_sites_incident() -> None:
    """While the site's incident is open its further trips are signals of it, and ask nobody anew."""
    room, told = swinging(of(EachAlone(merge="site")), 8)

    incident = room.state.incidents["INC-1"]
    assert (incident.signals, incident.status, incident.due) == (8, "new", after(180))
    assert room.rolled_up(told[7]) == [RollUp.SWINGER]


def test_another_zone_is_not_shelved_with_it() -> None:
    """One worn contact does not blind the building, and confirms as ever."""
    room, _ = swinging(of(EachAlone()), 6)
    other = room.says("intruder", 400, zone="Z2")

    assert any(isinstance(one, IncidentOpened) for one in other.changes)
    assert Reason.CONFIRMED in other.reasons


@pytest.mark.parametrize("turn", ["opened", "closed"])
def test_the_next_set_period_counts_anew(turn: str) -> None:
    """Setting or unsetting the system takes every zone of the site from its shelf."""
    room, _ = swinging(of(EachAlone()), 6)
    room.says(turn, 400)
    assert room.state.rollups.zones == {}

    assert any(isinstance(one, IncidentOpened) for one in room.says("tamper", 401).changes)


def test_a_shelf_is_over_after_eight_hours_at_most() -> None:
    """A building that stays set over a bank holiday hears its zone again, also after a restart."""
    room, _ = swinging(of(EachAlone(), shelved_max_s=300), 6)
    room.state = from_bytes(to_bytes(room.state))
    reasons: list[Reason] = []
    while (due := next_deadline(room.state)) is not None and due <= after(4 * MINUTE + 300):
        reasons += room.tell(Tick(), (due - after(0)).total_seconds()).reasons

    assert Reason.SHELF_OVER in reasons
    assert "Z1" not in room.state.rollups.zones["S1"]


@pytest.mark.parametrize("event", sorted(LIFE_SAFETY_ALARMS))
def test_nothing_about_a_life_is_ever_rolled_up(event: str) -> None:
    """Forty fires of one zone are forty incidents, whatever priority a table gives them, flood or not."""
    room = Again(of(EachAlone(), swinger_after=1, flood_from=1))
    for number in range(40):
        told = room.says(event, number)
        assert any(isinstance(one, IncidentOpened) for one in told.changes)
        assert room.rolled_up(told) == []


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (kind, event.value)
        for kind, words in (
            (Kind.LONE_WORKER, LIFE_SAFETY_WORKER - {WorkerEvent.AMBER_EXPIRED}),  # the room's own word
            (Kind.PARK, LIFE_SAFETY_PARK),
            (Kind.TELECARE, LIFE_SAFETY_TELECARE),
        )
        for event in sorted(words)
    ],
)
def test_nor_is_a_call_of_a_worker_a_warden_or_a_resident(kind: Kind, event: str) -> None:
    """Forty calls keep forty lines, whatever priority a table gives them, flood or not."""
    room = Again(of(EachAlone(), flood_from=1))
    for number in range(40):
        told = room.says(event, number, kind)
        assert any(isinstance(one, IncidentOpened) for one in told.changes)


def test_a_source_that_runs_away_has_one_incident() -> None:
    """From the thirtieth on they join one incident, which counts them and says why it stands for many."""
    room = Again(of(EachAlone(), flood_from=1_000))
    told = [room.says("environment", number * MINUTE) for number in range(40)]

    assert [room.rolled_up(one) for one in told[28:31]] == [[], [RollUp.RUNAWAY], [RollUp.RUNAWAY]]
    many = [one for one in room.state.incidents.values() if one.rolled_up is not None]
    assert [(one.signals, one.rolled_up) for one in many] == [(11, "runaway")]
    assert len(room.state.incidents) == 30


def test_an_area_in_flood_has_one_incident_for_what_is_not_urgent() -> None:
    """After thirty incidents in ten minutes further ones of low priority join one; urgent ones do not."""
    room = Again(of(EachAlone()))
    for number in range(35):
        room.says("environment", number, source=f"S{number}")
    assert len(room.state.incidents) == 31
    many = next(one for one in room.state.incidents.values() if one.rolled_up == "flood")
    assert (many.signals, many.area) == (5, Area.INNER_EAST)

    room.book = of(EachAlone(priority=2))
    assert any(isinstance(one, IncidentOpened) for one in room.says("environment", 40).changes)


def test_what_was_rolled_up_counts_as_any_other_alarm() -> None:
    """The plan counts every activation once, whether it had a line of its own or not."""
    room, _ = swinging(of(EachAlone()), 8)
    assert figure(room.ledger, ALARMS_HANDLED) == 3


def test_a_flood_ends_when_the_area_comes_to_rest() -> None:
    """A window without as many ends it; what came in the window before still counts."""
    rollups = Rollups()
    for number in range(10):
        count_opening(rollups, Area.INNER_EAST, after(number))

    assert in_flood(rollups, Area.INNER_EAST, 10, after(10))
    assert not in_flood(rollups, Area.OUTER_WEST, 10, after(10))
    assert in_flood(rollups, Area.INNER_EAST, 10, after(WINDOW_S + 5))
    assert not in_flood(rollups, Area.INNER_EAST, 10, after(2 * WINDOW_S))
