"""Writes the dashboards' files."""

from pathlib import Path

from scripts.dashboards.boards import BOARDS
from scripts.dashboards.panels import text_of

FOLDER = Path(__file__).resolve().parents[2] / "config" / "grafana" / "dashboards"

for board in BOARDS:
    (FOLDER / f"{board.name}.json").write_text(text_of(board), encoding="utf-8")
    print(f"{board.name}.json: {len(board.panels)} panels")
