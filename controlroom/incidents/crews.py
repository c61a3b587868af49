"""Which unit is sent when the rule says that the room sends one itself.

The unit with the fewest orders in hand: so a free unit of the signal's own area, else a free unit of the
city, else the least busy one. Among equals the own area goes first, then the lower call sign. Keys, skills
and travel time are not weighed.
"""

from controlroom.estate.areas import Area
from controlroom.estate.model import Estate
from controlroom.incidents.incident import Incident
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Step


def nearest_free_unit(
    estate: Estate, load: dict[str, int], area: Area, without: tuple[str, ...] = ()
) -> str | None:
    """Return the call sign of the unit to send; None when nobody is left but those `without`."""
    units = estate.units_for(area)
    if without:
        units = tuple(unit for unit in units if unit not in without)
    for unit in units:
        if not load.get(unit):
            return unit
    return min(units, key=load.__getitem__, default=None)  # nobody is free: each has a load


def somebody_goes(state: State, incident: Incident) -> bool:
    """Say whether a unit has an order for this incident that it has not refused."""
    standing = state.orders.get(incident.order) if incident.order is not None else None
    return standing is not None and standing.step is not Step.REFUSED
