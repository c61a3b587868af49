"""What the log book counts for, how corrections move figures, and what a signed quarter keeps."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.entries import (
    AsbCase,
    Briefing,
    FootageRequest,
    Fulfilment,
    Milestone,
    Misper,
    NoiseComplaint,
    PenaltyNotice,
    Referral,
    Said,
    Training,
)
from controlroom.commands.entry_words import (
    BriefingOn,
    EvidenceOf,
    Goal,
    GoalState,
    MisperOutcome,
    ReferredTo,
    Requester,
)
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    MisperEnded,
)
from controlroom.commands.plan import NarrativeWritten, QuarterSigned
from controlroom.estate.areas import Area
from controlroom.estate.partners import Category, Reached
from controlroom.events import Event
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.state import About, Delivery, ReferralMade
from controlroom.incidents.referrals.state import Referral as OnIncident
from controlroom.measures.figures import by_area, events, how_many
from controlroom.measures.goals import goal_at
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import day_of, parse, quarter_of, single
from controlroom.measures.scorecard import signed_figures
from controlroom.measures.taking import take
from controlroom.signals.vocabulary import Kind
from tests.build import BOOK, NOON, PLAN, REAL_BOOK, after, figure, handbook
from tests.incidents.test_decide import Told

CASE = AsbCase("A-1", "stones thrown", resolved_by_cctv=True)
DAY = timedelta(days=1)
TODAY = day_of(NOON)


class Counted(Told):
    """A real room that counts what it is told."""

    def __init__(self, *, demonstration: bool = False) -> None:
        super().__init__(handbook(demonstration=demonstration))
        self.ledger = Ledger()

    def tell(self, event: Event, at_s: float = 0) -> Decision:
        """Decide, apply and count one event."""
        decision = super().tell(event, at_s)
        take(self.ledger, REAL_BOOK, self.state.position, after(at_s), decision)
        return decision

    def writes(self, said: Said, area: Area | None = Area.INNER_EAST, days_ago: int = 0) -> None:
        """Write an entry about so many days ago."""
        self.tell(EntryWritten("op-1", NOON - days_ago * DAY, said, area))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (CASE, {"asb_cases_resolved": 1}),
        (replace(CASE, resolved_by_cctv=False), {}),
        (PenaltyNotice("F-1", EvidenceOf.SECURITY, "litter"), {"fpns_issued": 1}),
        (Training(7, "tenancy breaches"), {"tenancy_breach_training": 7}),
        (Briefing(BriefingOn.ACQUISITIVE_CRIME, 12, "burglary"), {"wyp_briefings": 1}),
        (Briefing(BriefingOn.OTHER, 12, "carnival"), {}),
        (Misper("M-1", "a boy"), {"mispers_reported": 1}),
        (
            Misper("M-1", "a boy", outcome=MisperOutcome.FOUND_SAFE, contributed=True),
            {"mispers_reported": 1, "mispers_contributed": 1},
        ),
        (Referral(ReferredTo.LASBT, locality_of_concern=True, text="corner"), {"locality_referrals": 1}),
        (Referral(ReferredTo.LASBT, locality_of_concern=False, text="corner"), {}),
        (Referral(ReferredTo.OTHER, locality_of_concern=True, text="corner"), {}),
        (FootageRequest(Requester.POLICE, "R-1", "a theft"), {}),
        (
            FootageRequest(Requester.POLICE, "R-1", "a theft", fulfilled=Fulfilment(NOON, True, True)),  # noqa: FBT003 - evidence, acquisitive
            {"acquisitive_evidence": 1},
        ),
        (
            FootageRequest(Requester.POLICE, "R-1", "a theft", fulfilled=Fulfilment(NOON, False, True)),  # noqa: FBT003 - evidence, acquisitive
            {},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_entry_counts_as_the_definition_says(said: Said, expected: dict[str, int]) -> None:
    """Each kind counts for its measures alone, and only with the words that its definition asks for."""
    room = Counted()
    room.writes(said)
    assert room.ledger.counted == expected
    assert all(by_area(room.ledger, name, single(TODAY)) == {"inner-east": n} for name, n in expected.items())


def test_an_entry_counts_on_the_day_it_is_about() -> None:
    """What is written down late counts when it was, and a fulfilment counts when it was fulfilled."""
    room = Counted()
    request = FootageRequest(Requester.POLICE, "R-1", "a theft")
    room.writes(CASE, days_ago=3)
    room.writes(request, days_ago=9)
    room.tell(FootageFulfilled("LOG-2", 1, "op-2", Fulfilment(NOON - DAY, evidence=True, acquisitive=True)))
    days = {name: list(cells) for name, cells in room.ledger.cells.items()}
    assert days == {
        "asb_cases_resolved": [(NOON - 3 * DAY).toordinal()],
        "acquisitive_evidence": [(NOON - DAY).toordinal()],
    }


def test_a_referral_about_a_locality_of_concern_counts_where_it_was_made() -> None:
    """To the police or LASBT, about a locality of concern, and of nothing that a simulator sent."""
    about = About(Kind.ARC_ALARM, Area.OUTER_SOUTH, "S1", "Library", "intruder", 2, NOON)
    made = OnIncident(
        "REF-1",
        "INC-1",
        "lasbt",
        Category.LOCALITY_OF_CONCERN,
        "again and again",
        "op-1",
        NOON,
        about,
        Reached.SHEET,
        Delivery.SHEET,
        simulated=False,
    )
    ledger = Ledger()
    for number, referral in enumerate(
        (
            made,
            replace(made, partner="metro"),
            replace(made, category=Category.ASB),
            replace(made, simulated=True),
        )
    ):
        take(ledger, REAL_BOOK, number + 1, NOON, Decision((ReferralMade(referral),)))
    assert by_area(ledger, "locality_referrals", single(TODAY)) == {"outer-south": 1}


def test_a_simulated_entry_counts_in_a_demonstration_alone() -> None:
    """What a demonstration room writes is marked, and a real room's figures pass it over."""
    room = Counted(demonstration=True)
    room.writes(CASE)
    assert room.ledger.counted == {}


def test_a_correction_moves_the_figure_and_says_so() -> None:
    """The day and area it counted in lose it, the new ones get it; who, why and when stand beside them."""
    room = Counted()
    room.writes(CASE)
    fix = EntryCorrected("LOG-1", 1, "op-2", "other side of the road", NOON - DAY, CASE, Area.INNER_SOUTH)
    room.tell(fix, 60)
    assert by_area(room.ledger, "asb_cases_resolved", single(TODAY)) == {}
    assert by_area(room.ledger, "asb_cases_resolved", single(TODAY - DAY)) == {"inner-south": 1}
    assert [(move.by, move.area, move.author, move.reason) for move in room.ledger.moves] == [
        (-1, "inner-east", "op-2", "other side of the road"),
        (1, "inner-south", "op-2", "other side of the road"),
    ]
    assert (room.ledger.counted, room.ledger.taken_back) == (
        {"asb_cases_resolved": 2},
        {"asb_cases_resolved": 1},
    )


def test_a_correction_of_words_alone_moves_nothing() -> None:
    """The figure opens onto the newest version of the entry, and no counter moves."""
    room = Counted()
    room.writes(CASE)
    better = replace(CASE, text="stones thrown at a bus")
    room.tell(EntryCorrected("LOG-1", 1, "op-2", "said more", NOON, better, Area.INNER_EAST))
    found = list(events(room.ledger, "asb_cases_resolved", single(TODAY)))
    assert [(one.position, one.weight) for one in found] == [(2, 1)]
    assert (room.ledger.counted, room.ledger.taken_back) == ({"asb_cases_resolved": 1}, {})
    assert room.ledger.moves == []


def test_what_is_withdrawn_counts_no_longer_and_no_counter_goes_back() -> None:
    """The figure loses it; what ever counted stays, and what was taken back stands beside it."""
    room = Counted()
    room.writes(Training(7, "tenancy breaches"))
    room.tell(EntryWithdrawn("LOG-1", 1, "op-2", "was another course"))
    assert how_many(room.ledger, "tenancy_breach_training", single(TODAY)) == 0
    assert (room.ledger.counted, room.ledger.taken_back) == (
        {"tenancy_breach_training": 7},
        {"tenancy_breach_training": 7},
    )
    assert room.ledger.entries == {}


def test_an_outcome_counts_when_it_is_known() -> None:
    """A misper counts from the report on; that CCTV contributed counts from the moment somebody says so."""
    room = Counted()
    room.writes(Misper("M-1", "a boy"))
    over = MisperEnded("LOG-1", 1, "op-2", MisperOutcome.FOUND_SAFE, contributed=True, at=NOON)
    room.tell(over)
    assert room.ledger.counted == {"mispers_reported": 1, "mispers_contributed": 1}


def test_a_goal_stands_as_the_newest_entry_says() -> None:
    """By the day that is asked about, not by the order of writing; a withdrawn entry says nothing."""
    room = Counted()
    room.writes(Milestone(Goal.DV_CHARTER_MARK, GoalState.ACHIEVED, "awarded"))
    room.writes(Milestone(Goal.DV_CHARTER_MARK, GoalState.IN_PROGRESS, "applied"), days_ago=30)
    now, earlier = (goal_at(room.ledger, Goal.DV_CHARTER_MARK, TODAY - n * DAY) for n in (0, 5))
    assert (now and now.state, earlier and earlier.state) == (GoalState.ACHIEVED, GoalState.IN_PROGRESS)
    room.tell(EntryWithdrawn("LOG-1", 1, "op-1", "another mark"))
    left = goal_at(room.ledger, Goal.DV_CHARTER_MARK, TODAY)
    assert left is not None
    assert left.state is GoalState.IN_PROGRESS


def test_what_a_restricted_milestone_says_is_for_its_readers_alone() -> None:
    """The state of a goal is everybody's; the words of an entry that names its readers stand on no card."""
    room = Counted()
    said = Milestone(Goal.DV_CHARTER_MARK, GoalState.IN_PROGRESS, "not for everybody")
    room.tell(EntryWritten("op-1", NOON, said, restricted=("op-2",)))
    told = goal_at(room.ledger, Goal.DV_CHARTER_MARK, TODAY)
    assert told is not None
    assert (told.state, told.text) == (GoalState.IN_PROGRESS, "")


def test_a_signed_quarter_stays_what_it_was() -> None:
    """Only a quarter that is over is signed, once; what is corrected later does not touch what was signed."""
    room = Counted()
    room.writes(CASE, days_ago=70)
    quarter = quarter_of(TODAY - 70 * DAY)
    figures, goals = signed_figures(room.ledger, PLAN, quarter.name)
    sign = QuarterSigned("manager", quarter.name, figures, goals, room.ledger.position)
    assert room.tell(replace(sign, quarter="2025Q4")).reasons == (Reason.QUARTER_GOES_ON,)
    assert room.tell(replace(sign, quarter="2025Q5")).reasons == (Reason.QUARTER_UNKNOWN,)
    assert room.tell(sign).reasons == (Reason.COMMAND,)
    assert room.tell(sign).reasons == (Reason.QUARTER_IS_SIGNED,)
    room.tell(EntryWithdrawn("LOG-1", 1, "op-2", "twice"))
    assert room.ledger.signed[quarter.name].figures["asb_cases_resolved"] == {"inner-east": 1}
    assert how_many(room.ledger, "asb_cases_resolved", quarter) == 0


def test_the_last_word_beside_a_figure_stands() -> None:
    """A narrative takes the place of the one before it."""
    room = Counted()
    for text in ("first", "second"):
        room.tell(NarrativeWritten("manager", "2025Q4", "cse_intelligence", text))
    assert room.ledger.narratives["2025Q4"]["cse_intelligence"].text == "second"


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["case", "train", "misper", "ask", "correct", "withdraw", "fulfil", "end"]),
        st.integers(1, 8),
        st.integers(1, 3),
        st.sampled_from([*Area, None]),
        st.integers(0, 400),
    ),
    max_size=30,
)


def _told(acts: list[tuple[str, int, int, Area | None, int]]) -> Iterator[Event]:
    forms: dict[str, Said] = {
        "case": CASE,
        "train": Training(3, "tenancy"),
        "misper": Misper("M", "a boy"),
        "ask": FootageRequest(Requester.POLICE, "R", "theft"),
    }
    for what, number, version, area, days in acts:
        name, when = f"LOG-{number}", NOON - days * DAY
        if what in forms:
            yield EntryWritten("op-1", when, forms[what], area)
        elif what == "correct":
            said = list(forms.values())[days % 4]
            yield EntryCorrected(name, version, "op-2", "why", when, said, area)
        elif what == "withdraw":
            yield EntryWithdrawn(name, version, "op-2", "why")
        elif what == "fulfil":
            yield FootageFulfilled(name, version, "op-2", Fulfilment(when, evidence=True, acquisitive=True))
        else:
            yield MisperEnded(
                name, version, "op-2", MisperOutcome.RETURNED, contributed=days % 2 == 0, at=when
            )


@given(ACTS, st.integers(0, 30))
def test_whatever_is_corrected_figures_are_those_of_the_entries_as_they_stand(
    acts: list[tuple[str, int, int, Area | None, int]], cut: int
) -> None:
    """Counters never go back, the sum is right at each step, and a restart anywhere has the same bytes."""
    room, restored = Counted(), Ledger()
    before: dict[str, int] = {}
    for number, event in enumerate(_told(acts)):
        room.tell(event)
        now, decision = after(0), room.ledger
        assert all(decision.counted[name] >= count for name, count in before.items())
        before = dict(decision.counted)
        del now
        if number == cut:
            restored = msgspec.msgpack.decode(msgspec.msgpack.encode(room.ledger), type=Ledger)
            assert msgspec.msgpack.encode(restored) == msgspec.msgpack.encode(room.ledger)
    standing = {name: figure(room.ledger, name) for name in room.ledger.counted}
    expected: dict[str, int] = dict.fromkeys(standing, 0)
    for name, trace in room.state.log_book.traces.items():
        entry = room.state.log_book.entry(name)
        if entry is None or trace.withdrawn:
            continue
        match entry.said:
            case AsbCase():
                expected["asb_cases_resolved"] += 1
            case Training(people=people):
                expected["tenancy_breach_training"] += people
            case Misper(contributed=contributed):
                expected["mispers_reported"] += 1
                expected["mispers_contributed"] = expected.get("mispers_contributed", 0) + bool(contributed)
            case FootageRequest(fulfilled=Fulfilment()):
                expected["acquisitive_evidence"] += 1
            case _:
                pass
    assert {k: v for k, v in standing.items() if v} == {k: v for k, v in expected.items() if v}
    for name, value in standing.items():
        years = [parse(year) for year in ("2024", "2025")]
        assert sum(how_many(room.ledger, name, year) for year in years) == value
        assert sum(one.weight for year in years for one in events(room.ledger, name, year)) == value


def test_noise_is_counted_for_the_whole_city_where_no_area_is_named() -> None:
    """An entry without an area counts for the city, and for no area."""
    room = Counted()
    room.writes(NoiseComplaint("N-1", "nobody came"), area=None)
    assert by_area(room.ledger, "noise_complaints", single(TODAY)) == {"": 1}
    assert how_many(room.ledger, "noise_complaints", single(TODAY), "inner-east") == 0
    assert BOOK.digest != REAL_BOOK.digest
