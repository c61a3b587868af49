"""What the judge makes of a room that was away: it is later by what it missed, and by nothing else."""

from typing import Any

import pytest

from tests.simulation.test_judge import (
    HEARD,
    PANIC,
    SENT,
    SOMETHING,
    TICK,
    Step,
    judged,
    moved,
    opened,
    order,
    stand_down,
    watch,
)

LIFE = "a signal for a life has a response or a person"
BACK: Step = (113, {"type": "room_opened"}, [], [])
"""A room that ended after its first order is there again 53 s after the acceptance was due."""

AT_200: Step = (201, SOMETHING, [], [])
AT_253: Step = (254, SOMETHING, [], [])


def passed_on(at_s: float, old: int, due_s: float, next_due_s: float, *, excused: bool = False) -> Step:
    """Return what follows where that order was not accepted: the next crew has until then."""
    name, following = f"ORD-{old}", f"ORD-{old + 1}"
    changes: list[dict[str, Any]] = [
        watch("expired", due_s, "acceptance", name),
        {"type": "order_ended", "order": name, "how": "lapsed"},
        moved(next_due_s, order=following, refused="" if excused else "MR-01"),
        watch("armed", next_due_s, "acceptance", following),
    ]
    return at_s, TICK, changes, [stand_down(name), order(following)]


def test_a_crew_has_its_minute_from_when_it_is_asked() -> None:
    """53 s late with the first crew is 53 s late with all three, and then somebody hears of it."""
    escalated = [moved(293, status="escalated"), watch("armed", 293, "escalation")]
    steps: list[Step] = [
        (0, *SENT),
        BACK,
        passed_on(113, 1, 60, 173),
        passed_on(173, 2, 173, 233),
        AT_200,
        (233, TICK, [watch("expired", 233, "acceptance", "ORD-3"), *escalated], []),
        AT_253,
    ]

    assert judged(steps).findings == []


def test_a_crew_that_could_not_be_heard_is_none_of_the_three() -> None:
    """Whoever was asked before the room went away is asked as nobody: three more have their minute."""
    steps: list[Step] = [
        (0, *SENT),
        BACK,
        passed_on(113, 1, 60, 173, excused=True),
        *(passed_on(at_s, one, at_s, at_s + 60) for one, at_s in ((2, 173), (3, 233))),
        AT_253,
        (
            293,
            TICK,
            [
                watch("expired", 293, "acceptance", "ORD-4"),
                moved(353, status="escalated"),
                watch("armed", 353, "escalation"),
            ],
            [],
        ),
        (300, SOMETHING, [], []),
    ]

    assert judged(steps).findings == []


def test_nothing_else_excuses_a_crew() -> None:
    """While the room was there and heard, a crew that does not answer has been asked."""
    steps: list[Step] = [(0, *SENT), passed_on(60, 1, 60, 120, excused=True)]

    assert "only its own outage excuses what the room did not hear" in {
        finding.promise for finding in judged(steps).findings
    }


BROKEN: dict[str, list[Step]] = {
    "longer than the room was late": [
        (0, *SENT),
        BACK,
        passed_on(113, 1, 60, 173),
        passed_on(173, 2, 173, 320),
        AT_253,
    ],
    "while nothing of it was due when the room was away": [
        (0, PANIC, [HEARD, opened(900), watch("armed", 900)], []),
        BACK,
        AT_200,
    ],
    "late although the room was there": [
        (0, *SENT),
        passed_on(113, 1, 60, 320),
        AT_200,
    ],
    "for two watches that one absence delayed": [
        (0, *SENT),
        (1, SOMETHING, [watch("armed", 50)], []),
        BACK,
        (113, TICK, [watch("expired", 50)], []),
        passed_on(113, 1, 60, 320),
        AT_253,
    ],
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_life_waits_no_longer(broken: str) -> None:
    """Each of these panics waits longer than an absence of the room explains, and is found."""
    assert LIFE in {finding.promise for finding in judged(BROKEN[broken]).findings}
