"""The dashboard of the camera estate: pictures, faults, repairs, help points."""

from scripts.dashboards.panels import AMBER, GREEN, RED, Ask, Board, bars, graph, stat, table

AVAILABLE = ((None, RED), (0.9, AMBER), (0.97, GREEN))
SECONDS = "controlroom_camera_seconds_total"

CAMERAS = Board(
    "camera-estate",
    "Camera estate",
    "now-30d",
    (
        *(
            stat(
                name,
                "Share of the known time of the last 30 days with a picture.",
                f'controlroom_camera_availability_ratio{{group="{group}",period="month"}}',
                unit="percentunit",
                steps=AVAILABLE,
            )
            for name, group in (
                ("On-street cameras", "on-street"),
                ("Bus stations", "bus-station"),
                ("Traffic control", "utc"),
                ("Tower blocks", "tower-block"),
            )
        ),
        stat("Repairs open", "Engineers' work orders that are not cleared.", "controlroom_work_orders_open"),
        stat(
            "Silent cameras, last day",
            "Cameras that stopped saying that they are there.",
            'increase(controlroom_watches_expired_total{watch="camera_silence"}[24h])',
        ),
        graph(
            "Availability over a day",
            "Share of each day with a picture, by group; time of which nothing is known is left out.",
            Ask('controlroom_camera_availability_ratio{period="day"}', "{{group}}"),
            unit="percentunit",
        ),
        graph(
            "Camera-hours without a picture",
            "Hours that cameras were dark in a day, by group.",
            Ask(f'sum by (group) (increase({SECONDS}{{light="down"}}[24h])) / 3600', "{{group}}"),
            unit="h",
        ),
        table(
            "Availability by area, last 30 days",
            "Share of the known time with a picture, for each Community Committee.",
            Ask(
                f'sum by (area) (increase({SECONDS}{{light="up"}}[30d]))'
                f' / sum by (area) (increase({SECONDS}{{light=~"up|down"}}[30d]))',
                "{{area}}",
            ),
            unit="percentunit",
            width=12,
        ),
        graph(
            "Fault reports and incidents",
            "Reports of cameras a day, and the incidents that they opened.",
            Ask('increase(controlroom_signals_received_total{kind="camera-fault"}[24h])', "reports"),
            Ask('sum(increase(controlroom_incidents_opened_total{kind="camera-fault"}[24h]))', "incidents"),
        ),
        graph(
            "Unknown time",
            "Share of camera time of which nothing is known, because nothing could be heard.",
            Ask(
                f'sum by (group) (increase({SECONDS}{{light="unknown"}}[24h]))'
                f" / sum by (group) (increase({SECONDS}[24h]))",
                "{{group}}",
            ),
            unit="percentunit",
        ),
        bars(
            "Help points, last 30 days",
            "Calls at help points by how long the caller waited for a voice.",
            Ask(
                "sum by (le) (increase(controlroom_help_point_answer_seconds_bucket[30d]))", "within {{le}} s"
            ),
        ),
    ),
)
