"""Faults and their restores: paired, unpaired, and the one case in which a restore closes an incident."""

from typing import Any

from msgspec.structs import replace

from controlroom.commands.work import Noted, Parked
from controlroom.events import Command, CrewSent, Owned, Tick
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Incident
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import next_deadline
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict
from controlroom.signals.vocabulary import Condition, Kind
from tests.build import OneWordJudge, after, handbook, signal
from tests.incidents.test_decide import Told

FOUR_HOURS = 14_400


class FaultsOpen(OneWordJudge):
    """Opens an incident a site for everything, and logs what is restored."""

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        restored = getattr(circumstances.signal.data, "condition", None) is Condition.RESTORED
        route = Route.LOG if restored else Route.MOBILE_RESPONSE
        verdict = super().judge(circumstances)
        return replace(verdict, route=route, priority=3, dispatch=Dispatch.OPERATOR, merge="site")


class Panel(Told):
    """A room with one panel."""

    def __init__(self) -> None:
        super().__init__(replace(handbook(), rules=FaultsOpen()))
        self.heard = 0

    def says(self, event: str, at_s: float = 0, **data: Any) -> Decision:
        """Tell a new report of the panel."""
        self.heard += 1
        return self.tell(signal(Kind.ARC_ALARM, f"r{self.heard}", event=event, **data), at_s)

    def back(self, event: str, at_s: float = 60, **data: Any) -> Decision:
        """Tell a restore."""
        return self.says(event, at_s, condition="restored", **data)

    @property
    def open(self) -> list[Incident]:
        """The open incidents."""
        return list(self.state.incidents.values())


def test_a_fault_that_came_back_closes_the_incident_that_nobody_works_on() -> None:
    """The mains fails and returns before anybody looked: closed as restored, and nothing is expected."""
    room = Panel()
    room.says("mains_fault", zone="M")

    back = room.back("mains_fault", zone="M")

    assert Reason.RESTORED in back.reasons
    assert room.state.closed["INC-1"].outcome == Ending.RESTORED
    assert next_deadline(room.state) is None


def test_every_fault_of_the_incident_has_to_be_back() -> None:
    """Two paths failed and one is back: the incident stands until the other one is."""
    room = Panel()
    room.says("path_fault", zone="P1")
    room.says("path_fault", 5, zone="P2")
    room.back("path_fault", zone="P1")
    assert len(room.open) == 1

    room.back("path_fault", 90, zone="P2")

    assert not room.open


def test_a_restored_path_without_a_name_is_every_path() -> None:
    """A panel that does not say which path is back means all of them."""
    room = Panel()
    room.says("path_fault", zone="P1")
    room.says("path_fault", 5, zone="P2")

    room.back("path_fault", zone=None)

    assert not room.open
    assert room.state.faults == {}


def test_what_somebody_works_on_is_left_to_that_person() -> None:
    """Owned, parked, or with a crew: a restore is shown and closes nothing."""
    commands: tuple[Command, ...] = (
        Owned("INC-1", 1, "op-1"),
        Parked("INC-1", 1, "op-1", after(600), "electrician comes"),
        CrewSent("INC-1", 1, "op-1"),
    )
    for command in commands:
        room = Panel()
        room.says("mains_fault", zone="M")
        room.tell(command, 10)
        room.back("mains_fault", zone="M")
        assert [one.condition for one in room.open] == [Condition.RESTORED], command


def test_a_fault_beside_an_alarm_closes_nothing() -> None:
    """Where anything but such faults belongs to the incident, a person decides."""
    room = Panel()
    room.says("mains_fault", zone="M")
    room.says("tamper", 5, zone="T")
    room.back("tamper", 50, zone="T")
    room.back("mains_fault", 60, zone="M")

    assert [one.condition for one in room.open] == [Condition.RESTORED]


def test_a_note_alone_is_no_work() -> None:
    """Who only wrote something down has not taken the incident."""
    room = Panel()
    room.says("mains_fault", zone="M")
    room.tell(Noted("INC-1", 1, "op-1", "rang the site"), 10)
    room.back("mains_fault", zone="M")

    assert not room.open


def test_a_fault_without_its_restore_is_listed_as_unpaired() -> None:
    """After four hours the fault is listed as one that did not come back, until it does."""
    room = Panel()
    room.says("mains_fault", zone="M")
    room.tell(Owned("INC-1", 1, "op-1"), 10)
    name = next(iter(room.state.faults))
    while (due := next_deadline(room.state)) is not None and due < after(FOUR_HOURS):
        room.tell(Tick(), (due - after(0)).total_seconds())
    assert not room.state.faults[name].unpaired

    assert room.tell(Tick(), FOUR_HOURS).reasons == (Reason.NOT_RESTORED,)
    assert room.state.faults[name].unpaired
    room.back("mains_fault", FOUR_HOURS + 5, zone="M")
    assert room.state.faults == {}


def test_a_fault_told_again_waits_since_the_first_time() -> None:
    """A panel that repeats its fault does not put the question off."""
    room = Panel()
    room.says("mains_fault", zone="M")
    room.says("mains_fault", 600, zone="M")

    assert [(fault.since, fault.position) for fault in room.state.faults.values()] == [(after(0), 1)]
