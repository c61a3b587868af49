"""Each check against bad examples that were planted for it: a check that cannot fail is worse than none."""

import pytest

from tests.tidy import budgets, calls, papers, places, words
from tests.tidy.checks import CHECKS
from tests.tidy.tree import Check, Tree

MODULE = "controlroom/rules/match.py"
TEST = "tests/rules/test_match.py"
RECORD = "docs/adr/0001-post.md"
GOOD_RECORD = """# 0001. Post by hand

## Context
## Options
## Decision
## Consequences
### Negative
- Slow.
"""
PROJECT = '[project]\ndependencies = ["aiohttp>=3"]\noptional-dependencies = {dev = ["pytest>=9"]}\n'


def sample(text: str, path: str = MODULE) -> Tree:
    """A repository of one file."""
    return {path: text}


PLANTED: list[tuple[Check, Tree, str]] = [
    (budgets.files_fit, sample("x = 1\n" * 301), "301 lines"),
    (budgets.files_fit, sample("x = 1\n" * 401, TEST), "401 lines"),
    (budgets.files_fit, sample("x\n" * 301, "controlroom/console/static/queue.js"), "301 lines"),
    (budgets.functions_fit, sample("def long():\n" + "    x = 1\n" * 50), "long has 51 lines"),
    (budgets.functions_fit, sample("class A:\n def long(self):\n" + "  x = 1\n" * 50), "long has 51 lines"),
    (budgets.arguments_fit, sample("def wide(a, b, c, /, d, *e, f, **g): ..."), "wide takes 7"),
    (words.names_say_what_is_meant, sample("x = 1", "controlroom/rules/utils.py"), "'utils'"),
    (words.names_say_what_is_meant, sample("x = 1", "controlroom/common/match.py"), "'common'"),
    (words.names_say_what_is_meant, sample("class RuleManager: ..."), "'manager' in the name RuleManager"),
    (words.names_say_what_is_meant, sample("def misc_checks(): ..."), "'misc'"),
    (words.modules_tell_their_story, sample("x = 1"), "no docstring"),
    (words.tests_state_a_truth, sample("def test_a(): ...", TEST), "test_a states no truth"),
    (words.tests_state_a_truth, sample('async def test_a():\n "tests a"', TEST), "test_a states no truth"),
    (calls.core_does_not_wait, sample("async def decide(): ..."), "async def decide"),
    (calls.core_does_not_wait, sample("async def fold(): ...", "controlroom/events.py"), "async def fold"),
    (calls.tests_do_not_sleep, sample("time.sleep(1)", TEST), "time.sleep"),
    (calls.tests_do_not_sleep, sample("async def f():\n await asyncio.sleep(0.1)", TEST), "asyncio.sleep"),
    (calls.tests_do_not_sleep, sample("while True:\n time.sleep(1)", TEST), "time.sleep"),
    (calls.tests_do_not_mock, sample("from unittest.mock import patch", TEST), "mock"),
    (calls.tests_do_not_mock, sample("from unittest import mock", TEST), "mock"),
    (calls.tests_do_not_skip, sample("pytest.skip('no broker')", TEST), "pytest.skip"),
    (calls.tests_do_not_skip, sample("@pytest.mark.xfail\ndef test_a(): ...", TEST), "pytest.mark.xfail"),
    (calls.tasks_are_named, sample("asyncio.create_task(run(), name='x')"), "asyncio.create_task"),
    (calls.tasks_are_named, sample("tasks.create_task(run())"), "without a name"),
    (calls.only_the_clock_reads_the_clock, sample("x = time.monotonic()"), "time.monotonic"),
    (calls.waivers_give_their_reason, sample("x = 1  # no" + "qa: E501"), "bare noqa"),
    (calls.waivers_give_their_reason, sample("x = 1  # no" + "qa"), "bare noqa"),
    (calls.waivers_give_their_reason, sample("x = 1  # type: " + "ignore[misc]"), "bare type: ignore"),
    (calls.waivers_give_their_reason, sample("x = 1  # prag" + "ma: no cover"), "bare pragma"),
    (papers.documents_have_one_title, sample("# One\n\n# Two\n", "docs/a.md"), "2 titles"),
    (papers.documents_have_one_title, sample("text\n\n# Late\n", "docs/a.md"), "1 titles"),
    (papers.documents_have_one_title, sample("```\n# not a title\n```\n", "docs/a.md"), "0 titles"),
    (papers.links_resolve, sample("[there](b.md)", "docs/a.md"), "leads nowhere"),
    (papers.links_resolve, sample("# A\n[there](#the-end)", "docs/a.md"), "no heading #the-end"),
    (papers.records_have_their_form, {RECORD: GOOD_RECORD, "docs/adr/0003-x.md": ""}, "0003 follows 0001"),
    (
        papers.records_have_their_form,
        sample(GOOD_RECORD.replace("0001", "0002"), RECORD),
        "the title must be",
    ),
    (
        papers.records_have_their_form,
        sample(GOOD_RECORD.replace("## Options\n", ""), RECORD),
        "in this order",
    ),
    (papers.records_have_their_form, sample(GOOD_RECORD.replace("- Slow.", ""), RECORD), "no price named"),
    (
        papers.changelog_has_its_form,
        sample("# Changelog\n\n## [0.1.0] - 2026-01-31\n", "CHANGELOG.md"),
        "first",
    ),
    (
        papers.changelog_has_its_form,
        sample("## [Unreleased]\n## 0.1\n", "CHANGELOG.md"),
        "'## 0.1' is banned",
    ),
    (papers.changelog_has_its_form, sample("## [Unreleased]\n### News\n", "CHANGELOG.md"), "'### News'"),
    (
        papers.readme_commands_exist,
        {"README.md": "make demo\n", "Makefile": "demo:\n"},
        "'make test' is not shown",
    ),
    (
        papers.readme_commands_exist,
        {"docs/a.md": "`make tea`", "Makefile": "demo:\n"},
        "'make tea' is no target",
    ),
    (places.no_place_is_written_down, sample("x = '/ro" + "ot/x'"), "a path of one machine"),
    (places.no_place_is_written_down, sample("x = '/t" + "mp/x'"), "a path of one machine"),
    (places.no_place_is_written_down, sample("# from pyp" + "i.org"), "a registry's address"),
    (places.no_place_is_written_down, sample("pip install --index" + "-url x"), "an index option"),
    (places.no_place_is_written_down, sample("get https://example.net/a.t" + "gz"), "a download's address"),
    (places.every_file_is_used, {"docs/a.md": "# A", "README.md": "# R"}, "docs/a.md: nothing refers"),
    (places.every_file_is_used, {"config/old.toml": "", MODULE: "x = 'config'"}, "config/old.toml: nothing"),
    (places.every_module_is_used, {MODULE: "", "controlroom/a.py": "import os"}, f"{MODULE}: no other"),
    (places.locks_agree, {"pyproject.toml": PROJECT}, "aiohttp is not locked"),
    (
        places.locks_agree,
        {
            "pyproject.toml": PROJECT,
            "requirements/run.txt": "aiohttp==3.1",
            "requirements/dev.txt": "aiohttp==3.2\npytest==9.0",
        },
        "aiohttp 3.2, run.txt has 3.1",
    ),
]

ALLOWED: list[tuple[Check, Tree]] = [
    (budgets.files_fit, sample("x = 1\n" * 400, TEST)),
    (budgets.files_fit, sample("# Made by `controlroom contract`\n" + "x: 1\n" * 400, "docs/x.yaml")),
    (budgets.functions_fit, sample('def long():\n    """A.\n\n    B.\n    """\n' + "    x = 1\n" * 49)),
    (budgets.arguments_fit, sample("class A:\n def f(self, a, b, c, *, d, e, f): ...")),
    (budgets.arguments_fit, sample("@app.command()\ndef city(a, b, c, d, e, f, g): ...")),
    (words.names_say_what_is_meant, sample("def decode_base64(): ...")),
    (words.tests_state_a_truth, sample('def test_a():\n """An alarm is kept.\n\n More."""', TEST)),
    (
        calls.tests_do_not_sleep,
        sample("async def until(true):\n while not true():\n  await asyncio.sleep(0.01)", TEST),
    ),
    (calls.tests_do_not_sleep, sample("async def f():\n await asyncio.sleep(0)", TEST)),
    (calls.tests_do_not_sleep, sample("from tests.virtual_time import run\nasyncio.sleep(9)", TEST)),
    (calls.tests_do_not_mock, sample("import unittest.mock", "tests/integration/test_a.py")),
    (calls.tasks_are_named, sample("tasks.create_task(run(), name='room')")),
    (calls.waivers_give_their_reason, sample("x = 1  # no" + "qa: S603, S607 - fixed words only")),
    (calls.waivers_give_their_reason, sample("x = 1  # type: " + "ignore[misc]  # gmqtt has no types")),
    (
        papers.links_resolve,
        {"docs/a.md": "# A b\n[x](#a-b) [y](../config) [z](b.md#b)", "docs/b.md": "# B", "config/c": ""},
    ),
    (papers.records_have_their_form, sample(GOOD_RECORD, RECORD)),
    (places.every_file_is_used, {"config/rules/a.yaml": "", MODULE: "x = 'config/rules'"}),
    (places.every_file_is_used, {"tests/config/a.toml": "", TEST: 'HERE.parent / "config"'}),
    (places.every_module_is_used, {MODULE: "", TEST: "from controlroom.rules import match"}),
    (places.every_module_is_used, {"scripts/a.py": "", "Makefile": "python scripts/a.py"}),
    (places.every_module_is_used, {"tests/a/starter.py": "", TEST: 'HERE.with_name("starter.py")'}),
]


@pytest.mark.parametrize(("check", "tree", "finding"), PLANTED)
def test_a_planted_fault_is_found(check: Check, tree: Tree, finding: str) -> None:
    """Each check finds the fault that was planted for it, and names it."""
    findings = check(tree)

    assert any(finding in line for line in findings), findings


@pytest.mark.parametrize(("check", "tree"), ALLOWED)
def test_what_is_allowed_is_left_alone(check: Check, tree: Tree) -> None:
    """What comes close to a fault and is none is not reported."""
    assert check(tree) == []


def test_every_check_has_a_planted_fault() -> None:
    """No check goes without an example that makes it speak."""
    assert set(CHECKS) == {check for check, _, _ in PLANTED}
