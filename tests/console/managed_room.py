"""A small room with a past: alarms, checks and log entries of two plan years, counted as a real room does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from controlroom.commands.entries import (
    AsbCase,
    CseIntelligence,
    FootageRequest,
    Fulfilment,
    Income,
    Milestone,
    PenaltyNotice,
    Said,
)
from controlroom.commands.entry_words import EvidenceOf, Goal, GoalState, IncomeFrom, Requester
from controlroom.commands.log_book import EntryWritten
from controlroom.console.managers.figures import Figures
from controlroom.console.parts import Parts
from controlroom.estate.areas import Area
from controlroom.events import Closed, Owned
from controlroom.incidents.record import Record
from controlroom.measures.book import Book
from controlroom.measures.desk import DeskFigures, count
from controlroom.measures.ledger import Ledger
from controlroom.measures.plan.read import read_plan
from controlroom.measures.taking import take
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.console.small_room import SmallRoom

PLAN_FILE = Path(__file__).parents[2] / "config" / "plan-on-a-page.yaml"
PLAN = read_plan(str(PLAN_FILE), PLAN_FILE.read_text("utf-8"))
TODAY = datetime(2026, 11, 29, 2, 14, tzinfo=UTC)
"""A Sunday night in the third quarter of 2026/27."""

MONTHS_BACK = 20


class ManagedRoom(SmallRoom):
    """Counts what happens, for the plan and for the desk."""

    def __init__(self, now: datetime = TODAY) -> None:
        super().__init__(now=now)
        self.book = Book(PLAN, count_simulated=True)
        self.ledger, self.figures = Ledger(digest=self.book.digest), DeskFigures()
        self.tellers.append(self._counted)

    def parts(self, now: object = None) -> Parts:
        """Return what a console of this room is given, with its figures."""
        del now
        return replace(super().parts(), figures=Figures(PLAN, lambda: self.ledger, lambda: self.figures))

    def _counted(self, records: Sequence[Record]) -> None:
        for record in records:
            take(self.ledger, self.book, record.position, record.now, record.decision)
            count(self.figures, record.position, record.now, record.decision, count_simulated=True)

    def writes(self, said: Said, area: Area | None = None) -> None:
        """Let somebody write this into the log book, now."""
        self.happens(EntryWritten("op-1", self.now, said, area))


def with_a_past(months: int = MONTHS_BACK, a_month: int = 3) -> ManagedRoom:
    """Return a room that has lived through so many months until `TODAY`, a few events in each."""
    room = ManagedRoom(TODAY - timedelta(days=30 * months))
    room.writes(Milestone(Goal.WEST_CCTV_SCHEME, GoalState.IN_PROGRESS, "The poles stand."))
    for number in range(months):
        _month(room, number, a_month + number // 6)
        room.now = TODAY - timedelta(days=30 * (months - number - 1))
    return room


def _month(room: ManagedRoom, number: int, busy: int) -> None:
    for turn in range(busy):
        room.passes(3_600)
        opened = room.happens(*room.signals(1, Kind.HELP_POINT, step="answered", call=f"K{number}-{turn}"))
        _worked(room, opened, 20 + 11 * turn)
        room.happens(*room.signals(1, Kind.ARC_ALARM, event="tamper"))
        room.happens(*room.signals(2, Kind.LONE_WORKER, event="check_in"))
        room.writes(AsbCase(f"ASB-{number}-{turn}", "Seen and resolved.", resolved_by_cctv=turn % 2 == 0))
    for turn in range(number % 3):
        room.writes(CseIntelligence(f"INT-{number}-{turn}", "A pattern of visits."), Area.INNER_SOUTH)
    room.writes(PenaltyNotice(f"FPN-{number}", EvidenceOf.CCTV, "littering"), Area.INNER_EAST)
    room.writes(Income(IncomeFrom.PATROL, 120_050, "Cross Green"))
    request = FootageRequest(
        Requester.INSURER,
        f"F-{number}",
        "A collision.",
        cameras=("C1",),
        fulfilled=Fulfilment(room.now, evidence=True, acquisitive=number % 2 == 0, income_pence=4_500),
    )
    room.writes(request)


def _worked(room: ManagedRoom, opened: Sequence[Record], answer_s: int) -> None:
    """Let somebody own and close what opened, after so many seconds."""
    for incident in [one for one in room.state.incidents.values() if one.owner is None]:
        room.passes(answer_s)
        room.happens(Owned(incident.id, room.state.incidents[incident.id].version, "op-1"))
        room.passes(60)
        version = room.state.incidents[incident.id].version
        room.happens(Closed(incident.id, version, "op-1", Outcome.GENUINE))
    del opened
