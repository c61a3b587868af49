"""The dashboard of the shift: is everything running, what comes in, who waits."""

from scripts.dashboards.panels import (
    AMBER,
    GOOD_AT_ZERO,
    GREEN,
    RED,
    Ask,
    Board,
    bars,
    graph,
    quantiles,
    stat,
)

LIMITS = "controlroom_incident_limits_total"

OPERATIONS = Board(
    "operations",
    "Operations",
    "now-1h",
    (
        stat(
            "Broker",
            "Is the room connected to the broker?",
            "controlroom_mqtt_connected",
            steps=((None, RED), (1, GREEN)),
            words=((0, "LOST"), (1, "connected")),
        ),
        stat(
            "Store",
            "Is every signal stored before it is acknowledged?",
            "controlroom_degraded",
            steps=GOOD_AT_ZERO,
            words=((0, "stores"), (1, "AWAY")),
        ),
        stat(
            "Priority 1, waiting",
            "Incidents about a life that nobody has yet.",
            'sum(controlroom_incidents_open{queue="waiting",priority="1"})',
            steps=GOOD_AT_ZERO,
        ),
        stat(
            "Oldest that waits",
            "Age of the oldest incident that nobody has yet.",
            'max(controlroom_incident_oldest_seconds{queue="waiting"})',
            unit="s",
            steps=((None, GREEN), (90, AMBER), (180, RED)),
        ),
        stat(
            "Most overdue",
            "How long ago somebody should have moved, at the worst.",
            "max(controlroom_incident_overdue_seconds)",
            unit="s",
            steps=((None, GREEN), (60, AMBER), (300, RED)),
        ),
        stat(
            "Orders not confirmed",
            "Orders decided and stored that the broker has not confirmed.",
            "controlroom_orders_unsent",
            steps=GOOD_AT_ZERO,
        ),
        stat(
            "Missed checks, last day",
            "Checks of lone workers and guards that never came.",
            'sum(increase(controlroom_lone_worker_checks_total{result="missed"}[24h]))'
            ' + sum(increase(controlroom_guard_checks_total{result="missed"}[24h]))',
        ),
        stat(
            "On duty alone",
            "People who are watched over now.",
            "sum(controlroom_people_on_duty)",
        ),
        stat(
            "Quarantined, last hour",
            "Signals that could not be read. Each is kept and shown on the console.",
            "sum(increase(controlroom_signals_quarantined_total[1h]))",
            steps=((None, GREEN), (1, AMBER)),
        ),
        stat(
            "Unknown",
            "Things the field owes that cannot be known, because of an outage of the room's own.",
            "controlroom_watches_unknown",
            steps=GOOD_AT_ZERO,
        ),
        stat("Consoles", "Browsers that follow the live stream.", "controlroom_stream_clients"),
        stat(
            "Unwatched sources",
            "Sources of the estate whose silence nothing would notice.",
            "sum(controlroom_sources_unwatched)",
        ),
        graph(
            "Open incidents",
            "Incidents that are not closed, by whom they wait for.",
            Ask("sum by (queue) (controlroom_incidents_open)", "{{queue}}"),
        ),
        graph(
            "Opened in ten minutes",
            "Incidents opened within ten minutes, by feed; ten a person is a flood in EEMUA 191, a guide.",
            Ask("sum by (kind) (increase(controlroom_incidents_opened_total[10m]))", "{{kind}}"),
        ),
        graph(
            "Signals received",
            "Signals a second, by feed.",
            Ask("sum by (kind) (rate(controlroom_signals_received_total[$__rate_interval]))", "{{kind}}"),
            unit="reqps",
        ),
        graph(
            "Decisions",
            "Decisions a second: mobile response or the log.",
            Ask("sum by (route) (rate(controlroom_decisions_total[$__rate_interval]))", "{{route}}"),
            unit="reqps",
        ),
        graph(
            "Answer limits kept",
            "Share of answers within the limit of their rule; the alerts count on 98.5 %.",
            Ask(
                f'sum by (kind) (increase({LIMITS}{{limit="answer",result="within"}}[1h]))'
                f' / sum by (kind) (increase({LIMITS}{{limit="answer"}}[1h]) > 0)',
                "{{kind}}",
            ),
            unit="percentunit",
        ),
        graph(
            "Time to own",
            "From the opening of an incident to a person's first act; what the room handled is not in it.",
            *quantiles("controlroom_incident_own_seconds"),
            unit="s",
        ),
        graph(
            "Escalations",
            "Times that somebody was told that nobody moved.",
            Ask("increase(controlroom_escalations_total[$__rate_interval])", "told"),
        ),
        graph(
            "Closed",
            "Incidents closed, by what was found.",
            Ask(
                "sum by (outcome) (increase(controlroom_incidents_closed_total[$__rate_interval]))",
                "{{outcome}}",
            ),
        ),
        bars(
            "Watches that ran out, last day",
            "What should have happened and did not, by what was expected.",
            Ask("sum by (watch) (increase(controlroom_watches_expired_total[24h])) > 0", "{{watch}}"),
        ),
        bars(
            "Lone-worker checks, last day",
            "Checks of lone workers by how they went.",
            Ask("sum by (result) (increase(controlroom_lone_worker_checks_total[24h]))", "{{result}}"),
        ),
    ),
)
