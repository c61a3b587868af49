"""The section that says how patient the room is: by when somebody must have moved an incident."""

from controlroom.settings.fields import Count, Seconds, Section


class Work(Section):
    """How long an incident may stand still before somebody is told. Urgent is priority 1."""

    escalate_every_s: Seconds = 180.0
    """Seconds that an escalated incident may stay unanswered before the next level is told: operators, then
    supervisor, then duty manager, who is told again at every interval (default, confirm with the centre)."""
    escalate_urgent_every_s: Seconds = 60.0
    """The same for an urgent one. A minute: two answering times of the most urgent signals."""
    owner_moves_within_s: Seconds = 900.0
    """Seconds that an owner may leave an incident without a word before it is escalated; a note is a word.
    A quarter of an hour is a long telephone call."""
    owner_moves_urgent_s: Seconds = 300.0
    """The same for an urgent one. Five minutes are a long silence when somebody is in danger."""
    arrive_within_s: Seconds = 1_800.0
    """Seconds from its order in which a crew is there, where the rule does not say. The 30 minutes of most
    intruder rules."""
    clear_within_s: Seconds = 1_800.0
    """Seconds that a crew may be at a place without a word. A crew works alone too; its silence may mean
    that it needs help itself."""
    park_max_s: Seconds = 14_400.0
    """Seconds that an incident may be parked at most. Half a shift: who parked it is still there."""
    park_life_max_s: Seconds = 900.0
    """The same where a life may depend on it; that takes a second person as well."""
    reopen_within_s: Seconds = 900.0
    """Seconds that a resolved incident stands before it is closed, and that a closed one may be opened
    again. As long as a caller needs to ring back."""
    restore_within_s: Seconds = 14_400.0
    """Seconds that a mains or path fault waits for its restore before it is listed as unpaired. A third of
    the 12 hours that a panel's battery is remembered to last (EN 50131-1, confirm against the standard)."""
    swinger_after: Count = 5
    """Trips of one zone between a setting and the next unsetting after which it is shelved: its further ones
    are counted and alarm nobody anew. Panels after CP-01 do it after one to six."""
    shelved_max_s: Seconds = 28_800.0
    """Seconds that a zone stays shelved at most. Eight hours, as CP-01 has it."""
    flood_from: Count = 30
    """New incidents of one area in ten minutes from which it is in flood, and its further ones of priority 3
    and 4 join one incident. Three times the ten that EEMUA 191 calls a flood for one operator."""
