"""What the room says of somebody who is watched over, in the dress of the feed that should have said it."""

from datetime import datetime
from typing import Any

from controlroom.incidents.handbook import Handbook
from controlroom.incidents.inferred import room_id
from controlroom.incidents.state import State
from controlroom.signals.envelope import GuardSignal, LoneWorkerSignal, type_of
from controlroom.signals.payloads import BY_THE_ROOM
from controlroom.signals.vocabulary import GuardEvent, Kind, WorkerEvent


def said_by_the_room(
    handbook: Handbook, state: State, topic: str, word: WorkerEvent, now: datetime
) -> LoneWorkerSignal | GuardSignal:
    """Return the signal. The models take these words from nobody else.

    In a demonstration what the room says is marked as simulated, like all it hears, and so are its orders.
    """
    _, _, kind, key = topic.split("/", 3)
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": room_id(state),
        "source": topic,
        "time": now,
        "type": type_of(Kind(kind)),
        "simulated": handbook.house.demonstration,
    }
    if kind == Kind.GUARD:
        duty = state.duties.get(topic)
        data = {"guard": duty.person if duty is not None else key, "post": key}
        said = attributes | {"data": data | {"event": GuardEvent(word.value)}}
        return GuardSignal.model_validate(said, context=BY_THE_ROOM)
    said = attributes | {"data": {"worker": key, "event": word}}
    return LoneWorkerSignal.model_validate(said, context=BY_THE_ROOM)
