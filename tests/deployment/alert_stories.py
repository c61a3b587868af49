"""For each alert a story in which it fires and one in which it does not, as series for Prometheus' own tool.

A series is written as promtool reads it: `0+5x20` is 0, and 5 more at each of twenty minutes. What stands
in the quiet story is the nearest that is still well, so that an alert that always fires is found out.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

Series = dict[str, str]

LIMITS = 'controlroom_incident_limits_total{{limit="answer",kind="arc-alarm",result="{result}"}}'
LATE, WITHIN = LIMITS.format(result="late"), LIMITS.format(result="within")
LAG = 'controlroom_ingest_lag_seconds_bucket{{kind="guard",le="{le}"}}'
COUNT = 'controlroom_ingest_lag_seconds_count{kind="guard"}'
JOB = '{job="controlroom"}'
LATENESS = 'controlroom_watch_lateness_seconds_bucket{{watch="answer",le="{le}"}}'
APPEND = 'controlroom_journal_append_seconds_bucket{{le="{le}"}}'


class Story(NamedTuple):
    """Series in which the alert fires, others in which it does not, and the minute at which both are asked.

    `labels` are what the alert carries besides its severity; `step` is the minutes between samples.
    """

    fires: Series
    quiet: Series
    minute: int = 10
    labels: Mapping[str, str] = MappingProxyType({})
    step: int = 1


def steady(value: float, minutes: int = 20) -> str:
    """Return a series that has this value all the time."""
    return f"{value}+0x{minutes}"


def counting(per_minute: float, minutes: int = 20) -> str:
    """Return a counter that grows so much a minute."""
    return f"0+{per_minute}x{minutes}"


def above(name: str, bad: float, well: float, minute: int = 10) -> Story:
    """Return the story of a gauge that is too high, and of one that is not."""
    length = max(20, minute + 5)
    return Story({name: steady(bad, length)}, {name: steady(well, length)}, minute)


def answers(late: float, minutes: int, step: int = 1) -> Story:
    """Return the story of ten answers a minute of which so many are late, and of one in which none is."""
    length = minutes // step + 5
    return Story(
        {LATE: counting(late, length), WITHIN: counting(10 - late, length)},
        {LATE: counting(0.1, length), WITHIN: counting(9.9, length)},
        minutes,
        step=step,
    )


def ingest(slow: float, minutes: int, step: int = 1) -> Story:
    """Return the story of a hundred signals a minute of which so many are slow, and of one with the usual."""
    length = minutes // step + 5
    return Story(
        {LAG.format(le="5.0"): counting(100 - slow, length), COUNT: counting(100, length)},
        {LAG.format(le="5.0"): counting(99.5, length), COUNT: counting(100, length)},
        minutes,
        step=step,
    )


def tail(name: str, edges: tuple[str, str], minute: int = 15) -> Story:
    """Return the story of a histogram all of whose times lie above the first edge, and below it."""
    low, high = (name.format(le=edge) for edge in edges)
    infinite = name.format(le="+Inf")
    return Story(
        {low: counting(0), high: counting(10), infinite: counting(10)},
        {low: counting(10), high: counting(10), infinite: counting(10)},
        minute,
    )


RECEIVED = 'controlroom_signals_received_total{kind="park"}'
CONNECTED = "controlroom_mqtt_connected"
OPEN = "controlroom_incident_oldest_seconds"
SPOKE_AND_STOPPED = "0+2x10 20+0x40"

STORIES: dict[str, Story] = {
    "Watchdog": Story({}, {}),
    "RoomSilent": Story({f"up{JOB}": steady(0)}, {f"up{JOB}": steady(1)}, labels={"job": "controlroom"}),
    "RoomRestarting": Story(
        {f"process_start_time_seconds{JOB}": "1 2 3 4 5"},
        {f"process_start_time_seconds{JOB}": "1 1 2 2 3"},
        4,
        {"job": "controlroom"},
    ),
    "RoomDegraded": above("controlroom_degraded", 1, 0),
    "BrokerLost": Story({CONNECTED: steady(0)}, {CONNECTED: steady(1)}),
    "NobodyFollows": Story(
        {"controlroom_stream_clients": steady(0)}, {"controlroom_stream_clients": steady(1)}
    ),
    "InboxFilling": above("controlroom_inbox_waiting", 501, 500),
    "RulesRefused": Story(
        {'controlroom_rules_reloads_total{result="refused"}': "0 0 0 1 1 1"},
        {'controlroom_rules_reloads_total{result="swapped"}': "0 0 0 1 1 1"},
        5,
        {"result": "refused"},
    ),
    "LogLost": Story(
        {'controlroom_log_writes_lost_total{log="canonical"}': "0 0 2 2"},
        {'controlroom_log_writes_lost_total{log="canonical"}': "2 2 2 2"},
        3,
        {"log": "canonical"},
    ),
    "MemoryHigh": above(f"process_resident_memory_bytes{JOB}", 1.6e9, 1.4e9, 15)._replace(
        labels={"job": "controlroom"}
    ),
    "FilesRunningOut": Story(
        {f"process_open_fds{JOB}": steady(900), f"process_max_fds{JOB}": steady(1000)},
        {f"process_open_fds{JOB}": steady(700), f"process_max_fds{JOB}": steady(1000)},
        labels={"job": "controlroom"},
    ),
    "UrgentUnanswered": Story(
        {OPEN + '{queue="waiting",priority="1"}': steady(90)},
        {
            OPEN + '{queue="waiting",priority="1"}': steady(60),
            OPEN + '{queue="waiting",priority="2"}': steady(900),
            OPEN + '{queue="in_hand",priority="1"}': steady(900),
        },
        labels={"queue": "waiting", "priority": "1"},
    ),
    "WorkOverdue": Story(
        {'controlroom_incident_overdue_seconds{priority="3"}': steady(901)},
        {'controlroom_incident_overdue_seconds{priority="3"}': steady(900)},
    ),
    "OrdersUnsent": above("controlroom_orders_unsent", 1, 0),
    "CrewsSilent": Story(
        {'controlroom_watches_expired_total{watch="acceptance"}': counting(0.3)},
        {
            'controlroom_watches_expired_total{watch="acceptance"}': counting(0.1),
            'controlroom_watches_expired_total{watch="answer"}': counting(9),
        },
        20,
        {"watch": "acceptance"},
    ),
    "PeopleUnknown": above("controlroom_watches_unknown", 1, 0),
    "WatchesLate": tail(LATENESS, ("5.0", "30.0"), 20),
    "AnswersBurningFast": answers(3, 90),
    "AnswersBurning": answers(1.2, 400, step=10),
    "AnswersBurningSlowly": answers(0.2, 4410, step=30),
    "IngestBurningFast": ingest(20, 90),
    "IngestBurning": ingest(8, 400, step=10),
    "IngestBurningSlowly": ingest(1.5, 4410, step=30),
    "IngestStopped": Story(
        {RECEIVED: steady(60, 40), CONNECTED: steady(1, 40)},
        {RECEIVED: counting(0.2, 40), CONNECTED: steady(1, 40)},
        30,
    ),
    "FeedQuiet": Story(
        {RECEIVED: SPOKE_AND_STOPPED}, {RECEIVED: counting(3, 60)}, 900, {"kind": "park"}, step=30
    ),
    "SignalsQuarantined": Story(
        {'controlroom_signals_quarantined_total{reason="bad_json"}': "0 0 1 1"},
        {'controlroom_signals_quarantined_total{reason="bad_json"}': "1 1 1 1"},
        3,
        {"reason": "bad_json"},
    ),
    "DecisionsSlow": tail(LAG, ("1.0", "2.5")),
    "JournalSlow": tail(APPEND, ("0.1", "0.5")),
    "PasswordsGuessed": Story(
        {'controlroom_sign_ins_total{result="wrong"}': counting(3)},
        {
            'controlroom_sign_ins_total{result="wrong"}': counting(1),
            'controlroom_sign_ins_total{result="admitted"}': counting(30),
        },
    ),
    "AccountLocked": above("controlroom_accounts_locked", 1, 0),
    "RestrictedUnattended": Story(
        {"controlroom_restricted_unattended": steady(1)}, {"controlroom_restricted_unattended": steady(0)}
    ),
    "ReferralsDead": Story(
        {"controlroom_referrals_dead": steady(1)},
        {"controlroom_referrals_dead": steady(0), "controlroom_referrals_undelivered": steady(9)},
    ),
    "RequestsFailed": Story(
        {'controlroom_requests_refused_total{reason="failed"}': "0 0 1 1"},
        {
            'controlroom_requests_refused_total{reason="failed"}': "1 1 1 1",
            'controlroom_requests_refused_total{reason="not_allowed"}': counting(9),
        },
        3,
        {"reason": "failed"},
    ),
    "CamerasDark": Story(
        {'controlroom_camera_availability_ratio{group="utc",period="day"}': steady(0.85, 60)},
        {
            'controlroom_camera_availability_ratio{group="utc",period="day"}': steady(0.9, 60),
            'controlroom_camera_availability_ratio{group="utc",period="month"}': steady(0.5, 60),
        },
        45,
        {"group": "utc", "period": "day"},
    ),
    "ConsolesStartOver": Story(
        {'controlroom_stream_resyncs_total{reason="stalled"}': counting(5)},
        {'controlroom_stream_resyncs_total{reason="stalled"}': counting(1)},
        labels={"reason": "stalled"},
    ),
}
