"""What a command asks of a running room over its API, and the answer in lines for a person."""

import http.client
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import typer

from controlroom.cli.configured import settings_or_exit
from controlroom.cli.exits import ExitCode, say
from controlroom.journal.words.rules import VERSION_SHOWN

ANSWER_WITHIN_S = 60.0
"""How long a command waits: twice what the room itself gives a large rule set."""

EVERY = "all"
"""The word for every group that is not reviewed."""


class Room:
    """A running room, asked with a token."""

    def __init__(self, config: Path, token_file: Path) -> None:
        settings = settings_or_exit(config)
        self._where = (settings.console.host, settings.console.port)
        try:
            self._token = token_file.read_text(encoding="utf-8").strip()
        except OSError as fault:
            _end(
                ExitCode.CONFIG,
                f"{token_file}: cannot be read ({fault.strerror}); make a token: "
                "controlroom tokens add engineer --role engineer > var/engineer.token",
            )

    def ask(self, path: str, body: dict[str, object] | None) -> Any:
        """Return the answer; ends the command where the room refuses, or does not answer."""
        link = http.client.HTTPConnection(*self._where, timeout=ANSWER_WITHIN_S)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            text = json.dumps(body) if body is not None else None
            link.request("GET" if body is None else "POST", f"/api/v1/rules/{path}", text, headers)
            got = link.getresponse()
            told = json.loads(got.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as fault:
            _end(ExitCode.UNREACHABLE, f"no room answers at {self._where[0]}:{self._where[1]} ({fault})")
        finally:
            link.close()
        if got.status >= http.client.BAD_REQUEST:
            for problem in told.get("problems", ()):
                print(problem, file=sys.stderr)
            _end(ExitCode.FINDING, f"refused: {told.get('detail', got.reason)}")
        return told


def said(config: Path, token_file: Path, path: str, body: dict[str, object] | None) -> None:
    """Ask, and print what came of it."""
    told = Room(config, token_file).ask(path, body)
    if "rules" in told:
        print(f"{told['result']} at position {told['position']}: {told['rules']['version'][:VERSION_SHOWN]}")
        return
    for line in _lines(told.get("shadow", told)):
        print(line)


def accepted(config: Path, token_file: Path, group: str, reason: str, position: int | None) -> None:
    """Accept a group, one difference of it, or every group that is not reviewed."""
    room = Room(config, token_file)
    groups = [group]
    if group == EVERY:
        standing = room.ask("shadow", None)
        groups = [one["group"] for one in standing["groups"] if not one["reviewed"]]
    for one in groups:
        body: dict[str, object] = {"group": one, "reason": reason}
        if position is not None:
            body["position"] = position
        room.ask("shadow/accept", body)
    for line in _lines(room.ask("shadow", None)):
        print(line)


def _lines(standing: dict[str, Any]) -> Iterator[str]:
    """Yield how the candidate stands."""
    if standing["rule_set"] is None:
        yield "no candidate runs beside the rules in force"
    else:
        yield (
            f"candidate {standing['rule_set'][:VERSION_SHOWN]} beside {standing['against'][:VERSION_SHOWN]},"
            f" since {standing['since']} by {standing['by']}: {standing['reason']}"
        )
        behind = f", {standing['passed_over']} passed over" if standing["passed_over"] else ""
        yield f"{standing['compared']} decisions compared, {standing['waiting']} wait{behind}"
        for group in standing["groups"]:
            yield _group(group)
        if standing["unreviewed_life"]:
            yield f"{standing['unreviewed_life']} groups about a life wait for a review: no promotion before"
    for one in standing["promotions"]:
        new, old = one["rule_set"][:VERSION_SHOWN], one["previous"][:VERSION_SHOWN]
        yield f"{one['how']} at {one['position']}: {new} for {old} by {one['by']}: {one['reason']}"


def _group(group: dict[str, Any]) -> str:
    life = "LIFE-SAFETY " if group["life"] else ""
    how = f"accepted by {group['accepted_by']}" if group["accepted_by"] else ""
    how = how or ("reviewed" if group["reviewed"] else f"{len(group['open']) or 'all'} to review")
    return f"  {group['group']}  {life}{group['count']} times, {how}: {group['title']}"


def _end(code: ExitCode, line: str) -> NoReturn:
    say(line)
    raise typer.Exit(code)
