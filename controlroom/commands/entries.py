"""What people write into the log book: the closed union of entries, each with the fields of its kind.

No device sends any of this. Thirteen of the nineteen measures of the Plan on a Page are counted from here,
so a fact that a measure asks for is a field and not a phrase in a text. Who is meant is said by a reference
(a case number, a call sign), never by a person's name; free text is the author's, and is the room's to keep.

The limits stand at the fields for whoever reads what people send; the room itself trusts what it is told.
Money is whole pence. Times are moments with a zone.
"""

from datetime import datetime
from typing import Annotated, get_args

from msgspec import Struct
from pydantic import Field

from controlroom.commands.entry_words import (
    BriefingOn,
    Channel,
    EntryKind,
    EvidenceOf,
    Goal,
    GoalState,
    IncomeFrom,
    MisperOutcome,
    OperationNature,
    ReferredTo,
    Requester,
)

Word = Annotated[str, Field(min_length=1, max_length=64)]
"""A reference, a call sign, a name of a thing."""

Text = Annotated[str, Field(min_length=1, max_length=4_000)]
"""What happened, in somebody's words: two pages."""

People = Annotated[int, Field(ge=1, le=500)]
"""How many took part; the whole service has 80 staff."""

Pence = Annotated[int, Field(ge=0, le=100_000_000)]
"""Money in pence, up to a million pounds."""


class Radio(Struct, frozen=True, gc=False, tag_field="kind", tag="radio"):
    """Something was said over a radio channel that matters."""

    channel: Channel
    call_sign: Word
    text: Text


class Misper(Struct, frozen=True, gc=False, tag_field="kind", tag="misper"):
    """A missing person was reported to the room. Open until `outcome` is known.

    `contributed`: CCTV or security contributed to the detection; None until somebody has judged it.
    """

    reference: Word
    text: Text
    vulnerable: bool = False
    outcome: MisperOutcome | None = None
    contributed: bool | None = None
    ended_at: datetime | None = None


class Fulfilment(Struct, frozen=True, gc=False):
    """How a request for footage was answered. `evidence`: evidence was submitted; None found is False.

    `acquisitive`: it supports the investigation of an acquisitive crime (theft, burglary, robbery).
    """

    at: datetime
    evidence: bool
    acquisitive: bool
    income_pence: Pence = 0
    note: Annotated[str, Field(max_length=4_000)] = ""


class FootageRequest(Struct, frozen=True, gc=False, tag_field="kind", tag="footage_request"):
    """Somebody asks for recorded pictures. Open until it is fulfilled; missed once its deadline passes."""

    requester: Requester
    reference: Word
    text: Text
    deadline: datetime | None = None
    cameras: Annotated[tuple[Word, ...], Field(max_length=100)] = ()
    fulfilled: Fulfilment | None = None


class Income(Struct, frozen=True, gc=False, tag_field="kind", tag="income"):
    """Money came in."""

    source: IncomeFrom
    pence: Pence
    text: Text


class AsbCase(Struct, frozen=True, gc=False, tag_field="kind", tag="asb_case"):
    """A case of anti-social behaviour; `resolved_by_cctv`: it was resolved using CCTV evidence."""

    reference: Word
    text: Text
    resolved_by_cctv: bool


class ParkswatchAsb(Struct, frozen=True, gc=False, tag_field="kind", tag="parkswatch_asb"):
    """Parkswatch staff log an incident of anti-social behaviour in a park."""

    park: Word
    text: Text


class PenaltyNotice(Struct, frozen=True, gc=False, tag_field="kind", tag="penalty_notice"):
    """A fixed penalty notice (FPN) was issued as a result of our evidence."""

    reference: Word
    evidence: EvidenceOf
    offence: Word


class Briefing(Struct, frozen=True, gc=False, tag_field="kind", tag="briefing"):
    """West Yorkshire Police briefed staff."""

    topic: BriefingOn
    people: People
    text: Text


class Training(Struct, frozen=True, gc=False, tag_field="kind", tag="tenancy_training"):
    """So many of our staff were trained on tenancy breaches."""

    people: People
    text: Text


class CseSession(Struct, frozen=True, gc=False, tag_field="kind", tag="cse_session"):
    """An awareness session about child sexual exploitation (CSE) took place."""

    people: People
    text: Text


class CseIntelligence(Struct, frozen=True, gc=False, tag_field="kind", tag="cse_intelligence"):
    """Intelligence was submitted that supports investigations of CSE."""

    reference: Word
    text: Text


class OptimalProduct(Struct, frozen=True, gc=False, tag_field="kind", tag="optimal_product"):
    """A product of Operation Optimal was shared."""

    title: Word
    shared_with: Word
    text: Text


class NoiseComplaint(Struct, frozen=True, gc=False, tag_field="kind", tag="noise_complaint"):
    """Somebody complains about how we handled a complaint of noise."""

    reference: Word
    text: Text


class Referral(Struct, frozen=True, gc=False, tag_field="kind", tag="referral"):
    """A matter without an incident went to a partner; `locality_of_concern` as the partners list them."""

    to: ReferredTo
    locality_of_concern: bool
    text: Text


class Milestone(Struct, frozen=True, gc=False, tag_field="kind", tag="milestone"):
    """How far a goal of the plan has come; `due` is when it is promised for."""

    goal: Goal
    state: GoalState
    text: Text
    due: datetime | None = None


class Operation(Struct, frozen=True, gc=False, tag_field="kind", tag="operation"):
    """An operation or a special event; a covert one is restricted to named people."""

    nature: OperationNature
    title: Word
    text: Text
    begins: datetime
    ends: datetime | None = None


class CaptureBike(Struct, frozen=True, gc=False, tag_field="kind", tag="capture_bike"):
    """A stolen capture bike (a bait bicycle with a tracker) was followed."""

    reference: Word
    recovered: bool
    text: Text


class InjunctionSupport(Struct, frozen=True, gc=False, tag_field="kind", tag="injunction_support"):
    """Footage or watching supported an injunction."""

    reference: Word
    text: Text


Said = (
    Radio
    | Misper
    | FootageRequest
    | Income
    | AsbCase
    | ParkswatchAsb
    | PenaltyNotice
    | Briefing
    | Training
    | CseSession
    | CseIntelligence
    | OptimalProduct
    | NoiseComplaint
    | Referral
    | Milestone
    | Operation
    | CaptureBike
    | InjunctionSupport
)
"""What an entry can say: the closed union."""


TYPES: dict[EntryKind, type[Struct]] = {EntryKind(one.__struct_config__.tag): one for one in get_args(Said)}
"""The form of each kind."""

KINDS: dict[type, EntryKind] = {form: kind for kind, form in TYPES.items()}
"""The kind of each form."""
