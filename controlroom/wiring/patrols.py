"""The secret of the random patrols: drawn once, by whoever starts the first room that has such rounds."""

import secrets

from controlroom.commands.patrols import PatrolSeedDrawn
from controlroom.room import Room

SEED_BYTES = 32
"""As many as the hash that the moments are drawn with gives back."""


def draw_patrol_seed(room: Room) -> None:
    """Tell the room a seed where it needs one and has none; the journal keeps it."""
    if not room.state.sites.patrol_seed and any(one.random for one in room.handbook.estate.rounds.values()):
        room.tell(PatrolSeedDrawn(secrets.token_bytes(SEED_BYTES)))
