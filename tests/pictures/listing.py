"""The list of the pictures in docs/console.md, made from the files that are there."""

from pathlib import Path

from tests.integration.console.looks import THEMES
from tests.integration.console.states import CONSOLE, CREW, MANAGERS, PAGES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "console"
DOCUMENT = ROOT / "docs" / "console.md"
BEGINS, ENDS = "<!-- pictures -->\n", "<!-- /pictures -->\n"
"""What the list stands between."""


def pictured() -> list[str]:
    """Return the states of which there shall be pictures, in the order of the tables."""
    return [state.name for table in (CONSOLE, PAGES, MANAGERS, CREW) for state in table if state.picture]


def listed(folder: Path = FOLDER) -> str:
    """Return the list as it is to be: a line a page, of those that have a picture in every theme."""
    lines = ["| page | " + " | ".join(THEMES) + " |", "|---" * (len(THEMES) + 1) + "|"]
    for name in pictured():
        if all((folder / f"{name}-{theme}.png").exists() for theme in THEMES):
            links = [f"[{theme}](console/{name}-{theme}.png)" for theme in THEMES]
            lines.append(f"| {name.replace('-', ' ')} | {' | '.join(links)} |")
    return "\n".join(lines) + "\n"


def put_down() -> None:
    """Write the list into the document."""
    before, rest = DOCUMENT.read_text("utf-8").split(BEGINS)
    DOCUMENT.write_text(before + BEGINS + listed() + ENDS + rest.split(ENDS)[1], encoding="utf-8")
