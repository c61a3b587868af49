"""What each answer of the API holds, for its contract: the struct that it is, or its fields with their types.

Keyed by the handler's own name. An answer that is not named here is shown as any object; the test of the
contract holds every answer that comes back against what stands here.
"""

from datetime import datetime
from typing import Any

import msgspec

from controlroom.access.permissions import Permission
from controlroom.access.second import SecondPerson
from controlroom.commands.handovers import SheetLine
from controlroom.console.accounts import AccountView, Me, SessionView, TokenView
from controlroom.console.cameras import CameraView, Figures
from controlroom.console.city_map import MapNow, MapPoint
from controlroom.console.crew_views import CrewView, InHand
from controlroom.console.deltas import IncidentView, QuarantineView, ReferralView
from controlroom.console.help_points import HelpPointView
from controlroom.console.history import Entry
from controlroom.console.keyholders import Called, RingsAt
from controlroom.console.parts import Check
from controlroom.console.past.explained import ExplanationView
from controlroom.console.past.scene import PastView
from controlroom.console.patrols import RoundView
from controlroom.console.referral_views import PartnerView
from controlroom.console.rule_desk import ReloadResult, RulesStanding
from controlroom.console.search import FoundView
from controlroom.console.site_card import SiteCard
from controlroom.console.snapshot import Beat, Snapshot
from controlroom.console.waiting import FaultView, HeldView
from controlroom.incidents.cameras.changes import WorkOrder
from controlroom.incidents.crews.choosing import Candidate
from controlroom.incidents.handovers.state import Handover
from controlroom.incidents.log_book.entry import LogEntry
from controlroom.incidents.on_test import OnTest
from controlroom.incidents.people.duty import Duty
from controlroom.incidents.reasons import Reason
from controlroom.incidents.sites.picture import SitePicture
from controlroom.incidents.watch_list import Expectation
from controlroom.journal.acts import Act
from controlroom.rules.template_file import Template

Shape = type[Any] | dict[str, Any]
"""A struct, or the fields of an object."""


def _fields(of: type[Any]) -> dict[str, Any]:
    """Return the fields of a struct with their types, for an answer that holds more than those."""
    return {field.name: field.type for field in msgspec.structs.fields(of)}


_INCIDENT: Shape = {"position": int, "incident": IncidentView}
_WORK_ORDER: Shape = {"position": int, "work_order": WorkOrder | None}
_DUTY: Shape = {"position": int, "duty": Duty | None}
_ENTRY: Shape = {"position": int, "entry": LogEntry}
_SAID: Shape = {"position": int, "taken": bool, "reason": Reason, **_fields(InHand)}
_HANDOVER: Shape = {"position": int, "handover": Handover | None}
_PASSWORD: Shape = {"name": str, "password": str}
_REVOKED: Shape = {"revoked": str}
_VERBS = (
    *("own", "close", "send", "park", "unpark", "resolve"),
    *("reopen", "escalate", "note", "merge", "split", "undo", "recall", "reassign"),
)

SHAPES: dict[str, Shape] = {
    "Answers_incidents": {"incidents": tuple[IncidentView, ...], "next": str | None},
    "Answers_incident": IncidentView,
    "Answers_quarantine": {"quarantine": tuple[QuarantineView, ...], "since_start": int, "ever": int},
    "Answers_snapshot": Snapshot,
    "Answers_status": Beat,
    "PastAnswers_past": PastView,
    "PastAnswers_explanation": ExplanationView,
    "Answers_livez": {"alive": bool},
    "Answers_readyz": {"ready": bool, "checks": tuple[Check, ...]},
    **{f"Work_{verb}": _INCIDENT for verb in _VERBS},
    "PlanSteps_mark": _INCIDENT,
    "Restricting_readers": _INCIDENT,
    "Restricting_waiting": {"unattended": int},
    "Restricting_attend": _INCIDENT,
    "TimelineAnswers_timeline": {"incident": str, "signals": int, "entries": list[Entry]},
    "HelpPointAnswers_help_points": {"help_points": list[HelpPointView], "left_off": int},
    "MapAnswers_points": {
        "points": tuple[MapPoint, ...],
        "near_m": float,
        "near_most": int,
        "tiles": dict[str, Any] | None,
    },
    "MapAnswers_now": MapNow,
    "HandoverAnswers_handovers": {"handovers": list[Handover]},
    "HandoverAnswers_draft": {"sheet": tuple[SheetLine, ...]},
    "HandoverAnswers_give": _HANDOVER,
    "HandoverAnswers_take": _HANDOVER,
    "LogForms_forms": {"forms": dict[str, dict[str, Any]], "templates": tuple[Template, ...]},
    "SearchAnswers_search": {
        "found": list[FoundView],
        "next": str | None,
        "cut": bool,
        "through": int,
        "as_of": datetime | None,
        "behind": int,
        "signals_since": datetime | None,
    },
    "SecondPeople_people": {"people": tuple[SecondPerson, ...]},
    "DeskSound_muted": {"position": int, "seconds": int},
    "Waiting_held": {"held": list[HeldView], "count": int},
    "Waiting_faults": {"faults": list[FaultView], "count": int, "unpaired": int},
    "CameraAnswers_cameras": {"cameras": list[CameraView], "next": str | None},
    "CameraAnswers_camera": CameraView,
    "CameraAnswers_availability": {
        "began": datetime | None,
        "groups": dict[str, dict[str, Figures]],
        "areas": dict[str, dict[str, Figures]],
    },
    "CameraAnswers_work_orders": {"open": tuple[WorkOrder, ...], "cleared": tuple[WorkOrder, ...]},
    "CameraAnswers_raised": _WORK_ORDER,
    "CameraAnswers_attended": _WORK_ORDER,
    "CameraAnswers_cleared": _WORK_ORDER,
    "RuleAnswers_standing": RulesStanding,
    "RuleAnswers_reload": {"position": int, "result": ReloadResult, "rules": RulesStanding},
    "SiteAnswers_sites": {"sites": list[SitePicture], "next": str | None},
    "SiteAnswers_site": SitePicture,
    "SiteCards_card": SiteCard,
    "KeyholderAnswers_keyholders": {
        "keyholders": list[Called],
        "next": str | None,
        "call_due": datetime | None,
        "attends_by": datetime | None,
    },
    "KeyholderAnswers_called": _INCIDENT,
    "KeyholderAnswers_numbers": {"site": str, "keyholders": list[RingsAt]},
    "PatrolAnswers_patrols": {"patrols": list[RoundView], "called": int},
    "PatrolAnswers_visited": {"position": int, "patrol": RoundView},
    "PeopleAnswers_watches": {
        "watches": list[Expectation],
        "armed": int,
        "deaf_since": datetime | None,
        "next": str | None,
    },
    "PeopleAnswers_check": _DUTY,
    "PeopleAnswers_book_on": _DUTY,
    "PeopleAnswers_book_off": _DUTY,
    "OnTestAnswers_begin": {"position": int, "test": OnTest},
    "OnTestAnswers_end": {"position": int, "test": OnTest},
    "PeopleAnswers_on_duty": {"people": list[dict[str, Any]], "left_off": int},
    "OnTestAnswers_tests": {"tests": list[OnTest], "over": list[OnTest]},
    "LogEntryAnswers_entries": {"entries": list[LogEntry], "next": str | None, "left_off": int},
    "LogEntryAnswers_entry": LogEntry,
    "LogEntryAnswers_write": _ENTRY,
    "LogEntryAnswers_correct": _ENTRY,
    "LogEntryAnswers_withdraw": _ENTRY,
    "LogEntryAnswers_fulfil": _ENTRY,
    "LogEntryAnswers_end": _ENTRY,
    "ReferralAnswers_partners": {"partners": tuple[PartnerView, ...]},
    "ReferralAnswers_referrals": {"referrals": tuple[ReferralView, ...]},
    "ReferralAnswers_referral": ReferralView,
    "ReferralAnswers_refer": _INCIDENT,
    "ReferralAnswers_resend": {"position": int, "referral": ReferralView},
    "CrewAnswers_crews": {"crews": list[CrewView]},
    "CrewAnswers_crew": CrewView,
    "CrewAnswers_current": InHand,
    "CrewAnswers_report": _SAID,
    "CrewAnswers_word": _SAID,
    "CrewAnswers_recommended": {"incident": str, "version": int, "crews": list[Candidate]},
    "AccountAnswers_me": Me,
    "AccountAnswers_accounts": {"accounts": tuple[AccountView, ...]},
    "AccountAnswers_add": _PASSWORD,
    "AccountAnswers_set_roles": AccountView,
    "AccountAnswers_reset": _PASSWORD,
    "AccountAnswers_disable": AccountView,
    "AccountAnswers_enable": AccountView,
    "AccountAnswers_sessions": {"sessions": tuple[SessionView, ...]},
    "AccountAnswers_revoke": _REVOKED,
    "AccountAnswers_tokens": {"tokens": tuple[TokenView, ...]},
    "AccountAnswers_make_token": {"name": str, "token": str},
    "AccountAnswers_revoke_token": _REVOKED,
    "AuditAnswers_acts": {"acts": tuple[Act, ...], "next": str | None, "seen": int},
    "NavigationAnswers_navigation": {
        "visitor": str | None,
        "pages": list[dict[str, str]],
        "may": list[Permission],
        "commands": list[str],
    },
}

STATUS = {
    "AccountAnswers_add": 201,
    "AccountAnswers_make_token": 201,
    "LogEntryAnswers_write": 201,
}
"""Where something new is made; 200 for all others."""
