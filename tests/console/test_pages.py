"""The frame of the server-rendered pages, without a browser."""

import re
from pathlib import Path

import jinja2
import pytest
from aiohttp.test_utils import make_mocked_request

from controlroom.console.files import Files
from controlroom.console.pages.navigation import ENTRIES, Visitor, Where, shown_to
from controlroom.console.pages.shell import TEMPLATES, Shell
from tests.console.small_room import SmallRoom

NAMES = ("icon.svg", "vendor/govuk-frontend.css", "css/theme.css", "css/page.css", "js/page-theme.js")
FILES = Files(dict.fromkeys(NAMES, b""), "d1", b"", "")
FRAME = '{% extends "base.html" %}{% block title %}T{% endblock %}{% block content %}'


def shell(tmp_path: Path, content: str, visitor: Visitor | None = None) -> Shell:
    """Return a shell whose one page shows this content."""
    (tmp_path / "base.html").write_text(
        (TEMPLATES / "base.html").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "page.html").write_text(FRAME + content + "{% endblock %}", encoding="utf-8")
    who = visitor or Visitor()
    return Shell(FILES, lambda _: who, tmp_path)


def rendered(made: Shell, **values: object) -> str:
    """Return the page as text."""
    answer = made.page(make_mocked_request("GET", "/help"), "page.html", values)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text is not None
    return answer.text


def test_what_comes_from_outside_is_text(tmp_path: Path) -> None:
    """Markup in a value is shown, never obeyed."""
    assert "&lt;b&gt;" in rendered(shell(tmp_path, "{{ said }}"), said="<b>")


def test_a_word_of_the_wire_is_shown_as_people_read_it(tmp_path: Path) -> None:
    """A kind has the name that it has in the console, and a word has spaces."""
    said = [
        rendered(shell(tmp_path, "{{ said | named }}"), said=one)
        for one in ("arc-alarm", "help-point", "image_quality")
    ]
    assert all(
        name in page for name, page in zip(("Alarm", "Help point", "Image quality"), said, strict=True)
    )


def test_a_value_that_nobody_gave_is_an_error(tmp_path: Path) -> None:
    """A page does not leave an empty place where a fact was forgotten."""
    with pytest.raises(jinja2.UndefinedError):
        rendered(shell(tmp_path, "{{ forgotten }}"))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """An address of a file is made of what exists."""
    with pytest.raises(jinja2.TemplateRuntimeError, match="no such file"):
        rendered(shell(tmp_path, "{{ static('css/none.css') }}"))


def test_the_visitor_and_where_they_are_stand_on_the_page(tmp_path: Path) -> None:
    """A page says who is signed in, and marks the entry that one is looking at."""
    page = rendered(shell(tmp_path, "", Visitor("A. Khan")))
    assert "Signed in as <b>A. Khan</b>" in page
    assert re.search(r'href="/help" aria-current="page"', page)


def test_the_navigation_shows_what_somebody_may_open() -> None:
    """An entry that asks for a permission is shown to those who have it, and to all where nobody signs in."""
    hrefs = [entry.href for entry in shown_to(Visitor("A. Khan", frozenset()), Where.TOP)]
    assert "/" not in hrefs
    assert "/help" in hrefs
    assert len(shown_to(Visitor(), Where.TOP)) == sum(entry.where is Where.TOP for entry in ENTRIES)


def test_every_entry_leads_somewhere() -> None:
    """The navigation names addresses that the application answers."""
    known = {resource.canonical for resource in SmallRoom().console().app.router.resources()}
    assert {entry.href for entry in ENTRIES} <= known


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_script_or_style(template: Path) -> None:
    """What the security policy refuses stands in no template, nor does a way around escaping."""
    text = template.read_text(encoding="utf-8")
    inline = r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|\|\s*safe\b|autoescape false"
    assert re.search(inline, text) is None
