"""What a desk writes: made-up entries of every kind, how often each comes, and fifteen months of the past.

References are numbers and nobody is named. The same seed writes the same.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

PAST = timedelta(days=456)
"""Fifteen months: each quarter that a page shows has one a year before."""

PAST_ENTRIES = 420
"""Of the past, about one a day: enough for every figure, written in some seconds."""

Entry = dict[str, Any]
"""An entry as the API takes it."""

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
    vulnerable = often(chance, 0.7)
    return {"kind": "misper", "reference": _number(chance, "MP"), "text": text, "vulnerable": vulnerable}


def footage(chance: random.Random) -> Entry:
    """Return a request for footage."""
    who = chance.choices(("police", "other_agency", "solicitor", "insurer"), (6, 1, 1, 2))[0]
    text = f"Pictures of {chance.choice(_PLACES)}, one hour in the evening."
    return {"kind": "footage_request", "requester": who, "reference": _number(chance, "FR"), "text": text}


def asb(chance: random.Random) -> Entry:
    """Return a case of anti-social behaviour."""
    solved = often(chance, 0.6)
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
    concern = often(chance, 0.7)
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
    found = often(chance, 0.8)
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
            seen = often(chance, 0.5)
            said |= {"outcome": "found_safe", "contributed": seen, "ended_at": over.isoformat()}
        elif said["kind"] == "footage_request":
            acquisitive = often(chance, 0.5)
            said["fulfilled"] = {"at": over.isoformat(), "evidence": True, "acquisitive": acquisitive}
        yield said, at


def _number(chance: random.Random, letters: str) -> str:
    return f"{letters}-{chance.randint(1_000, 99_999)}"


def often(chance: random.Random, share: float) -> bool:
    """Say yes in this share of the cases."""
    return chance.random() < share
