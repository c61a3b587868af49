"""An incident is referred to a partner: what the room keeps of it, and what it refuses."""

from msgspec.structs import replace

from controlroom.commands.referrals import Referred
from controlroom.commands.work import Merged
from controlroom.estate.partners import Category, Partner, Reached
from controlroom.events import Closed
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import IncidentMoved
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.state import (
    PER_INCIDENT_MAX,
    REFERRALS_KEPT,
    Delivery,
    Referral,
    ReferralMade,
    keep,
)
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal
from tests.incidents.work.test_lifecycle import ID, Work

CATEGORIES = frozenset({Category.ASB, Category.LOCALITY_OF_CONCERN})
PARTNERS = {
    "lasbt": Partner("lasbt", "the ASB team", Reached.SHEET, CATEGORIES),
    "wyp": Partner(
        "wyp", "The police", Reached.WEBHOOK, CATEGORIES, "https://police.example/in", police=True
    ),
}


class Desk(Work):
    """A room with two partners and one incident."""

    def __init__(self) -> None:
        super().__init__()
        self.book = replace(self.book, partners=PARTNERS)

    def refer(
        self,
        partner: str = "lasbt",
        category: Category = Category.ASB,
        reason: str = "fourth time this week",
        author: str = "op-1",
    ) -> Decision:
        """Refer the incident a minute after noon."""
        return self.tell(Referred(ID, self.version, author, partner, category, reason), 60)

    @property
    def referral(self) -> Referral:
        """The last referral."""
        return self.state.referrals.kept[self.incident.referrals[-1]]


def test_a_referral_says_what_was_known_when_it_was_made() -> None:
    """It has its own id, its words, and a copy of the incident, which lists it and has a new version."""
    room = Desk()
    version = room.version

    assert room.refer().reasons == (Reason.COMMAND,)
    made = room.referral
    assert (made.id, made.incident, made.partner, made.author) == ("REF-2", ID, "lasbt", "op-1")
    assert (made.about.name, made.about.event, made.at) == ("Library of S1", "tamper", after(60))
    assert made.delivery is Delivery.SHEET
    assert room.version == version + 1
    assert room.incident.last is not None
    assert room.incident.last.what == "referred to lasbt"


def test_a_partner_with_a_receiver_is_waited_for() -> None:
    """What has to be delivered is listed until it is; a sheet is not."""
    room = Desk()
    room.refer("wyp")
    room.refer("lasbt")

    assert room.state.referrals.undelivered == {"REF-2": None}
    assert from_bytes(to_bytes(room.state)).referrals == room.state.referrals


def test_what_cannot_be_referred_says_why() -> None:
    """An unknown partner, one that does not take this, and no reason each have a word of their own."""
    room = Desk()

    assert room.refer("fbi").reasons == (Reason.PARTNER_UNKNOWN,)
    assert room.refer(category=Category.FIRE).reasons == (Reason.NOT_FOR_PARTNER,)
    assert room.refer(reason=" ").reasons == (Reason.REFERRAL_NOT_SAID,)
    stale = Referred(ID, 99, "op-1", "lasbt", Category.ASB, "because")
    assert room.tell(stale).reasons == (Reason.COMMAND_STALE,)
    assert not room.state.referrals.kept


def test_a_closed_incident_can_still_be_referred() -> None:
    """Who reads the night's log in the morning refers what was closed in it; nothing opens again."""
    room = Desk()
    room.tell(Closed(ID, 1, "op-1", Outcome.GENUINE))

    assert room.refer().reasons == (Reason.COMMAND,)
    assert room.incident.status is Status.CLOSED
    assert room.incident.referrals == ("REF-3",)


def test_from_the_owner_a_referral_is_a_word() -> None:
    """The owner's time begins anew, as with a note; somebody else's referral leaves it."""
    room = Desk()
    room.own("op-1", at_s=1)

    assert not any(isinstance(change, IncidentMoved) for change in room.refer(author="op-2").changes)
    assert room.incident.due == after(901)
    room.refer(author="op-1")
    assert room.incident.due == after(960)


def test_a_merge_keeps_the_referrals_of_both() -> None:
    """Whoever reads the whole sees everybody who was told."""
    room = Desk()
    room.tell(signal(Kind.GUARD, "other", event="on_duty", source="P1"))
    room.refer()
    others = [one for one in room.state.incidents.values() if one.id != ID]
    assert len(others) == 1
    other = others[0]
    room.tell(Referred(other.id, other.version, "op-1", "wyp", Category.ASB, "there too"))
    version = room.state.incidents[other.id].version
    assert room.tell(Merged(ID, room.version, "op-1", other.id, version)).reasons == (Reason.COMMAND,)

    assert [room.state.referrals.kept[one].partner for one in room.incident.referrals] == ["lasbt", "wyp"]


def test_an_incident_is_not_referred_without_end() -> None:
    """A mad client fills no state: past the limit the room refuses."""
    room = Desk()
    for _ in range(PER_INCIDENT_MAX):
        room.refer()

    assert room.refer().reasons == (Reason.REFERRALS_FULL,)


def test_what_is_over_makes_room_and_what_is_not_stays() -> None:
    """The oldest sheets are forgotten past the bound; an undelivered referral never is."""
    room = Desk()
    room.refer("wyp")
    room.refer("lasbt")
    waiting, sheet = room.state.referrals.kept.values()
    state = State()
    apply(state, 1, after(0), Decision())
    for number in range(REFERRALS_KEPT):
        keep(state.referrals, replace(waiting if number == 0 else sheet, id=f"R-{number}"))
    keep(state.referrals, replace(sheet, id="last"))

    assert len(state.referrals.kept) == REFERRALS_KEPT
    assert list(state.referrals.kept)[:2] == ["R-0", "R-2"]


def test_what_is_simulated_leaves_a_live_room_neither_way() -> None:
    """A referral of a test signal in a live room is marked, and nobody is sent it."""
    room = Desk()
    real = room.state.incidents[ID]
    room.state.incidents[ID] = replace(real, simulated=True)
    room.refer("wyp")

    assert (room.referral.delivery, room.referral.simulated) == (Delivery.TEST, True)
    assert not room.state.referrals.undelivered


def test_a_referral_is_one_change() -> None:
    """Everything a restart needs stands in it."""
    assert [type(change) for change in Desk().refer().changes] == [ReferralMade]
