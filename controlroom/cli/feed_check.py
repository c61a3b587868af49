"""Reading feeds and what belongs to them, for the commands: each refusal is one sentence and an exit code."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import typer

from controlroom.cli.exits import ExitCode, say
from controlroom.feeds.model import Cut, End
from controlroom.feeds.read import Feed, FeedError, read_feed

KEY_BYTES = 16
"""The least that a key is: below it, somebody tries them all."""


def stop(fault: object, code: ExitCode) -> typer.Exit:
    """Return the end of the command, its reason told on standard error."""
    say(fault)
    return typer.Exit(code)


def key_of(file: Path | None) -> bytes | None:
    """Return the key in this file; None for no file. Ends the command where it cannot be one."""
    if file is None:
        return None
    try:
        key = file.read_bytes().strip()
    except OSError as fault:
        raise stop(f"cannot read the key {file}: {fault.strerror}", ExitCode.CONFIG) from fault
    if len(key) < KEY_BYTES:
        raise stop(f"{file}:1: a key of {len(key)} bytes; {KEY_BYTES} are the least", ExitCode.CONFIG)
    return key


def opened(path: Path, key: bytes | None) -> tuple[Feed, End]:
    """Return a feed that is whole, with its end; ends the command where it is not, or not there."""
    try:
        feed = read_feed(path, key)
        return feed, feed.verify()
    except FeedError as fault:
        raise stop(fault, ExitCode.FINDING) from fault
    except OSError as fault:
        raise stop(f"cannot read {path}: {fault.strerror}", ExitCode.CONFIG) from fault


def check_feed(path: Path, key_file: Path | None, *, as_json: bool) -> None:
    """Print what the feed is."""
    feed, end = opened(path, key_of(key_file))
    last_us = cuts = 0
    for entry in feed:
        last_us = entry.at_us
        cuts += isinstance(entry, Cut)
    header: dict[str, Any] = msgspec.to_builtins(feed.header)
    header.pop("line")
    shown = header | {
        "messages": end.messages,
        "cuts": cuts,
        "lasts": str(timedelta(microseconds=last_us)),
        "sha256": end.sha256,
        "signed": end.hmac is not None,
    }
    if as_json:
        print(json.dumps(shown))
        return
    for name, value in shown.items():
        if isinstance(value, dict):
            for inner, said in value.items():
                print(f"{name}.{inner:<20} {said}")
        else:
            print(f"{name:<12} {value}")
