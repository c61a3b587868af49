"""Which ways a panel's reports travel stand failed at this moment, and the panels that told of none.

A path is named by the zone of its report. A fault that names none stands for one path without a name;
a restore that names none ends every fault of its site, because nobody could ever end them otherwise.

Bounds: places of the estate only, at most `PATHS_MAX` failed paths each; a further one changes nothing.
"""

from controlroom.incidents.lessons import PathMoved

PATHS_MAX = 8
"""Failed paths that a site can have: panels have two or three."""

UNNAMED = ""
"""The path of a report that names none."""


def moved(paths: dict[str, tuple[str, ...]], told: PathMoved) -> tuple[str, ...] | None:
    """Return the paths that stand failed after this; None where nothing changes."""
    standing = paths.get(told.site)
    failed = standing or ()
    if told.failed:
        after = failed if told.path in failed or len(failed) >= PATHS_MAX else (*failed, told.path)
    else:
        after = () if told.path == UNNAMED else tuple(path for path in failed if path != told.path)
    return after if after != standing else None


def path_ok(paths: dict[str, tuple[str, ...]], site: str, told: PathMoved | None) -> bool | None:
    """Return False while a path of the site stands failed, True once all came back, None if none was told of.

    For a report about a path (`told`) the others are meant: a second path failing finds False, the same
    one told again does not.
    """
    failed = paths.get(site)
    if failed is None:
        return None
    if told is None:
        return not failed
    return None if failed == (told.path,) else not failed
