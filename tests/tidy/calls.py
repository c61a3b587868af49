"""What code may not do, each with what it does instead."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.tree import Tree, dotted, functions, nodes, python

CORE = tuple(
    f"controlroom/{room}" for room in ("incidents", "rules", "signals", "estate", "events", "orders")
)
SLEEPS = {"time.sleep", "asyncio.sleep"}
CLOCKS = {f"time.{name}{unit}" for name in ("monotonic", "perf_counter", "time") for unit in ("", "_ns")}
SKIPS = {
    f"pytest.{name}" for name in ("skip", "importorskip", "xfail", "mark.skip", "mark.skipif", "mark.xfail")
}
WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)\b(?P<rest>.*)", re.IGNORECASE)
# What a tool reads of its waiver: codes in brackets or after a colon. A reason is what is left.
CODES = re.compile(r"\[[\w\s,-]*\]|:?\s*\b[A-Z]{1,5}\d{2,4}\b,?|:\s*no (cover|branch)\b")
REASON = re.compile(r"[a-z]+\W+[a-z]+", re.IGNORECASE)


def core_does_not_wait(tree: Tree) -> list[str]:
    """No function of the decision core is `async`."""
    return [
        f"{path}:{function.lineno}: async def {function.name} is banned in the core,"
        " use a plain function and let the room await"
        for path, module in python(tree, *CORE)
        for function in functions(module)
        if isinstance(function, ast.AsyncFunctionDef)
    ]


def tests_do_not_sleep(tree: Tree) -> list[str]:
    """No test waits by the clock: a sleep is `sleep(0)`, or in a loop on a condition, or on virtual time."""
    findings = []
    for path, module in python(tree, "tests/"):
        if any(
            "virtual_time" in _imported(n)
            for n in nodes(module)
            if isinstance(n, ast.Import | ast.ImportFrom)
        ):
            continue
        allowed = {
            id(node)
            for loop in nodes(module)
            if isinstance(loop, ast.While) and not isinstance(loop.test, ast.Constant)
            for node in ast.walk(loop)
        }
        findings += [
            f"{path}:{call.lineno}: {name} is banned as a wait, use a loop on a condition or virtual time"
            for call, name in _calls(module)
            if name in SLEEPS and id(call) not in allowed and not _is_zero(call)
        ]
    return findings


def tests_do_not_mock(tree: Tree) -> list[str]:
    """Below tests/integration nothing is patched: a port's twin ships with the port."""
    return [
        f"{path}:{node.lineno}: unittest.mock is banned in unit tests, use the twin that ships with the port"
        for path, module in python(tree, "tests/")
        if not path.startswith("tests/integration/")
        for node in nodes(module)
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in _imported(node)
    ]


def tests_do_not_skip(tree: Tree) -> list[str]:
    """A test that cannot run fails and says which line installs what it needs."""
    return [
        f"{path}:{node.lineno}: {dotted(node)} is banned, fail with the line that installs it"
        for path, module in python(tree, "tests/")
        for node in nodes(module)
        if isinstance(node, ast.Attribute) and dotted(node) in SKIPS
    ]


def tasks_are_named(tree: Tree) -> list[str]:
    """Every task belongs to a group and has a name, so that none is lost and each can be found in a dump."""
    findings = []
    for path, module in python(tree, "controlroom/", "simulators/"):
        for call, name in _calls(module):
            if name == "asyncio.create_task":
                findings.append(f"{path}:{call.lineno}: asyncio.create_task is banned, use a TaskGroup's")
            elif name.endswith("create_task") and "name" not in {word.arg for word in call.keywords}:
                findings.append(f"{path}:{call.lineno}: a task without a name is banned, use name=...")
    return findings


def only_the_clock_reads_the_clock(tree: Tree) -> list[str]:
    """Inside controlroom no module but `clock` asks what time it is."""
    return [
        f"{path}:{node.lineno}: {dotted(node)} is banned outside controlroom/clock.py, use the Clock"
        for path, module in python(tree, "controlroom/")
        if path != "controlroom/clock.py"
        for node in nodes(module)
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCKS
    ]


def waivers_give_their_reason(tree: Tree) -> list[str]:
    """Whoever silences a tool says why, on the same line."""
    return [
        f"{path}:{number}: a bare {waiver[1]} is banned, use '{waiver[1]}: CODE - the reason'"
        for path, text in tree.items()
        if path.endswith(".py")
        for number, line in enumerate(text.splitlines(), 1)
        if (waiver := WAIVER.search(line)) and not REASON.search(CODES.sub("", waiver["rest"]))
    ]


def _calls(module: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(module):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def _is_zero(call: ast.Call) -> bool:
    return [ast.unparse(argument) for argument in call.args] == ["0"]


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names.append(node.module or "")
    return {part for name in names for part in name.split(".")}
