"""The section that says how lone workers and guards are watched over, where their assignment says nothing."""

from typing import Annotated

from pydantic import Field

from controlroom.settings.fields import Seconds, Section


class People(Section):
    """How long is long for lone workers (BS 8484) and guards (BS 7499). `docs/watches.md` tells the whole."""

    check_every_s: Seconds = 1_800.0
    """Seconds between two signs of life where the estate has no interval. BS 7499 leaves it to the
    assignment; 30 to 60 minutes is usual where the risk is high (default, confirm with the assignments)."""
    check_grace_s: Seconds = 300.0
    """Seconds that a sign of life may be late before it is missed. Five minutes is one call not heard."""
    call_worker_s: Seconds = 180.0
    """Seconds for the first step after a missed check, calling the worker: two calls that ring out."""
    call_supervisor_s: Seconds = 300.0
    """Seconds for the second step, calling the supervisor, before a crew is sent (default, confirm)."""
    book_on_grace_s: Seconds = 900.0
    """Seconds after the beginning of a shift of the roster in which somebody has booked on."""
    early_s: Seconds = 3_600.0
    """Seconds before a shift from which a booking counts as its booking."""
    overrun_s: Seconds = 1_800.0
    """Seconds after the end of a shift until somebody asks why nobody booked off."""
    duty_max_s: Seconds = 43_200.0
    """Seconds that a duty without a roster lasts at most. Twelve hours is the longest shift we know."""
    amber_max_s: Seconds = 14_400.0
    """Seconds that a timed note may last at most, against a device whose clock is wrong."""
    pace: Annotated[float, Field(ge=1, le=1_000)] = 1.0
    """How much faster than the clock people's time runs, for a demonstration room whose city does. With
    any other value than 1 there is no roster. `controlroom demo` sets it to `demo.speed`."""
