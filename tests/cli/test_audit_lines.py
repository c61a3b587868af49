"""Attempts to change the rules, as the journal's reader sees them."""

import json

from controlroom.cli.audit_lines import json_line, plain_line
from controlroom.events import Event, RulesRefused, RulesSwapped
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from tests.build import NOON


def line(event: Event, reason: Reason) -> str:
    """Return the line of this event."""
    return plain_line(Record(7, NOON, event, Decision(reasons=(reason,))))


def test_a_swap_names_its_author_and_both_sets() -> None:
    """The line has the first digits of both versions and what was decided; the JSON has all of them."""
    swap = RulesSwapped("desk one", "a" * 64, "b" * 64)
    said = line(swap, Reason.RULES_SWAPPED)
    assert said.endswith(f"desk one offers rules {'a' * 12} for {'b' * 12}  ->  nothing (rules_swapped)")
    whole = json.loads(json_line(Record(7, NOON, swap, Decision())))
    assert (whole["event"]["rule_set"], whole["event"]["previous"]) == ("a" * 64, "b" * 64)


def test_a_refusal_shows_its_first_problem_and_their_number() -> None:
    """The line counts all problems and shows the first, made printable."""
    refused = RulesRefused("desk\x1bone", ("guard.yaml:1:2: no\x1b[2J", "second"), 5_000)
    said = line(refused, Reason.RULES_REFUSED)
    assert (
        "desk\N{REPLACEMENT CHARACTER}one offers rules with problems, 5000 in all: guard.yaml:1:2: no" in said
    )
    assert "\x1b" not in said
