"""The plot of `benchmarks/route.py`: rates beside the floors, and latency at two loads."""

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

NAMES = {
    "gmqtt": "floor: gmqtt client,\nrepublishes 45 %",
    "session": "floor: our session\nalone",
    "room": "the room,\nevery frame fsynced",
}
PERCENTILES = ("p50_ms", "p95_ms", "p99_ms")


def draw(file: Path, rates: dict[str, float], quarter: dict[str, Any], most: dict[str, Any]) -> None:
    """Write the plot to this file (PNG)."""
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    bars = left.bar(
        [NAMES[name] for name in rates], list(rates.values()), color=["#9aa5b1", "#9aa5b1", "#1d70b8"]
    )
    left.bar_label(bars, fmt="{:,.0f}")
    left.set_ylabel("signals a second, sustained")
    left.set_title("Sustained rate, one machine, one run")
    for offset, (label, seen, colour) in enumerate((("25 %", quarter, "#85994b"), ("75 %", most, "#f47738"))):
        places = [place + 0.4 * offset for place in range(len(PERCENTILES))]
        made = right.bar(
            places,
            [seen[key] for key in PERCENTILES],
            0.38,
            label=f"{label} of it: {seen['rate']:,}/s",
            color=colour,
        )
        right.bar_label(made, fmt="{:.1f}")
    right.set_xticks([place + 0.2 for place in range(len(PERCENTILES))], ["p50", "p95", "p99"])
    right.set_ylabel("milliseconds from publish to order")
    right.set_title("Latency at a steady pace")
    right.legend()
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=140)
