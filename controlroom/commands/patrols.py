"""What the room is told of its patrols besides the guards' own reports. Events like any other."""

import msgspec


class PatrolSeedDrawn(msgspec.Struct, frozen=True, gc=False, tag="patrol_seed_drawn"):
    """Whoever starts the room has drawn the secret from which the moments of random rounds follow."""

    seed: bytes


class VisitReported(msgspec.Struct, frozen=True, gc=False, tag="visit_reported"):
    """An operator took down that a round was walked: the guard or the crew said so by radio."""

    round: str
    author: str


PatrolEvent = PatrolSeedDrawn | VisitReported
"""What is told of patrols."""
