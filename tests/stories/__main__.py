"""`make stories`: perform every story against the real service; the last line is one JSON object.

`python -m tests.stories [NAME ...]` performs some. Exit code 1 when something does not come true.
"""

import asyncio
import json
import sys

from controlroom.settings import load as settings_of
from controlroom.stories.load import load_stories
from controlroom.wiring.books import read_books
from tests.integration.demo.stage import PROJECT
from tests.stories.live import CONFIG, perform_live

FOLDER = PROJECT / "simulators" / "stories"


async def perform_all(names: list[str]) -> dict[str, list[str]]:
    """Return what did not come true, by story."""
    estate = read_books(settings_of(CONFIG, {})).handbook.estate
    files = {str(file.relative_to(PROJECT)): file.read_text("utf-8") for file in FOLDER.glob("*.yaml")}
    found = {}
    for told in load_stories(files, estate):
        if names and told.name not in names:
            continue
        found[told.name] = await perform_live(told, estate)
        word = "failed" if found[told.name] else "passed"
        sys.stdout.write("\n        ".join((f"{word}  {told.name}", *found[told.name])) + "\n")
        sys.stdout.flush()
    return found


def main() -> None:
    """Perform what was asked for."""
    found = asyncio.run(perform_all(sys.argv[1:]))
    failed = sorted(name for name, missing in found.items() if missing)
    sys.stdout.write(
        json.dumps({"stories": len(found), "passed": len(found) - len(failed), "failed": failed}) + "\n"
    )
    sys.exit(1 if failed or not found else 0)


if __name__ == "__main__":
    main()
