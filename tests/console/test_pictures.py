"""The pictures of the console: each of a state of the tables, each listed, none left over."""

from tests.integration.console.looks import THEMES
from tests.pictures.listing import BEGINS, DOCUMENT, ENDS, FOLDER, listed, pictured

APART = {"crew.png", "engineering.png"}
"""Taken by other means, for pages of their own."""


def test_every_picture_is_of_a_line_of_the_tables() -> None:
    """What no line makes any more would show a console that is not there; `make pictures` takes it away."""
    made = {f"{name}-{theme}.png" for name in pictured() for theme in THEMES}
    assert {picture.name for picture in FOLDER.glob("*.png")} - made - APART == set()


def test_the_document_lists_the_pictures_that_are_there() -> None:
    """A reader finds each page in each theme; `make pictures` writes the list."""
    assert DOCUMENT.read_text("utf-8").split(BEGINS)[1].split(ENDS)[0] == listed()
