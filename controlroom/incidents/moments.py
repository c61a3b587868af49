"""Moments that follow from others: the core adds to the `now` that it is given and reads no clock."""

from datetime import datetime, timedelta


def after(now: datetime, seconds: int) -> datetime:
    """Return the moment that many seconds after `now`."""
    return now + timedelta(seconds=seconds)
