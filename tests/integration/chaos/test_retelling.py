"""The second telling must be able to disagree: other rules and another key are found out."""

import signal

from controlroom.clock import wall_clock
from tests.chaos.client import Publisher
from tests.chaos.house import ROOT, House
from tests.chaos.retelling import retell
from tests.chaos.workload import City, topics_by_kind

SIGNALS = 60
RECEIVED = "controlroom_signals_received_total"


async def test_a_history_told_under_other_rules_or_another_key_is_found_out(house: House) -> None:
    """Told again as it was, a history agrees; under other rules it differs, with another key it breaks."""
    publisher = Publisher()
    await publisher.open(house.broker.port, "retold")
    city = City(topics_by_kind(ROOT / "config" / "estate"), "retold", 1)
    await publisher.publish_all((said.letter, said.name) for said in city.burst(SIGNALS, wall_clock()()))
    while sum(v for n, v in (await house.figures()).items() if n.startswith(RECEIVED)) < SIGNALS:
        assert house.room.alive, house.room.tail()
    publisher.close()
    assert await house.room.end(signal.SIGTERM) == 0
    as_it_was = await retell(house.store.socket, house.config, house.environment)
    assert as_it_was.problems == ()
    assert as_it_was.records > SIGNALS
    shipped = {"CONTROLROOM_RULES__DIRECTORY": str(ROOT / "config" / "rules")}
    otherwise = await retell(house.store.socket, house.config, house.environment | shipped)
    assert [problem.split()[0] for problem in otherwise.problems] == ["position"]
    (house.folder / "var" / "journal.key").write_bytes(bytes(32))
    forged = await retell(house.store.socket, house.config, house.environment)
    assert {problem.split()[0] for problem in forged.problems} == {"chain:", "snapshot:"}
