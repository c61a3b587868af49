"""How patient the room is with its sites: the house rules of this domain, every one a setting."""

from typing import Annotated

from msgspec import Meta, Struct


class Patience(Struct, frozen=True):
    """Minutes of grace, and how many false calls a system may have.

    `late_to_set_min`: after the hours of a building, before it is late to set. `early_open_min`: before
    its hours, in which unsetting it is no early opening. `test_min`: past the interval of a periodic test.
    `gate_min`: after a park's hour of opening or closing. `visit_min`: after the end of a patrol's window.
    `called_visit_min`: from the call of a random round to the visit.
    `intruder_calls_max`, `hold_up_calls_max`: false calls in twelve months at which the police withdraw.
    """

    late_to_set_min: Annotated[int, Meta(ge=0)] = 30
    early_open_min: Annotated[int, Meta(ge=0)] = 60
    test_min: Annotated[int, Meta(ge=0)] = 60
    gate_min: Annotated[int, Meta(ge=0)] = 30
    visit_min: Annotated[int, Meta(ge=0)] = 15
    called_visit_min: Annotated[int, Meta(ge=1)] = 30
    intruder_calls_max: Annotated[int, Meta(ge=2)] = 3
    hold_up_calls_max: Annotated[int, Meta(ge=2)] = 2
