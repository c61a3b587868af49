"""What the room decides by: the rules, the estate, and a few house rules. Frozen; swapped as a whole."""

from typing import Annotated

import msgspec

from controlroom.estate.model import CONFIRM_MAX, CONFIRM_MIN, Estate
from controlroom.estate.partners import NOBODY, Partner
from controlroom.incidents.cameras.limits import CameraRules
from controlroom.incidents.crews.travel import StraightLine, Travel
from controlroom.incidents.help_points.limits import HelpPointRules
from controlroom.incidents.keyholders.calls import KeyholderRules
from controlroom.incidents.people.terms import PeopleRules
from controlroom.incidents.sites.house import Patience
from controlroom.incidents.work.limits import WorkRules
from controlroom.rules.verdict import Judge


class HouseRules(msgspec.Struct, frozen=True):
    """What holds for every signal, whatever its table says.

    `demonstration`: simulated signals are this room's real work, and it says so everywhere.
    `accept_within_s`: how long a unit may leave an order unaccepted before the incident is escalated.
    Sixty seconds is a default of ours, to be confirmed with the mobile response contract.
    `confirm_within_min`: the confirmation window of a site that has none of its own, 30 to 60 minutes.
    `after_outage_s`: how long after an outage what fell due in it is expected once more: what broker and
    devices kept arrives within seconds, and a device connects again within a minute or two.
    `people`: how long is long for those who are watched over.
    `test_max_s`: how far away the end of a test may be; a day, so that every shift hears of it again.
    `sites`: how long the room waits for what is expected of sites.
    `work`: how long an incident may stand still.
    `keyholders`: how long a call, a word and a keyholder's way may take.
    `cameras` and `help_points`: what is expected of them, and what is too often or too long.
    """

    demonstration: bool = False
    accept_within_s: int = 60
    confirm_within_min: Annotated[int, msgspec.Meta(ge=CONFIRM_MIN, le=CONFIRM_MAX)] = CONFIRM_MIN
    test_max_s: int = 86_400
    after_outage_s: int = 120
    people: PeopleRules = PeopleRules()
    work: WorkRules = WorkRules()
    sites: Patience = Patience()
    cameras: CameraRules = CameraRules()
    help_points: HelpPointRules = HelpPointRules()
    keyholders: KeyholderRules = KeyholderRules()


class Handbook(msgspec.Struct, frozen=True):
    """Everything that a decision may consult besides the state; `partners` are known by their keys."""

    rules: Judge
    estate: Estate
    house: HouseRules
    partners: dict[str, Partner] = NOBODY
    travel: Travel = StraightLine()
