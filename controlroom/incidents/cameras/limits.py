"""What the house decides about cameras: how long, how often, how many. Defaults with their reasons.

None of these figures is in a standard: they are ours, to be confirmed with the installers.
"""

from msgspec import Struct

from controlroom.signals.vocabulary import CameraFault


class CameraRules(Struct, frozen=True):
    """Durations in seconds.

    A camera without a heartbeat of its own and without one in the records is never silent: nobody promised
    to hear it.

    `debounce_s`: a fault that clears within it opens no work; a minute outlasts a restart of the camera's
    network. `beat_s`: how often a camera that sends heartbeats is expected where its record does not say;
    1,188 cameras every five minutes are four messages a second. `beats_missed`: heartbeats that may be
    missing before it is silent; three, so that one lost in a radio gap and one delayed raise nothing.
    `flap_raises` within `flap_window_s` is flapping: four in half an hour is more than a restart and its
    repeat. `flap_quiet_s`: without a raise for so long it flaps no more. `group_share` of a parent's cameras,
    and at least `group_least`, dark within `group_window_s` are one incident: half, because a recorder
    seldom takes all of them down at once; ten minutes, because silence shows within two heartbeats.
    """

    debounce_s: int = 60
    beat_s: int = 300
    beats_missed: int = 3
    flap_raises: int = 4
    flap_window_s: int = 1_800
    flap_quiet_s: int = 1_800
    group_share: float = 0.5
    group_least: int = 3
    group_window_s: int = 600


DARK = frozenset({CameraFault.SIGNAL_LOSS, CameraFault.OFFLINE, CameraFault.SILENT})
"""Faults in which there is no picture: the camera is down, and counts so in its availability."""

TOGETHER = DARK | {CameraFault.RECORDING}
"""Faults that many cameras have at once when what they hang on fails: a switch, or their recorder."""

AT_ONCE = frozenset({CameraFault.TAMPER})
"""Faults that wait for nothing and are counted by nothing: somebody is at the camera now."""
