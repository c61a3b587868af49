"""The desk of a demonstration: what no device sends, written into the log book over the API, as people do.

An empty log book gets the past first: entries over the last fifteen months, so that a quarter has one a year
before to stand beside. Then it goes on at the pace of the city: radio traffic, requests for footage that are
fulfilled days later, mispers that are found. Everything is made up, from a seed; references are numbers, and
nobody is named. The room marks all of it as simulated, because it is a demonstration.

Limit: what the room refuses or cannot take is told and not tried again; a desk that is shut out ends.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from controlroom.estate.areas import Area

PAST = timedelta(days=456)
"""Fifteen months: each quarter that a page shows has one a year before."""

PAST_ENTRIES = 420
"""Of the past, about one a day: enough for every figure, written in some seconds."""

AT_ONCE_S = 0.02
"""Between two entries of the past, so that the room is not busy with them alone."""

DAY_S = 86_400.0

Entry = dict[str, Any]

_PLACES = ("the market", "the bus station", "a car park", "the subway", "the retail park", "a tower block")


def radio(chance: random.Random) -> Entry:
    """Return a word over the radio."""
    sign = f"LX{chance.randint(10, 99)}"
    text = f"Units ask for eyes on {chance.choice(_PLACES)}; camera moved, nothing seen since."
    return {"kind": "radio", "channel": chance.choice(("airwave", "bacil")), "call_sign": sign, "text": text}


def misper(chance: random.Random) -> Entry:
    """Return the report of a missing person."""
    age = chance.choice(("a child of ten", "a man of eighty", "a woman of thirty", "a boy of fifteen"))
    text = f"Police report {age}, last seen near {chance.choice(_PLACES)}; cameras reviewed."
    vulnerable = _often(chance, 0.7)
    return {"kind": "misper", "reference": _number(chance, "MP"), "text": text, "vulnerable": vulnerable}


def footage(chance: random.Random) -> Entry:
    """Return a request for footage."""
    who = chance.choices(("police", "other_agency", "solicitor", "insurer"), (6, 1, 1, 2))[0]
    text = f"Pictures of {chance.choice(_PLACES)}, one hour in the evening."
    return {"kind": "footage_request", "requester": who, "reference": _number(chance, "FR"), "text": text}


def asb(chance: random.Random) -> Entry:
    """Return a case of anti-social behaviour."""
    solved = _often(chance, 0.6)
    text = "Stones thrown at buses; pictures handed to the team."
    return {"kind": "asb_case", "reference": _number(chance, "AS"), "text": text, "resolved_by_cctv": solved}


def parkswatch(chance: random.Random) -> Entry:
    """Return what Parkswatch saw."""
    park = chance.choice(("East Park", "The Hollow", "North Common"))
    return {"kind": "parkswatch_asb", "park": park, "text": "Motorcycles on the grass; moved on."}


def penalty(chance: random.Random) -> Entry:
    """Return a fixed penalty notice."""
    offence = chance.choice(("litter", "fly-tipping", "dog fouling"))
    evidence = chance.choice(("cctv", "security"))
    return {
        "kind": "penalty_notice",
        "reference": _number(chance, "FP"),
        "evidence": evidence,
        "offence": offence,
    }


def briefing(chance: random.Random) -> Entry:
    """Return a briefing by the police."""
    topic = chance.choices(("acquisitive_crime", "other"), (3, 1))[0]
    return {
        "kind": "briefing",
        "topic": topic,
        "people": chance.randint(4, 14),
        "text": "Burglary patterns of the week.",
    }


def training(chance: random.Random) -> Entry:
    """Return a training on tenancy breaches."""
    return {
        "kind": "tenancy_training",
        "people": chance.randint(3, 9),
        "text": "Tenancy breaches: what to write down.",
    }


def session(chance: random.Random) -> Entry:
    """Return an awareness session."""
    return {
        "kind": "cse_session",
        "people": chance.randint(6, 20),
        "text": "Awareness session for the night team.",
    }


def intelligence(chance: random.Random) -> Entry:
    """Return a submission of intelligence."""
    return {
        "kind": "cse_intelligence",
        "reference": _number(chance, "IN"),
        "text": "Vehicle seen again; submitted.",
    }


def product(chance: random.Random) -> Entry:
    """Return an Optimal product."""
    shared = chance.choice(("City police", "LASBT", "Metro"))
    return {
        "kind": "optimal_product",
        "title": "Weekly hot spots",
        "shared_with": shared,
        "text": "Sent as usual.",
    }


def noise(chance: random.Random) -> Entry:
    """Return a complaint about how noise was handled."""
    return {
        "kind": "noise_complaint",
        "reference": _number(chance, "NC"),
        "text": "Caller says nobody rang back.",
    }


def referral(chance: random.Random) -> Entry:
    """Return a referral without an incident."""
    to = chance.choices(("west_yorkshire_police", "lasbt", "housing_leeds"), (3, 3, 1))[0]
    concern = _often(chance, 0.7)
    return {"kind": "referral", "to": to, "locality_of_concern": concern, "text": "Same corner as last week."}


def income(chance: random.Random) -> Entry:
    """Return money that came in."""
    source = chance.choice(("footage", "patrol", "monitoring", "keyholding"))
    return {
        "kind": "income",
        "source": source,
        "pence": chance.randint(40, 900) * 100,
        "text": "Invoice paid.",
    }


def bike(chance: random.Random) -> Entry:
    """Return a stolen capture bike."""
    found = _often(chance, 0.8)
    return {
        "kind": "capture_bike",
        "reference": _number(chance, "CB"),
        "recovered": found,
        "text": "Followed by tracker.",
    }


def injunction(chance: random.Random) -> Entry:
    """Return support of an injunction."""
    return {
        "kind": "injunction_support",
        "reference": _number(chance, "IJ"),
        "text": "Exclusion zone watched.",
    }


RATES: dict[Callable[[random.Random], Entry], float] = {
    radio: 12.0,
    misper: 2.0,
    footage: 3.0,
    asb: 1.5,
    parkswatch: 2.0,
    penalty: 0.8,
    briefing: 0.3,
    training: 0.1,
    session: 0.1,
    intelligence: 0.3,
    product: 0.2,
    noise: 0.15,
    referral: 0.8,
    income: 1.0,
    bike: 0.1,
    injunction: 0.2,
}
"""How often each is written, a day. Made up: enough of each to be seen."""


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
            seen = _often(chance, 0.5)
            await self._post(
                line, f"{where}/end", {"version": version, "outcome": outcome, "contributed": seen}
            )
            return
        evidence = _often(chance, 0.8)
        paid = 8_500 if entry["said"]["requester"] in {"solicitor", "insurer"} else 0
        done = {
            "version": version,
            "evidence": evidence,
            "acquisitive": _often(chance, 0.5),
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


def past(chance: random.Random, now: datetime) -> Iterator[tuple[Entry, datetime]]:
    """Yield what was written over the last months, the oldest first; what was open then is over."""
    moments = sorted(now - PAST * chance.random() for _ in range(PAST_ENTRIES))
    kinds = {kind: rate for kind, rate in RATES.items() if kind is not radio}
    for goal, state, text in (
        ("west_cctv_scheme", "in_progress", "First ten poles stand; the link to the room is ordered."),
        ("dv_charter_mark", "in_progress", "Application sent; the assessors come in spring."),
    ):
        yield {"kind": "milestone", "goal": goal, "state": state, "text": text}, moments[0]
    for at in moments:
        said = chance.choices([*kinds], [*kinds.values()])[0](chance)
        over = min(now, at + timedelta(hours=chance.uniform(2, 200)))
        if said["kind"] == "misper":
            seen = _often(chance, 0.5)
            said |= {"outcome": "found_safe", "contributed": seen, "ended_at": over.isoformat()}
        elif said["kind"] == "footage_request":
            acquisitive = _often(chance, 0.5)
            said["fulfilled"] = {"at": over.isoformat(), "evidence": True, "acquisitive": acquisitive}
        yield said, at


def _number(chance: random.Random, letters: str) -> str:
    return f"{letters}-{chance.randint(1_000, 99_999)}"


def _often(chance: random.Random, share: float) -> bool:
    return chance.random() < share
