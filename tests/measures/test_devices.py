"""What Prometheus reads about cameras and help points is the room's own state, to the second."""

from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from controlroom.events import Event
from controlroom.incidents.record import Record
from controlroom.measures.devices import CallerWaits, CameraFigures
from controlroom.signals.vocabulary import Kind
from tests.build import after, estate, signal, topic_of
from tests.console.small_room import SmallRoom


def _room() -> tuple[SmallRoom, CollectorRegistry]:
    room, registry, city = SmallRoom(now=after(0)), CollectorRegistry(), estate()
    camera = topic_of(Kind.CAMERA_FAULT)
    city = replace(
        city, places={**city.places, camera: replace(city.places[camera], site_kind="on-street")}, kinds={}
    )
    CameraFigures(lambda: room.state.cameras, lambda: city, lambda: room.now, registry)
    waits = CallerWaits(registry)
    room.tellers.append(lambda records: waits.released(list[Record](records)))
    return room, registry


def _says(room: SmallRoom, seconds: float, event: Event) -> None:
    room.now = after(seconds)
    room.happens(event)


def test_the_time_of_a_group_is_counted_by_its_light() -> None:
    """Ten seconds up, twenty down, then up again: the counter says so for the camera's group and area."""
    room, registry = _room()
    _says(room, 0, signal(Kind.CAMERA_FAULT, "1", fault="hardware"))
    _says(room, 10, signal(Kind.CAMERA_FAULT, "2", fault="offline"))
    _says(room, 30, signal(Kind.CAMERA_FAULT, "3", fault="offline", state="cleared"))
    room.now = after(40)

    def seconds(light: str) -> float | None:
        labels = {"group": "on-street", "area": "inner-east", "light": light}
        return registry.get_sample_value("controlroom_camera_seconds_total", labels)

    assert (seconds("up"), seconds("down"), seconds("unknown")) == (20, 20, 0)
    labels = {"group": "on-street", "period": "day"}
    assert registry.get_sample_value("controlroom_camera_availability_ratio", labels) == 0.5


def test_a_caller_who_waited_is_observed_once() -> None:
    """A call that was answered after twelve seconds is one observation of twelve seconds."""
    room, registry = _room()
    _says(room, 0, signal(Kind.HELP_POINT, "1"))
    _says(room, 12, signal(Kind.HELP_POINT, "2", step="answered", answered_by="DESK-1"))
    _says(room, 14, signal(Kind.HELP_POINT, "3", step="answered", answered_by="DESK-2"))

    assert registry.get_sample_value("controlroom_help_point_answer_seconds_count") == 1
    assert registry.get_sample_value("controlroom_help_point_answer_seconds_sum") == 12
