"""A small city with a tower block, a bus station and a street, under the rules that the project ships.

Times are minutes after noon. `tell` and `hears` let everything fall due first that is due by then, as the
room itself does.
"""

from functools import cache
from typing import Any

from msgspec.structs import replace

from controlroom.estate.load import FILES, load
from controlroom.estate.model import Estate
from controlroom.events import Event, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.incident import Incident
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.rules.compile import Compiled
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal
from tests.fundamentals.shipped_room import MINUTE, shipped_rules
from tests.moving_on import due_now, moved_on

_SITE = "TWR-1,Beech Heights,tower-block,inner-east,fire,,2,no,53.81,-1.50,"
_STOP = "BUS-1,Harehills Bus Station,bus-station,inner-east,panic,,2,no,53.80,-1.51,"


def _cameras() -> str:
    head = "camera,name,group,site,area,tags,risk,latitude,longitude,parent,heartbeat_s\n"
    block = [
        f"TB-{number},Block camera {number},tower-block,TWR-1,inner-east,,2,53.81,-1.50,RISER-1,\n"
        for number in range(1, 7)
    ]
    stop = [
        f"BS-{number},Stop camera {number},bus-station,BUS-1,inner-east,,2,53.80,{east},SWITCH-1,\n"
        for number, east in enumerate((-1.511, -1.512, -1.52), 1)
    ]
    street = [
        "ST-1,Market Street,on-street,,inner-east,,3,53.79,-1.52,,60\n",
        "ST-2,Mill Lane,on-street,,inner-east,,3,53.78,-1.52,,\n",
    ]
    return "".join((head, *block, *stop, *street))


@cache
def city() -> Estate:
    """Return the city: six cameras in a block, three at a stop with a help point, two in streets."""
    columns = "site,name,site_kind,area,systems,tags,risk,keys_held,latitude,longitude,confirm_within_min\n"
    return load(
        {name: ",".join(column.name for column in columns) + "\n" for name, columns in FILES.items()}
        | {
            "sites.csv": f"{columns}{_SITE}\n{_STOP}\n",
            "cameras.csv": _cameras(),
            "help_points.csv": "point,name,site,tags,risk,self_test_h\nH1,Stop help point,BUS-1,,2,\n",
            "crews.csv": "unit,area\nMR-01,inner-east\n",
        }
    )


class WatchedCity:
    """Tells the room what the city's devices say; after every step the state is that of its own snapshot."""

    def __init__(self) -> None:
        self.book = Handbook(Compiled(shipped_rules()), city(), HouseRules(demonstration=True))
        self.state = State()
        self.records = 0
        self._told = 0

    def tell(self, event: Event, minute: float = 0) -> Decision:
        """Decide and apply one event, after everything that was due by then."""
        self.until(minute)
        return self._step(event, minute)

    def until(self, minute: float) -> None:
        """Let everything fall due that is due by then."""
        while (due := next_deadline(self.state)) is not None and due <= after(minute * MINUTE):
            self._step(Tick(), (due - after(0)).total_seconds() / MINUTE)

    def camera(self, key: str, fault: str, minute: float, state: str = "raised") -> Decision:
        """Tell what a camera says."""
        return self.hears(Kind.CAMERA_FAULT, key, minute, camera=key, fault=fault, state=state)

    def call(self, step: str, minute: float, call: str = "K1", desk: str | None = None) -> Decision:
        """Tell what the help point at the stop says."""
        more = {} if desk is None else {"answered_by": desk}
        return self.hears(Kind.HELP_POINT, "H1", minute, point="H1", call=call, step=step, **more)

    def hears_panic(self, minute: float) -> Decision:
        """Tell that somebody at the stop has raised the alarm."""
        return self.hears(Kind.ARC_ALARM, "BUS-1", minute, site="BUS-1", event="panic")

    def hears(self, kind: Kind, key: str, minute: float, **data: Any) -> Decision:
        """Tell a signal that was never told before."""
        self._told += 1
        told = signal(kind, f"s{self._told}", source=key, **data)
        return self.tell(replace(told, doubt=None), minute)

    def open(self, event: str | None = None) -> list[Incident]:
        """Return what is open, of this word only if one is given."""
        return [one for one in self.state.incidents.values() if event is None or one.event == event]

    def closed(self, incident: str) -> str | None:
        """Return how an incident ended."""
        return self.state.closed[incident].outcome

    def _step(self, event: Event, minute: float) -> Decision:
        now = after(minute * MINUTE)
        watch = due_now(self.state, event, now)
        decision = decide(self.book, self.state, event, now)
        if decision.first_position is None:
            apply(self.state, self.state.position + 1, now, decision)
            self.records += 1
            self.state = from_bytes(to_bytes(self.state))
        assert moved_on(watch, self.state, decision), watch
        return decision
