"""A theme sets colours and nothing else: whoever has looked at the shape of a page in one has in all."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "controlroom" / "console" / "static" / "css"
THEMED = re.compile(r"^[^{}@]*\[data-theme[^{}]*\{(?P<body>[^}]*)\}", re.MULTILINE)
DECLARED = re.compile(r"(?P<name>[\w-]+):\s*(?P<value>[^;]+);")
COLOUR = re.compile(r"#[0-9a-f]{6}")
WORDS = {"color-scheme": {"light", "dark"}}


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_what_hangs_on_the_theme_is_a_colour(sheet: Path) -> None:
    """Whatever a style sheet says under `[data-theme]` outside of print is the value of a colour."""
    text = sheet.read_text("utf-8").partition("@media print")[0]
    odd = [
        f"{one['name']}: {one['value']}"
        for block in THEMED.finditer(text)
        for one in DECLARED.finditer(block["body"])
        if not COLOUR.fullmatch(one["value"]) and one["value"] not in WORDS.get(one["name"], ())
    ]
    assert odd == []
