"""The dashboard of the service itself: is it quick, is it whole, who uses it."""

from scripts.dashboards.panels import (
    AMBER,
    GOOD_AT_ZERO,
    GREEN,
    RED,
    Ask,
    Board,
    graph,
    quantiles,
    stat,
    table,
)

JOB = '{job="controlroom"}'

SERVICE = Board(
    "service-health",
    "Service health",
    "now-6h",
    (
        stat(
            "Room",
            "Does the room answer Prometheus?",
            f"up{JOB}",
            steps=((None, RED), (1, GREEN)),
            words=((0, "SILENT"), (1, "answers")),
        ),
        table("Version", "The version that runs.", Ask("controlroom_build_info", "{{version}}"), width=4),
        stat("Up for", "Time since the last start.", f"time() - process_start_time_seconds{JOB}", unit="s"),
        stat(
            "Rules in force for",
            "Time since the rule set in force began to decide.",
            "time() - controlroom_rules_loaded_timestamp_seconds",
            unit="s",
        ),
        stat(
            "Waiting",
            "Things told and not decided yet.",
            "controlroom_inbox_waiting",
            steps=((None, GREEN), (100, AMBER), (500, RED)),
        ),
        stat(
            "Log lines lost, last day",
            "Times that lines of the log could not be written.",
            "sum(increase(controlroom_log_writes_lost_total[24h]))",
            steps=GOOD_AT_ZERO,
        ),
        graph(
            "Age when durable",
            "How old a signal is, by its device's clock, when it is decided and durable.",
            *quantiles("controlroom_ingest_lag_seconds"),
            unit="s",
        ),
        graph(
            "Age when durable, by feed",
            "One feed that is late alone has a slow gateway or a wrong clock.",
            Ask(
                "histogram_quantile(0.99, sum by (le, kind)"
                " (rate(controlroom_ingest_lag_seconds_bucket[$__rate_interval])))",
                "{{kind}}",
            ),
            unit="s",
        ),
        graph(
            "Durable within 5 s",
            "Share of signals that were durable within 5 s; the alerts count on 99 %.",
            Ask("1 - room:controlroom_ingest_slow:ratio_rate1h", "of an hour"),
            Ask("1 - room:controlroom_ingest_slow:ratio_rate3d", "of three days"),
            unit="percentunit",
        ),
        graph(
            "Journal writes",
            "How long the store takes to make a frame durable.",
            *quantiles("controlroom_journal_append_seconds"),
            unit="s",
        ),
        graph(
            "Deciding",
            "How long the room decides before it lets others speak.",
            *quantiles("controlroom_decide_batch_seconds"),
            unit="s",
        ),
        graph(
            "Records a frame",
            "Records that became durable with one write: more of them means that the store is the slow part.",
            Ask(
                "rate(controlroom_journal_records_total[$__rate_interval])"
                " / (rate(controlroom_journal_append_seconds_count[$__rate_interval]) > 0)",
                "records",
            ),
        ),
        graph(
            "Commands",
            "What people asked, by what came of it.",
            Ask("sum by (result) (increase(controlroom_commands_total[$__rate_interval]))", "{{result}}"),
        ),
        graph(
            "Unrecorded and quarantined",
            "Messages that were heard before or could not be read.",
            Ask("sum by (why) (increase(controlroom_signals_unrecorded_total[$__rate_interval]))", "{{why}}"),
            Ask(
                "sum by (reason) (increase(controlroom_signals_quarantined_total[$__rate_interval])) > 0",
                "quarantined: {{reason}}",
            ),
        ),
        graph(
            "Session with the broker",
            "What the session went through: reconnecting and pausing are the ones to look at.",
            Ask("sum by (what) (increase(controlroom_mqtt_session_total[$__rate_interval]))", "{{what}}"),
        ),
        graph(
            "Consoles",
            "Browsers that follow, and how many had to start over.",
            Ask("controlroom_stream_clients", "follow"),
            Ask(
                "sum by (reason) (increase(controlroom_stream_resyncs_total[$__rate_interval]))",
                "start over: {{reason}}",
            ),
        ),
        graph(
            "Deadlines that fired late",
            "How long after its moment a watch fired.",
            *quantiles("controlroom_watch_lateness_seconds"),
            unit="s",
        ),
        graph(
            "Watches armed",
            "Things expected by a deadline, by what; the ten commonest.",
            Ask("topk(10, controlroom_watches_armed)", "{{watch}}"),
        ),
        graph(
            "Memory",
            "Memory of the process.",
            Ask(f"process_resident_memory_bytes{JOB}", "resident"),
            unit="bytes",
        ),
        graph(
            "Processor",
            "Share of one processor that the room takes.",
            Ask(f"rate(process_cpu_seconds_total{JOB}[$__rate_interval])", "processor"),
            unit="percentunit",
        ),
    ),
)
