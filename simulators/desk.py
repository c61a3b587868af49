"""The desk of a demonstration: what no device sends, written into the log book over the API, as people do.

An empty log book gets the past first: entries over the last fifteen months, so that a quarter has one a year
before to stand beside. Then it goes on at the pace of the city: radio traffic, requests for footage that are
fulfilled days later, mispers that are found. Everything is made up, from a seed; references are numbers, and
nobody is named. The room marks all of it as simulated, because it is a demonstration.

Limit: what the room refuses or cannot take is told and not tried again; a desk that is shut out ends.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp

from controlroom.estate.areas import Area
from simulators.entries import RATES, Entry, often, past

AT_ONCE_S = 0.02
"""Between two entries of the past, so that the room is not busy with them alone."""

DAY_S = 86_400.0


class Desk:
    """Somebody at a desk: `write` posts to the log book and returns the entry, None where it was refused."""

    def __init__(self, api: str, token: str, notice: Callable[[str], None]) -> None:
        self.written = 0
        self._api = f"{api.rstrip('/')}/api/v1/log-entries"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._notice = notice

    async def run(self, seed: int, speed: float, now: Callable[[], datetime]) -> None:
        """Write the past where there is none, then go on until told to stop."""
        chance = random.Random(seed)  # noqa: S311 - a story to be told again, not a secret
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(headers=self._headers, timeout=timeout) as line:
            if await self._is_empty(line):
                await self._past(line, chance, now())
            waiting: list[tuple[datetime, Entry]] = []
            while True:
                await asyncio.sleep(chance.expovariate(sum(RATES.values()) / DAY_S * speed))
                said = chance.choices([*RATES], [*RATES.values()])[0](chance)
                if said["kind"] == "footage_request":
                    said["deadline"] = (now() + timedelta(days=chance.choice((5, 20, 30)))).isoformat()
                made = await self._write(line, said, now(), chance)
                if made is not None and said["kind"] in {"misper", "footage_request"}:
                    hours = chance.uniform(2, 60)
                    waiting.append((now() + timedelta(hours=hours) / speed, made))
                due = [one for one in waiting if one[0] <= now()]
                for one in due:
                    waiting.remove(one)
                    await self._end(line, one[1], chance)

    async def _past(self, line: aiohttp.ClientSession, chance: random.Random, now: datetime) -> None:
        for said, at in past(chance, now):
            await self._write(line, said, at, chance)
            await asyncio.sleep(AT_ONCE_S)

    async def _is_empty(self, line: aiohttp.ClientSession) -> bool:
        async with line.get(self._api, params={"limit": 1}) as answer:
            answer.raise_for_status()
            return not (await answer.json())["entries"]

    async def _write(
        self, line: aiohttp.ClientSession, said: Entry, at: datetime, chance: random.Random
    ) -> Entry | None:
        area = str(chance.choice(list(Area)))
        body = {"happened_at": at.isoformat(), "entry": said, "area": area}
        return await self._post(line, "", body)

    async def _end(self, line: aiohttp.ClientSession, entry: Entry, chance: random.Random) -> None:
        where, version = f"/{entry['id']}", entry["version"]
        if entry["said"]["kind"] == "misper":
            outcome = chance.choices(("found_safe", "returned", "not_found"), (5, 3, 1))[0]
            seen = often(chance, 0.5)
            await self._post(
                line, f"{where}/end", {"version": version, "outcome": outcome, "contributed": seen}
            )
            return
        evidence = often(chance, 0.8)
        paid = 8_500 if entry["said"]["requester"] in {"solicitor", "insurer"} else 0
        done = {
            "version": version,
            "evidence": evidence,
            "acquisitive": often(chance, 0.5),
            "income_pence": paid,
        }
        await self._post(line, f"{where}/fulfil", done)

    async def _post(self, line: aiohttp.ClientSession, where: str, body: Entry) -> Entry | None:
        async with line.post(f"{self._api}{where}", json=body) as answer:
            told = await answer.json(content_type=None)
            if answer.status >= 400:  # noqa: PLR2004 - HTTP's own line between yes and no
                self._notice(f"refused: {told.get('detail', answer.status)}")
                return None
            self.written += 1
            return dict(told["entry"])
