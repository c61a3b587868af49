"""The commands that the console's page knows, held against the routes of the room: neither has one too many.

What may be sent by whom stands in the table of permissions alone; the page is told it and asks by the
address (`/api/v1/navigation`). So each address that the page asks about has to be one that the room declares.
"""

import re
from pathlib import Path

from controlroom.console.pages.navigation import API
from tests.console.small_room import SmallRoom

PAGE = Path("controlroom/console/static/js")
FOR_ALL = {"desk/muted"}
"""What everybody may send who may look."""


def bare(address: str) -> str:
    """Return an address without the names of its places."""
    return re.sub(r"\$?\{[^}]*\}+", "{}", address)


def declared() -> set[str]:
    """Return the addresses below the API to which something may be sent."""
    doors = SmallRoom().console().declarations.values()
    sent = {bare(door.path) for door in doors if door.method == "POST"}
    return {one.removeprefix(API) for one in sent if one.startswith(API)}


def scripts() -> str:
    """Return all of the console's own scripts; the crew's page is another one."""
    found = sorted(path for path in PAGE.rglob("*.js") if path.parent.name != "crew")
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def asked(text: str) -> set[str]:
    """Return what the page asks whether it may: by address, and by an incident's verb."""
    [verbs] = re.findall(r"const VERBS = \[(.*?)\]", text)
    named = {*re.findall(r'"(\w+)"', verbs), *re.findall(r'permitted\("([\w-]+)"\)', text)}
    return {bare(one) for one in re.findall(r'\bmay\("([^"]+)"\)', text)} | {
        f"incidents/{{}}/{one}" for one in named
    }


def test_the_page_asks_only_about_commands_that_there_are() -> None:
    """An address that was renamed in the room is a button that nobody would see any more."""
    known = asked(scripts())
    assert len(known) > 20
    assert known <= declared()


def test_whatever_the_page_sends_it_asks_about_first() -> None:
    """No button is shown to whom the room would refuse."""
    text = scripts()
    sent = {bare(one) for one in re.findall(r'post\([`"]/api/v1/([^`"]+)[`"]', text)} - FOR_ALL
    people = {one for one in sent if one.startswith("people/")}  # three verbs of one permission, asked as one
    assert people
    verbs = {f"incidents/{{}}/{one}" for one in re.findall(r'ask\(latest, "([\w-]+)"', text)}
    restricted = {"unattended/attend"}  # shown to whoever is told that something waits
    by_verb = {"incidents/{}/{}", "log-entries/{}/{}"}  # each verb of theirs is asked about by its name
    assert (sent | verbs) - people - restricted - by_verb <= asked(text)
