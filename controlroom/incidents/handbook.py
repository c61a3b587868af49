"""What the room decides by: the rules, the estate, and a few house rules. Frozen; swapped as a whole."""

import msgspec

from controlroom.estate.model import Estate
from controlroom.rules.verdict import Judge


class HouseRules(msgspec.Struct, frozen=True):
    """What holds for every signal, whatever its table says.

    `demonstration`: simulated signals are this room's real work, and it says so everywhere.
    `accept_within_s`: how long a unit may leave an order unaccepted before the incident is escalated.
    Sixty seconds is a default of ours, to be confirmed with the mobile response contract.
    """

    demonstration: bool = False
    accept_within_s: int = 60


class Handbook(msgspec.Struct, frozen=True):
    """Everything that a decision may consult besides the state."""

    rules: Judge
    estate: Estate
    house: HouseRules
