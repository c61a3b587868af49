"""How long is long: what each person's assignment says, and what the house says where it says nothing."""

from datetime import datetime, timedelta

from msgspec import Struct

from controlroom.estate.model import Place
from controlroom.estate.shifts import Shift


class PeopleRules(Struct, frozen=True):
    """What holds for everybody who is watched over. Seconds; defaults of ours, confirm with the assignments.

    `check_every_s` and `check_grace_s`: BS 7499 leaves the interval to the assignment; 30 to 60 minutes is
    usual where the risk is high, and five minutes of grace is one call that was not heard.
    `call_worker_s` and `call_supervisor_s`: how long the first and the second step of an escalation may take:
    two calls that ring out, and a supervisor who finds a telephone.
    `book_on_grace_s`: how late a shift may begin before somebody asks. `early_s`: how early it may.
    `overrun_s`: how long it may last past its end. `duty_max_s`: how long a duty without a roster may last.
    `amber_max_s`: how far away the end of a timed note may be, against a device whose clock is wrong.
    `pace`: virtual seconds a second in a demonstration whose city runs faster; it shortens all of these, and
    such a city has no roster.
    """

    check_every_s: int = 1_800
    check_grace_s: int = 300
    call_worker_s: int = 180
    call_supervisor_s: int = 300
    book_on_grace_s: int = 900
    early_s: int = 3_600
    overrun_s: int = 1_800
    duty_max_s: int = 43_200
    amber_max_s: int = 14_400
    pace: float = 1.0

    def after(self, moment: datetime, seconds: float) -> datetime:
        """Return the moment that many seconds of the city later."""
        return moment + timedelta(seconds=seconds / self.pace)

    def shifts(self, place: Place) -> tuple[Shift, ...]:
        """Return the roster of this place; a city that runs faster than the clock has none."""
        return place.duty.shifts if self.pace == 1.0 else ()

    def every_s(self, place: Place) -> int:
        """Return the check interval at this place, in seconds of the city."""
        return place.duty.check_every_min * 60 if place.duty.check_every_min else self.check_every_s

    def grace_s(self, place: Place) -> int:
        """Return how late a check at this place may be, in seconds of the city."""
        return place.duty.check_grace_min * 60 if place.duty.check_grace_min else self.check_grace_s
