"""What a store says of itself, judged without a store."""

import pytest

from controlroom.journal.durability import HIDDEN, Severity, findings

SAFE = {
    "appendonly": "yes",
    "appendfsync": "always",
    "no-appendfsync-on-rewrite": "no",
    "maxmemory-policy": "noeviction",
    "aof_last_write_status": "ok",
    "role": "master",
    "redis_version": "7.2.4",
}


def test_a_safe_store_has_no_findings() -> None:
    """With every setting as wanted there is nothing to say."""
    assert findings(SAFE) == ()


@pytest.mark.parametrize("version", ["6.0.16", "5.0", "4", HIDDEN])
def test_a_server_too_old_is_found(version: str) -> None:
    """A server without the commands that the journal needs is unsafe, as is one that hides its version."""
    (finding,) = findings(SAFE | {"redis_version": version})

    assert (finding.setting, finding.found, finding.severity) == ("redis_version", version, Severity.UNSAFE)


def test_evicting_only_what_expires_is_advice() -> None:
    """A policy that throws away only keys with an expiry cannot touch the journal: advice, no more."""
    (finding,) = findings(SAFE | {"maxmemory-policy": "volatile-lru"})

    assert finding.severity is Severity.ADVICE


@pytest.mark.parametrize("setting", sorted(SAFE))
def test_whatever_cannot_be_read_is_unsafe(setting: str) -> None:
    """A missing answer is a finding with advice, never a pass."""
    (finding,) = findings({name: value for name, value in SAFE.items() if name != setting})

    assert (finding.found, finding.severity) == (HIDDEN, Severity.UNSAFE)
    assert finding.advice
