"""The closed words of the field: kinds of feed, alarm events, camera faults, steps of a call or a check.

Alarm events fold the Contact ID (DC-05) and SIA (DC-03) code families into what a control room
distinguishes when it answers; the panel's own code travels beside it in `code`. A word that is not
here is refused at the edge and quarantined, never guessed.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of feed a signal comes from; the value is the third topic segment."""

    ARC_ALARM = "arc-alarm"
    CAMERA_FAULT = "camera-fault"
    HELP_POINT = "help-point"
    LONE_WORKER = "lone-worker"
    GUARD = "guard"
    PARK = "park"
    TELECARE = "telecare"


class AlarmEvent(StrEnum):
    """What an alarm panel reports, by Contact ID family (in brackets)."""

    MEDICAL = "medical"  # 10x
    FIRE = "fire"  # 11x
    PANIC = "panic"  # 120, 123
    DURESS = "duress"  # 121, 124, 125: looks normal on site, so nobody rings the site
    HOLD_UP = "hold_up"  # 122, 126, 129
    INTRUDER = "intruder"  # 13x
    INTRUDER_EXTERNAL = "intruder_external"  # 136: never confirms (BS 8243)
    TAMPER = "tamper"  # 137, 144, 145
    GAS = "gas"  # 151, 162
    ENVIRONMENT = "environment"  # 152-159: temperature, water
    FIRE_SUPERVISORY = "fire_supervisory"  # 20x, 373
    MAINS_FAULT = "mains_fault"  # 301
    BATTERY_FAULT = "battery_fault"  # 302, 309, 311, 384
    PATH_FAULT = "path_fault"  # 35x
    SYSTEM_FAULT = "system_fault"  # other 3xx
    CANCEL = "cancel"  # 406
    OPENED = "opened"  # 4xx with qualifier 1: unset
    CLOSED = "closed"  # 4xx with qualifier 3: set
    LATE_TO_CLOSE = "late_to_close"  # 452, 454
    ACCESS = "access"  # 421, 423, 461
    BYPASS = "bypass"  # 57x
    TEST = "test"  # 60x
    POLL = "poll"  # the path named by `zone` was heard (DC-09 null message, a receiver's poll)
    OTHER = "other"  # 62x-65x and the rest: logged, counted
    LATE_TO_SET = "late_to_set"  # the room's own from here on: its hours are over, and nobody set it
    EARLY_OPEN = "early_open"  # unset outside its hours
    TEST_OVERDUE = "test_overdue"  # the periodic test did not come
    PATH_SILENT = "path_silent"  # the path named by `zone` was not heard of in its time
    FALSE_CALL_WARNING = "false_call_warning"  # false calls of the system in `zone` near their limit


class Condition(StrEnum):
    """Whether what was reported is there now or has gone; a restore never closes an incident."""

    ACTIVE = "active"
    RESTORED = "restored"


class SetState(StrEnum):
    """What the panel says of itself at this moment."""

    SET = "set"
    PART_SET = "part_set"
    UNSET = "unset"


class CameraFault(StrEnum):
    """What is wrong with a camera (ONVIF event topics); the heartbeat says that the camera is there.

    The last three are the room's own: nothing heard, coming and going, most of a switch's cameras gone.
    """

    SIGNAL_LOSS = "signal_loss"
    TAMPER = "tamper"  # moved, covered, sprayed
    IMAGE_QUALITY = "image_quality"  # too dark, bright or blurry
    HARDWARE = "hardware"  # fan, storage, power supply, temperature
    OFFLINE = "offline"
    RECORDING = "recording"
    HEARTBEAT = "heartbeat"
    SILENT = "silent"
    FLAPPING = "flapping"
    GROUP_DARK = "group_dark"


class FaultState(StrEnum):
    """Raised and cleared, as the camera or its recorder reports it."""

    RAISED = "raised"
    CLEARED = "cleared"


class CallStep(StrEnum):
    """Where a help point call stands, and the point's test of itself.

    The last three are the room's own: nobody answered, a button that is stuck, a test that did not come.
    """

    STARTED = "started"
    ANSWERED = "answered"
    ENDED = "ended"
    SELF_TEST = "self_test"
    ABANDONED = "abandoned"
    STUCK = "stuck"
    SELF_TEST_OVERDUE = "self_test_overdue"


class WorkerEvent(StrEnum):
    """What a lone worker's device sends. Duress looks normal on the device; nobody rings it.

    The words from `check_late` on are the room's own, about somebody who should have been heard.
    """

    CHECK_IN = "check_in"
    SOS = "sos"
    MAN_DOWN = "man_down"
    DURESS = "duress"
    AMBER_TIMER = "amber_timer"  # a timed note; its expiry turns it red
    LOW_BATTERY = "low_battery"
    BOOKED_ON = "booked_on"
    BOOKED_OFF = "booked_off"
    CHECK_LATE = "check_late"
    CHECK_MISSED = "check_missed"  # late, and the grace is over: the worker is called
    UNREACHED = "unreached"  # calling the worker brought nothing: the supervisor is called
    UNACCOUNTED = "unaccounted"  # nor did the supervisor: a crew goes
    AMBER_EXPIRED = "amber_expired"  # a timed note turned red
    BOOK_ON_MISSED = "book_on_missed"  # a shift of the roster began without its worker
    SHIFT_OVERRUN = "shift_overrun"  # nobody booked off when the shift was over


class GuardEvent(StrEnum):
    """What a guard reports (BS 7499: booking on and off, check calls in between).

    The words from `check_late` on are the room's own, as for a lone worker.
    """

    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"
    CHECK_CALL = "check_call"
    CHECK_LATE = "check_late"
    CHECK_MISSED = "check_missed"
    UNREACHED = "unreached"
    UNACCOUNTED = "unaccounted"
    BOOK_ON_MISSED = "book_on_missed"
    SHIFT_OVERRUN = "shift_overrun"
    VISIT = "visit"  # a patrol was at the site that is its post
    VISIT_MISSED = "visit_missed"  # the room's own: no patrol came in its window


class ParkEvent(StrEnum):
    """What a warden's terminal or a gate controller reports of a park or cemetery (Parkswatch).

    Source: the council report's five businesses (opening and closing, incidents and anti-social behaviour,
    licensed premises in parks); the words for what wardens find are ours.
    """

    OPENED = "opened"
    CLOSED = "closed"
    FOUND_OPEN = "found_open"  # a gate that should be locked stands open
    FOUND_INSECURE = "found_insecure"  # a fence cut, a lock broken, a building that can be entered
    LOCKED_IN = "locked_in"  # a person or a vehicle is behind locked gates
    FIRE = "fire"
    INJURY = "injury"
    PERSON_IN_WATER = "person_in_water"
    PERSON_MISSING = "person_missing"
    ANTISOCIAL_BEHAVIOUR = "antisocial_behaviour"
    NUISANCE_VEHICLE = "nuisance_vehicle"  # motorcycles and quad bikes on grass and paths
    VANDALISM = "vandalism"
    DANGEROUS_DOG = "dangerous_dog"
    FLY_TIPPING = "fly_tipping"
    LICENCE_BREACH = "licence_breach"  # licensed premises in parks
    GATE_FAULT = "gate_fault"
    GATE_MENDED = "gate_mended"
    NOT_OPENED = "not_opened"  # the room's own: its hour is past, and nobody said that it is open
    NOT_CLOSED = "not_closed"  # the room's own: nobody said that it is closed


class TelecareEvent(StrEnum):
    """What a home's telecare unit or its gateway reports (Care Ring), by SCAIP device type where it has one.

    Source: SCAIP (`dty` 0003 to 0045, `mty` PI and RE, `stc` 0092 and 0093; CLC/TS 50134-9, SS 91100) and
    Contact ID 654; sensors that the open protocol notes do not number are the usual ones of a telecare list.
    """

    PENDANT = "pendant"  # 0003: the trigger that a person wears
    PULL_CORD = "pull_cord"  # 0004: a fixed trigger
    FALL = "fall"  # 0005
    PANIC = "panic"  # 0007: a button that no lamp or voice answers
    INACTIVITY = "inactivity"  # 0010; Contact ID 654
    WANDERING = "wandering"  # a door that should not have opened at this hour
    SEIZURE = "seizure"
    BOGUS_CALLER = "bogus_caller"  # a silent button beside the door: nobody is to hear the room listen
    SMOKE = "smoke"
    CARBON_MONOXIDE = "carbon_monoxide"
    GAS = "gas"
    FLOOD = "flood"
    LOW_TEMPERATURE = "low_temperature"
    MEDICATION_MISSED = "medication_missed"
    REASSURANCE_MISSED = "reassurance_missed"  # the resident did not answer the daily call
    REASSURANCE_ANSWERED = "reassurance_answered"
    RESET = "reset"  # RE, 0092, 0093: the trigger is quiet again, which says nothing of the person
    TEST = "test"  # PI: the periodic test call
    MAINS_LOST = "mains_lost"
    MAINS_RESTORED = "mains_restored"
    LOW_BATTERY = "low_battery"
    OTHER = "other"  # a device type that the gateway does not know: taken for a cry for help


LIFE_SAFETY_ALARMS = frozenset(
    {
        AlarmEvent.MEDICAL,
        AlarmEvent.FIRE,
        AlarmEvent.PANIC,
        AlarmEvent.DURESS,
        AlarmEvent.HOLD_UP,
        AlarmEvent.GAS,
    }
)
"""Alarm events that no hold, mute or repeat filter may ever touch."""

LIFE_SAFETY_WORKER = frozenset(
    {WorkerEvent.SOS, WorkerEvent.MAN_DOWN, WorkerEvent.DURESS, WorkerEvent.AMBER_EXPIRED}
)
"""Worker events that no hold, mute or repeat filter may ever touch."""

LIFE_SAFETY_SILENCE = frozenset({WorkerEvent.CHECK_MISSED, WorkerEvent.UNREACHED, WorkerEvent.UNACCOUNTED})
"""What the room says of a worker or a guard who should have been heard and was not: never only logged."""

LIFE_SAFETY_PARK = frozenset(
    {ParkEvent.FIRE, ParkEvent.INJURY, ParkEvent.PERSON_IN_WATER, ParkEvent.PERSON_MISSING}
)
"""Park events that no hold, mute or repeat filter may ever touch."""

LIFE_SAFETY_TELECARE = frozenset(
    {
        TelecareEvent.PENDANT,
        TelecareEvent.PULL_CORD,
        TelecareEvent.FALL,
        TelecareEvent.PANIC,
        TelecareEvent.INACTIVITY,
        TelecareEvent.WANDERING,
        TelecareEvent.SEIZURE,
        TelecareEvent.BOGUS_CALLER,
        TelecareEvent.SMOKE,
        TelecareEvent.CARBON_MONOXIDE,
        TelecareEvent.GAS,
        TelecareEvent.OTHER,
    }
)
"""Personal alarms of telecare: no hold, mute or repeat filter may ever touch them."""

ALARM_ACTIVATIONS = LIFE_SAFETY_ALARMS | {
    AlarmEvent.INTRUDER,
    AlarmEvent.INTRUDER_EXTERNAL,
    AlarmEvent.TAMPER,
    AlarmEvent.ENVIRONMENT,
}
"""Alarm events that are an activation for the plan's measures 18 and 19: not faults, openings or tests."""

ROOM_WORDS: frozenset[str] = frozenset(
    {
        "check_late",
        "check_missed",
        "unreached",
        "unaccounted",
        "amber_expired",
        "book_on_missed",
        "shift_overrun",
        CameraFault.SILENT,
        CameraFault.FLAPPING,
        CameraFault.GROUP_DARK,
        CallStep.ABANDONED,
        CallStep.STUCK,
        CallStep.SELF_TEST_OVERDUE,
        AlarmEvent.LATE_TO_SET,
        AlarmEvent.EARLY_OPEN,
        AlarmEvent.TEST_OVERDUE,
        AlarmEvent.PATH_SILENT,
        AlarmEvent.FALSE_CALL_WARNING,
        GuardEvent.VISIT_MISSED,
        ParkEvent.NOT_OPENED,
        ParkEvent.NOT_CLOSED,
    }
)
"""Words of these vocabularies that only the room itself says, when something expected did not come (see
`incidents.inferred`); from the field they are refused."""
