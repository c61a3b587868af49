"""What goes wrong on the way: devices that repeat themselves, and messages that are no signals.

Each share is a chance per message, from its own seeded dice, so garbage does not change what the city says.
"""

import random
from collections.abc import Iterable, Iterator

import msgspec

from simulators.speech import Message, Noise, Run, Utterance
from simulators.timetable import dice

FAST_CLOCK_S = 86_400.0
"""How wrong a wrong device clock is here: a day ahead, beyond any tolerance."""

GHOST = "GHOST-{number:05}"
"""The key of a source that is in no estate file."""


class Shares(msgspec.Struct, frozen=True):
    """How many of a hundred messages, as fractions, bring garbage or a repeat with them."""

    garbage: float = 0.0
    duplicates: float = 0.0


def disturbed(messages: Iterable[Message], seed: int, shares: Shares, run: Run) -> Iterator[Utterance]:
    """Yield every message, some of them twice, with garbage in between at the same virtual time."""
    rng = dice(seed, "trouble")
    number = 0
    for message in messages:
        again = rng.random() < shares.duplicates
        yield msgspec.structs.replace(message, copies=2) if again else message
        if rng.random() < shares.garbage:
            number += 1
            yield _garbage(rng, message, number, run)


def _garbage(rng: random.Random, near: Message, number: int, run: Run) -> Utterance:
    """Return one piece of garbage, the kinds in turn so that each is seen soon."""
    id_ = f"{run.name}-garbage-{number:07}"
    area = near.topic.split("/")[1]
    envelope = f'"specversion":"1.0","id":"{id_}","source":"{near.topic}","simulated":true'
    alarm = '"type":"uk.gov.leeds.leedswatch.arc-alarm.v1"'
    match number % 6:
        case 1:
            return Noise(near.due_s, near.topic, b'{"specversion":"1.0","id":"' + id_.encode())
        case 2:
            body = f'{{{envelope},{alarm},"data":{{"site":7,"event":"panic"}}}}'
            return Noise(near.due_s, near.topic, body.encode())
        case 3:
            ghost = f"leedswatch/{area}/{near.kind}/{GHOST.format(number=number)}"
            return msgspec.structs.replace(near, topic=ghost, id=id_, sequence=None, receipt=False)
        case 4:
            body = f'{{{envelope},"type":"uk.gov.leeds.leedswatch.toaster.v1","data":{{}}}}'
            return Noise(near.due_s, f"leedswatch/{area}/toaster/T-1", body.encode())
        case 5:
            return Noise(near.due_s, near.topic, rng.randbytes(48), None)
        case _:
            return msgspec.structs.replace(near, id=id_, skew_s=FAST_CLOCK_S, sequence=None, receipt=False)
