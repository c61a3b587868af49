"""One instance of a live room in a process of its own, on free ports."""

from pathlib import Path

from tests.integration.demo.stage import PROJECT, STARTS_WITHIN_S, Program, fetch, samples
from tests.integration.waiting import until
from tests.ports import free_port

CONFIG = PROJECT / "config" / "controlroom.toml"
KEY = bytes(range(32))
CHECKS = 'leedswatch_plan_events_total{measure="lone_worker_checks",priority="B"}'


class Instance:
    """One instance of a room, its ports, and what it is told in its environment."""

    def __init__(self, home: Path, store_port: int, broker_port: int, **settings: str) -> None:
        self.console, self.metrics = free_port(), free_port()
        key = home / "journal.key"
        if not key.exists():
            key.write_bytes(KEY)
            key.chmod(0o600)
        self._home = home
        self._settings = {
            "SERVICE__DATA_DIR": str(home / "var"),
            "JOURNAL__KEY_FILE": str(key),
            "STORE__URL": f"redis://127.0.0.1:{store_port}/0",
            "BROKER__PORT": str(broker_port),
            "CONSOLE__PORT": str(self.console),
            "METRICS__PORT": str(self.metrics),
            "ROOM__ALLOW_SIMULATED": "true",
            **settings,
        }
        self.program: Program | None = None

    def start(self, **more: str) -> Program:
        """Start the instance."""
        self.program = Program(self._home, ("serve", "--config", str(CONFIG)), self._settings | more)
        return self.program

    async def answering(self, status: int = 200, **more: str) -> Program:
        """Start the instance and return once `/readyz` answers with this status."""
        program = self.start(**more)
        await until(
            lambda: self.readiness()[0] == status or program.process.poll() is not None,
            f"/readyz {status}: {program.err}",
            STARTS_WITHIN_S,
        )
        assert program.process.poll() is None, program.err
        return program

    def clear(self) -> None:
        """End the instance."""
        if self.program is not None:
            self.program.clear()

    def readiness(self) -> tuple[int, dict[str, str]]:
        """Return the status of `/readyz` and the detail of each check."""
        status, body = fetch(f"http://127.0.0.1:{self.console}/readyz")
        return status, {one["name"]: one["detail"] for one in body["checks"]} if body else {}

    @property
    def checks(self) -> float:
        """How many check-ins the plan's measure has counted."""
        return samples(self.metrics).get(CHECKS, -1)

    @property
    def quarantined(self) -> float:
        """How many messages are kept in quarantine, durable."""
        found = samples(self.metrics).items()
        return sum(value for name, value in found if name.startswith("controlroom_signals_quarantined_total"))

    @property
    def position(self) -> float:
        """The last decided position."""
        return samples(self.metrics).get("controlroom_journal_position", -1)
