"""What the commands of `controlroom feed` may be told, one frozen struct a command."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

FeedArgument = Annotated[Path, typer.Argument(metavar="FEED", help="The feed, NAME.jsonl.zst.")]
KeyOption = Annotated[
    Path | None, typer.Option("--key-file", help="File with the key that signs feeds, 16 bytes or more.")
]
OnlyOption = Annotated[
    list[str],
    typer.Option("--only", help="KIND, KIND/AREA or /AREA, such as arc-alarm/inner-east; may be repeated."),
]
EstateOption = Annotated[Path, typer.Option("--estate", help="Folder of the estate's CSV files.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")]
BrokerOption = Annotated[str, typer.Option("--broker", help="HOST:PORT of the MQTT broker.")]
UserOption = Annotated[str | None, typer.Option("--user", help="MQTT user.")]
PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", help="File whose first line is the MQTT password.")
]


@dataclass(frozen=True, kw_only=True)
class FaultsAsked:
    """What may be asked to go wrong."""

    drop: Annotated[float, typer.Option(min=0, max=1, help="Share of messages that are lost.")] = 0.0
    duplicate: Annotated[float, typer.Option(min=0, max=1, help="Share that come twice.")] = 0.0
    delay: Annotated[float, typer.Option(min=0, max=1, help="Share that come late.")] = 0.0
    delay_max: Annotated[float, typer.Option(min=0, max=86400, help="Seconds late, at most.")] = 900.0
    reorder: Annotated[float, typer.Option(min=0, max=1, help="Share that are overtaken.")] = 0.0
    corrupt: Annotated[float, typer.Option(min=0, max=1, help="Share that are damaged.")] = 0.0
    skew: Annotated[float, typer.Option(min=0, max=1, help="Share of devices with a wrong clock.")] = 0.0
    disconnect: Annotated[float, typer.Option(min=0, max=60, help="Lost connections an hour.")] = 0.0
    flood: Annotated[float, typer.Option(min=1, max=50, help="So many times as much, for a while.")] = 1.0
    flood_from: Annotated[float, typer.Option(min=0, help="Seconds until the flood begins.")] = 0.0
    flood_for: Annotated[float, typer.Option(min=1, help="Seconds that the flood lasts.")] = 3600.0


@dataclass(frozen=True, kw_only=True)
class GenerateAsked(FaultsAsked):
    """What `feed generate` may be told."""

    feed: FeedArgument
    seed: Annotated[int, typer.Option(help="The same seed makes the same feed, byte for byte.")] = 2015
    date: Annotated[str, typer.Option(help="The first day, from midnight in Leeds.")] = "2026-03-02"
    hours: Annotated[float, typer.Option(min=0.01, max=744, help="How long, from --at on.")] = 24.0
    at: Annotated[str, typer.Option(help="The hour to begin at, HH:MM in Leeds.")] = "00:00"
    calls: Annotated[float, typer.Option(min=0, max=50, help="Times as many chance events.")] = 1.0
    occasion: Annotated[
        list[str], typer.Option(help="An occasion of the first day (docs/city.md), or all; may be repeated.")
    ] = ()  # type: ignore[assignment]  # typer wants a list's type and gives one
    only: OnlyOption = ()  # type: ignore[assignment]  # the same
    estate: EstateOption = Path("config/estate")
    key_file: KeyOption = None
    json: JsonOption = False


@dataclass(frozen=True, kw_only=True)
class PlayAsked(FaultsAsked):
    """What `feed play` may be told."""

    feed: FeedArgument
    broker: BrokerOption = "127.0.0.1:1883"
    speed: Annotated[str, typer.Option(help="Such as 1x or 60x, or max.")] = "1x"
    from_: Annotated[
        str, typer.Option("--from", help="HH:MM:SS after the beginning, or #N for message N.")
    ] = ""
    to: Annotated[str, typer.Option(help="HH:MM:SS after the beginning.")] = ""
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end, until stopped.")] = False
    only: OnlyOption = ()  # type: ignore[assignment]  # typer wants a list's type and gives one
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Send the bytes as they are, ids and times included.")
    ] = False
    seed: Annotated[int, typer.Option(help="Seed of what goes wrong on the way.")] = 1
    wait: Annotated[float, typer.Option(min=0.1, help="Seconds the broker may take to answer.")] = 10.0
    user: UserOption = None
    password_file: PasswordOption = None
    key_file: KeyOption = None
    json: JsonOption = False


@dataclass(frozen=True, kw_only=True)
class RecordAsked:
    """What `feed record` may be told."""

    feed: FeedArgument
    broker: BrokerOption = "127.0.0.1:1883"
    seconds: Annotated[float | None, typer.Option("--for", min=0.1, help="Seconds to record.")] = None
    messages: Annotated[int | None, typer.Option(min=1, help="Messages to record.")] = None
    megabytes: Annotated[float, typer.Option(min=0.001, help="Payload to record, at most.")] = 4096.0
    pseudonyms: Annotated[
        Path | None,
        typer.Option(help="File with the key by which people get other names, 16 bytes or more."),
    ] = None
    estate: EstateOption = Path("config/estate")
    user: UserOption = None
    password_file: PasswordOption = None
    key_file: KeyOption = None
    json: JsonOption = False
