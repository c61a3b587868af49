"""Whether the store keeps what it confirms, and its clock agrees with ours."""

from datetime import UTC, datetime

from controlroom.cli.checks.finding import Finding, Severity
from controlroom.clock import wall_clock
from controlroom.journal import durability
from controlroom.journal.store import StoreAway, StoreRefused
from controlroom.journal.valkey import Link
from controlroom.settings import Settings
from controlroom.wiring.memory import address

SKEW_MAX_S = 1.0
"""Clocks that are synchronised agree within milliseconds; a second apart, one of them is not."""


async def store_findings(settings: Settings) -> list[Finding]:
    """Return everything about the store; one `AWAY` finding where it does not answer."""
    where = address(settings)
    link = Link(where)
    try:
        told = await durability.read_settings(link)
        clock = await _clock(link)
    except StoreAway as fault:
        advice = "start it, or set store.url"
        return [Finding("store", str(fault), "it answers", advice, Severity.AWAY)]
    except StoreRefused as fault:
        advice = "look at store.url, store.password_file and the store's users"
        return [Finding("store", str(fault), "lets us in", advice, Severity.WRONG)]
    finally:
        await link.close()
    found = [_translated(each, settings) for each in durability.findings(told)]
    if not found:
        found.append(Finding("store durability", "every write is on the disk before its answer"))
    return [Finding("store", f"{where.shown} answers"), *found, clock]


def _translated(finding: durability.Finding, settings: Settings) -> Finding:
    """Return the journal's finding as ours; what somebody has said is all right is advice."""
    tolerated = finding.severity is durability.Severity.ADVICE or settings.store.allow_unsafe_store
    severity = Severity.ADVICE if tolerated else Severity.WRONG
    return Finding(f"store {finding.setting}", finding.found, finding.wanted, finding.advice, severity)


async def _clock(link: Link) -> Finding:
    """Return how far the store's clock is from ours; the way there and back counts half."""
    now = wall_clock()
    before = now()
    (reply,) = await link.call((b"TIME",))
    after = now()
    match reply:
        case [bytes(seconds), bytes(micros)]:
            theirs = datetime.fromtimestamp(int(seconds) + int(micros) / 1_000_000, UTC)
        case _:
            return Finding("clock", "the store does not tell the time", "", "", Severity.UNSEEN)
    skew_s = (theirs - (before + (after - before) / 2)).total_seconds()
    found, wanted = f"{skew_s * 1000:+.0f} ms between the store and us", f"within {SKEW_MAX_S:g} s"
    if abs(skew_s) <= SKEW_MAX_S:
        return Finding("clock", found, wanted)
    return Finding("clock", found, wanted, "synchronise both machines (chrony, NTP)", Severity.WRONG)
