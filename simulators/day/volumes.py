"""How much of everything happens in a day of Leeds. Where a figure has a source it stands beside it.

All others are ours, sized by what a service of eighty staff could work; docs/city.md lists them for people.
Figures are a mean day of 24 hours; a week and its hours are shaped by `shapes`.
"""

from controlroom.signals.vocabulary import AlarmEvent, CameraFault, TelecareEvent

INTRUSIONS = 14.0
"""Intruder activations of 330 set buildings: one each in three to four weeks, as poorly kept systems have.
94 to 98 % of burglar alarms are false (popcenter.org), which here is what crews and restores find."""

LIFE = 9.0
LIFE_MIX = {
    AlarmEvent.FIRE: 62,
    AlarmEvent.PANIC: 22,
    AlarmEvent.MEDICAL: 6,
    AlarmEvent.HOLD_UP: 4,
    AlarmEvent.DURESS: 3,
    AlarmEvent.GAS: 3,
}
"""Life-safety activations and their shares in percent. Most fire alarms are automatic and false: 97.5 % of
130,000 in England in 2021/22 (thefpa.co.uk); a county of 800,000 had 20 a day (profiles, `fire_alarm`)."""

MINOR = 150.0
MINOR_MIX = {
    AlarmEvent.ACCESS: 70,
    AlarmEvent.PATH_FAULT: 9,
    AlarmEvent.BYPASS: 8,
    AlarmEvent.SYSTEM_FAULT: 4,
    AlarmEvent.MAINS_FAULT: 3,
    AlarmEvent.BATTERY_FAULT: 2,
    AlarmEvent.OTHER: 2,
    AlarmEvent.TAMPER: 1,
    AlarmEvent.ENVIRONMENT: 1,
}
"""Small reports of panels and their shares in percent: mostly refused codes and cards."""

WALK_TESTS = 6.0
"""Engineers' visits with a walk test: each panel twice a year is two a day, and repairs come on top."""

CAMERA_FAULTS = 45.0
CAMERA_MIX = {
    CameraFault.SIGNAL_LOSS: 34,
    CameraFault.IMAGE_QUALITY: 28,
    CameraFault.OFFLINE: 18,
    CameraFault.RECORDING: 11,
    CameraFault.HARDWARE: 8,
    CameraFault.TAMPER: 1,
}
"""Faults of 1,188 cameras: 4 % of them on a day, most of which mend themselves."""

FLAPS = 0.8
SILENCES = 3.0
"""Cameras that come and go, and cameras that fall silent without a word, of those that send heartbeats."""

HELP_CALLS = 55.0
RINGS_OUT = 0.03
"""Calls of 78 help points, more in the evening and at the weekend; and the share that nobody answers."""

TELECARE_CALLS = 75.0
CALL_MIX = {
    TelecareEvent.PENDANT: 52,
    TelecareEvent.PULL_CORD: 22,
    TelecareEvent.FALL: 9,
    TelecareEvent.SMOKE: 5,
    TelecareEvent.INACTIVITY: 4,
    TelecareEvent.WANDERING: 3,
    TelecareEvent.OTHER: 2,
    TelecareEvent.BOGUS_CALLER: 1,
    TelecareEvent.FLOOD: 1,
    TelecareEvent.SEIZURE: 1,
}
"""Personal alarms of 537 homes and their shares in percent: some 50 a year from each. Of Care Ring's 537,451
alerts of a year 2,378 led to a blue-light call: most are a voice and a comfort."""

TELECARE_TESTS = 18.0
"""Units test themselves once a month."""

REASSURANCE = 110.0
REASSURANCE_MISSED = 0.01
"""Daily reassurance calls to one resident in five, between 09:00 and 11:00, and the share not answered."""

TELECARE_FAULTS = 7.0
FAULT_MIX = {
    TelecareEvent.MAINS_LOST: 55,
    TelecareEvent.LOW_BATTERY: 33,
    TelecareEvent.LOW_TEMPERATURE: 6,
    TelecareEvent.MEDICATION_MISSED: 6,
}
"""What units report of the home and themselves, in percent."""

TROUBLE = 0.9
"""SOS, man-down and duress of 60 lone workers: about one a day, most of them a button leaned on."""

BATTERIES = 4.0
"""Devices of lone workers that say that their battery is low."""

PARK_INCIDENTS = 7.0
PARK_DANGERS = 0.35
GATE_FAULTS = 0.4
"""What wardens find in 20 parks and cemeteries, what threatens a life there, and gates that stick."""
