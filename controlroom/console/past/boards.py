"""What of the live console's questions is answered about the past too: all that its page asks to draw."""

from collections.abc import Iterable, Iterator

from controlroom.console.routes import Declared

PAST = "/api/v1/past"
"""Where the past is asked for: what is live at `/api/v1/x` is as it was at `/api/v1/past/{position}/x`."""

LIVE = "/api/v1"

RECORD = "/api/v1/record"
"""The whole record at a position, which only the past has."""

EXPLANATION = "/api/v1/explanation"
"""Why the record after a position was decided as it was, which only the past can say."""

TIMELINE = "/api/v1/incidents/{id}/timeline"

ENTRIES = "/api/v1/log-entries"

DRAFT = "/api/v1/handover-draft"
"""The sheet as it would have been drafted then: for whoever may look back, also who never signs one."""

BOARDS = frozenset(
    {
        "/api/v1/incidents",
        "/api/v1/incidents/{id}",
        TIMELINE,
        "/api/v1/incidents/{id}/site",
        "/api/v1/incidents/{id}/keyholders",
        "/api/v1/patrols",
        "/api/v1/watches",
        "/api/v1/people",
        "/api/v1/crews",
        "/api/v1/cameras",
        "/api/v1/cameras/{key}",
        "/api/v1/camera-availability",
        "/api/v1/work-orders",
        "/api/v1/help-points",
        "/api/v1/sites",
        "/api/v1/sites/{site}",
        "/api/v1/tests",
        "/api/v1/faults",
        "/api/v1/held",
        ENTRIES,
        f"{ENTRIES}/{{id}}",
        DRAFT,
        "/api/v1/handovers",
        "/api/v1/map",
        "/api/v1/map/now",
    }
)


def boards_of(live: Iterable[Declared]) -> Iterator[Declared]:
    """Yield those of the live console's routes that are answered about the past too."""
    return (one for one in live if one.method == "GET" and one.path in BOARDS)
