"""The dashboard of the Plan on a Page: the nineteen measures as counters, and against the year before.

The system of record is the ledger: `increase` reckons between samples, so a figure here can be off by a
little where the manager's pages are exact. Nothing here is good or bad unless somebody has set a target.
"""

from scripts.dashboards.panels import Ask, Board, Panel, bars, graph, table

EVENTS = "leedswatch_plan_events_total"
BY = "sum by (measure, priority)"
PRIORITIES = {
    "A": "Promoting community tolerance and respect",
    "B": "Keeping people safe from harm",
    "C": "Protecting property and the rights of citizens",
}
NAMED = "{{priority}}: {{measure}}"


def over(span: str, *, before: str = "") -> str:
    """Return what counted over this span, now or so long before."""
    offset = f" offset {before}" if before else ""
    return f"{BY} (increase({EVENTS}[{span}]{offset}))"


def year_on_year(span: str) -> str:
    """Return by which share this span differs from a year ago; nothing where there was nothing."""
    return f"{over(span)} / ({over(span, before='365d')} > 0) - 1"


def of_priority(letter: str, words: str) -> Panel:
    """Return the bars of one shared priority: the figures of the quarter that goes on."""
    of_it = f'leedswatch_plan_events_total{{priority="{letter}"}}'
    figure = 'leedswatch_plan_value{period="quarter"}'
    return bars(
        f"Priority {letter}, this quarter",
        f"{words}: the figures of the quarter so far, corrections included.",
        Ask(f"{figure} and on (measure) {of_it}", "{{measure}}"),
        width=8,
    )


PLAN = Board(
    "plan-on-a-page",
    "Plan on a Page",
    "now-90d",
    (
        *(of_priority(letter, words) for letter, words in PRIORITIES.items()),
        table(
            "Milestones",
            "The state that each goal of the plan is in.",
            Ask("leedswatch_plan_milestone == 1", "{{measure}}: {{state}}"),
            width=8,
        ),
        table(
            "This plan year",
            "The figure of the plan year so far, corrections included; of a percentage, the share.",
            Ask('leedswatch_plan_value{period="year"}', "{{measure}}"),
            width=8,
        ),
        table(
            "Taken back, last 90 days",
            "How much corrections and withdrawals took back.",
            Ask("sum by (measure) (increase(leedswatch_plan_taken_back_total[90d]))", "{{measure}}"),
            width=8,
        ),
        table("Last 90 days", "What counted in 90 days.", Ask(over("90d"), NAMED), width=8),
        table(
            "The same 90 days a year ago",
            "What counted in the same 90 days a year ago.",
            Ask(over("90d", before="365d"), NAMED),
            width=8,
        ),
        table(
            "Change on a year ago",
            "By which share the last 90 days differ from a year ago. More is not always better.",
            Ask(year_on_year("90d"), NAMED),
            unit="percentunit",
            width=8,
        ),
        graph(
            "Alarms handled and responded to",
            "Alarms a day: handled reached a disposition, responded to means that a crew accepted.",
            Ask(f'sum(increase({EVENTS}{{measure="alarms_handled"}}[24h]))', "handled"),
            Ask(f'sum(increase({EVENTS}{{measure="alarms_responded"}}[24h]))', "responded to"),
        ),
        graph(
            "Lone-worker checks",
            "Checks a day.",
            Ask(f'sum(increase({EVENTS}{{measure="lone_worker_checks"}}[24h]))', "checks"),
        ),
        graph(
            "Thirty days and the same days a year ago",
            "Alarms responded to in 30 days, and in the same 30 days of the year before.",
            Ask(f'sum(increase({EVENTS}{{measure="alarms_responded"}}[30d]))', "now"),
            Ask(f'sum(increase({EVENTS}{{measure="alarms_responded"}}[30d] offset 365d))', "a year ago"),
            width=24,
        ),
    ),
)
