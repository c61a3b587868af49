"""What people say when one shift hands over to the next: a sheet that one writes and the other takes.

The sheet is drafted by the console from the room as it stands, and kept with the words of both. Nobody signs
both sides.
"""

import msgspec


class SheetLine(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One line of the sheet: under which heading, about what (an incident, a site), and in which words."""

    heading: str
    about: str
    text: str


class HandoverWritten(msgspec.Struct, frozen=True, gc=False, tag="handover_written"):
    """The author hands the shift over: how the room stands, and what to expect next."""

    author: str
    expect: str
    sheet: tuple[SheetLine, ...]


class HandoverTaken(msgspec.Struct, frozen=True, gc=False, tag="handover_taken"):
    """The author takes a shift over; `with_work` takes what the other side owns as well."""

    author: str
    handover: str
    with_work: bool
    said: str = ""


HandoverCommand = HandoverWritten | HandoverTaken
"""The closed union of these commands."""
