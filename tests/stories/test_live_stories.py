"""Two short stories against the real service, through a real broker; `make stories` performs them all."""

from functools import cache

import pytest

from controlroom.estate.model import Estate
from controlroom.settings import load as settings_of
from controlroom.stories.load import load_stories
from controlroom.wiring.books import read_books
from tests.integration.demo.stage import PROJECT
from tests.stories.live import CONFIG, perform_live


@cache
def estate() -> Estate:
    """Return the demonstration estate."""
    return read_books(settings_of(CONFIG, {})).handbook.estate


@pytest.mark.parametrize(("name", "speed"), [("crew-that-refuses", 10.0), ("panel-on-test", 60.0)])
async def test_a_story_comes_true_in_the_real_service(name: str, speed: float) -> None:
    """What the journal of a service of its own holds is what the story expects, moment by moment."""
    file = PROJECT / "simulators" / "stories" / f"{name}.yaml"
    (told,) = load_stories({file.name: file.read_text("utf-8")}, estate())
    assert await perform_live(told, estate(), speed) == []
