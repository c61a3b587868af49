"""`controlroom feed`: make, record, play and check feeds (docs/feeds.md).

Feeds are made and played by the simulators, which speak MQTT as devices do; a feed's signals are marked as
simulated whoever plays it. Ctrl-C ends playing with the point at which to go on.
"""

import typer

from controlroom.cli.feed_options import (
    FeedArgument,
    GenerateAsked,
    JsonOption,
    KeyOption,
    PlayAsked,
    RecordAsked,
)
from simulators.options import command

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Put `controlroom feed …` in its place."""
    app.add_typer(_group, name="feed", help="Make, record, play and check feeds of the field.")


@_group.command()
@command(GenerateAsked)
def generate(asked: GenerateAsked) -> None:
    """Write believable days of the city into a feed, from a seed."""
    from controlroom.cli.feed_make import make  # noqa: PLC0415 - quick --help

    make(asked)


@_group.command()
@command(RecordAsked)
def record(asked: RecordAsked) -> None:
    """Record what goes over a broker into a feed, until a bound is reached or Ctrl-C is pressed."""
    from controlroom.cli.feed_record import record_feed  # noqa: PLC0415 - quick --help

    record_feed(asked)


@_group.command()
@command(PlayAsked)
def play(asked: PlayAsked) -> None:
    """Play a feed into a broker, as devices would speak."""
    from controlroom.cli.feed_play import play_feed  # noqa: PLC0415 - quick --help

    play_feed(asked)


@_group.command()
def check(
    feed: FeedArgument,
    key_file: KeyOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Say what a feed is, and whether it is whole and unchanged; 1 when it is not."""
    from controlroom.cli.feed_check import check_feed  # noqa: PLC0415 - quick --help

    check_feed(feed, key_file, as_json=as_json)
