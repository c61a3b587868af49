"""The dashboard of mobile response: orders, how far they are, and how long crews take."""

from scripts.dashboards.panels import GOOD_AT_ZERO, Ask, Board, bars, graph, quantiles, stat

ARRIVED = "controlroom_incident_arrive_seconds"
LATE = 'controlroom_incident_limits_total{limit="response",result="late"}'
ALL = 'controlroom_incident_limits_total{limit="response"}'

RESPONSE = Board(
    "mobile-response",
    "Mobile response",
    "now-24h",
    (
        stat("Orders now", "Orders that are not over.", "sum(controlroom_orders_open)"),
        stat(
            "Given, not accepted",
            "Orders that no unit has accepted yet.",
            'sum(controlroom_orders_open{state="given"})',
        ),
        stat("On scene", "Units at a place now.", 'sum(controlroom_orders_open{state="on_scene"})'),
        stat(
            "Not confirmed",
            "Orders that the broker has not confirmed: the crew has not heard of them.",
            "controlroom_orders_unsent",
            steps=GOOD_AT_ZERO,
        ),
        stat(
            "Refused, last day",
            "Orders that a unit refused.",
            'increase(controlroom_orders_total{step="refused"}[24h])',
        ),
        stat(
            "Not accepted in time, last day",
            "Orders that nobody accepted in time.",
            'increase(controlroom_watches_expired_total{watch="acceptance"}[24h])',
        ),
        graph(
            "Orders by state",
            "Orders that are not over, by the last step that their unit told of.",
            Ask("sum by (state) (controlroom_orders_open)", "{{state}}"),
        ),
        graph(
            "Steps",
            "Steps that orders reached: a gap between two steps is a crew that waits.",
            Ask("sum by (step) (increase(controlroom_orders_total[$__rate_interval]))", "{{step}}"),
        ),
        graph(
            "Time to send by a person",
            "From the opening of an incident to its first order, where a person gave it.",
            *quantiles("controlroom_incident_send_seconds", where='{by="person"}'),
            unit="s",
        ),
        graph(
            "Time to arrive",
            "From the first order to the first unit on scene, refusals included.",
            *quantiles(ARRIVED),
            unit="s",
        ),
        graph(
            "Response limits kept",
            "Share of arrivals within the limit of their rule.",
            Ask(
                f"1 - sum by (kind) (increase({LATE}[24h])) / sum by (kind) (increase({ALL}[24h]) > 0)",
                "{{kind}}",
            ),
            unit="percentunit",
        ),
        bars(
            "Arrived within 20 minutes, last week",
            "Share of arrivals within 20 minutes of the first order; the edge is a bucket's, so it is exact.",
            Ask(
                f'sum by (kind) (increase({ARRIVED}_bucket{{le="1200.0"}}[7d]))'
                f" / sum by (kind) (increase({ARRIVED}_count[7d]) > 0)",
                "{{kind}}",
            ),
            unit="percentunit",
        ),
        bars(
            "Who sent, last week",
            "First orders by the room's own rules and by people.",
            Ask("sum by (by) (increase(controlroom_incident_send_seconds_count[7d]))", "{{by}}"),
        ),
        bars(
            "Decisions, last week",
            "Signals that led to mobile response, by feed.",
            Ask(
                'sum by (kind) (increase(controlroom_decisions_total{route="mobile_response"}[7d]))',
                "{{kind}}",
            ),
        ),
    ),
)
