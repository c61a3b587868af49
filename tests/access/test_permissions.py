"""The table of permissions, its page in the documentation, and what it never allows."""

import re
from pathlib import Path

import pytest

from controlroom.access.permissions import TABLE, Permission, Person, Role, may

PAGE = Path(__file__).parents[2] / "docs" / "people.md"


def roles_table() -> str:
    """Return the table as the page has to show it."""
    shown = [one for one in Permission if one not in {Permission.OPEN, Permission.OWN_ACCOUNT}]
    lines = [f"| permission | {' | '.join(Role)} |", "|---" * (len(Role) + 1) + "|"]
    for permission in shown:
        marks = ["yes" if role in TABLE[permission] else "-" for role in Role]
        lines.append(f"| {permission.replace('_', ' ')} | {' | '.join(marks)} |")
    return "\n".join(lines)


def person(*roles: Role, name: str = "ana", must_change: bool = False) -> Person:
    """Return somebody with these roles."""
    return Person(name, name, frozenset(roles), must_change=must_change)


def test_the_documentation_shows_the_table_as_it_is() -> None:
    """Whoever changes what a role may changes the page as well."""
    shown = re.search(
        r"<!-- roles -->\n\n(.*)\n\n<!-- end of roles -->", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert shown is not None
    assert shown[1] == roles_table()


def test_every_permission_has_its_row() -> None:
    """No permission is left to chance."""
    assert set(TABLE) == set(Permission)


@pytest.mark.parametrize("permission", sorted(set(Permission) - {Permission.OPEN}))
def test_nobody_may_nothing(permission: Permission) -> None:
    """Who has not signed in, or has no role, opens what is open and the own account at most."""
    assert not may(None, permission)
    assert may(person(), permission) is (permission is Permission.OWN_ACCOUNT)


@pytest.mark.parametrize("permission", sorted(set(Permission) - {Permission.OPEN, Permission.OWN_ACCOUNT}))
def test_an_initial_password_opens_nothing(permission: Permission) -> None:
    """Until it is changed, not even every role together opens a door."""
    assert not may(person(*Role, must_change=True), permission)


def test_a_crew_sees_its_own_work_and_no_room() -> None:
    """A telephone that is lost on the road shows one order, not a city."""
    allowed = {one for one in Permission if may(person(Role.CREW), one)}
    assert allowed == {Permission.OPEN, Permission.OWN_ACCOUNT, Permission.CREW_PAGE}


def test_who_reads_changes_nothing() -> None:
    """A manager and an auditor work on no incident, no rule and no account."""
    writing = {
        Permission.WORK, Permission.NOTE, Permission.TEST, Permission.ATTEND, Permission.REPAIR,
        Permission.CHANGE_RULES, Permission.WRITE_LOG, Permission.MANAGE_PEOPLE,
    }  # fmt: skip
    assert not [one for one in writing if may(person(Role.MANAGER, Role.AUDITOR), one)]
