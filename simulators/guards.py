"""Guards at the bus stations: on duty, check calls in between, off duty, and the next one on.

The first guards book on while the run begins, one after another. Shifts are short (two to four virtual
hours) so that reliefs are seen; a few check calls are late or missed. Guards are numbers, never names.
"""

import random
from collections.abc import Iterator

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import GuardBooking
from controlroom.signals.vocabulary import GuardEvent
from simulators.lone_workers import GRACE_MIN, MINUTE_S, USUAL_MIN, next_gap_s
from simulators.timetable import HOUR_S, Act, Episode, dice, unfold

BOOK_ON_GAP_S = 12.0
"""Virtual seconds between two guards booking on at the start of a run."""


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all guards report, for ever; `pace` shortens gaps and shifts. No posts: nothing."""
    posts = [place for place in estate.places.values() if place.kind == "guard"]
    order = dice(seed, "guard order").sample(posts, len(posts))
    return unfold(
        *(
            _post(dice(seed, post.topic), post, 3 + number * BOOK_ON_GAP_S, pace)
            for number, post in enumerate(order)
        )
    )


def _post(rng: random.Random, post: Place, first_s: float, pace: float) -> Iterator[Episode]:
    """Yield the reports at one post, shift after shift; two guards take turns."""
    key = post.topic.rpartition("/")[2]
    guards = (f"G-{key}-A", f"G-{key}-B")
    every_s = (post.duty.check_every_min or USUAL_MIN) * MINUTE_S
    grace_s = (post.duty.check_grace_min or GRACE_MIN) * MINUTE_S
    eager, pace = pace >= 1, max(pace, 1.0)
    at = first_s / pace
    shift = 0
    while True:
        guard = guards[shift % len(guards)]
        end = at + rng.uniform(4, 12) * HOUR_S / pace
        yield (_report(at, post, key, guard, GuardEvent.ON_DUTY),)
        at += every_s * rng.uniform(0.1, 0.9) / pace
        while at < end:
            yield (_report(at, post, key, guard, GuardEvent.CHECK_CALL),)
            at += next_gap_s(rng, every_s, grace_s, eager=eager) / pace
        yield (_report(end, post, key, guard, GuardEvent.OFF_DUTY),)
        at = end + rng.uniform(5, 60) / pace
        shift += 1


def _report(at: float, post: Place, key: str, guard: str, event: GuardEvent) -> Act:
    """Return one booking or check call."""
    return Act(at, post.topic, GuardBooking(guard=guard, post=key, event=event))
