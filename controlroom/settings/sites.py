"""The section that says how long the room waits for what is expected of sites, and when police withdraw."""

from typing import Annotated

from pydantic import Field

from controlroom.settings.fields import Section

Grace = Annotated[int, Field(ge=0, le=1_440)]
"""Minutes of patience; none at all up to a day."""

Calls = Annotated[int, Field(ge=2, le=20)]
"""False calls; with fewer than two there would be nothing to warn before."""


class Sites(Section):
    """What is expected of sites (docs/sites.md)."""

    late_to_set_min: Grace = 30
    """Minutes after the end of a building's hours until it is late to set (default, confirm with each
    client)."""
    early_open_min: Grace = 60
    """Minutes before a building's hours in which it may be unset: cleaners and caretakers come early
    (default, confirm with each client)."""
    test_min: Grace = 60
    """Minutes past the interval of a panel's periodic test until the test is overdue: panels drift."""
    gate_min: Grace = 30
    """Minutes after its hour until a park is not opened, or not closed: one round has many gates."""
    visit_min: Grace = 15
    """Minutes after the end of a patrol's window until the visit is missed."""
    called_visit_min: Annotated[int, Field(ge=1, le=1_440)] = 30
    """Minutes from the call of a random round until its visit is missed (default, agree it with clients)."""
    intruder_calls_max: Calls = 3
    """False calls of an intruder system in twelve months at which the police withdraw (NPCC requirements);
    the room warns one before."""
    hold_up_calls_max: Calls = 2
    """The same of a hold-up system: sources say 2 or 3, so the stricter; confirm with the force."""
