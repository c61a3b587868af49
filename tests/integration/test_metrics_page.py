"""The page that Prometheus reads, of a room at work, judged by Prometheus' own tool."""

import asyncio
import subprocess

from tests.chaos.house import House
from tests.deployment.running import CALL_S, program


async def test_the_page_is_clean_by_prometheus_own_rules(house: House) -> None:
    """Names, units, types and help texts of every metric pass `promtool check metrics` without a word."""
    async with asyncio.timeout(CALL_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.metrics_port)
        writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    page = answer.partition(b"\r\n\r\n")[2]

    assert b"controlroom_ingest_lag_seconds_bucket" in page
    assert b'leedswatch_plan_events_total{measure="alarms_handled",priority="C"}' in page
    checked = await asyncio.to_thread(
        subprocess.run,
        [program("promtool", "prometheus"), "check", "metrics"],
        input=page,
        capture_output=True,
        timeout=CALL_S,
        check=False,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
