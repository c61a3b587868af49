"""The closed words of the log book: kinds of entries, and what their fields may say."""

from enum import StrEnum


class EntryKind(StrEnum):
    """The kinds of entries by name; the same words as the tags above, which a test holds."""

    RADIO = "radio"
    MISPER = "misper"
    FOOTAGE_REQUEST = "footage_request"
    INCOME = "income"
    ASB_CASE = "asb_case"
    PARKSWATCH_ASB = "parkswatch_asb"
    PENALTY_NOTICE = "penalty_notice"
    BRIEFING = "briefing"
    TENANCY_TRAINING = "tenancy_training"
    CSE_SESSION = "cse_session"
    CSE_INTELLIGENCE = "cse_intelligence"
    OPTIMAL_PRODUCT = "optimal_product"
    NOISE_COMPLAINT = "noise_complaint"
    REFERRAL = "referral"
    MILESTONE = "milestone"
    OPERATION = "operation"
    CAPTURE_BIKE = "capture_bike"
    INJUNCTION_SUPPORT = "injunction_support"


class Channel(StrEnum):
    """Which radio: the police's Airwave, or the business crime partnership's (BACIL)."""

    AIRWAVE = "airwave"
    BACIL = "bacil"


class MisperOutcome(StrEnum):
    """How a search for a missing person ended."""

    FOUND_SAFE = "found_safe"
    FOUND_HARMED = "found_harmed"
    FOUND_DEAD = "found_dead"
    RETURNED = "returned"
    NOT_FOUND = "not_found"
    REPORTED_IN_ERROR = "reported_in_error"


class Requester(StrEnum):
    """Who asks for footage; what solicitors and insurers pay is income."""

    POLICE = "police"
    OTHER_AGENCY = "other_agency"
    SOLICITOR = "solicitor"
    INSURER = "insurer"


class IncomeFrom(StrEnum):
    """What earned it."""

    FOOTAGE = "footage"
    MONITORING = "monitoring"
    MOBILE_RESPONSE = "mobile_response"
    PATROL = "patrol"
    KEYHOLDING = "keyholding"
    INSTALLATION = "installation"
    OTHER = "other"


class EvidenceOf(StrEnum):
    """Whose evidence a penalty notice rests on."""

    CCTV = "cctv"
    SECURITY = "security"


class BriefingOn(StrEnum):
    """What the police briefed about."""

    ACQUISITIVE_CRIME = "acquisitive_crime"
    OTHER = "other"


class ReferredTo(StrEnum):
    """Which partner a matter without an incident went to."""

    WEST_YORKSHIRE_POLICE = "west_yorkshire_police"
    LASBT = "lasbt"
    HOUSING_LEEDS = "housing_leeds"
    OTHER = "other"


class Goal(StrEnum):
    """What the plan wants to be achieved once."""

    WEST_CCTV_SCHEME = "west_cctv_scheme"
    DV_CHARTER_MARK = "dv_charter_mark"


class GoalState(StrEnum):
    """How far a goal has come."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    ACHIEVED = "achieved"
    LAPSED = "lapsed"


class OperationNature(StrEnum):
    """What is going on: a delegated operation, seen or unseen, or a special event of the city."""

    OVERT = "overt"
    COVERT = "covert"
    SPECIAL_EVENT = "special_event"
