"""The rule set that the project ships: complete, covered by cases, and never silent about a life."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from controlroom.rules.cases import failures, load_cases, uncovered
from controlroom.rules.compile import Compiled
from controlroom.rules.fields import Choice, fields_of
from controlroom.rules.model import RuleSet
from controlroom.rules.safety import SAFETY_FILE
from controlroom.rules.schema import schema
from controlroom.rules.verdict import NO_RULE, Judge, Route
from controlroom.rules.witness import circumstances, required
from controlroom.signals.vocabulary import (
    LIFE_SAFETY_ALARMS,
    LIFE_SAFETY_PARK,
    LIFE_SAFETY_TELECARE,
    LIFE_SAFETY_WORKER,
    Kind,
)

CONFIG = Path(__file__).parents[2] / "config"
CASES = {path.name: path.read_text("utf-8") for path in (CONFIG / "rules" / "cases").glob("*.yaml")}


def test_every_case_passes(shipped: RuleSet, judge: Judge) -> None:
    """The shipped tables say what the shipped cases expect of them."""
    wrong = failures(load_cases(CASES, shipped), judge)
    assert [(str(case.mark), case.name, verdict.rule) for case, verdict in wrong] == []


def test_every_rule_has_a_case(shipped: RuleSet) -> None:
    """No shipped rule is without a case."""
    assert uncovered(load_cases(CASES, shipped), shipped) == []


def test_every_kind_has_a_table(shipped: RuleSet) -> None:
    """Every kind of signal has a table."""
    assert set(shipped.tables) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_word_of_every_kind_is_taken_by_a_rule(kind: Kind, judge: Judge) -> None:
    """Whatever word a signal or the room says, one at a time and with nothing else, some rule takes it."""
    domains = {name: fields_of(kind)[name].domain for name in required(kind)}
    for first, domain in domains.items():
        for value in domain.values if isinstance(domain, Choice) else ():
            for field in fields_of(kind).values():
                if not isinstance(field.domain, Choice):
                    continue
                for other in (*field.domain.values, *((None,) if field.domain.unknown else ())):
                    facts = {first: value, field.name: other}
                    assert judge.judge(circumstances(kind, facts)).rule != NO_RULE, facts


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("on_test", [True, False])
@pytest.mark.parametrize("repeats", [0, 3, 50])
@pytest.mark.parametrize("open_incident", [True, False])
def test_a_threat_to_life_is_answered_at_once(
    *, known: bool, on_test: bool, repeats: int, open_incident: bool, judge: Judge
) -> None:
    """What threatens a life is never logged or held: answered in 30 s, a resident's call in 60 s."""
    events = [(Kind.ARC_ALARM, event.value) for event in sorted(LIFE_SAFETY_ALARMS)]
    events += [(Kind.LONE_WORKER, event.value) for event in sorted(LIFE_SAFETY_WORKER)]
    events += [(Kind.PARK, event.value) for event in sorted(LIFE_SAFETY_PARK)]
    events += [(Kind.TELECARE, event.value) for event in sorted(LIFE_SAFETY_TELECARE)]
    for kind, event in events:
        facts: dict[str, str | int] = {
            "event": event,
            "known": known,
            "on_test": on_test,
            "repeats": repeats,
            "open_incident": open_incident,
        }
        verdict = judge.judge(circumstances(kind, facts))
        assert verdict.route is Route.MOBILE_RESPONSE, facts
        within_s = 60 if kind is Kind.TELECARE else 30
        assert (verdict.priority, verdict.hold_s) == (1, None), facts
        assert (verdict.answer_within_s or 99) <= within_s, facts
        assert verdict.respond_within_s is not None, facts


def test_every_mobile_response_has_its_times(shipped: RuleSet) -> None:
    """Every rule that sends somebody says within what time it is answered and somebody arrives."""
    for table in shipped.tables.values():
        for rule in table.rules:
            if rule.then.route is Route.MOBILE_RESPONSE:
                assert rule.then.answer_within_s is not None, rule.id
                assert rule.then.respond_within_s is not None, rule.id


def test_the_schema_for_editors_is_the_one_that_the_loader_means() -> None:
    """`config/rules/schema.json` is what `schema()` says, and the shipped tables satisfy it."""
    written = json.loads((CONFIG / "rules" / "schema.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(schema()))
    for path in set((CONFIG / "rules").glob("*.yaml")) - {CONFIG / "rules" / SAFETY_FILE}:
        jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), written)


def test_the_version_is_on_every_verdict(shipped: RuleSet, judge: Compiled) -> None:
    """A verdict names the whole set that it comes from."""
    verdict = judge.judge(circumstances(Kind.GUARD, {"event": "check_call"}))
    assert verdict.rule_set == shipped.version == judge.version
