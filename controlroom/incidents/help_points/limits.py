"""What the house decides about help points: how long, how often. Defaults with their reasons.

No standard for help points was found: the figures are ours, to be confirmed with Metro.
"""

from msgspec import Struct


class HelpPointRules(Struct, frozen=True):
    """Durations in seconds.

    A point that never tested itself is not expected to: it is unknown.

    `ring_max_s`: a call that rings longer is abandoned, whether the line is still open or not: the longer
    edge remembered of EN 50518 for other alarms. `call_max_s`: a call that lasts longer never ends by
    itself: a caller who needs half an hour has a crew by then. `stuck_calls` calls within `stuck_window_s`
    are a stuck button or somebody who plays; each of them reached a person. `stuck_quiet_s`: without a call
    for so long the button is free again. `self_test_s`: how often a point that tests itself is expected to
    where its record does not say; a day, as EN 50518 tests a centre's lines. `self_test_late_s`: how much
    later; two hours, so that a clock that is an hour out on the night of the change raises nothing.
    """

    ring_max_s: int = 180
    call_max_s: int = 1_800
    stuck_calls: int = 5
    stuck_window_s: int = 600
    stuck_quiet_s: int = 1_800
    self_test_s: int = 86_400
    self_test_late_s: int = 7_200
