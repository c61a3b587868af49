"""The section that says how long a call to a keyholder, a word of theirs and their way may take."""

from controlroom.settings.fields import Seconds, Section


class Keyholders(Section):
    """Calls to those who hold the keys of a site (docs/keyholders.md)."""

    call_s: Seconds = 60.0
    """Seconds that a call may ring without a result on record, until it counts as unanswered. A minute is
    some fifteen rings (default, confirm with the centre)."""
    decide_s: Seconds = 300.0
    """Seconds in which a keyholder who was reached says whether they come (default, confirm with
    the centre)."""
    next_s: Seconds = 180.0
    """Seconds after a call that led to nothing until the next one; past them the incident is escalated
    (default, confirm with the centre)."""
    attend_s: Seconds = 1_200.0
    """Seconds in which a keyholder who said that they come is there: the 20 minutes that police forces ask of
    keyholders (NPCC requirements; confirm with the force)."""
