"""What is told of rule sets as lines of the audit."""

from collections.abc import Callable
from typing import assert_never

from controlroom.commands.rule_changes import (
    DifferencesAccepted,
    RuleChangeCommand,
    ShadowDiffered,
    ShadowStarted,
    ShadowStopped,
)
from controlroom.events import How, RulesRefused, RulesSwapped

VERSION_SHOWN = 12
"""Digits of a rule set's hash on a line: enough to tell a council's sets apart; JSON has all of them."""

_WORDS = {How.RELOAD: "offers", How.PROMOTION: "promotes", How.ROLLBACK: "goes back to"}


def rules_line(event: RulesSwapped | RulesRefused, clean: Callable[[str], str]) -> str:
    """Return who offered which set."""
    who = clean(event.author)
    match event:
        case RulesSwapped(rule_set=rule_set, previous=previous, reason=reason, how=how):
            said = f": {clean(reason)}" if reason else ""
            return (
                f"{who} {_WORDS[how]} rules {rule_set[:VERSION_SHOWN]} for {previous[:VERSION_SHOWN]}{said}"
            )
        case RulesRefused(problems=problems, found=found):
            first = clean("".join(problems[:1]))
            return f"{who} offers rules with problems, {found} in all: {first}"
        case _:
            assert_never(event)


def candidate_line(command: RuleChangeCommand, clean: Callable[[str], str]) -> str:
    """Return what was told of a candidate."""
    match command:
        case ShadowStarted(author=author, rule_set=rule_set, reason=reason):
            return f"{clean(author)} lets {rule_set[:VERSION_SHOWN]} run beside: {clean(reason)}"
        case ShadowStopped(author=author, reason=reason):
            return f"{clean(author)} ends the candidate: {clean(reason)}"
        case ShadowDiffered(rule_set=rule_set, title=title, life=life, positions=positions):
            mark = " about a life" if life else ""
            where = ", ".join(map(str, positions))
            return f"candidate {rule_set[:VERSION_SHOWN]} differs{mark} at {where}: {clean(title)}"
        case DifferencesAccepted(author=author, group=group, position=position, reason=reason):
            what = f"difference at {position}" if position is not None else f"differences {group}"
            return f"{clean(author)} accepts the {what}: {clean(reason)}"
        case _:
            assert_never(command)
