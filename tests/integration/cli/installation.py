"""A folder as an installation has it, and the command run in it."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

KEY = bytes(range(32))


class Said(msgspec.Struct, frozen=True):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Installation:
    """Settings, a key and a data folder below `home`."""

    def __init__(self, home: Path, store_port: int) -> None:
        self.home = home
        self.archive = home / "var" / "archive"
        (home / "config").mkdir()
        (home / "var").mkdir()
        key = home / "journal.key"
        key.write_bytes(KEY)
        key.chmod(0o600)
        text = f"""
[store]
url = "redis://127.0.0.1:{store_port}/0"
timeout_s = 2
[journal]
key_file = "journal.key"
"""
        (home / "config" / "controlroom.toml").write_text(text, encoding="utf-8")

    async def run(self, *words: str, **variables: str) -> Said:
        """Return what `controlroom` with these words says; `variables` go into its environment."""
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("CONTROLROOM_")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "controlroom", *words),
            cwd=self.home,
            env=inherited | variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), timeout=120)
        return Said(process.returncode or 0, out.decode(), err.decode())
