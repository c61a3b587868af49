"""What was expected, held against the room's state: pure, and the same for every stage."""

from collections.abc import Sequence

from controlroom.incidents.changes import Logged
from controlroom.incidents.incident import Incident
from controlroom.incidents.state import State
from controlroom.stories.model import About, Expect

ANY, NONE = "any", "none"


def shortfall(expected: Expect, state: State, logged: Sequence[Logged]) -> str | None:
    """Return what is missing, with what is there instead; None where it is as expected."""
    if expected.logged is not None:
        entries = sum(_is_entry(expected.logged, entry) for entry in logged)
        there = [f"{one.rule} of {one.source}" for one in logged]
        return _count(expected, entries, "log entries", there)
    if expected.incident is None:
        return "the expectation is about nothing"
    every = incidents(state)
    about = [one for one in every if is_about(expected.incident, one)]
    if expected.count == 0:
        fitting = [one for one in about if difference(expected, one, state) is None]
        return f"found {', '.join(map(_told, fitting))}; expected none" if fitting else None
    if expected.count is not None and len(about) != expected.count:
        return f"{len(about)} incidents fit, expected {expected.count}: {_list(about or every)}"
    if not about:
        return f"no such incident; there are {_list(every)}"
    differences = [difference(expected, one, state) for one in about]
    if expected.count is None and None in differences:
        return None
    return next((found for found in differences if found is not None), None)


def incidents(state: State) -> list[Incident]:
    """Return all incidents, the oldest first."""
    every = [*state.incidents.values(), *state.closed.values()]
    return sorted(every, key=lambda one: (one.opened_at, len(one.id), one.id))


def is_about(about: About, incident: Incident) -> bool:
    """Return whether this incident is meant."""
    return all(
        (
            about.site in (None, incident.site),
            about.source in (None, incident.source.rpartition("/")[2]),
            about.kind in (None, incident.kind),
            about.event in (None, incident.event),
            about.rule in (None, incident.rule),
        )
    )


def _is_entry(about: About, entry: Logged) -> bool:
    return all(
        (
            about.source in (None, entry.source.rpartition("/")[2]),
            about.site in (None, entry.source.rpartition("/")[2]),
            about.kind in (None, entry.kind),
            about.event in (None, entry.event),
            about.rule in (None, entry.rule),
        )
    )


def difference(expected: Expect, incident: Incident, state: State) -> str | None:
    """Return in what this incident is not as expected; None where it is."""
    order = state.orders.get(incident.order) if incident.order is not None else None
    unit = order.order.unit if order is not None else None
    wanted: dict[str, tuple[object, object, bool]] = {
        "status": (
            "/".join(expected.status),
            incident.status.value,
            not expected.status or incident.status in expected.status,
        ),
        "unit": (expected.unit, unit, _unit_fits(expected.unit, unit)),
        "confirmed": (
            expected.confirmed,
            bool(incident.confirmed_by),
            expected.confirmed in (None, bool(incident.confirmed_by)),
        ),
    }
    for name, found in (
        ("priority", incident.priority),
        ("because", incident.escalated_because),
        ("level", incident.level),
        ("owner", incident.owner),
        ("outcome", incident.outcome),
        ("rolled_up", incident.rolled_up),
        ("condition", incident.condition),
    ):
        asked = getattr(expected, name)
        wanted[name] = (asked, found, asked in (None, found))
    for name, count in (
        ("signals", incident.signals),
        ("cameras", len(incident.cameras)),
        ("escalations", incident.escalations),
    ):
        least = getattr(expected, name)
        wanted[name] = (f"at least {least}", count, least is None or count >= least)
    wrong = [
        f"{name} is {found}, expected {asked}" for name, (asked, found, fits) in wanted.items() if not fits
    ]
    return f"{_told(incident)}: {'; '.join(wrong)}" if wrong else None


def _unit_fits(asked: str | None, found: str | None) -> bool:
    if asked is None:
        return True
    if asked == ANY:
        return found is not None
    return found is None if asked == NONE else found == asked


def _count(expected: Expect, found: int, what: str, there: list[str]) -> str | None:
    fits = found >= 1 if expected.count is None else found == expected.count
    wanted = "at least 1" if expected.count is None else str(expected.count)
    return (
        None
        if fits
        else f"{found} {what} fit, expected {wanted}; there are {', '.join(there[-12:]) or 'none'}"
    )


def _told(incident: Incident) -> str:
    key = incident.source.rpartition("/")[2]
    return f"{incident.id} ({incident.rule} of {key}, {incident.status.value})"


def _list(every: Sequence[Incident]) -> str:
    return ", ".join(map(_told, every[-12:])) or "none"
