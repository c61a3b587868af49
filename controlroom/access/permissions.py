"""Who may do what: one table, pure data, and the only function that reads it.

Every route of the console names the permission that it asks for when it is registered; a route that names
none is refused at the start. What a role means is decided here and nowhere else. A person may have several
roles and may then do what any of them may.

Some things are restricted to named people besides, and no role opens them: entries of the log book
(`incidents.log_book.entry.may_see`) and incidents (`console.seen`).
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec


class Role(StrEnum):
    """What somebody is in the house."""

    OPERATOR = "operator"
    PARKSWATCH = "parkswatch"
    SUPERVISOR = "supervisor"
    ENGINEER = "engineer"
    MANAGER = "manager"
    CREW = "crew"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What can be asked for at a door."""

    OPEN = "open"
    """Anybody, also who has not signed in: health, the sign-in page, the files that pages are made of."""
    OWN_ACCOUNT = "own_account"
    """Everybody who has signed in: the own password, the own sessions, signing out."""
    SEE = "see"
    """The room as it is: incidents, signals, sites, cameras, people on duty, the live stream."""
    WORK = "work"
    """Own, send, park, escalate, resolve, close, merge, refer: everything about an incident."""
    RING = "ring"
    """Telephone numbers of keyholders: personal data, for whoever rings them."""
    NOTE = "note"
    """Write something down about an incident."""
    TEST = "test"
    """Put a site on test and take it off."""
    ATTEND = "attend"
    """Check on people who work alone, book them on and off."""
    REPAIR = "repair"
    """Raise work orders and say what came of them."""
    CHANGE_RULES = "change_rules"
    """Have the rule tables read again; replay and compare them."""
    PAST = "past"
    """The console as it was at a past moment: for whoever works from it, or answers for how it was done."""
    QUARANTINE = "quarantine"
    """Messages that could not be read, with their raw bytes."""
    READ_LOG = "read_log"
    """Log entries, except those restricted to others."""
    WRITE_LOG = "write_log"
    """Write a log entry, and correct one."""
    RESTRICT = "restrict"
    """Say who alone may see an incident."""
    READ_PLAN = "read_plan"
    """The Plan on a Page, its figures and reports, and statements for customers."""
    WRITE_PLAN = "write_plan"
    """Targets, narrative and sign-off of the plan."""
    CREW_PAGE = "crew_page"
    """The own unit's order, and reports about it."""
    MANAGE_PEOPLE = "manage_people"
    """Accounts, everybody's sessions, tokens for machines."""
    AUDIT = "audit"
    """Who did what: the journal's records of people, and the proof of the chain."""


_ALL = frozenset(Role)
_DESK = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_ROOM = _ALL - {Role.CREW}

TABLE: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.OPEN: _ALL,
        Permission.OWN_ACCOUNT: _ALL,
        Permission.SEE: _ROOM,
        Permission.WORK: _DESK,
        Permission.RING: _DESK,
        Permission.NOTE: _DESK | {Role.PARKSWATCH},
        Permission.TEST: _DESK | {Role.ENGINEER},
        Permission.ATTEND: _DESK,
        Permission.REPAIR: _DESK | {Role.ENGINEER},
        Permission.CHANGE_RULES: frozenset({Role.ENGINEER, Role.SUPERVISOR}),
        Permission.PAST: _DESK | {Role.MANAGER, Role.AUDITOR},
        Permission.QUARANTINE: _DESK | {Role.ENGINEER, Role.AUDITOR},
        Permission.READ_LOG: _ROOM,
        Permission.WRITE_LOG: _DESK | {Role.PARKSWATCH},
        Permission.RESTRICT: frozenset({Role.SUPERVISOR}),
        Permission.READ_PLAN: frozenset({Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR}),
        Permission.WRITE_PLAN: frozenset({Role.MANAGER}),
        Permission.CREW_PAGE: frozenset({Role.CREW}),
        Permission.MANAGE_PEOPLE: frozenset({Role.SUPERVISOR}),
        Permission.AUDIT: frozenset({Role.AUDITOR, Role.SUPERVISOR}),
    }
)
"""Which roles have which permission."""

TEAM = Permission.WRITE_PLAN
"""Who is shown small numbers of sensitive measures, and the events behind them: whoever answers for the plan.

Everybody else who reads the plan is a reader outside the team, by page, API and paper alike.
"""


class Person(msgspec.Struct, frozen=True):
    """Somebody who has signed in, as every handler knows them; a machine with a token is one as well.

    `name` is the author of what they do, `unit` the crew's unit that they speak for, None for all others.
    """

    name: str
    shown: str
    roles: frozenset[Role]
    unit: str | None = None
    must_change: bool = False
    """True until an initial password is changed; nothing but the own account is open until then."""


def may(person: Person | None, permission: Permission) -> bool:
    """Return whether this person may do this; None is somebody who has not signed in."""
    if permission is Permission.OPEN:
        return True
    if person is None:
        return False
    if permission is Permission.OWN_ACCOUNT:
        return True
    return not person.must_change and opened_by(person.roles, permission)


def opened_by(roles: Collection[Role], permission: Permission) -> bool:
    """Return whether one of these roles has this permission."""
    return not TABLE[permission].isdisjoint(roles)
