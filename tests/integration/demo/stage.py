"""A demonstration as somebody starts it at a terminal: one process, its children, its pages, its words."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.integration.waiting import until
from tests.ports import free_port

PROJECT = Path(__file__).parents[3]
STARTS_WITHIN_S = 90.0
ENDS_WITHIN_S = 30.0


class Program:
    """One `controlroom` command in a process group of its own; `out` and `err` are what it said so far."""

    def __init__(self, home: Path, words: tuple[str, ...], settings: dict[str, str]) -> None:
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("CONTROLROOM_")}
        self._out, self._err = (home / f"said-{free_port()}.{kind}" for kind in ("out", "err"))
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(  # noqa: S603 - this project's own command
                (sys.executable, "-m", "controlroom", *words),
                cwd=PROJECT,
                env={**inherited, **{f"CONTROLROOM_{name}": text for name, text in settings.items()}},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def out(self) -> str:
        """Standard output."""
        return self._out.read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """Standard error."""
        return self._err.read_text(encoding="utf-8")

    @property
    def told(self) -> list[str]:
        """The lines of standard error."""
        return self.err.splitlines()

    def press_ctrl_c(self) -> None:
        """Send SIGINT to the whole foreground group, as a terminal does."""
        os.killpg(self.process.pid, signal.SIGINT)

    async def ended(self) -> int:
        """Return the exit code once the program has ended."""
        await until(lambda: self.process.poll() is not None, f"the end: {self.err}", ENDS_WITHIN_S)
        code = self.process.poll()
        assert code is not None
        return code

    def clear(self) -> None:
        """End the program and everything that it started, whatever the test has found."""
        family = [self.process.pid, *descendants(self.process.pid)]
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in family:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


class Place:
    """A data folder and three free ports: what one demonstration needs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.var = home / "var"
        self.ports = {name: free_port() for name in ("console", "metrics", "broker")}
        self.programs: list[Program] = []

    def demonstrate(self, config: Path, **settings: str) -> Program:
        """Start a demonstration with these settings and no others."""
        self.programs.append(Program(self.home, ("demo", "--config", str(config)), settings))
        return self.programs[-1]

    def start(self, **more: str) -> Program:
        """Start a demonstration here."""
        settings = {"SERVICE__DATA_DIR": str(self.var)}
        settings |= {f"{name.upper()}__PORT": str(port) for name, port in self.ports.items()}
        return self.demonstrate(PROJECT / "config" / "demo.toml", **(settings | more))

    async def watchable(self) -> Program:
        """Start a demonstration and return once it says where to look."""
        program = self.start()
        await until(
            lambda: "Ctrl-C ends it" in program.out or program.process.poll() is not None,
            f"the addresses: {program.err}",
            STARTS_WITHIN_S,
        )
        assert program.process.poll() is None, program.err
        return program

    def ask(self, path: str) -> tuple[int, Any]:
        """Return status and body of a page of the console: JSON where it is JSON."""
        token = (self.var / "demo-token").read_text(encoding="utf-8").strip()
        headers = {"Authorization": f"Bearer {token}"}
        return fetch(f"http://127.0.0.1:{self.ports['console']}{path}", headers)

    def figures(self) -> dict[str, float]:
        """Return every sample of the metrics page by its name with its labels."""
        return samples(self.ports["metrics"])

    def servers(self) -> list[int]:
        """Return the process ids of the broker and the store, as their records have them."""
        return [json.loads(file.read_text())["pid"] for file in sorted(self.var.glob("*/*.pid"))]

    def clear(self) -> None:
        """End whatever was started here."""
        left = self.servers()
        for program in self.programs:
            program.clear()
        for pid in left:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def fetch(url: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Return status and body of a page; 0 where nobody answers."""
    try:
        asked = urllib.request.Request(url, headers=headers or {})  # noqa: S310 - only pages on loopback
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - the same
            status, text, kind = answer.status, answer.read().decode(), answer.headers.get_content_type()
    except urllib.error.HTTPError as refusal:
        with refusal:
            status, text, kind = refusal.code, refusal.read().decode(), refusal.headers.get_content_type()
    except OSError:
        return 0, None
    return status, json.loads(text) if kind.endswith("json") else text


def samples(port: int) -> dict[str, float]:
    """Return every sample of a metrics page by its name with its labels; none where nobody answers."""
    status, page = fetch(f"http://127.0.0.1:{port}/metrics")
    if status != 200:
        return {}
    lines = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def descendants(pid: int) -> Iterator[int]:
    """Yield every process that this one has started, and those that they have started."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    pending = [pid]
    while pending:
        children = parents.get(pending.pop(), [])
        yield from children
        pending += children


def alive(pid: int) -> bool:
    """Return whether any thread of a process runs; one that has ended and was not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        threads = len([*Path(f"/proc/{pid}/task").iterdir()])
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"} or threads > 1


async def part(program: Program, words: str) -> int:
    """Return the process id of the part of a demonstration whose command line holds these words."""
    found: list[int] = []

    def stands() -> bool:
        found[:] = [pid for pid in descendants(program.process.pid) if words in _typed(pid)]
        return len(found) == 1

    await until(stands, f"one part with {words!r}")  # the addresses are told before the last part stands
    return found[0]


def _typed(pid: int) -> str:
    """Return the command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
