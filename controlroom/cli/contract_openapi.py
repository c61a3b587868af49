"""`docs/openapi.yaml`: the API as the console's routes and models have it, over a room that is not there."""

from typing import Any, cast

import yaml

from controlroom.access.book import Book
from controlroom.access.front_desk import FrontDesk
from controlroom.access.passwords import Passwords
from controlroom.access.vault import MemoryVault
from controlroom.clock import wall_clock
from controlroom.console.app import Entrance, for_programs
from controlroom.console.feed import Feed
from controlroom.console.history import Timelines
from controlroom.console.live import Hub
from controlroom.console.openapi import Node, document
from controlroom.console.parts import Parts
from controlroom.console.places import Places
from controlroom.console.pulses import DEFAULT_PACE

_HEAD = (
    "# Made by `controlroom contract openapi`; change routes and models in controlroom/console/ instead.\n"
)

_NOTHING = cast("Any", None)
"""In the place of what a handler would ask: nobody asks a handler here."""


def openapi() -> Node:
    """Return the document about every route for programs."""
    parts = Parts(**dict.fromkeys(Parts.__struct_fields__, _NOTHING))
    desk = FrontDesk(Book(MemoryVault()), wall_clock(), Passwords())
    feed = Feed(_NOTHING)
    hub = Hub(feed, lambda _: b"", _NOTHING, DEFAULT_PACE, _NOTHING, Places())
    return document(for_programs(parts, Entrance(desk, "room"), hub, Timelines()))


def text() -> str:
    """Return the document as it stands in the file."""
    return _HEAD + yaml.safe_dump(openapi(), sort_keys=False, allow_unicode=True, width=110)
