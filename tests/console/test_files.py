"""The pages as they are served: each may run what stands in it."""

import base64
import hashlib
import re

import pytest

from controlroom.console.files import load
from controlroom.console.guards import policy

MAP = re.compile(rb'<script type="importmap">(.*?)</script>')
FILES = load()


@pytest.mark.parametrize("page", [FILES.page, FILES.crew, FILES.past], ids=["console", "crew", "past"])
def test_the_policy_lets_the_import_map_of_every_page_pass(page: bytes) -> None:
    """A page whose map the policy keeps out finds no module, and stays at its first words."""
    maps = MAP.findall(page)
    assert len(maps) == 1
    digest = base64.b64encode(hashlib.sha256(maps[0]).digest()).decode("ascii")
    assert f"'sha256-{digest}'" in policy((FILES.import_map_hash,))
