"""Reading `then`: what a rule says, with units, from a closed list of keys.

A log outcome may carry a priority, a plan, partners and a merge key; limits, a hold and a dispatch mean
nothing there and are refused rather than ignored. A rule that holds must leave time: the hold ends
before its response limit does.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from controlroom.rules.conditions import read_names
from controlroom.rules.model import Outcome
from controlroom.rules.names import Names
from controlroom.rules.plans import IDENTIFIER
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Node, Scalar, describe, keyed
from controlroom.rules.verdict import Dispatch, MergeKey, Partner, Route

PRIORITIES = (1, 2, 3, 4)
"""1 life, 2 property or evidence now, 3 soon, 4 record only."""

DURATION = re.compile(r"([1-9][0-9]{0,4})(s|min|h)")
"""A positive whole number and its unit, without a space: `30s`, `20min`, `4h`."""

_SECONDS = {"s": 1, "min": 60, "h": 3600}

RESPONSE_ONLY = ("dispatch", "answer_within", "respond_within", "hold")
"""Keys that mean nothing where no crew and no operator is asked."""

Word = TypeVar("Word", bound=StrEnum)


def read_then(node: Node, names: Names, findings: Findings) -> Outcome | None:
    """Return what the rule says; None when route or priority cannot be read."""
    optional = (*RESPONSE_ONLY, "action_plan", "inform", "merge")
    body = keyed(node, "`then`", findings, required=("route", "priority"), optional=optional)
    route = word_of(body, "route", Route, findings)
    priority = _priority(body.get("priority"), findings)
    outcome = Outcome(
        route=route or Route.LOG,
        priority=priority or PRIORITIES[-1],
        dispatch=word_of(body, "dispatch", Dispatch, findings) or Dispatch.AUTOMATIC,
        answer_within_s=seconds(body, "answer_within", findings),
        respond_within_s=seconds(body, "respond_within", findings),
        action_plan=_plan(body.get("action_plan"), names, findings),
        inform=partners(body.get("inform"), findings),
        hold_s=seconds(body, "hold", findings),
        merge=word_of(body, "merge", MergeKey, findings),
    )
    if route is None or priority is None:
        return None
    _agree(node, body, outcome, findings)
    return outcome


def _agree(node: Node, body: dict[str, Node], outcome: Outcome, findings: Findings) -> None:
    """Find what each key alone allows and all together do not."""
    if outcome.route is Route.LOG:
        for key in RESPONSE_ONLY:
            if key in body:
                findings.add(
                    body[key].mark,
                    f"`{key}` means nothing with `route: log`; take it out, or change the route",
                )
    elif "dispatch" not in body:
        findings.add(node.mark, "a mobile response has no 'dispatch'; say automatic or operator")
    hold, respond = outcome.hold_s, outcome.respond_within_s
    if hold is not None and respond is not None and hold >= respond:
        findings.add(
            body["hold"].mark, "the hold lasts as long as the response limit or longer; shorten the hold"
        )


def word_of(body: Mapping[str, Node], key: str, words: type[Word], findings: Findings) -> Word | None:
    """Return the word of a closed list; None when the key is absent or wrong."""
    node = body.get(key)
    if node is None:
        return None
    allowed = [member.value for member in words]
    if isinstance(node, Scalar) and node.text in allowed:
        return words(node.text)
    if isinstance(node, Scalar):
        findings.add(node.mark, not_allowed(key, node.text, allowed))
    else:
        findings.add(node.mark, f"{key} is {describe(node)}; allowed: {', '.join(allowed)}")
    return None


def _priority(node: Node | None, findings: Findings) -> int | None:
    """Return the priority; None when absent or wrong."""
    if node is None:
        return None
    if isinstance(node, Scalar) and not node.quoted and node.text in map(str, PRIORITIES):
        return int(node.text)
    findings.add(node.mark, f"priority {describe(node)} is impossible; allowed: 1, 2, 3, 4")
    return None


def seconds(body: Mapping[str, Node], key: str, findings: Findings) -> int | None:
    """Return a duration in seconds; None when the key is absent or wrong."""
    node = body.get(key)
    if node is None:
        return None
    if isinstance(node, Scalar) and (found := DURATION.fullmatch(node.text)):
        return int(found[1]) * _SECONDS[found[2]]
    findings.add(node.mark, f"{key} {describe(node)} is no duration; allowed: 30s, 20min, 4h and the like")
    return None


def _plan(node: Node | None, names: Names, findings: Findings) -> str | None:
    """Return the name of the action plan."""
    if node is None:
        return None
    found = identifier(node, "action_plan", findings)
    if found is not None and names.action_plans is not None and found not in names.action_plans:
        findings.add(node.mark, not_allowed("action_plan", found, sorted(names.action_plans)))
    return found


def identifier(node: Node, what: str, findings: Findings) -> str | None:
    """Return a name fit for a label; None with a finding."""
    if isinstance(node, Scalar) and IDENTIFIER.fullmatch(node.text):
        return node.text
    findings.add(
        node.mark,
        f"{what} {describe(node)} is no name; allowed: small letters, digits and dashes, "
        "a letter first, 64 at most",
    )
    return None


def partners(node: Node | None, findings: Findings) -> tuple[Partner, ...]:
    """Return the partners to inform, in written order."""
    if node is None:
        return ()
    return tuple(Partner(name) for name in read_names(node, "partner", [p.value for p in Partner], findings))
