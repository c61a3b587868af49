"""How long a path may be silent: the reporting time of its grade, stricter while its sister is down.

The figures are those of EN 50136-1's categories as the domain notes have them *from memory*: confirm
against the standard before anybody is held to them. A single path (SP) has one time. A dual path (DP) has
a primary and an alternate, which reports rarely until the primary fails and then at the primary's rate.

Paths have names here, because reports have to say which they are about: `path-1` is the primary or only
one, `path-2` the alternate; a report carries the name as its `zone`.
"""

from datetime import timedelta

PATHS = ("path-1", "path-2")
"""The paths that a report can name: the primary or only one, then the alternate."""

_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60

REPORTING_S: dict[str, tuple[int, ...]] = {
    "SP1": (32 * _DAY_S,),
    "SP2": (25 * _HOUR_S,),
    "SP3": (30 * _MINUTE_S,),
    "SP4": (3 * _MINUTE_S,),
    "SP5": (90,),
    "SP6": (20,),
    "DP1": (25 * _HOUR_S, 50 * _HOUR_S),
    "DP2": (30 * _MINUTE_S, 25 * _HOUR_S),
    "DP3": (3 * _MINUTE_S, 25 * _HOUR_S),
    "DP4": (90, 5 * _HOUR_S),
}
"""Seconds of silence, for each path of a grade, after which the path counts as lost."""


def paths_of(grade: str) -> tuple[str, ...]:
    """Return the paths that a panel of this grade has."""
    return PATHS[: len(REPORTING_S[grade])]


def sister_of(grade: str, path: str) -> str | None:
    """Return the other path of a dual grade; None where there is none."""
    return next((other for other in paths_of(grade) if other != path), None)


def silence_of(grade: str, path: str, failed: tuple[str, ...]) -> timedelta:
    """Return how long this path may be silent while these paths of its site stand failed."""
    times_s = REPORTING_S[grade]
    sister = sister_of(grade, path)
    if sister is not None and sister in failed:
        return timedelta(seconds=min(times_s))
    return timedelta(seconds=times_s[PATHS.index(path)])
