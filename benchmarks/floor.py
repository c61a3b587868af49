"""The floor: a subscriber that republishes 45 % of what it hears and does nothing else.

No decoding, no rules, no store, no log: what any Python service on this client would cost at least.
`--client gmqtt` is that library's own client as its documentation uses it; `--client session` is this
project's session alone, the harder floor.
"""

import argparse
import asyncio

import gmqtt
import uvloop

from benchmarks.workload import is_due
from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import ConnectionState, Inbound, SessionSettings, Ticket

ORDERS = "leedswatch/dispatch/MR-01/orders"


def due(payload: bytes) -> bool:
    """Say whether this signal is one of the 45 %."""
    at = payload.index(b'"b-') + 3
    return is_due(int(payload[at : payload.index(b'"', at)]))


async def with_gmqtt(port: int) -> None:
    """Republish with gmqtt's own client until ended."""
    client = gmqtt.Client("floor", clean_session=True, receive_maximum=1_000)

    async def on_message(
        client: gmqtt.Client, topic: str, payload: bytes, qos: int, properties: dict[str, object]
    ) -> int:
        del topic, qos, properties
        if due(payload):
            client.publish(ORDERS, payload, qos=1)
        return 0

    client.on_message = on_message
    await client.connect("127.0.0.1", port, version=gmqtt.constants.MQTTv50)
    client.subscribe(
        [gmqtt.Subscription(f"leedswatch/+/{kind}/+", qos=1) for kind in KINDS], subscription_identifier=1
    )
    await asyncio.Event().wait()


KINDS = ("arc-alarm", "camera-fault", "help-point", "lone-worker", "guard", "park", "telecare")


async def with_session(port: int) -> None:
    """Republish with this project's session until ended."""

    def on_message(inbound: Inbound) -> None:
        if due(inbound.wire.payload):
            session.publish(ORDERS, inbound.wire.payload)
        tickets.append(inbound.ticket)
        if len(tickets) == 1:
            asyncio.get_running_loop().call_soon(acknowledge)

    def acknowledge() -> None:
        session.acknowledge(tickets)
        tickets.clear()

    def on_state(state: ConnectionState) -> None:
        del state

    tickets: list[Ticket | None] = []
    settings = SessionSettings(
        host="127.0.0.1",
        port=port,
        client_id="floor",
        filters=tuple(f"leedswatch/+/{kind}/+" for kind in KINDS),
        session_expiry_s=0,
    )
    session = Session(settings, on_message, on_state)
    await session.run()


def main() -> None:
    """Read the arguments and run until ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client", choices=("gmqtt", "session"), required=True)
    arguments = parser.parse_args()
    uvloop.run(with_gmqtt(arguments.port) if arguments.client == "gmqtt" else with_session(arguments.port))


if __name__ == "__main__":
    main()
