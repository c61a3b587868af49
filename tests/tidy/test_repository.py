"""The repository itself, asked every question of the house."""

import pytest

from tests.tidy.checks import CHECKS
from tests.tidy.tree import Check, repository


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_repository_is_tidy(check: Check) -> None:
    """Every tracked file keeps the house's own rules; the finding says what to do instead."""
    findings = check(repository())

    assert findings == [], "\n" + "\n".join(findings)
