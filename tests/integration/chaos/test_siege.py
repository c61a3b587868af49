"""The siege of `make chaos` in a size that every test run can afford."""

import pytest

from tests.chaos.siege import Plan, besiege

PLAN = Plan(
    kills=3,
    store_kills=1,
    double_kills=1,
    orderly=1,
    burst=3_000,
    rate=1_000,
    life_s=(0.1, 0.8),
    snapshot_every=4_000,
    seed=7,
)


@pytest.mark.timeout(400)  # a minute when the machine is idle; some twenty starts of real programs
async def test_kills_of_every_part_lose_nothing_and_repeat_nothing() -> None:
    """What the broker acknowledged is journalled once, decided once, and every order reached its topic."""
    report = await besiege(PLAN)
    assert report["sound"], report["examples"]
    assert (report["lost"], report["decided_twice"], report["orders_missing"]) == (0, 0, 0)
    # The run must have been one: signals flowed, each kill opened a new epoch, devices repeated themselves.
    assert report["acknowledged"] > PLAN.burst + PLAN.rate
    assert report["orders_due"] > report["acknowledged"] // 3
    assert report["writers"] > PLAN.kills + PLAN.double_kills + PLAN.orderly
    assert report["sent_twice"] > 0
    assert report["burst"]["orders_heard_at_kill"] < report["burst"]["orders_due"]
