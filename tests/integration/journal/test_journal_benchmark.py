"""The benchmark runs; its figures are for people."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_journal_benchmark_measures_every_cell() -> None:
    """A short run of benchmarks/journal.py prints one JSON object last, with all four batch sizes."""
    command = [sys.executable, str(ROOT / "benchmarks" / "journal.py"), "0.05"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own file

    cells = json.loads(done.stdout.splitlines()[-1])["cells"]
    assert [cell["batch"] for cell in cells] == [1, 16, 64, 256]
    assert all(cell["records_per_s"] > 0 for cell in cells)
